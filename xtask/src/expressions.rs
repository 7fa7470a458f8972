//! `cargo xtask expressions record|verify`: the answers in the corpus of `crates/cel` come from
//! Google's own implementation, and this asks it. `crates/cel/corpus/README.md` has the form.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{shell, tools};

/// Runs the command.
pub fn run(words: &[String]) -> Result<()> {
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["record"] => each(true),
        ["verify"] => verify(),
        _ => bail!("say `expressions record` or `expressions verify`"),
    }
}

/// Holds all recorded answers against the real implementation.
pub fn verify() -> Result<()> {
    each(false)
}

fn each(records: bool) -> Result<()> {
    let corpus = shell::root().join("crates/cel/corpus");
    let mut files: Vec<PathBuf> = shell::files_under(&corpus)?;
    // What is ours alone is nobody else's business.
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".tsv") && name != "own.tsv"
    });
    let (mut count, mut wrong) = (0, 0);
    for file in files {
        let text = fs::read_to_string(&file)?;
        let lines: Vec<&str> = text.lines().collect();
        let expressions: Vec<&str> =
            lines.iter().map(|line| line.split('\t').next().unwrap_or("")).collect();
        let mut made = String::new();
        for (line, answer) in lines.iter().zip(ask(&expressions)?) {
            count += 1;
            let new = merged(line, &answer);
            if !records && new != *line {
                wrong += 1;
                println!("{line}\nbut CEL says\n{new}");
            }
            made.push_str(&new);
            made.push('\n');
        }
        if records && made != text {
            fs::write(&file, made)?;
            println!("recorded {}", file.display());
        }
    }
    println!("{count} expressions, {wrong} with another answer");
    if wrong > 0 {
        bail!("{wrong} recorded answers are not those of the real implementation");
    }
    Ok(())
}

/// What Google's implementation answers, expression by expression.
fn ask(expressions: &[&str]) -> Result<Vec<Value>> {
    let mut child = Command::new(tools::path("cel")?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cel")?;
    let mut input = child.stdin.take().context("cel has no input")?;
    let questions: Vec<String> =
        expressions.iter().map(|one| Value::from(*one).to_string() + "\n").collect();
    let questions = questions.concat();
    // Another thread writes, so that neither waits for the other for ever.
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let output = child.wait_with_output()?;
    if let Ok(outcome) = writer.join() {
        outcome?;
    }
    let text = String::from_utf8(output.stdout)?;
    let answers: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    if answers.len() != expressions.len() {
        bail!("{} expressions, but {} answers", expressions.len(), answers.len());
    }
    Ok(answers)
}

/// The line with the answer: expression, type, value; or expression, stage of the fault and, in
/// the third place, what we say of it, which is not the oracle's business.
fn merged(line: &str, answer: &Value) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or("").to_owned();
    let mut columns = line.split('\t');
    let expression = columns.next().unwrap_or("");
    let before = columns.next().unwrap_or("");
    match answer["fault"].as_str() {
        None => format!("{expression}\t{}\t{}", text("type"), text("value")),
        Some(stage) => {
            let mark = format!("{stage} fault");
            let words = if before == mark { columns.next().unwrap_or("") } else { "" };
            format!("{expression}\t{mark}\t{words}")
        }
    }
}
