//! Platforms, composed; and what a cluster would make of their Secrets and containers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use catalog::{Catalogue, File, MadeSecret, SecretPart, bind};
use compose::{Charts, compose, desired};
use config::{Format, Sources, migrate, read};
use live::random_text;
use serde_json::Value;

/// The values of Secrets, by Secret and key.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<BTreeMap<(String, String), String>>>);

impl Secrets {
    /// The value of a key; a random one when nobody said it before.
    pub fn get(&self, secret: &str, key: &str) -> String {
        let mut known = self.0.lock().unwrap();
        let at = (secret.to_owned(), key.to_owned());
        known.entry(at).or_insert_with(|| random_text(32).unwrap()).clone()
    }

    /// Says a value, or another one.
    pub fn set(&self, secret: &str, key: &str, value: &str) {
        self.0.lock().unwrap().insert((secret.to_owned(), key.to_owned()), value.to_owned());
    }

    /// Secrets of another platform, of which only these are the same.
    pub fn sharing(&self, same: &[(&str, &str)]) -> Self {
        let other = Self::default();
        for (secret, key) in same {
            other.set(secret, key, &self.get(secret, key));
        }
        other
    }

    /// Makes what a definition has made in the cluster.
    fn make(&self, made: &MadeSecret) {
        for (key, parts) in &made.keys {
            let text: String = parts.iter().map(|part| self.part(&made.name, key, part)).collect();
            self.set(&made.name, key, &text);
        }
    }

    fn part(&self, secret: &str, key: &str, part: &SecretPart) -> String {
        match part {
            SecretPart::Text(text) => text.clone(),
            SecretPart::Random(_) => self.get(secret, key),
            SecretPart::Of { secret, key } => self.get(secret, key),
        }
    }
}

/// A composed platform.
pub struct Platform {
    /// Every object.
    pub objects: Vec<Value>,
    /// The values of its Secrets.
    pub secrets: Secrets,
}

impl Platform {
    /// Composes a configuration with the catalogue of this repository and some definitions more.
    pub fn compose(configuration: &str, more: &[(&str, &str)], secrets: &Secrets) -> Self {
        let composed = gotmpl::stack::with_big_stack(|| composed(configuration, more));
        let (objects, made) = composed.unwrap();
        for one in &made {
            secrets.make(one);
        }
        Self { objects, secrets: secrets.clone() }
    }

    /// The object of a kind whose name begins so: Jobs end with a digest.
    pub fn object(&self, kind: &str, name: &str) -> &Value {
        let is_it = |object: &&Value| {
            let its = object["metadata"]["name"].as_str().unwrap();
            object["kind"] == kind && its.starts_with(name)
        };
        self.objects.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name}"))
    }

    /// The environment of the first container of an object's pods.
    pub fn environment(&self, object: &Value) -> BTreeMap<String, String> {
        let container = container(object);
        let variables = container["env"].as_array().unwrap().iter();
        variables
            .map(|variable| {
                let name = variable["name"].as_str().unwrap().to_owned();
                let from = &variable["valueFrom"]["secretKeyRef"];
                let value = match (variable["value"].as_str(), from["name"].as_str()) {
                    (Some(value), _) => value.to_owned(),
                    (None, Some(secret)) => self.secrets.get(secret, from["key"].as_str().unwrap()),
                    (None, None) => String::new(),
                };
                (name, value)
            })
            .collect()
    }
}

/// The names of all services of the catalogue.
pub fn services() -> Vec<String> {
    let entries = fs::read_dir("../../catalogue/services").unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.sort();
    names
}

/// The first container of an object's pods.
pub fn container(object: &Value) -> &Value {
    &object["spec"]["template"]["spec"]["containers"][0]
}

fn composed(configuration: &str, more: &[(&str, &str)]) -> (Vec<Value>, Vec<MadeSecret>) {
    let mut files = Vec::new();
    walk(Path::new("../../catalogue"), "", &mut files);
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    let is_definition = |path: &str| path.ends_with(".yaml") && !path.starts_with("charts/");
    let definitions: Vec<File> = files
        .iter()
        .filter(|(path, _)| is_definition(path))
        .map(|(path, data)| File {
            path: path.clone(),
            text: String::from_utf8_lossy(data).into_owned(),
        })
        .collect();
    let charts =
        files.iter().filter_map(|(path, data)| Some((path.strip_prefix("charts/")?, &**data)));
    let charts = Charts::load(charts).unwrap();
    let mut sources = Sources::default();
    let told = |faults: config::Faults| panic!("{:?}", faults.into_diagnostics());
    let catalogue = Catalogue::load(&definitions, &mut sources).unwrap_or_else(told);
    let id = sources.add("socle.yaml", configuration.to_owned());
    let root = read(&sources, id, Format::Yaml).and_then(|root| migrate(root, &sources));
    let root = root.unwrap_or_else(|faults| panic!("{:?}", faults.into_diagnostics()));
    let bound = bind(Arc::new(catalogue), root, None, &mut sources);
    let (platform, mut ledger) =
        bound.unwrap_or_else(|faults| panic!("{:?}", faults.into_diagnostics()));
    let releases = compose(&platform, &charts, &mut ledger).unwrap();
    let desired = desired(&platform, &releases).unwrap();
    let objects = desired.objects().map(|(_, object)| Value::Object(object.tree.clone()));
    (objects.collect(), desired.secrets().map(|(_, secret)| secret.clone()).collect())
}

fn walk(directory: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        let inside = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
        if path.is_dir() {
            walk(&path, &inside, found);
        } else {
            found.push((inside, fs::read(&path).unwrap()));
        }
    }
}
