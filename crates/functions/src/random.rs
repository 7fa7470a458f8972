//! Random strings, numbers and identifiers, with the source as an effect.

use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::value::Value;

use crate::effects;
use crate::encodings::base64;

type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

const fn random(name: &'static str, params: &'static [Param], run: Run) -> Function {
    Function { name, params, variadic: false, effect: Effect::Random, words: Words::Read, run }
}

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    random("randAlpha", &[Param::Int], |call| characters(call, |c| c.is_ascii_alphabetic())),
    random("randAlphaNum", &[Param::Int], |call| characters(call, |c| c.is_ascii_alphanumeric())),
    random("randAscii", &[Param::Int], |call| characters(call, |c| (b' '..=b'~').contains(&c))),
    random("randBytes", &[Param::Int], random_bytes),
    random("randInt", &[Param::Int, Param::Int], random_int),
    random("randNumeric", &[Param::Int], |call| characters(call, |c| c.is_ascii_digit())),
    random("shuffle", &[Param::Str], shuffle),
    random("uuidv4", &[], uuidv4),
];

/// The most random characters or bytes that one call may ask for: far more than any secret needs,
/// and little enough to hold.
const MAX_LENGTH: i64 = 16 << 20;

/// What a call costs besides: making the alphabet.
const CALL_STEPS: u64 = 30;

/// What drawing one character by the machine's own chance costs.
const STEPS: u64 = 8;

fn length(call: &mut Call<'_, '_>) -> Result<usize, Failure> {
    let length = call.int(0);
    if length > MAX_LENGTH {
        let most = format!("at most {MAX_LENGTH} random characters may be asked for at once");
        return Err(Failure::new(format!("{length} are too many: {most}")));
    }
    let length = usize::try_from(length).unwrap_or(0);
    call.machine.charge(CALL_STEPS + length as u64 * STEPS)?;
    Ok(length)
}

/// That many characters of a set, each equally likely. Of a negative number there are none.
fn characters(call: &mut Call<'_, '_>, is_wanted: fn(u8) -> bool) -> Result<Value, Failure> {
    let length = length(call)?;
    let alphabet: Vec<u8> = (0..=u8::MAX).filter(|c| is_wanted(*c)).collect();
    let effects = effects::of(call)?;
    let mut out = Vec::with_capacity(length);
    for _ in 0..length {
        let index = effects.below(alphabet.len() as u64)?;
        out.extend(alphabet.get(index as usize));
    }
    Ok(Value::Str(out.into()))
}

fn random_bytes(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    if call.int(0) < 0 {
        return Err(Failure::new("runtime error: makeslice: len out of range"));
    }
    let mut bytes = vec![0; length(call)?];
    effects::of(call)?.fill(&mut bytes)?;
    Ok(Value::Str(base64(&bytes).into()))
}

/// A number from the first argument up to, without, the second.
fn random_int(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (low, high) = (call.int(0), call.int(1));
    let span = u64::try_from(high.wrapping_sub(low)).unwrap_or(0);
    if span == 0 {
        return Err(Failure::new("invalid argument to Intn"));
    }
    let above = effects::of(call)?.below(span)?;
    Ok(Value::Int(low.wrapping_add(above as i64)))
}

/// The characters in another order, each order equally likely.
fn shuffle(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut characters: Vec<char> = String::from_utf8_lossy(call.text(0)).chars().collect();
    call.machine.charge(characters.len() as u64 * STEPS)?;
    let effects = effects::of(call)?;
    for last in (1..characters.len()).rev() {
        let other = effects.below(last as u64 + 1)? as usize;
        characters.swap(last, other);
    }
    Ok(characters.into_iter().collect::<String>().into())
}

/// RFC 9562's version 4.
fn uuidv4(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut bytes = [0; 16];
    effects::of(call)?.fill(&mut bytes)?;
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xF << 76) | 0x4 << 76;
    let number = number & !(0x3 << 62) | 0x2 << 62;
    let digits = format!("{number:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits[range].to_owned());
    Ok(parts.join("-").into())
}
