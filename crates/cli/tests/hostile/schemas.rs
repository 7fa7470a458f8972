//! `values.schema.json`: references in a circle, doubled work, patterns, documents elsewhere, lists
//! of a hundred thousand choices.

use serde_json::{Value, json};

use crate::bench::{Bench, Bound, SMALL};

/// Up to the schema's own limit of steps.
const LONG: Bound = Bound { seconds: 60.0, mib: 250 };

fn with(schema: impl ToString, values: &str) -> Bench {
    let bench = Bench::with_template("kind: Done");
    bench.write("c/values.schema.json", schema.to_string());
    bench.write("c/values.yaml", values);
    bench
}

/// Each of forty definitions asks for the next one twice.
fn doubling(keyword: &str, last: Value) -> Value {
    let mut all = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        all.insert(format!("d{level}"), json!({keyword: [next, next]}));
    }
    all.insert("d40".to_owned(), last);
    json!({"$ref": "#/$defs/d0", "$defs": all})
}

#[test]
fn references_in_a_circle() {
    let words = "causing reference cycle";
    let two = json!({"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}});
    for schema in [
        json!({"$ref": "#"}),
        json!({"$ref": "#/$defs/a", "$defs": two}),
        json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}]}),
    ] {
        with(schema, "a: 1").render(SMALL).refused(words);
    }
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#"}}});
    let values = format!("{}{{}}{}", "{a: ".repeat(800), "}".repeat(800));
    with(&schema, &values).render(SMALL).refused("too long to apply: it is nested too deeply");
    with(&schema, "a: {a: {a: {}}}").render(SMALL).accepted("kind: Done");
    let schema = json!({"$schema": "#"});
    with(schema, "a: 1").render(SMALL).refused("no URLLoader registered");
}

#[test]
fn doubled_work() {
    let words = "the schema takes too long to apply";
    with(doubling("allOf", json!({"type": "object"})), "a: 1").render(LONG).refused(words);
    with(doubling("anyOf", json!({"type": "string"})), "a: 1").render(LONG).refused(words);
    let branch = |wanted: &str| json!({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": [wanted]});
    let values = format!("{}{{}}{}", "{a: ".repeat(60), "}".repeat(60));
    let schema = json!({"anyOf": [branch("y"), branch("z")]});
    with(schema, &values).render(LONG).refused(words);
}

#[test]
fn patterns() {
    let of = |pattern: &str| json!({"properties": {"a": {"type": "string", "pattern": pattern}}});
    let long = format!("a: {}b", "a".repeat(1_000_000));
    with(of("^(a+)+$"), &long).render(SMALL).refused("does not match pattern '^(a+)+$'");
    for pattern in ["((a{1000}){1000}){1000}", "(\\pL{100}){100}"] {
        with(of(pattern), "a: a").render(SMALL).refused("invalid repeat count");
    }
    with(of(&"(".repeat(100_000)), "a: a").render(SMALL).refused("invalid regex");
    let patterns: serde_json::Map<_, _> =
        (0..500).map(|n| (format!("(x+x+)+y{n}"), json!({"type": "string"}))).collect();
    let values = (0..500).map(|n| format!("x{n}: 1\n")).collect::<Vec<_>>().concat();
    let schema = json!({"patternProperties": patterns});
    with(schema, &values).render(SMALL).accepted("kind: Done");
}

#[test]
fn documents_elsewhere() {
    for (url, words) in [
        ("http://127.0.0.1:1/s.json", "Get \"http://127.0.0.1:1/s.json\": connection refused"),
        ("https://127.0.0.1:1/s.json", "Get \"https://127.0.0.1:1/s.json\": connection refused"),
        ("file:///nothing", "open /nothing: no such file or directory"),
        ("ftp://x/y", "no URLLoader registered for \"ftp://x/y\""),
        ("other.json", "open /other.json: no such file or directory"),
    ] {
        println!("{url}");
        let bench = with(json!({"$ref": url}), "a: 1");
        bench.render(SMALL).refused(words);
        bench.run(&["template", "r", "c", "--skip-schema-validation"], SMALL).accepted("Done");
    }
    // No JSON, and no file; nothing of either is shown, nor read without end.
    for url in ["file:///etc/passwd", "file:///dev/zero"] {
        let words = format!("failing loading \"{url}\"");
        with(json!({"$ref": url}), "a: 1").render(SMALL).refused(&words);
    }
}

#[test]
fn many_choices() {
    let choices: Vec<u32> = (0..100_000).collect();
    let one = json!({"properties": {"a": {"enum": choices}}});
    with(&one, "a: -1").render(SMALL).refused("value must be one of 0, 1, 2,");
    with(&one, "a: 99999").render(SMALL).accepted("kind: Done");
    let each = json!({"properties": {"a": {"items": {"enum": choices}}}});
    let values = format!("a: [{}]", vec!["99999"; 5000].join(","));
    with(each, &values).render(LONG).refused("the schema takes too long to apply");
}

#[test]
fn many_faults_and_values() {
    let keys = (0..100_000).map(|n| format!("k{n}: 1\n")).collect::<Vec<_>>().concat();
    let schema = json!({"additionalProperties": {"type": "string"}});
    with(schema, &keys).render(SMALL).refused("- at '/k99999': got number, want string");
    let names: Vec<String> = (0..100_000).map(|n| format!("k{n}")).collect();
    with(json!({"required": names}), "a: 1").render(SMALL).refused("missing properties 'k0', 'k1'");
    let items = (0..100_000).map(|n| format!("{{x: {n}}}")).collect::<Vec<_>>().join(",");
    let schema = json!({"properties": {"a": {"uniqueItems": true}}});
    with(schema, &format!("a: [{items}]")).render(LONG).accepted("kind: Done");
}

#[test]
fn documents_that_are_none() {
    let deep = format!("{}{{}}{}", "{\"not\":".repeat(100_000), "}".repeat(100_000));
    with(deep, "a: 1").render(SMALL).refused("exceeded max depth");
    let digits = format!("{{\"properties\":{{\"a\":{{\"maximum\":{}}}}}}}", "9".repeat(1_000_000));
    with(digits, "a: 1").render(SMALL).accepted("kind: Done");
    with("{\"maximum\": 1e999999999}", "a: 1").render(SMALL).accepted("kind: Done");
    with("[[[", "a: 1").render(SMALL).refused("unexpected EOF");
    with("", "a: 1").render(SMALL).refused("EOF");
}
