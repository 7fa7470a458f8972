//! The corpus: files that are imported, and what becomes of them. See `corpus/README.md`.

#[cfg(test)]
mod suite;
