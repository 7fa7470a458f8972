//! PEM, as Go's `encoding/pem` writes and reads it.

use crate::encodings::{base64, decode64};

/// A block between its BEGIN and END lines.
pub(super) struct Block {
    /// `CERTIFICATE`, `RSA PRIVATE KEY`, …
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
}

/// Writes a block, 64 letters a line.
pub(super) fn encode(kind: &str, bytes: &[u8]) -> String {
    let mut out = format!("-----BEGIN {kind}-----\n");
    for line in base64(bytes).chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out + &format!("-----END {kind}-----\n")
}

/// The first block of a text, if there is one. Headers are skipped.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines().map(str::trim_end);
    loop {
        let kind = loop {
            let line = lines.next()?;
            let kind = line.strip_prefix("-----BEGIN ").and_then(|l| l.strip_suffix("-----"));
            if let Some(kind) = kind {
                break kind;
            }
        };
        let end = format!("-----END {kind}-----");
        let mut body = String::new();
        let mut is_closed = false;
        for line in lines.by_ref() {
            if line == end {
                is_closed = true;
                break;
            }
            if !line.contains(':') {
                body.extend(line.chars().filter(|c| !matches!(c, ' ' | '\t')));
            }
        }
        if is_closed && let Ok(bytes) = decode64(body.as_bytes()) {
            return Some(Block { kind: kind.to_owned(), bytes });
        }
    }
}
