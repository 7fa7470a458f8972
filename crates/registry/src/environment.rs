//! The environment as data, and the paths that Helm derives from it.
//!
//! The caller fills [`Environment`] once; nothing in this crate asks the process. The rules for
//! paths are those of Helm's `pkg/cli/environment.go` and `pkg/helmpath`.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The variables of a process's environment.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// An environment of the given variables; later ones of the same name win.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { variables: variables.into_iter().collect() }
    }

    /// The value of a variable that is set, be it empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The value of a variable that is set and not empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The user's home directory; empty when unknown, as Helm has it.
    pub fn home(&self) -> PathBuf {
        PathBuf::from(self.get("HOME").unwrap_or_default())
    }

    /// A Helm home: Helm's own variable, else the XDG variable, else the default below the home.
    fn helm_home(&self, own: &str, xdg: &str, default: &str) -> PathBuf {
        if let Some(base) = self.filled(own) {
            return PathBuf::from(base);
        }
        match self.filled(xdg) {
            Some(base) => PathBuf::from(base).join("helm"),
            None => self.home().join(default).join("helm"),
        }
    }
}

/// Where Helm keeps its files. Flags of the same names override the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Logins to OCI registries (`registry/config.json`).
    pub registry_config: PathBuf,
    /// The known chart repositories (`repositories.yaml`).
    pub repository_config: PathBuf,
    /// The folder of repositories' indexes (`NAME-index.yaml`).
    pub repository_cache: PathBuf,
    /// The folder of charts by content.
    pub content_cache: PathBuf,
}

impl Settings {
    /// The paths that Helm 4 uses in this environment.
    pub fn from_environment(environment: &Environment) -> Self {
        let config = environment.helm_home("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config");
        let cache = environment.helm_home("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache");
        let or =
            |name: &str, default: PathBuf| environment.get(name).map_or(default, PathBuf::from);
        Self {
            registry_config: or("HELM_REGISTRY_CONFIG", config.join("registry/config.json")),
            repository_config: or("HELM_REPOSITORY_CONFIG", config.join("repositories.yaml")),
            repository_cache: or("HELM_REPOSITORY_CACHE", cache.join("repository")),
            content_cache: or("HELM_CONTENT_CACHE", cache.join("content")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let owned = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Settings::from_environment(&Environment::new(owned))
    }

    #[test]
    fn homes_by_precedence() {
        let plain = settings(&[("HOME", "/h")]);
        assert_eq!(plain.repository_config, PathBuf::from("/h/.config/helm/repositories.yaml"));
        assert_eq!(plain.content_cache, PathBuf::from("/h/.cache/helm/content"));
        let xdg = settings(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]);
        assert_eq!(xdg.registry_config, PathBuf::from("/x/helm/registry/config.json"));
        let own = settings(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x"), ("HELM_CACHE_HOME", "/c")]);
        assert_eq!(own.repository_cache, PathBuf::from("/c/repository"));
        let exact = settings(&[("HELM_CONTENT_CACHE", "/content"), ("HELM_CACHE_HOME", "/c")]);
        assert_eq!(exact.content_cache, PathBuf::from("/content"));
    }
}
