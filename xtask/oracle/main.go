// Program oracle answers what Helm's own library makes of an input. It is a development tool: the
// fuzzers and the parity harness of `cargo xtask` keep one running and ask it thousands of times
// a second, where starting the real Helm would take a tenth of a second each.
//
// A request and a reply are each four bytes of length (big-endian) and as many bytes of JSON. A
// reply holds either `error` or what was asked for. An input that brings the process down is for
// the asker to notice: it starts another one. It is built with the release of Go that Helm's binary
// was built with (xtask/src/tools/sources.rs): the words of some errors go by the release.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// largest is the longest request that is read: no input of ours is near it.
const largest = 256 << 20

type request struct {
	// Op is one of yaml, objects, render, archive.
	Op string `json:"op"`
	// Data is a YAML text (yaml, objects) or an archive (archive).
	Data []byte `json:"data,omitempty"`
	// Files are the files of a chart, by path (render).
	Files map[string][]byte `json:"files,omitempty"`
}

type reply struct {
	Error string `json:"error,omitempty"`
	// JSON is what the YAML text means (yaml).
	JSON string `json:"json,omitempty"`
	// YAML is the same, written again (yaml).
	YAML string `json:"yaml,omitempty"`
	// Objects are the documents of a stream as JSON (objects).
	Objects []json.RawMessage `json:"objects,omitempty"`
	// Rendered are the rendered templates by name (render).
	Rendered map[string]string `json:"rendered,omitempty"`
	// Names are the files of an archive (archive).
	Names []string `json:"names,omitempty"`
}

func main() {
	// Warnings of the library would only slow the asker down.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		body, err := read(in)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(1)
		}
		if err := write(out, answer(body)); err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(1)
		}
	}
}

func read(in io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	if length > largest {
		return nil, fmt.Errorf("a request of %d bytes", length)
	}
	body := make([]byte, length)
	_, err := io.ReadFull(in, body)
	return body, err
}

func write(out *bufio.Writer, what reply) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	if err := binary.Write(out, binary.BigEndian, uint32(len(body))); err != nil {
		return err
	}
	if _, err := out.Write(body); err != nil {
		return err
	}
	return out.Flush()
}

func answer(body []byte) (given reply) {
	defer func() {
		if panicked := recover(); panicked != nil {
			given = reply{Error: fmt.Sprintf("panic: %v", panicked)}
		}
	}()
	var asked request
	if err := json.Unmarshal(body, &asked); err != nil {
		return reply{Error: "bad request: " + err.Error()}
	}
	var err error
	switch asked.Op {
	case "yaml":
		given, err = readYAML(asked.Data)
	case "objects":
		given, err = objects(asked.Data)
	case "render":
		given, err = render(asked.Files)
	case "archive":
		given, err = unpack(asked.Data)
	default:
		err = fmt.Errorf("bad request: no operation is called %q", asked.Op)
	}
	if err != nil {
		return reply{Error: err.Error()}
	}
	return given
}

// readYAML reads as the template function fromYaml does, into whatever the text holds.
func readYAML(text []byte) (reply, error) {
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return reply{}, err
	}
	asJSON, err := json.Marshal(value)
	if err != nil {
		return reply{}, err
	}
	asYAML, err := yaml.Marshal(value)
	if err != nil {
		return reply{}, err
	}
	return reply{JSON: string(asJSON), YAML: string(asYAML)}, nil
}

// objects takes a stream of documents apart.
func objects(text []byte) (reply, error) {
	documents := kubeyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	found := []json.RawMessage{}
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return reply{Objects: found}, nil
		}
		if err != nil {
			return reply{}, err
		}
		object, err := yaml.YAMLToJSON(document)
		if err != nil {
			return reply{}, err
		}
		if string(object) != "null" {
			found = append(found, object)
		}
	}
}

// render renders a chart as `helm template rel CHART --namespace ns1` does, up to the point where
// the manifests are sorted.
func render(files map[string][]byte) (reply, error) {
	var buffered []*archive.BufferedFile
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := &archive.BufferedFile{Name: name, ModTime: time.Unix(0, 0), Data: files[name]}
		buffered = append(buffered, file)
	}
	loaded, err := loader.LoadFiles(buffered)
	if err != nil {
		return reply{}, err
	}
	values, err := prepare(loaded)
	if err != nil {
		return reply{}, err
	}
	rendered, err := engine.Render(loaded, values)
	if err != nil {
		return reply{}, err
	}
	for name := range rendered {
		if strings.HasPrefix(name[strings.LastIndex(name, "/")+1:], "_") {
			delete(rendered, name)
		}
	}
	return reply{Rendered: rendered}, nil
}

func prepare(loaded *chart.Chart) (common.Values, error) {
	values := map[string]any{}
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{
		Name:      "rel",
		Namespace: "ns1",
		Revision:  1,
		IsInstall: true,
	}
	capabilities := common.DefaultCapabilities.Copy()
	return util.ToRenderValues(loaded, values, options, capabilities)
}

func unpack(data []byte) (reply, error) {
	files, err := archive.LoadArchiveFiles(bytes.NewReader(data))
	if err != nil {
		return reply{}, err
	}
	names := []string{}
	for _, file := range files {
		names = append(names, fmt.Sprintf("%s %d", file.Name, len(file.Data)))
	}
	return reply{Names: names}, nil
}
