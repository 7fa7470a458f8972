//! What comes neither from values nor from facts: the chart's files and the cluster.

use gotmpl::value::Value;

use super::Certainty;
use super::lineage::Lineage;
use super::record::Recorder;

/// Methods of `.Files` that name files.
const NAMING: [&str; 4] = ["Get", "GetBytes", "Glob", "Lines"];

/// Whether a path does not begin at values: facts begin with a dot, what `lookup` found with a
/// parenthesis.
pub(super) fn is_elsewhere(path: &str) -> bool {
    path.starts_with(['.', '('])
}

/// As a template has it: `lookup "v1" "Secret" "web" "login"`.
fn written(name: &str, args: &[Value]) -> String {
    let quoted = |arg: &Value| strconv::quote(&super::lineage::printed(arg));
    let words = args.iter().map(quoted);
    std::iter::once(name.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

impl Recorder {
    /// What was called gave a file or something of the cluster.
    pub(super) fn found_elsewhere(
        &mut self,
        name: &str,
        args: &[Value],
        result: &Value,
    ) -> Option<Lineage> {
        let path = match (name, args) {
            ("lookup", _) => format!("({})", written("lookup", args)),
            (_, [Value::Object(_), file]) if NAMING.contains(&name) => {
                written(&format!(".Files.{name}"), std::slice::from_ref(file))
            }
            ("AsConfig" | "AsSecrets", [files @ Value::Object(_)]) => {
                let files = files.clone().as_map_or_self();
                let path = self.containers.path_of(&files);
                let path = path.cloned().unwrap_or_else(|| ".Files".to_owned());
                let found = self.lineage_at(&path, result);
                return Some(found.map(|origin| {
                    for (_, certainty) in &mut origin.values {
                        *certainty = Certainty::Within;
                    }
                }));
            }
            _ => return None,
        };
        // Chosen files are ranged over as a table.
        let table = if name == "Glob" { result.clone().as_map_or_self() } else { result.clone() };
        self.containers.know(&table, &path);
        Some(self.lineage_at(&path, result))
    }
}
