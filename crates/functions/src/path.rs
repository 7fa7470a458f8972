//! Go's `path` and `path/filepath`, which are one on the systems that Kubernetes runs on.

use gotmpl::function::{Function, Param};
use gotmpl::value::Value;

const ONE: &[Param] = &[Param::Str];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("base", ONE, |call| Ok(bytes(base(call.text(0))))),
    Function::pure("clean", ONE, |call| Ok(Value::Str(clean(call.text(0)).into()))),
    Function::pure("dir", ONE, |call| Ok(Value::Str(dir(call.text(0)).into()))),
    Function::pure("ext", ONE, |call| Ok(bytes(ext(call.text(0))))),
    Function::pure("isAbs", ONE, |call| Ok(Value::Bool(call.text(0).starts_with(b"/")))),
    Function::pure("osBase", ONE, |call| Ok(bytes(base(call.text(0))))),
    Function::pure("osClean", ONE, |call| Ok(Value::Str(clean(call.text(0)).into()))),
    Function::pure("osDir", ONE, |call| Ok(Value::Str(dir(call.text(0)).into()))),
    Function::pure("osExt", ONE, |call| Ok(bytes(ext(call.text(0))))),
    Function::pure("osIsAbs", ONE, |call| Ok(Value::Bool(call.text(0).starts_with(b"/")))),
];

fn bytes(text: &[u8]) -> Value {
    Value::Str(text.into())
}

/// The last element, without slashes at its end.
pub fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path.iter().rposition(|b| *b != b'/').map_or(0, |at| at + 1);
    let name = path[..end].rsplit(|b| *b == b'/').next().unwrap_or_default();
    if name.is_empty() { b"/" } else { name }
}

/// All but the last element, cleaned.
pub fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1);
    clean(&path[..end])
}

/// What follows the last point of the last element, with the point.
pub fn ext(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.iter().rposition(|b| *b == b'.').map_or(&[], |at| &name[at..])
}

/// The shortest path of the same meaning by words alone: no empty, `.` or inner `..` elements.
pub fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for element in path.split(|b| *b == b'/') {
        match element {
            b"" | b"." => {}
            b".." if kept.last().is_some_and(|last| *last != b"..") => drop(kept.pop()),
            b".." if rooted => {}
            element => kept.push(element),
        }
    }
    let joined = kept.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}
