//! Upper and lower case, and the forms of compound words.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::Value;

use crate::bounds;
use crate::runes;
use crate::strings::text;
use strconv::category;

mod words;

const ONE: &[Param] = &[Param::Str];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("camelcase", ONE, |call| {
        bounds::charge_runes(call, 0)?;
        Ok(text(words::pascal_case(call.text(0))))
    }),
    Function::pure("kebabcase", ONE, |call| joined(call, '-')),
    Function::pure("lower", ONE, |call| {
        change(call, u8::is_ascii_uppercase, <[u8]>::to_ascii_lowercase, runes::to_lower)
    }),
    Function::pure("snakecase", ONE, |call| joined(call, '_')),
    Function::pure("swapcase", ONE, swapcase),
    Function::pure("title", ONE, title),
    Function::pure("untitle", ONE, untitle),
    Function::pure("upper", ONE, |call| {
        change(call, u8::is_ascii_lowercase, <[u8]>::to_ascii_uppercase, runes::to_upper)
    }),
];

/// Changes case: the same string when nothing changes, bytes when all is ASCII.
fn joined(call: &mut Call<'_, '_>, connector: char) -> Result<Value, Failure> {
    bounds::charge_runes(call, 0)?;
    Ok(text(words::joined_case(call.text(0), connector)))
}

fn change(
    call: &mut Call<'_, '_>,
    changes: fn(&u8) -> bool,
    ascii: fn(&[u8]) -> Vec<u8>,
    rune: fn(char) -> char,
) -> Result<Value, Failure> {
    let bytes = call.text(0);
    if !bytes.is_ascii() {
        bounds::charge_runes(call, 0)?;
        return Ok(text(runes::map(bytes, rune)));
    }
    Ok(if bytes.iter().any(changes) { text(ascii(bytes)) } else { call.any(0).clone() })
}

/// `strings.Title`: the title case of each letter that follows no letter, digit or underscore.
fn title(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    bounds::charge_runes(call, 0)?;
    let mut previous = ' ';
    Ok(text(runes::map(call.text(0), |rune| {
        let starts = separates(previous);
        previous = rune;
        if starts { runes::to_title(rune) } else { rune }
    })))
}

/// Go's `isSeparator` of words.
fn separates(rune: char) -> bool {
    if rune.is_ascii() {
        return !(rune.is_ascii_alphanumeric() || rune == '_');
    }
    !category::is_letter(rune) && !category::is_digit(rune) && runes::is_space(rune)
}

fn untitle(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    bounds::charge_runes(call, 0)?;
    let mut starts = true;
    Ok(text(runes::map(call.text(0), |rune| {
        if runes::is_space(rune) {
            starts = true;
            rune
        } else if std::mem::take(&mut starts) {
            runes::to_lower(rune)
        } else {
            rune
        }
    })))
}

fn swapcase(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    bounds::charge_runes(call, 0)?;
    let mut after_space = true;
    Ok(text(runes::map(call.text(0), |rune| {
        if runes::is_upper(rune) || runes::is_title(rune) {
            after_space = false;
            runes::to_lower(rune)
        } else if runes::is_lower(rune) {
            if std::mem::take(&mut after_space) {
                runes::to_title(rune)
            } else {
                runes::to_upper(rune)
            }
        } else {
            after_space = runes::is_space(rune);
            rune
        }
    })))
}
