//! The tree of an expression. Macros are nodes of their own, so that faults name what was written.

use std::ops::Range;
use std::sync::Arc;

use crate::value::Value;

/// A parsed expression. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expression {
    pub(crate) root: Arc<Node>,
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
    /// `transformMapEntry`.
    Entries,
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
