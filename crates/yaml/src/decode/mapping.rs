//! Mappings: keys made text, merges, and keys given twice.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Build, Decoder, JsonFaults, Value, go_syntax, meaning_of};
use crate::error::Error;
use crate::resolve::Meaning;
use crate::tree::{Document, NodeId, NodeKind, Scalar};

/// Keys and values in their order.
type Pairs<'d, V> = Vec<(Cow<'d, str>, V)>;

/// The entries of a mapping while it is read.
struct Entries<'d, V> {
    list: Pairs<'d, V>,
    /// What of them JSON cannot have, by place.
    faults: Vec<(usize, JsonFaults)>,
    /// In strict mode, the keys there are: `1`, `1.0` and `"1"` are three keys.
    seen: Option<HashSet<(&'static str, String)>>,
}

impl<V> Entries<'_, V> {
    /// The faults of entries that no later one replaces. Go meets those of numbers in the order of
    /// the keys.
    fn faults_that_count(&mut self) -> JsonFaults {
        if self.faults.is_empty() {
            return JsonFaults::default();
        }
        let list = &self.list;
        let last: HashMap<&str, usize> =
            list.iter().enumerate().map(|(place, (key, _))| (&**key, place)).collect();
        self.faults.retain(|(place, _)| last.get(&*list[*place].0) == Some(place));
        self.faults.sort_by(|(a, _), (b, _)| list[*a].0.cmp(&list[*b].0));
        self.faults.drain(..).fold(JsonFaults::default(), |all, (_, next)| all.or(next))
    }
}

/// A key as text, and in Go's syntax where that is asked for.
struct Key<'d> {
    text: Cow<'d, str>,
    syntax: String,
    /// The tag of its kind, which tells keys of the same syntax apart.
    tag: &'static str,
    /// Why JSON cannot have it: its Go type.
    unsupported: Option<&'static str>,
}

impl<'d, 'a, B: Build> Decoder<'d, 'a, B> {
    pub(super) fn mapping(&mut self, id: NodeId) -> Result<Pairs<'d, B::Value>, Error> {
        let mut entries = Entries {
            list: Vec::with_capacity(self.document.children(id).len() / 2),
            faults: Vec::new(),
            seen: self.strict.then(HashSet::new),
        };
        let before = std::mem::take(&mut self.faults);
        self.entries_into(id, &mut entries)?;
        self.faults = before.or(entries.faults_that_count());
        Ok(entries.list)
    }

    fn entries_into(
        &mut self,
        id: NodeId,
        entries: &mut Entries<'d, B::Value>,
    ) -> Result<(), Error> {
        let document = self.document;
        for (key_id, value_id) in document.entries(id) {
            if is_merge(document, key_id) {
                self.merge(value_id, entries)?;
                continue;
            }
            let key = self.key(key_id)?;
            let value = self.node(value_id)?;
            let mut faults = std::mem::take(&mut self.faults);
            if let Some(kind) = key.unsupported {
                faults.key = Some(Error::UnsupportedKey {
                    kind,
                    key: key.syntax.clone(),
                    value: go_syntax::outer(document, value_id),
                });
            }
            if let Some(seen) = &mut entries.seen
                && !seen.insert((key.tag, key.syntax.clone()))
            {
                // Go counts the line of the value, whose key may stand before it.
                let line = document.node(value_id).span.start.line + 1;
                let problem = format!("line {line}: key {} already set in map", key.syntax);
                self.type_errors.push(problem);
                continue;
            }
            if faults.key.is_some() || faults.number.is_some() {
                entries.faults.push((entries.list.len(), faults));
            }
            entries.list.push((key.text, value));
        }
        Ok(())
    }

    /// Puts the entries of a merged mapping in. They override what came before, as in Go.
    fn merge(&mut self, id: NodeId, entries: &mut Entries<'d, B::Value>) -> Result<(), Error> {
        let document = self.document;
        if matches!(document.node(id).kind, NodeKind::Sequence(_)) {
            // Backwards, so that the first one listed counts most.
            for &item in document.children(id).iter().rev() {
                self.merge_one(item, entries)?;
            }
            return Ok(());
        }
        self.merge_one(id, entries)
    }

    fn merge_one(&mut self, id: NodeId, entries: &mut Entries<'d, B::Value>) -> Result<(), Error> {
        let document = self.document;
        let target = document.resolved(id);
        if !matches!(document.node(target).kind, NodeKind::Mapping(_)) {
            let problem = "map merge requires map or sequence of maps as the value";
            return Err(self.plain(problem, id));
        }
        self.count(id)?;
        let alias = match document.node(id).kind {
            NodeKind::Alias { name, .. } => Some(name),
            _ => None,
        };
        if let Some(name) = alias {
            self.enter_alias(id, name)?;
            self.count(target)?;
        }
        self.enter(id)?;
        self.entries_into(target, entries)?;
        self.depth -= 1;
        if alias.is_some() {
            self.leave_alias(id);
        }
        Ok(())
    }

    fn key(&mut self, id: NodeId) -> Result<Key<'d>, Error> {
        let document = self.document;
        self.count(id)?;
        match &document.node(id).kind {
            NodeKind::Scalar(scalar) => self.scalar_key(id, scalar),
            NodeKind::Alias { name, target } => {
                self.enter_alias(id, name)?;
                let key = self.key(*target)?;
                self.leave_alias(id);
                Ok(key)
            }
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
                // What is wrong inside comes first.
                self.decode_count -= 1;
                self.node(id)?;
                let problem = format!("invalid map key: {}", go_syntax::inner(document, id));
                Err(self.plain(problem, id))
            }
        }
    }

    fn scalar_key(&mut self, id: NodeId, scalar: &'d Scalar<'a>) -> Result<Key<'d>, Error> {
        let value = meaning_of(scalar).map_err(|problem| self.plain(problem, id))?;
        let text: Cow<'d, str> = match &value {
            Value::Binary(text) => Cow::Owned(text.clone()),
            Value::Text | Value::Plain(Meaning::Text | Meaning::Timestamp) => {
                Cow::Borrowed(scalar.value.as_ref())
            }
            Value::Plain(meaning) => Cow::Owned(key_text(*meaning)),
        };
        let unsupported = match value {
            Value::Plain(Meaning::Null) => Some("%!s(<nil>)"),
            Value::Plain(Meaning::Uint(_)) => Some("uint64"),
            _ => None,
        };
        let tag = match value {
            Value::Plain(meaning) => meaning.tag(),
            Value::Text | Value::Binary(_) => "!!str",
        };
        let tag = if tag == "!!timestamp" { "!!str" } else { tag };
        let syntax = match value {
            _ if !self.strict && unsupported.is_none() => String::new(),
            Value::Plain(meaning) if !matches!(meaning, Meaning::Text | Meaning::Timestamp) => {
                go_syntax::of_meaning(meaning).unwrap_or_else(|| "<nil>".to_owned())
            }
            _ => strconv::quote(text.as_bytes()),
        };
        Ok(Key { text, syntax, tag, unsupported })
    }
}

/// A key as `sigs.k8s.io/yaml` writes it; floats as if they had 32 bits, as it has them.
fn key_text(meaning: Meaning) -> String {
    match meaning {
        Meaning::Bool(value) => value.to_string(),
        Meaning::Int(value) => value.to_string(),
        Meaning::Uint(value) => value.to_string(),
        Meaning::Float(value) => match strconv::format_float(value, b'g', None, 32).as_str() {
            "+Inf" => ".inf".to_owned(),
            "-Inf" => "-.inf".to_owned(),
            "NaN" => ".nan".to_owned(),
            other => other.to_owned(),
        },
        Meaning::Null | Meaning::Timestamp | Meaning::Text => String::new(),
    }
}

/// The key `<<`, plain or with its tag.
pub(super) fn is_merge(document: &Document<'_>, id: NodeId) -> bool {
    match &document.node(id).kind {
        NodeKind::Scalar(scalar) => {
            scalar.value == "<<" && (scalar.implicit || *scalar.tag == *b"tag:yaml.org,2002:merge")
        }
        _ => false,
    }
}
