//! Who gave a value: a flag, a values file, or a chart's defaults.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::elsewhere::is_elsewhere;
use super::field::{lines_of, look_up};
use crate::capabilities::{
    HELM_COMMIT, HELM_GO_VERSION, HELM_KUBE_CLIENT_VERSION, HELM_VERSION, KubeVersion,
};
use crate::chart::{Chart, Dependency};
use crate::release::Options;
use crate::values::{Given, Plain, Table, read_values};

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value, as text, where it is known.
    pub value: Option<String>,
    /// The flag, the file or the chart, for people: `prod.yaml`, `--set`, `defaults of chart db`.
    pub giver: String,
    /// The line in a file, from 1.
    pub line: Option<usize>,
}

/// Everything that gives values, the weightiest first.
pub struct Layers {
    /// What came from the command line.
    given: Vec<Layer>,
    charts: Charts,
    /// What stands in `.Release` and `.Capabilities`.
    facts: Vec<Layer>,
}

/// One flag or file.
struct Layer {
    giver: String,
    table: Table,
    /// The file's text, for lines.
    text: Option<Vec<u8>>,
    lines: OnceCell<HashMap<String, usize>>,
}

/// A chart and its sub-charts.
struct Charts {
    name: String,
    /// Its own file.
    values: Layer,
    /// What its dependencies have made of that.
    settled: Layer,
    /// From which paths to which.
    imports: Vec<(String, String)>,
    facts: Layer,
    below: Vec<Charts>,
}

impl Layers {
    /// The flags and files given, over the defaults of the chart, whose dependencies are settled.
    pub fn new(given: &Given, chart: &Chart, options: &Options) -> Self {
        let mut layers = Vec::new();
        for flag in given.flags().into_iter().rev() {
            // A flag that cannot stand alone has given nothing that is known.
            if let Ok(table) = flag.table {
                layers.push(Layer::new(flag.text, table, None));
            }
        }
        for (name, content) in given.files.iter().rev() {
            if let Ok(table) = read_values(content) {
                layers.push(Layer::new(name.clone(), table, Some(content.clone())));
            }
        }
        Self { given: layers, charts: Charts::new(chart), facts: facts(options) }
    }

    /// Who gave the value at that path.
    pub fn find(&self, path: &str) -> Option<Setting> {
        if is_elsewhere(path) {
            return path.strip_prefix('.').map_or_else(of_cluster, |p| self.fact(p));
        }
        let given = self.given.iter().find_map(|layer| layer.find(path));
        given.or_else(|| self.of_charts(path))
    }

    fn of_charts(&self, path: &str) -> Option<Setting> {
        let default = self.charts.default(path).or_else(|| self.global(path));
        default.or_else(|| self.imported(path))
    }

    /// What a chart has brought up from a sub-chart is given by the chart that gave it there; flags and
    /// files come too late for that.
    fn imported(&self, path: &str) -> Option<Setting> {
        let here = self.charts.imported(path)?;
        let sources = self.charts.sources(path).into_iter();
        let there = sources.filter_map(|source| self.of_charts(&source));
        let mut there = there.filter(|setting| setting.value == here.value);
        Some(there.next().unwrap_or(here))
    }

    /// What a sub-chart reads as its global stands in a chart above it.
    fn global(&self, path: &str) -> Option<Setting> {
        let (above, rest) = path.split_once(".global.")?;
        let above = above.rsplit_once('.').map(|(above, _)| format!("{above}."));
        self.find(&format!("{}global.{rest}", above.unwrap_or_default()))
    }

    /// What charts and the release say of themselves.
    fn fact(&self, path: &str) -> Option<Setting> {
        if path.starts_with("Release.") || path.starts_with("Capabilities.") {
            // As a whole, the version of Kubernetes is printed as one text.
            let is_version = path == "Capabilities.KubeVersion";
            let path = if is_version { "Capabilities.KubeVersion.String" } else { path };
            return self.facts.iter().find_map(|layer| layer.find(path));
        }
        let unknown = |giver: &str| Setting { value: None, giver: giver.to_owned(), line: None };
        if path.starts_with("Template.") {
            return Some(unknown("Helm, for each file"));
        }
        if path.starts_with("Files") {
            return Some(unknown("the chart's files"));
        }
        let (mut chart, mut rest) = (&self.charts, path);
        while let Some(below) = rest.strip_prefix("Subcharts.") {
            let (name, more) = below.split_once('.')?;
            chart = chart.below.iter().find(|sub| sub.name == name)?;
            rest = more;
        }
        match rest.strip_prefix("Chart.")? {
            "APIVersion" => chart.facts.find("apiVersion"),
            // A sub-chart may be called by its alias.
            "Name" => {
                let value = Some(chart.name.clone());
                chart.facts.find("name").map(|setting| Setting { value, ..setting })
            }
            field => {
                let (first, more) = field.split_at_checked(1)?;
                chart.facts.find(&(first.to_ascii_lowercase() + more))
            }
        }
    }
}

fn of_cluster() -> Option<Setting> {
    let giver = "the cluster; where none is asked, nothing is found".to_owned();
    Some(Setting { value: None, giver, line: None })
}

impl Layer {
    fn new(giver: String, table: Table, text: Option<Vec<u8>>) -> Self {
        Self { giver, table, text, lines: OnceCell::new() }
    }

    /// A file of a chart; one that is not there gives nothing.
    fn of_file(chart: &Chart, name: &str) -> Self {
        let text = chart.raw_file(name).map(|file| file.data.to_vec());
        let table = text.as_deref().and_then(|text| read_values(text).ok()).unwrap_or_default();
        Self::new(format!("{name} of chart {}", chart.name()), table, text)
    }

    fn find(&self, path: &str) -> Option<Setting> {
        let value = shown(&look_up(&self.table, path)?);
        let lines =
            self.lines.get_or_init(|| self.text.as_deref().map(lines_of).unwrap_or_default());
        Some(Setting {
            value: Some(value),
            giver: self.giver.clone(),
            line: lines.get(path).copied(),
        })
    }
}

impl Charts {
    fn new(chart: &Chart) -> Self {
        Self {
            name: chart.name().to_owned(),
            values: Layer::of_file(chart, "values.yaml"),
            settled: Layer::new(
                format!("import-values of chart {}", chart.name()),
                chart.values.clone(),
                None,
            ),
            imports: imports(chart),
            facts: Layer::of_file(chart, "Chart.yaml"),
            below: chart.dependencies.iter().map(|sub| Self::new(sub)).collect(),
        }
    }

    /// A parent's defaults count before those of its sub-chart.
    fn default(&self, path: &str) -> Option<Setting> {
        self.values.find(path).or_else(|| {
            let (sub, rest) = self.sub_chart(path)?;
            sub.default(rest)
        })
    }

    /// What no file has at that path: a chart has brought it up from a sub-chart.
    fn imported(&self, path: &str) -> Option<Setting> {
        let below = self.sub_chart(path).and_then(|(sub, rest)| sub.imported(rest));
        below.or_else(|| self.settled.find(path))
    }

    /// Where its chart may have taken that from.
    fn sources(&self, path: &str) -> Vec<String> {
        let of_import = |(from, to): &(String, String)| match path.strip_prefix(to.as_str())? {
            rest if to.is_empty() => Some(format!("{from}.{rest}")),
            rest if rest.is_empty() || rest.starts_with(['.', '[']) => {
                Some(format!("{from}{rest}"))
            }
            _ => None,
        };
        let mut found: Vec<String> = self.imports.iter().filter_map(of_import).collect();
        if let Some((sub, rest)) = self.sub_chart(path) {
            found.extend(sub.sources(rest).into_iter().map(|rest| format!("{}.{rest}", sub.name)));
        }
        found
    }

    fn sub_chart<'p>(&self, path: &'p str) -> Option<(&Self, &'p str)> {
        let (name, rest) = path.split_once('.')?;
        Some((self.below.iter().find(|sub| sub.name == name)?, rest))
    }
}

/// The pairs that `import-values` of a settled chart has.
fn imports(chart: &Chart) -> Vec<(String, String)> {
    let pair = |name: &str, wish: &Plain| {
        let Plain::Map(wish) = wish else { return None };
        let (child, parent) = (wish.get(b"child")?, wish.get(b"parent")?);
        let parent = Some(shown(parent)).filter(|parent| parent != ".");
        Some((format!("{name}.{}", shown(child)), parent.unwrap_or_default()))
    };
    let of_entry = |entry: &Dependency| -> Vec<_> {
        entry.import_values.iter().filter_map(|wish| pair(&entry.name, wish)).collect()
    };
    chart.metadata.dependencies().flat_map(of_entry).collect()
}

/// What every chart of the release may read, by who says it.
fn facts(options: &Options) -> Vec<Layer> {
    let capabilities = &options.capabilities;
    let kube = &capabilities.kube_version;
    let api_versions = capabilities.api_versions.iter().map(|name| Plain::from(name.as_str()));
    let release = table([
        ("Name", options.name.as_str().into()),
        ("Namespace", options.namespace.as_str().into()),
        ("IsUpgrade", Plain::Bool(options.is_upgrade)),
        ("IsInstall", Plain::Bool(!options.is_upgrade)),
        // Helm knows no revision before this one where no cluster is asked.
        ("Revision", Plain::Int(1)),
    ]);
    let kube = table([
        ("Version", kube.version.as_str().into()),
        ("GitVersion", kube.version.as_str().into()),
        ("String", kube.for_constraints().into()),
        ("Major", kube.major.as_str().into()),
        ("Minor", kube.minor.as_str().into()),
    ]);
    let own = table([
        ("Version", HELM_VERSION.into()),
        ("GitCommit", HELM_COMMIT.into()),
        ("GitTreeState", "clean".into()),
        ("GoVersion", HELM_GO_VERSION.into()),
        ("KubeClientVersion", HELM_KUBE_CLIENT_VERSION.into()),
    ]);
    let is_assumed = capabilities.kube_version == KubeVersion::default();
    let kube_giver = if is_assumed { "Helm, unless --kube-version does" } else { "--kube-version" };
    let within = |name, facts| table([(name, Plain::Map(facts))]);
    let capability = |name, fact| within("Capabilities", table([(name, fact)]));
    [
        ("the release", within("Release", release)),
        ("Helm", within("Release", table([("Service", "Helm".into())]))),
        ("Helm", capability("HelmVersion", Plain::Map(own))),
        (kube_giver, capability("KubeVersion", Plain::Map(kube))),
        ("Helm and --api-versions", capability("APIVersions", Plain::List(api_versions.collect()))),
    ]
    .map(|(giver, table)| Layer::new(giver.to_owned(), table, None))
    .into()
}

fn table<const N: usize>(entries: [(&str, Plain); N]) -> Table {
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

/// A value as a line of text.
pub(super) fn shown(value: &Plain) -> String {
    match value {
        Plain::Null => "null".to_owned(),
        Plain::List(items) => format!("a list of {}", items.len()),
        Plain::Map(table) => format!("a table of {}", table.len()),
        scalar => crate::values::go_value(scalar),
    }
}
