//! The configuration that a command works on: its files, and the catalogue that they speak of.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::{Catalogue, Platform, bind};
use compose::Charts;
use config::{Format, Ledger, Node, NodeKind, Place, Sources, migrate, read};

use diagnostic::{Words, words};

use crate::catalogue;
use crate::error::CommandError;
use crate::facts;

/// The files that are looked for where none is named.
const USUAL: &[&str] = &["socle.yaml", "socle.yml", "socle.toml", "socle.ini"];

/// The flags that name a configuration.
#[derive(Debug, clap::Args)]
pub struct ConfigurationArguments {
    /// A file of the configuration; later ones count over earlier ones. Without it, `socle.yaml`,
    /// `socle.toml` or `socle.ini` of this directory.
    #[arg(short, long, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// The environment whose settings count over the others.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The catalogue's directory, instead of the one within the program.
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
    /// What the cluster offers: a file, or a preset (`socle catalog facts` lists them); it counts
    /// over `facts` in the configuration.
    #[arg(long, value_name = "FILE|PRESET")]
    facts: Option<String>,
}

impl ConfigurationArguments {
    /// Takes the files that were named before the command.
    pub fn put_first(&mut self, mut files: Vec<PathBuf>) {
        files.append(&mut self.config);
        self.config = files;
    }
}

/// A platform with the texts that it comes from.
pub struct Loaded {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// The platform.
    pub platform: Platform,
    /// The texts.
    pub sources: Sources,
    /// The origins of values.
    pub ledger: Ledger,
    /// The services that the command is about; none where it is about all.
    pub wanted: Vec<String>,
}

impl Loaded {
    /// The settings, to be told with where they come from.
    pub fn merged(&self) -> install::Merged<'_> {
        let (platform, sources, ledger) = (&self.platform, &self.sources, &self.ledger);
        install::Merged { platform, sources, ledger }
    }
}

/// Loads, checks and binds.
pub fn load(arguments: &ConfigurationArguments) -> Result<Loaded, CommandError> {
    load_for(arguments, &[])
}

/// The same for a command that is about some services or bundles only. Where the configuration names
/// no services, these are the platform's.
pub fn load_for(
    arguments: &ConfigurationArguments,
    names: &[String],
) -> Result<Loaded, CommandError> {
    let faults = CommandError::Faults;
    let mut sources = Sources::default();
    let files = catalogue::files(arguments.catalog.as_deref())?;
    let catalogue = Arc::new(Catalogue::load(&files, &mut sources).map_err(faults)?);
    let nowhere = sources.add("no configuration", "");
    let mut root = Node::new(NodeKind::Map(Vec::new()), Place::new(nowhere, 0..0));
    for path in paths(&arguments.config)? {
        let text = fs::read_to_string(&path)
            .map_err(|error| CommandError::new(format!("{}: {error}", path.display())))?;
        let name = path.display().to_string();
        let id = sources.add(name.as_str(), text);
        let document = read(&sources, id, Format::of_path(&name)).map_err(faults)?;
        root = root.overlay(migrate(document, &sources).map_err(faults)?);
    }
    if root.get("services").is_none() && !names.is_empty() {
        root = root.overlay(named_services(names, &mut sources)?);
    }
    let wanted = wanted(names, &catalogue)?;
    let environment = arguments.environment.as_deref();
    let mut root = facts::in_configuration(root, environment, &mut sources)?;
    if let Some(given) = &arguments.facts {
        root = facts::of_command_line(root, environment, given, &mut sources)?;
    }
    let (platform, ledger) =
        bind(catalogue.clone(), root, environment, &mut sources).map_err(faults)?;
    for name in &wanted {
        if platform.services.iter().all(|service| service.name != *name) {
            return Err(CommandError::Said(words!(
                "{name} is no part of this platform: add it to `services`",
                "{name} ne fait pas partie de cette plateforme : l'ajouter à `services`"
            )));
        }
    }
    Ok(Loaded { catalogue, platform, sources, ledger, wanted })
}

/// The names of a command line as a configuration.
fn named_services(names: &[String], sources: &mut Sources) -> Result<Node, CommandError> {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let text = format!("services: [{}]\n", quoted.join(", "));
    let id = sources.add("the command line", text);
    read(sources, id, Format::Yaml).map_err(CommandError::Faults)
}

/// The services that are meant by names of services and bundles.
fn wanted(names: &[String], catalogue: &Catalogue) -> Result<Vec<String>, CommandError> {
    let mut wanted = Vec::new();
    for name in names {
        if let Some(bundle) = catalogue.bundles.get(name) {
            wanted.extend(bundle.services.iter().filter_map(Node::as_str).map(str::to_owned));
        } else if catalogue.services.contains_key(name) {
            wanted.push(name.clone());
        } else {
            let known = catalogue.services.keys().chain(catalogue.bundles.keys());
            let hint = match diagnostic::near::nearest(name, known.map(String::as_str)) {
                Some(meant) => words!("did you mean {meant}?", "vouliez-vous dire {meant} ?"),
                None => words!(
                    "`socle catalog list` shows what there is",
                    "`socle catalog list` montre ce qu'il y a"
                ),
            };
            return Err(CommandError::Said(words!(
                "no service or bundle is called {name}: {hint}",
                "aucun service ni ensemble ne s'appelle {name} : {hint}",
                hint = hint,
            )));
        }
    }
    Ok(wanted)
}

/// The charts of the catalogue.
pub fn charts(arguments: &ConfigurationArguments) -> Result<Charts, CommandError> {
    let files = catalogue::chart_files(arguments.catalog.as_deref())?;
    let files = files.iter().map(|(path, data)| (path.as_str(), data.as_slice()));
    Charts::load(files).map_err(CommandError::of)
}

/// The files that are named, or the usual one.
fn paths(named: &[PathBuf]) -> Result<Vec<PathBuf>, CommandError> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let there: Vec<&str> = USUAL.iter().copied().filter(|name| Path::new(name).is_file()).collect();
    match there.as_slice() {
        [only] => Ok(vec![PathBuf::from(only)]),
        [] => Err(CommandError::Said(words!(
            "there is no configuration here: write {usual}, or name a file by --config",
            "il n'y a pas de configuration ici : écrire {usual}, ou nommer un fichier par --config",
            usual = Words::new(USUAL.join(" or "), USUAL.join(" ou ")),
        ))),
        several => Err(CommandError::Said(words!(
            "{several} are here: say by --config which of them count, and in which order",
            "{several} sont ici : dire par --config lesquels comptent, et dans quel ordre",
            several = Words::new(several.join(" and "), several.join(" et ")),
        ))),
    }
}
