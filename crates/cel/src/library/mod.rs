//! What expressions may call. **Adding a function** is one entry in the table of its module and one
//! line in the corpus.
//!
//! A signature is written as it is read: `list(A).join(string) -> string` is a method, `size(list(A))
//! -> int` a function, and a capital letter stands for any type.

mod collections;
mod conversions;
mod operators;
mod optionals;
mod signature;
mod texts;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::origins::Origins;
use crate::types::Type;
use crate::value::{Kind, Value};

pub(crate) use operators::{arithmetic, compare, is_in, negate};
pub(crate) use signature::shown;

/// What a function does with its arguments; a method's target is the first of them. The error is
/// the message.
pub(crate) type Run = fn(&[Value]) -> Result<Value, String>;

/// One form of a function.
#[derive(Debug)]
pub(crate) struct Overload {
    pub parameters: Vec<Type>,
    pub result: Type,
    pub run: Run,
}

/// The names of types that are values.
const TYPE_NAMES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "optional_type",
    "string",
    "type",
    "uint",
];

struct Library {
    functions: BTreeMap<&'static str, Vec<Overload>>,
    methods: BTreeMap<&'static str, Vec<Overload>>,
    operators: BTreeMap<&'static str, Vec<Overload>>,
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library {
        functions: BTreeMap::new(),
        methods: BTreeMap::new(),
        operators: BTreeMap::new(),
    };
    let tables = [collections::TABLE, conversions::TABLE, optionals::TABLE, texts::TABLE];
    for (text, run) in tables.into_iter().flatten() {
        let (name, is_method, overload) = signature::parse(text, *run);
        let kind = if is_method { &mut library.methods } else { &mut library.functions };
        kind.entry(name).or_default().push(overload);
    }
    for text in operators::TABLE {
        let (name, _, overload) = signature::parse(text, |_| Err("an operator".to_owned()));
        library.operators.entry(name).or_default().push(overload);
    }
    library
});

/// Whether a function, which is no method, has this name.
pub(crate) fn is_function(name: &str) -> bool {
    LIBRARY.functions.contains_key(name)
}

/// The forms of a function or a method.
pub(crate) fn overloads(name: &str, is_method: bool) -> Option<&'static [Overload]> {
    let kind = if is_method { &LIBRARY.methods } else { &LIBRARY.functions };
    kind.get(name).map(Vec::as_slice)
}

/// The forms of an operator.
pub(crate) fn operator(symbol: &str) -> &'static [Overload] {
    LIBRARY.operators.get(symbol).map_or(&[], Vec::as_slice)
}

/// The names of all functions, or of all methods.
pub(crate) fn names(is_method: bool) -> impl Iterator<Item = &'static str> {
    let kind = if is_method { &LIBRARY.methods } else { &LIBRARY.functions };
    kind.keys().copied()
}

/// Whether a name is that of a type.
pub(crate) fn is_type(name: &str) -> bool {
    TYPE_NAMES.contains(&name)
}

/// Calls a function or a method.
pub(crate) fn call(name: &str, is_method: bool, values: &[Value]) -> Result<Value, String> {
    let overloads = overloads(name, is_method).unwrap_or(&[]);
    let takes = |overload: &&Overload| {
        overload.parameters.len() == values.len()
            && overload.parameters.iter().zip(values).all(|(of, value)| is_of(of, &value.kind))
    };
    let Some(overload) = overloads.iter().find(takes) else {
        let types: Vec<&str> = values.iter().map(|value| value.kind.type_name()).collect();
        return Err(format!("`{name}` does not take ({})", types.join(", ")));
    };
    let made = (overload.run)(values)?;
    // What comes out of a list as it was has its own origins; what is computed from the list has
    // all of the list's.
    let passes_on = signature::has_parameter(&overload.result);
    let origins = values.iter().fold(Origins::default(), |all, value| {
        let more = if passes_on { value.origins.clone() } else { value.all_origins() };
        all.union(&more)
    });
    Ok(made.with(&origins))
}

/// Whether a value can be of a type, as far as its outermost kind says.
fn is_of(of: &Type, kind: &Kind) -> bool {
    match of {
        Type::Null => matches!(kind, Kind::Null),
        Type::Bool => matches!(kind, Kind::Bool(_)),
        Type::Int => matches!(kind, Kind::Int(_)),
        Type::Uint => matches!(kind, Kind::Uint(_)),
        Type::Double => matches!(kind, Kind::Double(_)),
        Type::String => matches!(kind, Kind::String(_)),
        Type::Bytes => matches!(kind, Kind::Bytes(_)),
        Type::List(_) => matches!(kind, Kind::List(_)),
        Type::Map(..) => matches!(kind, Kind::Map(_)),
        Type::Optional(_) => matches!(kind, Kind::Optional(_)),
        Type::Type => matches!(kind, Kind::Type(_)),
        Type::Object(_) => matches!(kind, Kind::Object(_)),
        Type::Dyn | Type::Parameter(_) => true,
    }
}
