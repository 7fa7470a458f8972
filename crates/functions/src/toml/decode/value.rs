//! Single values of TOML: texts, numbers, arrays, inline tables.

use gotmpl::rune;
use gotmpl::value::{List, Str, Value};
use strconv::Fault;

use super::{Parser, SyntaxError, Table, dotted, insert};
use crate::time::{self, Zone};
use crate::toml::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};

/// How deep arrays and inline tables may nest; far beyond what a file written by hand has.
const MAX_DEPTH: usize = 200;

impl Parser<'_> {
    pub(super) fn value(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        if depth > MAX_DEPTH {
            return self.fail("the value is nested too deeply");
        }
        self.cursor.skip_spaces();
        match self.cursor.peek() {
            None => self.fail("unexpected EOF; expected value"),
            Some(b'[') => self.array(depth),
            Some(b'{') => self.inline_table(depth),
            Some(b'"' | b'\'') => self.any_text().map(Value::Str),
            Some(b'.') => self.fail("floats must start with a digit, not '.'"),
            Some(b'+' | b'-') => self.signed(),
            Some(b'0'..=b'9') => self.number(),
            Some(_) if self.cursor.letter().is_some() => self.word(),
            Some(_) => {
                let found = self.cursor.quoted();
                self.fail(format!("expected value but found {found} instead"))
            }
        }
    }

    fn word(&mut self) -> Result<Value, SyntaxError> {
        for (word, float) in [(b"inf", f64::INFINITY), (b"nan", f64::NAN)] {
            if self.cursor.eat_all(word) {
                return Ok(Value::Float64(float));
            }
        }
        self.cursor.skip_part_of_float();
        match self.cursor.take_letters() {
            // The lexer looks at the rune after such a word.
            b"true" | b"false" if self.cursor.fault().is_some() => self.fail(""),
            b"true" => Ok(Value::Bool(true)),
            b"false" => Ok(Value::Bool(false)),
            other => {
                let shown = strconv::quote(other);
                self.fail(format!("expected value but found {shown} instead"))
            }
        }
    }

    fn signed(&mut self) -> Result<Value, SyntaxError> {
        let rest = self.cursor.rest();
        let sign = char::from(rest[0]);
        match rest.get(1) {
            Some(b'i' | b'n') => {
                self.cursor.bump();
                let word = self.cursor.take_while(|byte| byte.is_ascii_alphabetic());
                let negative = sign == '-';
                match word {
                    b"inf" if negative => Ok(Value::Float64(f64::NEG_INFINITY)),
                    b"inf" => Ok(Value::Float64(f64::INFINITY)),
                    b"nan" => Ok(Value::Float64(f64::NAN)),
                    other => {
                        let shown = String::from_utf8_lossy(other).into_owned();
                        self.fail(format!("invalid float: '{sign}{shown}'"))
                    }
                }
            }
            Some(b'0') if matches!(rest.get(2), Some(b'b' | b'o' | b'x')) => {
                let base = char::from(rest[2]);
                self.fail(format!("cannot use sign with non-decimal numbers: '{sign}0{base}'"))
            }
            Some(b'.') => self.fail("floats must start with a digit, not '.'"),
            Some(b'0'..=b'9') => self.number(),
            _ => {
                self.cursor.bump();
                let found = self.cursor.quoted();
                self.fail_at_rune(format!("expected a digit but got {found}"))
            }
        }
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let rest = self.cursor.rest();
        let based = rest.len() > 1 && rest[0] == b'0' && b"box".contains(&rest[1]);
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 && &rest[..digits] != b"0" && matches!(rest.get(digits), Some(b'-' | b':')) {
            return self.datetime();
        }
        if let [b'0', b'-' | b'+' | b':', ..] = rest {
            self.cursor.bump();
            return Ok(Value::Int64(0));
        }
        let start = self.cursor.place();
        if based {
            let base = [self.cursor.bump(), self.cursor.bump()][1];
            self.cursor.take_while(|byte| match base {
                _ if byte == b'_' => true,
                Some(b'b') => matches!(byte, b'0' | b'1'),
                Some(b'o') => matches!(byte, b'0'..=b'7'),
                _ => byte.is_ascii_hexdigit(),
            });
        } else {
            self.cursor.take_while(|byte| byte.is_ascii_digit() || b"_.eE+-".contains(&byte));
        }
        let literal = self.cursor.since(start);
        if literal.len() == 2 && based {
            let shown = String::from_utf8_lossy(literal).into_owned();
            let found = self.cursor.found();
            let kind = match literal[1] {
                b'b' => "a binary",
                b'o' => "an octal",
                _ => "a hexadecimal",
            };
            return self.fail(format!("not {kind} number: '{shown}{found}'"));
        }
        if self.cursor.fault().is_some() {
            return self.fail("");
        }
        let shown = strconv::quote(literal);
        let float = !based && literal.iter().any(|byte| b".eE".contains(byte));
        let kind = if float { "float" } else { "integer" };
        let digits = literal.strip_prefix(b"-").or(literal.strip_prefix(b"+")).unwrap_or(literal);
        if !underscores_fit(literal) {
            return self
                .fail(format!("Invalid {kind} {shown}: underscores must be surrounded by digits"));
        }
        let whole = digits.split(|byte| b".eE".contains(byte)).next().unwrap_or(digits);
        if !based && whole.len() > 1 && whole[0] == b'0' {
            return self.fail(format!("Invalid {kind} {shown}: cannot have leading zeroes"));
        }
        if float {
            return self.float(literal, &shown);
        }
        match strconv::parse_int(literal, 0, 64) {
            Ok(number) => Ok(Value::Int64(number)),
            Err(Fault::Range) => {
                let shown = String::from_utf8_lossy(literal).into_owned();
                self.fail(format!("{shown} is out of range for int64"))
            }
            Err(_) => self.fail(format!("Invalid integer {shown}")),
        }
    }

    fn float(&self, literal: &[u8], shown: &str) -> Result<Value, SyntaxError> {
        let dangling = literal.windows(2).any(|pair| pair[0] == b'.' && !pair[1].is_ascii_digit());
        if dangling || literal.ends_with(b".") {
            return self.fail(format!(
                "Invalid float {shown}: '.' must be followed by one or more digits"
            ));
        }
        let plain: Vec<u8> = literal.iter().copied().filter(|byte| *byte != b'_').collect();
        match strconv::parse_float(&plain, 64) {
            Ok(number) => Ok(Value::Float64(number)),
            Err(Fault::Range) => {
                let shown = String::from_utf8_lossy(literal).into_owned();
                self.fail(format!("{shown} is out of range for float64"))
            }
            Err(_) => self.fail(format!("Invalid float value: {shown}")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.cursor.bump();
        let mut items = Vec::new();
        loop {
            self.cursor.skip_blank_lines();
            match self.cursor.peek() {
                Some(b']') => break,
                Some(b',') => return self.fail("unexpected comma"),
                _ => items.push(self.value(depth + 1)?),
            }
            self.cursor.skip_blank_lines();
            if self.cursor.eat(b',') {
                continue;
            }
            if self.cursor.peek() == Some(b']') {
                break;
            }
            let found = self.cursor.shown();
            return self.fail(format!(
                "expected a comma (',') or array terminator (']'), but got {found}"
            ));
        }
        self.cursor.bump();
        Ok(List::any(items).into())
    }

    fn inline_table(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.cursor.bump();
        let outer = self.key.clone();
        let mut table = Table::default();
        loop {
            self.cursor.skip_blank_lines();
            match self.cursor.peek() {
                Some(b'}') => break,
                Some(b',') => return self.fail("unexpected comma"),
                _ => {}
            }
            let path = self.dotted_key()?;
            self.key = format!("{outer}.{}", dotted(&path));
            let value = self.value(depth + 1)?;
            if !insert(&mut table, &path, value) {
                let key = self.key.clone();
                return self.fail(format!("Key '{key}' has already been defined."));
            }
            self.cursor.skip_blank_lines();
            if self.cursor.eat(b',') {
                continue;
            }
            if self.cursor.peek() == Some(b'}') {
                break;
            }
            let found = self.cursor.shown();
            return self.fail(format!(
                "expected a comma or an inline table terminator '}}', but got {found} instead"
            ));
        }
        self.cursor.bump();
        self.key = outer;
        Ok(table.into_map().into())
    }

    /// A text in any of the four kinds of quotes.
    fn any_text(&mut self) -> Result<Str, SyntaxError> {
        for mark in [&b"\"\"\""[..], b"'''"] {
            if self.cursor.eat_all(mark) {
                self.text_start = self.cursor.place();
                return self.multiline_text(mark);
            }
        }
        self.quoted_text()
    }

    /// A text on one line.
    pub(super) fn quoted_text(&mut self) -> Result<Str, SyntaxError> {
        let mark = self.cursor.bump().unwrap_or(b'"');
        self.text_start = self.cursor.place();
        let mut out = Vec::new();
        loop {
            match self.cursor.peek() {
                None if mark == b'"' => return self.fail("unexpected EOF; expected '\"'"),
                None => return self.fail("unexpected EOF; expected \"'\""),
                Some(b'\n' | b'\r') => return self.fail("strings cannot contain newlines"),
                Some(byte) if byte == mark => {
                    self.cursor.bump();
                    return Ok(out.into());
                }
                Some(b'\\') if mark == b'"' => self.escape(&mut out)?,
                Some(byte) => {
                    out.push(byte);
                    self.cursor.bump();
                }
            }
        }
    }

    /// A text of several lines; one line break after the opening quotes does not count.
    fn multiline_text(&mut self, mark: &[u8]) -> Result<Str, SyntaxError> {
        let _ = self.cursor.eat(b'\n') || self.cursor.eat_all(b"\r\n");
        let mut out = Vec::new();
        loop {
            if self.cursor.rest().starts_with(mark) {
                // Up to two quotes may stand before the closing three.
                while self.cursor.rest().get(3) == Some(&mark[0]) {
                    out.push(mark[0]);
                    self.cursor.bump();
                }
                self.cursor.eat_all(mark);
                return Ok(out.into());
            }
            match self.cursor.peek() {
                None if mark == b"'''" => return self.fail("unexpected EOF; expected \"'''\""),
                None => return self.fail("unexpected EOF; expected '\"\"\"'"),
                Some(b'\\') if mark != b"'''" => self.multiline_escape(&mut out)?,
                Some(byte) => {
                    out.push(byte);
                    self.cursor.bump();
                }
            }
        }
    }

    /// A backslash at the end of a line takes the white space after it away.
    fn multiline_escape(&mut self, out: &mut Vec<u8>) -> Result<(), SyntaxError> {
        let tail = &self.cursor.rest()[1..];
        let blanks = tail.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        if tail[..blanks].contains(&b'\n') {
            self.cursor.bump();
            self.cursor.take_while(|byte| b" \t\r\n".contains(&byte));
            return Ok(());
        }
        self.escape(out)
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), SyntaxError> {
        self.cursor.bump();
        let plain = match self.cursor.peek() {
            None => return self.fail("unexpected EOF; expected '\"'"),
            Some(b'b') => 0x08,
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'f') => 0x0C,
            Some(b'r') => b'\r',
            Some(b'e') => 0x1B,
            Some(byte @ (b'"' | b'\\')) => byte,
            Some(b'x') => return self.unicode_escape(out, 2),
            Some(b'u') => return self.unicode_escape(out, 4),
            Some(b'U') => return self.unicode_escape(out, 8),
            Some(_) => {
                let found = self.cursor.shown();
                let found = found.trim_matches('\'');
                return self.fail(format!("invalid escape in string '\\{found}'"));
            }
        };
        self.cursor.bump();
        out.push(plain);
        Ok(())
    }

    fn unicode_escape(&mut self, out: &mut Vec<u8>, length: usize) -> Result<(), SyntaxError> {
        let digits = self.cursor.rest().get(1..=length).unwrap_or(&[]);
        let text = String::from_utf8_lossy(digits).into_owned();
        let Some(code) = u32::from_str_radix(&text, 16).ok().filter(|_| !text.starts_with('+'))
        else {
            let (count, letter) = match length {
                2 => ("two", 'x'),
                4 => ("four", 'u'),
                _ => ("eight", 'U'),
            };
            self.cursor.bump();
            self.cursor.take_while(|byte| byte.is_ascii_hexdigit());
            for _ in 0..rune::decode(self.cursor.rest()).1 {
                self.cursor.bump();
            }
            let found = strconv::quote(self.cursor.since(self.text_start));
            return self.fail(format!(
                "expected {count} hexadecimal digits after '\\{letter}', but got {found} instead"
            ));
        };
        let Some(rune) = char::from_u32(code) else {
            return self.fail(format!("Escaped character '\\u{text}' is not valid UTF-8."));
        };
        for _ in 0..=length {
            self.cursor.bump();
        }
        out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    /// A date, a time, or both; what Go's library accepts as one, in the order in which it tries.
    fn datetime(&mut self) -> Result<Value, SyntaxError> {
        let literal =
            self.cursor.take_while(|byte| byte.is_ascii_digit() || b"-:Tt .Zz+".contains(&byte));
        let replaced = |byte: &u8| match byte {
            b'z' => b'Z',
            b't' | b' ' => b'T',
            other => *other,
        };
        let literal: Vec<u8> = literal.trim_ascii_end().iter().map(replaced).collect();
        for (layout, place) in DATETIMES {
            let local = place.map(local_zone);
            let zone = local.as_ref().unwrap_or(self.zone);
            if let Ok(time) = time::parse(layout, &literal, zone) {
                if missing_leading_zero(&literal, layout) {
                    break;
                }
                return Ok(time::time_value(time));
            }
        }
        let shown = strconv::quote(&literal);
        self.fail(format!("invalid datetime: {shown}"))
    }
}

/// Layouts, each with the zone that stands for what the text leaves open; without one, the local.
const DATETIMES: [(&[u8], Option<&str>); 7] = [
    (b"2006-01-02T15:04:05.999999999Z07:00", None),
    (b"2006-01-02T15:04:05.999999999", Some(LOCAL_DATETIME)),
    (b"2006-01-02", Some(LOCAL_DATE)),
    (b"15:04:05.999999999", Some(LOCAL_TIME)),
    (b"2006-01-02T15:04Z07:00", None),
    (b"2006-01-02T15:04", Some(LOCAL_DATETIME)),
    (b"15:04", Some(LOCAL_TIME)),
];

/// Go shifts these by what the local clock is ahead today; here they are always at UTC, so that a
/// render does not depend on the day.
fn local_zone(name: &str) -> Zone {
    Zone::fixed(name, 0)
}

/// Go's `time.Parse` takes numbers without their zero, TOML does not: separators out of place show
/// it.
fn missing_leading_zero(text: &[u8], layout: &[u8]) -> bool {
    let fixed = layout.iter().take_while(|byte| !matches!(byte, b'.' | b'Z'));
    fixed.enumerate().any(|(at, byte)| !byte.is_ascii_digit() && text.get(at) != Some(byte))
}

/// Whether each underscore stands between digits.
fn underscores_fit(literal: &[u8]) -> bool {
    let mut accept = false;
    for byte in literal {
        if *byte == b'_' && !accept {
            return false;
        }
        accept = byte.is_ascii_hexdigit() || b".+-xobeE".contains(byte);
    }
    accept || literal.ends_with(b".")
}
