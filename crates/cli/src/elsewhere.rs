//! Charts that a catalogue names and does not bring: a directory or an archive beside the
//! definition, an archive of a repository or a registry.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::ChartReference;
use compose::Charts;
use diagnostic::words;
use helm::log::Log;
use registry::Digest;
use registry::locate::{Locator, Source};

use crate::configuration::Loaded;
use crate::context::Context;
use crate::error::CommandError;
use crate::source;

/// Loads all charts that the platform's services want from elsewhere.
pub fn add(
    charts: &mut Charts,
    loaded: &Loaded,
    context: &mut Context,
) -> Result<(), CommandError> {
    for service in &loaded.platform.services {
        let ChartReference::Elsewhere { reference, version, digest } = &service.chart else {
            continue;
        };
        if charts.get(reference).is_some() {
            continue;
        }
        let beside = loaded.catalogue.services.get(&service.name).and_then(|definition| {
            let path = loaded.sources.path(definition.node.place.source);
            Path::new(path).parent().map(Path::to_path_buf)
        });
        let path = path_of(reference, version, beside, context)?;
        if let Some(wanted) = digest {
            check_digest(reference, wanted, &path)?;
        }
        charts.add(reference, source::load_at(&path, context)?);
    }
    Ok(())
}

/// Where the chart is on this machine, fetched if need be.
fn path_of(
    reference: &str,
    version: &str,
    beside: Option<PathBuf>,
    context: &mut Context,
) -> Result<PathBuf, CommandError> {
    if !reference.contains("://") {
        return Ok(beside.unwrap_or_default().join(reference));
    }
    let mut source = Source { version: version.to_owned(), ..Source::default() };
    let mut wanted = reference;
    if !reference.starts_with("oci://")
        && let Some((repository, name)) = reference.rsplit_once('/')
    {
        repository.clone_into(&mut source.repository);
        wanted = name;
    }
    let (network, settings) = (source::network(context), source::settings(context));
    let (mut notices, mut log) = (Vec::new(), Log::default());
    Locator::new(&network, &settings, &mut notices, &mut log).locate(wanted, &source).map_err(
        |error| {
            let why = error.words();
            CommandError::Said(words!(
                "the chart {reference}: {why}",
                "le modèle (chart) {reference} : {why}"
            ))
        },
    )
}

fn check_digest(reference: &str, wanted: &str, path: &Path) -> Result<(), CommandError> {
    let bytes = fs::read(path).map_err(|error| {
        CommandError::Said(words!(
            "the chart {reference} has a digest, and so must be an archive: {error}",
            "le modèle (chart) {reference} a une empreinte, donc doit être une archive : {error}"
        ))
    })?;
    let found = Digest::of(&bytes).to_string();
    if found == wanted {
        return Ok(());
    }
    Err(CommandError::Said(words!(
        "the chart {reference} is another one than the catalogue means: its digest is {found}, and \
        {wanted} is wanted",
        "le modèle (chart) {reference} n'est pas celui que veut le catalogue : son empreinte est \
        {found}, et {wanted} est voulue"
    )))
}
