//! One case rendered in memory and compared with its answer.

use std::path::Path;
use std::sync::Arc;

use helm::capabilities::{Capabilities, KubeVersion};
use helm::chart::{self, File};
use helm::engine::{Dns, Engine};
use helm::log::Log;
use helm::release::{self, Hooks, Options};
use helm::values::Given;

use super::case::{Case, shortened};

/// Whether the case renders to its answer; the error shows both.
pub fn check(corpus: &Path, path: &Path) -> Result<(), String> {
    let case = Case::read(corpus, path);
    let got = render(&case);
    let wanted = match (case.section("error"), case.section("output")) {
        (Some(error), _) => Err(error),
        (None, Some(_)) if case.section("text").is_some() => Ok(case.cut("output").unwrap()),
        (None, Some(output)) => Ok(output),
        (None, None) => return Err("no answer: run `cargo xtask corpus record`".to_owned()),
    };
    let got = got.map_err(|error| shortened(&format!("Error: {error}\n")));
    match (&got, wanted) {
        (Ok(got), Ok(wanted)) if got == wanted => Ok(()),
        (Err(got), Err(wanted)) if got == wanted => Ok(()),
        (got, wanted) => Err(format!("  wanted {wanted:?}\n  got    {got:?}")),
    }
}

/// The flags of `helm template` that cases use.
struct Flags {
    given: Given,
    options: Options,
    hooks: Hooks,
    show_only: Vec<String>,
}

fn render(case: &Case) -> Result<String, String> {
    let files = case.files();
    let mut flags = flags(case.section("args").unwrap_or_default(), &files)?;
    let mut log = Log::default();
    let text = |error: &dyn std::fmt::Display| error.to_string();
    // Values are read before the chart.
    let mut read = |path: &str| file(&files, path);
    let given = flags.given.combine(&mut read).map_err(|e| text(&e))?;
    let files = files
        .iter()
        .map(|(name, data)| File {
            name: name.as_str().into(),
            modified: None,
            data: data.as_slice().into(),
        })
        .collect();
    let chart = Arc::new(chart::from_files(files, &mut log).map_err(|e| text(&e))?);
    helm::dependency::check(&chart).map_err(|missing| {
        format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm \
             dependency build' to fetch missing dependencies: {missing}"
        )
    })?;
    "rel".clone_into(&mut flags.options.name);
    "ns1".clone_into(&mut flags.options.namespace);
    let engine = Engine::new(Dns::Off);
    let made = release::render(&engine, &chart, &given, &flags.options, effects(), None, &mut log);
    let (release, _) = made.map_err(|failed| match failed.partial {
        None => failed.reason.to_string(),
        Some(_) => {
            format!("{}\n\nUse --debug flag to render out invalid YAML", failed.reason)
        }
    })?;
    let mut printed = release.text(flags.hooks);
    if !flags.show_only.is_empty() {
        printed = release::show_only(&printed, &flags.show_only).map_err(|e| text(&e))?;
    }
    let printed = String::from_utf8(printed).map_err(|e| text(&e))?;
    if case.section("text").is_none() {
        return Ok(printed);
    }
    let line = printed.lines().find_map(|line| line.strip_prefix("v: "));
    let line = line.ok_or_else(|| format!("no text in {printed}"))?;
    serde_json::from_str(line).map_err(|e| text(&e))
}

fn effects() -> Vec<Box<dyn std::any::Any>> {
    vec![Box::new(functions::effects::Effects::default())]
}

/// A file of the case, by the name that arguments use.
fn file(files: &[(String, Vec<u8>)], path: &str) -> Result<Vec<u8>, String> {
    let name = path.strip_prefix("tiny/").unwrap_or(path);
    let found = files.iter().find(|(known, _)| known == name);
    found.map(|(_, data)| data.clone()).ok_or(format!("open {path}: no such file or directory"))
}

fn flags(args: &str, files: &[(String, Vec<u8>)]) -> Result<Flags, String> {
    let mut flags = Flags {
        given: Given::default(),
        options: Options::default(),
        hooks: Hooks::All,
        show_only: Vec::new(),
    };
    let mut capabilities = Capabilities::default();
    let mut words = args.lines();
    while let Some(word) = words.next() {
        match word {
            "--include-crds" => flags.options.include_crds = true,
            "--is-upgrade" => flags.options.is_upgrade = true,
            "--skip-schema-validation" => flags.options.skip_schema = true,
            "--no-hooks" => flags.hooks = Hooks::None,
            "--skip-tests" => flags.hooks = Hooks::WithoutTests,
            _ => {
                let (flag, value) = match word.split_once('=') {
                    Some((flag, value)) if flag.starts_with("--") => (flag, value),
                    _ => (word, words.next().ok_or(format!("{word} needs a value"))?),
                };
                let value = value.to_owned();
                match flag {
                    "-f" | "--values" => {
                        let content = file(files, &value)?;
                        flags.given.files.push((value, content));
                    }
                    "--set" => flags.given.set.push(value),
                    "--set-string" => flags.given.text.push(value),
                    "--set-json" => flags.given.json.push(value),
                    "--set-file" => flags.given.file.push(value),
                    "--set-literal" => flags.given.literal.push(value),
                    "-s" | "--show-only" => flags.show_only.push(value),
                    "-a" | "--api-versions" => {
                        capabilities.api_versions.extend(value.split(',').map(str::to_owned));
                    }
                    "--kube-version" => {
                        capabilities.kube_version = KubeVersion::parse(&value)
                            .map_err(|e| format!("invalid kube version '{value}': {e}"))?;
                    }
                    _ => return Err(format!("the runner does not know {word}")),
                }
            }
        }
    }
    flags.options.capabilities = Arc::new(capabilities);
    Ok(flags)
}
