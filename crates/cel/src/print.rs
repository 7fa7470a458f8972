//! Values as expressions write them.

use std::fmt::{self, Write};

use crate::value::{Key, Kind, Value};

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Null => out.write_str("null"),
            Kind::Bool(value) => write!(out, "{value}"),
            Kind::Int(value) => write!(out, "{value}"),
            Kind::Uint(value) => write!(out, "{value}u"),
            Kind::Double(value) => double(out, *value),
            Kind::String(text) => quoted(out, text),
            Kind::Bytes(bytes) => {
                out.write_str("b\"")?;
                bytes.iter().try_for_each(|byte| match byte {
                    b'"' | b'\\' => write!(out, "\\{}", char::from(*byte)),
                    b' '..=b'~' => out.write_char(char::from(*byte)),
                    _ => write!(out, "\\{byte:03o}"),
                })?;
                out.write_char('"')
            }
            Kind::List(items) => {
                out.write_char('[')?;
                separated(out, items.iter(), |out, item| write!(out, "{item}"))?;
                out.write_char(']')
            }
            Kind::Map(entries) => {
                out.write_char('{')?;
                separated(out, entries.iter(), |out, (key, value)| write!(out, "{key}: {value}"))?;
                out.write_char('}')
            }
            Kind::Object(object) => out.write_str(object.type_name()),
            Kind::Optional(None) => out.write_str("optional.none()"),
            Kind::Optional(Some(value)) => write!(out, "optional.of({value})"),
            Kind::Type(name) => out.write_str(name),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(out, "{value}"),
            Self::Int(value) => write!(out, "{value}"),
            Self::Uint(value) => write!(out, "{value}u"),
            Self::String(text) => quoted(out, text),
        }
    }
}

fn separated<T>(
    out: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = T>,
    mut one: impl FnMut(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.write_str(", ")?;
        }
        one(out, item)?;
    }
    Ok(())
}

/// A double that is read as one again.
fn double(out: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let text = strconv::format_float(value, b'g', None, 64);
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    out.write_str(&text)?;
    out.write_str(if is_plain { ".0" } else { "" })
}

fn quoted(out: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(out, "\\{c}")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            c if c.is_control() => write!(out, "\\u{:04x}", u32::from(c))?,
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}
