//! What is nested deeper than anybody writes: YAML, JSON, TOML, lists, actions, parentheses.

use crate::bench::{Bench, Bound, SMALL};

/// One text for each number.
fn numbered(numbers: std::ops::Range<usize>, text: impl Fn(usize) -> String) -> String {
    numbers.map(text).collect::<Vec<_>>().concat()
}

#[test]
fn yaml() {
    let too_deep = "exceeded max depth of";
    for values in [
        format!("a: {}", "[".repeat(1_000_000)),
        format!("a: {}{}", "[".repeat(9000), "]".repeat(9000)),
        format!("a: {}", "{a: ".repeat(100_000)),
        numbered(0..5000, |depth| format!("{}a:\n", " ".repeat(depth))),
        format!("a:\n{}x", "- ".repeat(2_000_000)),
        format!("{}x", "? ".repeat(200_000)),
    ] {
        let bench = Bench::new();
        bench.write("c/values.yaml", &values);
        bench.render(SMALL).refused(too_deep);
        let bench = Bench::new();
        bench.write("v.yaml", &values);
        bench.run(&["template", "r", "c", "-f", "v.yaml"], SMALL).refused(too_deep);
        Bench::with_template(&values).render(SMALL).refused(too_deep);
        let bench = Bench::new();
        bench.write("c/Chart.yaml", &values);
        bench.render(SMALL).refused(too_deep);
    }
}

#[test]
fn read_by_functions() {
    for (answer, action) in [
        ("Error", "fromJson (repeat 1000000 \"[\") | toJson | trunc 8"),
        ("18000", "fromJsonArray (print (repeat 9000 \"[\") (repeat 9000 \"]\")) | toJson | len"),
        ("Error", "fromYaml (repeat 1000000 \"{a: \") | toJson | trunc 8"),
        ("toml", "fromToml (print \"a = \" (repeat 1000000 \"[\")) | toJson"),
        (
            "the key has more than 100 parts",
            "fromToml (print \"a\" (repeat 1000000 \".a\") \" = 1\") | toJson",
        ),
        (
            "the key has more than 100 parts",
            "fromToml (print \"[a\" (repeat 1000000 \".a\") \"]\") | toJson",
        ),
    ] {
        println!("{action}");
        let template = format!("a: {{{{ {action} | squote }}}}");
        Bench::with_template(template).render(SMALL).accepted(answer);
    }
}

#[test]
fn actions() {
    let bound = Bound { seconds: 60.0, mib: 700 };
    let nested =
        |open: &str, count: usize| open.repeat(count) + "a: 1" + &"{{ end }}".repeat(count);
    Bench::with_template(nested("{{ if 1 }}", 50_000)).render(bound).accepted("a: 1");
    Bench::with_template(nested("{{ with 1 }}", 50_000)).render(bound).accepted("a: 1");
    Bench::with_template(nested("{{ range list 1 }}", 50_000)).render(bound).accepted("a: 1");
    let ran = Bench::with_template(nested("{{ if 1 }}", 2_000_000)).render(bound);
    ran.refused("max expression depth exceeded");
    let chain = format!("{{{{ if 0 }}}}{}a: 1{{{{ end }}}}", "{{ else if 1 }}".repeat(50_000));
    Bench::with_template(chain).render(bound).accepted("");
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(1_000_000), ")".repeat(1_000_000));
    Bench::with_template(parentheses).render(SMALL).refused("max expression depth exceeded");
    let fields = format!("{{{{ .Values{} }}}}", ".a".repeat(100_000));
    Bench::with_template(fields).render(SMALL).refused("nil pointer evaluating");
    let stages = format!("a: {{{{ 1 {} | len }}}}", "| print ".repeat(100_000));
    Bench::with_template(stages).render(SMALL).accepted("a: 1");
    let arguments = format!("a: {{{{ list {} | len }}}}", "1 ".repeat(300_000));
    Bench::with_template(arguments).render(SMALL).accepted("a: 300000");
}

#[test]
fn very_many_things() {
    let bound = Bound { seconds: 60.0, mib: 700 };
    let defines: String =
        numbered(0..100_000, |n| format!("{{{{ define \"a{n}\" }}}}{{{{ end }}}}"));
    Bench::with_template(defines + "a: 1").render(bound).accepted("a: 1");
    let variables: String = numbered(0..60_000, |n| format!("{{{{ $a{n} := 1 }}}}"));
    Bench::with_template(variables + "a: 1").render(bound).accepted("a: 1");
    let variables: String = numbered(0..70_000, |n| format!("{{{{ $a{n} := 1 }}}}"));
    Bench::with_template(variables).render(bound).refused("too many variables");
    let documents = "---\na: 1\n".repeat(100_000);
    Bench::with_template(documents).render(bound).accepted("a: 1");
    let keys: String = numbered(0..200_000, |n| format!("k{n}: 1\n"));
    Bench::with_template(keys).render(bound).accepted("k199999: 1");
}
