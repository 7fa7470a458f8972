//! Keyrings and signed texts that lie.

#[cfg(test)]
mod keys;
