//! Standard base64 with padding, for `!!binary`. Line breaks in the text are passed over.

/// The bytes, or none where the text is no base64.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let quads = digits.len() / 4;
    for (place, quad) in digits.chunks_exact(4).enumerate() {
        let pad = if place + 1 == quads { padding } else { 0 };
        let mut word = 0_u32;
        for &digit in &quad[..4 - pad] {
            word = word << 6 | value_of(digit)?;
        }
        word <<= 6 * pad as u32;
        bytes.extend_from_slice(&word.to_be_bytes()[1..4 - pad]);
    }
    Some(bytes)
}

fn value_of(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
