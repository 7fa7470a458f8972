//! Files that are imported, and what becomes of them.

use std::sync::Arc;

use cases::Case;
use catalog::{Catalogue, File};
use config::Sources;
use diagnostic::Language;
use import::{Imported, Refusal, Request, import};

mod extraction;

/// A small catalogue of the tests' own with more definitions, and the texts that it comes from. The
/// list of retired parts is the real one.
fn catalogue(more: &[File]) -> (Arc<Catalogue>, Sources) {
    let mut files = more.to_vec();
    walk("corpus/catalogue".as_ref(), &mut files);
    let text = std::fs::read_to_string("../../catalogue/retired.yaml").unwrap();
    files.push(File { path: "retired.yaml".to_owned(), text });
    loaded(files)
}

/// The catalogue that Socle brings.
fn built_in() -> (Arc<Catalogue>, Sources) {
    let mut files = Vec::new();
    walk("../../catalogue".as_ref(), &mut files);
    loaded(files)
}

fn loaded(mut files: Vec<File>) -> (Arc<Catalogue>, Sources) {
    files.sort_by(|one: &File, two| one.path.cmp(&two.path));
    let mut sources = Sources::default();
    let catalogue = Catalogue::load(&files, &mut sources);
    let told = |faults: config::Faults| format!("{:?}", faults.into_diagnostics());
    (Arc::new(catalogue.map_err(told).unwrap()), sources)
}

fn walk(directory: &std::path::Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("charts") && !path.ends_with("chart") {
            walk(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push(File { path: path.display().to_string(), text });
        }
    }
}

fn fixture() -> String {
    std::fs::read_to_string("corpus/eole3.yaml").unwrap()
}

fn imported(bytes: &[u8], words: &str) -> Result<Imported, Refusal> {
    imported_for(&catalogue(&[]), bytes, words)
}

fn imported_for(
    (catalogue, sources): &(Arc<Catalogue>, Sources),
    bytes: &[u8],
    words: &str,
) -> Result<Imported, Refusal> {
    import(&Request {
        path: "eole3.yaml",
        bytes,
        catalogue,
        sources,
        running: words.contains("running"),
        language: language(words),
    })
}

fn language(words: &str) -> Language {
    if words.contains("french") { Language::French } else { Language::English }
}

#[test]
fn every_file_becomes_what_is_recorded() {
    cases::check_folder("corpus/cases", 15, answer).unwrap();
}

fn answer(case: &Case) -> Vec<(&'static str, String)> {
    let words = case.section("words").unwrap_or("");
    let show = case.section("show").unwrap_or("report");
    let bytes = match (case.section("bytes"), case.section("eole3.yaml")) {
        (Some(text), _) => unescaped(text),
        (None, Some(text)) => text.as_bytes().to_vec(),
        (None, None) => fixture().into_bytes(),
    };
    let told = |name: &str, text: String| if show.contains(name) { text } else { String::new() };
    let definitions = case.sections().filter(|(name, _)| name.starts_with("services/"));
    let file = |(path, text): (&str, &str)| File { path: path.to_owned(), text: text.to_owned() };
    let catalogue = catalogue(&definitions.map(file).collect::<Vec<_>>());
    let refused_in = |language, refusal: &Refusal| refusal.text("eole3.yaml", language);
    let (found, refused) = match imported_for(&catalogue, &bytes, words) {
        Ok(found) => (Some(found), String::new()),
        Err(refusal) => {
            let [en, fr] =
                [Language::English, Language::French].map(|one| refused_in(one, &refusal));
            (None, en + &fr)
        }
    };
    let french = found.as_ref().map(|one| one.report.text(Language::French));
    let report = found.as_ref().map(|one| one.report.text(language(words)));
    let json = found.as_ref().map(|one| format!("{:#}", one.report.json()));
    let configuration = found.as_ref().map(|one| one.configuration.clone());
    let script = found.map(|one| one.script);
    vec![
        ("socle.yaml", told("socle", configuration.unwrap_or_default())),
        ("report", told("report", report.unwrap_or_default())),
        ("rapport", told("rapport", french.unwrap_or_default())),
        ("json", told("json", json.unwrap_or_default())),
        ("script", told("script", script.unwrap_or_default())),
        ("refused", refused),
    ]
}

/// A text in which `\xNN` stands for a byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut out = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}

#[test]
fn the_fixture_has_the_shape_that_it_shall_have() {
    let found = imported(fixture().as_bytes(), "").unwrap();
    assert!(found.report.sections >= 20 && found.report.settings >= 150);
}

#[test]
fn every_setting_is_spoken_of_once() {
    for words in ["", "running"] {
        let report = imported(fixture().as_bytes(), words).unwrap().report;
        let spoken = report.translated.len() + report.left.len() + report.secrets.len();
        assert_eq!(spoken, report.settings);
    }
}

/// Passwords of the fixture that are no words which stand elsewhere, too.
const PLANTED: &[&str] =
    &["PLANTED", "of two lines", "\"quoted\"", "no comment", "with a comma", "robot:"];

#[test]
fn no_password_is_in_anything_that_is_written() {
    for words in ["", "running", "french", "running french"] {
        let found = imported(fixture().as_bytes(), words).unwrap();
        let written = [
            found.configuration.clone(),
            found.script.clone(),
            found.report.text(language(words)),
            found.report.json().to_string(),
            format!("{found:?}"),
        ];
        for text in &written {
            for password in PLANTED {
                assert!(!text.contains(password), "{password} is in what {words} writes");
            }
        }
        // Unless it is what the platform itself is, `86420975` is nowhere, either.
        assert!(written.iter().all(|text| !text.contains("86420975")));
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_without_what_it_says() {
    let broken = [
        "default:\n  domain: a.example.org\n  smtp:\n    password: \"PLANTED\n",
        "default:\n  password: *PLANTED\n",
        "default:\n  password: @PLANTED\n",
        "default:\n  password: PLANTED: x\n",
        "default:\n  password: !PLANTED!PLANTED x\n",
        "default:\n  password: PLANTED\n  password: PLANTED2\n",
        "default:\n  password: PLANTED\n  domain: PLANTED not a domain\n",
        "default:\n\tpassword: PLANTED\n",
    ];
    for text in broken {
        let refusal = imported(text.as_bytes(), "").unwrap_err();
        for language in [Language::English, Language::French] {
            let told = refusal.text("eole3.yaml", language);
            assert!(!told.contains("PLANTED") && told.contains("eole3.yaml:"), "{told}");
        }
    }
}

#[test]
fn names_that_move_the_cursor_are_shown_harmlessly() {
    let text = "default: {domain: a.example.org}\n\
                \"x\\e[2J\\nS keycloak-admin\": {\"pass\\e\\nSHAPE\\nword\": it, \"y\\e\": \"\\e[1m\"}\n\
                \"z\\e[2J\": 3\n";
    let found = imported(text.as_bytes(), "").unwrap();
    let report = found.report.text(Language::English);
    for written in [&found.configuration, &found.script, &report] {
        assert!(!written.contains('\u{1b}'), "{written}");
        assert!(!written.contains("\nS keycloak-admin"), "{written}");
    }
}

#[test]
fn files_that_are_too_large_are_refused_at_once() {
    let large = [
        (
            "a: b\n".repeat(1 << 20),
            "the file has more than 4 MiB, and no `eole3.yaml` is so large",
            "le fichier dépasse 4 Mio, ce qu'aucun `eole3.yaml` ne fait",
        ),
        (
            format!("default: {{a: [{}]}}", "1, ".repeat(30_000)),
            "the file has more than 20,000 settings, and no `eole3.yaml` has so many",
            "le fichier a plus de 20 000 réglages, ce qu'aucun `eole3.yaml` n'a",
        ),
    ];
    for (text, en, fr) in large {
        let refusal = imported(text.as_bytes(), "").unwrap_err();
        let told = |language| refusal.text("eole3.yaml", language);
        assert!(told(Language::English).contains(en) && told(Language::French).contains(fr));
    }
}

/// A line as long as a file, and a value for each of its words: neither takes long, nor is what is
/// written much longer.
#[test]
fn hostile_files_end_in_time() {
    let words = "password: x, ".repeat(15_000).replace("password", "p");
    let numbered: Vec<String> = (0..15_000).map(|at| format!("password{at}: x")).collect();
    let numbered = numbered.join(", ");
    let deep: Vec<String> = (0..190).map(|at| format!("{} password:", " ".repeat(at))).collect();
    let deep = deep.join("\n");
    let texts = [
        format!("default: {{domain: a.example.org, {numbered}}}\n"),
        format!(
            "default:\n  domain: a.example.org\n  password: |2\n{}\n",
            "   x\n".repeat(100_000)
        ),
        format!("default:\n  domain: a.example.org\n  password: {}\n", "'".repeat(100_000)),
        format!("default:\n  domain: a.example.org\nx:\n{deep}"),
        format!("default: [{words}]\n"),
    ];
    let catalogue = catalogue(&[]);
    for text in &texts {
        if let Ok(found) = imported_for(&catalogue, text.as_bytes(), "") {
            assert!(found.script.len() < 40 * text.len());
        }
    }
}

#[test]
fn the_configuration_loads_and_says_where_its_lines_come_from() {
    for (catalogue, words) in [(catalogue(&[]), ""), (built_in(), ""), (built_in(), "running")] {
        let found = imported_for(&catalogue, fixture().as_bytes(), words).unwrap();
        let unfinished = found.report.findings.iter().find(|one| one.kind == "unfinished");
        assert!(unfinished.is_none(), "{unfinished:?}");
        let lines = found.configuration.lines().filter(|line| line.contains("# "));
        assert!(lines.filter(|line| line.contains("from eole3.yaml:")).count() > 20);
        assert!(PLANTED.iter().all(|password| !found.configuration.contains(password)));
        assert!(PLANTED.iter().all(|password| !found.script.contains(password)));
    }
}
