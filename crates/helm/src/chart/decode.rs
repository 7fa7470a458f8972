//! From parsed YAML to the structs of Chart.yaml and Chart.lock, with the rules and the error
//! texts of Go's JSON decoder as `sigs.k8s.io/yaml` drives it.
//!
//! Not here: which fields there are (see `metadata`). The rules: field names match without regard
//! to case, unknown ones are ignored, a number or a boolean becomes text where text is wanted, a
//! null leaves the field alone, the first misfit in key order is the error.

use functions::time::{Time, Zone, parse};

use crate::values::{Plain, Table};

const RFC3339: &[u8] = b"2006-01-02T15:04:05Z07:00";

/// A value that does not fit its field, worded as Go words it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It is of another type.
    #[error("json: cannot unmarshal {found} into {place} of type {wanted}")]
    Type {
        /// What it is, in JSON's words.
        found: &'static str,
        /// Where it stands.
        place: String,
        /// The Go type that is wanted.
        wanted: &'static str,
    },
    /// It is a text that is no moment.
    #[error("{0}")]
    Moment(String),
}

impl Misfit {
    /// A whole document that is not of that Go type.
    pub fn whole(found: &Plain, wanted: &'static str) -> Self {
        Place::root().misfit(found, wanted)
    }
}

/// Where in the document a value stands. Go words a misfit in a struct's field or a map's entry
/// differently from one directly in a list. The path is put together only for a misfit.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    name: Name<'p>,
}

#[derive(Clone, Copy)]
enum Name<'p> {
    Root,
    Field(&'p str),
    Item(usize),
}

impl<'p> Place<'p> {
    /// The whole document, to be decoded into that Go type.
    pub(crate) fn root() -> Self {
        Self { outer: None, name: Name::Root }
    }

    pub(crate) fn field(&'p self, name: &'p str) -> Self {
        Self { outer: Some(self), name: Name::Field(name) }
    }

    fn item(&'p self, index: usize) -> Self {
        Self { outer: Some(self), name: Name::Item(index) }
    }

    fn path(&self) -> String {
        let outer = self.outer.map(Self::path).unwrap_or_default();
        match self.name {
            Name::Root => outer,
            Name::Field(name) => format!("{outer}.{name}"),
            Name::Item(index) => format!("{outer}.{index}"),
        }
    }

    fn misfit(&self, found: &Plain, wanted: &'static str) -> Misfit {
        let place = match self.name {
            Name::Root => "Go value".to_owned(),
            Name::Field(_) => format!("Go struct field {}", self.path()),
            Name::Item(_) => self.path(),
        };
        Misfit::Type { found: found.json_kind(), place, wanted }
    }
}

/// `string`; numbers and booleans count as their text. `None` for null.
pub(crate) fn text(value: &Plain, place: &Place<'_>) -> Result<Option<String>, Misfit> {
    Ok(Some(match value {
        Plain::Null => return Ok(None),
        Plain::Str(text) => text.to_text().into_owned(),
        Plain::Bool(flag) => flag.to_string(),
        Plain::Int(number) => number.to_string(),
        // The library formats as for 32 bits, which Chart.yaml's `appVersion: 1.10` feels.
        Plain::Float(number) => strconv::format_float(*number, b'g', None, 32),
        other => return Err(place.misfit(other, "string")),
    }))
}

/// `time.Time`, from a text of RFC 3339 as far as Go insists on it. `None` for null.
pub(crate) fn moment(value: &Plain, place: &Place<'_>) -> Result<Option<Time>, Misfit> {
    match value {
        Plain::Null => Ok(None),
        Plain::Str(text) => parse(RFC3339, text.to_text().as_bytes(), &Zone::utc())
            .map(Some)
            .map_err(Misfit::Moment),
        other => Err(place.misfit(other, "time.Time")),
    }
}

/// `bool`. `None` for null.
pub(crate) fn flag(value: &Plain, place: &Place<'_>) -> Result<Option<bool>, Misfit> {
    match value {
        Plain::Null => Ok(None),
        Plain::Bool(flag) => Ok(Some(*flag)),
        other => Err(place.misfit(other, "bool")),
    }
}

/// A slice of that Go type, each item by `decode`. `None` for null.
pub(crate) fn list<T>(
    value: &Plain,
    place: &Place<'_>,
    wanted: &'static str,
    decode: impl Fn(&Plain, &Place<'_>) -> Result<T, Misfit>,
) -> Result<Option<Vec<T>>, Misfit> {
    match value {
        Plain::Null => Ok(None),
        Plain::List(items) => {
            let decoded = items.iter().enumerate().map(|(i, item)| decode(item, &place.item(i)));
            decoded.collect::<Result<_, _>>().map(Some)
        }
        other => Err(place.misfit(other, wanted)),
    }
}

/// `[]string`; a null item is an empty text.
pub(crate) fn texts(value: &Plain, place: &Place<'_>) -> Result<Option<Vec<String>>, Misfit> {
    list(value, place, "[]string", |item, at| Ok(text(item, at)?.unwrap_or_default()))
}

/// `map[string]string`; a null entry is an empty text.
pub(crate) fn text_map(
    value: &Plain,
    place: &Place<'_>,
) -> Result<Option<Vec<(String, String)>>, Misfit> {
    let Some(table) = object(value, place, "map[string]string")? else { return Ok(None) };
    let decoded = table.iter().map(|(key, value)| {
        let name = key.to_text().into_owned();
        let text = text(value, &place.field(&name))?.unwrap_or_default();
        Ok((name, text))
    });
    decoded.collect::<Result<_, _>>().map(Some)
}

/// A struct or a map of that Go type, still undecoded. `None` for null.
pub(crate) fn object<'v>(
    value: &'v Plain,
    place: &Place<'_>,
    wanted: &'static str,
) -> Result<Option<&'v Table>, Misfit> {
    match value {
        Plain::Null => Ok(None),
        Plain::Map(table) => Ok(Some(table)),
        other => Err(place.misfit(other, wanted)),
    }
}

/// The known field that a key means, and its place. Go's decoder takes the exact name or any
/// spelling of it in other cases.
pub(crate) fn known_field<'n>(
    key: &[u8],
    names: &[&'n str],
    place: &'n Place<'n>,
) -> Option<(&'n str, Place<'n>)> {
    let name = names.iter().find(|name| name.as_bytes().eq_ignore_ascii_case(key))?;
    Some((name, place.field(name)))
}
