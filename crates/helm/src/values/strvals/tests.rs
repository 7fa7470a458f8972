//! `corpus/set.tsv`: flag, values before (JSON), text, and the values that Helm 4.3.1's own
//! `strvals` had afterwards, with their Go types. Adding a case is adding a line.

use super::{Reading, Room, parse_json, set};
use crate::values::plain::{Plain, Table};

fn typed(value: &Plain) -> String {
    match value {
        Plain::Null => "null".to_owned(),
        Plain::Bool(b) => b.to_string(),
        Plain::Int(n) => format!("int64({n})"),
        Plain::Float(n) => format!("float64({})", strconv::format_float(*n, b'g', None, 64)),
        Plain::Str(text) => strconv::quote(text.as_bytes()),
        Plain::List(items) => {
            format!("[{}]", items.iter().map(typed).collect::<Vec<_>>().join(" "))
        }
        Plain::Map(table) => {
            let entry = |(key, value): &(gotmpl::value::SharedStr, Plain)| {
                format!("{}:{}", strconv::quote(key.as_bytes()), typed(value))
            };
            format!("{{{}}}", table.iter().map(entry).collect::<Vec<_>>().join(" "))
        }
    }
}

fn read_file(name: &str) -> Result<Plain, String> {
    if name == "missing" {
        return Err("open missing: no such file or directory".to_owned());
    }
    Ok(Plain::from(format!("<{name}>").as_str()))
}

fn table(json: &str) -> Table {
    match parse_json(json) {
        Ok(Plain::Map(table)) => table,
        _ => panic!("{json} is no object"),
    }
}

fn answer(flag: &str, before: &str, text: &str) -> String {
    let mut read = read_file;
    let reading = match flag {
        "set" => Reading::Typed,
        "string" => Reading::Text,
        "json" => Reading::Json,
        "literal" => Reading::Literal,
        "file" => Reading::File(&mut read),
        other => panic!("no flag {other}"),
    };
    match set(&table(before), text, reading, &mut Room::default()) {
        Ok(after) => typed(&Plain::Map(after)),
        // Helm shows the text instead of what is wrong with it.
        Err(_) if flag == "json" => "error".to_owned(),
        Err(error) => format!("error {error}"),
    }
}

#[test]
fn as_helm_sets() {
    let cases = include_str!("../../../corpus/set.tsv");
    let mut wrong = Vec::new();
    for case in cases.split_terminator('\n') {
        let (input, expected) = case.rsplit_once('\t').unwrap();
        let mut fields = input.splitn(3, '\t');
        let [flag, before, text] = [(); 3].map(|()| fields.next().unwrap());
        let got = answer(flag, before, text);
        if got != expected {
            wrong.push(format!("{input}\n  expected {expected}\n       got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nesting_is_bounded() {
    let key = format!("a{}=1", "[0]".repeat(100_000));
    assert!(answer("set", "{}", &key).starts_with("error more than 500"));
    let key = format!("a{}=1", "[0].b".repeat(100_000));
    assert!(answer("set", "{}", &key).starts_with("error more than 500"));
    let many = (0..20).map(|n| format!("a{n}[65535]=1")).collect::<Vec<_>>().join(",");
    let words = "the indices in all keys together make more than 1000000 list elements";
    assert_eq!(answer("set", "{}", &many), format!("error {words}"));
    let value = format!("a={}", "[".repeat(100_000));
    assert_eq!(answer("json", "{}", &value), "error");
}
