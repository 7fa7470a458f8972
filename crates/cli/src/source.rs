//! From a chart's reference on the command line to the chart, and from value flags to values.
//!
//! Not here: how charts are found (see `registry`) and read (see `helm`).

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm::chart::{Chart, LoadError};
use helm::diagnose::{self, Givers};
use helm::log::{Entry, Level, Log};
use helm::values::{Given, Table};
use registry::http::Timeouts;
use registry::locate::{Locator, Source};
use registry::provenance::Strategy;
use registry::{Access, FileError, Network, Settings, Url};

use crate::arguments::{SourceArguments, ValueArguments};
use crate::context::Context;
use crate::error::CommandError;
use crate::{people, provenance};

/// A values file may be this large, which is what a whole chart may be: the largest that people keep
/// are a few MiB of lists; Helm knows no bound and takes ten times a file's size as memory.
const MAX_VALUES_BYTES: u64 = 100 << 20;
/// A file is read in parts of this size: one that doubles while it is read would take three times the
/// bound before an endless file is refused.
const READ_BYTES: u64 = 8 << 20;

/// The chart at a path on this machine.
pub fn load_at(path: &Path, context: &mut Context) -> Result<Arc<Chart>, CommandError> {
    let mut log = Log::default();
    let chart = helm::chart::load(path, &mut log);
    print_log(&mut log, context);
    Ok(Arc::new(chart.map_err(unloadable)?))
}

/// Helm does not say what is wrong with an archive; people want to know.
fn unloadable(error: LoadError) -> CommandError {
    let words = error.to_string();
    let LoadError::UnreadableArchive(reason) = &error else { return CommandError::new(words) };
    let mut diagnostic = Box::new(diagnose::from_words(&words));
    diagnostic.notes.push(reason.to_string());
    CommandError::Told { words, diagnostic }
}

/// Where the chart that `reference` means is on this machine.
pub fn locate(
    reference: &str,
    arguments: &SourceArguments,
    context: &mut Context,
) -> Result<PathBuf, CommandError> {
    let source = source(arguments, context)?;
    let network = network(context);
    let settings = settings(context);
    let mut log = Log::default();
    let mut notices = Vec::new();
    let found =
        Locator::new(&network, &settings, &mut notices, &mut log).locate(reference, &source);
    // Helm's registry client speaks on standard error.
    let _ = context.err.write_all(&notices);
    print_log(&mut log, context);
    found.map_err(|error| {
        let mut diagnostic = Box::new(diagnose::from_words(&error.words()));
        diagnostic.remedies.extend(error.hints());
        CommandError::Told { words: error.words(), diagnostic }
    })
}

/// Where Helm keeps its files, by flags, variables and defaults.
pub fn settings(context: &Context) -> Settings {
    let defaults = Settings::from_environment(&environment(context));
    let flags = &context.globals;
    let or = |flag: &Option<PathBuf>, default| flag.clone().unwrap_or(default);
    Settings {
        registry_config: or(&flags.registry_config, defaults.registry_config),
        repository_config: or(&flags.repository_config, defaults.repository_config),
        repository_cache: or(&flags.repository_cache, defaults.repository_cache),
        content_cache: or(&flags.content_cache, defaults.content_cache),
    }
}

/// The network as this process reaches it.
pub fn network(context: &Context) -> Network {
    Network::new(&environment(context), Timeouts::default())
}

/// The environment, for what asks the network.
pub fn environment(context: &Context) -> registry::Environment {
    registry::Environment::new(context.environment.all().clone())
}

/// Which source the flags describe.
pub fn source(arguments: &SourceArguments, context: &Context) -> Result<Source, CommandError> {
    let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
    let on = |flag: Option<bool>| flag == Some(true);
    let mut source = arguments.access.source().map_err(CommandError::new)?;
    source.access.pass_to_all = on(arguments.pass_credentials);
    Ok(Source {
        repository: text(&arguments.repo),
        version: text(&arguments.version),
        development: on(arguments.devel),
        verification: provenance::verification(
            arguments.verify,
            arguments.keyring.as_deref(),
            Strategy::Always,
            context,
        ),
        ..source
    })
}

/// The values that the flags give.
pub fn values(arguments: &ValueArguments, context: &Context) -> Result<Table, CommandError> {
    values_and_files(arguments, context).map(|(values, _)| values)
}

/// The values that the flags give, and who gives them.
pub fn values_and_files(
    arguments: &ValueArguments,
    context: &Context,
) -> Result<(Table, Givers), CommandError> {
    let given = given(arguments, &[], context)?;
    let values = given.combine(&mut |path| read(path, context));
    // What only people are told is only found out for them.
    let is_told = values.is_err() || context.speaks_to_people();
    let givers = if is_told { people::givers(&given) } else { Givers::default() };
    match values {
        Ok(values) => Ok((values, givers)),
        Err(error) => Err(people::of_givers(CommandError::of(error), &givers)),
    }
}

/// What the flags give, with further files after theirs.
pub fn given(
    arguments: &ValueArguments,
    further: &[PathBuf],
    context: &Context,
) -> Result<Given, CommandError> {
    let further = further.iter().map(|path| path.to_string_lossy().into_owned());
    let mut files = Vec::new();
    for name in arguments.files().into_iter().chain(further) {
        let content = read(&name, context);
        let content = content.map_err(|words| {
            let argument = format!("-f {name}");
            let problem = "this file cannot be read";
            let diagnostic = Box::new(diagnose::from_argument(&words, &argument, problem));
            CommandError::Told { words, diagnostic }
        })?;
        files.push((name, content));
    }
    Ok(Given {
        files,
        json: arguments.set_json.clone(),
        set: arguments.set.clone(),
        text: arguments.set_string.clone(),
        file: arguments.set_file.clone(),
        literal: arguments.set_literal.clone(),
    })
}

/// The content of a values file: a path, an address, or `-` for standard input.
pub fn read(name: &str, context: &Context) -> Result<Vec<u8>, String> {
    if name.trim() == "-" {
        return standard_input(context);
    }
    let is_address = ["http://", "https://"].iter().any(|scheme| name.starts_with(scheme));
    if is_address {
        let url = Url::parse(name).map_err(|error| error.to_string())?;
        return network(context)
            .download(&url, &url, &Access::default(), None, MAX_VALUES_BYTES)
            .map_err(|error| error.to_string());
    }
    read_file(Path::new(name))
}

/// Who reads standard input again finds its end.
fn standard_input(context: &Context) -> Result<Vec<u8>, String> {
    if context.stdin.get().is_some() {
        return Ok(Vec::new());
    }
    let content = bounded(std::io::stdin().lock(), Path::new("/dev/stdin"))?;
    Ok(context.stdin.get_or_init(|| content).clone())
}

/// The content of a values file on this machine.
pub fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file =
        std::fs::File::open(path).map_err(|e| FileError::new("open", path, e).to_string())?;
    bounded(file, path)
}

fn bounded(mut from: impl std::io::Read, path: &Path) -> Result<Vec<u8>, String> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut total = 0;
    loop {
        let mut part = Vec::new();
        let read = from
            .by_ref()
            .take(READ_BYTES)
            .read_to_end(&mut part)
            .map_err(|error| FileError::new("read", path, error).to_string())?;
        total += read as u64;
        if total > MAX_VALUES_BYTES {
            let mebibytes = MAX_VALUES_BYTES >> 20;
            return Err(format!("{} is larger than {mebibytes} MiB", path.display()));
        }
        let is_last = (read as u64) < READ_BYTES;
        if is_last && parts.is_empty() {
            return Ok(part);
        }
        parts.push(part);
        if is_last {
            return Ok(parts.concat());
        }
    }
}

/// Prints a line for debugging, as Helm's logger does, with one detail.
pub fn debug(message: &str, detail: (&'static str, &str), context: &mut Context) {
    let mut log = Log::default();
    log.add_with(Level::Debug, message, vec![(detail.0, detail.1.to_owned())]);
    print_log(&mut log, context);
}

/// Prints what the library has to say, as Helm's logger does.
pub fn print_log(log: &mut Log, context: &mut Context) {
    print_entries(&log.take(), context);
}

/// Prints log lines; those for debugging only when asked for.
pub fn print_entries(entries: &[Entry], context: &mut Context) {
    for entry in entries {
        if entry.level > Level::Debug || context.globals.debug() {
            context.warn(&entry.to_string());
        }
    }
}
