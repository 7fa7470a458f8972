//! The tree to values, as `sigs.k8s.io/yaml` gives them: mappings with text keys, no dates, no NaN.
//!
//! The values themselves are made by a [`Build`], so that nothing is built twice.

mod base64;
mod go_syntax;
mod mapping;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::error::Error;
use crate::resolve::{Meaning, resolve_with};
use crate::tree::{Document, NodeId, NodeKind, Scalar};

/// The most collections within each other. Go allows 10 000; no manifest has a hundred, and a
/// value this deep can still be walked and dropped on a thread's stack.
const MAX_DEPTH: usize = 1000;

/// The most text that aliases may repeat in one document. Go counts nodes only, and would copy a
/// long text a hundred thousand times.
const MAX_ALIAS_BYTES: usize = 64 << 20;

/// Makes values of the caller's own kind.
pub trait Build {
    /// The kind.
    type Value;
    /// The value of `null`.
    fn null(&mut self) -> Self::Value;
    /// A boolean.
    fn bool(&mut self, value: bool) -> Self::Value;
    /// A whole number.
    fn int(&mut self, value: i64) -> Self::Value;
    /// A whole number beyond the signed ones.
    fn uint(&mut self, value: u64) -> Self::Value;
    /// A finite number with a point or an exponent.
    fn float(&mut self, value: f64) -> Self::Value;
    /// A text.
    fn text(&mut self, value: Cow<'_, str>) -> Self::Value;
    /// A list.
    fn list(&mut self, items: Vec<Self::Value>) -> Self::Value;
    /// A mapping. A key may come several times: the last one counts.
    fn map(&mut self, entries: Vec<(Cow<'_, str>, Self::Value)>) -> Self::Value;
}

/// What a reader may insist on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Of keys given twice, the last counts: `yaml.Unmarshal`.
    #[default]
    Lenient,
    /// A key given twice is an error: `yaml.UnmarshalStrict`.
    Strict,
}

/// Reads the whole document.
pub(crate) fn decode<B: Build>(
    document: &Document<'_>,
    strictness: Strictness,
    build: &mut B,
) -> Result<B::Value, Error> {
    let mut decoder = Decoder {
        document,
        build,
        strict: strictness == Strictness::Strict,
        type_errors: Vec::new(),
        faults: JsonFaults::default(),
        active_aliases: HashSet::new(),
        // The document itself counts in Go.
        decode_count: 1,
        alias_count: 0,
        alias_depth: 0,
        alias_bytes: 0,
        depth: 0,
    };
    let value = decoder.node(document.root())?;
    if !decoder.type_errors.is_empty() {
        return Err(Error::Type(decoder.type_errors));
    }
    match decoder.faults.key.or(decoder.faults.number) {
        Some(error) => Err(error),
        None => Ok(value),
    }
}

struct Decoder<'d, 'a, B> {
    document: &'d Document<'a>,
    build: &'d mut B,
    strict: bool,
    /// Faults that Go collects and reports at the end.
    type_errors: Vec<String>,
    faults: JsonFaults,
    active_aliases: HashSet<NodeId>,
    decode_count: u64,
    alias_count: u64,
    alias_depth: u64,
    /// The texts that aliases have repeated so far.
    alias_bytes: usize,
    depth: usize,
}

/// What JSON cannot have of a value; Go looks for that after the reading.
#[derive(Default)]
struct JsonFaults {
    /// A key.
    key: Option<Error>,
    /// A number: Go meets these last.
    number: Option<Error>,
}

impl JsonFaults {
    fn or(self, later: Self) -> Self {
        Self { key: self.key.or(later.key), number: self.number.or(later.number) }
    }
}

/// What share of the nodes may come from aliases, after so many nodes: generous for small
/// documents, strict for large ones, so that the work stays bounded.
fn allowed_alias_ratio(decode_count: u64) -> f64 {
    const LOW: u64 = 400_000;
    const HIGH: u64 = 4_000_000;
    match decode_count {
        0..=LOW => 0.99,
        HIGH.. => 0.10,
        _ => 0.99 - 0.89 * ((decode_count - LOW) as f64 / (HIGH - LOW) as f64),
    }
}

impl<'d, 'a, B: Build> Decoder<'d, 'a, B> {
    fn node(&mut self, id: NodeId) -> Result<B::Value, Error> {
        self.count(id)?;
        match &self.document.node(id).kind {
            NodeKind::Scalar(scalar) => self.scalar(id, scalar),
            NodeKind::Alias { name, target } => {
                self.enter_alias(id, name)?;
                let value = self.node(*target)?;
                self.leave_alias(id);
                Ok(value)
            }
            NodeKind::Sequence(_) => {
                self.enter(id)?;
                let children = self.document.children(id);
                let mut items = Vec::with_capacity(children.len());
                for &child in children {
                    items.push(self.node(child)?);
                }
                self.depth -= 1;
                Ok(self.build.list(items))
            }
            NodeKind::Mapping(_) => {
                self.enter(id)?;
                let entries = self.mapping(id)?;
                self.depth -= 1;
                Ok(self.build.map(entries))
            }
        }
    }

    fn count(&mut self, id: NodeId) -> Result<(), Error> {
        self.decode_count += 1;
        if self.alias_depth == 0 {
            return Ok(());
        }
        self.alias_count += 1;
        if self.alias_count > 100 && self.decode_count > 1000 {
            let ratio = self.alias_count as f64 / self.decode_count as f64;
            if ratio > allowed_alias_ratio(self.decode_count) {
                return Err(self.plain("document contains excessive aliasing", id));
            }
        }
        Ok(())
    }

    fn enter(&mut self, id: NodeId) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.plain(format!("exceeded max depth of {MAX_DEPTH}"), id));
        }
        Ok(())
    }

    fn enter_alias(&mut self, id: NodeId, name: &str) -> Result<(), Error> {
        if !self.active_aliases.insert(id) {
            return Err(self.plain(format!("anchor '{name}' value contains itself"), id));
        }
        self.alias_depth += 1;
        Ok(())
    }

    fn leave_alias(&mut self, id: NodeId) {
        self.alias_depth -= 1;
        self.active_aliases.remove(&id);
    }

    fn plain(&self, problem: impl Into<Cow<'static, str>>, id: NodeId) -> Error {
        Error::plain(problem, Some(self.document.node(id).span.start))
    }

    fn scalar(&mut self, id: NodeId, scalar: &'d Scalar<'a>) -> Result<B::Value, Error> {
        let value = Cow::Borrowed(scalar.value.as_ref());
        if self.alias_depth > 0 {
            self.alias_bytes += value.len();
            if self.alias_bytes > MAX_ALIAS_BYTES {
                return Err(self.plain("document contains excessive aliasing", id));
            }
        }
        Ok(match meaning_of(scalar).map_err(|problem| self.plain(problem, id))? {
            Value::Text => self.build.text(value),
            Value::Binary(text) => self.build.text(Cow::Owned(text)),
            Value::Plain(meaning) => match meaning {
                Meaning::Null => self.build.null(),
                Meaning::Bool(value) => self.build.bool(value),
                Meaning::Int(value) => self.build.int(value),
                Meaning::Uint(value) => self.build.uint(value),
                Meaning::Float(value) if value.is_finite() => self.build.float(value),
                Meaning::Float(value) => {
                    let name = match value {
                        f64::INFINITY => "+Inf",
                        f64::NEG_INFINITY => "-Inf",
                        _ => "NaN",
                    };
                    self.faults.number.get_or_insert(Error::UnsupportedValue(name));
                    self.build.null()
                }
                Meaning::Timestamp | Meaning::Text => self.build.text(value),
            },
        })
    }
}

/// What a scalar node comes to.
enum Value {
    /// Its text.
    Text,
    /// What its base64 text spells, with U+FFFD for what is no UTF-8, as JSON has it.
    Binary(String),
    /// What its text means.
    Plain(Meaning),
}

const TAG_PREFIX: &[u8] = b"tag:yaml.org,2002:";

/// Heeds the tag, if there is one.
fn meaning_of(scalar: &Scalar<'_>) -> Result<Value, String> {
    let text = scalar.value.as_ref();
    if scalar.tag.is_empty() {
        let plain = scalar.implicit;
        return Ok(if plain { Value::Plain(resolve_with(text, true)) } else { Value::Text });
    }
    let Some(name) = scalar.tag.strip_prefix(TAG_PREFIX) else { return Ok(Value::Text) };
    let mut meaning = match name {
        b"binary" => {
            let data = base64::decode(text).ok_or("!!binary value contains invalid base64 data")?;
            return Ok(Value::Binary(strconv::to_valid_utf8(&data).into_owned()));
        }
        b"bool" | b"int" | b"float" | b"null" => resolve_with(text, false),
        b"timestamp" => resolve_with(text, true),
        _ => return Ok(Value::Text),
    };
    if let (b"float", Meaning::Int(value)) = (name, meaning) {
        meaning = Meaning::Float(value as f64);
    }
    if meaning.tag().as_bytes().strip_prefix(b"!!") != Some(name) {
        let wanted = String::from_utf8_lossy(name);
        return Err(format!("cannot decode {} `{text}` as a !!{wanted}", meaning.tag()));
    }
    Ok(Value::Plain(meaning))
}
