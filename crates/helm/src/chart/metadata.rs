//! Chart.yaml and Chart.lock: their fields, how they are read and what makes them valid.
//!
//! Not here: files. Follows Helm 4's `pkg/chart/v2/metadata.go` and `dependency.go`.

use functions::time::Time;

use super::decode::{self, Misfit, Place};
use crate::values::{Plain, Table};

/// What Chart.yaml says about a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// The chart's name; an alias replaces it.
    pub name: String,
    /// A page about the project.
    pub home: String,
    /// Where the sources are.
    pub sources: Vec<String>,
    /// The chart's semantic version.
    pub version: String,
    /// One sentence about the chart.
    pub description: String,
    /// Words to find the chart by.
    pub keywords: Vec<String>,
    /// Who looks after the chart; a null entry is `None` and invalid.
    pub maintainers: Vec<Option<Maintainer>>,
    /// The address of an icon.
    pub icon: String,
    /// `v1` or `v2`.
    pub api_version: String,
    /// A condition; Helm keeps it and does nothing with it.
    pub condition: String,
    /// Tags; Helm keeps them and does nothing with them.
    pub tags: String,
    /// The version of the application inside.
    pub app_version: String,
    /// Whether the chart should no longer be used.
    pub deprecated: bool,
    /// Free annotations, by key; `None` when there are none, which templates see as nil.
    pub annotations: Option<Vec<(String, String)>>,
    /// A constraint on the version of Kubernetes.
    pub kube_version: String,
    /// The charts this one depends on; `None` where the field is absent, which Helm tells from an
    /// empty list. A null entry is `None` and invalid.
    pub dependencies: Option<Vec<Option<Dependency>>>,
    /// `application`, `library` or empty.
    pub kind: String,
}

/// Who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// A web address.
    pub url: String,
}

/// One entry of a chart's dependencies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependency {
    /// The name of the chart; once processed, its alias.
    pub name: String,
    /// A version or a constraint.
    pub version: String,
    /// The repository's address.
    pub repository: String,
    /// Paths of values that switch it on or off, separated by commas.
    pub condition: String,
    /// Tags that switch it on or off.
    pub tags: Vec<String>,
    /// Whether it is switched on: decided while dependencies are processed.
    pub enabled: bool,
    /// Values of the sub-chart to import into the parent; each a text or a table of `child` and
    /// `parent`.
    pub import_values: Vec<Plain>,
    /// The name under which the sub-chart is used.
    pub alias: String,
}

/// Chart.lock: the exact versions of the dependencies.
#[derive(Clone, Debug)]
pub struct Lock {
    /// When it was made; year 1 where it does not say.
    pub generated: Time,
    /// The digest of the dependencies and their constraints.
    pub digest: String,
    /// The locked dependencies, if it lists them.
    pub dependencies: Option<Vec<Option<Dependency>>>,
}

/// Chart.yaml is readable but says something that a chart must not say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("validation: {0}")]
pub struct Invalid(String);

const METADATA_FIELDS: [&str; 17] = [
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];

impl Metadata {
    /// Reads what a document says on top of what is there: requirements.yaml adds to Chart.yaml.
    pub fn read(&mut self, document: &Plain) -> Result<(), Misfit> {
        let root = Place::root();
        let Some(table) = decode::object(document, &root, "v2.Metadata")? else { return Ok(()) };
        for (key, value) in table.iter() {
            if let Some((name, at)) = decode::known_field(key, &METADATA_FIELDS, &root) {
                self.read_field(name, value, &at)?;
            }
        }
        Ok(())
    }

    fn read_field(&mut self, name: &str, value: &Plain, at: &Place<'_>) -> Result<(), Misfit> {
        let text_field = match name {
            "name" => &mut self.name,
            "home" => &mut self.home,
            "version" => &mut self.version,
            "description" => &mut self.description,
            "icon" => &mut self.icon,
            "apiVersion" => &mut self.api_version,
            "condition" => &mut self.condition,
            "tags" => &mut self.tags,
            "appVersion" => &mut self.app_version,
            "kubeVersion" => &mut self.kube_version,
            "type" => &mut self.kind,
            _ => return self.read_other_field(name, value, at),
        };
        set(text_field, decode::text(value, at)?);
        Ok(())
    }

    fn read_other_field(
        &mut self,
        name: &str,
        value: &Plain,
        at: &Place<'_>,
    ) -> Result<(), Misfit> {
        match name {
            "sources" => self.sources = decode::texts(value, at)?.unwrap_or_default(),
            "keywords" => self.keywords = decode::texts(value, at)?.unwrap_or_default(),
            "deprecated" => set(&mut self.deprecated, decode::flag(value, at)?),
            "annotations" => self.annotations = decode::text_map(value, at)?,
            "maintainers" => {
                let list = decode::list(value, at, "[]*v2.Maintainer", Maintainer::read)?;
                self.maintainers = list.unwrap_or_default();
            }
            _ => {
                self.dependencies = decode::list(value, at, "[]*v2.Dependency", Dependency::read)?;
            }
        }
        Ok(())
    }

    /// The first key, in order, that Helm does not know, in Chart.yaml and in its maintainers and
    /// dependencies.
    pub fn unknown_field(document: &Plain) -> Option<String> {
        unknown_field(document, &METADATA_FIELDS)
    }

    /// The entries of `dependencies` that are not null.
    pub fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().flatten().flatten()
    }

    /// Whether this is a library chart, whose templates only define.
    pub fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// Cleans the texts of what does not print and checks what Helm checks.
    pub fn validate(&mut self) -> Result<(), Invalid> {
        self.sanitize();
        self.check_identity()?;
        for maintainer in &mut self.maintainers {
            let Some(maintainer) = maintainer else {
                return Err(invalid("maintainers must not contain empty or null nodes"));
            };
            for text in [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url] {
                sanitize(text);
            }
        }
        self.check_dependencies()
    }

    fn sanitize(&mut self) {
        let texts = [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ];
        texts.into_iter().for_each(sanitize);
        self.sources.iter_mut().chain(&mut self.keywords).for_each(sanitize);
    }

    fn check_identity(&self) -> Result<(), Invalid> {
        let name = &self.name;
        if self.api_version.is_empty() {
            return Err(invalid("chart.metadata.apiVersion is required"));
        }
        if name.is_empty() {
            return Err(invalid("chart.metadata.name is required"));
        }
        if name == "." || name == ".." {
            return Err(Invalid(format!("chart.metadata.name {} is not allowed", quote(name))));
        }
        if name.contains('/') {
            return Err(Invalid(format!("chart.metadata.name {} is invalid", quote(name))));
        }
        if self.version.is_empty() {
            return Err(invalid("chart.metadata.version is required"));
        }
        if version::Version::parse(&self.version).is_err() {
            let version = quote(&self.version);
            return Err(Invalid(format!("chart.metadata.version {version} is invalid")));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return Err(invalid("chart.metadata.type must be application or library"));
        }
        Ok(())
    }

    fn check_dependencies(&mut self) -> Result<(), Invalid> {
        let mut seen = std::collections::BTreeSet::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            let Some(dependency) = dependency else {
                return Err(invalid("dependencies must not contain empty or null nodes"));
            };
            dependency.validate()?;
            let key =
                if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
            if !seen.insert(key.clone()) {
                let text = format!("more than one dependency with name or alias {}", quote(key));
                return Err(Invalid(text));
            }
        }
        Ok(())
    }
}

const MAINTAINER_FIELDS: [&str; 3] = ["name", "email", "url"];

impl Maintainer {
    fn read(value: &Plain, place: &Place<'_>) -> Result<Option<Self>, Misfit> {
        let Some(table) = decode::object(value, place, "v2.Maintainer")? else { return Ok(None) };
        let mut maintainer = Self::default();
        for (key, value) in table.iter() {
            let known = decode::known_field(key, &MAINTAINER_FIELDS, place);
            let Some((name, at)) = known else { continue };
            let field = match name {
                "name" => &mut maintainer.name,
                "email" => &mut maintainer.email,
                _ => &mut maintainer.url,
            };
            set(field, decode::text(value, &at)?);
        }
        Ok(Some(maintainer))
    }
}

const DEPENDENCY_FIELDS: [&str; 8] =
    ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];

impl Dependency {
    fn read(value: &Plain, place: &Place<'_>) -> Result<Option<Self>, Misfit> {
        let Some(table) = decode::object(value, place, "v2.Dependency")? else { return Ok(None) };
        let mut dependency = Self::default();
        for (key, value) in table.iter() {
            if let Some((name, at)) = decode::known_field(key, &DEPENDENCY_FIELDS, place) {
                dependency.read_field(name, value, &at)?;
            }
        }
        Ok(Some(dependency))
    }

    fn read_field(&mut self, name: &str, value: &Plain, at: &Place<'_>) -> Result<(), Misfit> {
        match name {
            "name" => set(&mut self.name, decode::text(value, at)?),
            "version" => set(&mut self.version, decode::text(value, at)?),
            "repository" => set(&mut self.repository, decode::text(value, at)?),
            "condition" => set(&mut self.condition, decode::text(value, at)?),
            "alias" => set(&mut self.alias, decode::text(value, at)?),
            "tags" => self.tags = decode::texts(value, at)?.unwrap_or_default(),
            "enabled" => set(&mut self.enabled, decode::flag(value, at)?),
            _ => {
                let keep = |item: &Plain, _: &Place| Ok(item.clone().with_floats());
                let list = decode::list(value, at, "[]interface {}", keep)?;
                self.import_values = list.unwrap_or_default();
            }
        }
        Ok(())
    }

    fn validate(&mut self) -> Result<(), Invalid> {
        let texts = [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition];
        texts.into_iter().for_each(sanitize);
        self.tags.iter_mut().for_each(sanitize);
        let legal = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
        if !self.alias.bytes().all(legal) {
            let name = quote(&self.name);
            let text = format!("dependency {name} has disallowed characters in the alias");
            return Err(Invalid(text));
        }
        Ok(())
    }
}

impl Lock {
    /// Reads a lock file's document.
    pub fn read(document: &Plain) -> Result<Self, Misfit> {
        let root = Place::root();
        let mut lock = Self { generated: Time::zero(), digest: String::new(), dependencies: None };
        let empty = Table::default();
        let table = decode::object(document, &root, "v2.Lock")?.unwrap_or(&empty);
        for (key, value) in table.iter() {
            let known = decode::known_field(key, &["generated", "digest", "dependencies"], &root);
            let Some((name, at)) = known else { continue };
            match name {
                "generated" => set(&mut lock.generated, decode::moment(value, &at)?),
                "digest" => set(&mut lock.digest, decode::text(value, &at)?),
                _ => {
                    let list = decode::list(value, &at, "[]*v2.Dependency", Dependency::read)?;
                    if list.is_some() {
                        lock.dependencies = list;
                    }
                }
            }
        }
        Ok(lock)
    }
}

/// The `apiVersion` alone: Helm looks at it first to learn which kind of chart it loads.
pub(super) fn api_version(document: &Plain) -> Result<String, Misfit> {
    let root = Place::root();
    let Some(table) = decode::object(document, &root, "loader.chartBase")? else {
        return Ok(String::new());
    };
    let mut found = String::new();
    for (key, value) in table.iter() {
        if let Some((_, at)) = decode::known_field(key, &["apiVersion"], &root) {
            set(&mut found, decode::text(value, &at)?);
        }
    }
    Ok(found)
}

fn unknown_field(value: &Plain, known: &[&str]) -> Option<String> {
    let Plain::Map(table) = value else { return None };
    table.iter().find_map(|(key, value)| {
        let field = known.iter().find(|name| name.as_bytes().eq_ignore_ascii_case(key));
        let below: &[&str] = match field.copied() {
            None => return Some(key.to_text().into_owned()),
            Some("maintainers") => &MAINTAINER_FIELDS,
            Some("dependencies") => &DEPENDENCY_FIELDS,
            Some(_) => return None,
        };
        let Plain::List(items) = value else { return None };
        items.iter().find_map(|item| unknown_field(item, below))
    })
}

/// A null leaves a field as it was.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Every white space becomes a space; what does not print goes.
fn sanitize(text: &mut String) {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return;
    }
    *text = text
        .chars()
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some(' '),
            c if strconv::is_print(c as u32) => Some(c),
            _ => None,
        })
        .collect();
}

fn invalid(text: &str) -> Invalid {
    Invalid(text.to_owned())
}

fn quote(text: &str) -> String {
    strconv::quote(text.as_bytes())
}
