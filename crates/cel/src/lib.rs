//! The expressions of configurations and catalogues: Google's Common Expression Language (CEL), as
//! `cel-go` has it, with two things that no other implementation gives together. Every expression
//! is **checked** over its parsed tree, all branches, before any value exists; and every value
//! knows its **origins**: what it was computed from.
//!
//! The way of an expression: text → tokens (`lexer`) → tree (`parser`, `ast`) → its type
//! ([`check`], against the [`Declarations`]) → its value ([`evaluate`], against a [`Scope`]).
//! [`Interpolation`] is a text with `${ … }` in it.
//!
//! Left out, because a configuration has neither clock nor messages: timestamps, durations,
//! protobuf messages. `docs/expressions.md` is the reference.
//!
//! The crate knows nothing of YAML, configurations, services or Kubernetes, and opens no file.

mod ast;
mod checker;
mod equality;
mod evaluator;
mod fault;
mod interpolation;
mod lexer;
mod library;
mod literal;
mod macros;
mod origins;
mod parser;
mod print;
mod types;
mod value;

pub use ast::Expression;
pub use checker::{Declarations, check};
pub use evaluator::{Scope, evaluate};
pub use fault::{Fault, FaultKind};
pub use interpolation::{Interpolation, Part};
pub use origins::{Origin, Origins};
pub use parser::parse;
pub use types::{ObjectType, Type};
pub use value::{Key, Kind, Object, Value};
