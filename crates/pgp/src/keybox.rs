//! `GnuPG`'s keybox (`pubring.kbx`): a list of blobs, some of which hold keys as packets.

/// The kind of the first blob.
const HEADER: u8 = 1;
/// The kind of blobs with keys.
const OPENPGP: u8 = 2;
/// Marks a blob that is not (yet) part of the keyring.
const EPHEMERAL: u64 = 2;
/// Length and kind, which every blob has.
const MIN_BLOB: usize = 5;
/// What says where the keys are within their blob.
const KEY_HEADER: usize = 16;

/// Whether these bytes are a keybox.
pub fn is_keybox(data: &[u8]) -> bool {
    data.len() >= 12 && data[4] == HEADER && &data[8..12] == b"KBXf"
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The keys of a keybox, as packets one after the other.
pub fn keys(data: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < data.len() {
        let rest = &data[at..];
        if rest.len() < MIN_BLOB {
            return Err(format!("truncated blob header at offset {at}"));
        }
        let length = number(&rest[..4]) as usize;
        if length < MIN_BLOB {
            return Err(format!("invalid blob length {length} at offset {at}"));
        }
        let Some(blob) = rest.get(..length) else {
            return Err(format!(
                "blob at offset {at} has length {length} exceeding the {} remaining bytes",
                rest.len()
            ));
        };
        if blob[4] == OPENPGP {
            if blob.len() < KEY_HEADER {
                return Err(format!("OpenPGP blob at offset {at} is too short"));
            }
            let start = number(&blob[8..12]) as usize;
            let end = start + number(&blob[12..16]) as usize;
            let Some(key) = blob.get(start..end) else {
                return Err(format!("OpenPGP blob at offset {at} has an out-of-range keyblock"));
            };
            if number(&blob[6..8]) & EPHEMERAL == 0 {
                out.extend_from_slice(key);
            }
        }
        at += length;
    }
    if out.is_empty() { Err("keybox contains no OpenPGP keys".to_owned()) } else { Ok(out) }
}
