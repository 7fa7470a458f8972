//! A small scanner of Rust text: enough to tell code from comments and strings, to find functions
//! and test modules. It is no parser, and macros may deceive it.

use std::ops::Range;

/// A function found in a file. Lines count from 0.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// Its lines of code, from `fn` to the closing brace, without blank lines and comments.
    pub length: usize,
}

/// A Rust text whose comments are blanked and whose literals are filled with `_`; all line breaks
/// stay where they were.
pub struct Code {
    bytes: Vec<u8>,
    /// Where the literals stand, characters among them.
    literals: Vec<Range<usize>>,
    /// Lines that belong to modules under `#[cfg(test)]`.
    test_lines: Vec<bool>,
}

impl Code {
    /// Scans a text.
    pub fn scan(text: &str) -> Self {
        let (bytes, literals) = blank(text.as_bytes());
        let test_lines = test_lines(&bytes);
        Self { bytes, literals, test_lines }
    }

    /// The strings of the program, as they are written: without those of test modules and of
    /// attributes that tell users nothing.
    pub fn strings_of<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.strings_outside(text, &[])
    }

    /// The same without those within calls that open so: `words!(`.
    pub fn strings_outside<'t>(&self, text: &'t str, calls: &[&[u8]]) -> Vec<&'t str> {
        let mut silent = self.silent_attributes();
        for at in 0..self.bytes.len() {
            let rest = &self.bytes[at..];
            if let Some(call) = calls.iter().find(|call| rest.starts_with(call)) {
                let open = at + call.len() - 1;
                silent.push(open..open + closed(&self.bytes[open..], b'(', b')'));
            }
        }
        let (mut line, mut from) = (0, 0);
        let mut found = Vec::new();
        for range in &self.literals {
            line += line_of(&self.bytes[from..], range.start - from);
            from = range.start;
            let in_test = self.test_lines.get(line).copied().unwrap_or(false);
            let is_silent = silent.iter().any(|attribute| attribute.contains(&range.start));
            let literal = text.get(range.clone()).filter(|literal| !literal.starts_with('\''));
            found.extend(literal.filter(|_| !in_test && !is_silent));
        }
        found
    }

    /// Where attributes stand whose strings no user reads: all but `#[error(…)]`.
    fn silent_attributes(&self) -> Vec<Range<usize>> {
        let starts = (0..self.bytes.len()).filter(|at| {
            let rest = &self.bytes[*at..];
            (rest.starts_with(b"#[") || rest.starts_with(b"#![")) && !rest.starts_with(b"#[error(")
        });
        starts.map(|at| at..at + closed(&self.bytes[at..], b'[', b']')).collect()
    }

    /// The number of lines outside test modules.
    pub fn lines_without_tests(&self) -> usize {
        self.test_lines.iter().filter(|in_test| !**in_test).count()
    }

    /// The text of the test modules, as it was written.
    pub fn tests_of(&self, text: &str) -> String {
        let lines = text.split_inclusive('\n').zip(&self.test_lines);
        lines.filter(|(_, in_test)| **in_test).map(|(line, _)| line).collect()
    }

    /// The functions outside test modules.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for at in words(&self.bytes, b"fn") {
            let line = line_of(&self.bytes, at);
            if self.test_lines.get(line).copied().unwrap_or(false) {
                continue;
            }
            let name: String = self.bytes[at + 2..]
                .iter()
                .skip_while(|byte| byte.is_ascii_whitespace())
                .take_while(|byte| is_word(**byte))
                .map(|byte| char::from(*byte))
                .collect();
            // A function pointer's type has no name, a trait's method no body.
            if name.is_empty() {
                continue;
            }
            if let Some(end) = body_end(&self.bytes, at) {
                let body = &self.bytes[at..=end];
                let length = body
                    .split(|byte| *byte == b'\n')
                    .filter(|line| line.iter().any(|byte| !byte.is_ascii_whitespace()))
                    .count();
                found.push(Function { name, line, length });
            }
        }
        found
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].split(|byte| *byte == b'\n').count() - 1
}

/// Where `word` stands as a word of its own.
fn words(bytes: &[u8], word: &[u8]) -> Vec<usize> {
    (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(word))
        .filter(|at| *at == 0 || !is_word(bytes[*at - 1]))
        .filter(|at| bytes.get(*at + word.len()).is_none_or(|next| !is_word(*next)))
        .collect()
}

/// The closing brace of the body that follows `from`; none when a `;` ends it first.
fn body_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut braces = 0_usize;
    let mut brackets = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets = brackets.saturating_sub(1),
            b';' if braces == 0 && brackets == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The length up to the bracket that closes the first one.
fn closed(bytes: &[u8], open: u8, close: u8) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            if depth <= 1 {
                return at + 1;
            }
            depth -= 1;
        }
    }
    bytes.len()
}

fn test_lines(bytes: &[u8]) -> Vec<bool> {
    let mut lines = vec![false; bytes.split_inclusive(|byte| *byte == b'\n').count()];
    let mark = b"#[cfg(test)]";
    for at in (0..bytes.len()).filter(|at| bytes[*at..].starts_with(mark)) {
        if let Some(end) = body_end(bytes, at + mark.len()) {
            for line in line_of(bytes, at)..=line_of(bytes, end) {
                if let Some(flag) = lines.get_mut(line) {
                    *flag = true;
                }
            }
        }
    }
    lines
}

/// Blanks comments and fills literals, and says where these are.
fn blank(text: &[u8]) -> (Vec<u8>, Vec<Range<usize>>) {
    let mut out = text.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (length, fill) = if rest.starts_with(b"//") {
            (rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()), b' ')
        } else if rest.starts_with(b"/*") {
            (block_comment(rest), b' ')
        } else if let Some(length) = literal(rest, at > 0 && is_word(text[at - 1])) {
            literals.push(at..at + length);
            (length, b'_')
        } else {
            at += 1;
            continue;
        };
        for byte in &mut out[at..at + length] {
            if *byte != b'\n' {
                *byte = fill;
            }
        }
        at += length.max(1);
    }
    (out, literals)
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of the string, byte string or character that starts here.
fn literal(rest: &[u8], after_word: bool) -> Option<usize> {
    if rest.starts_with(b"\"") {
        return Some(quoted(rest, b'"'));
    }
    if rest.starts_with(b"'") {
        // A lifetime has no closing quote right after its first character.
        let is_char = rest.get(1) == Some(&b'\\')
            || rest.iter().take(6).skip(2).any(|byte| *byte == b'\'')
                && !(rest.get(1).is_some_and(|byte| is_word(*byte)) && rest.get(2) != Some(&b'\''));
        return is_char.then(|| quoted(rest, b'\''));
    }
    if after_word {
        return None;
    }
    let prefix = usize::from(matches!(rest.first(), Some(b'b' | b'c')));
    if rest.get(prefix) != Some(&b'r') {
        return None;
    }
    let hashes = rest[prefix + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = prefix + 1 + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let body = &rest[open + 1..];
    let end = body.windows(close.len()).position(|window| window == close);
    Some(end.map_or(rest.len(), |end| open + 1 + end + close.len()))
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn functions_are_measured_without_comments_strings_and_tests() {
        let text = "\
//! fn not_me() {
fn one(a: [u8; 2]) -> char {
    // a comment with }

    let _ = \"} fn nor_me() {\";
    '{'
}
trait T { fn no_body(&self); }
fn lives<'a>(a: &'a str) -> &'a str { r#\"}\"#; a }
#[cfg(test)]
mod tests {
    fn nor_me_either() {}
}
";
        let code = Code::scan(text);
        let found: Vec<_> =
            code.functions().into_iter().map(|f| (f.name, f.line, f.length)).collect();
        assert_eq!(found, [("one".to_owned(), 1, 4), ("lives".to_owned(), 8, 1)]);
        assert_eq!(code.lines_without_tests(), 9);
    }

    #[test]
    fn strings_are_those_that_the_program_may_show() {
        let text = "\
//! \"a comment\"
#[error(\"one\")]
#[expect(x, reason = \"why\")]
fn f(a: [u8; 2]) { g('\"', b\"bytes\", \"two\", r#\"three \"quoted\"\"#) }
#[cfg(test)]
mod tests {
    const C: &str = \"four\";
}
";
        let found = Code::scan(text).strings_of(text);
        assert_eq!(found, ["\"one\"", "\"bytes\"", "\"two\"", "r#\"three \"quoted\"\"#"]);
    }
}
