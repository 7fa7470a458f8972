//! Go's runes in Go's strings: bytes that need not be UTF-8, where a bad byte decodes to U+FFFD and
//! counts as one.

/// What a byte that is not UTF-8 decodes to.
pub const ERROR: char = '\u{FFFD}';

/// The first rune of `bytes` and how many bytes it takes; `(ERROR, 0)` when there are none and
/// `(ERROR, 1)` for a byte that is not UTF-8.
pub fn decode(bytes: &[u8]) -> (char, usize) {
    let Some(&first) = bytes.first() else { return (ERROR, 0) };
    if first < 0x80 {
        return (char::from(first), 1);
    }
    let width = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (ERROR, 1),
    };
    bytes
        .get(..width)
        .and_then(|head| std::str::from_utf8(head).ok())
        .and_then(|text| text.chars().next())
        .map_or((ERROR, 1), |rune| (rune, width))
}

/// The last rune of `bytes` and how many bytes it takes, by the rules of [`decode`].
pub fn decode_last(bytes: &[u8]) -> (char, usize) {
    let from = bytes.len().saturating_sub(4);
    for start in from..bytes.len() {
        let (rune, width) = decode(bytes.get(start..).unwrap_or_default());
        if start + width == bytes.len() && (width > 1 || start + 1 == bytes.len()) {
            return (rune, width);
        }
    }
    (ERROR, usize::from(!bytes.is_empty()))
}

/// How many runes there are.
pub fn count(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    let mut runes = 0;
    while !rest.is_empty() {
        rest = rest.get(decode(rest).1..).unwrap_or_default();
        runes += 1;
    }
    runes
}

/// Appends `rune` as UTF-8.
pub fn push(out: &mut Vec<u8>, rune: char) {
    out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
}
