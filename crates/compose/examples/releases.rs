//! For `cargo xtask bench platform`: every release of a platform with all services of a catalogue. For
//! each, DIR gets its values as Helm takes them, `NAME.json`, and what is rendered, `NAME.yaml`; a line
//! on standard output names the release, its namespace and its chart.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use catalog::{Catalogue, File, bind};
use compose::{Charts, Release, compose};
use config::{Format, Sources, migrate, read};
use helm::release::Hooks;
use helm::values::{Plain, Table};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [catalogue, configuration, directory] = words.as_slice() else {
        return Err("say CATALOGUE CONFIGURATION DIR".into());
    };
    let told = gotmpl::stack::with_big_stack(|| {
        let releases = releases(Path::new(catalogue), Path::new(configuration))?;
        written(&releases, Path::new(directory))
    });
    io::stdout().write_all(told.ok_or("the thread has ended")??.as_bytes())?;
    Ok(())
}

/// All releases.
fn releases(catalogue: &Path, configuration: &Path) -> Outcome<Vec<Release>> {
    let mut files = Vec::new();
    walk(catalogue, "", &mut files)?;
    let mut definitions = Vec::new();
    for (path, data) in &files {
        if path.ends_with(".yaml") && !path.starts_with("charts/") {
            let text = String::from_utf8_lossy(data).into_owned();
            definitions.push(File { path: path.clone(), text });
        }
    }
    let charts =
        files.iter().filter_map(|(path, data)| Some((path.strip_prefix("charts/")?, &**data)));
    let charts = Charts::load(charts)?;
    let mut sources = Sources::default();
    let told = |faults: config::Faults| format!("{:?}", faults.into_diagnostics());
    let catalogue = Catalogue::load(&definitions, &mut sources).map_err(told)?;
    let id = sources.add("socle.yaml", fs::read_to_string(configuration)?);
    let root = read(&sources, id, Format::Yaml).and_then(|root| migrate(root, &sources));
    let bound = bind(Arc::new(catalogue), root.map_err(told)?, None, &mut sources);
    let (platform, mut ledger) = bound.map_err(told)?;
    Ok(compose(&platform, &charts, &mut ledger).map_err(|fault| fault.to_string())?)
}

fn written(releases: &[Release], directory: &Path) -> Outcome<String> {
    let mut told = String::new();
    for release in releases {
        let name = &release.name;
        fs::write(directory.join(format!("{name}.json")), table(&release.values).to_string())?;
        fs::write(directory.join(format!("{name}.yaml")), release.rendered.text(Hooks::All))?;
        writeln!(told, "{name} {} {}", release.namespace, release.chart.metadata.name)?;
    }
    Ok(told)
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

fn table(of: &Table) -> Value {
    Value::Object(of.iter().map(|(key, value)| (key.to_text().to_string(), plain(value))).collect())
}

fn plain(value: &Plain) -> Value {
    match value {
        Plain::Null => Value::Null,
        Plain::Bool(value) => (*value).into(),
        Plain::Int(value) => (*value).into(),
        Plain::Float(value) => (*value).into(),
        Plain::Str(value) => value.to_text().to_string().into(),
        Plain::List(items) => items.iter().map(plain).collect(),
        Plain::Map(entries) => table(entries),
    }
}
