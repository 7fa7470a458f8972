//! A reader of JSON for the data of cases: every number is a `float64`, as in Go.

use gotmpl::value::{List, Map, Value};

/// The value of a JSON text, which is well-formed: cases are ours.
pub fn parse(text: &str) -> Value {
    let mut rest = text.trim();
    let value = value(&mut rest);
    assert!(rest.trim().is_empty(), "after the data: {rest}");
    value
}

fn take(rest: &mut &str, token: &str) -> bool {
    *rest = rest.trim_start();
    let found = rest.strip_prefix(token);
    *rest = found.unwrap_or(rest);
    found.is_some()
}

fn value(rest: &mut &str) -> Value {
    if take(rest, "{") {
        let map = Map::new();
        while !take(rest, "}") {
            let Value::Str(key) = value(rest) else { panic!("a key is a string") };
            assert!(take(rest, ":"), "after a key: {rest}");
            map.insert(key, value(rest));
            take(rest, ",");
        }
        return map.into();
    }
    if take(rest, "[") {
        let mut items = Vec::new();
        while !take(rest, "]") {
            items.push(value(rest));
            take(rest, ",");
        }
        return List::any(items).into();
    }
    for (word, value) in
        [("null", Value::Nil), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
    {
        if take(rest, word) {
            return value;
        }
    }
    if take(rest, "\"") {
        return string(rest).into();
    }
    let end = rest.find([',', ']', '}', ' ', '\n']).unwrap_or(rest.len());
    let number = Value::Float64(rest[..end].parse().unwrap());
    *rest = &rest[end..];
    number
}

fn string(rest: &mut &str) -> String {
    let mut out = String::new();
    let mut runes = rest.chars();
    loop {
        match runes.next().unwrap() {
            '"' => break,
            '\\' => out.push(match runes.next().unwrap() {
                'n' => '\n',
                't' => '\t',
                'u' => {
                    let code: String = runes.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap()
                }
                other => other,
            }),
            rune => out.push(rune),
        }
    }
    *rest = runes.as_str();
    out
}
