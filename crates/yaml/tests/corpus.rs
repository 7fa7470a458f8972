//! The corpus: texts, and what Go's packages made of each. See `corpus/README.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use yaml::{
    Data, DataBuilder, Form, Pick, Strictness, Text, Writer, read, read_picked, read_strict,
    sort_keys,
};

/// What Kubernetes' package puts before the reader's errors.
const PREFIX: &str = "error converting YAML to JSON: ";

/// Kept by the reading for a few values, in every case.
const PICKS: &[Pick] = &[Pick::whole("a"), Pick::some("b", &[Pick::whole("c")])];

/// The corpus may only grow: a smaller number means that files were lost.
const LEAST_CASES: usize = 550;

#[test]
fn a_text_has_at_most_a_gibibyte() {
    let text = vec![0; (1 << 30) + 1];
    let words = read(&text).map(drop).map_err(|error| error.to_string());
    assert_eq!(words, Err("yaml: document is larger than 1 GiB".to_owned()));
}

fn case_files() -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for group in fs::read_dir("corpus")? {
        let group = group?.path();
        if group.is_dir() {
            for file in fs::read_dir(group)? {
                files.push(file?.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The sections of a case. A quoted section is one Go string literal.
fn sections(file: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut current: Option<(String, String)> = None;
    let text = fs::read_to_string(file)?;
    for line in text.split_inclusive('\n') {
        let header = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --\n"));
        if let Some(name) = header {
            found.extend(current.take().map(close_section));
            current = Some((name.to_owned(), String::new()));
        } else if let Some((_, body)) = &mut current {
            body.push_str(line);
        }
    }
    found.extend(current.map(close_section));
    Ok(found)
}

fn close_section((name, body): (String, String)) -> (String, Vec<u8>) {
    match name.strip_suffix(" quoted") {
        Some(name) => {
            let literal = body.trim_end_matches('\n').as_bytes();
            (name.to_owned(), strconv::unquote(literal).unwrap_or_else(|_| b"no literal".to_vec()))
        }
        None => (name, body.into_bytes()),
    }
}

fn append_json(out: &mut String, data: &Data) {
    match data {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Int(value) => append_json_number(out, *value as f64),
        Data::Uint(value) => append_json_number(out, *value as f64),
        Data::Float(value) => append_json_number(out, *value),
        Data::Text(text) => append_json_text(out, text),
        Data::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                append_json(out, item);
            }
            out.push(']');
        }
        Data::Map(map) => {
            out.push('{');
            for (place, (key, value)) in map.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                append_json_text(out, key);
                out.push(':');
                append_json(out, value);
            }
            out.push('}');
        }
    }
}

fn append_json_number(out: &mut String, value: f64) {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = strconv::format_float(value, b'e', None, 64);
        out.push_str(&text.replace("e-0", "e-"));
    } else {
        out.push_str(&strconv::format_float(value, b'f', None, 64));
    }
}

fn append_json_text(out: &mut String, text: &str) {
    out.push('"');
    for rune in text.chars() {
        match rune {
            '"' | '\\' => out.extend(['\\', rune]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..' ' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(rune));
            }
            _ => out.push(rune),
        }
    }
    out.push('"');
}

/// Writes as `functions` does: through JSON for the one form, directly for the other.
fn write_as(data: &Data, writer: &mut Writer, form: Form) -> Result<(), yaml::Error> {
    let through_json = form == Form::Kubernetes;
    let float = |writer: &mut Writer, value: f64| {
        if through_json {
            return writer.float_through_json(value);
        }
        writer.float(value);
        Ok(())
    };
    match data {
        Data::Null => writer.null(),
        Data::Bool(value) => writer.bool(*value),
        Data::Int(value) => float(writer, *value as f64)?,
        Data::Uint(value) => float(writer, *value as f64)?,
        Data::Float(value) => float(writer, *value)?,
        Data::Text(text) if through_json => writer.text_through_json(text.as_bytes())?,
        Data::Text(text) => writer.text(text),
        Data::List(items) => {
            writer.begin_list();
            for item in items {
                write_as(item, writer, form)?;
            }
            writer.end_list();
        }
        Data::Map(map) => {
            writer.begin_map();
            let mut entries: Vec<_> = map.iter().collect();
            sort_keys(&mut entries, form, |entry| entry.0);
            for (key, value) in entries {
                if through_json {
                    writer.key_through_json(key)?;
                } else {
                    writer.key(key);
                }
                write_as(value, writer, form)?;
            }
            writer.end_map();
        }
    }
    Ok(())
}

fn written(data: &Data, form: Form) -> String {
    let mut writer = Writer::new(form);
    match write_as(data, &mut writer, form) {
        Ok(()) => writer.finish(),
        Err(_) => String::from("ERR"),
    }
}

/// By way of the tree, which plain texts are read without.
fn read_tree(input: &[u8]) -> Result<Data, yaml::Error> {
    let text = Text::new(input);
    match text.first_document()? {
        Some(document) => document.values(Strictness::Lenient, &mut DataBuilder),
        None => Ok(Data::Null),
    }
}

/// What is wrong with a case; empty when all is as Go has it.
fn check(file: &Path) -> io::Result<String> {
    let sections = sections(file)?;
    let text =
        |name: &str| sections.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut wrong = String::new();
    let mut compare = |what: &str, wanted: Option<String>, got: Option<String>| {
        if wanted.is_some() && wanted != got {
            let _ = write!(wrong, "{what}\n   Go: {wanted:?}\n  own: {got:?}\n");
        }
    };
    let input = &sections["yaml"];
    let result = read(input);
    let failed = |error: &yaml::Error| format!("{PREFIX}{error}");
    compare("error", text("error"), result.as_ref().err().map(failed));
    compare("tree", Some(format!("{result:?}")), Some(format!("{:?}", read_tree(input))));
    let strict = read_strict(input).as_ref().err().map(failed);
    compare("strict", text("strict").or(text("error")), strict);
    let picked = read_picked(input, PICKS, &mut DataBuilder);
    compare("picked", text("error"), picked.as_ref().err().map(failed));
    if let Ok(data) = &result {
        let mut json = String::new();
        append_json(&mut json, data);
        json.push('\n');
        compare("json", text("json"), Some(json));
        // What Go says here names lines of its own JSON; every caller drops it.
        let emitted = text("emitted").map(|text| match text.strip_prefix("ERR ") {
            Some(_) => String::from("ERR"),
            None => text,
        });
        compare("emitted", emitted, Some(written(data, Form::Kubernetes)));
        compare("pretty", text("pretty"), Some(written(data, Form::Pretty)));
        let picked = picked.ok().and_then(|picked| picked.get("a").cloned());
        compare(
            "picked a",
            Some(format!("{:?}", data.get("a"))),
            Some(format!("{:?}", picked.as_ref())),
        );
    }
    Ok(wrong)
}

#[test]
fn every_case_is_as_go_has_it() {
    let files = case_files().unwrap();
    assert!(files.len() >= LEAST_CASES, "only {} cases found", files.len());
    let mut report = String::new();
    for file in &files {
        let wrong = check(file).unwrap();
        if !wrong.is_empty() {
            write!(report, "{}: {wrong}", file.display()).unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// What mutations put in.
const PIECES: [&str; 20] = [
    "\n", "  ", " ", ": ", "- ", "\"", "'", "#", "|\n", "\t", "&a ", "*a", "!", "[", "}", ", ",
    "\\", "1", ".inf", "---\n",
];

/// How often every text of the corpus is mutated.
const MUTATIONS: usize = 12;

#[test]
fn mutated_cases_read_alike_with_and_without_a_tree() {
    let mut state = 20_261_121_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound as u64) as usize
    };
    let (mut faulty, mut sound) = (0, 0);
    for file in case_files().unwrap() {
        let input = &sections(&file).unwrap()["yaml"];
        // The corpus has texts of a megabyte, which try limits.
        for _ in 0..if input.len() < 10_000 { MUTATIONS } else { 0 } {
            let mut text = input.clone();
            let at = below(text.len() + 1);
            let end = text.len().min(at + below(3));
            text.splice(at..end, PIECES[below(PIECES.len())].bytes());
            let (tree, whole) = (read_tree(&text), read(&text));
            assert_eq!(tree, whole, "{:?}", String::from_utf8_lossy(&text));
            let picked = read_picked(&text, PICKS, &mut DataBuilder);
            let a = |result: Result<Data, yaml::Error>| result.map(|data| data.get("a").cloned());
            if tree.is_ok() {
                sound += 1;
            } else {
                faulty += 1;
            }
            assert_eq!(a(tree), a(picked), "{:?}", String::from_utf8_lossy(&text));
        }
    }
    assert!(faulty > 500 && sound > 500, "{faulty} faulty and {sound} sound texts tell little");
}
