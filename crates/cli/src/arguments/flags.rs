//! How Go's flag library reads the values of flags.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};

/// A boolean as Go's `strconv.ParseBool` reads it: `--flag=false`.
pub fn go_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!(
            "strconv.ParseBool: parsing {}: invalid syntax",
            strconv::quote(text.as_bytes())
        )),
    }
}

/// A number as Go's flags read it.
pub fn go_int(text: &str) -> Result<i64, String> {
    let bytes = text.as_bytes();
    strconv::parse_int(bytes, 0, 64).map_err(|fault| fault.of("ParseInt", bytes).to_string())
}

/// A number that is not negative, as Go's flags read it.
pub fn go_uint(text: &str) -> Result<usize, String> {
    let bytes = text.as_bytes();
    let number = strconv::parse_uint(bytes, 0, 64);
    let number = number.map_err(|fault| fault.of("ParseUint", bytes).to_string())?;
    usize::try_from(number).map_err(|error| error.to_string())
}

/// A fraction as Go's flags read it.
pub fn go_float(text: &str) -> Result<f64, String> {
    let bytes = text.as_bytes();
    strconv::parse_float(bytes, 32).map_err(|fault| fault.of("ParseFloat", bytes).to_string())
}

/// A duration as Go's flags read it: only whether it is one.
pub fn go_duration(text: &str) -> Result<String, String> {
    let read = functions::durations::parse(text.as_bytes());
    read.map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// Pairs `a=b,c=d`: only whether they are some.
pub fn go_pairs(text: &str) -> Result<String, String> {
    let pairs = if text.matches('=').count() > 1 {
        slice(&[text.to_owned()])
    } else {
        vec![text.trim_matches('"').to_owned()]
    };
    match pairs.iter().find(|pair| !pair.contains('=')) {
        Some(pair) => Err(format!("{pair} must be formatted as key=value")),
        None => Ok(text.to_owned()),
    }
}

/// A path, which may be empty: a script's variable that is not set.
pub fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// The elements of flags that take lists with commas (`-f a,b`, `--api-versions x,y`): each value
/// is one line of CSV, so that quotes keep a comma.
pub fn slice(values: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for value in values.iter().filter(|value| !value.is_empty()) {
        split_line(value, &mut all);
    }
    all
}

fn split_line(line: &str, into: &mut Vec<String>) {
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => into.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    into.push(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_split_as_csv() {
        let given = ["a,b".to_owned(), "\"c,d\",e".to_owned(), String::new()];
        assert_eq!(slice(&given), ["a", "b", "c,d", "e"]);
    }
}
