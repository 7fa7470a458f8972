//! Loops, texts, lists and patterns that grow beyond any machine.

use crate::bench::{Bench, Bound, LARGE, Ran, SMALL};

/// Every template is refused with these words.
fn all_refused(words: &str, bound: Bound, templates: &[&str]) {
    for template in templates {
        println!("{template}");
        Bench::with_template(template).render(bound).refused(words);
    }
}

/// Every action ends, and gives this in quotes.
fn all_accepted(answer: &str, bound: Bound, actions: &[&str]) {
    for action in actions {
        println!("{action}");
        let template = format!("a: {{{{ {action} | quote }}}}");
        Bench::with_template(template).render(bound).accepted(&format!("a: \"{answer}\""));
    }
}

#[test]
fn lists_of_numbers() {
    all_refused(
        "the list would have more than 5000000 elements",
        SMALL,
        &[
            "{{ until 1000000000 | len }}",
            "{{ untilStep 0 1000000000 1 | len }}",
            "{{ seq 1 1000000000 | len }}",
            "{{ until 9223372036854775807 | len }}",
        ],
    );
}

#[test]
fn long_texts() {
    all_refused(
        "the resulting text would be longer than 268435456 bytes",
        LARGE,
        &[
            "{{ repeat 1000000000 \"x\" }}",
            "{{ repeat 100000 (repeat 100000 \"x\") }}",
            "{{ indent 1000000000 \"x\" }}",
            "{{ nindent 100000 (repeat 100000 \"\\n\") }}",
            "{{ replace \"\" (repeat 100000 \"b\") (repeat 1000000 \"a\") }}",
            "{{ regexReplaceAll \"\" (repeat 100000 \"a\") (repeat 100000 \"b\") }}",
            "{{ regexReplaceAllLiteral \"\" (repeat 100000 \"a\") (repeat 100000 \"b\") }}",
        ],
    );
    // A width beyond a million is none to Go.
    all_accepted("25", SMALL, &["printf \"%1000000000d\" 1 | len"]);
    all_accepted("1000000", SMALL, &["printf \"%*d\" 1000000 1 | len"]);
    all_accepted("999999", SMALL, &["printf \"%.999997f\" 1.0 | len"]);
}

#[test]
fn one_text_many_times() {
    // A list of four million times one text of a megabyte takes no room, but what it prints does.
    let list = "{{ $l := list (repeat 1000000 \"x\") }}\
                {{ range until 22 }}{{ $l = concat $l $l }}{{ end }}";
    let words = "the resulting text would be longer than 268435456 bytes";
    for function in ["toYaml", "toJson", "toPrettyJson", "toRawJson", "toYamlPretty", "toToml"] {
        println!("{function}");
        let template = format!("{list}{{{{ {function} $l }}}}");
        Bench::with_template(template).render(LARGE).refused(words);
    }
}

#[test]
fn expressions() {
    let accepted = [
        ("1", "regexReplaceAll \"(a*)*b\" (repeat 100000 \"a\") \"x\" | len | min 1"),
        ("false", "regexMatch \"(x+x+)+y\" (repeat 1000000 \"x\")"),
        ("false", "regexMatch \"((a{1000}){1000}){1000}\" \"a\""),
        ("true", "regexMatch \"(a?){500}a{500}\" (repeat 500 \"a\")"),
        ("false", "regexMatch (repeat 100000 \"(\") \"a\""),
        ("true", "regexMatch (print (repeat 990 \"(\") \"a\" (repeat 990 \")*\")) \"b\""),
        ("false", "regexMatch \"(\\\\pL{30}){30}\" \"a\""),
        ("10000", "regexFindAll \".\" (repeat 10000 \"a\") -1 | len"),
    ];
    let bound = Bound { seconds: 60.0, ..SMALL };
    for (answer, action) in accepted {
        all_accepted(answer, bound, &[action]);
    }
}

#[test]
fn versions_and_other_little_languages() {
    let bound = Bound { seconds: 40.0, mib: 400 };
    let long = |action: &str| {
        println!("{action}");
        let action = action.replace("LONG", "repeat 1000000");
        Bench::with_template(format!("a: {{{{ {action} }}}}")).render(bound)
    };
    for (action, words) in [
        ("semver (LONG \"1.\")", "version string is too long (max 256 bytes)"),
        ("semverCompare (LONG \"1||\") \"1.0.0\"", "constraint string is too long (max 512 bytes)"),
        ("mustToDate (LONG \"2\") (LONG \"x\")", "parsing time \"xxxx"),
        ("mustFromJson (LONG \"[\")", "error calling mustFromJson: exceeded max depth"),
    ] {
        long(action).refused(words);
    }
    for (action, answer) in [
        ("durationRound (LONG \"1h\")", "114y"),
        ("urlParse (LONG \"%41\") | len", "8"),
        ("b64dec (LONG \"@\") | len", "35"),
        ("atoi (LONG \"9\")", "9223372036854775807"),
        ("(LONG \"1\") | int64 | add 9223372036854775807", "9223372036854775807"),
        ("plural \"a\" \"b\" 3 | cat (LONG \"x\") | abbrev 10", "xxxxxxx..."),
        ("derivePassword 1 \"long\" (LONG \"p\") \"u\" \"s\" | len", "14"),
    ] {
        long(action).accepted(&format!("a: {answer}"));
    }
}

/// A search for each match that goes to the end of the text each time, and searches that keep every
/// state of the expression in mind at each byte.
#[test]
fn searches_without_end() {
    all_refused(
        "the template takes too many steps",
        Bound { seconds: 150.0, ..SMALL },
        &[
            "{{ regexFindAll \"x*y|x\" (repeat 1000000 \"x\") -1 | len }}",
            "{{ regexReplaceAll \"x*y|x\" (repeat 1000000 \"x\") \"$0\" | len }}",
            "{{ regexSplit \"(x|z)*y|x\" (repeat 1000000 \"x\") -1 | len }}",
        ],
    );
}

/// A map of forty levels, each of which holds the next one twice, is a small one; all that is
/// in it, written out, is not.
#[test]
fn maps_of_maps() {
    let map = "{{ $d := dict }}{{ range until 40 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}";
    let bound = Bound { seconds: 150.0, mib: 1500 };
    for (action, words) in [
        ("printf \"%v\" $d", "value is nested too deeply or too long to print"),
        ("range until 1000000 }}{{ $_ := dict $d 1 }}{{ end", "takes too many steps"),
    ] {
        println!("{action}");
        Bench::with_template(format!("{map}{{{{ {action} }}}}")).render(bound).refused(words);
    }
    // What is no number need not be written out.
    for action in ["toDecimal $d", "atoi \"a\"", "int64 $d", "float64 (list $d)", "addf $d"] {
        println!("{action}");
        let body =
            format!("{map}a: {{{{ range until 100000 }}}}{{{{ $_ := {action} }}}}{{{{ end }}}}");
        Bench::with_template(body + "0").render(SMALL).accepted("a: 0");
    }
}

/// Work that returns little and is asked for without end: each ends by its steps or by what it makes.
#[test]
fn loops() {
    let steps = "the template takes too many steps";
    let made = "the template's functions make more than 1073741824 bytes of texts and lists";
    let bound = Bound { seconds: 150.0, mib: 400 };
    for body in [
        "{{ range $l }}{{ end }}",
        "{{ $x := sha256sum $t }}",
        "{{ $x := regexReplaceAll \"x(x)y\" $t \"\" }}",
    ] {
        println!("{body}");
        let text = "{{ $t := repeat 10000000 \"x\" }}";
        let lists = "{{ $l := until 100000 }}";
        let template = format!("{text}{lists}{{{{ range until 100000 }}}}{body}{{{{ end }}}}");
        Bench::with_template(template).render(bound).refused(steps);
    }
    let bound = Bound { seconds: 150.0, mib: 1500 };
    for body in [
        "{{ $a = append $a (deepCopy $d) }}",
        "{{ range $j := until 100 }}{{ $_ := set $d (printf \"%d-%d\" $i $j) $j }}{{ end }}",
    ] {
        println!("{body}");
        let start = "{{ $a := list }}\
                     {{ $d := dict \"a\" (chunk 1 (until 10000)) }}";
        let template = format!("{start}{{{{ range $i := until 1000000 }}}}{body}{{{{ end }}}}");
        Bench::with_template(template).render(bound).refused(made);
    }
}

/// Five million values at a time take room in lists that double.
const BOUND: Bound = Bound { seconds: 30.0, mib: 500 };

const MANY: &str = "--jsonpath: the expression visits more than 5000000 values";

fn show(values: &str, expression: &str) -> Ran {
    show_within(values, expression, BOUND)
}

fn show_within(values: &str, expression: &str, bound: Bound) -> Ran {
    let bench = Bench::new();
    bench.write("c/values.yaml", values);
    bench.run(&["show", "values", "c", "--jsonpath", expression], bound)
}

/// A map in a map, a hundred times.
fn chain() -> String {
    let chain = (0..100).fold("x".to_owned(), |chain, _| format!("{{a: {chain}}}"));
    format!("chain: {chain}\n")
}

fn list() -> String {
    let list = (0..1000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    format!("list: [{list}]\n")
}

#[test]
fn searches_and_unions_multiply() {
    show(&chain(), &format!("{{{}}}", "...*".repeat(50))).refused(MANY);
    show(&list(), &format!("{{.list[{}0]}}", "*,".repeat(30_000))).refused(MANY);
    show(&list(), &format!("{{[{}'list'][*]}}", "'list',".repeat(9000))).refused(MANY);
    let filter = format!("{{.list[?({}.x)]}}", "@[*]..".repeat(10_000));
    show(&list(), &filter).accepted("");
}

#[test]
fn ranges_multiply() {
    show(&list(), &"{range $}".repeat(100)).refused(MANY);
    show("list: [1]", &"{range @}".repeat(5000))
        .refused("--jsonpath: the expression nests more than 200 ranges");
    let empty = format!("{{range .list[*]}}{}{{end}}", "{}".repeat(30_000));
    show(&list(), &empty).refused(MANY);
}

#[test]
fn much_is_printed() {
    let values = format!("text: {}\n", "y".repeat(1_000_000));
    let words = "--jsonpath: the expression prints more than 268435456 bytes";
    show_within(&values, &"{.text}".repeat(300), LARGE).refused(words);
}

#[test]
fn what_nests_or_never_closes() {
    show("a: 1", &format!("{{{}", "[?(@".repeat(20_000))).refused("unterminated filter");
    show("a: 1", &format!("{{{}", "['a".repeat(20_000))).refused("unterminated array");
    show("a: 1", &"{".repeat(100_000)).refused("unrecognized character in action");
    show("a: 1", &format!("{{{}}}", ".a".repeat(50_000))).accepted("");
    show("a: 1", &format!("{{..{}}}", ".".repeat(100_000))).refused("invalid multiple recursive");
}
