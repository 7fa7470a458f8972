// Program cel answers what Google's own implementation makes of an expression. It is a development
// tool: `cargo xtask expressions` records the corpus of crates/cel with it.
//
// It reads one expression a line, as a JSON string, and writes one answer a line: the type and the
// value, or the stage at which the expression is refused.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"
)

// Host is the object type of the corpus.
type Host struct {
	Name string   `cel:"name"`
	Port int64    `cel:"port"`
	Tags []string `cel:"tags"`
}

// answer is what is recorded of an expression.
type answer struct {
	Type  string `json:"type,omitempty"`
	Value string `json:"value,omitempty"`
	// Fault is the stage that refuses: syntax, type or value.
	Fault string `json:"fault,omitempty"`
	// Words are those of the refusal; they are for the reader, not for the record.
	Words string `json:"words,omitempty"`
}

func main() {
	env, err := environment()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var expression string
		if err := json.Unmarshal(in.Bytes(), &expression); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(ask(env, expression)); err != nil {
			os.Exit(1)
		}
	}
}

func environment() (*cel.Env, error) {
	return cel.NewEnv(
		cel.OptionalTypes(),
		cel.EnableIdentifierEscapeSyntax(),
		ext.NativeTypes(reflect.TypeFor[Host](), ext.ParseStructTags(true)),
		ext.Strings(),
		ext.Lists(),
		ext.Encoders(),
		ext.Bindings(),
		ext.Math(),
		ext.TwoVarComprehensions(),
		cel.Variable("name", cel.StringType),
		cel.Variable("count", cel.IntType),
		cel.Variable("ratio", cel.DoubleType),
		cel.Variable("flag", cel.BoolType),
		cel.Variable("names", cel.ListType(cel.StringType)),
		cel.Variable("labels", cel.MapType(cel.StringType, cel.StringType)),
		cel.Variable("anything", cel.DynType),
		cel.Variable("host", cel.ObjectType("main.Host")),
	)
}

// variables are the values of the corpus; crates/cel/tests/corpus.rs has the same.
func variables() map[string]any {
	return map[string]any{
		"name":   "web",
		"count":  int64(3),
		"ratio":  0.5,
		"flag":   true,
		"names":  []string{"b", "a", "c"},
		"labels": map[string]string{"app": "web", "tier": "front"},
		"anything": map[string]any{
			"list": []any{int64(1), 2.5, "x", nil},
			"text": "t",
			"map":  map[string]any{"a": int64(1)},
		},
		"host": Host{Name: "db", Port: 5432, Tags: []string{"x"}},
	}
}

func ask(env *cel.Env, expression string) answer {
	parsed, issues := env.Parse(expression)
	if issues.Err() != nil {
		return answer{Fault: "syntax", Words: issues.Err().Error()}
	}
	checked, issues := env.Check(parsed)
	if issues.Err() != nil {
		return answer{Fault: "type", Words: issues.Err().Error()}
	}
	program, err := env.Program(checked)
	if err != nil {
		return answer{Fault: "value", Words: err.Error()}
	}
	found := strings.ReplaceAll(cel.FormatCELType(checked.OutputType()), "main.Host", "Host")
	if strings.HasPrefix(found, "type(") {
		// Of which type it is the type is nobody's concern.
		found = "type"
	}
	value, _, err := program.Eval(variables())
	if err != nil {
		return answer{Type: found, Fault: "value", Words: err.Error()}
	}
	return answer{Type: found, Value: shown(value)}
}

// shown writes a value as an expression would, entries of maps by their keys.
func shown(value ref.Val) string {
	switch value := value.(type) {
	case types.Null:
		return "null"
	case types.Bool:
		return fmt.Sprint(bool(value))
	case types.Int:
		return fmt.Sprint(int64(value))
	case types.Uint:
		return fmt.Sprintf("%du", uint64(value))
	case types.Double:
		text := fmt.Sprint(float64(value))
		if strings.Trim(text, "-0123456789") == "" {
			text += ".0"
		}
		return text
	case types.String:
		return quoted(string(value))
	case types.Bytes:
		return bytes(value)
	case *types.Type:
		return value.TypeName()
	case *types.Optional:
		if !value.HasValue() {
			return "optional.none()"
		}
		return "optional.of(" + shown(value.GetValue()) + ")"
	case traits.Mapper:
		var entries []string
		for keys := value.Iterator(); keys.HasNext() == types.True; {
			key := keys.Next()
			entries = append(entries, shown(key)+": "+shown(value.Get(key)))
		}
		slices.SortFunc(entries, cmp.Compare)
		return "{" + strings.Join(entries, ", ") + "}"
	case traits.Lister:
		var items []string
		for all := value.Iterator(); all.HasNext() == types.True; {
			items = append(items, shown(all.Next()))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return value.Type().TypeName()
}

func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			out.WriteRune('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\r':
			out.WriteString(`\r`)
		case c == '\t':
			out.WriteString(`\t`)
		case c < ' ' || (c >= 0x7f && c < 0xa0):
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

func bytes(value []byte) string {
	var out strings.Builder
	out.WriteString(`b"`)
	for _, c := range value {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c >= ' ' && c <= '~':
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, `\%03o`, c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
