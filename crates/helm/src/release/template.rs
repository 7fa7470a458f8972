//! A release made from a chart and values without a cluster: what `helm template` does between
//! reading its arguments and printing.

use std::any::Any;
use std::sync::Arc;
use std::thread::Scope;

use gotmpl::limits::Limits;
use gotmpl::trace::Tracer;

use super::documents::{Files, Reader};
use super::sort::{self, Manifest, ParseError};
use super::{Head, Release};
use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::dependency::{self, Unfit};
use crate::engine::{
    Ahead, Engine, Facts, Plan, ReleaseFacts, RenderError, Rendered, Request, Strictness,
};
use crate::log::{Level, Log};
use crate::values::{self, Table, TypeMismatch};

/// Everything that a release depends on besides the chart and the values.
#[derive(Clone, Debug)]
pub struct Options {
    /// The release's name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Whether it is to be an upgrade (`--is-upgrade`).
    pub is_upgrade: bool,
    /// What the cluster can do.
    pub capabilities: Arc<Capabilities>,
    /// Whether the definitions of `crds/` are wanted (`--include-crds`).
    pub include_crds: bool,
    /// Whether `values.schema.json` is left aside (`--skip-schema-validation`).
    pub skip_schema: bool,
    /// How strict templates are.
    pub strictness: Strictness,
    /// What `lookup` answers.
    pub facts: Facts,
    /// What a render may use.
    pub limits: Limits,
    /// How many threads it may use.
    pub threads: Threads,
}

/// How many threads a render may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threads {
    /// For one of many renders.
    #[default]
    One,
    /// For one render: the last part of a large chart is rendered ahead, and objects are read while
    /// others are still printed.
    Two,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "release-name".to_owned(),
            namespace: "default".to_owned(),
            is_upgrade: false,
            capabilities: Arc::default(),
            include_crds: false,
            skip_schema: false,
            strictness: Strictness::default(),
            facts: Facts::default(),
            limits: Limits::default(),
            threads: Threads::One,
        }
    }
}

/// Why there is no release, in Helm's words.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The release's name is not one.
    #[error(
        "release name check failed: release name {}: invalid release name, must match regex \
         ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must \
         not be longer than 53",
        strconv::quote(.0.as_bytes())
    )]
    Name(String),
    /// Not even that.
    #[error("release name check failed: release name \"\": no name provided")]
    NoName,
    /// Conditions, tags and imports of sub-charts.
    #[error("chart dependencies processing failed: {0}")]
    Dependencies(Unfit),
    /// The values do not fit together.
    #[error(transparent)]
    Values(TypeMismatch),
    /// The values do not fit the schema.
    #[error(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{0}"
    )]
    Schema(String),
    /// The chart wants another Kubernetes.
    #[error("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}")]
    KubeVersion {
        /// The chart's constraint.
        wanted: String,
        /// The version that it does not allow.
        version: String,
    },
    /// A template failed.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A template printed something that is no object.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

/// There is no release. Where rendering went far enough, `partial` is what Helm prints with
/// `--debug`; its presence also makes Helm advise that flag.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub reason: Reason,
    /// The files as they were rendered.
    pub partial: Option<Vec<u8>>,
}

impl From<Reason> for Failed {
    fn from(reason: Reason) -> Self {
        Self { reason, partial: None }
    }
}

/// Makes a release. `effects` are what functions look for at the machine; `tracer` observes the
/// rendering and is handed back. Run it on a thread with a big stack.
pub fn render(
    engine: &Engine,
    chart: &Arc<Chart>,
    given: &Table,
    options: &Options,
    effects: Vec<Box<dyn Any>>,
    tracer: Option<Box<dyn Tracer>>,
    log: &mut Log,
) -> Result<(Release, Option<Box<dyn Tracer>>), Failed> {
    check_name(&options.name).inspect_err(|reason| log_failure(log, reason))?;
    let chart = engine
        .shapes()
        .process(chart, given, log)
        .map_err(Reason::Dependencies)
        .inspect_err(|reason| log_failure(log, reason))?;
    let release = ReleaseFacts {
        name: options.name.clone(),
        namespace: options.namespace.clone(),
        is_upgrade: options.is_upgrade,
        revision: 1,
    };
    let (files, notes, tracer) = std::thread::scope(|scope| {
        let scope = (options.threads == Threads::Two).then_some(scope);
        let plan = Plan {
            chart: &chart,
            given,
            release: &release,
            capabilities: &options.capabilities,
            strictness: options.strictness,
            limits: options.limits,
        };
        let is_observed = tracer.is_some() || !options.facts.0.is_empty();
        let ahead = scope.filter(|_| !is_observed);
        let ahead =
            ahead.and_then(|scope| Ahead::start(plan, Arc::clone(engine.programs()), scope));
        let coalesced = values::coalesce(&chart, given, log).map_err(Reason::Values)?;
        if !options.skip_schema {
            engine.schemas().validate(&chart, &coalesced, log).map_err(Reason::Schema)?;
        }
        after_values(|| {
            check_kube_version(&chart, &options.capabilities)?;
            let request = Request {
                chart: &chart,
                values: coalesced,
                release: &release,
                capabilities: &options.capabilities,
                strictness: options.strictness,
                facts: options.facts.clone(),
                effects,
                limits: options.limits,
                tracer,
            };
            let mut output = Output::of(&chart, scope);
            let tracer = engine.render_to(request, ahead, &mut |file| output.take(file), log)?;
            let models = scope.is_none().then_some(engine.models());
            Ok((output.reader.finish(models), output.notes, tracer))
        })
    })?;
    Ok((assemble(&chart, &files, notes, options, log)?, tracer))
}

/// What templates have printed so far.
struct Output<'scope, 'env> {
    own_notes: String,
    notes: Vec<u8>,
    reader: Reader<'scope, 'env>,
}

impl<'scope, 'env> Output<'scope, 'env> {
    fn of(chart: &Chart, scope: Option<&'scope Scope<'scope, 'env>>) -> Self {
        let own_notes = format!("{}/templates/NOTES.txt", chart.name());
        Self { own_notes, notes: Vec::new(), reader: Reader::new(scope) }
    }

    fn take(&mut self, file: Rendered) {
        if file.name.ends_with("NOTES.txt") {
            if *file.name == *self.own_notes {
                self.notes = file.content;
            }
        } else if !sort::is_blank(&file.content) {
            self.reader.take(file);
        }
    }
}

/// From here on Helm has a release to show, if an empty one.
fn after_values<T>(work: impl FnOnce() -> Result<T, Reason>) -> Result<T, Failed> {
    work().map_err(|reason| Failed { reason, partial: Some(Vec::new()) })
}

fn assemble(
    chart: &Chart,
    files: &Files,
    notes: Vec<u8>,
    options: &Options,
    log: &mut Log,
) -> Result<Release, Failed> {
    let (hooks, manifests) = sort::sort(files, log)
        .map_err(|error| Failed { reason: error.into(), partial: Some(as_rendered(files)) })?;
    let crds = if options.include_crds { crds(chart) } else { Vec::new() };
    let (name, namespace) = (options.name.clone(), options.namespace.clone());
    Ok(Release { name, namespace, crds, manifests, hooks, notes })
}

/// All files as they are, to help finding what is wrong with one of them.
fn as_rendered(files: &Files) -> Vec<u8> {
    let mut out = Vec::new();
    for (source, file) in files {
        super::print::print(&mut out, super::Piece { source, content: &file.content });
    }
    out
}

fn crds(chart: &Chart) -> Vec<Manifest> {
    let manifest = |(path, file): (String, crate::chart::File)| Manifest {
        source: path.into(),
        content: file.data.to_vec(),
        head: Head { kind: "CustomResourceDefinition".to_owned(), ..Head::default() },
    };
    chart.crds().into_iter().map(manifest).collect()
}

fn log_failure(log: &mut Log, reason: &Reason) {
    let words = reason.to_string();
    if let Some((sentence, error)) = words.split_once(": ") {
        log.add_with(Level::Error, sentence, vec![("error", error.to_owned())]);
    }
}

/// The longest release name: Helm leaves ten of Kubernetes' 63 characters to the chart.
const MAX_NAME: usize = 53;

fn check_name(name: &str) -> Result<(), Reason> {
    if name.is_empty() {
        return Err(Reason::NoName);
    }
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label = |part: &str| {
        part.bytes().all(|c| plain(c) || c == b'-')
            && part.bytes().next().is_some_and(plain)
            && part.bytes().last().is_some_and(plain)
    };
    if name.len() > MAX_NAME || !name.split('.').all(label) {
        return Err(Reason::Name(name.to_owned()));
    }
    Ok(())
}

fn check_kube_version(chart: &Chart, capabilities: &Capabilities) -> Result<(), Reason> {
    let wanted = &chart.metadata.kube_version;
    let kube = &capabilities.kube_version;
    if wanted.is_empty() || dependency::is_compatible(wanted, &kube.normalized) {
        return Ok(());
    }
    Err(Reason::KubeVersion { wanted: wanted.clone(), version: kube.version.clone() })
}
