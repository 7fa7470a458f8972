//! What functions do with what is known of their arguments.

use std::rc::Rc;

use gotmpl::trace::{Decision, Site};
use gotmpl::value::Value;

use super::align::{Known, align};
use super::lineage::{Lineage, Step, printed, steps_of};
use super::lists;
use super::record::{Recorder, address, below, place};
use super::uses::COPYING;
use super::{Certainty, Condition, Origin};

/// Functions whose result has nothing of their arguments' text, even where it looks so.
const OPAQUE: [&str; 17] = [
    "b64enc",
    "b64dec",
    "b32enc",
    "b32dec",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "adler32sum",
    "bcrypt",
    "htpasswd",
    "derivePassword",
    "encryptAES",
    "decryptAES",
    "buildCustomCert",
    "genCA",
    "genSignedCert",
    "len",
];

/// Functions that give a number another type.
const CONVERTING: [&str; 9] =
    ["int", "int64", "float64", "atoi", "toDecimal", "round", "floor", "ceil", "toString"];

const READING: [&str; 8] = [
    "fromYaml",
    "mustFromYaml",
    "fromYamlArray",
    "fromJson",
    "mustFromJson",
    "fromJsonArray",
    "fromYamlStrict",
    "mustFromJsonArray",
];

const WRITING: [&str; 8] = [
    "toYaml",
    "mustToYaml",
    "toYamlPretty",
    "toJson",
    "mustToJson",
    "toPrettyJson",
    "mustToPrettyJson",
    "toRawJson",
];

/// A call that has ended.
pub(super) struct Done<'a> {
    pub site: Site<'a>,
    pub name: &'a str,
    pub args: &'a [Value],
    pub known: &'a [Lineage],
    pub result: &'a Value,
}

impl Recorder {
    /// What is known of a call's result.
    pub(super) fn called(
        &mut self,
        site: Site<'_>,
        name: &str,
        args: &[Value],
        known: &[Lineage],
        result: &Value,
    ) -> Lineage {
        let done = Done { site, name, args, known, result };
        self.note_use(name, args, result);
        match (name, args) {
            ("include" | "tpl", _) => self.lineage_by_address(result),
            ("lookup" | "Get" | "GetBytes" | "Glob" | "Lines" | "AsConfig" | "AsSecrets", _) => {
                let found = self.found_elsewhere(name, args, result);
                found.unwrap_or_else(|| self.made(&done))
            }
            ("get" | "index" | "dig", [..]) => self.looked_up(&done),
            ("default", [_, given]) => self.passed_over(&done, usize::from(given.truth()), &[1]),
            ("coalesce", _) => {
                let chosen = args.iter().position(Value::truth).unwrap_or(args.len());
                let before: Vec<usize> = (0..chosen).collect();
                self.passed_over(&done, chosen, &before)
            }
            ("hasKey", [of, Value::Str(key)]) => match self.containers.path_of(of) {
                Some(path) => self.of_values(&done, vec![(below(path, key), Certainty::TookPart)]),
                None => self.took_part(&done),
            },
            ("GitVersion" | "String", [of @ Value::Object(_)]) => {
                self.read_of_object(of, name.as_bytes(), result)
            }
            ("first" | "mustFirst", [list @ Value::List(_)]) => self.item(&done, list, 0),
            ("last" | "mustLast", [list @ Value::List(items)]) => {
                self.item(&done, list, items.len().saturating_sub(1))
            }
            ("required", [_, _]) => known.get(1).cloned().unwrap_or_default(),
            ("ternary", [_, _, condition]) => self.either(&done, condition.truth()),
            _ => self.made(&done),
        }
    }

    /// `default` and `coalesce` take another value where one is empty: that belongs to the origins
    /// of what they give.
    fn passed_over(&self, done: &Done<'_>, chosen: usize, looked_at: &[usize]) -> Lineage {
        let own = done.known.get(chosen).cloned().unwrap_or_default();
        let looked_at = looked_at.iter().filter(|at| **at != chosen);
        let empty = looked_at.filter_map(|at| done.known.get(*at)?.first());
        let passed: Vec<(String, Certainty)> = empty
            .filter_map(|segment| segment.origin.values.first())
            .map(|(path, _)| (path.clone(), Certainty::PassedOver))
            .collect();
        if passed.is_empty() {
            return own;
        }
        if own.is_empty() {
            return self.of_values(done, passed);
        }
        own.map(|origin| {
            let new = passed.iter().filter(|one| !origin.values.contains(one));
            let new: Vec<_> = new.cloned().collect();
            origin.values.extend(new);
        })
    }

    /// `ternary` takes one of two by a third.
    fn either(&self, done: &Done<'_>, is_taken: bool) -> Lineage {
        let own = done.known.get(usize::from(!is_taken)).cloned().unwrap_or_default();
        let deciding = done.known.get(2).map(Lineage::values).unwrap_or_default();
        let condition = Rc::new(Condition {
            place: place(done.site),
            decision: Decision::If,
            is_taken,
            values: deciding.into_iter().map(|(path, _)| path).collect(),
        });
        let own = if own.is_empty() { self.of_values(done, Vec::new()) } else { own };
        own.map(|origin| origin.because.push(Rc::clone(&condition)))
    }

    fn of_values(&self, done: &Done<'_>, values: Vec<(String, Certainty)>) -> Lineage {
        let Some(place) = self.here() else { return Lineage::default() };
        Lineage::whole(printed(done.result).len(), Origin::at(place, values))
    }

    /// An item of a list.
    fn item(&mut self, done: &Done<'_>, list: &Value, at: usize) -> Lineage {
        let found = self.read(list, &Step::Index(at));
        if found.is_empty() { self.made(done) } else { found }
    }

    /// Steps into tables and lists: `get`, `index`, and `dig`, whose table comes last.
    fn looked_up(&mut self, done: &Done<'_>) -> Lineage {
        let (mut at, steps) = match (done.name, done.args) {
            ("dig", [steps @ .., _, table]) => (table.clone(), steps),
            ("get" | "index", [of, steps @ ..]) => (of.clone(), steps),
            _ => return self.made(done),
        };
        let mut lineage = Lineage::default();
        for step in steps {
            let Some(step) = Step::of(step) else { return self.made(done) };
            lineage = self.read(&at, &step);
            match step.entry(&at) {
                Some(entry) => at = entry,
                None if done.name == "dig" => {
                    let default = done.known.get(steps.len()).cloned().unwrap_or_default();
                    let passed = lineage.values().into_iter().map(|(path, _)| path);
                    let passed: Vec<_> = passed.map(|p| (p, Certainty::PassedOver)).collect();
                    let default =
                        if default.is_empty() { self.of_values(done, Vec::new()) } else { default };
                    return default.map(|origin| origin.values.extend(passed.clone()));
                }
                None => break,
            }
        }
        lineage
    }

    /// Any other function.
    fn made(&mut self, done: &Done<'_>) -> Lineage {
        let Done { site, name, args, known, result } = *done;
        if let Value::Map(_) | Value::List(_) = result {
            self.note_container(done);
            let known = self.lineage_by_address(result);
            return if known.is_empty() { self.took_part(done) } else { known };
        }
        let Value::Str(text) = result else {
            let is_converted = CONVERTING.contains(&name);
            let same = |arg: &Value| printed(arg) == printed(result);
            let own = args.iter().zip(known).find(|(arg, _)| is_converted && same(arg));
            let entry = || self.entry_of_arguments(args, result).filter(|_| !is_converted);
            return match own {
                Some((_, lineage)) => lineage.clone(),
                None if is_picking(name) => entry().unwrap_or_else(|| self.took_part(done)),
                None => self.took_part(done),
            };
        };
        // A function that hands an argument through adds nothing to what is known of it.
        let is_result =
            |arg: &Value| matches!(arg, Value::Str(own) if own.address() == text.address());
        if let Some((_, lineage)) = args.iter().zip(known).find(|(arg, _)| is_result(arg)) {
            return lineage.clone();
        }
        if let Some(lineage) = self.entry_of_arguments(args, result) {
            return lineage;
        }
        if text.is_empty() || OPAQUE.contains(&name) {
            return self.took_part(done);
        }
        if let Some(joined) = self.joined(done) {
            return joined;
        }
        let mut within = Vec::new();
        for (arg, own) in args.iter().zip(known) {
            let is_container = matches!(arg, Value::Map(_) | Value::List(_));
            let path = self.containers.path_of(arg).filter(|_| is_container);
            match path {
                Some(path) => within.push((path.clone(), Certainty::Within)),
                None if is_container => {
                    let values = self.values_within(arg, own).into_iter();
                    within.extend(values.map(|(path, how)| (path, how.once_used())));
                }
                None => {}
            }
        }
        let fallback = Origin::at(place(site), within);
        if let [value @ (Value::Map(_) | Value::List(_))] = args
            && WRITING.contains(&name)
            && !self.containers.is_untouched(value)
        {
            let written = self.lineage_written(text.as_bytes(), value, &fallback);
            if !written.is_empty() {
                return written;
            }
        }
        aligned(done, &fallback)
    }

    /// Nothing of the arguments is in the result, but it was made of them.
    fn took_part(&self, done: &Done<'_>) -> Lineage {
        let mut values: Vec<(String, Certainty)> = Vec::new();
        for (arg, own) in done.args.iter().zip(done.known) {
            for (path, certainty) in self.values_within(arg, own) {
                if !values.iter().any(|(known, _)| *known == path) {
                    values.push((path, certainty.once_used()));
                }
            }
        }
        let because = done.known.iter().flat_map(|own| own.iter());
        let because: Vec<Rc<Condition>> =
            because.flat_map(|segment| segment.origin.because.iter().cloned()).collect();
        if values.is_empty() && because.is_empty() {
            return Lineage::default();
        }
        self.of_values(done, values).map(|origin| origin.because.extend(because.iter().cloned()))
    }

    /// The entry of one of the arguments that is this very text (or this number, if only one is).
    fn entry_of_arguments(&self, args: &[Value], wanted: &Value) -> Option<Lineage> {
        let mut found = None;
        for arg in args {
            for step in steps_of(arg) {
                let is_it = step.entry(arg).is_some_and(|entry| is_same(&entry, wanted));
                if is_it {
                    let lineage = self.lineage_of(arg, &step);
                    if matches!(wanted, Value::Str(_)) {
                        return Some(lineage).filter(|lineage| !lineage.is_empty());
                    }
                    if found.is_some() {
                        return None;
                    }
                    found = Some(lineage);
                }
                if is_key(arg, &step, wanted) {
                    return self.lineage_of_key(arg, &step);
                }
            }
        }
        found.filter(|lineage| !lineage.is_empty())
    }

    /// A table or list that a function has made.
    fn note_container(&mut self, done: &Done<'_>) {
        let Done { name, args, known, result, .. } = *done;
        if is_picking(name) && self.know_picked(args, result) {
            return;
        }
        if self.know_copy(name, args, result) {
            return;
        }
        match (name, args) {
            ("dict", _) => {
                for (pair, known) in args.chunks(2).zip(known.chunks(2)) {
                    if let ([Value::Str(key), _], [of_key, of_value]) = (pair, known) {
                        let step = Step::Key(key.as_bytes().to_vec());
                        self.containers.keep(result, step, of_value.clone());
                        self.note_key(result, key.as_bytes(), of_key);
                    }
                }
            }
            ("list" | "tuple", _) => {
                for (index, lineage) in known.iter().enumerate() {
                    self.containers.keep(result, Step::Index(index), lineage.clone());
                }
            }
            ("set", [table, Value::Str(key), _]) => {
                let step = Step::Key(key.as_bytes().to_vec());
                self.containers.keep(table, step, known.get(2).cloned().unwrap_or_default());
                self.note_key(table, key.as_bytes(), &known.get(1).cloned().unwrap_or_default());
            }
            (_, [Value::Str(text)]) if READING.contains(&name) => {
                if let Some(lineage) = known.first() {
                    self.note_read_back(text, lineage, result);
                }
            }
            _ => match lists::places(name, args, result) {
                Some(places) => self.keep_placed(done, &places),
                None => self.adopt(result, args, known, 0),
            },
        }
        if COPYING.contains(&name) {
            self.keep_keys(args, result);
        }
        // Copies of tables (`merge`, `deepCopy`, `pick`, …) stand for the first table in them.
        if let Value::Map(_) = result
            && self.containers.path_of(result).is_none()
            && name != "dict"
            && !is_picking(name)
            && !READING.contains(&name)
            && let Some(path) = args.iter().find_map(|arg| self.containers.path_of(arg)).cloned()
        {
            self.containers.know(result, &path);
        }
    }

    /// A template has given an entry this key; what nothing is known of is its own text.
    fn note_key(&mut self, of: &Value, key: &[u8], known: &Lineage) {
        let Some(here) = self.here() else { return };
        let own = || Lineage::whole(key.len(), Origin::at(here, Vec::new()));
        let lineage = if known.is_empty() { own() } else { known.clone() };
        self.containers.keep_key(of, key, lineage);
    }

    /// The keys of a table that was put together of others are those of the first that has them.
    fn keep_keys(&mut self, args: &[Value], result: &Value) {
        for step in steps_of(result) {
            let Step::Key(key) = &step else { continue };
            if self.containers.kept_key(result, &step).is_some() {
                continue;
            }
            let mut sources =
                args.iter().filter(|arg| !is_same(arg, result) && step.entry(arg).is_some());
            if let Some(lineage) = sources.find_map(|arg| self.lineage_of_key(arg, &step)) {
                self.containers.keep_key(result, key, lineage);
            }
        }
    }

    /// A table or list picked from another keeps its own path.
    fn know_picked(&mut self, args: &[Value], picked: &Value) -> bool {
        let mut steps =
            args.iter().flat_map(|arg| steps_of(arg).into_iter().map(move |at| (arg, at)));
        let found =
            steps.find(|(arg, at)| at.entry(arg).is_some_and(|entry| is_same(&entry, picked)));
        let Some((arg, at)) = found else { return false };
        if self.containers.path_of(picked).is_none()
            && let [(path, Certainty::Exact)] = self.lineage_of(arg, &at).values().as_slice()
        {
            self.containers.know(picked, path);
        }
        true
    }

    /// What a function has taken over from its arguments keeps its origins.
    fn adopt(&mut self, result: &Value, args: &[Value], known: &[Lineage], depth: usize) {
        /// Tables of values nest no deeper than this.
        const MAX_DEPTH: usize = 64;
        let sources: Vec<&Value> = args.iter().filter(|arg| !is_same(arg, result)).collect();
        let has_container =
            args.iter().any(|arg| matches!(arg, Value::Map(_) | Value::List(_) | Value::Object(_)));
        for step in steps_of(result) {
            let Some(entry) = step.entry(result) else { continue };
            let at_same_place = matches!(step, Step::Key(_)).then(|| {
                let same = |source: &&&Value| {
                    step.entry(source).is_some_and(|other| is_same(&other, &entry))
                };
                let source = sources.iter().find(same)?;
                self.entered(source, &step);
                Some(self.lineage_of(source, &step))
            });
            let found = match at_same_place {
                Some(None) if !has_container => self.cut(args, known, &entry),
                Some(found) => found,
                None => {
                    let entry_of = self.entry_of_arguments(args, &entry);
                    entry_of.or_else(|| self.cut(args, known, &entry))
                }
            };
            match (found, &entry) {
                (Some(lineage), _) => self.containers.keep(result, step, lineage),
                (None, Value::Map(_)) if depth < MAX_DEPTH => {
                    let below: Vec<Value> =
                        sources.iter().filter_map(|source| self.entered(source, &step)).collect();
                    self.adopt(&entry, &below, &[], depth + 1);
                }
                _ => {}
            }
        }
    }

    /// An entry, which is known then if it stands in the values.
    fn entered(&mut self, of: &Value, step: &Step) -> Option<Value> {
        let entry = step.entry(of)?;
        if let Some(path) = self.containers.path_of(of).map(|path| step.below(path))
            && self.containers.path_of(&entry).is_none()
        {
            self.containers.know(&entry, &path);
        }
        Some(entry)
    }

    /// A piece of one of the texts (`splitList`, `split`, `urlParse`).
    fn cut(&self, args: &[Value], known: &[Lineage], piece: &Value) -> Option<Lineage> {
        let Value::Str(piece) = piece else { return None };
        let known: Vec<Known<'_>> = args
            .iter()
            .zip(known)
            .filter_map(|(arg, own)| match arg {
                Value::Str(text) => Some(Known { text: text.as_bytes(), segments: own }),
                _ => None,
            })
            .filter(|known| !known.segments.is_empty())
            .collect();
        let fallback = Origin::at(self.here()?, Vec::new());
        (!known.is_empty()).then(|| Lineage::new(align(piece, &known, &fallback)))
    }
}

/// The arguments' texts, found again in the result's.
fn aligned(done: &Done<'_>, fallback: &Origin) -> Lineage {
    let arguments = done.args.iter().zip(done.known).filter(|(_, own)| !own.is_empty());
    let texts: Vec<(Vec<u8>, &Lineage)> = arguments
        .filter(|(arg, _)| !matches!(arg, Value::Map(_) | Value::List(_)))
        .map(|(arg, own)| (printed(arg), own))
        .collect();
    if texts.is_empty() && fallback.values.is_empty() {
        return Lineage::default();
    }
    let known: Vec<Known<'_>> =
        texts.iter().map(|(text, own)| Known { text, segments: own }).collect();
    Lineage::new(align(&printed(done.result), &known, fallback))
}

/// Functions that give an entry of what they are given, as it is.
fn is_picking(name: &str) -> bool {
    matches!(name, "first" | "mustFirst" | "last" | "mustLast" | "max" | "min")
}

/// Whether one value is the other: the same text, table or list, an equal number.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Str(one), Value::Str(other)) => one.address() == other.address(),
        (Value::Map(one), Value::Map(other)) => one.address() == other.address(),
        (Value::List(one), Value::List(other)) => !one.is_empty() && address(one) == address(other),
        (Value::Nil | Value::Str(_) | Value::Map(_) | Value::List(_) | Value::Object(_), _) => {
            false
        }
        _ => one.kind() == other.kind() && printed(one) == printed(other),
    }
}

/// Whether a text is the very key of an entry.
fn is_key(of: &Value, step: &Step, wanted: &Value) -> bool {
    let (Value::Map(map), Step::Key(key), Value::Str(wanted)) = (of, step, wanted) else {
        return false;
    };
    let is_it = |own: &gotmpl::value::Str| own.address() == wanted.address();
    wanted.as_bytes() == &**key && map.entries().keys().any(is_it)
}
