//! The whole platform of the repository's catalogue, built from texts that may be altered, and its
//! leaves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use catalog::{Catalogue, File, Platform, bind};
use compose::{Charts, Desired, Purpose, Release, compose, desired};
use config::{Faults, Format, Ledger, Node, NodeKind, Place, Sources, migrate, read};
use helm::values::Plain;
use serde_json::Value as Json;

/// The catalogue of the repository, as it is written.
pub struct Ground {
    /// Its definitions.
    pub definitions: Vec<File>,
    /// Its charts.
    pub charts: Charts,
}

/// A catalogue that is loaded, with its texts.
#[derive(Clone)]
pub struct Loaded {
    pub catalogue: Arc<Catalogue>,
    sources: Sources,
}

/// A platform with everything that became of it.
pub struct Built {
    pub platform: Platform,
    pub ledger: Ledger,
    pub sources: Sources,
    pub releases: Vec<Release>,
    pub desired: Desired,
}

/// A scalar of an object.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The part and the object, by number.
    pub at: (usize, usize),
    /// The path, as `why` takes it.
    pub path: String,
    /// Object and path by names, whatever stands before it in lists.
    pub key: String,
    /// Its text.
    pub value: String,
}

impl Ground {
    pub fn load() -> Self {
        let mut files = Vec::new();
        walk(Path::new("../../catalogue"), "", &mut files).unwrap();
        files.sort();
        let is_definition = |path: &str| path.ends_with(".yaml") && !path.starts_with("charts/");
        let definitions = files.iter().filter(|(path, _)| is_definition(path));
        let definition = |(path, data): &(String, Vec<u8>)| File {
            path: path.clone(),
            text: String::from_utf8(data.clone()).unwrap(),
        };
        let charts =
            files.iter().filter_map(|(path, data)| Some((path.strip_prefix("charts/")?, &**data)));
        Self {
            definitions: definitions.map(definition).collect(),
            charts: Charts::load(charts).unwrap(),
        }
    }

    /// The catalogue, with one of its files written otherwise.
    pub fn catalogue(&self, altered: Option<&File>) -> Result<Loaded, String> {
        let mut sources = Sources::default();
        let mut definitions = self.definitions.clone();
        if let Some(altered) = altered {
            let file = definitions.iter_mut().find(|file| file.path == altered.path).unwrap();
            *file = altered.clone();
        }
        let catalogue = Catalogue::load(&definitions, &mut sources).map_err(told)?;
        Ok(Loaded { catalogue: Arc::new(catalogue), sources })
    }

    /// A platform from its documents, later ones over earlier ones.
    pub fn build(&self, loaded: &Loaded, documents: &[(&str, &str)]) -> Result<Built, String> {
        let mut sources = loaded.sources.clone();
        let nowhere = sources.add("nowhere", "");
        let mut root = Node::new(NodeKind::Map(Vec::new()), Place::new(nowhere, 0..0));
        for (path, text) in documents {
            let id = sources.add(*path, *text);
            let document = read(&sources, id, Format::Yaml).map_err(told)?;
            root = root.overlay(migrate(document, &sources).map_err(told)?);
        }
        let bound = bind(loaded.catalogue.clone(), root, None, &mut sources);
        let (platform, mut ledger) = bound.map_err(told)?;
        let releases = compose(&platform, &self.charts, &mut ledger);
        let releases = releases.map_err(|fault| fault.to_string())?;
        let desired = desired(&platform, &releases).map_err(|fault| fault.to_string())?;
        Ok(Built { platform, ledger, sources, releases, desired })
    }
}

fn told(faults: Faults) -> String {
    let all = faults.into_diagnostics();
    let all = all.iter().map(|fault| {
        diagnostic::print(fault, diagnostic::Colour::Off, diagnostic::Language::English)
    });
    all.collect::<Vec<_>>().join("\n")
}

impl Built {
    /// Every scalar of every object.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut all = Vec::new();
        for (part_at, part) in self.desired.parts.iter().enumerate() {
            for (object_at, object) in part.objects.iter().enumerate() {
                let name = match (&part.purpose, object.kind()) {
                    (Purpose::Namespace, _) => "",
                    (_, "Job") => without_digest(object.name()),
                    _ => object.name(),
                };
                let tree = Json::Object(object.tree.clone());
                let key = format!("{}/{name}:", object.kind());
                scalars(&tree, String::new(), key, &mut |path, key, value| {
                    all.push(Leaf { at: (part_at, object_at), path, key, value });
                });
            }
        }
        all
    }

    /// The texts of all leaves by their names; and, without values, the names of the objects.
    pub fn values(&self) -> BTreeMap<String, String> {
        self.leaves().into_iter().map(|leaf| (leaf.key, leaf.value)).collect()
    }
}

/// A Job's name without the digest of its specification.
fn without_digest(name: &str) -> &str {
    let is_digest = |end: &str| end.len() >= 8 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.rsplit_once('-').filter(|(_, end)| is_digest(end)).map_or(name, |(name, _)| name)
}

fn scalars(
    value: &Json,
    path: String,
    key: String,
    found: &mut impl FnMut(String, String, String),
) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            for (name, value) in map {
                let step = match (name.contains('.'), path.is_empty()) {
                    (true, _) => format!("{path}[{name:?}]"),
                    (false, true) => name.clone(),
                    (false, false) => format!("{path}.{name}"),
                };
                scalars(value, step, format!("{key}.{name}"), found);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                let mut name = format!("{key}[{at}]");
                if let Some(its) = item.get("name").and_then(Json::as_str) {
                    name = String::new();
                    let _ = write!(name, "{key}[name={its}]");
                }
                scalars(item, format!("{path}[{at}]"), name, found);
            }
        }
        scalar => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            found(path, key, text);
        }
    }
}

fn walk(directory: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inside = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
        if path.is_dir() {
            walk(&path, &inside, found)?;
        } else {
            found.push((inside, fs::read(&path)?));
        }
    }
    Ok(())
}

/// What a release's chart has as its default at a path, written in YAML.
pub fn default_of(release: &Release, steps: &[String]) -> String {
    let mut at = Plain::Map(release.chart.values.clone());
    for step in steps {
        let Plain::Map(map) = &at else { return String::new() };
        let Some(next) = map.get(step.as_bytes()).cloned() else { return String::new() };
        at = next;
    }
    match at {
        Plain::List(items) if items.is_empty() => "[]".to_owned(),
        Plain::Map(map) if map.is_empty() => "{}".to_owned(),
        Plain::List(_) | Plain::Map(_) => "[more]".to_owned(),
        Plain::Null => String::new(),
        Plain::Bool(value) => value.to_string(),
        Plain::Float(value) => value.to_string(),
        Plain::Str(text) => format!("\"{}\"", text.to_text()),
        other @ Plain::Int(_) => format!("{other:?}"),
    }
}
