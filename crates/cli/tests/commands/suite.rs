//! Runs the cases, compares or records.

mod archive;
mod case;
mod run;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use case::Case;

/// Everything below the corpus is a case or forgotten.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        } else {
            let name = path.file_name().unwrap();
            assert_eq!(name, "README.md", "{} is no case and will not run", path.display());
        }
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok().filter(|value| !value.is_empty())
}

/// Gives what is wrong with a case, if anything.
fn check(path: &Path, oracle: Option<&Path>, record: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut case = Case::parse(&text)?;
    // What only we do has nothing to ask Helm for.
    if oracle.is_some() && case.is_ours() {
        return Ok(());
    }
    let socle = std::env::var_os("CARGO_BIN_EXE_socle").unwrap();
    let program = oracle.unwrap_or(Path::new(&socle));
    let got = run::run(program, oracle.is_none(), &case)?;
    if record && (oracle.is_some() || case.is_ours()) {
        case.set_answer(&got);
        let after = case.print();
        if after != text {
            std::fs::write(path, after).unwrap();
        }
        return Ok(());
    }
    let wanted = case.answer();
    if wanted == got {
        return Ok(());
    }
    let mut report = String::new();
    for name in case::ANSWERS {
        let of = |answer: &case::Answer| answer.get(name).cloned().unwrap_or_default();
        let (wanted, got) = (of(&wanted), of(&got));
        if wanted != got {
            report += &format!("-- {name}, wanted --\n{wanted}-- {name}, got --\n{got}");
        }
    }
    Err(report)
}

#[test]
fn every_command_says_what_helm_says() {
    let corpus = PathBuf::from("corpus");
    let mut all = Vec::new();
    files(&corpus, &mut all);
    assert!(!all.is_empty(), "the corpus is not where it should be");
    if let Some(part) = environment("SOCLE_CASES") {
        all.retain(|path| path.to_string_lossy().contains(&part));
    }
    let oracle = environment("SOCLE_ORACLE").map(PathBuf::from);
    let record = environment("SOCLE_RECORD").is_some();
    let failures = Mutex::new(Vec::new());
    let next = Mutex::new(all.iter());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(path) = next.lock().unwrap().next() else { break };
                    if let Err(report) = check(path, oracle.as_deref(), record) {
                        let name = path.strip_prefix(&corpus).unwrap().display().to_string();
                        failures.lock().unwrap().push((name, report));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    for (name, report) in &failures {
        println!("== {name}\n{report}");
    }
    assert!(failures.is_empty(), "{} of {} cases differ", failures.len(), all.len());
}
