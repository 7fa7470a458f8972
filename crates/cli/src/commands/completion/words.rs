//! The words that may stand at the end of a command line. Where there are none, files may.

use catalog::Catalogue;
use clap::{Arg, Command};
use config::Sources;
use diagnostic::Language;

use crate::catalogue::CatalogueArguments;
use crate::commands::explain;
use crate::composed::composed;
use crate::configuration::{self, ConfigurationArguments};
use crate::context::Context;

/// A word with what it is for.
type Word = (String, String);

/// The words that complete the last one.
pub fn of(typed: &[String], root: &Command, context: &mut Context) -> Vec<Word> {
    let language = context.language();
    let Some((start, before)) = typed.split_last() else { return Vec::new() };
    let place = Place::of(before, root);
    let mut found = match place.awaited {
        Some(flag) => values(flag, start, language),
        None if start.starts_with('-') => place.flags(),
        None if place.command.has_subcommands() => place.commands(),
        None => place.arguments(start, context),
    };
    found.retain(|(word, _)| word.starts_with(start.as_str()));
    found
}

/// Where a command line has come to.
struct Place<'c> {
    command: &'c Command,
    /// The names of the commands so far.
    path: Vec<&'c str>,
    /// The flag whose value comes next.
    awaited: Option<&'c Arg>,
    /// How many words stand behind the commands and are no flags.
    arguments: usize,
}

impl<'c> Place<'c> {
    fn of(before: &[String], root: &'c Command) -> Self {
        let mut place = Self { command: root, path: Vec::new(), awaited: None, arguments: 0 };
        for word in before {
            if place.awaited.take().is_some() {
                continue;
            }
            if word.starts_with('-') {
                place.awaited = place.flag(word).filter(|flag| flag.get_action().takes_values());
            } else if let Some(command) = place.command.find_subcommand(word) {
                place.command = command;
                place.path.push(command.get_name());
            } else {
                place.arguments += 1;
            }
        }
        place
    }

    /// The flag of a word that is nothing but its name.
    fn flag(&self, word: &str) -> Option<&'c Arg> {
        let letter = word.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
        self.command.get_arguments().find(|arg| match (word.strip_prefix("--"), letter) {
            (Some(long), _) => arg.get_long() == Some(long) && !arg.is_require_equals_set(),
            (None, Some(letter)) => arg.get_short() == letter.chars().next(),
            (None, None) => false,
        })
    }

    fn flags(&self) -> Vec<Word> {
        let shown = self.command.get_arguments().filter(|arg| !arg.is_hide_set());
        shown
            .filter_map(|arg| {
                let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
                Some((format!("--{}", arg.get_long()?), about))
            })
            .collect()
    }

    fn commands(&self) -> Vec<Word> {
        let shown = self.command.get_subcommands().filter(|command| !command.is_hide_set());
        shown
            .map(|command| {
                let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                (command.get_name().to_owned(), about)
            })
            .collect()
    }

    /// What may stand where a command takes words that are no flags.
    fn arguments(&self, start: &str, context: &mut Context) -> Vec<Word> {
        let language = context.language();
        let possible =
            self.command.get_positionals().nth(self.arguments).map(possible).unwrap_or_default();
        match self.path.as_slice() {
            _ if !possible.is_empty() => possible,
            ["explain"] if self.arguments == 0 => explained(start),
            ["why"] if self.arguments == 0 => objects(context),
            ["build"] => services(language),
            ["catalog", "show"] if self.arguments == 0 => services(language),
            ["catalog", "facts"] if self.arguments == 0 => presets(language),
            _ => Vec::new(),
        }
    }
}

/// What may stand behind a flag.
fn values(flag: &Arg, start: &str, language: Language) -> Vec<Word> {
    let possible = possible(flag);
    match flag.get_id().as_str() {
        _ if !possible.is_empty() => possible,
        "facts" => presets(language),
        "profile" => profiles(language),
        // Commas stand between several.
        "services" => {
            let done = start.rfind(',').map_or("", |at| &start[..=at]);
            let all = services(language).into_iter();
            all.map(|(word, about)| (format!("{done}{word}"), about)).collect()
        }
        _ => Vec::new(),
    }
}

/// The words that an argument is one of.
fn possible(arg: &Arg) -> Vec<Word> {
    let values = arg.get_possible_values();
    values
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| {
            let about = value.get_help().map(ToString::to_string).unwrap_or_default();
            (value.get_name().to_owned(), about)
        })
        .collect()
}

/// The catalogue of this directory; an empty one where it has faults, which other commands tell.
fn catalogue() -> Catalogue {
    let catalogues = CatalogueArguments::default().with(configuration::catalogues_here());
    catalogues.load(&mut Sources::default()).unwrap_or_default()
}

fn services(language: Language) -> Vec<Word> {
    let catalogue = catalogue();
    let services = catalogue.services.values().map(|one| (&one.name, &one.words));
    let bundles = catalogue.bundles.values().map(|one| (&one.name, &one.words));
    services
        .chain(bundles)
        .map(|(name, words)| (name.clone(), words.of(language).to_owned()))
        .collect()
}

fn presets(language: Language) -> Vec<Word> {
    let catalogue = catalogue();
    let presets = catalogue.presets.values();
    presets.map(|one| (one.name.clone(), one.words.of(language).to_owned())).collect()
}

fn profiles(language: Language) -> Vec<Word> {
    let record = Catalogue::default().configuration();
    match record.field("profile").map(|field| &field.shape) {
        Some(config::Shape::OneOf(choices)) => choices
            .iter()
            .map(|one| (one.word.clone(), one.words.of(language).to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}

/// What can be explained; settings only where it is clear of which service.
fn explained(start: &str) -> Vec<Word> {
    let names = explain::names(&catalogue());
    let whole = names.iter().filter(|name| !name.contains('.') && name.starts_with(start)).count();
    let is_clear = start.contains('.') || whole <= 1 && !start.is_empty();
    let wanted = names.into_iter().filter(|name| is_clear || !name.contains('.'));
    wanted.map(|name| (name, String::new())).collect()
}

/// The objects of the platform of this directory.
fn objects(context: &mut Context) -> Vec<Word> {
    let composed = composed(&ConfigurationArguments::default(), &[], context);
    let Ok(composed) = composed else { return Vec::new() };
    let objects = composed.desired.objects();
    objects.map(|(_, object)| (object.id().to_string().to_lowercase(), String::new())).collect()
}
