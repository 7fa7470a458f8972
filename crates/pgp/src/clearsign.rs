//! Texts that are signed and still can be read: `-----BEGIN PGP SIGNED MESSAGE-----`.

use crate::armor;
use crate::error::Error;

const START: &[u8] = b"\n-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
const END: &[u8] = b"\n-----END PGP SIGNATURE-----";
const HASHES: [&str; 9] =
    ["MD5", "SHA1", "RIPEMD160", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512"];

/// A signed text.
#[derive(Clone, Debug)]
pub struct Message {
    /// The text, its lines ended by `\n`.
    pub text: Vec<u8>,
    /// What the signature is on.
    pub(crate) signed: Vec<u8>,
    /// The packets of the signature.
    pub(crate) signature: Vec<u8>,
    /// Why there are no more of them.
    pub(crate) fault: Option<Error>,
}

impl Message {
    /// The first signed text within `data`, if there is a whole one.
    pub fn decode(data: &[u8]) -> Option<Self> {
        let mut rest = if data.starts_with(&START[1..]) {
            &data[START.len() - 1..]
        } else {
            &data[find(data, START)? + START.len()..]
        };
        if !line(&mut rest).is_empty() {
            return None;
        }
        headers(&mut rest)?;
        let (mut text, mut signed) = (Vec::new(), Vec::new());
        let mut is_first = true;
        loop {
            let before = rest;
            let mut next = line(&mut rest);
            if next.is_empty() && rest.is_empty() {
                return None;
            }
            if next == SIGNATURE {
                rest = before;
                break;
            }
            // The last line break is not part of what is signed.
            if !is_first {
                signed.extend_from_slice(b"\r\n");
            }
            is_first = false;
            next = next.strip_prefix(b"- ").unwrap_or(next);
            while let [start @ .., b' ' | b'\t'] = next {
                next = start;
            }
            signed.extend_from_slice(next);
            text.extend_from_slice(next);
            text.push(b'\n');
        }
        text.pop();
        let end = find(rest, END)? + END.len();
        let (block, _) = armor::decode(&rest[..end])?;
        Some(Self { text, signed, signature: block.bytes, fault: block.fault })
    }
}

/// Only hashes may be named, and what they are is not believed.
fn headers(rest: &mut &[u8]) -> Option<()> {
    loop {
        if rest.is_empty() {
            return None;
        }
        let header = line(rest);
        if header.trim_ascii().is_empty() {
            return Some(());
        }
        if !header.iter().all(|byte| matches!(byte, 0x20..=0x7E)) {
            return None;
        }
        let (name, values) = std::str::from_utf8(header).ok()?.split_once(':')?;
        let mut values = values.split(',').map(|value| value.trim().to_ascii_uppercase());
        if name.trim() != "Hash" || !values.all(|value| HASHES.contains(&value.as_str())) {
            return None;
        }
    }
}

fn find(data: &[u8], wanted: &[u8]) -> Option<usize> {
    data.windows(wanted.len()).position(|window| window == wanted)
}

/// The next line without its break.
fn line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (line, more) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(at) => {
            let line = &rest[..at];
            (line.strip_suffix(b"\r").unwrap_or(line), &rest[at + 1..])
        }
        None => (*rest, &[][..]),
    };
    *rest = more;
    line
}
