//! The corpus: the files of small catalogues, and what is wrong with them. See `corpus/README.md`.

use std::fmt::Write as _;

use cases::Case;
use catalog::{Catalogue, File};
use config::Sources;
use diagnostic::{Colour, print};

#[test]
fn every_case_says_what_is_recorded() {
    cases::check_folder("corpus", 20, answer).unwrap();
}

fn answer(case: &Case) -> Vec<(&'static str, String)> {
    let mut files: Vec<File> = case
        .sections()
        .filter(|(name, _)| name.ends_with(".yaml"))
        .map(|(path, text)| File { path: path.to_owned(), text: text.to_owned() })
        .collect();
    // What all cases share stands under what they have of their own.
    for (path, text) in COMMON {
        if files.iter().all(|file| file.path != *path) {
            files.push(File { path: (*path).to_owned(), text: (*text).to_owned() });
        }
    }
    let mut sources = Sources::default();
    let (result, faults) = match Catalogue::load(&files, &mut sources) {
        Ok(catalogue) => (told(&catalogue), String::new()),
        Err(faults) => {
            let all = faults.into_diagnostics();
            let all: Vec<String> = all.iter().map(|fault| print(fault, Colour::Off)).collect();
            (String::new(), all.join("\n\n"))
        }
    };
    vec![("result", result), ("faults", faults)]
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
