//! The corpus: a configuration, a catalogue with its charts, and what becomes of them. See
//! `corpus/README.md`.

use std::fmt::Write as _;
use std::sync::Arc;

use cases::Case;
use catalog::{Catalogue, File, bind};
use compose::{Charts, Part, Release, compose, desired, why};
use config::{Faults, Format, Ledger, Sources, migrate, read};
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
    if case.section("desired").is_some() {
        let desired = desired(&platform, &releases).map_err(|fault| fault.to_string())?;
        for part in &desired.parts {
            let _ = writeln!(out, "{}", told(part));
        }
    }
    for question in case.section("why").unwrap_or("").lines() {
        let _ = writeln!(out, "\n{question}");
        let answers = releases.iter().map(|release| reason(release, &ledger, &sources, question));
        out.push_str(&answers.flatten().collect::<String>());
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

/// One line a template's line, and one a value.
fn reason(release: &Release, ledger: &Ledger, sources: &Sources, question: &str) -> Option<String> {
    let found = why(release, ledger, question).ok()?;
    let mut out = format!("  is {}\n", found.explained.value);
    for origin in &found.explained.origins {
        let (line, _) = origin.place.line_and_column();
        let _ =
            writeln!(out, "  {}:{line} {}", origin.place.file.to_text(), origin.place.line_text());
    }
    for source in &found.sources {
        let mut lines: Vec<String> =
            source.places.iter().map(|place| sources.tell(place)).collect();
        lines.dedup();
        let lines =
            if lines.is_empty() { "the chart's default".to_owned() } else { lines.join(", ") };
        let _ = writeln!(out, "  .Values.{} from {lines}", source.path);
    }
    Some(out)
}
