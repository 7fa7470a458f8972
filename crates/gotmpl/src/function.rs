//! What a template may call: signatures as data, effects as data, one way to report failure.
//!
//! Not here: any function. Go's own ones are in `builtins`, everything else comes from the crates
//! above.

use crate::value::{Elem, Value};

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
    /// The function itself. Arguments have been checked and coerced to `params` beforehand.
    pub run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
}

/// One call under way: the arguments, and the machine for functions that need it
/// (`include`, `tpl`).
pub struct Call<'call, 'run> {
    /// The arguments, as many as the signature allows, of the types that it states.
    pub args: &'call [Value],
    /// The machine that runs the template.
    pub machine: &'call mut crate::machine::Machine<'run>,
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
