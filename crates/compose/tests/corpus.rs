//! The corpus: a configuration, a catalogue with its charts, and what becomes of them. See
//! `corpus/README.md`.

use std::fmt::Write as _;
use std::sync::Arc;

use cases::Case;
use catalog::{Catalogue, File, bind};
use compose::{Answers, Charts, Desired, Given, Part, Source, compose, desired, find};
use config::{Faults, Format, Sources, migrate, read};
use diagnostic::{Colour, Language, print};

#[test]
fn every_case_says_what_is_recorded() {
    // Rendering wants a big stack.
    let outcome = gotmpl::stack::with_big_stack(|| cases::check_folder("corpus", 4, answer));
    outcome.unwrap().unwrap();
}

fn answer(case: &Case) -> Vec<(&'static str, String)> {
    let (result, faults) = match composed(case) {
        Ok(result) => (result, String::new()),
        Err(words) => (String::new(), words),
    };
    vec![("result", result), ("faults", faults)]
}

fn words(faults: Faults) -> String {
    let all = faults.into_diagnostics();
    all.iter()
        .map(|fault| print(fault, Colour::Off, Language::English))
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn composed(case: &Case) -> Result<String, String> {
    let mut sources = Sources::default();
    let mut files = Vec::new();
    let mut charts = Vec::new();
    for (path, text) in case.sections() {
        if let Some(inside) = path.strip_prefix("charts/") {
            charts.push((inside, text.as_bytes()));
        } else if path.ends_with(".yaml") && path != "socle.yaml" {
            files.push(File { path: path.to_owned(), text: text.to_owned() });
        }
    }
    let catalogue = Catalogue::load(&files, &mut sources).map_err(words)?;
    let charts = Charts::load(charts).map_err(|fault| fault.to_string())?;
    let id = sources.add("socle.yaml", case.section("socle.yaml").unwrap_or(""));
    let root = read(&sources, id, Format::Yaml).and_then(|root| migrate(root, &sources));
    let root = root.map_err(words)?;
    let (platform, mut ledger) =
        bind(Arc::new(catalogue), root, None, &mut sources).map_err(words)?;
    let releases = compose(&platform, &charts, &mut ledger).map_err(|fault| fault.to_string())?;
    let mut out = String::new();
    for release in &releases {
        let _ = writeln!(out, "# {} in {}", release.name, release.namespace);
        for manifest in &release.rendered.manifests {
            let text = String::from_utf8_lossy(&manifest.content);
            let _ = writeln!(out, "---\n{}", text.trim_end());
        }
    }
    if case.section("desired").is_none() && case.section("why").is_none() {
        return Ok(out);
    }
    let desired = desired(&platform, &releases).map_err(|fault| fault.to_string())?;
    if case.section("desired").is_some() {
        for part in &desired.parts {
            let _ = writeln!(out, "{}", told(part));
        }
    }
    let answers = Answers::new(&platform, &releases, &ledger);
    for question in case.section("why").unwrap_or("").lines() {
        let _ = writeln!(out, "\n{question}");
        out.push_str(&reason(&answers, &desired, &sources, question));
    }
    Ok(out)
}

/// A part, its objects and secrets.
fn told(part: &Part) -> String {
    let mut line = format!("wave {}: {}", part.wave + 1, part.name);
    for after in &part.after {
        let _ = write!(line, "; after {} ({})", after.part, after.requirement);
    }
    for object in &part.objects {
        let _ = write!(line, "\n  {}", object.id());
    }
    for secret in &part.secrets {
        let _ = write!(line, "\n  Secret {} is made in the cluster", secret.name);
        for (key, parts) in &secret.keys {
            let _ = write!(line, "\n    {key}: {parts:?}");
        }
    }
    line
}

/// One line a template's line, one a value, one a condition.
fn reason(answers: &Answers<'_>, desired: &Desired, sources: &Sources, question: &str) -> String {
    let (object, path) = question.split_once(':').unwrap_or((question, ""));
    let (part, object) = match find(desired, object) {
        Ok(found) => found,
        Err(unknown) => return format!("  {}\n  {}\n", unknown.en, unknown.fr),
    };
    let found = match answers.why(part, object, path) {
        Ok(found) => found,
        Err(missing) => return format!("  {missing}\n"),
    };
    let mut out = format!("  is {}\n", found.value);
    for origin in &found.printed {
        let (line, _) = origin.place.line_and_column();
        let _ =
            writeln!(out, "  {}:{line} {}", origin.place.file.to_text(), origin.place.line_text());
    }
    for source in &found.sources {
        let _ = writeln!(out, "  {}", told_source(source, sources));
    }
    for decided in &found.decided {
        let _ = writeln!(out, "  because of {}", decided.condition.place.line_text());
        for source in &decided.sources {
            let _ = writeln!(out, "    {}", told_source(source, sources));
        }
    }
    out
}

fn told_source(source: &Source, sources: &Sources) -> String {
    let mut lines: Vec<String> = source.places.iter().map(|place| sources.tell(place)).collect();
    lines.dedup();
    let mut lines = if lines.is_empty() { "nowhere else".to_owned() } else { lines.join(", ") };
    for place in &source.among {
        let _ = write!(lines, ", among those of {}", sources.tell(place));
    }
    match &source.given {
        Given::Value(path) => format!(".Values.{path} from {lines}"),
        Given::Key(path) => format!("the key of .Values.{path} from {lines}"),
        Given::Release(path) => format!("{path} from {lines}"),
        Given::Binding { service, requirement, provisioner } => {
            format!("{requirement} of {service} by {provisioner} from {lines}")
        }
        Given::Added(added) => format!("{added:?} from {lines}"),
        Given::Patch => format!("a patch from {lines}"),
        Given::Extra => format!("extra from {lines}"),
    }
}
