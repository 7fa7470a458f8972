//! Paths of JSON Patch: <https://www.rfc-editor.org/rfc/rfc6901>.

use diagnostic::{Words, words};
use serde_json::Value;

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointerFault {
    /// It does not begin with a slash.
    NoPath(String),
    /// There is nothing.
    Absent(String),
    /// A test found another value than it wanted.
    Differs(String, String),
}

impl PointerFault {
    /// The fault in words.
    pub fn words(&self) -> Words {
        match self {
            Self::NoPath(path) => words!(
                "`{path}` is no path: write `/spec/replicas`",
                "`{path}` n'est pas un chemin : écrire `/spec/replicas`"
            ),
            Self::Absent(path) => {
                words!("there is nothing at `{path}`", "il n'y a rien à `{path}`")
            }
            Self::Differs(found, wanted) => words!(
                "it is {found}, and the test wants {wanted}",
                "c'est {found}, et l'épreuve veut {wanted}"
            ),
        }
    }
}

/// The keys of a path.
pub fn parse(path: &str) -> Result<Vec<String>, PointerFault> {
    let Some(rest) = path.strip_prefix('/') else {
        return Err(PointerFault::NoPath(path.to_owned()));
    };
    Ok(rest.split('/').map(|key| key.replace("~1", "/").replace("~0", "~")).collect())
}

/// What is at a path.
pub fn get<'v>(tree: &'v mut Value, path: &[String]) -> Result<&'v mut Value, PointerFault> {
    let mut value = tree;
    for (depth, key) in path.iter().enumerate() {
        let found = match value {
            Value::Object(map) => map.get_mut(key),
            Value::Array(items) => index(key).and_then(|at| items.get_mut(at)),
            _ => None,
        };
        value = found.ok_or_else(|| absent(&path[..=depth]))?;
    }
    Ok(value)
}

/// Puts a value at a path: into a list before what is there, `-` at its end.
pub fn add(tree: &mut Value, path: &[String], value: Value) -> Result<(), PointerFault> {
    let Some((key, above)) = path.split_last() else { return Err(absent(path)) };
    match get(tree, above)? {
        Value::Object(map) => {
            map.insert(key.clone(), value);
        }
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => match index(key).filter(|at| *at <= items.len()) {
            Some(at) => items.insert(at, value),
            None => return Err(absent(path)),
        },
        _ => return Err(absent(path)),
    }
    Ok(())
}

/// Takes what is at a path away.
pub fn remove(tree: &mut Value, path: &[String]) -> Result<Value, PointerFault> {
    let Some((key, above)) = path.split_last() else { return Err(absent(path)) };
    let found = match get(tree, above)? {
        Value::Object(map) => map.remove(key),
        Value::Array(items) => index(key).filter(|at| *at < items.len()).map(|at| items.remove(at)),
        _ => None,
    };
    found.ok_or_else(|| absent(path))
}

/// A place in a list: digits, without zeros before them.
fn index(key: &str) -> Option<usize> {
    let is_plain = key == "0" || !key.starts_with('0');
    let all_digits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && all_digits).then(|| key.parse().ok()).flatten()
}

fn absent(path: &[String]) -> PointerFault {
    let keys: Vec<String> =
        path.iter().map(|key| key.replace('~', "~0").replace('/', "~1")).collect();
    PointerFault::Absent(format!("/{}", keys.join("/")))
}
