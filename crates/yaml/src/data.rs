//! A plain tree of values, for readers that have no kind of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::decode::Build;
use crate::order::sort_keys;
use crate::write::{Form, Writer};

/// What JSON could say, with Go's kinds of numbers kept apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Data {
    /// Nothing.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond the signed ones.
    Uint(u64),
    /// Any other number; never NaN or infinite.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// A mapping, in the order of its keys.
    Map(BTreeMap<String, Data>),
}

impl Data {
    /// The value at a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What `sigs.k8s.io/yaml` makes of this value where a Go string is wanted: numbers and
    /// booleans become text, numbers with a point as if they had 32 bits. None for the rest.
    pub fn coerced_to_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bool(value) => Cow::Owned(value.to_string()),
            Self::Int(value) => Cow::Owned(value.to_string()),
            Self::Uint(value) => Cow::Owned(value.to_string()),
            Self::Float(value) => Cow::Owned(strconv::format_float(*value, b'g', None, 32)),
            Self::Null | Self::List(_) | Self::Map(_) => return None,
        })
    }

    /// Writes this value, keys in go-yaml's order.
    pub fn write(&self, writer: &mut Writer, form: Form) {
        match self {
            Self::Null => writer.null(),
            Self::Bool(value) => writer.bool(*value),
            Self::Int(value) => writer.int(*value),
            Self::Uint(value) => writer.uint(*value),
            Self::Float(value) => writer.float(*value),
            Self::Text(text) => writer.text(text),
            Self::List(items) => {
                writer.begin_list();
                for item in items {
                    item.write(writer, form);
                }
                writer.end_list();
            }
            Self::Map(map) => {
                writer.begin_map();
                let mut entries: Vec<_> = map.iter().collect();
                sort_keys(&mut entries, form, |entry| entry.0);
                for (key, value) in entries {
                    writer.key(key);
                    value.write(writer, form);
                }
                writer.end_map();
            }
        }
    }

    /// What JSON calls this kind of value, as Go's messages do.
    pub fn json_kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Uint(_) | Self::Float(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
        }
    }
}

/// Builds [`Data`].
#[derive(Debug, Default)]
pub struct DataBuilder;

impl Build for DataBuilder {
    type Value = Data;

    fn null(&mut self) -> Data {
        Data::Null
    }

    fn bool(&mut self, value: bool) -> Data {
        Data::Bool(value)
    }

    fn int(&mut self, value: i64) -> Data {
        Data::Int(value)
    }

    fn uint(&mut self, value: u64) -> Data {
        Data::Uint(value)
    }

    fn float(&mut self, value: f64) -> Data {
        Data::Float(value)
    }

    fn text(&mut self, value: Cow<'_, str>) -> Data {
        Data::Text(value.into_owned())
    }

    fn list(&mut self, items: Vec<Data>) -> Data {
        Data::List(items)
    }

    fn map(&mut self, entries: Vec<(Cow<'_, str>, Data)>) -> Data {
        Data::Map(entries.into_iter().map(|(key, value)| (key.into_owned(), value)).collect())
    }
}
