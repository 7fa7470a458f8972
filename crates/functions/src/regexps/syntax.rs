//! From Go's notation of regular expressions to that of the `regex` crate.
//!
//! Go's `\d`, `\w`, `\s` and `\b` are ASCII, its classes know no set operations, it has `\Q…\E` and
//! no `{,n}`. What Go refuses is refused here, in its words, before the crate sees the pattern.

mod class;
mod escape;

use super::parse_error;

/// How deep groups may nest: Go's own bound.
pub const MAX_DEPTH: u32 = 1000;

/// The highest count of a repetition: Go's own bound.
const MAX_REPEAT: u32 = 1000;

/// A pattern in the crate's notation.
pub struct Translated {
    /// The pattern; its groups have no names.
    pub pattern: String,
    /// The name of each group, group 0 included; empty for groups without one.
    pub names: Vec<String>,
    /// How large the program of the pattern may become: its text, counted repetitions unfolded.
    pub size: u64,
}

/// Translates a pattern, or says what Go says against it.
pub fn translate(source: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        source,
        rest: source,
        out: String::with_capacity(source.len() * 2),
        names: vec![String::new()],
        weight: 1,
        widest: 1,
        largest: 1,
        outer: Vec::new(),
        repeatable: false,
        repeated: None,
    };
    while !translator.rest.is_empty() {
        translator.step()?;
    }
    if !translator.outer.is_empty() {
        return Err(parse_error("missing closing )", source));
    }
    let widest = u64::from(translator.largest);
    let size = source.len() as u64 * widest;
    Ok(Translated { pattern: translator.out, names: translator.names, size })
}

struct Translator<'source> {
    source: &'source str,
    rest: &'source str,
    out: String,
    names: Vec<String>,
    /// How often the last thing read is repeated at most, counted repetitions within it included.
    weight: u32,
    /// The greatest weight in this group so far.
    widest: u32,
    /// The greatest weight anywhere so far.
    largest: u32,
    /// The greatest weights in the groups around this one.
    outer: Vec<u32>,
    /// Whether something stands before that an operator could repeat.
    repeatable: bool,
    /// The text from the last operator of repetition on, when it is the last thing read.
    repeated: Option<&'source str>,
}

impl<'source> Translator<'source> {
    fn step(&mut self) -> Result<(), String> {
        let Some(first) = self.rest.chars().next() else { return Ok(()) };
        let last_repeat = self.repeated.take();
        match first {
            '(' => self.open()?,
            ')' => self.close()?,
            '|' => self.emit(1, "|", false),
            '^' | '$' | '.' => {
                let operator = first.to_string();
                self.emit(1, &operator, true);
            }
            '[' => {
                self.rest = class::translate(self.rest, &mut self.out)?;
                self.repeatable = true;
                self.weight = 1;
            }
            '*' | '+' | '?' => self.repeat(1, &first.to_string(), last_repeat)?,
            '{' => match counts(self.rest) {
                Some((length, least, most)) => {
                    self.repeat_counted(length, least, most, last_repeat)?;
                }
                None => self.literal(first),
            },
            '\\' => self.escape()?,
            _ => self.literal(first),
        }
        Ok(())
    }

    fn emit(&mut self, length: usize, translated: &str, repeatable: bool) {
        self.rest = &self.rest[length..];
        self.out.push_str(translated);
        self.repeatable = repeatable;
        self.weight = 1;
    }

    fn literal(&mut self, rune: char) {
        self.rest = &self.rest[rune.len_utf8()..];
        escape::append_literal(&mut self.out, rune);
        self.repeatable = true;
        self.weight = 1;
    }

    fn open(&mut self) -> Result<(), String> {
        if self.rest.starts_with("(?") {
            return self.perl_group();
        }
        self.open_capture(1, "")
    }

    fn open_capture(&mut self, length: usize, name: &str) -> Result<(), String> {
        self.names.push(name.to_owned());
        self.open_group(length, "(")
    }

    fn open_group(&mut self, length: usize, translated: &str) -> Result<(), String> {
        self.outer.push(self.widest);
        self.widest = 1;
        if self.outer.len() > MAX_DEPTH as usize {
            return Err(parse_error("expression nests too deeply", self.source));
        }
        self.emit(length, translated, false);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let outer = self.outer.pop().ok_or_else(|| parse_error("unexpected )", self.source))?;
        let weight = self.widest;
        self.widest = outer.max(weight);
        self.emit(1, ")", true);
        self.weight = weight;
        Ok(())
    }

    /// `(?flags)`, `(?flags:…)`, `(?P<name>…)`, `(?<name>…)`.
    fn perl_group(&mut self) -> Result<(), String> {
        let named = ["(?P<", "(?<"].into_iter().find_map(|start| {
            self.rest.strip_prefix(start).filter(|tail| !tail.is_empty()).map(|tail| (start, tail))
        });
        if let Some((start, tail)) = named {
            let end =
                tail.find('>').ok_or_else(|| parse_error("invalid named capture", self.rest))?;
            let name = &tail[..end];
            let length = start.len() + end + 1;
            let word = |rune: char| rune == '_' || rune.is_ascii_alphanumeric();
            if name.is_empty() || !name.chars().all(word) {
                return Err(parse_error("invalid named capture", &self.rest[..length]));
            }
            return self.open_capture(length, name);
        }
        self.flags()
    }

    fn flags(&mut self) -> Result<(), String> {
        let mut negative = false;
        let mut saw_flag = false;
        for (index, rune) in self.rest.char_indices().skip(2) {
            let length = index + rune.len_utf8();
            match rune {
                'i' | 'm' | 's' | 'U' => saw_flag = true,
                '-' if !negative => {
                    negative = true;
                    saw_flag = false;
                }
                ':' | ')' if !negative || saw_flag => {
                    let group = self.rest[..length].to_owned();
                    if rune == ':' {
                        return self.open_group(length, &group);
                    }
                    let shown = if group == "(?)" { "" } else { group.as_str() };
                    let repeatable = self.repeatable;
                    self.emit(length, shown, repeatable);
                    return Ok(());
                }
                _ => {
                    let bad = &self.rest[..length];
                    return Err(parse_error("invalid or unsupported Perl syntax", bad));
                }
            }
        }
        Err(parse_error("invalid or unsupported Perl syntax", self.rest))
    }

    /// An operator of repetition with its `?`. Go, like Perl, allows no second one on top.
    fn repeat(
        &mut self,
        length: usize,
        translated: &str,
        last_repeat: Option<&'source str>,
    ) -> Result<(), String> {
        let before = self.rest;
        let lazy = before[length..].starts_with('?');
        let length = length + usize::from(lazy);
        if let Some(last) = last_repeat {
            let both = &last[..last.len() - before.len() + length];
            return Err(parse_error("invalid nested repetition operator", both));
        }
        if !self.repeatable {
            let operator = &before[..length];
            return Err(parse_error("missing argument to repetition operator", operator));
        }
        let weight = self.weight;
        self.emit(length, translated, true);
        self.weight = weight;
        if lazy {
            self.out.push('?');
        }
        self.repeated = Some(before);
        Ok(())
    }

    fn repeat_counted(
        &mut self,
        length: usize,
        least: u32,
        most: Option<u32>,
        last_repeat: Option<&'source str>,
    ) -> Result<(), String> {
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT || most < least) {
            return Err(parse_error("invalid repeat count", &self.rest[..length]));
        }
        let translated = match most {
            None => format!("{{{least},}}"),
            Some(most) => format!("{{{least},{most}}}"),
        };
        let counted = &self.rest[..length + usize::from(self.rest[length..].starts_with('?'))];
        self.repeat(length, &translated, last_repeat)?;
        // Go bounds what counted repetitions within each other come to.
        self.weight = self.weight.saturating_mul(most.unwrap_or(least).max(1));
        self.widest = self.widest.max(self.weight);
        self.largest = self.largest.max(self.weight);
        if self.weight > MAX_REPEAT {
            return Err(parse_error("invalid repeat count", counted));
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        if let Some(quoted) = self.rest.strip_prefix("\\Q") {
            let (literal, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
            for rune in literal.chars() {
                escape::append_literal(&mut self.out, rune);
                self.repeatable = true;
                self.weight = 1;
            }
            self.rest = rest;
            return Ok(());
        }
        let second = self.rest[1..].chars().next();
        match second {
            Some('A') => self.emit(2, r"\A", true),
            Some('z') => self.emit(2, r"\z", true),
            Some('b') => self.emit(2, r"(?-u:\b)", true),
            Some('B') => self.emit(2, r"(?-u:\B)", true),
            _ => {
                self.rest = escape::translate(self.rest, &mut self.out)?;
                self.repeatable = true;
                self.weight = 1;
            }
        }
        Ok(())
    }
}

/// The counts of `{2}`, `{2,}` or `{2,3}` and the length of the text; none when it is not of that
/// form, which makes the brace a plain one.
fn counts(text: &str) -> Option<(usize, u32, Option<u32>)> {
    let end = text.find('}')?;
    let inner = &text[1..end];
    let (least, most) = match inner.split_once(',') {
        None => (inner, Some(inner)),
        Some((least, "")) => (least, None),
        Some((least, most)) => (least, Some(most)),
    };
    let most = match most {
        None => None,
        Some(most) => Some(count(most)?),
    };
    Some((end + 1, count(least)?, most))
}

/// A count without leading zeros. Absurd ones saturate, and are refused for their size.
fn count(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    (plain && !leading_zero).then(|| digits.parse().unwrap_or(u32::MAX))
}
