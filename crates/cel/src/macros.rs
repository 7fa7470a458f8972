//! Calls that are no calls: macros, which see their arguments as they are written.

use std::ops::Range;
use std::sync::Arc;

use crate::ast::{Comprehension, MacroKind, Node, NodeKind};
use crate::fault::Fault;
use crate::library;

/// A call, or the macro that it is.
pub(crate) fn expand(
    target: Option<Node>,
    name: Arc<str>,
    name_span: Range<usize>,
    mut arguments: Vec<Node>,
    span: Range<usize>,
) -> Result<Node, Fault> {
    let is_cel = |node: &Node| matches!(&node.kind, NodeKind::Name(name) if &**name == "cel");
    let kind = match (&target, &*name, arguments.len()) {
        (None, "has", 1) => has(arguments.remove(0))?,
        (Some(of), "bind", 3) if is_cel(of) => {
            let (body, value) = (Box::new(arguments.remove(2)), Box::new(arguments.remove(1)));
            NodeKind::Bind { name: variable(&arguments[0])?, value, body }
        }
        _ => match target {
            None => NodeKind::Call { name, name_span, target: None, arguments },
            Some(of) => method(of, name, name_span, arguments)?,
        },
    };
    Ok(Node { span, kind })
}

/// A call with something before its dot: a macro, a function with a dot in its name, or a method.
fn method(
    of: Node,
    name: Arc<str>,
    name_span: Range<usize>,
    mut arguments: Vec<Node>,
) -> Result<NodeKind, Fault> {
    if matches!(&*name, "optMap" | "optFlatMap") && arguments.len() == 2 {
        let flat = &*name == "optFlatMap";
        let body = Box::new(arguments.remove(1));
        let name = variable(&arguments[0])?;
        return Ok(NodeKind::OptionalMap { of: Box::new(of), name, body, flat });
    }
    if let Some((kind, variables)) = macro_of(&name, arguments.len()) {
        return comprehension(kind, variables, of, arguments);
    }
    if let NodeKind::Name(space) = &of.kind {
        let whole = format!("{space}.{name}");
        if library::is_function(&whole) {
            let name_span = of.span.start..name_span.end;
            return Ok(NodeKind::Call { name: whole.into(), name_span, target: None, arguments });
        }
    }
    Ok(NodeKind::Call { name, name_span, target: Some(Box::new(of)), arguments })
}

fn has(argument: Node) -> Result<NodeKind, Fault> {
    match argument.kind {
        NodeKind::Select { of, name, optional: false } => Ok(NodeKind::Has { of, name }),
        _ => {
            let message = "has() wants a field, such as `has(a.b)`";
            Err(Fault::syntax(argument.span, message))
        }
    }
}

/// Which macro a method of that name and number of arguments is, and how many variables it has.
fn macro_of(name: &str, arguments: usize) -> Option<(MacroKind, usize)> {
    Some(match (name, arguments) {
        ("all", 2) => (MacroKind::All, 1),
        ("all", 3) => (MacroKind::All, 2),
        ("exists", 2) => (MacroKind::Exists, 1),
        ("exists", 3) => (MacroKind::Exists, 2),
        ("exists_one", 2) => (MacroKind::ExistsOne, 1),
        ("existsOne", 3) => (MacroKind::ExistsOne, 2),
        ("filter", 2) => (MacroKind::Filter, 1),
        ("map", 2 | 3) => (MacroKind::List, 1),
        ("transformList", 3 | 4) => (MacroKind::List, 2),
        ("transformMap", 3 | 4) => (MacroKind::Map, 2),
        ("transformMapEntry", 3 | 4) => (MacroKind::Entries, 2),
        _ => return None,
    })
}

fn comprehension(
    kind: MacroKind,
    count: usize,
    of: Node,
    mut arguments: Vec<Node>,
) -> Result<NodeKind, Fault> {
    let mut bodies = arguments.split_off(count);
    let variables: Vec<Arc<str>> = arguments.iter().map(variable).collect::<Result<_, _>>()?;
    if let [one, two] = variables.as_slice()
        && one == two
    {
        let message = format!("two variables are called `{one}`");
        return Err(Fault::syntax(arguments[1].span.clone(), message));
    }
    let body = bodies.remove(bodies.len() - 1);
    let filter = bodies.pop();
    Ok(NodeKind::Macro(Box::new(Comprehension { kind, of, variables, filter, body })))
}

fn variable(node: &Node) -> Result<Arc<str>, Fault> {
    match &node.kind {
        NodeKind::Name(name) => Ok(name.clone()),
        _ => Err(Fault::syntax(node.span.clone(), "the name of a variable stands here")),
    }
}
