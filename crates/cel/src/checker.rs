//! Finds the type of an expression over its tree, all branches, before any value exists.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::near;

use crate::ast::{Comprehension, Entry, Expression, Item, MacroKind, Node, NodeKind, Operator};
use crate::fault::Fault;
use crate::library::{self, Overload};
use crate::types::{Fitting, ObjectType, Type};
use crate::value::Kind;

/// The variables that an expression may read, with their types.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    variables: BTreeMap<Arc<str>, Type>,
}

impl Declarations {
    /// Declares a variable; a later declaration of the name counts.
    #[must_use]
    pub fn with(mut self, name: &str, of_type: Type) -> Self {
        self.variables.insert(name.into(), of_type);
        self
    }

    /// The type of a variable.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.variables.get(name)
    }
}

/// The type of an expression, or all that is wrong with it.
pub fn check(expression: &Expression, declarations: &Declarations) -> Result<Type, Vec<Fault>> {
    let mut checker = Checker {
        declarations,
        local: Vec::new(),
        fitting: Fitting::default(),
        faults: Vec::new(),
    };
    let found = checker.type_of(&expression.root);
    if checker.faults.is_empty() {
        return Ok(checker.fitting.settled(&found));
    }
    Err(checker.faults)
}

struct Checker<'d> {
    declarations: &'d Declarations,
    /// The variables of the macros around, innermost last.
    local: Vec<(Arc<str>, Type)>,
    fitting: Fitting,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    /// The type of a node. After a fault it is `dyn`, so that one fault is told once.
    fn type_of(&mut self, node: &Node) -> Type {
        match &node.kind {
            NodeKind::Literal(value) => of_literal(&value.kind),
            NodeKind::Name(name) => self.variable(name, &node.span),
            NodeKind::Select { of, name, optional } => {
                let of_type = self.type_of(of);
                let (inner, is_optional) = unwrapped(&self.fitting.resolved(&of_type));
                let field = self.field(&inner, name, node);
                if *optional || is_optional { optional_of(field) } else { field }
            }
            NodeKind::Has { of, name } => {
                let of_type = self.type_of(of);
                let (inner, _) = unwrapped(&self.fitting.resolved(&of_type));
                self.field(&inner, name, node);
                Type::Bool
            }
            NodeKind::Index { of, at, optional } => {
                let of_type = self.type_of(of);
                let at_type = self.type_of(at);
                let (inner, is_optional) = unwrapped(&self.fitting.resolved(&of_type));
                let overloads = library::operator("[]");
                let found = self.call("[]", &node.span, overloads, &[inner, at_type]);
                if *optional || is_optional { optional_of(found) } else { found }
            }
            NodeKind::Not(inner) => {
                self.wants(inner, &Type::Bool, "`!`");
                Type::Bool
            }
            NodeKind::Negate(inner) => {
                let of_type = self.type_of(inner);
                self.call("-", &node.span, library::operator("negate"), &[of_type])
            }
            NodeKind::And(one, two) | NodeKind::Or(one, two) => {
                let sign = if matches!(node.kind, NodeKind::And(..)) { "`&&`" } else { "`||`" };
                self.wants(one, &Type::Bool, sign);
                self.wants(two, &Type::Bool, sign);
                Type::Bool
            }
            NodeKind::Conditional { condition, yes, no } => {
                self.wants(condition, &Type::Bool, "`?`");
                self.conditional(yes, no)
            }
            NodeKind::Binary { operator, left, right } => {
                let types = [self.type_of(left), self.type_of(right)];
                let symbol = operator.symbol();
                self.call(symbol, &node.span, library::operator(symbol_of(*operator)), &types)
            }
            NodeKind::Call { name, name_span, target, arguments } => {
                let target = target.as_deref();
                self.function(name, name_span, target, arguments, &node.span)
            }
            NodeKind::List(items) => self.list(items),
            NodeKind::Map(entries) => self.map(entries),
            NodeKind::Bind { name, value, body } => {
                let of_value = self.type_of(value);
                self.within(&[(name.clone(), of_value)], |checker| checker.type_of(body))
            }
            NodeKind::OptionalMap { of, name, body, flat } => {
                self.optional_map(of, name, body, *flat)
            }
            NodeKind::Macro(inner) => self.comprehension(inner),
        }
    }

    fn function(
        &mut self,
        name: &str,
        name_span: &Range<usize>,
        target: Option<&Node>,
        arguments: &[Node],
        span: &Range<usize>,
    ) -> Type {
        let types: Vec<Type> =
            target.into_iter().chain(arguments).map(|one| self.type_of(one)).collect();
        match library::overloads(name, target.is_some()) {
            Some(overloads) => {
                let shown = if target.is_some() { format!(".{name}") } else { name.to_owned() };
                self.call(&shown, span, overloads, &types)
            }
            None => self.unknown_function(name, name_span, target.is_some()),
        }
    }

    fn list(&mut self, items: &[Item]) -> Type {
        let mut of_items: Option<Type> = None;
        for item in items {
            let found = self.element(&item.value, item.optional);
            of_items = Some(match of_items {
                Some(before) => self.fitting.joined(&before, &found),
                None => found,
            });
        }
        Type::list(of_items.unwrap_or_else(|| self.fitting.fresh()))
    }

    fn map(&mut self, entries: &[Entry]) -> Type {
        let mut types: Option<(Type, Type)> = None;
        for entry in entries {
            let key = self.type_of(&entry.key);
            let value = self.element(&entry.value, entry.optional);
            types = Some(match types {
                Some((keys, values)) => {
                    (self.fitting.joined(&keys, &key), self.fitting.joined(&values, &value))
                }
                None => (key, value),
            });
        }
        let (keys, values) = types.unwrap_or_else(|| (self.fitting.fresh(), self.fitting.fresh()));
        Type::Map(Arc::new(keys), Arc::new(values))
    }

    fn variable(&mut self, name: &Arc<str>, span: &Range<usize>) -> Type {
        let local = self.local.iter().rev().find(|(known, _)| known == name);
        if let Some((_, of_type)) = local {
            return of_type.clone();
        }
        if let Some(of_type) = self.declarations.get(name) {
            return of_type.clone();
        }
        if library::is_type(name) {
            return Type::Type;
        }
        let declared = self.declarations.variables.keys().map(|name| &**name);
        let known: Vec<&str> = self.local.iter().map(|(name, _)| &**name).chain(declared).collect();
        let fault = Fault::of_type(span.clone(), format!("nothing is called `{name}` here"));
        let fault = match near::nearest(name, known.iter().copied()) {
            Some(meant) => fault.with_hint(format!("did you mean `{meant}`?")),
            None if known.is_empty() => fault.with_hint("texts stand between quotes"),
            None => fault.with_hint(format!("there are {}", listed(known.iter().copied()))),
        };
        self.fault(fault)
    }

    fn field(&mut self, of_type: &Type, name: &str, node: &Node) -> Type {
        match of_type {
            Type::Map(keys, values) => {
                if self.fitting.fits(keys, &Type::String) {
                    return (**values).clone();
                }
                let message = format!("the keys of {of_type} are no texts: write `[…]`");
                self.fault(Fault::of_type(node.span.clone(), message))
            }
            Type::Object(object) => match object.fields.get(name) {
                Some(of_type) => of_type.clone(),
                None => self.unknown_field(object, name, node),
            },
            Type::Dyn => Type::Dyn,
            Type::Parameter(_) => {
                self.fitting.fits(of_type, &Type::Dyn);
                Type::Dyn
            }
            _ => {
                let message = format!("a value of type {of_type} has no fields");
                self.fault(Fault::of_type(node.span.clone(), message))
            }
        }
    }

    fn unknown_field(&mut self, object: &ObjectType, name: &str, node: &Node) -> Type {
        let message = format!("`{name}` is no field of {}", object.name);
        let known = object.fields.keys().map(String::as_str);
        let hint = match near::nearest(name, known.clone()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if object.fields.is_empty() => "it has none".to_owned(),
            None => format!("it has {}", listed(known)),
        };
        // The name stands at the end of what is selected.
        let start = node.span.end.saturating_sub(name.len()).max(node.span.start);
        self.fault(Fault::of_type(start..node.span.end, message).with_hint(hint))
    }

    /// Records a fault.
    fn fault(&mut self, fault: Fault) -> Type {
        self.faults.push(fault);
        Type::Dyn
    }

    fn wants(&mut self, node: &Node, wanted: &Type, what: &str) -> Type {
        let found = self.type_of(node);
        if !self.fitting.fits(wanted, &found) {
            let found = self.fitting.settled(&found);
            let message = format!("{what} wants {wanted}, and this is {found}");
            let fault = Fault::of_type(node.span.clone(), message);
            return self.fault(with_object_hint(fault, &[found]));
        }
        found
    }

    fn conditional(&mut self, yes: &Node, no: &Node) -> Type {
        let (one, two) = (self.type_of(yes), self.type_of(no));
        if !self.fitting.fits(&one, &two) {
            let (one, two) = (self.fitting.settled(&one), self.fitting.settled(&two));
            let message =
                format!("one branch gives {one} and the other {two}: both must be of one type");
            return self.fault(Fault::of_type(yes.span.start..no.span.end, message));
        }
        self.fitting.joined(&one, &two)
    }

    /// An item of a list or a value of a map: of an optional one, what it holds.
    fn element(&mut self, node: &Node, optional: bool) -> Type {
        let found = self.type_of(node);
        if !optional {
            return found;
        }
        match self.fitting.resolved(&found) {
            Type::Optional(inner) => (*inner).clone(),
            Type::Dyn => Type::Dyn,
            other => {
                let message = format!("`?` wants an optional value, and this is {other}");
                self.fault(Fault::of_type(node.span.clone(), message))
            }
        }
    }

    fn within<T>(&mut self, variables: &[(Arc<str>, Type)], run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.local.len();
        self.local.extend(variables.iter().cloned());
        let outcome = run(self);
        self.local.truncate(outer);
        outcome
    }

    fn optional_map(&mut self, of: &Node, name: &Arc<str>, body: &Node, flat: bool) -> Type {
        let of_type = self.type_of(of);
        let inner = match self.fitting.resolved(&of_type) {
            Type::Optional(inner) => (*inner).clone(),
            Type::Dyn => Type::Dyn,
            other => {
                let message = format!("an optional value stands before this, and it is {other}");
                self.fault(Fault::of_type(of.span.clone(), message))
            }
        };
        let made = self.within(&[(name.clone(), inner)], |checker| checker.type_of(body));
        if !flat {
            return optional_of(made);
        }
        match self.fitting.resolved(&made) {
            Type::Optional(_) | Type::Dyn => made,
            other => {
                let message = format!("optFlatMap() makes an optional value, and this is {other}");
                let fault = Fault::of_type(body.span.clone(), message);
                self.fault(fault.with_hint("optMap() makes one of any value"))
            }
        }
    }

    fn comprehension(&mut self, inner: &Comprehension) -> Type {
        let of_type = self.type_of(&inner.of);
        let (first, second) = match self.fitting.resolved(&of_type) {
            Type::List(items) => (Type::Int, (*items).clone()),
            Type::Map(keys, values) => ((*keys).clone(), (*values).clone()),
            Type::Dyn | Type::Parameter(_) => {
                self.fitting.fits(&of_type, &Type::Dyn);
                (Type::Dyn, Type::Dyn)
            }
            other => {
                let message = format!("this goes through a list or a map, and it is {other}");
                let fault = Fault::of_type(inner.of.span.clone(), message);
                self.fault(with_object_hint(fault, &[other]));
                (Type::Dyn, Type::Dyn)
            }
        };
        let is_map = matches!(self.fitting.resolved(&of_type), Type::Map(..));
        let types = match inner.variables.len() {
            1 if is_map => vec![first],
            1 => vec![second],
            _ => vec![first, second],
        };
        let key = types[0].clone();
        let variables: Vec<_> = inner.variables.iter().cloned().zip(types).collect();
        let made = self.within(&variables, |checker| {
            if let Some(filter) = &inner.filter {
                checker.wants(filter, &Type::Bool, "a filter");
            }
            match inner.kind {
                MacroKind::List | MacroKind::Map => checker.type_of(&inner.body),
                MacroKind::Entries => {
                    let entries = Type::Map(Arc::new(Type::Dyn), Arc::new(Type::Dyn));
                    checker.wants(&inner.body, &entries, "transformMapEntry")
                }
                _ => checker.wants(&inner.body, &Type::Bool, "this macro"),
            }
        });
        match inner.kind {
            MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => Type::Bool,
            MacroKind::Filter => Type::list(key),
            MacroKind::List => Type::list(made),
            MacroKind::Map => Type::Map(Arc::new(key), Arc::new(made)),
            MacroKind::Entries => made,
        }
    }

    /// The result of the overloads that take these; a fault when none does.
    fn call(
        &mut self,
        name: &str,
        span: &Range<usize>,
        overloads: &[Overload],
        types: &[Type],
    ) -> Type {
        let mut result: Option<Type> = None;
        for overload in overloads.iter().filter(|one| one.parameters.len() == types.len()) {
            let mut own = BTreeMap::new();
            let before = self.fitting.clone();
            let fits = overload.parameters.iter().zip(types).all(|(wanted, given)| {
                let wanted = self.fitting.instance(wanted, &mut own);
                self.fitting.fits(&wanted, given)
            });
            if !fits {
                self.fitting = before;
                continue;
            }
            let made = self.fitting.instance(&overload.result, &mut own);
            let made = self.fitting.resolved(&made);
            result = Some(match result {
                Some(known) if known != made => Type::Dyn,
                _ => made,
            });
        }
        if let Some(result) = result {
            return result;
        }
        let types: Vec<Type> = types.iter().map(|one| self.fitting.settled(one)).collect();
        let fault = Fault::of_type(span.clone(), refusal(name, overloads, &types));
        let fault = match conversion(name, &types) {
            Some(hint) => fault.with_hint(hint),
            None => with_object_hint(fault, &types),
        };
        self.fault(fault)
    }

    fn unknown_function(&mut self, name: &str, span: &Range<usize>, is_method: bool) -> Type {
        let what = if is_method { "method" } else { "function" };
        let fault = Fault::of_type(span.clone(), format!("no {what} is called `{name}`"));
        let fault = match near::nearest(name, library::names(is_method)) {
            Some(meant) => fault.with_hint(format!("did you mean `{meant}`?")),
            None if library::overloads(name, !is_method).is_some() => {
                let right = if is_method { format!("{name}(x)") } else { format!("x.{name}()") };
                fault.with_hint(format!("it is called as `{right}`"))
            }
            None => fault,
        };
        self.fault(fault)
    }
}

fn symbol_of(operator: Operator) -> &'static str {
    match operator {
        // What is said of one holds of the other.
        Operator::Unequal => "==",
        Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => "<",
        other => other.symbol(),
    }
}

fn of_literal(kind: &Kind) -> Type {
    match kind {
        Kind::Null => Type::Null,
        Kind::Bool(_) => Type::Bool,
        Kind::Int(_) => Type::Int,
        Kind::Uint(_) => Type::Uint,
        Kind::Double(_) => Type::Double,
        Kind::String(_) => Type::String,
        Kind::Bytes(_) => Type::Bytes,
        _ => Type::Dyn,
    }
}

/// What an optional holds, and whether it was one.
fn unwrapped(of_type: &Type) -> (Type, bool) {
    match of_type {
        Type::Optional(inner) => ((**inner).clone(), true),
        other => (other.clone(), false),
    }
}

fn optional_of(of_type: Type) -> Type {
    match of_type {
        Type::Optional(_) => of_type,
        other => Type::Optional(Arc::new(other)),
    }
}

/// Why no overload takes these types.
fn refusal(name: &str, overloads: &[Overload], types: &[Type]) -> String {
    let given = listed_plain(types);
    let is_operator = name.bytes().all(|b| !b.is_ascii_alphabetic()) || name == "in";
    if name == "[]" {
        return format!("{} is not indexed by {}", types[0], types[1]);
    }
    if is_operator {
        return format!("`{name}` does not go with {given}");
    }
    // A method's target stands before its name.
    let written = |types: &[Type]| match types.split_first() {
        Some((target, rest)) if name.starts_with('.') => {
            format!("{}{name}({})", library::shown(target), listed_plain(rest))
        }
        _ => format!("{name}({})", listed_plain(types)),
    };
    let wanted: Vec<String> =
        overloads.iter().map(|one| format!("`{}`", written(&one.parameters))).collect();
    format!("`{}` does not exist: there is {}", written(types), wanted.join(", "))
}

fn listed_plain(types: &[Type]) -> String {
    types.iter().map(library::shown).collect::<Vec<_>>().join(", ")
}

/// How to bring two types together.
fn conversion(name: &str, types: &[Type]) -> Option<String> {
    let [one, two] = types else { return None };
    let is_number = |of: &Type| matches!(of, Type::Int | Type::Uint | Type::Double);
    let has_text = *one == Type::String || *two == Type::String;
    if name == "+" && has_text && (one.is_scalar() && two.is_scalar()) {
        return Some("`string(…)` makes a text of it".to_owned());
    }
    let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.');
    if is_operator && one != two && is_number(one) && is_number(two) {
        return Some(format!("`{one}(…)` makes the other one {one}"));
    }
    None
}

/// The fault with what the objects among the types have to say.
fn with_object_hint(fault: Fault, types: &[Type]) -> Fault {
    let hint = types.iter().find_map(|one| match one {
        Type::Object(object) => object.hint.clone(),
        _ => None,
    });
    match hint {
        Some(hint) => fault.with_hint(hint),
        None => fault,
    }
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    all.sort();
    all.dedup();
    all.join(", ")
}
