//! The user's own Helm, asked for the same work.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::super::each::Instance;
use super::super::flags::Arguments;
use super::compare::Answer;
use crate::context::Context;
use crate::error::CommandError;

/// What is asked.
pub struct Question<'a> {
    /// The flags to hand on.
    pub arguments: &'a Arguments,
    /// The program.
    pub helm: &'a Path,
    /// The chart, as named on the command line.
    pub chart: &'a str,
    /// The release's name, and the values files that are its own.
    pub instance: &'a Instance,
    /// The release's namespace.
    pub namespace: &'a str,
}

/// What Helm prints, or says on failing.
pub fn ask(question: &Question<'_>, context: &Context) -> Result<Answer, CommandError> {
    let fault = |error| CommandError::of(registry::FileError::new("run", question.helm, error));
    let mut command = command(question, context);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(fault)?;
    let mut stdin = child.stdin.take();
    // What was read here cannot be read again: `-f -` means the same to Helm. It may print before
    // it has read everything, and need not read at all.
    let given = context.stdin.get().map(Vec::as_slice).unwrap_or_default();
    let made = std::thread::scope(|scope| {
        scope.spawn(move || stdin.as_mut().map(|stdin| stdin.write_all(given)));
        child.wait_with_output()
    });
    let made = made.map_err(fault)?;
    if made.status.success() {
        return Ok(Ok(made.stdout));
    }
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    let is_silent = said.trim().is_empty();
    Ok(Err(if is_silent { format!("it says nothing ({})", made.status) } else { said }))
}

fn command(question: &Question<'_>, context: &Context) -> Command {
    let Question { arguments, helm, chart, instance, namespace } = question;
    let mut command = Command::new(helm);
    command.args(["template", &instance.name, chart, "--namespace", namespace]);
    let own = instance.files.iter().map(|file| file.to_string_lossy().into_owned());
    for file in arguments.values.files().into_iter().chain(own) {
        command.arg("-f").arg(one_of_list(file));
    }
    let (values, flags, source) = (&arguments.values, &arguments.helm, &arguments.source);
    let access = &source.access;
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
        ("--username", &access.username),
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
        ("--insecure-skip-tls-verify", access.insecure_skip_tls_verify == Some(true)),
        ("--plain-http", access.plain_http == Some(true)),
    ];
    command.args(switches.iter().filter(|(_, on)| *on).map(|(flag, _)| flag));
    command
}

fn add_paths(command: &mut Command, arguments: &Arguments, context: &Context) {
    let (access, globals) = (&arguments.source.access, &context.globals);
    for (flag, path) in [
        ("--ca-file", &access.ca_file),
        ("--cert-file", &access.cert_file),
        ("--key-file", &access.key_file),
        ("--repository-config", &globals.repository_config),
        ("--repository-cache", &globals.repository_cache),
        ("--registry-config", &globals.registry_config),
    ] {
        if let Some(path) = path.as_ref().filter(|path| !path.as_os_str().is_empty()) {
            command.arg(flag).arg(path);
        }
    }
}

/// The flag takes lists with commas.
fn one_of_list(file: String) -> String {
    if file.contains([',', '"']) { format!("\"{}\"", file.replace('"', "\"\"")) } else { file }
}
