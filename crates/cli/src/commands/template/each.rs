//! `--each DIR`: the chart once per values file, or per folder of them, in one process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm::chart::Chart;
use helm::diagnose::Diagnostic;
use helm::engine::Engine;
use helm::log::{Entry, Log};
use helm::release::{self, Options, Release};
use helm::values::{Given, Table, read_values};

use super::attempt::{Attempt, Doubts, Fault};
use super::explain::{self, Question};
use super::flags::Arguments;
use super::output;
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;
use crate::source;

/// One instance: a release's name and the values files that are its own.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Release name and namespace.
    pub name: String,
    /// Its values files, in order.
    pub files: Vec<PathBuf>,
}

/// The instances of a directory, by name: `NAME.yaml`, or `NAME/*.yaml`. What is hidden, by a dot
/// before its name, is none; people are told of the rest.
pub fn instances(dir: &Path, context: &mut Context) -> Result<Vec<Instance>, CommandError> {
    let mut found = Vec::new();
    for path in entries(dir)? {
        let own = if path.is_dir() {
            yaml_files(entries(&path)?)
        } else {
            yaml_files(vec![path.clone()])
        };
        let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
        if let Some(name) = stem.filter(|_| !own.is_empty()) {
            found.push(Instance { name: name.to_string_lossy().into_owned(), files: own });
        }
    }
    if found.is_empty() {
        let text = format!("{} holds neither NAME.yaml nor NAME/*.yaml", dir.display());
        return Err(CommandError::new(text));
    }
    found.sort_by(|a: &Instance, b| a.name.cmp(&b.name));
    refuse_twins(dir, &found)?;
    if context.speaks_to_people() {
        tell_passed_over(dir, context)?;
    }
    Ok(found)
}

/// Tells people what of a directory is no instance, as it may have been meant as one.
fn tell_passed_over(dir: &Path, context: &mut Context) -> Result<(), CommandError> {
    /// More are counted.
    const NAMED: usize = 5;
    let mut names = Vec::new();
    for path in entries(dir)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if yaml_files(entries(&path)?).is_empty() {
                names.push(format!("{name}/ (without a YAML file)"));
            }
        } else if yaml_files(vec![path.clone()]).is_empty() && !name.ends_with(".md") {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let (dir, names) = (dir.display(), names.join(", "));
    context.warn(&format!(
        "note: {dir} holds what is no instance and is passed over: {names}{more}; \
         instances are NAME.yaml, NAME.yml and folders of such files"
    ));
    Ok(())
}

/// `a.yaml` beside `a/` would be two releases of one name.
fn refuse_twins(dir: &Path, sorted: &[Instance]) -> Result<(), CommandError> {
    let twins = |pair: &&[Instance]| matches!(pair, [a, b] if a.name == b.name);
    let Some([one, other]) = sorted.windows(2).find(twins) else { return Ok(()) };
    let first = |instance: &Instance| {
        instance.files.first().map(|path| path.display().to_string()).unwrap_or_default()
    };
    Err(CommandError::new(format!(
        "{} holds two instances called {}: {} and {}",
        dir.display(),
        one.name,
        first(one),
        first(other)
    )))
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let fault = |error| CommandError::of(registry::FileError::new("open", dir, error));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn yaml_files(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|e| e == "yaml" || e == "yml");
    paths.into_iter().filter(is_yaml).collect()
}

/// The values that all instances share, read once.
pub struct Common {
    files: Table,
    contents: Vec<(String, Vec<u8>)>,
    flags: Given,
    set_files: Vec<(String, Result<Vec<u8>, String>)>,
}

impl Common {
    /// Reads what the command line gives to all instances.
    pub fn read(arguments: &Arguments, context: &Context) -> Result<Self, CommandError> {
        let mut flags = source::given(&arguments.values, &[], context)?;
        let only_files = Given { files: std::mem::take(&mut flags.files), ..Given::default() };
        let files = only_files.combine(&mut |_| Err(String::new())).map_err(CommandError::of)?;
        let contents = only_files.files;
        let mut set_files = Vec::new();
        let mut read = |path: &str| {
            let content = source::read(path, context);
            set_files.push((path.to_owned(), content.clone()));
            content
        };
        // Once for all, so that the threads need no files; a failure comes back with each instance.
        let _ = flags.apply(Table::default(), &mut read);
        Ok(Self { files, contents, flags, set_files })
    }

    /// What is given to an instance, to be told apart later.
    pub fn given(&self, instance: &Instance) -> Result<Given, String> {
        let mut given = Given { files: self.contents.clone(), ..self.flags.clone() };
        for path in &instance.files {
            given.files.push((path.display().to_string(), source::read_file(path)?));
        }
        Ok(given)
    }

    /// Where instances say something of their own: what a sample of them has to say.
    pub fn varying(instances: &[Instance]) -> Table {
        const SAMPLE: usize = 64;
        let step = instances.len().div_ceil(SAMPLE).max(1);
        let files = instances.iter().step_by(step).flat_map(|instance| &instance.files);
        // What cannot be read is reported when its turn has come.
        let read = |path: &PathBuf| read_values(&source::read_file(path).ok()?).ok();
        files.filter_map(read).fold(Table::default(), |all, own| all.merged_with(&own))
    }

    /// What an instance's own files say, as far as they can be read.
    pub fn own(instance: &Instance) -> Table {
        let read = |path: &PathBuf| read_values(&source::read_file(path).ok()?).ok();
        let files = instance.files.iter().filter_map(read);
        files.fold(Table::default(), |all, own| all.merged_with(&own))
    }

    /// What counts where instances say nothing of their own.
    pub fn shared(&self, chart: &Chart) -> Table {
        chart.values.merged_with(&self.files)
    }

    /// The values of an instance.
    pub fn values(&self, instance: &Instance) -> Result<Table, String> {
        let mut table = self.files.clone();
        for path in &instance.files {
            let own = read_values(&source::read_file(path)?)
                .map_err(|error| format!("failed to parse {}: {error}", path.display()))?;
            table = table.merged_with(&own);
        }
        let mut read = |path: &str| {
            let known = self.set_files.iter().find(|(name, _)| name == path);
            known
                .map_or_else(|| Err(format!("{path} was not read")), |(_, content)| content.clone())
        };
        self.flags.apply(table, &mut read).map_err(|error| error.to_string())
    }
}

/// The options of an instance's release.
pub fn options(work: &Work, instance: &Instance, context_namespace: Option<&str>) -> Options {
    let mut options = work.options(instance.name.clone());
    context_namespace.unwrap_or(&instance.name).clone_into(&mut options.namespace);
    options
}

/// What is printed for an instance.
struct Done {
    text: Result<Vec<u8>, Fault>,
    log: Vec<Entry>,
    /// What people should know besides.
    doubts: Vec<Diagnostic>,
}

impl Done {
    fn unexpectedly() -> Self {
        let words = "rendering ended unexpectedly: a fault of Socle".to_owned();
        Self { text: Err(words.into()), log: Vec::new(), doubts: Vec::new() }
    }
}

/// Renders all instances.
pub fn run(
    arguments: &Arguments,
    dir: &Path,
    work: &Work,
    chart: &Arc<Chart>,
    context: &mut Context,
) -> Result<(), CommandError> {
    let instances = instances(dir, context)?;
    let common = Common::read(arguments, context)?;
    let namespace = context.globals.namespace.clone().filter(|name| !name.is_empty());
    let is_for_people = context.speaks_to_people();
    let render = |engine: &mut Engine, instance: &Instance| {
        let options = &options(work, instance, namespace.as_deref());
        let mut log = Log::default();
        let (common, location) = (&common, work.reference.as_str());
        let attempt =
            Attempt { work, engine, chart, location, common, instance, options, is_for_people };
        let mut doubts = Vec::new();
        let text = text(arguments, &attempt, &mut log, &mut doubts);
        Done { text, log: log.take(), doubts }
    };
    let lines = explain::is_wanted(arguments) && explain::is_json(arguments);
    let mut failed = 0_usize;
    let mut doubts = Doubts::default();
    let sink = |instance: &Instance, done: Option<Done>| {
        let done = done.unwrap_or_else(Done::unexpectedly);
        source::print_entries(&done.log, context);
        match done.text {
            Ok(text) => {
                context.print(&text);
                doubts.tell(done.doubts, &instance.name, context);
            }
            Err(fault) => {
                failed += 1;
                if lines {
                    context.print(explain::failed_line(&instance.name, &fault.words).as_bytes());
                }
                fault.tell(&instance.name, context);
            }
        }
        // Whoever reads need not wait for the other instances.
        context.flush();
    };
    let varying = Common::varying(&instances);
    let engine = || work.engine().with_varying(varying.clone());
    helm::fleet::each(&instances, threads(arguments), engine, render, sink);
    doubts.end(context);
    if failed == 0 {
        return Ok(());
    }
    context.warn(&format!("{failed} of {} instances failed", instances.len()));
    Err(CommandError::Reported(1))
}

/// How many threads to use.
pub fn threads(arguments: &Arguments) -> usize {
    let own = || std::thread::available_parallelism().map_or(1, usize::from);
    arguments.more.threads.unwrap_or_else(own)
}

fn text(
    arguments: &Arguments,
    attempt: &Attempt<'_>,
    log: &mut Log,
    doubts: &mut Vec<Diagnostic>,
) -> Result<Vec<u8>, Fault> {
    let Attempt { work, engine, chart, common, instance, options, .. } = attempt;
    if !explain::is_wanted(arguments) {
        let release = attempt.render(log, Some(doubts))?;
        return Ok(print(arguments, instance, &release)?);
    }
    let (table, given) = (attempt.values()?, &common.given(instance)?);
    let question = Question { work, engine, chart, given, table, options };
    Ok(explain::of_instance(arguments, question, log)?.into_bytes())
}

fn print(arguments: &Arguments, instance: &Instance, release: &Release) -> Result<Vec<u8>, String> {
    let flags = &arguments.helm;
    if let Some(dir) = output::dir(flags) {
        let own = dir.join(&instance.name);
        let written = output::write_files(release, output::hooks(flags), &own, &own)
            .map_err(|error| error.to_string())?;
        let lines = written.iter().map(|path| format!("wrote {}\n", path.display()));
        return Ok(lines.collect::<String>().into_bytes());
    }
    let mut out = format!("# Instance: {}\n", instance.name).into_bytes();
    let text = release.text(output::hooks(flags));
    if flags.show_only.is_empty() {
        out.extend_from_slice(&text);
    } else {
        let shown = release::show_only(&text, &flags.show_only);
        out.extend_from_slice(&shown.map_err(|error| error.to_string())?);
    }
    Ok(out)
}
