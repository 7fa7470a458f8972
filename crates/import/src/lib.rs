//! An `eole3.yaml` becomes a `socle.yaml`.
//!
//! EOLE³ keeps its platform in one file of sections: `default`, `keycloak`, `laboite` … [`import`]
//! translates what a catalogue has a counterpart for, says of every other setting why it has none,
//! and finds what in the file does not agree with itself. **No password is copied**: each becomes a
//! reference to a Secret, which a script makes from the original file.
//!
//! The way of a setting: bytes → leaves with lines (`document`) → passwords told apart (`secret`) →
//! counterparts by tables (`tables`, `translate`) → the text of `socle.yaml` (`tree`), which is bound
//! to the catalogue to see that it loads → findings (`checks`) → the [`Report`].
//!
//! The crate knows nothing of clusters and charts, and opens no file.

mod checks;
mod document;
mod refusal;
mod report;
mod secret;
mod tables;
mod translate;
mod tree;
mod words;

use std::sync::Arc;

use catalog::{Catalogue, Platform, bind};
use config::{Faults, Format, Sources, migrate, read};
use diagnostic::{Language, Words};

pub use refusal::{Fault, Refusal};
pub use report::{Finding, Grade, Left, Password, Report, Translated};
pub use secret::{State, Use};

use document::Document;
use secret::Script;
use translate::{At, Outcome, Work};
use words::{Said, filled, filled_with};

/// What is imported, and for what.
#[derive(Debug)]
pub struct Request<'a> {
    /// The file, as a person names it.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// The services that there are.
    pub catalogue: &'a Arc<Catalogue>,
    /// The texts of the catalogue.
    pub sources: &'a Sources,
    /// Whether the platform runs, so that its data stay where they are.
    pub running: bool,
    /// The language of what is written.
    pub language: Language,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of `socle.yaml`.
    pub configuration: String,
    /// The script that makes the Secrets.
    pub script: String,
    /// What was done, and what was found.
    pub report: Report,
}

/// What the configuration and the script are called.
pub const CONFIGURATION: &str = "socle.yaml";
/// The name of the script.
pub const SCRIPT: &str = "secrets.sh";

/// Imports a file.
pub fn import(request: &Request<'_>) -> Result<Imported, Refusal> {
    let document = Document::read(request.path, request.bytes)?;
    let (catalogue, language) = (request.catalogue, request.language);
    let known = document.root.entries().iter().any(|entry| tables::known(&entry.key).is_some());
    if !known {
        return Err(document.refuse_unknown());
    }
    let mut work = Work::new(&document, catalogue, request.running, language)?;
    work.translate();
    let configuration = configuration(&work);
    let mut namespace = work.namespace();
    match bound(&configuration, request) {
        Ok(platform) => {
            namespace.clone_from(&platform.namespace);
            work.own_secrets(&platform);
            work.routes(&platform);
        }
        Err(faults) => does_not_load(faults, &mut work),
    }
    work.check();
    let secrets = &work.secrets;
    let running = request.running;
    let script = Script { document: &document, secrets, namespace: &namespace, running, language };
    let script = script.print(SCRIPT);
    Ok(Imported { configuration, script, report: report(work) })
}

/// The text of `socle.yaml`.
fn configuration(work: &Work<'_>) -> String {
    let language = work.language;
    let file = document::shown(&work.document.path);
    let mut out = String::new();
    for said in HEAD {
        out.push_str(&format!("# {}\n", filled(said, &[&file]).of(language)));
    }
    out.push_str("version: 1\n");
    out + &work.tree.print(&file, language)
}

/// The platform that the configuration makes.
fn bound(configuration: &str, request: &Request<'_>) -> Result<Platform, Faults> {
    let mut sources = request.sources.clone();
    let id = sources.add(CONFIGURATION, configuration);
    let root = migrate(read(&sources, id, Format::Yaml)?, &sources)?;
    let (platform, _) = bind(request.catalogue.clone(), root, None, &mut sources)?;
    Ok(platform)
}

/// Tells what the written configuration lacks: a service may want what the file never said.
fn does_not_load(faults: Faults, work: &mut Work<'_>) {
    for fault in faults.into_diagnostics() {
        let at = At { line: 1, path: CONFIGURATION.to_owned() };
        let words = filled_with(UNFINISHED, &[fault.title]);
        let remedy = Words::joined(fault.remedies, "; ");
        work.found("unfinished", Grade::Error, at, words, remedy);
    }
}

fn report(work: Work<'_>) -> Report {
    let document = work.document;
    let mut report = Report {
        file: document::shown(&document.path),
        sections: document.root.entries().len(),
        settings: document.leaves.len(),
        translated: Vec::new(),
        secrets: Vec::new(),
        left: Vec::new(),
        findings: work.findings,
    };
    for secret in &work.secrets.all {
        let leaf = &document.leaves[secret.leaf];
        let is_said = work.running || secret.state != State::Placeholder;
        report.secrets.push(Password {
            from: leaf.path.clone(),
            line: leaf.line,
            state: secret.state,
            secret: (secret.name.clone(), secret.key.clone()),
            used: secret.used.clone(),
            readable: secret.is_readable() && is_said,
        });
    }
    for (at, outcome) in work.outcomes {
        let leaf = &document.leaves[at];
        let (from, line) = (leaf.path.clone(), leaf.line);
        match outcome {
            _ if leaf.is_secret => {}
            Outcome::Translated(to) => report.translated.push(Translated { from, line, to }),
            Outcome::Left { reason, raw } => report.left.push(Left { from, line, reason, raw }),
        }
    }
    report
}

const HEAD: [Said; 4] = [
    Said(
        "The platform that {} described, in Socle's words.",
        "La plateforme que décrivait {}, dans les mots de Socle.",
    ),
    Said(
        "Behind each setting: what it is for, its unit, and the line that it comes from.",
        "Derrière chaque réglage : à quoi il sert, son unité, et la ligne d'où il vient.",
    ),
    Said(
        "No password is here: `secret` and `key` say where each is in the cluster;",
        "Aucun mot de passe n'est ici : `secret` et `key` disent où est chacun dans la grappe ;",
    ),
    Said("secrets.sh puts it there.", "secrets.sh l'y met."),
];
const UNFINISHED: Said =
    Said("socle.yaml does not load as it is: {}", "socle.yaml ne se charge pas tel quel : {}");
