//! A page that shows commands with what they print: it is followed word by word, in a directory of its
//! own, and what is printed is compared. `SOCLE_RECORD=1` writes it into the page.
//!
//! Blocks of a page, by the word behind the fence:
//!
//! - `yaml`: a file; its first line is a comment with its name.
//! - `console`: lines that begin with `$ ` are commands, the others what is printed, all in one. A line
//!   `…` stands for any number of lines, and at the end of a line for its rest. `fails` behind it: the
//!   last command does. `cluster` behind it: there must be one, and the block is left out without it.
//! - `sh`: what is done beforehand, by commands of [`BEFOREHAND`] only.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What has happened when a test runs: Cargo has built the program, and a control plane runs.
const BEFOREHAND: &[&str] = &["cargo install --locked --path crates/cli", "cargo xtask bed"];
/// A line that stands for any number of them; at the end of a line, for the rest of it.
const ANY: &str = "…";
/// What pages call the directory.
const HOME: &str = "~/platform";

/// A page, and how its reader works.
#[derive(Debug)]
pub struct Reader<'r> {
    /// The name of the file in `docs/`.
    pub page: &'r str,
    /// The locale.
    pub locale: &'r str,
    /// The variables by which programs find a cluster, where there is one.
    pub cluster: Option<Vec<(OsString, OsString)>>,
}

impl Reader<'_> {
    /// Follows the page to its end.
    pub fn follow(&self) {
        let path = Path::new("../../docs").join(self.page);
        let text = fs::read_to_string(&path).unwrap();
        let home = env::temp_dir().join(format!("socle-{}-{}", std::process::id(), self.page));
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let mut shown = String::new();
        for (number, part) in text.split("```").enumerate() {
            let fence = if number == 0 { "" } else { "```" };
            let (word, body) = part.split_once('\n').unwrap();
            let body = match word {
                _ if number % 2 == 0 => body.to_owned(),
                "yaml" => written(&home, body),
                "sh" => before(body),
                _ => self.answered(&home, word, body),
            };
            shown.push_str(&format!("{fence}{word}\n{body}"));
        }
        fs::remove_dir_all(&home).unwrap();
        if env::var_os("SOCLE_RECORD").is_some() {
            fs::write(&path, shown).unwrap();
        } else {
            assert_eq!(shown, text, "{}: SOCLE_RECORD=1 writes what is printed", self.page);
        }
    }

    /// A block with what its commands print now.
    fn answered(&self, home: &Path, word: &str, body: &str) -> String {
        let (kind, rest) = word.split_once(' ').unwrap_or((word, ""));
        assert!(kind == "console", "{}: a block `{word}`", self.page);
        let (with_cluster, fails) = (rest.contains("cluster"), rest.contains("fails"));
        if with_cluster && self.cluster.is_none() {
            return body.to_owned();
        }
        let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in body.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => commands.push((command, Vec::new())),
                None => commands.last_mut().unwrap().1.push(line),
            }
        }
        let last = commands.len() - 1;
        let mut out = String::new();
        for (at, (command, expected)) in commands.iter().enumerate() {
            let (success, printed) = self.run(home, command);
            assert_eq!(success, !(fails && at == last), "{}: {command}\n{printed}", self.page);
            // A machine that is slow is told what pods wait for meanwhile.
            let is_shown = |line: &&str| !(with_cluster && line.starts_with("    "));
            let lines: Vec<&str> = printed.lines().filter(is_shown).collect();
            let same = matches(expected, &lines);
            out.push_str(&format!("$ {command}\n"));
            for line in if same { expected } else { &lines } {
                out.push_str(&format!("{line}\n"));
            }
        }
        out
    }

    /// Whether a command succeeds, and what it prints.
    fn run(&self, home: &Path, command: &str) -> (bool, String) {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(home).env_clear();
        shell.env("PATH", "/usr/bin:/bin").env("HOME", home);
        shell.envs(self.cluster.iter().flatten().map(|(name, value)| (name, value)));
        let found = shell.get_envs().find(|(name, _)| *name == "PATH");
        let mut path = OsString::from(socle().parent().unwrap());
        path.push(":");
        path.push(found.and_then(|(_, path)| path).unwrap_or_default());
        let made = shell.env("PATH", path).env("LC_ALL", self.locale).output().unwrap();
        let printed = String::from_utf8(made.stdout).unwrap();
        (made.status.success(), printed.replace(home.to_str().unwrap(), HOME))
    }
}

fn socle() -> PathBuf {
    PathBuf::from(env::var_os("CARGO_BIN_EXE_socle").unwrap())
}

/// Writes the file of a block.
fn written(home: &Path, body: &str) -> String {
    let name = body.lines().next().unwrap().strip_prefix("# ").unwrap();
    fs::write(home.join(name), body).unwrap();
    body.to_owned()
}

/// Nothing is done beforehand but what is known.
fn before(body: &str) -> String {
    body.lines().for_each(|line| assert!(BEFOREHAND.contains(&line), "{line}"));
    body.to_owned()
}

/// Whether lines are as expected, where `…` stands for any number of them.
fn matches(expected: &[&str], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&ANY, rest)) => (0..=lines.len()).any(|skipped| matches(rest, &lines[skipped..])),
        Some((first, rest)) => {
            let same = |line: &&str| match first.strip_suffix(ANY) {
                Some(beginning) => line.starts_with(beginning),
                None => line == first,
            };
            lines.first().is_some_and(same) && matches(rest, &lines[1..])
        }
    }
}
