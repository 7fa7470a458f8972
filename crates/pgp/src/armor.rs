//! ASCII armor: bytes as base64 between two lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;

const START: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// The longest line within armor.
const MAX_LINE: usize = 96;

/// What armor holds.
#[derive(Clone, Debug)]
pub struct Armored {
    /// What the first line says it is.
    pub kind: String,
    /// The bytes up to the end or the first fault.
    pub bytes: Vec<u8>,
    /// Why there are no more bytes.
    pub fault: Option<Error>,
}

/// The first block in a text, and what is behind it.
pub fn decode(text: &[u8]) -> Option<(Armored, &[u8])> {
    let mut rest = text;
    'block: loop {
        let line = next(&mut rest)?;
        if line.len() <= START.len() + DASHES.len() || !line.starts_with(START) {
            continue;
        }
        let kind = String::from_utf8_lossy(&line[START.len()..line.len() - DASHES.len()]);
        loop {
            let header = next(&mut rest)?;
            if header.is_empty() {
                break;
            }
            if !header.contains(&b':') {
                continue 'block;
            }
        }
        let (bytes, fault) = body(&mut rest);
        return Some((Armored { kind: kind.into_owned(), bytes, fault }, rest));
    }
}

/// The next line without what is white around it.
fn next<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let (line, more) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (*rest, &[][..]),
    };
    *rest = more;
    Some(line.trim_ascii())
}

fn body(rest: &mut &[u8]) -> (Vec<u8>, Option<Error>) {
    let mut text = Vec::new();
    let mut starts = vec![0];
    let mut before = Vec::new();
    let mut fault = None;
    while let Some(line) = next(rest) {
        if line.starts_with(END) || (line.len() == 5 && line[0] == b'=') {
            break;
        }
        if line.len() > MAX_LINE {
            fault = Some(Error::invalid("armor invalid"));
            break;
        }
        starts.push(text.len());
        text.extend_from_slice(line);
        // What is padded to its end is whole: what follows is read anew.
        if line.ends_with(b"=")
            && let Ok(bytes) = STANDARD.decode(&text)
        {
            before.extend(bytes);
            text.clear();
            starts = vec![0];
        }
    }
    match STANDARD.decode(&text) {
        Ok(bytes) => ([before, bytes].concat(), fault),
        Err(_) => {
            let (bytes, at) = until_fault(&text);
            let bytes = [before, bytes].concat();
            // Go's reader takes a line at a time, and counts within it.
            let line = starts.partition_point(|start| *start <= at) - 1;
            (bytes, Some(Error::Base64(at - starts[line])))
        }
    }
}

/// The bytes before what is no base64, and where that is.
fn until_fault(text: &[u8]) -> (Vec<u8>, usize) {
    let is_good = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let good = text.iter().take_while(|byte| is_good(byte)).count();
    let whole = good / 4 * 4;
    (STANDARD.decode(&text[..whole]).unwrap_or_default(), good)
}

/// Bytes in armor of that kind, without a checksum and without a last line break.
pub fn encode(kind: &str, bytes: &[u8]) -> String {
    const COLUMNS: usize = 64;
    let text = STANDARD.encode(bytes);
    let mut out = format!("-----BEGIN {kind}-----\n\n");
    for (at, letter) in text.char_indices() {
        if at > 0 && at % COLUMNS == 0 {
            out.push('\n');
        }
        out.push(letter);
    }
    out.push_str(&format!("\n-----END {kind}-----"));
    out
}
