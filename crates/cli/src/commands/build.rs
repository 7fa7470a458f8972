//! `socle build`: the install directory of a platform.

use std::path::PathBuf;

use compose::{Desired, compose, desired};
use serde_json::{Value as Json, json};

use super::catalog::Form;
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
    let mut loaded = configuration::load_for(&arguments.configuration, &arguments.services)?;
    let charts = configuration::charts(&arguments.configuration)?;
    let releases =
        compose(&loaded.platform, &charts, &mut loaded.ledger).map_err(CommandError::of)?;
    let desired = desired(&loaded.platform, &releases).map_err(CommandError::of)?;
    let desired = desired.only(&loaded.wanted);
    let files = install::files(
        &loaded.platform,
        &desired,
        loaded.merged().text(install::language(&loaded.platform)),
    );
    let changed = directory::write(&arguments.output, &files)?;
    let files = files.len();
    let report = Report { arguments, loaded: &loaded, desired: &desired, files, changed };
    let text = match arguments.format {
        Form::Text => report.text(),
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
}

impl Report<'_> {
    fn text(&self) -> String {
        let platform = &self.loaded.platform;
        let directory = self.arguments.output.display();
        let mut out = format!("The platform {} is built in {directory}/:\n", platform.name);
        for service in &platform.services {
            if !self.desired.has(&service.name) {
                continue;
            }
            let bindings: Vec<String> = service
                .bindings
                .iter()
                .map(|one| format!("{} by {}", one.requirement, one.provisioner))
                .collect();
            let bindings = if bindings.is_empty() {
                String::new()
            } else {
                format!("  {}", bindings.join(", "))
            };
            out.push_str(format!("  {:<12}{bindings}", service.name).trim_end());
            out.push('\n');
        }
        let objects = self.desired.objects().count();
        let (parts, waves) = (self.desired.parts.len(), self.desired.waves());
        out.push_str(&format!(
            "{objects} objects, {parts} parts, {waves} waves; {} of {} files have changed.\n",
            self.changed, self.files
        ));
        out.push_str(&format!("Next: cd {directory} && ./deploy --check && ./deploy\n"));
        out
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
        })
    }
}
