//! The tree of an expression. Macros are nodes of their own, so that faults name what was written.

use std::ops::Range;
use std::sync::Arc;

use crate::value::Value;

/// A parsed expression. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expression {
    pub(crate) root: Arc<Node>,
}

impl Expression {
    /// The variables that the expression reads, as dotted paths as far as they are written out:
    /// `platform.domain`, `requires.db`. Variables of macros are not among them.
    pub fn reads(&self) -> Vec<String> {
        let mut paths = Vec::new();
        collect(&self.root, &mut Vec::new(), &mut paths);
        paths.sort();
        paths.dedup();
        paths
    }
}

/// A node with its place in the text.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub span: Range<usize>,
    pub kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    Literal(Value),
    Name(Arc<str>),
    /// `of.name`, or `of.?name` when it is optional.
    Select {
        of: Box<Node>,
        name: Arc<str>,
        optional: bool,
    },
    /// `of[at]`, or `of[?at]`.
    Index {
        of: Box<Node>,
        at: Box<Node>,
        optional: bool,
    },
    /// `has(of.name)`.
    Has {
        of: Box<Node>,
        name: Arc<str>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Conditional {
        condition: Box<Node>,
        yes: Box<Node>,
        no: Box<Node>,
    },
    Binary {
        operator: Operator,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// A call of a function, or of a method when there is a target.
    Call {
        name: Arc<str>,
        name_span: Range<usize>,
        target: Option<Box<Node>>,
        arguments: Vec<Node>,
    },
    List(Vec<Item>),
    Map(Vec<Entry>),
    /// `cel.bind(name, value, body)`.
    Bind {
        name: Arc<str>,
        value: Box<Node>,
        body: Box<Node>,
    },
    Macro(Box<Comprehension>),
    /// `of.optMap(name, body)`, or `optFlatMap`.
    OptionalMap {
        of: Box<Node>,
        name: Arc<str>,
        body: Box<Node>,
        flat: bool,
    },
}

/// An item of a list; an optional one is left out when it is none.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub value: Node,
    pub optional: bool,
}

/// An entry of a map; an optional one is left out when its value is none.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: Node,
    pub value: Node,
    pub optional: bool,
}

/// A macro that goes through a list or a map.
#[derive(Clone, Debug)]
pub(crate) struct Comprehension {
    pub kind: MacroKind,
    pub of: Node,
    /// The element, or the key and the value.
    pub variables: Vec<Arc<str>>,
    pub filter: Option<Node>,
    pub body: Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MacroKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    /// `map`, and `transformList` with two variables.
    List,
    /// `transformMap`.
    Map,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

impl Operator {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
        }
    }
}

/// Gathers the paths that a node reads. `bound` are the variables of macros around it.
fn collect(node: &Node, bound: &mut Vec<Arc<str>>, paths: &mut Vec<String>) {
    if let Some((root, path)) = path_of(node) {
        if !bound.contains(&root) {
            paths.push(path);
        }
        return;
    }
    match &node.kind {
        NodeKind::Literal(_) | NodeKind::Name(_) => {}
        NodeKind::Select { of, .. } => collect(of, bound, paths),
        NodeKind::Has { of, name } => match path_of(of) {
            Some((root, path)) if !bound.contains(&root) => paths.push(format!("{path}.{name}")),
            _ => collect(of, bound, paths),
        },
        NodeKind::Not(one) | NodeKind::Negate(one) => collect(one, bound, paths),
        NodeKind::Index { of: one, at: two, .. }
        | NodeKind::And(one, two)
        | NodeKind::Or(one, two)
        | NodeKind::Binary { left: one, right: two, .. } => {
            collect(one, bound, paths);
            collect(two, bound, paths);
        }
        NodeKind::Conditional { condition, yes, no } => {
            for one in [condition, yes, no] {
                collect(one, bound, paths);
            }
        }
        NodeKind::Call { target, arguments, .. } => {
            for one in target.iter().map(|target| &**target).chain(arguments) {
                collect(one, bound, paths);
            }
        }
        NodeKind::List(items) => items.iter().for_each(|item| collect(&item.value, bound, paths)),
        NodeKind::Map(entries) => {
            for entry in entries {
                collect(&entry.key, bound, paths);
                collect(&entry.value, bound, paths);
            }
        }
        NodeKind::Bind { name, value, body }
        | NodeKind::OptionalMap { of: value, name, body, .. } => {
            collect(value, bound, paths);
            bound.push(name.clone());
            collect(body, bound, paths);
            bound.pop();
        }
        NodeKind::Macro(inner) => {
            collect(&inner.of, bound, paths);
            let outer = bound.len();
            bound.extend(inner.variables.iter().cloned());
            inner.filter.iter().for_each(|filter| collect(filter, bound, paths));
            collect(&inner.body, bound, paths);
            bound.truncate(outer);
        }
    }
}

/// A name with fields after it: the name, and the whole.
fn path_of(node: &Node) -> Option<(Arc<str>, String)> {
    match &node.kind {
        NodeKind::Name(name) => Some((name.clone(), name.to_string())),
        NodeKind::Select { of, name, .. } => {
            let (root, path) = path_of(of)?;
            Some((root, format!("{path}.{name}")))
        }
        _ => None,
    }
}
