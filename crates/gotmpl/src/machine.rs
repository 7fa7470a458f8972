//! The machine that runs compiled templates.

/// One run of a template set.
pub struct Machine<'run> {
    _set: &'run (),
}
