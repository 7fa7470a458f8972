//! What a template may call: signatures as data, effects as data, one way to report failure.
//!
//! Not here: any function. Go's own ones are in `builtins`, everything else comes from the crates
//! above.

use crate::value::{Elem, List, Map, MapType, Value};

/// What a function depends on besides its arguments. The caller of a render decides what each
/// effect may do: be frozen, seeded, recorded or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The result depends on the arguments alone.
    Pure,
    /// Draws random bytes (`randAlphaNum`, `genCA`, `uuidv4`).
    Random,
    /// Reads the clock (`now`, `ago`).
    Clock,
    /// Asks a cluster (`lookup`).
    Cluster,
    /// Asks the network (`getHostByName`).
    Network,
}

/// What a function does with words in its texts, that is with runs of letters, digits and the
/// signs of names and addresses, when they are others: what is left open in a
/// recording (see `sketch`) can be left open in the result, too, without calling the function again.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// It may read them.
    Read,
    /// They stand in the result as they stood in the arguments, the rest of which does not depend on
    /// them.
    Kept,
    /// The same, as long as each text of the value that becomes a text, or that a text becomes, passes
    /// this test.
    KeptIf(fn(&[u8]) -> bool),
}

/// The Go type of a parameter. Go checks and coerces each argument by it and words its errors
/// with it ("wrong type for value; expected string; got float64").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// `interface {}`: anything, nil included.
    Any,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `float64`.
    Float64,
    /// `string`.
    Str,
    /// A slice of that element type; `[]interface {}` is `List(Elem::Any)`.
    List(Elem),
    /// A map from string to that element type; `map[string]interface {}` is `Map(Elem::Any)`.
    Map(Elem),
    /// A named Go type that only [`crate::value::Object`]s have, by its `%T` name
    /// (`time.Time`, `sprig.certificate`).
    Named(&'static str),
    /// `reflect.Value`: Go's builtins (`index`, `eq`, …) take these and look for themselves.
    Reflect,
}

/// A function that templates may call.
#[derive(Clone, Copy)]
pub struct Function {
    /// The name that templates use.
    pub name: &'static str,
    /// The types of the parameters, in order. With `variadic`, the last one repeats.
    pub params: &'static [Param],
    /// Whether the last parameter takes any number of arguments, none included.
    pub variadic: bool,
    /// What the result depends on besides the arguments.
    pub effect: Effect,
    /// What it does with words.
    pub words: Words,
    /// The function itself. Arguments have been checked and coerced to `params` beforehand.
    pub run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
}

impl Function {
    /// A function of its arguments alone, with a fixed number of them.
    pub const fn pure(
        name: &'static str,
        params: &'static [Param],
        run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
    ) -> Self {
        Self { name, params, variadic: false, effect: Effect::Pure, words: Words::Read, run }
    }

    /// A function of its arguments alone, whose last parameter repeats.
    pub const fn variadic(
        name: &'static str,
        params: &'static [Param],
        run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
    ) -> Self {
        Self { name, params, variadic: true, effect: Effect::Pure, words: Words::Read, run }
    }
}

impl Function {
    /// The same function, which does that with words.
    #[must_use]
    pub const fn with_words(mut self, words: Words) -> Self {
        self.words = words;
        self
    }
}

/// One call under way: the arguments, and the machine for functions that need it
/// (`include`, `tpl`).
pub struct Call<'call, 'run> {
    /// The arguments, as many as the signature allows, of the types that it states.
    pub args: &'call [Value],
    /// The machine that runs the template.
    pub machine: &'call mut crate::machine::Machine<'run>,
}

/// The arguments by their stated types. The machine has checked them against the signature, so the
/// fallbacks below (empty, zero, nil) are never seen by a function that states its parameters.
impl<'call> Call<'call, '_> {
    /// The argument at `index`; nil past the end.
    pub fn any(&self, index: usize) -> &'call Value {
        self.args.get(index).unwrap_or(&Value::Nil)
    }

    /// A `string` argument.
    pub fn text(&self, index: usize) -> &'call [u8] {
        match self.args.get(index) {
            Some(Value::Str(text)) => text.as_bytes(),
            _ => &[],
        }
    }

    /// An `int` or `int64` argument.
    pub fn int(&self, index: usize) -> i64 {
        match self.args.get(index) {
            Some(Value::Int(n) | Value::Int64(n)) => *n,
            _ => 0,
        }
    }

    /// A `float64` argument.
    pub fn float(&self, index: usize) -> f64 {
        match self.args.get(index) {
            Some(Value::Float64(n)) => *n,
            _ => 0.0,
        }
    }

    /// A `bool` argument.
    pub fn bool(&self, index: usize) -> bool {
        matches!(self.args.get(index), Some(Value::Bool(true)))
    }

    /// A map argument: the same map, not a copy. Go makes the parameter's type of the argument's,
    /// so that what `set` or `merge` returns of a map with a type of its own has that type no more.
    pub fn map(&self, index: usize) -> Map {
        match self.args.get(index) {
            Some(Value::Map(map)) => map.seen_as(&MapType::ANY),
            _ => Map::nil(&MapType::ANY),
        }
    }

    /// A slice argument.
    pub fn list(&self, index: usize) -> List {
        match self.args.get(index) {
            Some(Value::List(list)) => list.clone(),
            _ => List::nil(Elem::Any),
        }
    }
}

/// Why a function failed, in the shape of Go's wrapped errors, because Helm prints the chain.
#[derive(Debug)]
pub enum Failure {
    /// `errors.New(text)`.
    Message(String),
    /// `fmt.Errorf("prefix: %w", source)`; the prefix is kept without its colon.
    Context {
        /// What stands before the colon.
        prefix: String,
        /// What is wrapped.
        source: Box<Failure>,
    },
    /// A template that the function executed failed (`include`, `tpl`).
    Template(Box<crate::error::Error>),
    /// The chart's author refused on purpose (`fail`, `required`): reported with the author's words
    /// alone.
    Refused(String),
}

impl Failure {
    /// `errors.New(text)`.
    pub fn new(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message(text) | Self::Refused(text) => f.write_str(text),
            Self::Context { prefix, source } => write!(f, "{prefix}: {source}"),
            Self::Template(error) => error.fmt(f),
        }
    }
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        Self::Template(Box::new(error))
    }
}
