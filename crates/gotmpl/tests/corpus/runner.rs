//! Every case of `corpus/`: a template, its data, and what Go's own library made of them.
//!
//! The form of a case is in `corpus/README.md`.

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{functions, json};
use gotmpl::limits::Limits;
use gotmpl::machine::Machine;
use gotmpl::set::{Functions, MissingKey, Set};
use gotmpl::value::{Str, Value};

struct Case {
    template: String,
    templates: Vec<(String, String)>,
    data: String,
    missing_key: MissingKey,
    answer: Option<Answer>,
}

#[derive(PartialEq, Eq, Debug)]
enum Answer {
    Output(String),
    Error(String),
}

fn read(path: &Path) -> Case {
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let mut case = Case {
        template: String::new(),
        templates: Vec::new(),
        data: "null".to_owned(),
        missing_key: MissingKey::Invalid,
        answer: None,
    };
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let head = line.trim_end().strip_prefix("-- ").and_then(|head| head.strip_suffix(" --"));
        match (head, sections.last_mut()) {
            (Some(head), _) => sections.push((head.to_owned(), String::new())),
            (None, Some((_, body))) => body.push_str(line),
            (None, None) => {}
        }
    }
    for (head, body) in sections {
        // The newline before the next heading belongs to the heading.
        let body = body.strip_suffix('\n').unwrap_or(&body).to_owned();
        match head.split_once(' ').map_or((head.as_str(), ""), |parts| parts) {
            ("template", "") => case.template = body,
            ("template", name) => case.templates.push((name.to_owned(), body)),
            ("data", _) => case.data = body,
            ("missingkey", _) => {
                case.missing_key = match body.as_str() {
                    "zero" => MissingKey::Zero,
                    "error" => MissingKey::Error,
                    other => panic!("missingkey {other} in {}", path.display()),
                }
            }
            ("output", _) => case.answer = Some(Answer::Output(body)),
            ("error", _) => case.answer = Some(Answer::Error(body)),
            _ => panic!("heading {head} in {}", path.display()),
        }
    }
    case
}

fn run(case: &Case) -> Answer {
    let functions = Arc::new(Functions::new(functions::FUNCTIONS));
    let mut set = Set::new("main", functions).missing_key(case.missing_key);
    let main = ("main".to_owned(), case.template.clone());
    for (name, text) in case.templates.iter().chain([&main]) {
        if let Err(error) = set.parse(name, &Str::from(text.as_str())) {
            return Answer::Error(error.to_string());
        }
    }
    let mut host: Vec<Box<dyn Any>> = Vec::new();
    let data: Value = json::parse(&case.data);
    let mut machine = Machine::new(&set, &mut host, Limits::default());
    match machine.execute_template(b"main", &data) {
        Ok(output) => Answer::Output(output.to_text().into_owned()),
        Err(error) => Answer::Error(error.to_string()),
    }
}

fn cases(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            cases(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        } else {
            assert!(path.ends_with("README.md"), "not a case: {}", path.display());
        }
    }
}

#[test]
fn corpus() {
    let mut paths = Vec::new();
    cases(Path::new("corpus"), &mut paths);
    let mut failures = Vec::new();
    for path in &paths {
        let case = read(path);
        let found = gotmpl::stack::with_big_stack(|| run(&case)).unwrap();
        match &case.answer {
            Some(answer) if *answer == found => {}
            answer => {
                let name = path.strip_prefix("corpus").unwrap().display();
                failures.push(format!("{name}\n  expected {answer:?}\n  found    {found:?}"));
            }
        }
    }
    assert!(paths.len() > 100, "only {} cases found", paths.len());
    let count = failures.len();
    assert!(failures.is_empty(), "{count} of {}:\n{}", paths.len(), failures.join("\n"));
}
