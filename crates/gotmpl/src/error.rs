//! What can go wrong in a template, worded as Go words it, with the place to the byte.

/// A template error.
#[derive(Debug)]
pub struct Error;
