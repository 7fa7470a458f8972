//! Standard output that takes nothing.

use std::fs::OpenOptions;
use std::process::{Command, Output, Stdio};

use crate::bench::Bench;

fn written_to(stdout: impl Into<Stdio>, template: &str) -> Output {
    let bench = Bench::with_template(template);
    let mut command = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap());
    command.args(["chart", "template", "r", "c", "--debug"]).current_dir(bench.root.join("w"));
    command.env_clear().env("HOME", bench.root.join("home")).stdin(Stdio::null()).stdout(stdout);
    command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn full_disk() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = written_to(full(), "kind: ConfigMap");
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.ends_with("Error: write /dev/stdout: no space left on device\n"), "{words}");

    // A fault of the chart is told all the same.
    let output = written_to(full(), "a: b: c");
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("Error: YAML parse error on c/templates/a.yaml"), "{words}");
}

/// The shell's number for a program that ended by SIGPIPE, which is how Helm ends.
#[test]
fn closed_pipe() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = written_to(writer, "kind: ConfigMap");
    assert_eq!(output.status.code(), Some(141));
    // What `--debug` has to say comes before anything is written; nothing is said of the pipe.
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.lines().all(|line| line.starts_with("level=DEBUG")), "{words}");
}
