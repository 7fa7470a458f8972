//! The rules for Chart.yaml.

use super::Severity::{Error, Info, Warning};
use super::{Finding, Linter, address};
use crate::chart::{self, Metadata};
use crate::values::{self, DocumentError, Plain, go_type};

const FILE: &str = "Chart.yaml";

pub(super) fn check(linter: &mut Linter) {
    let path = linter.folder.join(FILE);
    let is_folder = path.is_dir();
    let finding =
        if is_folder { Err("should be a file, not a directory".to_owned()) } else { Ok(()) };
    linter.rule(Error, FILE, finding);
    let read = chart::read_alone(&path).map_err(|error| {
        let operation = if is_folder { "read" } else { "open" };
        format!("{operation} {}: {}", path.to_string_lossy(), chart::go_reason(&error))
    });
    let metadata = read.as_ref().map_err(Clone::clone).and_then(|text| {
        let mut metadata = Metadata::default();
        let document = values::read_document(text).map_err(|error| error.to_string())?;
        metadata.read(&document).map_err(|e| DocumentError::from(e).to_string())?;
        Ok(metadata)
    });
    let finding = metadata.as_ref().map(drop).map_err(|e| format!("unable to parse YAML\n\t{e}"));
    if !linter.rule(Error, FILE, finding) {
        return;
    }
    let (Ok(text), Ok(metadata)) = (read, metadata) else { return };
    let finding = check_strictly(&text)
        .map_err(|e| format!("failed to strictly parse chart metadata file\n\t{e}"));
    linter.rule(Warning, FILE, finding);
    let fields = values::read_value(&text).unwrap_or(Plain::Null);
    linter.rule(Error, FILE, check_name(&metadata));
    linter.rule(Error, FILE, check_api_version(&metadata));
    linter.rule(Error, FILE, check_is_text(&fields, "version"));
    linter.rule(Error, FILE, check_version(&metadata));
    linter.rule(Error, FILE, check_is_text(&fields, "appVersion"));
    linter.rule(Error, FILE, check_maintainers(&metadata));
    linter.rule(Error, FILE, check_sources(&metadata));
    let icon = &metadata.icon;
    linter.rule(Info, FILE, fail_if(icon.is_empty(), || "icon is recommended".to_owned()));
    let is_bad = !icon.is_empty() && !address::is_request_url(icon);
    linter.rule(Error, FILE, fail_if(is_bad, || format!("invalid icon URL '{icon}'")));
    let api = &metadata.api_version;
    let is_v2 = api == "v2";
    linter.rule(
        Error,
        FILE,
        fail_if(!metadata.kind.is_empty() && !is_v2, || {
            format!("chart type is not valid in apiVersion '{api}'. It is valid in apiVersion 'v2'")
        }),
    );
    let has_dependencies = metadata.dependencies.as_ref().is_some_and(|list| !list.is_empty());
    linter.rule(Error, FILE, fail_if(has_dependencies && !is_v2, || {
        format!("dependencies are not valid in the Chart file with apiVersion '{api}'. They are valid in apiVersion 'v2'")
    }));
    let version = &metadata.version;
    let is_strict = version::Version::parse_strict(version).is_ok();
    linter.rule(
        Warning,
        FILE,
        fail_if(!is_strict, || format!("version '{version}' is not a valid SemVerV2")),
    );
}

fn fail_if(fails: bool, text: impl FnOnce() -> String) -> Finding {
    if fails { Err(text()) } else { Ok(()) }
}

/// Keys given twice and keys that nobody knows.
fn check_strictly(text: &[u8]) -> Finding {
    let document = values::read_document_strictly(text).map_err(|error| error.to_string())?;
    match Metadata::unknown_field(&document) {
        None => Ok(()),
        Some(name) => {
            let name = strconv::quote(name.as_bytes());
            let place = "error unmarshaling JSON: while decoding JSON: json";
            Err(format!("{place}: unknown field {name}"))
        }
    }
}

fn check_name(metadata: &Metadata) -> Finding {
    let name = &metadata.name;
    fail_if(name.is_empty(), || "name is required".to_owned())?;
    fail_if(name.contains('/'), || {
        format!("chart name {} is invalid", strconv::quote(name.as_bytes()))
    })
}

fn check_api_version(metadata: &Metadata) -> Finding {
    let wanted = "The value must be either \"v1\" or \"v2\"";
    match metadata.api_version.as_str() {
        "" => Err(format!("apiVersion is required. {wanted}")),
        "v1" | "v2" => Ok(()),
        other => Err(format!("apiVersion '{other}' is not valid. {wanted}")),
    }
}

/// `1.10` without quotes loses its zero, so Helm wants quotes.
fn check_is_text(fields: &Plain, key: &str) -> Finding {
    let Plain::Map(table) = fields else { return Ok(()) };
    match table.get(key.as_bytes()) {
        None | Some(Plain::Str(_)) => Ok(()),
        Some(other) => {
            let kind = go_type(other);
            Err(format!("{key} should be of type string but it's of type {kind}"))
        }
    }
}

fn check_version(metadata: &Metadata) -> Finding {
    let text = &metadata.version;
    fail_if(text.is_empty(), || "version is required".to_owned())?;
    let version = version::Version::parse(text)
        .map_err(|_| format!("version '{text}' is not a valid SemVer"))?;
    let Ok(least) = version::Constraints::parse(">0.0.0-0") else { return Ok(()) };
    least.validate(&version).map_err(|reasons| {
        format!("version {}", reasons.first().map_or_else(String::new, ToString::to_string))
    })
}

fn check_maintainers(metadata: &Metadata) -> Finding {
    for maintainer in &metadata.maintainers {
        let Some(maintainer) = maintainer else {
            return Err("a maintainer entry is empty".to_owned());
        };
        let (name, email, url) = (&maintainer.name, &maintainer.email, &maintainer.url);
        fail_if(name.is_empty(), || "each maintainer requires a name".to_owned())?;
        fail_if(!email.is_empty() && !address::is_email(email), || {
            format!("invalid email '{email}' for maintainer '{name}'")
        })?;
        fail_if(!url.is_empty() && !address::is_url(url), || {
            format!("invalid url '{url}' for maintainer '{name}'")
        })?;
    }
    Ok(())
}

fn check_sources(metadata: &Metadata) -> Finding {
    let bad = metadata.sources.iter().find(|source| !address::is_request_url(source));
    bad.map_or(Ok(()), |source| Err(format!("invalid source URL '{source}'")))
}
