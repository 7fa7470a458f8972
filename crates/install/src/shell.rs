//! Words of a POSIX shell.

/// The text as one word that means nothing else.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_no_end() {
        assert_eq!(quoted("a'; rm -r $HOME `b`"), "'a'\\''; rm -r $HOME `b`'");
    }
}
