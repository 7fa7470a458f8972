//! Go's `text/template` language: lexer, parser, compiler, machine.
//!
//! What goes in is template text and a [`value::Value`]; what comes out is bytes, or an error
//! worded as Go words it and placed to the byte. This crate must not know Helm, Kubernetes, YAML,
//! files, the clock or the environment: whatever a template may call is given to it as a table of
//! [`function::Function`]s.

pub mod error;
pub mod function;
pub mod machine;
pub mod value;
