//! The `socle` binary: arguments in, words out. It holds no logic.
fn main() {}
