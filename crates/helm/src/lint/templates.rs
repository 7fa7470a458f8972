//! The rules for what the templates give.

use std::sync::Arc;

use gotmpl::limits::Limits;

use super::Severity::{Error, Warning};
use super::documents::{Document, documents};
use super::{Finding, Linter, Options, names};
use crate::chart::Chart;
use crate::dependency;
use crate::engine::{Facts, Outcome, ReleaseFacts, Request, Strictness};
use crate::log::Log;
use crate::values::{self, Plain, Table};

const FOLDER: &str = "templates/";

pub(super) fn check(linter: &mut Linter, options: &Options<'_>, log: &mut Log) {
    let found = std::fs::metadata(linter.folder.join("templates"));
    let exists = found.as_ref().map(drop).map_err(|_| "directory does not exist".to_owned());
    if !linter.rule(Warning, FOLDER, exists) {
        return;
    }
    let is_folder = found.is_ok_and(|found| found.is_dir());
    let is_folder = if is_folder { Ok(()) } else { Err("not a directory".to_owned()) };
    if !linter.rule(Error, FOLDER, is_folder) {
        return;
    }
    let loaded = linter.load(log);
    let finding = loaded.as_ref().map(drop).map_err(ToString::to_string);
    if !linter.rule(Error, FOLDER, finding) {
        return;
    }
    let Ok(chart) = loaded else { return };
    // Where values and sub-charts do not fit together, Helm leaves it to the installation to say.
    let Ok(chart) = dependency::process(&Arc::new(chart), options.values, log) else { return };
    let Ok(given) = values::coalesce(&chart, options.values, log) else { return };
    let Ok(values) = values::coalesce(&chart, &given.freeze(), log) else { return };
    if !options.skip_schema
        && let Err(text) = options.engine.schemas().validate(&chart, &values, log)
    {
        let text = format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{text}"
        );
        linter.rule(Error, FOLDER, Err(text));
        return;
    }
    match render(&chart, values, options, log) {
        Ok(outcome) => check_files(linter, &chart, &outcome, options),
        Err(text) => drop(linter.rule(Error, FOLDER, Err(text))),
    }
}

fn render(
    chart: &Arc<Chart>,
    values: values::Work,
    options: &Options<'_>,
    log: &mut Log,
) -> Result<Outcome, String> {
    let release = ReleaseFacts {
        name: "test-release".to_owned(),
        namespace: options.namespace.to_owned(),
        is_upgrade: false,
        // The linter's release is neither installed nor upgraded and has no revision.
        revision: 0,
    };
    let request = Request {
        chart,
        values,
        release: &release,
        capabilities: options.capabilities,
        strictness: Strictness::Lint,
        facts: Facts::default(),
        effects: (options.effects)(),
        limits: Limits::default(),
        tracer: None,
    };
    options.engine.render(request, log).map_err(|error| error.to_string())
}

fn check_files(linter: &mut Linter, chart: &Chart, outcome: &Outcome, options: &Options<'_>) {
    for template in chart.templates.iter() {
        let name = &*template.name;
        linter.rule(Error, name, check_extension(name));
        if !matches!(extension(name).to_ascii_lowercase().as_str(), ".yaml" | ".yml") {
            continue;
        }
        let full = format!("{}/{name}", chart.name());
        let rendered = outcome.files.iter().find(|file| *file.name == *full);
        let content = rendered.map_or(&b""[..], |file| &file.content);
        if content.trim_ascii().is_empty() {
            continue;
        }
        let text = String::from_utf8_lossy(content);
        linter.rule(Warning, name, check_indent(&text));
        for document in documents(content) {
            match Object::read(&document) {
                Ok(None) => {}
                Ok(Some(object)) => check_object(linter, name, &object, &text, options),
                Err(text) => {
                    linter.rule(Error, name, Err(text));
                    // Helm goes no further, not even to the next file.
                    return;
                }
            }
        }
    }
}

fn check_object(
    linter: &mut Linter,
    path: &str,
    object: &Object,
    manifest: &str,
    options: &Options<'_>,
) {
    linter.rule(Warning, path, check_name(object));
    linter.rule(Warning, path, check_deprecation(object, options));
    linter.rule(Error, path, check_selector(object, manifest));
    linter.rule(Error, path, check_list(object, manifest));
}

/// Go's `filepath.Ext`.
fn extension(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.rfind('.').map_or("", |dot| &base[dot..])
}

fn check_extension(name: &str) -> Finding {
    let extension = extension(name);
    if matches!(extension, ".yaml" | ".yml" | ".tpl" | ".txt") {
        return Ok(());
    }
    Err(format!(
        "file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"
    ))
}

/// A first line that is indented hides what follows it.
fn check_indent(text: &str) -> Finding {
    let line = text.lines().find(|line| !line.trim().is_empty());
    match line.filter(|line| line.starts_with([' ', '\t'])) {
        None => Ok(()),
        Some(line) => {
            let line = strconv::quote(line.as_bytes());
            Err(format!(
                "document starts with an illegal indent: {line}, which may cause parsing problems"
            ))
        }
    }
}

/// What the rules look at in an object.
pub(super) struct Object {
    pub(super) api_version: String,
    pub(super) kind: String,
    name: String,
}

impl Object {
    /// Reads a document, if there is one; `None` for an empty one.
    pub(super) fn read(document: &Document<'_>) -> Result<Option<Self>, String> {
        let unreadable = |text: String| {
            let text = document.fault.clone().unwrap_or(text);
            format!("unable to parse YAML: {text}")
        };
        let document = document.text.clone().map_err(unreadable)?;
        let value = values::read_document(document).map_err(|e| unreadable(e.to_string()))?;
        let table = match value {
            Plain::Null => return Ok(None),
            Plain::Map(table) => table,
            other => {
                let misfit = crate::chart::Misfit::whole(&other, "rules.k8sYamlStruct");
                let error = values::DocumentError::from(misfit);
                return Err(unreadable(error.to_string()));
            }
        };
        let metadata = match field(&table, "metadata") {
            Some(Plain::Map(metadata)) => metadata.clone(),
            _ => Table::default(),
        };
        Ok(Some(Self {
            api_version: text(field(&table, "apiVersion")),
            kind: text(field(&table, "kind")),
            name: text(field(&metadata, "name")),
        }))
    }
}

/// The field that Go's decoder takes: any spelling in other cases counts.
fn field<'t>(table: &'t Table, name: &str) -> Option<&'t Plain> {
    let matches =
        |(key, _): &&(gotmpl::value::SharedStr, Plain)| key.eq_ignore_ascii_case(name.as_bytes());
    table.iter().rfind(matches).map(|(_, value)| value)
}

fn text(value: Option<&Plain>) -> String {
    match value {
        Some(Plain::Str(text)) => text.to_text().into_owned(),
        Some(scalar @ (Plain::Int(_) | Plain::Float(_) | Plain::Bool(_))) => {
            values::go_value(scalar)
        }
        _ => String::new(),
    }
}

fn check_name(object: &Object) -> Finding {
    let name = strconv::quote(object.name.as_bytes());
    let faults: Vec<String> = names::faults(&object.kind, &object.name)
        .into_iter()
        .map(|fault| format!("metadata.name: Invalid value: {name}: {fault}"))
        .collect();
    let faults = match faults.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Err(format!("object name does not conform to Kubernetes naming requirements: {name}: {faults}"))
}

/// Kinds that Kubernetes has given up, with its own warnings: group and version, kind, since when,
/// what it says. Made from the lifecycle notes of Kubernetes 1.37.
const DEPRECATED: &str = include_str!("deprecated.tsv");

fn check_deprecation(object: &Object, options: &Options<'_>) -> Finding {
    for line in DEPRECATED.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(version), Some(kind), Some(since), Some(text)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        if version == object.api_version && kind == object.kind {
            let cluster = &options.capabilities.kube_version;
            let current = parse_since(&format!("{}.{}", cluster.major, cluster.minor));
            return if parse_since(since) <= current { Err(text.to_owned()) } else { Ok(()) };
        }
    }
    Ok(())
}

fn parse_since(text: &str) -> (u64, u64) {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    (major.parse().unwrap_or(0), minor.parse().unwrap_or(0))
}

fn check_selector(object: &Object, manifest: &str) -> Finding {
    let kind = &object.kind;
    let needs_one =
        matches!(kind.as_str(), "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet");
    if !needs_one || manifest.contains("matchLabels") || manifest.contains("matchExpressions") {
        return Ok(());
    }
    let name = strconv::quote(object.name.as_bytes());
    Err(format!("a {kind} must contain matchLabels or matchExpressions, and {name} does not"))
}

/// Helm looks at the annotations of a list, not at those of its items.
fn check_list(object: &Object, manifest: &str) -> Finding {
    if object.kind != "List" {
        return Ok(());
    }
    let Ok(Plain::Map(table)) = values::read_document(manifest.as_bytes()) else { return Ok(()) };
    let Some(Plain::List(items)) = field(&table, "items") else { return Ok(()) };
    let keeps = |item: &Plain| {
        let Plain::Map(item) = item else { return false };
        let Some(Plain::Map(metadata)) = field(item, "metadata") else { return false };
        let Some(Plain::Map(annotations)) = field(metadata, "annotations") else { return false };
        annotations.get(b"helm.sh/resource-policy").is_some()
    };
    if items.iter().any(keeps) {
        return Err(
            "annotation 'helm.sh/resource-policy' within List objects are ignored".to_owned()
        );
    }
    Ok(())
}
