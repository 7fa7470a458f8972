//! The one thing that rendering takes from a kubeconfig: the namespace of the current context, as
//! Kubernetes' own library finds it.
//!
//! That library looks at the whole context before it gives anything of it away: where a file of a list
//! cannot be read, or a certificate is missing, Helm falls back to `default` without a word, and so
//! does this.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use helm::values::{Plain, Table, read_document};
use registry::Url;

use crate::environment::Environment;

/// Where a pod finds what it needs to talk to its cluster.
const POD: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Which files count.
pub enum Files {
    /// This one, by flag.
    Named(PathBuf),
    /// Those of `KUBECONFIG`, or the user's own: as many as there are.
    Searched(Vec<PathBuf>),
}

impl Files {
    /// By flag, by variable, by default.
    pub fn find(flag: Option<&Path>, environment: &Environment) -> Self {
        if let Some(path) = flag.filter(|path| !path.as_os_str().is_empty()) {
            return Self::Named(path.to_owned());
        }
        match environment.get("KUBECONFIG") {
            Some(list) => {
                let filled = |path: &PathBuf| !path.as_os_str().is_empty();
                Self::Searched(std::env::split_paths(list).filter(filled).collect())
            }
            None => Self::Searched(vec![environment.home().join(".kube/config")]),
        }
    }

    fn load(&self) -> Option<Config> {
        let mut config = Config::default();
        match self {
            Self::Named(file) => config.add(&std::fs::read(file).ok()?, file)?,
            Self::Searched(files) => {
                for file in files {
                    match std::fs::read(file) {
                        Ok(text) => config.add(&text, file)?,
                        Err(error) if error.kind() == ErrorKind::NotFound => {}
                        Err(_) => return None,
                    }
                }
            }
        }
        Some(config)
    }
}

/// The namespace that the context names; a pod's own where none does. `None` where there is no
/// context to use.
pub fn namespace(
    files: &Files,
    context: Option<&str>,
    environment: &Environment,
) -> Option<String> {
    let config = files.load()?;
    let current = context.filter(|name| !name.is_empty()).unwrap_or(&config.current);
    let context = match current {
        "" => Table::default(),
        name => config.contexts.get(name)?.0.clone(),
    };
    config.is_usable(&context).then_some(())?;
    match text(&context, "namespace")? {
        name if name.is_empty() => of_pod(environment),
        name => Some(name),
    }
}

fn of_pod(environment: &Environment) -> Option<String> {
    environment.get("KUBERNETES_SERVICE_HOST")?;
    environment.get("KUBERNETES_SERVICE_PORT")?;
    let folder = Path::new(POD);
    if !folder.join("token").exists() {
        return None;
    }
    let own = || std::fs::read_to_string(folder.join("namespace")).ok();
    let name = environment.get("POD_NAMESPACE").map(str::to_owned).or_else(own)?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// An entry with the file it stands in, from which its paths start.
type Entry = (Table, PathBuf);

/// What the files say together: the first one that names something counts.
#[derive(Default)]
struct Config {
    current: String,
    contexts: BTreeMap<String, Entry>,
    clusters: BTreeMap<String, Entry>,
    users: BTreeMap<String, Entry>,
}

impl Config {
    fn add(&mut self, text_of_file: &[u8], file: &Path) -> Option<()> {
        let table = match read_document(text_of_file).ok()? {
            Plain::Map(table) => table,
            Plain::Null => Table::default(),
            _ => return None,
        };
        let is_known = matches!(text(&table, "kind")?.as_str(), "" | "Config")
            && matches!(text(&table, "apiVersion")?.as_str(), "" | "v1");
        is_known.then_some(())?;
        let current = text(&table, "current-context")?;
        if self.current.is_empty() {
            self.current = current;
        }
        let lists = [
            ("contexts", "context", &mut self.contexts),
            ("clusters", "cluster", &mut self.clusters),
            ("users", "user", &mut self.users),
        ];
        for (list, entry, into) in lists {
            for (name, entry) in named(&table, list, entry)? {
                into.entry(name).or_insert_with(|| (entry, file.to_owned()));
            }
        }
        Some(())
    }

    /// What Kubernetes' library asks of a context and of its cluster and user; a server it has anyway.
    fn is_usable(&self, context: &Table) -> bool {
        let found = |kind: &BTreeMap<String, Entry>, key| {
            text(context, key).map(|name| kind.get(&name).cloned().unwrap_or_default())
        };
        let cluster = found(&self.clusters, "cluster").and_then(|entry| is_cluster(&entry));
        let user = found(&self.users, "user").and_then(|entry| is_user(&entry));
        cluster == Some(true) && user == Some(true)
    }
}

fn is_cluster(entry: &Entry) -> Option<bool> {
    let (cluster, _) = entry;
    let proxy = text(cluster, "proxy-url")?;
    let is_proxy = ["http", "https", "socks5"].iter().any(|scheme| {
        proxy.strip_prefix(scheme).is_some_and(|rest| rest.starts_with(':'))
            && Url::parse(&proxy).is_ok()
    });
    let authority = text(cluster, "certificate-authority")?;
    let data = text(cluster, "certificate-authority-data")?;
    Some(
        (proxy.is_empty() || is_proxy)
            && (authority.is_empty() || data.is_empty())
            && can_be_opened(entry, &authority),
    )
}

fn is_user(entry: &Entry) -> Option<bool> {
    let (user, _) = entry;
    let filled = |key| text(user, key).map(|text| !text.is_empty());
    let (certificate, key) = (text(user, "client-certificate")?, text(user, "client-key")?);
    let has_data = (filled("client-certificate-data")?, filled("client-key-data")?);
    // Each of both stands in a file or in the text itself, not in both.
    let is_one_of = |file: &str, data: bool| file.is_empty() == data;
    let is_anonymous = certificate.is_empty() && !has_data.0;
    let is_whole = is_one_of(&certificate, has_data.0) && is_one_of(&key, has_data.1);
    let methods = [filled("token")?, filled("username")? || filled("password")?];
    let exec = match user.get(b"exec") {
        Some(Plain::Map(exec)) => {
            user.get(b"auth-provider").is_none()
                && ["command", "apiVersion", "interactiveMode"]
                    .iter()
                    .all(|key| text(exec, key).is_some_and(|text| !text.is_empty()))
        }
        _ => true,
    };
    let opened = can_be_opened(entry, &certificate) && can_be_opened(entry, &key);
    Some(methods != [true, true] && exec && (is_anonymous || is_whole && opened))
}

/// Paths start from the file that holds them.
fn can_be_opened((_, origin): &Entry, path: &str) -> bool {
    let folder = origin.parent().unwrap_or(Path::new(""));
    path.is_empty() || std::fs::File::open(folder.join(path)).is_ok()
}

/// The entries of a list by name; two of one name are none.
fn named(table: &Table, list: &str, entry: &str) -> Option<BTreeMap<String, Table>> {
    let mut found = BTreeMap::new();
    let items = match table.get(list.as_bytes()) {
        None | Some(Plain::Null) => return Some(found),
        Some(Plain::List(items)) => items,
        Some(_) => return None,
    };
    for item in items.iter() {
        let Plain::Map(item) = item else { return None };
        let content = match item.get(entry.as_bytes()) {
            None | Some(Plain::Null) => Table::default(),
            Some(Plain::Map(content)) => content.clone(),
            Some(_) => return None,
        };
        if found.insert(text(item, "name")?, content).is_some() {
            return None;
        }
    }
    Some(found)
}

/// A text; empty when it is not there, `None` when something else is.
fn text(table: &Table, key: &str) -> Option<String> {
    match table.get(key.as_bytes()) {
        None | Some(Plain::Null) => Some(String::new()),
        Some(Plain::Str(text)) => Some(text.to_text().into_owned()),
        Some(_) => None,
    }
}
