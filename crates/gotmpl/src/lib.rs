//! Go's `text/template` language: lexer, parser, machine.
//!
//! What goes in is template text and a [`value::Value`]; what comes out is bytes, or an error
//! worded as Go words it and placed to the byte. This crate must not know Helm, Kubernetes, YAML,
//! files, the clock or the environment: whatever a template may call is given to it as a table of
//! [`function::Function`]s.
//!
//! The way of a template: [`program::Program::compile`] turns text into a tree whose variables are
//! slots and whose functions are ids; [`set::Set`] gathers programs under names; a
//! [`machine::Machine`] runs a set on data.

mod builtins;
pub mod error;
pub mod fmt;
pub mod function;
pub mod limits;
pub mod machine;
pub mod program;
pub mod rune;
pub mod set;
mod sketch;
pub mod stack;
mod syntax;
pub mod trace;
pub mod value;
