//! The corpus: the files of small catalogues, and what is wrong with them. See `corpus/README.md`.

use std::fmt::Write as _;
use std::sync::Arc;

use cases::Case;
use catalog::{Catalogue, File, bind};
use cel::{Key, Kind, Value};
use config::{
    Faults, Format, Ledger, Node, NodeKind, Place, Record, Shape, Sources, migrate, read,
};
use diagnostic::{Colour, Diagnostic, Language, Words, print};

#[test]
fn every_catalogue_says_what_is_recorded() {
    cases::check_folder("corpus/definitions", 20, answer).unwrap();
}

#[test]
fn every_platform_says_what_is_recorded() {
    cases::check_folder("corpus/platforms", 12, answer_of_platform).unwrap();
}

/// The catalogue of a case: the files of its sections, on top of what all cases share.
fn files_of(case: &Case) -> Vec<File> {
    let mut files: Vec<File> = case
        .sections()
        .filter(|(name, _)| name.ends_with(".yaml") && !name.starts_with("socle"))
        .map(|(path, text)| File { path: path.to_owned(), text: text.to_owned() })
        .collect();
    for (path, text) in COMMON {
        if files.iter().all(|file| file.path != *path) {
            files.push(File { path: (*path).to_owned(), text: (*text).to_owned() });
        }
    }
    files
}

/// The faults in English and in French.
fn words(faults: Faults) -> (String, String) {
    let all = faults.into_diagnostics();
    (in_language(&all, Language::English), in_language(&all, Language::French))
}

fn in_language(all: &[Diagnostic<Words>], language: Language) -> String {
    all.iter().map(|one| print(one, Colour::Off, language)).collect::<Vec<_>>().join("\n\n")
}

fn answer_of_platform(case: &Case) -> Vec<(&'static str, String)> {
    let (result, (faults, french)) = match platform(case) {
        Ok(result) => (result, Default::default()),
        Err(faults) => (String::new(), words(faults)),
    };
    vec![("result", result), ("faults", faults), ("french", french)]
}

fn platform(case: &Case) -> Result<String, Faults> {
    let mut sources = Sources::default();
    let environment = case.section("environment").map(|text| text.trim().to_owned());
    let catalogue = Catalogue::load(&files_of(case), &mut sources)?;
    let empty = Place::new(sources.add("nothing", ""), 0..0);
    let mut root = Node::new(NodeKind::Map(Vec::new()), empty);
    for (name, text) in case.sections().filter(|(name, _)| name.starts_with("socle")) {
        let id = sources.add(name, text);
        let document = migrate(read(&sources, id, Format::of_path(name))?, &sources)?;
        root = root.overlay(document);
    }
    let (platform, ledger) = bind(Arc::new(catalogue), root, environment.as_deref(), &mut sources)?;
    let mut out = format!("{} in {}\n", platform.name, platform.namespace);
    for service in &platform.services {
        let _ = writeln!(out, "{}", service.name);
        for binding in &service.bindings {
            let _ = writeln!(out, "  {} by {}", binding.requirement, binding.provisioner);
            for (name, value) in &binding.outputs {
                show(value, &format!("    {name}"), &sources, &ledger, &mut out);
            }
            for secret in &binding.secrets {
                let _ = writeln!(out, "    {} {:?}", secret.name, secret.keys);
            }
            show(&binding.objects, "    objects", &sources, &ledger, &mut out);
        }
        for secret in &service.secrets {
            let _ = writeln!(out, "  {} {:?}", secret.name, secret.keys);
        }
        show(&service.values, "  values", &sources, &ledger, &mut out);
    }
    Ok(out)
}

/// One line a leaf: its path, its value, the lines that it comes from.
fn show(value: &Value, path: &str, sources: &Sources, ledger: &Ledger, out: &mut String) {
    match &value.kind {
        Kind::Map(entries) => {
            for (key, value) in entries.iter() {
                let Key::String(key) = key else { continue };
                show(value, &format!("{path}.{key}"), sources, ledger, out);
            }
        }
        Kind::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                show(item, &format!("{path}[{at}]"), sources, ledger, out);
            }
        }
        _ => {
            let places = value.origins.as_slice().iter().filter_map(|one| ledger.place(*one));
            let lines: Vec<String> = places.map(|place| sources.tell(place)).collect();
            let _ = writeln!(out, "{path} = {value}  # {}", lines.join(", "));
        }
    }
}

fn answer(case: &Case) -> Vec<(&'static str, String)> {
    let mut sources = Sources::default();
    let (result, (faults, french)) = match Catalogue::load(&files_of(case), &mut sources) {
        Ok(catalogue) => (told(&catalogue), Default::default()),
        Err(faults) => (String::new(), words(faults)),
    };
    vec![("result", result), ("faults", faults), ("french", french)]
}

fn told(catalogue: &Catalogue) -> String {
    let mut out = String::new();
    for service in catalogue.services.values() {
        let options: Vec<&str> = service.options.iter().map(|one| &*one.field.name).collect();
        let requires: Vec<&str> = service.requires.iter().map(|one| &*one.name).collect();
        let (options, requires) = (options.join(" "), requires.join(" "));
        let _ = writeln!(out, "{}: options {options}; requires {requires}", service.name);
    }
    out
}

/// A type, a provisioner, a service behind it, and a base.
const COMMON: &[(&str, &str)] = &[
    (
        "types/postgres.yaml",
        "\
type: postgres
words: {en: A database., fr: Une base de données.}
parameters:
  extensions: {type: list, of: name, default: [], words: {en: Extensions., fr: Extensions.}}
outputs:
  host: {type: hostname, words: {en: The server., fr: Le serveur.}}
  port: {type: int, words: {en: Its port., fr: Son port.}}
  password: {type: text, phase: cluster, words: {en: The password., fr: Le mot de passe.}}
",
    ),
    (
        "provisioners/postgres.yaml",
        "\
provisioner: postgres-in-cluster
words: {en: A server of the platform., fr: Un serveur de la plateforme.}
provides: postgres
service: postgresql
default: true
outputs:
  host: ${backing.host}
  port: 5432
  password: ${secrets.owner.password}
secrets:
  owner: {password: {random: 32}}
",
    ),
    (
        "services/postgresql.yaml",
        "\
service: postgresql
title: {en: PostgreSQL, fr: PostgreSQL}
words: {en: Databases., fr: Des bases de données.}
chart: postgresql
exports: {host: '${release.name}.${release.namespace}.svc'}
",
    ),
    (
        "bases/web.yaml",
        "\
base: web
chart: web
options:
  hostname:
    type: hostname
    default: ${service.name}.${platform.domain}
    words: {en: Its name in the web., fr: Son nom sur le web.}
values: {hostname: '${options.hostname}'}
",
    ),
];

#[test]
fn every_setting_is_explained_in_both_languages() {
    let catalogue = Catalogue::load(&[], &mut Sources::default()).unwrap_or_default();
    let mut made = String::new();
    explain(&catalogue.configuration(), "", &mut made);
    let recorded = std::fs::read_to_string("corpus/settings.md").unwrap_or_default();
    if std::env::var_os("SOCLE_RECORD").is_some() {
        std::fs::write("corpus/settings.md", made).unwrap();
    } else {
        assert_eq!(made, recorded);
    }
}

fn explain(record: &Record, above: &str, out: &mut String) {
    for field in &record.fields {
        let name = format!("{above}{}", field.name);
        let _ = writeln!(out, "{name}\n  {}\n  {}", field.words.en, field.words.fr);
        if let Shape::OneOf(choices) = &field.shape {
            for choice in choices.iter().filter(|choice| !choice.words.en.is_empty()) {
                let (word, words) = (&choice.word, &choice.words);
                let _ = writeln!(out, "{name}={word}\n  {}\n  {}", words.en, words.fr);
            }
        }
        let mut shape = &field.shape;
        while let Shape::List(of) | Shape::Map(of) = shape {
            shape = of;
        }
        if let Shape::Record(inner) = shape {
            explain(inner, &format!("{name}."), out);
        }
    }
}

#[test]
fn retired_parts_are_known_by_their_references() {
    let text = std::fs::read_to_string("../../catalogue/retired.yaml").unwrap();
    let files = [File { path: "retired.yaml".to_owned(), text }];
    let catalogue = Catalogue::load(&files, &mut Sources::default()).unwrap_or_default();
    let name = |reference| catalogue.retired_part(reference).map_or("", |part| &part.name);
    let known = [
        ("https://kubernetes.github.io/ingress-nginx", "ingress-nginx"),
        ("registry.k8s.io/ingress-nginx/controller:v1.15.1", "ingress-nginx"),
        ("registry.k8s.io/ingate/ingate", "ingate"),
        ("docker.io/minio/minio:RELEASE.2025-09-07T16-13-09Z", "minio"),
        ("minio/minio@sha256:00", "minio"),
        ("https://charts.min.io", "minio"),
        ("bitnami/postgresql:15", "bitnami"),
        ("oci://registry-1.docker.io/bitnamicharts/mongodb", "bitnami"),
        ("https://charts.jetstack.io", ""),
        ("bitnamious/postgresql", ""),
        ("quay.io/minions/web", ""),
    ];
    for (reference, wanted) in known {
        assert_eq!(name(reference), wanted, "{reference}");
    }
    for part in &catalogue.retired {
        assert!(!part.sources.is_empty() && part.since.starts_with("20"), "{}", part.name);
    }
}
