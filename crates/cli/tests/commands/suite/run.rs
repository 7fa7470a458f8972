//! Lays a case out, runs the command, takes down what it did.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::archive;
use super::case::{Answer, Case};

/// Tells the directories of cases apart that run at the same time.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Where the directories of cases are; the name is short, for it stands in messages.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let name = format!("socle-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        // Left over from a run that was killed.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in a temporary directory hurts nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// All files and links below a directory, in order.
pub fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.is_symlink() {
            files_under(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn lay_out(case: &Case, root: &Path) -> Result<(), String> {
    for (kind, path, content) in case.inputs() {
        let place = root.join(path.split(' ').next().unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let content = content.replace("$DIR", root.to_str().unwrap());
        match kind {
            "file" => fs::write(&place, content).unwrap(),
            "script" => {
                use std::os::unix::fs::PermissionsExt as _;
                fs::write(&place, content).unwrap();
                fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
            }
            // One escape for each byte that is no text.
            "bytes" => fs::write(&place, bytes(content.trim_end())).unwrap(),
            "dir" => fs::create_dir_all(&place).unwrap(),
            // Keys and what was signed by them, made once: see tests/keys/README.md.
            "copy" => {
                let name = path.split_once(' ').ok_or("copy FILE NAME\n")?.1;
                fs::copy(Path::new("tests/keys").join(name), &place).unwrap();
            }
            "link" => std::os::unix::fs::symlink(content.trim_end(), &place).unwrap(),
            "pack" => {
                let folder = root.join(path.split_once(' ').ok_or("pack FILE DIR\n")?.1);
                let entries = archive::pack(&folder);
                fs::remove_dir_all(folder).unwrap();
                fs::write(&place, archive::write(&entries)).unwrap();
            }
            "archive" => {
                fs::write(&place, archive::made(&content)).unwrap();
            }
            other => return Err(format!("no section is called {other}\n")),
        }
    }
    Ok(())
}

fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if let [b'x', a, b, ..] = more
            && *first == b'\\'
        {
            let digits = [*a, *b];
            let digits = std::str::from_utf8(&digits).unwrap();
            out.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &more[3..];
        } else {
            out.push(*first);
            rest = more;
        }
    }
    out
}

/// Runs a program on a case: ours wants the word `chart` before the command, and is asked in French,
/// too. Of that answer only what differs counts.
pub fn run(program: &Path, ours: bool, case: &Case) -> Result<Answer, String> {
    let mut answer = run_in(program, ours, case, None)?;
    if ours && case.has_languages() {
        let french = run_in(program, ours, case, Some("fr_FR.UTF-8"))?;
        for (name, of_french) in
            [("stdout", "stdout-french"), ("stderr", "stderr-french"), ("made", "made-french")]
        {
            let part = french.get(name).filter(|part| answer.get(name) != Some(part)).cloned();
            answer.extend(part.map(|part| (of_french, part)));
        }
        if french.get("exit") != answer.get("exit") {
            return Err("in French the exit code is another\n".to_owned());
        }
    }
    Ok(answer)
}

fn run_in(program: &Path, ours: bool, case: &Case, locale: Option<&str>) -> Result<Answer, String> {
    let scratch = Scratch::new();
    let root = scratch.0.join("w");
    fs::create_dir(&root).unwrap();
    lay_out(case, &root)?;
    let mut before = Vec::new();
    files_under(&root, &mut before);
    let before: BTreeSet<PathBuf> = before.into_iter().collect();
    let home = scratch.0.join("home");
    fs::create_dir(&home).unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(&root)
        .env_clear()
        .env("PATH", "/nowhere")
        .env("HOME", &home)
        .env("TZ", "UTC")
        .env("HELM_CONFIG_HOME", root.join("config"))
        .env("HELM_CACHE_HOME", scratch.0.join("cache"))
        .env("HELM_DATA_HOME", scratch.0.join("data"))
        .stdin(stdin(case, &scratch.0));
    command.envs(locale.map(|locale| ("LC_ALL", locale)));
    for line in case.section("env").unwrap_or_default().lines() {
        let (name, value) = line.split_once('=').ok_or("env NAME=VALUE\n")?;
        command.env(name, value.replace("$DIR", root.to_str().unwrap()));
    }
    if ours && case.section("words").is_none() {
        command.arg("chart");
    }
    let words = case.section("words").or_else(|| case.section("args"));
    for arg in words.unwrap_or_default().lines() {
        command.arg(arg.replace("$DIR", root.to_str().unwrap()));
    }
    let output = command.output().map_err(|error| format!("{}: {error}\n", program.display()))?;
    let words = |data: &[u8]| {
        let text = String::from_utf8_lossy(data).replace(root.to_str().unwrap(), "$DIR");
        let text = text.replace(scratch.0.to_str().unwrap(), "$DIR/..");
        text.lines().map(|line| without_time(line) + "\n").collect::<String>()
    };
    let mut answer = Answer::new();
    let exit = output.status.code().unwrap_or(-1);
    answer.insert("stdout", words(&output.stdout));
    answer.insert("stderr", words(&output.stderr));
    answer.insert("exit", if exit == 0 { String::new() } else { format!("{exit}\n") });
    answer.insert("made", made(&root, &before, case.section("shown")));
    answer.retain(|_, text| !text.is_empty());
    Ok(answer)
}

/// What the case gives by standard input.
fn stdin(case: &Case, scratch: &Path) -> Stdio {
    let Some(text) = case.section("stdin") else { return Stdio::null() };
    let path = scratch.join("stdin");
    fs::write(&path, text).unwrap();
    fs::File::open(path).unwrap().into()
}

/// A line of the log without the moment at which it was written.
fn without_time(line: &str) -> String {
    match line.strip_prefix("time=").and_then(|rest| rest.split_once(' ')) {
        Some((_, rest)) => rest.to_owned(),
        None => line.to_owned(),
    }
}

/// The files that were not there before, with their text (or only that of those that are to be
/// shown); archives with what is in them.
fn made(root: &Path, before: &BTreeSet<PathBuf>, shown: Option<&str>) -> String {
    let mut after = Vec::new();
    files_under(root, &mut after);
    let mut out = String::new();
    for path in after.iter().filter(|path| !before.contains(*path)) {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        out += &format!("{name}\n");
        if shown.is_some_and(|shown| shown.lines().all(|line| line != name)) {
            continue;
        }
        let data = fs::read(path).unwrap();
        if path.extension().is_some_and(|extension| extension == "tgz") {
            out += &archive::list(&data);
        } else {
            let is_provenance = path.extension().is_some_and(|extension| extension == "prov");
            for line in String::from_utf8_lossy(&data).lines() {
                // What depends on the moment and on how the archive was packed.
                if line == "-----BEGIN PGP SIGNATURE-----" {
                    out += &format!("  {line}\n  …\n");
                    break;
                }
                let sum = line.split_once(" sha256:").map_or(line, |(start, _)| start);
                let line = if is_provenance { sum } else { line };
                let moment = line.starts_with("generated: ");
                out += &format!("  {}\n", if moment { "generated: …" } else { line });
            }
        }
    }
    out
}
