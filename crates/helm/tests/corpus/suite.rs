//! Finds the cases and runs them on all cores.

#[path = "case.rs"]
mod case;
#[path = "run.rs"]
mod run;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Everything below the corpus is a case, shared values, or forgotten.
fn cases(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            cases(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        } else {
            let name = path.file_name().unwrap();
            assert_eq!(name, "_values.yaml", "{} is no case and will not run", path.display());
        }
    }
}

#[test]
fn every_case_renders_as_helm_said() {
    let corpus = PathBuf::from("corpus/templates");
    let mut all = Vec::new();
    cases(&corpus, &mut all);
    assert!(all.len() > 200, "the corpus is not where it should be");
    let filter = option_env_at_run("SOCLE_CASES");
    all.retain(|path| path.to_string_lossy().contains(&filter));
    let failures = Mutex::new(Vec::new());
    let next = Mutex::new(all.iter());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                gotmpl::stack::with_big_stack(|| {
                    loop {
                        let Some(path) = next.lock().unwrap().next() else { break };
                        let checked = std::panic::catch_unwind(|| run::check(&corpus, path));
                        let checked = checked.unwrap_or_else(|_| Err("  panics".to_owned()));
                        if let Err(report) = checked {
                            let name = path.strip_prefix(&corpus).unwrap().display().to_string();
                            failures.lock().unwrap().push((name, report));
                        }
                    }
                })
                .expect("there is no thread with a big stack");
            };
            scope.spawn(work);
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    for (name, report) in &failures {
        println!("== {name}\n{report}");
    }
    assert!(failures.is_empty(), "{} of {} cases differ", failures.len(), all.len());
}

#[test]
fn every_function_has_a_case() {
    let mut all = Vec::new();
    cases(Path::new("corpus/templates"), &mut all);
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let text: String = all.iter().map(read).collect();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: HashSet<&str> = text.split(|c| !is_part(c)).collect();
    let engine = helm::engine::Engine::new(helm::engine::Dns::Off);
    let without: Vec<&str> =
        engine.programs().functions().names().filter(|name| !words.contains(name)).collect();
    assert!(without.is_empty(), "without a case: {without:?}");
}

#[expect(clippy::disallowed_methods, reason = "a test chooses its cases by the environment")]
fn option_env_at_run(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
