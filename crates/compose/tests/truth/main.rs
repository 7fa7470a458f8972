//! `why` tells the truth: whoever changes a line that it names changes the field; what it calls
//! constant, nothing that a configuration says changes.
//!
//! The whole catalogue is bound and rendered for this, some thousand times, each time with another
//! value in one place.

#[cfg(test)]
mod change;
#[cfg(test)]
mod ground;
#[cfg(test)]
mod leaves;
#[cfg(test)]
mod mutate;
