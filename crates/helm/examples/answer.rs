//! A resident process that answers what this engine makes of an input: the counterpart of
//! `xtask/oracle`, with the same frames and the same JSON, for the differential fuzzer. Not part of
//! the product.

use std::io::{Read, Write};
use std::sync::Arc;

use gotmpl::limits::Limits;
use helm::chart::{self, File};
use helm::engine::{Dns, Engine, Facts, ReleaseFacts, Request, Strictness};
use helm::log::Log;
use helm::values::{self, Table};
use helm::{capabilities::Capabilities, dependency};
use serde_json::{Map, Value, json};

fn main() {
    // A panic while answering: the asker must notice.
    if gotmpl::stack::with_big_stack(serve).is_none() {
        std::process::abort();
    }
}

fn serve() {
    let engine = Engine::new(Dns::Off);
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut length = [0; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        if input.read_exact(&mut body).is_err() {
            return;
        }
        let reply = match serde_json::from_slice(&body) {
            Ok(question) => answer(&engine, &question),
            Err(error) => json!({ "error": format!("bad request: {error}") }),
        };
        let reply = reply.to_string();
        let length = u32::try_from(reply.len()).unwrap_or(0);
        let sent = output.write_all(&length.to_be_bytes());
        if sent.and_then(|()| output.write_all(reply.as_bytes())).is_err()
            || output.flush().is_err()
        {
            return;
        }
    }
}

fn answer(engine: &Engine, question: &Value) -> Value {
    let made = match question["op"].as_str() {
        Some("render") => render(engine, &question["files"]),
        Some("archive") => archive(&decode(&question["data"])),
        _ => Err("bad request: no such operation".to_owned()),
    };
    made.unwrap_or_else(|error| json!({ "error": error }))
}

fn archive(data: &[u8]) -> Result<Value, String> {
    let files = chart::read_archive(data).map_err(|error| error.to_string())?;
    let names = files.iter().map(|file| json!(format!("{} {}", file.name, file.data.len())));
    Ok(json!({ "names": names.collect::<Vec<_>>() }))
}

fn render(engine: &Engine, files: &Value) -> Result<Value, String> {
    let files = files.as_object().into_iter().flatten().map(|(name, content)| File {
        name: Arc::from(name.as_str()),
        modified: None,
        data: decode(content).into(),
    });
    let mut log = Log::default();
    let loaded = chart::from_files(files.collect(), &mut log).map_err(|e| e.to_string())?;
    let given = Table::default();
    let chart = dependency::process(&Arc::new(loaded), &given, &mut log)
        .map_err(|error| error.to_string())?;
    let values = values::coalesce(&chart, &given, &mut log).map_err(|error| error.to_string())?;
    engine.schemas().validate(&chart, &values, &mut log).map_err(|error| error.clone())?;
    let release = ReleaseFacts {
        name: "rel".to_owned(),
        namespace: "ns1".to_owned(),
        is_upgrade: false,
        revision: 1,
    };
    let request = Request {
        chart: &chart,
        values,
        release: &release,
        capabilities: &Arc::new(Capabilities::default()),
        strictness: Strictness::default(),
        facts: Facts::default(),
        effects: Vec::new(),
        // A second or so: a fuzzer has many questions.
        limits: Limits { fuel: 20_000_000, ..Limits::default() },
        tracer: None,
    };
    let outcome = engine.render(request, &mut log).map_err(|error| error.to_string())?;
    let rendered: Map<String, Value> = outcome
        .files
        .into_iter()
        .map(|file| (file.name.to_string(), Value::String(as_go_shows(&file.content))))
        .collect();
    Ok(json!({ "rendered": rendered }))
}

/// Text in JSON as Go writes it: each byte that is no UTF-8 becomes a replacement character.
fn as_go_shows(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Bytes out of base64, as the asker writes it.
fn decode(text: &Value) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.as_str().unwrap_or("").bytes().filter_map(digit).collect();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0_u32, |all, digit| all << 6 | u32::from(*digit));
        let bits = bits << (6 * (4 - group.len()));
        bytes.extend(bits.to_be_bytes().iter().skip(1).take(group.len() - 1));
    }
    bytes
}
