//! `--verify-with HELM`: the same work done by the user's own Helm, compared byte by byte.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use helm::chart::Chart;

use super::each::{self, Common, Instance};
use super::flags::Arguments;
use super::output;
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;

/// Compares one release, or a sample of the instances.
pub fn run(
    arguments: &Arguments,
    helm: &Path,
    work: &Work,
    chart: &Arc<Chart>,
    context: &mut Context,
) -> Result<(), CommandError> {
    let all = match &arguments.more.each {
        Some(dir) => each::instances(dir)?,
        None => vec![Instance { name: work.name.clone(), files: Vec::new() }],
    };
    let wanted = arguments.more.sample.unwrap_or(all.len()).clamp(1, all.len());
    // Spread evenly, so that a sample sees all parts of a fleet.
    let sample: Vec<&Instance> =
        (0..wanted).filter_map(|index| all.get(index * all.len() / wanted)).collect();
    let common = Common::read(arguments, context)?;
    let given = if arguments.more.each.is_some() { None } else { Some(context.namespace()) };
    let flag = context.globals.namespace.clone().filter(|name| !name.is_empty());
    let namespace = given.or(flag);
    let mut differing = 0_usize;
    for instance in &sample {
        let options = each::options(work, instance, namespace.as_deref());
        let values = common.values(instance).map_err(CommandError::new)?;
        let ours = match work.render(chart, &values, &options)?.result {
            Ok(release) => Ok(release.text(output::hooks(&arguments.helm))),
            Err(failed) => Err(failed.reason.to_string()),
        };
        let theirs = ask(arguments, helm, &work.reference, instance, &options.namespace)?;
        let report = compare(&ours, &theirs);
        if let Some(report) = report {
            differing += 1;
            context.print(format!("{}: {report}\n", instance.name).as_bytes());
        }
    }
    let same = sample.len() - differing;
    context.print(format!("{same} of {} are the same to the byte\n", sample.len()).as_bytes());
    if differing == 0 { Ok(()) } else { Err(CommandError::Reported(1)) }
}

type Answer = Result<Vec<u8>, String>;

fn ask(
    arguments: &Arguments,
    helm: &Path,
    chart: &str,
    instance: &Instance,
    namespace: &str,
) -> Result<Answer, CommandError> {
    let mut command = Command::new(helm);
    command.args(["template", &instance.name, chart, "--namespace", namespace]);
    for file in arguments.values.files() {
        command.arg("-f").arg(file);
    }
    for file in &instance.files {
        command.arg("-f").arg(file);
    }
    let (values, flags) = (&arguments.values, &arguments.helm);
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
        ("--version", &arguments.source.version),
        ("--repo", &arguments.source.repo),
    ] {
        if let Some(value) = value {
            command.arg(flag).arg(value);
        }
    }
    let switches = [
        ("--include-crds", flags.include_crds),
        ("--no-hooks", flags.no_hooks),
        ("--skip-tests", flags.skip_tests),
        ("--is-upgrade", flags.is_upgrade),
        ("--skip-schema-validation", flags.skip_schema_validation),
        ("--enable-dns", flags.enable_dns),
    ];
    command.args(switches.iter().filter(|(_, on)| *on).map(|(flag, _)| flag));
    let made = command
        .output()
        .map_err(|error| CommandError::new(format!("cannot run {}: {error}", helm.display())))?;
    Ok(if made.status.success() {
        Ok(made.stdout)
    } else {
        Err(String::from_utf8_lossy(&made.stderr).into_owned())
    })
}

/// What differs, when anything does.
fn compare(ours: &Answer, theirs: &Answer) -> Option<String> {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) if ours == theirs => None,
        (Ok(ours), Ok(theirs)) => Some(differences(ours, theirs)),
        (Err(ours), Err(theirs)) if theirs.contains(ours.as_str()) => None,
        (Err(ours), Err(theirs)) => {
            Some(format!("both fail\n  socle: {ours}\n  helm:  {}", theirs.trim_end()))
        }
        (Ok(_), Err(theirs)) => Some(format!("only helm fails: {}", theirs.trim_end())),
        (Err(ours), Ok(_)) => Some(format!("only socle fails: {ours}")),
    }
}

/// Lines shown of each output: enough to see what it is about.
const MAX_LINES: usize = 50;

fn differences(ours: &[u8], theirs: &[u8]) -> String {
    let at = ours.iter().zip(theirs).position(|(a, b)| a != b);
    let at = at.unwrap_or_else(|| ours.len().min(theirs.len()));
    let mut report = format!("first differing byte: {at}");
    let (ours, theirs): (Vec<&[u8]>, Vec<&[u8]>) =
        (ours.split(|b| *b == b'\n').collect(), theirs.split(|b| *b == b'\n').collect());
    let pairs =
        (0..ours.len().max(theirs.len())).map(|line| (line, ours.get(line), theirs.get(line)));
    let differing: Vec<_> = pairs.filter(|(_, a, b)| a != b).collect();
    let shown = |line: Option<&&[u8]>| {
        line.map_or_else(
            || "(nothing)".to_owned(),
            |text| String::from_utf8_lossy(text).into_owned(),
        )
    };
    for (line, a, b) in differing.iter().take(MAX_LINES) {
        let (a, b) = (shown(*a), shown(*b));
        report += &format!("\n  line {}\n    socle: {a}\n    helm:  {b}", line + 1);
    }
    if differing.len() > MAX_LINES {
        report += &format!("\n  and {} further lines", differing.len() - MAX_LINES);
    }
    report
}
