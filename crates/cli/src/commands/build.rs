//! `socle build`: the install directory of a platform.

use std::path::PathBuf;

use compose::{Capacity, Cluster, Desired, capacity};
use diagnostic::{Language, Words, words};
use serde_json::{Value as Json, json};

use super::catalog::Form;
use crate::composed::composed;
use crate::configuration::{self, ConfigurationArguments};
use crate::context::Context;
use crate::directory;
use crate::error::CommandError;

/// The flags of `socle build`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Build only these services or bundles, with what they require. Where the configuration names
    /// no services, these are the platform's.
    #[arg(value_name = "SERVICE|BUNDLE")]
    services: Vec<String>,
    #[command(flatten)]
    pub configuration: ConfigurationArguments,
    /// The directory that is written.
    #[arg(short, long, value_name = "DIR", default_value = "install")]
    output: PathBuf,
    /// The form of the report.
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Form,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let composed = composed(&arguments.configuration, &arguments.services, context)?;
    let found = composed.findings.iter().map(|one| one.diagnostic.clone());
    if composed.errors() > 0 {
        let mut faults = config::Faults::default();
        found.for_each(|one| faults.push(one));
        return Err(CommandError::Faults(faults));
    }
    for warning in found {
        context.say(&warning);
    }
    let language = context.language();
    if let Some(words) = crate::capacity::assumed(&composed.loaded.platform) {
        context.warn(words.of(language));
    }
    let loaded = composed.loaded;
    let desired = composed.desired.only(&loaded.wanted);
    let files = install::files(
        &loaded.platform,
        &desired,
        loaded.merged().text(install::language(&loaded.platform)),
    );
    let changed = directory::write(&arguments.output, &files)?;
    let files = files.len();
    let takes = capacity(&desired, &Cluster::of(&loaded.platform));
    let report = Report { arguments, loaded: &loaded, desired: &desired, files, changed, takes };
    let text = match arguments.format {
        Form::Text => report.text(language),
        Form::Json => format!("{:#}\n", report.json()),
    };
    context.print(text.as_bytes());
    Ok(())
}

/// What was done, for people.
struct Report<'r> {
    arguments: &'r Arguments,
    loaded: &'r configuration::Loaded,
    desired: &'r Desired,
    /// How many files there are.
    files: usize,
    /// How many of them are others than before.
    changed: usize,
    /// What it takes of its cluster.
    takes: Capacity,
}

impl Report<'_> {
    fn text(&self, language: Language) -> String {
        let name = &self.loaded.platform.name;
        let directory = self.arguments.output.display();
        let mut out = words!(
            "The platform {name} is built in {directory}/:\n",
            "La plateforme {name} est construite dans {directory}/ :\n"
        );
        for service in
            self.loaded.platform.services.iter().filter(|one| self.desired.has(&one.name))
        {
            let line = |by: &str| {
                let bindings = service.bindings.iter();
                let bindings: Vec<String> = bindings
                    .map(|one| format!("{} {by} {}", one.requirement, one.provisioner))
                    .collect();
                let line = format!("  {:<12}  {}", service.name, bindings.join(", "));
                format!("{}\n", line.trim_end())
            };
            out = Words::joined([out, Words::new(line("by"), line("par"))], "");
        }
        let objects = self.desired.objects().count();
        let (parts, waves) = (self.desired.parts.len(), self.desired.waves());
        let (changed, files) = (self.changed, self.files);
        let sum = words!(
            "objects: {objects}, parts: {parts}, waves: {waves}; {changed} of {files} files have changed.\n\
            {takes}\nNext: cd {directory} && ./deploy --check && ./deploy\n",
            "objets : {objects}, parties : {parts}, vagues : {waves} ; {changed} fichiers sur {files} ont changé.\n\
            {takes}\nEnsuite : cd {directory} && ./deploy --check && ./deploy\n",
            takes = crate::capacity::told(&self.takes, &Cluster::of(&self.loaded.platform)),
        );
        Words::joined([out, sum], "").of(language).to_owned()
    }

    fn json(&self) -> Json {
        let platform = &self.loaded.platform;
        let parts: Vec<Json> = self
            .desired
            .parts
            .iter()
            .map(|part| {
                let objects: Vec<String> =
                    part.objects.iter().map(|object| object.id().to_string()).collect();
                json!({ "name": part.name, "wave": part.wave + 1, "objects": objects })
            })
            .collect();
        json!({
            "platform": platform.name,
            "directory": self.arguments.output,
            "waves": self.desired.waves(),
            "parts": parts,
            "files": self.files,
            "filesChanged": self.changed,
            "takes": {
                "pods": self.takes.pods,
                "cpuThousandths": self.takes.cpu,
                "memoryBytes": self.takes.memory,
                "volumes": self.takes.volumes,
                "storageBytes": self.takes.storage,
                "addresses": self.takes.addresses,
                "hostnames": self.takes.hostnames,
            },
        })
    }
}
