//! `socle explain`: what a setting, a service, a resource type or an object of a file is for.

mod definition;
mod file;

use std::path::Path;

use config::Sources;
use diagnostic::words;

pub use definition::names;

use crate::catalogue::CatalogueArguments;
use crate::configuration;
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle explain`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A setting (`nextcloud.replicas`, `domain`), a service, a resource type, a provisioner, a
    /// bundle, or a file of manifests.
    #[arg(value_name = "NAME|FILE")]
    what: String,
    #[command(flatten)]
    catalogue: CatalogueArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let what = &arguments.what;
    let language = context.language();
    let path = Path::new(what);
    let is_file =
        what.contains('/') || [".yaml", ".yml", ".json"].iter().any(|end| what.ends_with(end));
    if is_file || path.is_file() {
        let text = file::explain(path, language)?;
        context.print(text.as_bytes());
        return Ok(());
    }
    let catalogues = arguments.catalogue.with(configuration::catalogues_here());
    let catalogue = catalogues.load(&mut Sources::default())?;
    let Some(page) = definition::explain(&catalogue, what) else {
        let names = names(&catalogue);
        let hint = match diagnostic::near::nearest(what, names.iter().map(String::as_str)) {
            Some(meant) => words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?"),
            None => words!(
                "`socle catalog list` lists the services",
                "`socle catalog list` énumère les services"
            ),
        };
        return Err(CommandError::Said(words!(
            "nothing is called `{what}`: {hint}",
            "rien ne s'appelle `{what}` : {hint}",
            hint = hint,
        )));
    };
    context.print(page.text(language).as_bytes());
    Ok(())
}
