//! Characters of a `--set` text, up to a stop.

/// What is left to read.
pub(super) struct Scanner<'text> {
    rest: &'text str,
}

impl<'text> Scanner<'text> {
    /// All of `text`.
    pub(super) fn new(text: &'text str) -> Self {
        Self { rest: text }
    }

    /// The next character, which is then gone.
    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.skip(c.len_utf8());
        Some(c)
    }

    /// The next character, which stays.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'text str {
        self.rest
    }

    /// Drops that many bytes.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// What comes before the first of `stops`, and which of them it was; `None` at the end of the
    /// text. With `escapes`, a backslash takes the next character as it is, and a last one is lost.
    pub(super) fn until(&mut self, stops: &[char], escapes: bool) -> (String, Option<char>) {
        let mut taken = String::new();
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (taken, Some(c));
            }
            match c {
                '\\' if escapes => taken.extend(self.next()),
                c => taken.push(c),
            }
        }
        (taken, None)
    }

    /// Drops spaces. Whether the value is empty: a comma (dropped too) or the end follows.
    pub(super) fn skip_empty_value(&mut self) -> bool {
        while let Some(c) = self.peek() {
            if c != ',' && !c.is_whitespace() {
                return false;
            }
            self.next();
            if c == ',' {
                return true;
            }
        }
        true
    }
}
