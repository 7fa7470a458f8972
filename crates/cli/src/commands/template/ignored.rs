//! Flags that `helm template` takes although they only concern a cluster: read as Helm reads them,
//! told of where Helm tells of them, and without effect.

use super::flags::Arguments;
use crate::arguments::{go_bool, go_duration, go_pairs};
use crate::context::Context;
use crate::error::CommandError;

/// The flags.
#[derive(Clone, Debug, clap::Args)]
pub struct IgnoredFlags {
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    create_namespace: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    force_replace: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    force: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    force_conflicts: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    replace: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    wait_for_jobs: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    disable_openapi_validation: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    rollback_on_failure: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    atomic: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    render_subchart_notes: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    hide_notes: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    take_ownership: Option<bool>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    server_side: Option<bool>,
    #[arg(long, hide = true, allow_hyphen_values = true, value_parser = go_duration)]
    timeout: Option<String>,
    #[arg(long, hide = true, allow_hyphen_values = true)]
    description: Option<String>,
    #[arg(short, long, hide = true, allow_hyphen_values = true, value_parser = go_pairs)]
    labels: Vec<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "watcher", value_parser = wait)]
    wait: Option<String>,
}

/// How `--wait` may wait.
fn wait(text: &str) -> Result<String, String> {
    match text {
        "watcher" | "hookOnly" | "legacy" | "true" | "false" => Ok(text.to_owned()),
        other => {
            let other = strconv::quote(other.as_bytes());
            Err(format!(
                "invalid wait input {other}. Valid inputs are watcher, hookOnly, and legacy"
            ))
        }
    }
}

const NO_NOTES: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";

/// Says what Helm says of flags that are on their way out.
pub fn announce(arguments: &Arguments, context: &mut Context) {
    let IgnoredFlags { force, atomic, hide_notes, render_subchart_notes, .. } = arguments.ignored;
    let deprecated = [
        ("force", force, "use --force-replace instead"),
        ("atomic", atomic, "use --rollback-on-failure instead"),
        ("hide-notes", hide_notes, NO_NOTES),
        ("render-subchart-notes", render_subchart_notes, NO_NOTES),
        ("validate", arguments.helm.validate, "use '--dry-run=server' instead"),
    ];
    for (flag, given, advice) in deprecated {
        if given.is_some() {
            context.warn(&format!("Flag --{flag} has been deprecated, {advice}"));
        }
    }
    let instead = match arguments.ignored.wait.as_deref() {
        Some("true") => {
            "--wait=true is deprecated (boolean value) and can be replaced with --wait=watcher"
        }
        Some("false") => {
            "--wait=false is deprecated (boolean value) and can be replaced with --wait=hookOnly"
        }
        _ => return,
    };
    context.warn(&format!("level=WARN msg=\"{instead}\""));
}

/// Refuses flags that exclude each other.
pub fn check(arguments: &Arguments) -> Result<(), CommandError> {
    let IgnoredFlags { force, force_replace, force_conflicts, .. } = arguments.ignored;
    let (validate, dry_run) = (arguments.helm.validate, &arguments.helm.dry_run);
    let pairs = [
        (["force", "force-conflicts"], [force.is_some(), force_conflicts.is_some()]),
        (
            ["force-replace", "force-conflicts"],
            [force_replace.is_some(), force_conflicts.is_some()],
        ),
        (["validate", "dry-run"], [validate.is_some(), dry_run.is_some()]),
    ];
    let Some((names, _)) = pairs.into_iter().find(|(_, given)| *given == [true, true]) else {
        return Ok(());
    };
    let mut sorted = names;
    sorted.sort_unstable();
    Err(CommandError::new(format!(
        "if any flags in the group [{}] are set none of the others can be; [{}] were all set",
        names.join(" "),
        sorted.join(" ")
    )))
}
