//! Files of YAML that no template wrote, such as values files and Chart.yaml: which line makes the
//! reader stop, and what to write there.

use std::ops::Range;

use super::Diagnostic;

/// The place at fault, where it is another than the one where the reader stopped, and what to say
/// of it.
pub(super) type Culprit = Option<(Range<usize>, String)>;

/// Says what to do about a fault of the reader at a byte of the text.
pub(super) fn tell(told: &mut Diagnostic, problem: &str, text: &str, at: usize) -> Culprit {
    let here = Line::around(text, at);
    let (code, remedy, culprit) = if problem.contains("tab character") || is_tab(text, at) {
        ("yaml.tab", "indent with spaces: YAML allows no tabs there".to_owned(), None)
    } else if problem.contains("cannot start any token") {
        ("yaml.unquoted", unquoted(&here, at), None)
    } else if problem.contains("did not find expected ',' or") {
        flow(text, &here, at)
    } else if problem.contains("block sequence entries") {
        let remedy = "put each `- item` of the list on a line of its own, below the name";
        ("yaml.indentation", remedy.to_owned(), None)
    } else if is_structure(problem) {
        structure(problem, text, &here, at)
    } else {
        return None;
    };
    (told.code, told.remedies) = (code, vec![remedy]);
    culprit
}

/// What can be said without the place.
pub(super) fn tell_without_place(told: &mut Diagnostic) {
    if told.code.starts_with("manifest.") {
        told.code = "yaml.indentation";
        told.remedies = vec![LEVEL.to_owned()];
    }
}

/// A file that is not UTF-8 from a byte on.
pub(super) fn tell_encoding(told: &mut Diagnostic) {
    told.code = "file.not-utf8";
    told.remedies = vec!["save the file as UTF-8".to_owned()];
}

const LEVEL: &str = "lines of one section must start in the same column, and every line be `name: value` or `- item`";

fn is_structure(problem: &str) -> bool {
    let signs =
        ["mapping values are not", "did not find expected key", "find expected ':'", "'-' ind"];
    signs.iter().any(|sign| problem.contains(sign))
}

fn is_tab(text: &str, at: usize) -> bool {
    text.as_bytes().get(at) == Some(&b'\t')
}

/// A line of the text.
#[derive(Clone)]
struct Line<'t> {
    /// Counted from one.
    number: usize,
    span: Range<usize>,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn all(text: &'t str) -> impl DoubleEndedIterator<Item = Self> {
        let mut start = 0;
        let lines = text.split('\n').enumerate().map(move |(at, line)| {
            let span = start..start + line.len();
            start = span.end + 1;
            Self { number: at + 1, span, text: line }
        });
        lines.collect::<Vec<_>>().into_iter()
    }

    /// The line with the byte; the last one that says something where the text has ended.
    fn around(text: &'t str, at: usize) -> Self {
        let found = Self::all(text).rev().find(|line| line.span.start <= at && line.says());
        found.unwrap_or(Self { number: 1, span: 0..0, text: "" })
    }

    fn says(&self) -> bool {
        let text = self.text.trim();
        !text.is_empty() && !text.starts_with('#')
    }

    fn lead(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Whether it is a word where `name: value` should be.
    fn lacks_colon(&self) -> bool {
        let text = self.text.trim();
        let is_item = text.starts_with("- ") || text == "-";
        !is_item && !text.contains(": ") && !text.ends_with(':') && !text.contains(['{', '['])
    }

    /// Whether it, or the item that it begins, is a word where the next line wants `name:`.
    fn lacks_colon_before(&self, next: &Self) -> bool {
        let item = self.text.trim().strip_prefix("- ");
        let is_word = |item: &str| !item.contains([' ', ':', '{', '[', '"', '\'']);
        self.lead() <= next.lead() && self.lacks_colon()
            || item.is_some_and(is_word) && next.lead() == self.lead() + 2
    }

    fn if_word(&self) -> Option<Self> {
        Some(self.clone()).filter(Self::lacks_colon)
    }

    /// The same span without blanks around it.
    fn trimmed(&self) -> Range<usize> {
        let start = self.span.start + self.lead();
        start..start + self.text.trim().len()
    }
}

/// A value that begins with a character that none may begin with.
fn unquoted(here: &Line<'_>, at: usize) -> String {
    let value = here.text.get(at.saturating_sub(here.span.start)..).unwrap_or_default().trim();
    let why = "no plain value begins like that";
    if value.is_empty() || value.contains(['"', '\\']) {
        return format!("quote the value: {why}");
    }
    let name = here.text.get(..at - here.span.start).unwrap_or_default().trim_start();
    format!("quote the value, for {why}: `{name}\"{value}\"`")
}

/// A brace or bracket that nothing closes, or a comma that is missing between two.
fn flow(text: &str, here: &Line<'_>, at: usize) -> (&'static str, String, Culprit) {
    let mut depth = 0_usize;
    let before = text.get(..at.min(text.len())).unwrap_or_default();
    let opener = before.char_indices().rev().find(|(_, c)| match c {
        '}' | ']' => {
            depth += 1;
            false
        }
        '{' | '[' if depth > 0 => {
            depth -= 1;
            false
        }
        '{' | '[' => true,
        _ => false,
    });
    let Some((opened, opener)) = opener else {
        return ("yaml.flow", "quote a value that begins with a brace or bracket".to_owned(), None);
    };
    let closer = if opener == '{' { '}' } else { ']' };
    let is_closed = here.span.contains(&opened)
        && here.text.get(at.saturating_sub(here.span.start)..).is_some_and(|t| t.contains(closer));
    if is_closed {
        let remedy = "put a comma between two items, and quote an item that holds one or a quote";
        return ("yaml.flow", remedy.to_owned(), None);
    }
    let remedy = format!(
        "close the `{closer}`, or quote the value, if it is a text that begins with `{opener}`"
    );
    let label = format!("this `{opener}` is never closed");
    ("yaml.flow", remedy, Some((opened..opened + 1, label)))
}

/// Lines that do not fit together.
fn structure(
    problem: &str,
    text: &str,
    here: &Line<'_>,
    at: usize,
) -> (&'static str, String, Culprit) {
    let before = Line::all(text).rev().find(|line| line.number < here.number && line.says());
    if let Some(line) = word_before(text, here).or_else(|| here.if_word()) {
        return no_colon(&line);
    }
    let inside = here.text.get(..at.saturating_sub(here.span.start)).unwrap_or_default();
    if problem.contains("mapping values are not")
        && let Some((name, _)) = inside.split_once(": ")
    {
        let value = here.text.get(name.len() + 2..).unwrap_or_default().trim();
        let shown = if value.contains(['"', '\'', '\\', '#']) {
            String::new()
        } else {
            format!(": `{}: \"{value}\"`", name.trim_start())
        };
        return ("yaml.colon", format!("quote the value, which holds a `: `{shown}"), None);
    }
    let Some(before) = before.filter(|line| line.lead() != here.lead()) else {
        return ("yaml.indentation", LEVEL.to_owned(), None);
    };
    let wanted = levels(text, here);
    if wanted.is_empty() {
        return ("yaml.indentation", LEVEL.to_owned(), None);
    }
    let label = format!(
        "this line is indented by {}, the one before by {}",
        blanks(here.lead()),
        before.lead()
    );
    ("yaml.indentation", format!("give it {}", wanted.join(", or ")), Some((here.trimmed(), label)))
}

/// The line without a colon at which the reader stopped, or before it, and what to do about it.
pub(super) fn without_colon(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let here = Line::around(text, at);
    let line = word_before(text, &here).or_else(|| here.if_word())?;
    let (_, remedy, culprit) = no_colon(&line);
    Some((culprit?.0, remedy))
}

/// The word before a line where a name should be, with what YAML took for more of that word.
fn word_before<'t>(text: &'t str, here: &Line<'_>) -> Option<Line<'t>> {
    let mut before = Line::all(text).rev().filter(|line| line.number < here.number && line.says());
    before
        .find(|line| line.lead() <= here.lead() || line.text.contains(':'))
        .filter(|line| line.lacks_colon_before(here))
}

fn no_colon(line: &Line<'_>) -> (&'static str, String, Culprit) {
    let text = line.text.trim();
    let remedy = match text.split_once(':') {
        Some((name, value)) if !name.contains(['"', '\'', ' ']) => {
            format!("write a blank after the colon: `{name}: {value}`")
        }
        _ if text.trim_start_matches("- ").contains([' ', '"', '\'']) => {
            "write the line as `name: value`; a text of several lines is indented below its name"
                .to_owned()
        }
        _ => format!("write a colon behind the name: `{text}:`"),
    };
    ("yaml.colon", remedy, Some((line.trimmed(), "this line has no `: `".to_owned())))
}

/// The indentations that a line can have after those before it, the nearest on either side.
fn levels(text: &str, here: &Line<'_>) -> Vec<String> {
    let mut open: Vec<(usize, String)> = Vec::new();
    for line in Line::all(text).filter(|line| line.number < here.number && line.says()) {
        let (mut lead, mut rest) = (line.lead(), line.text.trim());
        open.retain(|(level, _)| *level < lead);
        while let Some(item) = rest.strip_prefix("- ") {
            if here.text.trim().starts_with("- ") {
                open.push((lead, "the items (`- `)".to_owned()));
            }
            lead += rest.len() - item.trim_start().len();
            rest = item.trim_start();
        }
        if let Some((name, _)) = rest.split_once(':') {
            open.push((lead, format!("`{name}`")));
        }
    }
    let lead = here.lead();
    let deeper = open.iter().find(|(level, _)| *level > lead);
    let outer = open.iter().rev().find(|(level, _)| *level < lead);
    let told =
        |(level, name): &(usize, String)| format!("{} to stand beside {name}", blanks(*level));
    deeper.into_iter().chain(outer).map(told).collect()
}

fn blanks(count: usize) -> String {
    match count {
        0 => "no blanks".to_owned(),
        1 => "1 blank".to_owned(),
        n => format!("{n} blanks"),
    }
}
