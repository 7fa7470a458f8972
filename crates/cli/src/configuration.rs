//! The configuration that a command works on: its files, and the catalogue that they speak of.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cel::Declarations;

use catalog::{Catalogue, Platform, bind};

use config::{
    Checking, Format, Ledger, Node, NodeKind, Place, Shape, Sources, TextKind, migrate, read,
};

use diagnostic::{Words, words};

use crate::catalogue::{CatalogueArguments, Catalogues};
use crate::document;
use crate::error::CommandError;
use crate::extra;
use crate::facts;

/// The files that are looked for where none is named.
const USUAL: &[&str] = &["socle.yaml", "socle.yml", "socle.toml", "socle.ini"];

/// The flags that name a configuration.
#[derive(Debug, Default, clap::Args)]
pub struct ConfigurationArguments {
    /// A file of the configuration; later ones count over earlier ones. Without it, `socle.yaml`,
    /// `socle.toml` or `socle.ini` of this directory.
    #[arg(short, long, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// The environment whose settings count over the others.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    #[command(flatten)]
    catalogue: CatalogueArguments,
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
    /// The catalogues that count.
    pub catalogues: Catalogues,
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
    let nowhere = sources.add("no configuration", "");
    let mut root = Node::new(NodeKind::Map(Vec::new()), Place::new(nowhere, 0..0));
    let mut directories = Vec::new();
    for path in paths(&arguments.config)? {
        let text = document::read(&path)?;
        let name = path.display().to_string();
        let id = sources.add(name.as_str(), text);
        let document = read(&sources, id, Format::of_path(&name)).map_err(faults)?;
        let mut document = migrate(document, &sources).map_err(faults)?;
        directories.extend(catalogues_of(&mut document, &path, &sources)?);
        root = root.overlay(document);
    }
    let catalogues = arguments.catalogue.with(directories);
    let catalogue = Arc::new(catalogues.load(&mut sources)?);
    if root.get("services").is_none() && !names.is_empty() {
        root = root.overlay(named_services(names, &mut sources)?);
    }
    let wanted = wanted(names, &catalogue)?;
    let environment = arguments.environment.as_deref();
    let root = extra::in_configuration(root, &mut sources)?;
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
    Ok(Loaded { catalogue, platform, sources, ledger, wanted, catalogues })
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
        } else if let Some(service) = catalogue.service_called(name) {
            wanted.push(service.name.clone());
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

/// Takes out of a document which further catalogues count: directories, as seen from its file.
fn catalogues_of(
    document: &mut Node,
    path: &Path,
    sources: &Sources,
) -> Result<Vec<PathBuf>, CommandError> {
    let NodeKind::Map(entries) = &mut document.kind else { return Ok(Vec::new()) };
    let Some(at) = entries.iter().position(|entry| entry.key == "catalog") else {
        return Ok(Vec::new());
    };
    let node = entries.remove(at).node;
    let beside = |name: &str| path.parent().unwrap_or(Path::new("")).join(name);
    if let NodeKind::Text(one) = &node.kind {
        return Ok(vec![beside(one)]);
    }
    let nothing = Declarations::default();
    let mut checking = Checking::new(sources, &nothing);
    let shape = Shape::list(Shape::Text(TextKind::Plain));
    let node = checking.check(node, &shape, "catalog");
    if !checking.faults.is_empty() {
        return Err(CommandError::Faults(checking.faults));
    }
    Ok(node.items().iter().filter_map(Node::as_str).map(beside).collect())
}

/// The catalogues that the configuration of this directory names, as far as it can be read: what is
/// wrong with it is told by commands that are about it.
pub fn catalogues_here() -> Vec<PathBuf> {
    let Ok(paths) = paths(&[]) else { return Vec::new() };
    let of_file = |path: &PathBuf| {
        let mut sources = Sources::default();
        let name = path.display().to_string();
        let id = sources.add(name.as_str(), fs::read_to_string(path).ok()?);
        let mut document =
            migrate(read(&sources, id, Format::of_path(&name)).ok()?, &sources).ok()?;
        catalogues_of(&mut document, path, &sources).ok()
    };
    paths.iter().filter_map(of_file).flatten().collect()
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
