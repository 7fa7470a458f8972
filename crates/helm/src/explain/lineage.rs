//! What is known of a value: the pieces of its text with their origins, and the same of the entries of
//! tables and lists that templates make.

use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use gotmpl::value::{Map, Value};

use super::record::{Recorder, address, below};
use super::{Certainty, Origin, Segment};

/// The pieces of a value's text as an action prints it; none where nothing is known.
#[derive(Clone, Default)]
pub(super) struct Lineage(Option<Rc<Vec<Segment>>>);

impl Lineage {
    pub fn new(segments: Vec<Segment>) -> Self {
        Self((!segments.is_empty()).then(|| Rc::new(segments)))
    }

    /// One piece.
    pub fn whole(length: usize, origin: Origin) -> Self {
        Self::new(vec![Segment { start: 0, end: length, origin: Rc::new(origin) }])
    }

    /// The values in it, each once.
    pub fn values(&self) -> Vec<(String, Certainty)> {
        let mut values: Vec<(String, Certainty)> = Vec::new();
        for value in self.iter().flat_map(|segment| &segment.origin.values) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    }

    /// The same with each origin changed.
    pub fn map(&self, change: impl Fn(&mut Origin)) -> Self {
        let changed = |segment: &Segment| {
            let mut origin = Origin::clone(&segment.origin);
            change(&mut origin);
            Segment { origin: Rc::new(origin), ..segment.clone() }
        };
        Self::new(self.iter().map(changed).collect())
    }
}

impl Deref for Lineage {
    type Target = [Segment];
    fn deref(&self) -> &[Segment] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// What is known of tables and lists by their addresses. Each is kept, so that no address is used
/// twice.
#[derive(Default)]
pub(super) struct Containers {
    /// Those that stand in the values, by their paths.
    paths: HashMap<usize, (String, Value)>,
    /// The entries of tables that templates make.
    members: HashMap<usize, (Value, HashMap<Vec<u8>, Lineage>)>,
    /// The keys of tables that templates make.
    keys: HashMap<usize, (Value, HashMap<Vec<u8>, Lineage>)>,
    /// The items of lists that templates make.
    items: HashMap<usize, (Value, HashMap<usize, Lineage>)>,
}

/// Where an entry stands in its table or list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(Vec<u8>),
    Index(usize),
}

impl Step {
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Str(key) => Some(Self::Key(key.as_bytes().to_vec())),
            Value::Int(index) | Value::Int64(index) => {
                usize::try_from(*index).ok().map(Self::Index)
            }
            _ => None,
        }
    }

    pub fn below(&self, path: &str) -> String {
        match self {
            Self::Key(key) => below(path, key),
            Self::Index(index) => format!("{path}[{index}]"),
        }
    }

    /// The entry itself.
    pub fn entry(&self, of: &Value) -> Option<Value> {
        match (self, of) {
            (Self::Key(key), Value::Map(map)) => map.get(key),
            (Self::Index(index), Value::List(list)) => list.get(*index).cloned(),
            _ => None,
        }
    }
}

fn address_of(value: &Value) -> Option<usize> {
    match value {
        Value::Map(map) => Some(map.address()),
        // All lists without items have one address.
        Value::List(list) if !list.is_empty() => Some(address(list)),
        _ => None,
    }
}

/// Where an object stands that charts read like a table: there is but one of each type.
pub(super) fn path_of_object(value: &Value) -> Option<&'static str> {
    let Value::Object(object) = value else { return None };
    match object.type_name() {
        "*common.Capabilities" => Some(".Capabilities"),
        "common.KubeVersion" => Some(".Capabilities.KubeVersion"),
        "version.BuildInfo" => Some(".Capabilities.HelmVersion"),
        _ => None,
    }
}

impl Containers {
    /// The table or list stands in the values at that path.
    pub fn know(&mut self, value: &Value, path: &str) {
        if let Some(address) = address_of(value) {
            self.paths.insert(address, (path.to_owned(), value.clone()));
        }
    }

    /// The path of a table or list of values.
    pub fn path_of(&self, value: &Value) -> Option<&String> {
        self.paths.get(&address_of(value)?).map(|(path, _)| path)
    }

    /// An entry of a table or list that a template has made or changed.
    pub fn keep(&mut self, of: &Value, step: Step, lineage: Lineage) {
        let Some(address) = address_of(of) else { return };
        let keep = || (of.clone(), HashMap::new());
        match step {
            Step::Key(key) => {
                self.members.entry(address).or_insert_with(keep).1.insert(key, lineage);
            }
            Step::Index(index) => {
                let keep = || (of.clone(), HashMap::new());
                self.items.entry(address).or_insert_with(keep).1.insert(index, lineage);
            }
        }
    }

    /// The key of an entry of a table that a template has made.
    pub fn keep_key(&mut self, of: &Value, key: &[u8], lineage: Lineage) {
        let Some(address) = address_of(of) else { return };
        let keep = || (of.clone(), HashMap::new());
        self.keys.entry(address).or_insert_with(keep).1.insert(key.to_vec(), lineage);
    }

    /// What was kept of a key.
    pub fn kept_key(&self, of: &Value, step: &Step) -> Option<&Lineage> {
        let Step::Key(key) = step else { return None };
        self.keys.get(&address_of(of)?)?.1.get(key)
    }

    /// What was kept of an entry.
    pub fn kept(&self, of: &Value, step: &Step) -> Option<&Lineage> {
        let address = address_of(of)?;
        let found = match step {
            Step::Key(key) => self.members.get(&address)?.1.get(key),
            Step::Index(index) => self.items.get(&address)?.1.get(index),
        };
        found.filter(|lineage| !lineage.is_empty())
    }

    /// Whether nothing but its path is known.
    pub fn is_untouched(&self, value: &Value) -> bool {
        address_of(value).is_some_and(|address| {
            self.paths.contains_key(&address)
                && !self.members.contains_key(&address)
                && !self.items.contains_key(&address)
        })
    }
}

/// The steps to the entries of a table or list, in order.
pub(super) fn steps_of(value: &Value) -> Vec<Step> {
    match value {
        Value::Map(map) => keys(map).into_iter().map(Step::Key).collect(),
        Value::List(list) => (0..list.len()).map(Step::Index).collect(),
        _ => Vec::new(),
    }
}

fn keys(map: &Map) -> Vec<Vec<u8>> {
    map.entries().keys().map(|key| key.as_bytes().to_vec()).collect()
}

/// The text that an action would print.
pub(super) fn printed(value: &Value) -> Vec<u8> {
    let mut text = Vec::new();
    match value {
        Value::Str(own) => text.extend_from_slice(own.as_bytes()),
        // What is missing leaves nothing in a file.
        Value::Nil | Value::Map(_) | Value::List(_) | Value::Object(_) => {}
        scalar => {
            gotmpl::fmt::print(&mut text, scalar);
        }
    }
    text
}

impl Recorder {
    /// What is known of an entry, be it read or not.
    pub(super) fn lineage_of(&self, of: &Value, step: &Step) -> Lineage {
        let Some(value) = step.entry(of) else { return Lineage::default() };
        if let Some(kept) = self.containers.kept(of, step) {
            return kept.clone();
        }
        match self.containers.path_of(of) {
            Some(path) => self.lineage_at(&step.below(path), &value),
            None => self.lineage_by_address(&value),
        }
    }

    /// What stands in the values at that path.
    pub(super) fn lineage_at(&self, path: &str, value: &Value) -> Lineage {
        let Some(place) = self.here() else { return Lineage::default() };
        let origin = Origin::at(place, vec![(path.to_owned(), self.certainty(path))]);
        Lineage::whole(printed(value).len(), origin)
    }

    /// A field of an object was read, or a method of it that only reads.
    pub(super) fn read_of_object(&mut self, of: &Value, name: &[u8], value: &Value) -> Lineage {
        let Some(above) = path_of_object(of) else { return Lineage::default() };
        let path = below(above, name);
        self.containers.know(value, &path);
        self.lineage_at(&path, value)
    }

    /// Texts, tables and lists are known again wherever they come from.
    pub(super) fn lineage_by_address(&self, value: &Value) -> Lineage {
        match value {
            Value::Str(text) if !text.is_empty() => {
                let known = self.strings.get(&text.address());
                known.map(|(_, lineage)| lineage.clone()).unwrap_or_default()
            }
            _ => match self.containers.path_of(value) {
                Some(path) => self.lineage_at(path, value),
                None => Lineage::default(),
            },
        }
    }

    /// The values in what a template has made, or in what is known of a value.
    pub(super) fn values_within(
        &self,
        value: &Value,
        lineage: &Lineage,
    ) -> Vec<(String, Certainty)> {
        /// More would say nothing.
        const MAX_ENTRIES: usize = 200;
        if !lineage.is_empty() {
            return lineage.values();
        }
        let mut found: Vec<(String, Certainty)> = Vec::new();
        let mut open = vec![value.clone()];
        let mut seen = 0;
        while let Some(container) = open.pop() {
            if let Some(path) = self.containers.path_of(&container) {
                found.push((path.clone(), Certainty::Within));
                continue;
            }
            for step in steps_of(&container) {
                seen += 1;
                if seen > MAX_ENTRIES {
                    return found;
                }
                let own = self.lineage_of(&container, &step).values();
                let new: Vec<_> = own.into_iter().filter(|one| !found.contains(one)).collect();
                if new.is_empty() {
                    open.extend(step.entry(&container));
                }
                found.extend(new);
            }
        }
        found
    }
}
