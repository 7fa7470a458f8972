//! From the flags to a chart and to everything that a render needs.

use std::any::Any;
use std::sync::Arc;

use helm::capabilities::{Capabilities, KubeVersion};
use helm::chart::Chart;
use helm::diagnose::{self, Diagnostic, Givers, Subject};
use helm::engine::{Dns, Engine, Programs};
use helm::log::Log;
use helm::release::{self, Failed, Options, Release};
use helm::schema::Schemas;
use helm::values::Table;
use registry::locate::Source;
use registry::provenance::Verification;

use super::flags::{Arguments, EffectsFlag, FormatFlag};
use crate::arguments::slice;
use crate::context::Context;
use crate::error::CommandError;
use crate::{people, remote, source};

/// What all renders of a run share.
pub struct Work {
    /// The release's name.
    pub name: String,
    /// The chart, as named on the command line.
    pub reference: String,
    namespace: String,
    programs: Arc<Programs>,
    schemas: Arc<Schemas>,
    capabilities: Arc<Capabilities>,
    is_upgrade: bool,
    include_crds: bool,
    skip_schema: bool,
    effects: EffectsFlag,
    zone: Option<String>,
}

/// What a render gives, with what it has to say.
pub struct Made {
    /// The release, or why there is none.
    pub result: Result<Release, Failed>,
    /// Log lines.
    pub log: Log,
}

/// What people are told besides.
#[derive(Default)]
pub struct Report {
    /// Why there is no release.
    pub fault: Option<Box<Diagnostic>>,
    /// What was accepted but is hardly meant.
    pub doubts: Vec<Diagnostic>,
}

/// Reads the flags that concern every render.
pub fn prepare(arguments: &Arguments, context: &mut Context) -> Result<Work, CommandError> {
    let flags = &arguments.helm;
    let mut capabilities = Capabilities::default();
    if let Some(text) = flags.kube_version.as_deref().filter(|text| !text.is_empty()) {
        capabilities.kube_version = KubeVersion::parse(text).map_err(|error| {
            CommandError::new(format!("invalid kube version '{text}': {error}"))
        })?;
    }
    capabilities.api_versions.extend(slice(&flags.api_versions));
    source::source(&arguments.source, context)?;
    refuse_cluster(arguments, context)?;
    refuse_reports_in_files(arguments)?;
    let (name, reference) = name_and_chart(arguments, context)?;
    Ok(Work {
        name,
        reference,
        namespace: context.namespace(),
        programs: Arc::new(Programs::new(if flags.enable_dns { Dns::On } else { Dns::Off })),
        schemas: Arc::new(remote::schemas(&source::environment(context))),
        capabilities: Arc::new(capabilities),
        is_upgrade: flags.is_upgrade,
        include_crds: flags.include_crds,
        skip_schema: flags.skip_schema_validation,
        // What is random says nothing about a change: both renders get the same.
        effects: if super::against::is_wanted(arguments) {
            EffectsFlag::Frozen
        } else {
            arguments.more.effects
        },
        zone: context.environment.get("TZ").map(str::to_owned),
    })
}

fn refuse_cluster(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let needs_cluster = |flag: &str| {
        Err(CommandError::new(format!(
            "{flag} needs a cluster, and \"socle chart template\" asks none; leave it out, or use helm for it"
        )))
    };
    if arguments.helm.post_renderer.is_some() {
        let text = "--post-renderer runs a plugin of Helm on objects that Helm has written anew, in a \
                    layout that Socle does not have; pipe the output through the plugin's program \
                    instead: socle chart template … | PROGRAM";
        return Err(CommandError::new(text));
    }
    if arguments.helm.validate == Some(true) {
        return needs_cluster("--validate");
    }
    match arguments.helm.dry_run.as_deref().unwrap_or("client") {
        "client" => Ok(()),
        "server" => needs_cluster("--dry-run=server"),
        "unset" => {
            let text = "--dry-run is deprecated and should be replaced with '--dry-run=client'";
            context.warn(&format!("level=WARN msg=\"{text}\""));
            Ok(())
        }
        other => match crate::arguments::go_bool(other) {
            Ok(true) => {
                let text = "boolean '--dry-run=true' flag is deprecated and must be replaced with \
                            '--dry-run=client'";
                context.warn(&format!("level=WARN msg=\"{text}\""));
                Ok(())
            }
            Ok(false) => Err(dry_run_error(other, "\"server\" or \"client\"")),
            Err(_) if other == "none" => Err(dry_run_error(other, "\"server\" or \"client\"")),
            Err(_) => Err(dry_run_error(other, "\"none\", \"server\", or \"client\"")),
        },
    }
}

/// A report is printed: nothing would be written.
fn refuse_reports_in_files(arguments: &Arguments) -> Result<(), CommandError> {
    let more = &arguments.more;
    let reports = [
        ("--explain", !more.explain.is_empty()),
        ("--unread", more.unread),
        ("--against", more.against.is_some()),
        ("--against-values", more.against_values.is_some()),
        ("--verify-with", more.verify_with.is_some()),
        ("--format json", more.format == Some(FormatFlag::Json)),
    ];
    let given = reports.iter().find(|(_, is_given)| *is_given);
    match given.filter(|_| arguments.helm.output_dir.is_some()) {
        None => Ok(()),
        Some((flag, _)) => Err(CommandError::new(format!(
            "--output-dir writes what is rendered, and {flag} prints a report instead; leave one of \
             them out, or send the report to a file: … > FILE"
        ))),
    }
}

fn dry_run_error(given: &str, wanted: &str) -> CommandError {
    let given = strconv::quote(given.as_bytes());
    CommandError::new(format!("invalid dry-run value ({given}). Must be {wanted}"))
}

/// The name that `helm template` gives a release when nobody names one.
const DEFAULT_NAME: &str = "release-name";

fn name_and_chart(
    arguments: &Arguments,
    context: &Context,
) -> Result<(String, String), CommandError> {
    let flags = &arguments.helm;
    let template = flags.name_template.as_deref().filter(|text| !text.is_empty());
    let given = match arguments.references.as_slice() {
        [_, _] => Some("NAME"),
        _ if flags.generate_name => Some("--generate-name"),
        _ if template.is_some() => Some("--name-template"),
        _ => None,
    };
    if let Some(given) = given.filter(|_| arguments.more.each.is_some()) {
        return Err(CommandError::new(format!(
            "--each names the releases after their files: leave {given} out"
        )));
    }
    match arguments.references.as_slice() {
        [] => Err(CommandError::new(
            "\"socle chart template\" requires at least 1 argument\n\n\
             Usage:  socle chart template [NAME] [CHART] [flags]",
        )),
        [_, _] if flags.generate_name => {
            Err(CommandError::new("cannot set --generate-name and also specify a name"))
        }
        [_, _] if template.is_some() => {
            Err(CommandError::new("cannot set --name-template and also specify a name"))
        }
        [name, chart] => Ok((name.clone(), chart.clone())),
        [chart] => match template {
            Some(template) => {
                let effects = effects(arguments.more.effects, context.environment.get("TZ"));
                let name = release::name_from_template(template, effects);
                Ok((name.map_err(CommandError::of)?, chart.clone()))
            }
            None => Ok((DEFAULT_NAME.to_owned(), chart.clone())),
        },
        [_, _, rest @ ..] => Err(CommandError::new(format!(
            "expected at most two arguments, unexpected arguments: {}",
            rest.join(", ")
        ))),
    }
}

/// The chart, when it can be installed and is complete.
pub fn chart(
    reference: &str,
    arguments: &Arguments,
    context: &mut Context,
) -> Result<Arc<Chart>, CommandError> {
    let explained = |error| people::of_chart(error, reference);
    let version = arguments.source.version.as_deref().unwrap_or_default();
    source::debug("Original chart version", ("version", version), context);
    let path = source::locate(reference, &arguments.source, context).map_err(explained)?;
    let absolute = helm::chart::absolute(&path);
    source::debug("Chart path", ("path", &absolute.to_string_lossy()), context);
    let mut chart = source::load_at(&path, context).map_err(explained)?;
    let kind = &chart.metadata.kind;
    if !matches!(kind.as_str(), "" | "application") {
        return Err(CommandError::new(format!("{kind} charts are not installable")));
    }
    if chart.metadata.deprecated {
        context.warn("level=WARN msg=\"this chart is deprecated\"");
    }
    if arguments.helm.dependency_update && helm::dependency::check(&chart).is_err() {
        let from = source::source(&arguments.source, context)?;
        // As in Helm, --verify concerns the chart alone.
        let from = Source { verification: Verification::default(), ..from };
        crate::commands::dependency::update(&path, from, context)?;
        chart = source::load_at(&path, context).map_err(explained)?;
    }
    helm::dependency::check(&chart).map_err(|missing| {
        let error = CommandError::new(format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm \
             dependency build' to fetch missing dependencies: {missing}"
        ));
        people::of_chart(error, reference)
    })?;
    Ok(chart)
}

fn effects(flag: EffectsFlag, zone: Option<&str>) -> Vec<Box<dyn Any>> {
    match flag {
        EffectsFlag::Helm => crate::effects::of_machine(zone),
        EffectsFlag::Frozen => crate::effects::frozen(),
    }
}

impl Work {
    /// An engine, for all renders of a thread.
    pub fn engine(&self) -> Engine {
        Engine::sharing(Arc::clone(&self.programs)).with_schemas(Arc::clone(&self.schemas))
    }

    /// Fresh effects for one render.
    pub fn effects(&self) -> Vec<Box<dyn Any>> {
        effects(self.effects, self.zone.as_deref())
    }

    /// The options of a release of that name.
    pub fn options(&self, name: String) -> Options {
        Options {
            name,
            namespace: self.namespace.clone(),
            is_upgrade: self.is_upgrade,
            capabilities: Arc::clone(&self.capabilities),
            include_crds: self.include_crds,
            skip_schema: self.skip_schema,
            ..Options::default()
        }
    }

    /// Renders once, on this thread, whose stack must be big.
    pub fn render(
        &self,
        engine: &Engine,
        chart: &Arc<Chart>,
        values: &Table,
        options: &Options,
    ) -> Made {
        let mut log = Log::default();
        let effects = self.effects();
        let made = release::render(engine, chart, values, options, effects, None, &mut log);
        Made { result: made.map(|(release, _)| release), log }
    }

    /// What people should know of a render, besides its result.
    pub fn report(
        &self,
        made: &Made,
        engine: &Engine,
        chart: &Arc<Chart>,
        given: &Table,
        givers: &Givers,
        options: &Options,
    ) -> Report {
        let subject = Subject { engine, chart, location: &self.reference, given, givers, options };
        match &made.result {
            Ok(release) => Report { fault: None, doubts: diagnose::doubts(release, &subject) },
            Err(failed) => {
                let fault = diagnose::diagnose(failed, &subject, self.effects());
                Report { fault: Some(Box::new(fault)), doubts: Vec::new() }
            }
        }
    }
}
