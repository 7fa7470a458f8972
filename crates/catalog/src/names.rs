//! Names that were meant.

use diagnostic::{Words, near, words};

/// What to say to somebody who gave a name that is not known.
pub(crate) fn suggestion<'n>(given: &str, known: impl IntoIterator<Item = &'n str>) -> Words {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    match near::nearest(given, known.iter().copied()) {
        Some(meant) => words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?"),
        None if known.is_empty() => words!("there is none yet", "il n'y en a pas encore"),
        None => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let known = known.join(", ");
            words!("known are {known}", "on connaît {known}")
        }
    }
}
