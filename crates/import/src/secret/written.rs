//! How a password stands in the file, so that a script without a reader of YAML finds it: the text
//! around it on its line, and between which quotes. What is read here is read as the script's
//! program (`extract.awk`) reads it, and held against what YAML means; where the two differ, a
//! script cannot do it.

use config::NodeKind;

use crate::document::{Document, Leaf};

/// How a password stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// On one line.
    Line {
        /// The line, counted from one.
        line: usize,
        /// The bytes within the line.
        start: usize,
        /// The byte behind it.
        end: usize,
        /// Its quotes.
        style: Style,
    },
    /// On lines of its own, below a `|`.
    Block {
        /// The line of the `|`.
        header: usize,
        /// Its first line.
        first: usize,
        /// Its last line.
        last: usize,
        /// The blanks before each line.
        indent: usize,
        /// What counts of the line breaks at its end.
        chomping: Chomping,
    },
}

/// How a text on one line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// Without quotes, up to the line's end.
    Plain,
    /// Without quotes, between brackets or braces.
    Flow,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
}

/// What counts of the line breaks at the end of a text of several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chomping {
    /// None: `|-`.
    Strip,
    /// One: `|`.
    Clip,
    /// All: `|+`.
    Keep,
}

/// The longest line in which something is looked for; real ones have some hundred bytes.
const LONGEST_LINE: usize = 4096;

/// The deepest indentation that is tried where a text of several lines says its own.
const DEEPEST: usize = 64;

/// How a setting is written, if a script can read that.
pub(super) fn find(document: &Document, leaf: &Leaf, is_secret: bool) -> Option<Written> {
    let place = &leaf.node.place;
    let written = document.text.get(place.span.clone())?;
    let value = meant(leaf, written, is_secret)?;
    if value.contains('\0') {
        return None;
    }
    let line = document.line_at(place.span.start);
    let text = document.line_text(line).filter(|text| text.len() <= LONGEST_LINE)?;
    let start = place.span.start - document.start_of_line(line);
    let rest = text.get(start..)?;
    let candidates: &[Style] = match written.chars().next() {
        Some('"') => &[Style::Double],
        Some('\'') => &[Style::Single],
        Some('|') => return block(document, line, rest, &value),
        Some('&' | '*' | '!' | '>') => return None,
        _ => &[Style::Plain, Style::Flow],
    };
    candidates.iter().find_map(|style| {
        let (found, length) = read(*style, rest)?;
        let is_it = found == value && length == written.len();
        is_it.then_some(Written::Line { line, start, end: start + length, style: *style })
    })
}

/// The text that a setting is. A password that is a number counts as it is written, where no other
/// way of writing would mean the same number.
fn meant(leaf: &Leaf, written: &str, is_secret: bool) -> Option<String> {
    match &leaf.node.kind {
        NodeKind::Text(text) => Some(text.clone()),
        NodeKind::Int(value) if value.to_string() == written => Some(written.to_owned()),
        _ if is_secret => None,
        _ => Some(written.to_owned()),
    }
}

/// What stands at the beginning of a rest of a line, and how long it is.
fn read(style: Style, rest: &str) -> Option<(String, usize)> {
    match style {
        Style::Double => double(rest),
        Style::Single => single(rest),
        Style::Plain | Style::Flow => plain(rest, style == Style::Flow),
    }
}

fn double(rest: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, at + 1)),
            '\\' => {
                let (_, escape) = chars.next()?;
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    _ => {
                        out.push(escaped(escape)?);
                        continue;
                    }
                };
                let mut code = 0;
                for _ in 0..digits {
                    code = code * 16 + chars.next()?.1.to_digit(16)?;
                }
                out.push(char::from_u32(code).filter(|c| *c != '\0')?);
            }
            c => out.push(c),
        }
    }
    None
}

/// What stands for a character behind a backslash.
fn escaped(escape: char) -> Option<char> {
    Some(match escape {
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => escape,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}

fn single(rest: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            out.push(c);
        } else if chars.next_if(|(_, c)| *c == '\'').is_some() {
            out.push('\'');
        } else {
            return Some((out, at + 1));
        }
    }
    None
}

fn plain(rest: &str, is_flow: bool) -> Option<(String, usize)> {
    let is_blank = |c: u8| matches!(c, b' ' | b'\t' | b'\r');
    let bytes = rest.as_bytes();
    let mut end = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied();
        match byte {
            b'#' if at > 0 && is_blank(bytes[at - 1]) => break,
            b',' | b'[' | b']' | b'{' | b'}' if is_flow => break,
            b':' if next.is_none_or(is_blank) => return None,
            byte if !is_blank(*byte) => end = at + 1,
            _ => {}
        }
    }
    Some((rest.get(..end)?.to_owned(), end))
}

/// A text below `|`: how far it goes, and how much blank is before each line.
fn block(document: &Document, header: usize, head: &str, value: &str) -> Option<Written> {
    let first = header + 1;
    let indicators: String = head.chars().skip(1).take_while(|c| !c.is_whitespace()).collect();
    let chomping = match indicators.chars().find(|c| matches!(c, '-' | '+')) {
        Some('-') => Chomping::Strip,
        Some(_) => Chomping::Keep,
        None => Chomping::Clip,
    };
    let lines = |from: usize| (from..).map_while(|at| document.line_text(at).map(|l| (at, l)));
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let is_empty = |line: &str| line.trim_matches([' ', '\r']).is_empty();
    let deepest = lines(first).find(|(_, line)| !is_empty(line)).map(|(_, line)| blanks(line))?;
    // Usually the first line says how deep all stand; a digit behind the `|` says otherwise.
    let says = indicators.contains(|c: char| c.is_ascii_digit());
    let least = if says && deepest <= DEEPEST { 1 } else { deepest.max(1) };
    (least..=deepest).rev().find_map(|indent| {
        let inside = lines(first).take_while(|(_, line)| is_empty(line) || blanks(line) >= indent);
        let last = inside.map(|(at, _)| at).last()?;
        let texts: Vec<&str> = (first..=last).filter_map(|at| document.line_text(at)).collect();
        let found = joined(&texts, indent, chomping);
        (found == value).then_some(Written::Block { header, first, last, indent, chomping })
    })
}

fn joined(lines: &[&str], indent: usize, chomping: Chomping) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.strip_suffix('\r').unwrap_or(line);
        out.push_str(line.get(indent..).unwrap_or(""));
        out.push('\n');
    }
    if chomping != Chomping::Keep {
        out.truncate(out.trim_end_matches('\n').len());
    }
    if chomping == Chomping::Clip {
        out.push('\n');
    }
    out
}
