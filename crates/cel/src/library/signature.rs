//! Signatures of functions, from text.

use std::sync::Arc;

use super::{Overload, Run};
use crate::types::Type;

/// The name, whether it is a method, and the form. The tables of this library are the only texts
/// that come here; a test reads them all.
pub(super) fn parse(text: &'static str, run: Run) -> (&'static str, bool, Overload) {
    let (head, result) = text.split_once(" -> ").unwrap_or((text, "dyn"));
    let open = opening(head);
    let (before, inside) = (&head[..open], &head[open + 1..head.len() - 1]);
    let mut parameters = Vec::new();
    let (name, is_method) = match target_of(before) {
        Some((target, name)) => {
            parameters.push(of_text(target));
            (name, true)
        }
        None => (before, false),
    };
    parameters.extend(split(inside).into_iter().map(of_text));
    (name, is_method, Overload { parameters, result: of_text(result), run })
}

/// Where the parentheses that end a text begin.
fn opening(head: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in head.bytes().enumerate().rev() {
        match byte {
            b')' => depth += 1,
            b'(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    0
}

/// The target of a method and its name; a function's dot, as in `math.least`, comes after no type.
fn target_of(before: &str) -> Option<(&str, &str)> {
    let (target, name) = before.rsplit_once('.')?;
    let is_type = target.ends_with(')') || super::is_type(target) || target.len() == 1;
    is_type.then_some((target, name))
}

fn split(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(inside[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inside[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn of_text(text: &str) -> Type {
    if let Some((name, inside)) = text.split_once('(') {
        let inside: Vec<Type> =
            split(inside.strip_suffix(')').unwrap_or(inside)).into_iter().map(of_text).collect();
        return match (name, inside.as_slice()) {
            ("list", [of]) => Type::list(of.clone()),
            ("optional", [of]) => Type::Optional(Arc::new(of.clone())),
            ("map", [keys, values]) => Type::Map(Arc::new(keys.clone()), Arc::new(values.clone())),
            _ => Type::Dyn,
        };
    }
    match text {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "type" => Type::Type,
        _ => match text.as_bytes() {
            [letter @ b'A'..=b'Z'] => Type::Parameter(u32::from(letter - b'A')),
            _ => Type::Dyn,
        },
    }
}

/// Whether a call decides something of the type.
pub(super) fn has_parameter(of_type: &Type) -> bool {
    match of_type {
        Type::Parameter(_) => true,
        Type::List(of) | Type::Optional(of) => has_parameter(of),
        Type::Map(keys, values) => has_parameter(keys) || has_parameter(values),
        _ => false,
    }
}

/// A parameter's type as messages show it.
pub(crate) fn shown(of_type: &Type) -> String {
    match of_type {
        Type::Parameter(_) => "any".to_owned(),
        Type::List(of) if has_parameter(of) => "list".to_owned(),
        Type::Map(..) if has_parameter(of_type) => "map".to_owned(),
        Type::Optional(of) if has_parameter(of) => "optional".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn signatures_are_read() {
        let shown = |text| {
            let (name, is_method, overload) = parse(text, |_| Err(String::new()));
            format!("{name} {is_method} {:?} {:?}", overload.parameters, overload.result)
        };
        assert_eq!(shown("size(string) -> int"), "size false [String] Int");
        assert_eq!(
            shown("list(A).slice(int, int) -> list(A)"),
            "slice true [List(Parameter(0)), Int, Int] List(Parameter(0))"
        );
        assert_eq!(shown("math.least(int, int) -> int"), "math.least false [Int, Int] Int");
        assert_eq!(
            shown("optional(A).or(optional(A)) -> optional(A)"),
            "or true [Optional(Parameter(0)), Optional(Parameter(0))] Optional(Parameter(0))"
        );
    }
}
