//! The catalogue of this repository: all of its services together, under every profile.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use catalog::{Catalogue, File, bind};
use compose::{Charts, compose};
use config::{Format, Sources, migrate, read};

const PROFILES: &[&str] = &["demo", "small", "standard", "high-availability"];

#[test]
fn every_service_is_rendered_under_every_profile() {
    let outcome = gotmpl::stack::with_big_stack(|| {
        PROFILES.iter().filter_map(|profile| rendered(profile).err()).collect::<Vec<String>>()
    });
    assert_eq!(outcome.unwrap(), Vec::<String>::new());
}

/// All services of the catalogue under a profile; the error says what is wrong.
fn rendered(profile: &str) -> Result<(), String> {
    let root = Path::new("../../catalogue");
    let mut files = Vec::new();
    walk(root, "", &mut files).map_err(|error| error.to_string())?;
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
    let releases =
        compose(&platform, &charts, &mut ledger).map_err(|fault| format!("{profile}: {fault}"))?;
    let empty = releases.iter().find(|release| release.rendered.manifests.is_empty());
    empty.map_or(Ok(()), |release| Err(format!("{profile}: {} has no objects", release.name)))
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
