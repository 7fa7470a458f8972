//! Errors told for people: what happened, where, with which values, and what to do about it.
//!
//! A [`Diagnostic`] is data; [`print`] makes it text for a terminal or a file. [`near`] finds the
//! known name that a person most likely meant. [`Words`] are texts in the languages that people read,
//! which [`words!`] makes.
//!
//! The crate knows nothing of charts, configurations or Kubernetes; it neither opens files nor
//! decides who gets which form.

pub mod near;
mod print;
mod words;

use std::ops::Range;
use std::sync::Arc;

pub use print::{Colour, print};
pub use words::{Language, Tell, Words};

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// There is no result.
    #[default]
    Error,
    /// There is a result, most likely not the one that is wanted.
    Warning,
}

/// An error told for a person, in one language, or with [`Words`] in all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostic<T = String> {
    /// How grave it is.
    pub severity: Severity,
    /// A stable name to look the error up by, such as `template.nil-value`.
    pub code: &'static str,
    /// What happened, in one sentence.
    pub title: T,
    /// Where, the most telling place first.
    pub views: Vec<View<T>>,
    /// The values involved and other facts.
    pub notes: Vec<T>,
    /// What to do, the likeliest first.
    pub remedies: Vec<T>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View<T = String> {
    /// What is shown, where it is not plain: "the manifest that was rendered".
    pub caption: Option<String>,
    /// The file, as the person can open it.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The bytes at fault.
    pub span: Range<usize>,
    /// What to say about them.
    pub label: T,
}
