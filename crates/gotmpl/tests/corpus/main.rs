//! The cases of `corpus/`.

#[cfg(test)]
mod functions;
#[cfg(test)]
mod json;
#[cfg(test)]
mod runner;
