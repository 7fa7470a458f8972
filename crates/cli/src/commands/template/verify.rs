//! `--verify-with HELM`: the same work done by the user's own Helm, compared byte by byte.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use helm::chart::Chart;
use serde_json::{Value as Json, json};

use super::each::{self, Common, Instance};
use super::flags::{Arguments, FormatFlag};
use super::output;
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;

/// Helm takes a password in no other way, and everybody on the machine sees the words that a program
/// was started with.
const PASSWORD: &str = "--verify-with cannot give Helm a --password, which others could see on its \
                        command line: log in first (helm repo add, helm registry login), or name \
                        the chart as it lies in a directory";

/// Compares one release, or a sample of the instances.
pub fn run(
    arguments: &Arguments,
    helm: &Path,
    work: &Work,
    chart: &Arc<Chart>,
    context: &mut Context,
) -> Result<(), CommandError> {
    if arguments.source.password.is_some() {
        return Err(CommandError::new(PASSWORD));
    }
    let all = match &arguments.more.each {
        Some(dir) => each::instances(dir)?,
        None => vec![Instance { name: work.name.clone(), files: Vec::new() }],
    };
    let wanted = arguments.more.sample.unwrap_or(all.len()).clamp(1, all.len());
    // Spread evenly, so that a sample sees all parts of a fleet.
    let sample: Vec<&Instance> =
        (0..wanted).filter_map(|index| all.get(index * all.len() / wanted)).collect();
    let common = Common::read(arguments, context)?;
    let is_json = arguments.more.format == Some(FormatFlag::Json);
    let given = if arguments.more.each.is_some() { None } else { Some(context.namespace()) };
    let flag = context.globals.namespace.clone().filter(|name| !name.is_empty());
    let namespace = given.or(flag);
    let engine = work.engine();
    let mut differing = Vec::new();
    for instance in &sample {
        let options = each::options(work, instance, namespace.as_deref());
        let ours = match common.values(instance) {
            Ok(values) => match work.render(&engine, chart, &values, &options).result {
                Ok(release) => Ok(release.text(output::hooks(&arguments.helm))),
                Err(failed) => Err(failed.reason.to_string()),
            },
            Err(words) => Err(words),
        };
        let theirs = ask(arguments, helm, &work.reference, instance, &options.namespace, context)?;
        if let Some(difference) = compare(ours, theirs) {
            if !is_json {
                let report = format!("{}: {}\n", instance.name, difference.text());
                context.print(report.as_bytes());
            }
            differing.push((instance.name.as_str(), difference));
        }
    }
    let same = sample.len() - differing.len();
    let summary = if is_json {
        let list: Vec<Json> = differing.iter().map(|(name, found)| found.json(name)).collect();
        let json = json!({ "compared": sample.len(), "same": same, "differing": list });
        format!("{json:#}\n")
    } else {
        format!("{same} of {} are the same to the byte\n", sample.len())
    };
    context.print(summary.as_bytes());
    if differing.is_empty() { Ok(()) } else { Err(CommandError::Reported(1)) }
}

type Answer = Result<Vec<u8>, String>;

fn ask(
    arguments: &Arguments,
    helm: &Path,
    chart: &str,
    instance: &Instance,
    namespace: &str,
    context: &Context,
) -> Result<Answer, CommandError> {
    let mut command = Command::new(helm);
    command.args(["template", &instance.name, chart, "--namespace", namespace]);
    for file in arguments.values.files() {
        command.arg("-f").arg(file);
    }
    for file in &instance.files {
        command.arg("-f").arg(file);
    }
    let (values, flags, source) = (&arguments.values, &arguments.helm, &arguments.source);
    let lists = [
        ("--set", &values.set),
        ("--set-string", &values.set_string),
        ("--set-json", &values.set_json),
        ("--set-file", &values.set_file),
        ("--set-literal", &values.set_literal),
        ("--api-versions", &flags.api_versions),
    ];
    for (flag, given) in lists {
        for value in given {
            command.arg(flag).arg(value);
        }
    }
    for (flag, value) in [
        ("--kube-version", &flags.kube_version),
        ("--version", &source.version),
        ("--repo", &source.repo),
        ("--username", &source.username),
    ] {
        if let Some(value) = value {
            command.arg(flag).arg(value);
        }
    }
    add_paths(&mut command, arguments, context);
    let switches = [
        ("--include-crds", flags.include_crds),
        ("--no-hooks", flags.no_hooks),
        ("--skip-tests", flags.skip_tests),
        ("--is-upgrade", flags.is_upgrade),
        ("--skip-schema-validation", flags.skip_schema_validation),
        ("--enable-dns", flags.enable_dns),
        ("--devel", source.devel == Some(true)),
        ("--pass-credentials", source.pass_credentials == Some(true)),
        ("--insecure-skip-tls-verify", source.insecure_skip_tls_verify == Some(true)),
        ("--plain-http", source.plain_http == Some(true)),
    ];
    command.args(switches.iter().filter(|(_, on)| *on).map(|(flag, _)| flag));
    let made = command
        .output()
        .map_err(|error| CommandError::of(registry::FileError::new("run", helm, error)))?;
    Ok(if made.status.success() {
        Ok(made.stdout)
    } else {
        Err(String::from_utf8_lossy(&made.stderr).into_owned())
    })
}

fn add_paths(command: &mut Command, arguments: &Arguments, context: &Context) {
    let (source, globals) = (&arguments.source, &context.globals);
    for (flag, path) in [
        ("--ca-file", &source.ca_file),
        ("--cert-file", &source.cert_file),
        ("--key-file", &source.key_file),
        ("--repository-config", &globals.repository_config),
        ("--repository-cache", &globals.repository_cache),
        ("--registry-config", &globals.registry_config),
    ] {
        if let Some(path) = path {
            command.arg(flag).arg(path);
        }
    }
}

/// How two answers differ.
enum Difference {
    /// At this byte first; then the lines, with what each of both has there.
    Bytes(usize, Vec<(usize, [Option<String>; 2])>),
    /// At least one has failed: what was said.
    Failed([Option<String>; 2]),
}

/// What differs, when anything does.
fn compare(ours: Answer, theirs: Answer) -> Option<Difference> {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours != theirs).then(|| differences(&ours, &theirs)),
        (Err(ours), Err(theirs)) if theirs.contains(&ours) => None,
        (ours, theirs) => {
            let said = |answer: Answer| answer.err().map(|words| words.trim_end().to_owned());
            Some(Difference::Failed([said(ours), said(theirs)]))
        }
    }
}

fn differences(ours: &[u8], theirs: &[u8]) -> Difference {
    let at = ours.iter().zip(theirs).position(|(a, b)| a != b);
    let at = at.unwrap_or_else(|| ours.len().min(theirs.len()));
    let (ours, theirs): (Vec<&[u8]>, Vec<&[u8]>) =
        (ours.split(|b| *b == b'\n').collect(), theirs.split(|b| *b == b'\n').collect());
    let owned = |line: &&[u8]| String::from_utf8_lossy(line).into_owned();
    let pairs = (0..ours.len().max(theirs.len())).filter_map(|index| {
        let (a, b) = (ours.get(index), theirs.get(index));
        (a != b).then(|| (index + 1, [a.map(owned), b.map(owned)]))
    });
    Difference::Bytes(at, pairs.collect())
}

/// Lines shown of each output: enough to see what it is about.
const MAX_LINES: usize = 50;

impl Difference {
    fn text(&self) -> String {
        let (at, lines) = match self {
            Self::Failed([Some(ours), Some(theirs)]) => {
                return format!("both fail\n  socle: {ours}\n  helm:  {theirs}");
            }
            Self::Failed([Some(ours), _]) => return format!("only socle fails: {ours}"),
            Self::Failed([_, theirs]) => {
                return format!("only helm fails: {}", theirs.as_deref().unwrap_or_default());
            }
            Self::Bytes(at, lines) => (at, lines),
        };
        let mut report = format!("first differing byte: {at}");
        let shown = |line: &Option<String>| line.clone().unwrap_or_else(|| "(nothing)".to_owned());
        for (line, [a, b]) in lines.iter().take(MAX_LINES) {
            let (a, b) = (shown(a), shown(b));
            report += &format!("\n  line {line}\n    socle: {a}\n    helm:  {b}");
        }
        if lines.len() > MAX_LINES {
            report += &format!("\n  and {} further lines", lines.len() - MAX_LINES);
        }
        report
    }

    fn json(&self, instance: &str) -> Json {
        match self {
            Self::Failed([ours, theirs]) => {
                json!({ "instance": instance, "errors": { "socle": ours, "helm": theirs } })
            }
            Self::Bytes(at, lines) => {
                let line = |(line, [a, b]): &(usize, [Option<String>; 2])| json!({ "line": line, "socle": a, "helm": b });
                let shown: Vec<Json> = lines.iter().take(MAX_LINES).map(line).collect();
                json!({
                    "instance": instance,
                    "firstByte": at,
                    "lines": shown,
                    "differingLines": lines.len(),
                })
            }
        }
    }
}
