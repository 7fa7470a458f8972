//! Chart.yaml and Chart.lock as Helm writes them back: for `show chart` and for archives.
//!
//! Not here: the archive (see `package`).

use super::{Dependency, Lock, Maintainer, Metadata};
use crate::values::{Plain, Table, write_yaml};

impl Metadata {
    /// The YAML text that Helm makes of it: keys in order, empty fields left out.
    pub fn to_yaml(&self) -> String {
        write_yaml(&Plain::Map(self.to_table()))
    }

    fn to_table(&self) -> Table {
        let mut fields = Fields::default();
        fields.text("name", &self.name);
        fields.text("home", &self.home);
        fields.texts("sources", &self.sources);
        fields.text("version", &self.version);
        fields.text("description", &self.description);
        fields.texts("keywords", &self.keywords);
        fields.list(
            "maintainers",
            self.maintainers.iter().map(|m| nullable(m.as_ref(), Maintainer::to_table)),
        );
        fields.text("icon", &self.icon);
        fields.text("apiVersion", &self.api_version);
        fields.text("condition", &self.condition);
        fields.text("tags", &self.tags);
        fields.text("appVersion", &self.app_version);
        if self.deprecated {
            fields.add("deprecated", Plain::Bool(true));
        }
        let annotations = self.annotations.iter().flatten();
        let annotations: Table =
            annotations.map(|(key, value)| (key.as_str().into(), value.as_str().into())).collect();
        if !annotations.is_empty() {
            fields.add("annotations", Plain::Map(annotations));
        }
        fields.text("kubeVersion", &self.kube_version);
        let dependencies = self.dependencies.iter().flatten();
        fields
            .list("dependencies", dependencies.map(|d| nullable(d.as_ref(), Dependency::to_table)));
        fields.text("type", &self.kind);
        fields.into_table()
    }
}

impl Maintainer {
    fn to_table(&self) -> Table {
        let mut fields = Fields::default();
        fields.text("name", &self.name);
        fields.text("email", &self.email);
        fields.text("url", &self.url);
        fields.into_table()
    }
}

impl Dependency {
    fn to_table(&self) -> Table {
        let mut fields = Fields::default();
        fields.add("name", self.name.as_str().into());
        fields.text("version", &self.version);
        fields.add("repository", self.repository.as_str().into());
        fields.text("condition", &self.condition);
        fields.texts("tags", &self.tags);
        if self.enabled {
            fields.add("enabled", Plain::Bool(true));
        }
        fields.list("import-values", self.import_values.iter().cloned());
        fields.text("alias", &self.alias);
        fields.into_table()
    }
}

impl Lock {
    /// The YAML text that Helm makes of it.
    pub fn to_yaml(&self) -> String {
        let mut fields = Fields::default();
        let generated = self.generated.format(b"2006-01-02T15:04:05.999999999Z07:00");
        fields.add("generated", String::from_utf8_lossy(&generated).as_ref().into());
        fields.add("digest", self.digest.as_str().into());
        let dependencies = self.dependencies.as_ref().map_or(Plain::Null, |all| {
            let all = all.iter().map(|d| nullable(d.as_ref(), Dependency::to_table));
            Plain::List(all.collect())
        });
        fields.add("dependencies", dependencies);
        write_yaml(&Plain::Map(fields.into_table()))
    }
}

fn nullable<T>(value: Option<&T>, to_table: impl Fn(&T) -> Table) -> Plain {
    value.map_or(Plain::Null, |value| Plain::Map(to_table(value)))
}

/// Entries of a struct, without those that are empty, as Go's `omitempty` leaves them out.
#[derive(Default)]
struct Fields(Vec<(gotmpl::value::SharedStr, Plain)>);

impl Fields {
    fn add(&mut self, name: &str, value: Plain) {
        self.0.push((name.into(), value));
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.add(name, value.into());
        }
    }

    fn texts(&mut self, name: &str, values: &[String]) {
        self.list(name, values.iter().map(|value| value.as_str().into()));
    }

    fn list(&mut self, name: &str, items: impl Iterator<Item = Plain>) {
        let items: Vec<Plain> = items.collect();
        if !items.is_empty() {
            self.add(name, Plain::List(items.into()));
        }
    }

    fn into_table(self) -> Table {
        Table::new(self.0)
    }
}
