//! Guides of `docs/` that are followed word by word.

#[cfg(test)]
mod follow;
#[cfg(test)]
mod page;
#[cfg(test)]
mod tutorial;
