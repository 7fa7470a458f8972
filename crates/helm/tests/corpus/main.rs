//! The corpus of templates: every case renders as the real Helm said it does.
//!
//! The format is described in `corpus/README.md`. Cases are laid out in memory, so a thousand of
//! them take seconds. `SOCLE_CASES=part-of-a-path` runs some of them.

#[cfg(test)]
mod suite;
