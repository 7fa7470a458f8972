//! What a trip through JSON does to values: `sigs.k8s.io/yaml` writes JSON first and reads it
//! back with its YAML reader, which changes some numbers and texts and refuses a few.

use std::borrow::Cow;
use std::fmt::Write;

use super::Writer;
use super::analyze::is_word;
use crate::error::Error;
use crate::tree::NodeKind;

/// The longest key in characters of JSON that the YAML reader takes for a key.
const MOST_KEY_CHARACTERS: usize = 1024;

/// Below, every whole number has its own `f64`.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// From here on JSON writes an exponent.
const MOST_WHOLE: f64 = 1e21;

impl Writer {
    /// A `float64` that went through JSON: `1000000`, not `1e+06`. JSON has no NaN and no
    /// infinities.
    pub fn float_through_json(&mut self, value: f64) -> Result<(), Error> {
        if !value.is_finite() {
            let name = match value {
                f64::INFINITY => "+Inf",
                f64::NEG_INFINITY => "-Inf",
                _ => "NaN",
            };
            return Err(Error::UnsupportedValue(name));
        }
        if value.trunc() == value && value.abs() < MOST_EXACT {
            self.int(value as i64);
            return Ok(());
        }
        // JSON shows the shortest digits and zeros, and these are what is read back.
        if value.trunc() == value && value.abs() < MOST_WHOLE {
            let digits = strconv::format_float(value, b'f', None, 64);
            if let Ok(whole) = digits.parse() {
                self.int(whole);
                return Ok(());
            }
            if let Ok(whole) = digits.parse() {
                self.uint(whole);
                return Ok(());
            }
        }
        self.float(value);
        Ok(())
    }

    /// A text that went through JSON. Go strings may hold bytes that are no UTF-8.
    pub fn text_through_json(&mut self, text: &[u8]) -> Result<(), Error> {
        let text = strconv::to_valid_utf8(text);
        if is_word(&text) {
            self.bare(&text);
        } else {
            self.text(&through_json(&text)?);
        }
        Ok(())
    }

    /// A key that went through JSON.
    pub fn key_through_json(&mut self, key: &str) -> Result<(), Error> {
        if is_word(key) {
            self.word_key(key);
            return Ok(());
        }
        let text = through_json(key)?;
        // No escape is longer than six characters for a byte. A NEL ends the line of the key.
        let long = key.len() > MOST_KEY_CHARACTERS / 6 && json_length(key) > MOST_KEY_CHARACTERS;
        if long || !key.is_ascii() && key.contains('\u{85}') {
            return Err(Error::plain("did not find expected ',' or '}'", None));
        }
        self.key(&text);
        Ok(())
    }
}

fn through_json(text: &str) -> Result<Cow<'_, str>, Error> {
    // One pass without branches settles nearly every text.
    if text.bytes().fold(0, u8::max) < 0x7f {
        return Ok(Cow::Borrowed(text));
    }
    // JSON leaves these as they are, and the YAML reader refuses or folds them.
    let touched = |rune: char| matches!(rune, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(touched) {
        return Ok(Cow::Borrowed(text));
    }
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for rune in text.chars() {
        match rune {
            '"' | '\\' => {
                json.push('\\');
                json.push(rune);
            }
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\0'..' ' | '\u{2028}' | '\u{2029}' | '<' | '>' | '&' => {
                // Writing to a string cannot fail.
                let _ = write!(json, "\\u{:04x}", u32::from(rune));
            }
            _ => json.push(rune),
        }
    }
    json.push('"');
    let checked = crate::read::Text::new(json.as_bytes());
    let document = checked.first_document()?;
    let value = document.and_then(|document| match &document.node(document.root()).kind {
        NodeKind::Scalar(scalar) => Some(scalar.value.as_ref().to_owned()),
        _ => None,
    });
    Ok(Cow::Owned(value.unwrap_or_default()))
}

/// The characters of a text in JSON, with its quotes.
fn json_length(text: &str) -> usize {
    let width = |rune: char| match rune {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..' ' | '\u{2028}' | '\u{2029}' | '<' | '>' | '&' => 6,
        _ => 1,
    };
    text.chars().map(width).sum::<usize>() + 2
}
