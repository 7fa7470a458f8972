//! Go's view of a string: bytes that are read as runes, one U+FFFD for each byte that is not UTF-8.
//!
//! Case mapping here is Go's `unicode` package: one rune to one rune, by general category. Not
//! here: anything that knows words or lines.

use gotmpl::rune;

/// What Go decodes where the bytes are not UTF-8.
pub const RUNE_ERROR: char = rune::ERROR;

/// The first rune and its width in bytes; none at the end.
pub fn first(bytes: &[u8]) -> Option<(char, usize)> {
    Some(rune::decode(bytes)).filter(|(_, width)| *width > 0)
}

/// The last rune and its width in bytes; none when empty.
pub fn last(bytes: &[u8]) -> Option<(char, usize)> {
    Some(rune::decode_last(bytes)).filter(|(_, width)| *width > 0)
}

/// All runes in order.
pub fn all(bytes: &[u8]) -> impl Iterator<Item = char> {
    bytes.utf8_chunks().flat_map(|chunk| {
        chunk.valid().chars().chain(std::iter::repeat_n(RUNE_ERROR, chunk.invalid().len()))
    })
}

/// Every rune mapped, as `strings.Map` does it.
pub fn map(bytes: &[u8], mut mapping: impl FnMut(char) -> char) -> Vec<u8> {
    let mut out = String::with_capacity(bytes.len());
    out.extend(all(bytes).map(&mut mapping));
    out.into_bytes()
}

/// `unicode.IsSpace`.
pub fn is_space(rune: char) -> bool {
    rune.is_whitespace()
}

/// `unicode.IsUpper`: category Lu, hence without the circled and Roman capitals that Rust counts.
pub fn is_upper(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_uppercase();
    }
    rune.is_uppercase()
        && !matches!(u32::from(rune),
            0x2160..=0x216F | 0x24B6..=0x24CF | 0x1F130..=0x1F149 | 0x1F150..=0x1F169 | 0x1F170..=0x1F189)
}

/// `unicode.IsLower`: category Ll, hence without the modifier letters and the like that Rust counts.
pub fn is_lower(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_lowercase();
    }
    rune.is_lowercase()
        && !matches!(u32::from(rune),
            0xAA | 0xBA | 0x2B0..=0x2C1 | 0x2E0..=0x2E4 | 0x345 | 0x37A | 0x10FC | 0x1D2C..=0x1D6A
            | 0x1D78 | 0x1D9B..=0x1DBF | 0x2071 | 0x207F | 0x2090..=0x209C | 0x2170..=0x217F
            | 0x24D0..=0x24E9 | 0x2C7C | 0x2C7D | 0xA69C | 0xA69D | 0xA770 | 0xA7F2..=0xA7F4
            | 0xA7F8 | 0xA7F9 | 0xAB5C..=0xAB5F | 0xAB69 | 0x10780..=0x107BA | 0x1E030..=0x1E06D)
}

/// `unicode.IsTitle`: category Lt.
pub fn is_title(rune: char) -> bool {
    matches!(u32::from(rune),
        0x1C5 | 0x1C8 | 0x1CB | 0x1F2 | 0x1F88..=0x1F8F | 0x1F98..=0x1F9F | 0x1FA8..=0x1FAF
        | 0x1FBC | 0x1FCC | 0x1FFC)
}

/// `unicode.ToUpper`: the simple mapping, never to more than one rune.
pub fn to_upper(rune: char) -> char {
    let mut mapped = rune.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(upper), None) => upper,
        _ => simple_greek(rune),
    }
}

/// The capitals with iota, which only the full mapping takes apart.
fn simple_greek(rune: char) -> char {
    let code = u32::from(rune);
    let shift = match code {
        0x1F80..=0x1FAF if code & 8 == 0 => 8,
        0x1FB3 | 0x1FC3 | 0x1FF3 => 9,
        _ => 0,
    };
    char::from_u32(code + shift).unwrap_or(rune)
}

/// `unicode.ToLower`.
pub fn to_lower(rune: char) -> char {
    rune.to_lowercase().next().unwrap_or(rune)
}

/// `unicode.ToTitle`, which differs from upper case for digraphs and Georgian.
pub fn to_title(rune: char) -> char {
    let digraph = match u32::from(rune) {
        0x1C4..=0x1C6 => 0x1C5,
        0x1C7..=0x1C9 => 0x1C8,
        0x1CA..=0x1CC => 0x1CB,
        0x1F1..=0x1F3 => 0x1F2,
        code @ (0x10D0..=0x10FA | 0x10FD..=0x10FF) => code,
        _ => return to_upper(rune),
    };
    char::from_u32(digraph).unwrap_or(rune)
}
