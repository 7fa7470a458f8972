//! Asks the real Helm: lays a case out as a chart, runs `helm template`, takes its words apart.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};

use super::case::{Answer, Case, shortened};
use crate::shell::{self, Scratch};

/// The chart of a case that brings no `Chart.yaml`.
const CHART: &str = "\
apiVersion: v2
name: tiny
version: 0.1.0
appVersion: \"9.9\"
maintainers:
  - name: bob
";

/// The template that prints a `text` case: one object with the text as a JSON string.
const TEXT_PRINTER: &str = "v: {{ include \"t\" . | toJson }}\n";

/// Tells the directories of cases apart that are asked at the same time.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// What the real Helm answers to a case.
pub fn helm(helm: &Path, case: &Case) -> Result<Answer> {
    let dir = Scratch::new(&format!("case-{}", ASKED.fetch_add(1, Ordering::Relaxed)))?;
    lay_out(case, &dir.path().join("tiny"))?;
    let mut command = helm_command(helm, dir.path());
    command.args(["template", "rel", "tiny", "--namespace", "ns1"]);
    command.args(case.section("args").unwrap_or("").lines());
    let made = command.output().context("cannot start helm")?;
    let said = String::from_utf8(made.stderr).context("Helm's error is not UTF-8")?;
    if !made.status.success() {
        let start = said.find("Error: ").with_context(|| format!("no `Error:` in {said}"))?;
        return Ok(Answer::Error(shortened(&said[start..])));
    }
    let printed = String::from_utf8(made.stdout).context("Helm's output is not UTF-8")?;
    if case.section("text").is_some() {
        return Ok(Answer::Output(text_of(&printed)?));
    }
    if !printed.is_empty() && !printed.ends_with('\n') {
        bail!("the output does not end with a line break, which a case cannot hold");
    }
    Ok(Answer::Output(printed))
}

/// A program in a directory, with nothing of the user's own Helm configuration.
pub fn helm_command(helm: &Path, dir: &Path) -> Command {
    let mut command = Command::new(helm);
    command.current_dir(dir).stdin(Stdio::null());
    for name in ["HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
        command.env(name, dir.join("home"));
    }
    for name in ["KUBECONFIG", "HELM_NAMESPACE", "HELM_DEBUG", "HELM_PLUGINS"] {
        command.env_remove(name);
    }
    command
}

fn lay_out(case: &Case, chart: &Path) -> Result<()> {
    for (name, content) in chart_files(case) {
        shell::write(&chart.join(name), content)?;
    }
    Ok(())
}

/// The files of a case's chart: paths inside the chart, and contents.
pub fn chart_files(case: &Case) -> Vec<(String, String)> {
    let mut files = vec![
        ("Chart.yaml".to_owned(), CHART.to_owned()),
        ("values.yaml".to_owned(), case.values().to_owned()),
    ];
    let defs = case.section("defs").unwrap_or("");
    if let Some(text) = case.text() {
        let defs = defs.strip_suffix('\n').unwrap_or(defs);
        let helper = format!("{defs}{{{{ define \"t\" }}}}{text}{{{{ end }}}}");
        files.push(("templates/_t.tpl".to_owned(), helper));
        files.push(("templates/a.yaml".to_owned(), TEXT_PRINTER.to_owned()));
    } else {
        if !defs.is_empty() {
            files.push(("templates/_t.tpl".to_owned(), defs.to_owned()));
        }
        let template = case.section("template").unwrap_or("");
        files.push(("templates/a.yaml".to_owned(), template.to_owned()));
    }
    for (name, content) in case.files() {
        files.retain(|(known, _)| known != name);
        files.push((name.to_owned(), content.to_owned()));
    }
    files
}

/// The text that a `text` case's one object holds.
pub fn text_of(printed: &str) -> Result<String> {
    let line = printed.lines().find_map(|line| line.strip_prefix("v: "));
    let line = line.with_context(|| format!("no text in {printed}"))?;
    serde_json::from_str(line).with_context(|| format!("not a string: {line}"))
}
