//! The catalogue of this repository: all of its services together, under every profile, and what
//! the real Helm makes of their charts.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use catalog::{Catalogue, File, bind};
use compose::{Charts, Release, compose};
use config::{Format, Sources, migrate, read};
use gotmpl::value::SharedStr;
use helm::release::Hooks;
use helm::values::{Plain, Table};
use serde_json::Value;

const PROFILES: &[&str] = &["demo", "small", "standard", "high-availability"];

const CATALOGUE: &str = "../../catalogue";

#[test]
fn every_service_is_rendered_under_every_profile() {
    let outcome = gotmpl::stack::with_big_stack(|| {
        let rendered = |profile: &&str| {
            let releases = rendered(profile)?;
            // `ingress` has no chart.
            let is_empty = |one: &&Release| one.rendered.manifests.is_empty();
            let empty = releases.iter().filter(|one| one.name != "ingress").find(is_empty);
            let told = |release: &Release| format!("{profile}: {} has no objects", release.name);
            empty.map(told).map_or(Ok(()), Err)
        };
        PROFILES.iter().filter_map(|profile| rendered(profile).err()).collect::<Vec<String>>()
    });
    assert_eq!(outcome.unwrap(), Vec::<String>::new());
}

#[test]
fn every_chart_of_ours_is_rendered_as_helm_does() {
    let helm = live::tools(&["helm"]).unwrap().remove(0);
    let values = std::env::temp_dir().join(format!("socle-values-{}.json", std::process::id()));
    let outcome = gotmpl::stack::with_big_stack(|| {
        let mut count = 0;
        for profile in PROFILES {
            for release in rendered(profile).unwrap() {
                let chart = Path::new(CATALOGUE).join("charts").join(&*release.chart.metadata.name);
                // What comes from elsewhere is not here.
                if !chart.is_dir() {
                    continue;
                }
                fs::write(&values, table(&release.values).to_string()).unwrap();
                let mut command = Command::new(&helm);
                command.args(["template", &release.name]).arg(chart).arg("--values").arg(&values);
                command.args(["--include-crds", "--namespace", &release.namespace]);
                let made = command.output().unwrap();
                assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
                let theirs = String::from_utf8(made.stdout).unwrap();
                let ours = String::from_utf8(release.rendered.text(Hooks::All)).unwrap();
                assert_eq!(ours, theirs, "{} under {profile}", release.name);
                count += 1;
            }
        }
        count
    });
    fs::remove_file(&values).unwrap();
    let count = outcome.unwrap();
    assert!(count >= 5 * PROFILES.len(), "only {count} releases have charts of ours");
}

/// All services of the catalogue under a profile; the error says what is wrong.
fn rendered(profile: &str) -> Result<Vec<Release>, String> {
    let mut files = Vec::new();
    walk(Path::new(CATALOGUE), "", &mut files).map_err(|error| error.to_string())?;
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
    let charts = Charts::load(charts).map_err(|fault| fault.to_string())?;
    let mut sources = Sources::default();
    let told = |faults: config::Faults| format!("{profile}: {:?}", faults.into_diagnostics());
    let catalogue = Catalogue::load(&definitions, &mut sources).map_err(told)?;
    let mut text = format!("domain: a.example\nprofile: {profile}\nservices:\n");
    for service in catalogue.services.keys() {
        let _ = writeln!(text, "  - {service}");
    }
    let id = sources.add("socle.yaml", text);
    let root = read(&sources, id, Format::Yaml).and_then(|root| migrate(root, &sources));
    let bound = bind(Arc::new(catalogue), root.map_err(told)?, None, &mut sources);
    let (platform, mut ledger) = bound.map_err(told)?;
    compose(&platform, &charts, &mut ledger).map_err(|fault| format!("{profile}: {fault}"))
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

/// The values for a program that reads JSON.
fn table(of: &Table) -> Value {
    Value::Object(of.iter().map(|(key, value)| (text(key), plain(value))).collect())
}

fn plain(value: &Plain) -> Value {
    match value {
        Plain::Null => Value::Null,
        Plain::Bool(value) => (*value).into(),
        Plain::Int(value) => (*value).into(),
        Plain::Float(value) => (*value).into(),
        Plain::Str(value) => text(value).into(),
        Plain::List(items) => items.iter().map(plain).collect(),
        Plain::Map(entries) => table(entries),
    }
}

fn text(of: &SharedStr) -> String {
    String::from_utf8_lossy(of.as_bytes()).into_owned()
}
