//! Nodes as Go prints them back: spaces normalised, constants as written.

use super::Program;

impl Program {}
