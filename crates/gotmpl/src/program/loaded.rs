//! A program on a thread.

use std::cell::OnceCell;
use std::ops::Deref;
use std::sync::Arc;

use super::{ConstantId, Program};
use crate::value::Str;

/// A program that threads share, with its constant texts as strings of this thread's renders.
pub struct Loaded {
    program: Arc<Program>,
    /// Made when they are first asked for.
    constants: Box<[OnceCell<Str>]>,
}

impl Loaded {
    /// The program, to be run on this thread.
    pub fn new(program: Arc<Program>) -> Self {
        let constants = vec![OnceCell::new(); program.constants.len()].into();
        Self { program, constants }
    }

    /// The value of a constant text.
    pub(crate) fn text_of(&self, id: ConstantId) -> Str {
        let make = || Str::from(self.program.constant(id));
        self.constants.get(id as usize).map_or_else(make, |known| known.get_or_init(make).clone())
    }
}

impl Deref for Loaded {
    type Target = Program;
    fn deref(&self) -> &Program {
        &self.program
    }
}
