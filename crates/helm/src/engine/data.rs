//! What templates see as `.`: one map per chart.
//!
//! Helm shares these maps with the templates by reference, and charts use that: a sub-chart's map
//! stands in its parent's `.Subcharts`, and `set` on `.Values` is seen by the files that render
//! later.

use std::rc::Rc;
use std::sync::Arc;

use gotmpl::value::{List, Map, MapType, Value};

use super::files::Files;
use super::types::{CapabilitiesObject, VALUES};
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Dependency, Maintainer, Metadata};
use crate::values;

/// `.Release`, apart from what is the same for every render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseFacts {
    /// The release's name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Whether it is to be an upgrade rather than an installation.
    pub is_upgrade: bool,
    /// The revision, from 1.
    pub revision: i64,
}

/// The maps of the chart and its sub-charts, parents first.
pub(super) fn scopes(
    chart: &Chart,
    values: &Map,
    release: &Map,
    capabilities: &Arc<Capabilities>,
) -> Vec<Map> {
    let shared = Shared {
        release: Value::Map(release.clone()),
        capabilities: Value::Object(Rc::new(CapabilitiesObject(Arc::clone(capabilities)))),
    };
    let mut all = Vec::new();
    scope(chart, values.seen_as(&VALUES), true, &shared, &mut all);
    all
}

/// Where the values of the chart and its sub-charts stand in the chart's own, parents first.
pub(crate) fn value_paths(chart: &Chart, path: &str, all: &mut Vec<String>) {
    all.push(path.to_owned());
    for sub in &chart.dependencies {
        let below =
            if path.is_empty() { sub.name().to_owned() } else { format!("{path}.{}", sub.name()) };
        value_paths(sub, &below, all);
    }
}

struct Shared {
    release: Value,
    capabilities: Value,
}

fn scope(chart: &Chart, values: Map, is_root: bool, shared: &Shared, all: &mut Vec<Map>) -> Map {
    let subcharts = map([]);
    let metadata = metadata_map(&chart.metadata);
    metadata.insert("IsRoot", Value::Bool(is_root));
    let entries: [(&str, Value); 6] = [
        ("Chart", Value::Map(metadata)),
        ("Files", Value::Object(Rc::new(Files::of(Arc::clone(&chart.files))))),
        ("Release", shared.release.clone()),
        ("Capabilities", shared.capabilities.clone()),
        ("Values", Value::Map(values.clone())),
        ("Subcharts", Value::Map(subcharts.clone())),
    ];
    let scope = map(entries);
    scope.declare_unsteady("Template");
    all.push(scope.clone());
    for sub in &chart.dependencies {
        // A name with a dot is looked up as a path, in Helm too.
        let own = sub_values(&values, sub.name());
        let below = scope_of_sub(sub, own, shared, all);
        subcharts.insert(sub.name(), Value::Map(below));
    }
    scope
}

fn scope_of_sub(chart: &Chart, values: Option<Map>, shared: &Shared, all: &mut Vec<Map>) -> Map {
    let values = values.unwrap_or_default().seen_as(&VALUES);
    scope(chart, values, false, shared, all)
}

/// The values of the sub-chart of that name, among its parent's.
pub(super) fn sub_values(values: &Map, path: &str) -> Option<Map> {
    let mut table = values.clone();
    for name in path.split('.') {
        match table.get(name.as_bytes()) {
            Some(Value::Map(below)) => table = below,
            _ => return None,
        }
    }
    Some(table)
}

/// `.Template` of a file.
pub(super) fn template_facts(name: &Arc<str>, base_path: &Arc<str>) -> Value {
    let facts = [("Name".into(), text(name)), ("BasePath".into(), text(base_path))];
    Value::Map(Map::typed(&VALUES, facts.into_iter().collect()))
}

/// `.Release`.
pub(super) fn release_map(release: &ReleaseFacts) -> Map {
    map(release_entries(release))
}

/// What is in it.
pub(super) fn release_entries(release: &ReleaseFacts) -> [(&'static str, Value); 6] {
    [
        ("Name", text(&release.name)),
        ("Namespace", text(&release.namespace)),
        ("IsUpgrade", Value::Bool(release.is_upgrade)),
        ("IsInstall", Value::Bool(!release.is_upgrade)),
        ("Revision", Value::Int(release.revision)),
        ("Service", text("Helm")),
    ]
}

/// `.Chart`: Chart.yaml's fields under the names that they have in Helm's source.
fn metadata_map(metadata: &Metadata) -> Map {
    let dependencies =
        metadata.dependencies().map(|dependency| Value::Map(dependency_map(dependency)));
    let maintainers = metadata.maintainers.iter().flatten().map(|m| Value::Map(maintainer_map(m)));
    map([
        ("Name", text(&metadata.name)),
        ("Home", text(&metadata.home)),
        ("Sources", texts(&metadata.sources)),
        ("Version", text(&metadata.version)),
        ("Description", text(&metadata.description)),
        ("Keywords", texts(&metadata.keywords)),
        ("Maintainers", Value::List(List::any(maintainers.collect()))),
        ("Icon", text(&metadata.icon)),
        ("APIVersion", text(&metadata.api_version)),
        ("Condition", text(&metadata.condition)),
        ("Tags", text(&metadata.tags)),
        ("AppVersion", text(&metadata.app_version)),
        ("Deprecated", Value::Bool(metadata.deprecated)),
        ("Annotations", Value::Map(annotations_map(metadata.annotations.as_deref()))),
        ("KubeVersion", text(&metadata.kube_version)),
        ("Dependencies", Value::List(List::any(dependencies.collect()))),
        ("Type", text(&metadata.kind)),
    ])
}

fn annotations_map(annotations: Option<&[(String, String)]>) -> Map {
    let Some(annotations) = annotations else { return Map::nil(&MapType::STRINGS) };
    let entries = annotations.iter().map(|(key, value)| (key.as_str().into(), text(value)));
    Map::lasting(&MapType::STRINGS, entries.collect())
}

fn maintainer_map(maintainer: &Maintainer) -> Map {
    map([
        ("Name", text(&maintainer.name)),
        ("Email", text(&maintainer.email)),
        ("URL", text(&maintainer.url)),
    ])
}

fn dependency_map(dependency: &Dependency) -> Map {
    let imports = dependency.import_values.iter().map(values::thaw_lasting);
    map([
        ("Name", text(&dependency.name)),
        ("Version", text(&dependency.version)),
        ("Repository", text(&dependency.repository)),
        ("Condition", text(&dependency.condition)),
        ("Tags", texts(&dependency.tags)),
        ("Enabled", Value::Bool(dependency.enabled)),
        ("ImportValues", Value::List(List::any(imports.collect()))),
        ("Alias", text(&dependency.alias)),
    ])
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Map {
    let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
    Map::lasting(&MapType::ANY, entries.collect())
}

fn text(text: &str) -> Value {
    Value::Str(text.into())
}

fn texts(texts: &[String]) -> Value {
    Value::List(List::any(texts.iter().map(|item| text(item)).collect()))
}
