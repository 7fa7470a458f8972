//! What a person meets at a terminal: questions, and what shells complete.

#[cfg(test)]
mod completion;
#[cfg(test)]
mod questions;
