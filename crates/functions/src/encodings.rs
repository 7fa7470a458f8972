//! base64 and base32, with Go's words for what is wrong in them. Structured formats have modules of
//! their own.

use gotmpl::function::{Function, Param};

use crate::strings::text;

const ONE: &[Param] = &[Param::Str];
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The functions of this module. What cannot be decoded gives the error's text as the result.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("b32dec", ONE, |call| {
        Ok(text(decode32(call.text(0)).unwrap_or_else(|at| corrupt("32", at))))
    }),
    Function::pure("b32enc", ONE, |call| Ok(text(encode(call.text(0), &BASE32_FORM)))),
    Function::pure("b64dec", ONE, |call| {
        Ok(text(decode64(call.text(0)).unwrap_or_else(|at| corrupt("64", at))))
    }),
    Function::pure("b64enc", ONE, |call| Ok(text(base64(call.text(0))))),
];

fn corrupt(base: &str, at: usize) -> Vec<u8> {
    format!("illegal base{base} data at input byte {at}").into_bytes()
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    encode(bytes, &BASE64_FORM)
}

/// An encoding by groups of bits.
struct Form {
    alphabet: &'static [u8],
    /// Bits of one character.
    bits: u32,
    /// Characters of one group.
    group: usize,
}

const BASE64_FORM: Form = Form { alphabet: BASE64, bits: 6, group: 4 };
const BASE32_FORM: Form = Form { alphabet: BASE32, bits: 5, group: 8 };

fn encode(bytes: &[u8], form: &Form) -> Vec<u8> {
    let group_bytes = form.group * form.bits as usize / 8;
    let mut out = Vec::with_capacity(bytes.len().div_ceil(group_bytes) * form.group);
    for chunk in bytes.chunks(group_bytes) {
        let mut window: u64 = 0;
        for index in 0..group_bytes {
            window = window << 8 | u64::from(chunk.get(index).copied().unwrap_or(0));
        }
        let used = (chunk.len() * 8).div_ceil(form.bits as usize);
        for index in 0..form.group {
            let shift = (form.group - 1 - index) as u32 * form.bits;
            let digit = (window >> shift) as usize & (form.alphabet.len() - 1);
            out.push(if index < used { form.alphabet[digit] } else { b'=' });
        }
    }
    out
}

/// The value of each letter, [`NO_DIGIT`] for what is none.
fn reverse(form: &Form) -> [u8; 256] {
    let mut reverse = [NO_DIGIT; 256];
    for (digit, &letter) in form.alphabet.iter().enumerate() {
        reverse[usize::from(letter)] = digit as u8;
    }
    reverse
}

const NO_DIGIT: u8 = u8::MAX;

/// Appends the bytes of one group of which `digits` were given.
fn append_group(out: &mut Vec<u8>, window: u64, digits: usize, form: &Form) {
    let bits = digits as u32 * form.bits;
    let group_bits = form.group as u32 * form.bits;
    let bytes = (window << (64 - bits)).to_be_bytes();
    debug_assert!(bits <= group_bits);
    out.extend_from_slice(&bytes[..bits as usize / 8]);
}

/// Decodes base64; on failure, where in the input Go sees it.
pub(crate) fn decode64(bytes: &[u8]) -> Result<Vec<u8>, usize> {
    let reverse = reverse(&BASE64_FORM);
    let mut out = Vec::with_capacity(bytes.len() * 3 / 4 + 3);
    let (mut window, mut digits) = (0_u64, 0);
    let ends_line = |byte: u8| byte == b'\n' || byte == b'\r';
    let after_lines =
        |from: usize| from + bytes[from..].iter().take_while(|byte| ends_line(**byte)).count();
    for (at, &byte) in bytes.iter().enumerate() {
        if ends_line(byte) {
            continue;
        }
        if byte == b'=' {
            let mut next = after_lines(at + 1);
            match digits {
                0 | 1 => return Err(at),
                2 if next == bytes.len() => return Err(next),
                2 if bytes[next] != b'=' => return Err(next - 1),
                2 => next = after_lines(next + 1),
                _ => {}
            }
            append_group(&mut out, window, digits, &BASE64_FORM);
            return if next < bytes.len() { Err(next) } else { Ok(out) };
        }
        let digit = reverse[usize::from(byte)];
        if digit == NO_DIGIT {
            return Err(at);
        }
        window = window << 6 | u64::from(digit);
        digits += 1;
        if digits == 4 {
            append_group(&mut out, window, digits, &BASE64_FORM);
            (window, digits) = (0, 0);
        }
    }
    if digits == 0 { Ok(out) } else { Err(bytes.len() - digits) }
}

/// Decodes base32. Go takes the line ends out first, so places count without them.
fn decode32(bytes: &[u8]) -> Result<Vec<u8>, usize> {
    let reverse = reverse(&BASE32_FORM);
    let bytes: Vec<u8> =
        bytes.iter().copied().filter(|byte| *byte != b'\n' && *byte != b'\r').collect();
    let mut out = Vec::with_capacity(bytes.len() * 5 / 8 + 5);
    let (mut window, mut digits) = (0_u64, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let rest = &bytes[at + 1..];
        if byte == b'=' && digits >= 2 && rest.len() < 8 {
            let wanted = 7 - digits;
            if rest.len() < wanted {
                return Err(bytes.len());
            }
            if let Some(wrong) = rest[..wanted].iter().position(|&byte| byte != b'=') {
                return Err(at + wrong);
            }
            if matches!(digits, 3 | 6) {
                return Err(at);
            }
            append_group(&mut out, window, digits, &BASE32_FORM);
            return Ok(out);
        }
        let digit = reverse[usize::from(byte)];
        if digit == NO_DIGIT {
            return Err(at);
        }
        window = window << 5 | u64::from(digit);
        digits += 1;
        if digits == 8 {
            append_group(&mut out, window, digits, &BASE32_FORM);
            (window, digits) = (0, 0);
        }
    }
    if digits == 0 { Ok(out) } else { Err(bytes.len() - digits) }
}
