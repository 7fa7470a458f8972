//! What Go's `strconv` answers to many questions, one a line, in `corpus/go.txt`:
//!
//! ```text
//! format BITS-OF-THE-DOUBLE FORMAT PRECISION BITS TEXT
//! int|uint QUOTED BASE BITS VALUE FAULT
//! float QUOTED BITS BITS-OF-THE-DOUBLE FAULT
//! quote HEX QUOTED-AGAIN ASCII-QUOTED
//! unquote HEX HEX FAULT
//! ```

use strconv::{
    Fault, format_float, parse_float, parse_int, parse_uint, quote, quote_to_ascii, unquote,
};

/// The corpus may only grow.
const LEAST_LINES: usize = 4000;

fn hex(text: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0) as u8;
    text.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn unhex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn outcome<T>(result: Result<T, Fault>, show: impl Fn(T) -> String) -> String {
    match result {
        Ok(value) => format!("{} ok", show(value)),
        Err(fault) => format!("- {fault}"),
    }
}

fn double(value: f64) -> String {
    if value.is_nan() { String::from("nan") } else { format!("{:016x}", value.to_bits()) }
}

/// What the line should end with, and what we say.
fn answer(line: &str) -> Option<(String, String)> {
    let (question, rest) = line.split_once(' ')?;
    if question == "format" {
        let words: Vec<&str> = rest.splitn(5, ' ').collect();
        let value = f64::from_bits(u64::from_str_radix(words[0], 16).ok()?);
        let precision = words[2].parse().ok();
        let bits = words[3].parse().ok()?;
        let own = format_float(value, words[1].as_bytes()[0], precision, bits);
        return Some((words[4].to_owned(), own));
    }
    if question == "quote" || question == "unquote" {
        let (input, wanted) = rest.split_once(' ')?;
        let input = hex(input);
        let own = if question == "quote" {
            format!("{} {}", quote_to_ascii(quote(&input).as_bytes()), quote_to_ascii(&input))
        } else {
            match unquote(&input) {
                Ok(text) => format!("{} ok", unhex(&text)),
                Err(fault) => format!(" {fault}"),
            }
        };
        return Some((wanted.to_owned(), own));
    }
    let end = rest.rfind('"')? + 1;
    let input = unquote(&rest.as_bytes()[..end]).ok()?;
    let words = rest.get(end + 1..)?;
    if question == "float" {
        let (bits, wanted) = words.split_once(' ')?;
        let own = outcome(parse_float(&input, bits.parse().ok()?), double);
        return Some((wanted.to_owned(), own));
    }
    let words: Vec<&str> = words.splitn(3, ' ').collect();
    let (base, bits) = (words[0].parse().ok()?, words[1].parse().ok()?);
    let own = if question == "int" {
        outcome(parse_int(&input, base, bits), |value| value.to_string())
    } else {
        outcome(parse_uint(&input, base, bits), |value| value.to_string())
    };
    Some((words[2].to_owned(), own))
}

#[test]
fn every_answer_is_as_go_has_it() {
    let lines: Vec<&str> =
        include_str!("../corpus/go.txt").lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() >= LEAST_LINES, "only {} lines", lines.len());
    let mut wrong = Vec::new();
    for line in lines {
        let (wanted, own) = answer(line).unwrap();
        if wanted != own {
            wrong.push(format!("{line}\n    own: {own}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
