//! Objects that are like one that was read before but for some words, as the objects of a fleet's
//! instances are: they need not be read once more.
//!
//! Two texts are alike when only words differ that begin with a letter or stand in quotes: such a
//! word is text in YAML wherever it stands as a value, so what holds of one text holds of the other.
//! Whatever is not certain makes a text unlike, and it is read in full. So nothing here needs to
//! be complete, but a head that comes from here must be the one that [`Head::read`] gives; the
//! tests compare the two.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use yaml::Meaning;

use super::head::Head;
use crate::values::DocumentError;

/// The objects that templates have printed, to compare further ones with.
#[derive(Default)]
pub struct Models(RefCell<Known>);

/// A template, the likeness of its file (see [`crate::engine::Rendered`]), and the place of an object
/// in it.
type Spot<P> = (P, Option<u64>, usize);

#[derive(Default)]
struct Known {
    slots: HashMap<Spot<Arc<str>>, Slot>,
    bytes: usize,
}

#[derive(Default)]
struct Slot {
    model: Option<Model>,
    misses: u8,
}

/// What was unlike so often is no longer compared.
const MAX_MISSES: u8 = 4;
/// When there is more text than this, or more objects, all are forgotten.
const MAX_BYTES: usize = 24 << 20;
const MAX_SLOTS: usize = 50_000;

impl Models {
    /// The head of the object that stands at that place of a file.
    pub(super) fn head(&self, spot: Spot<&Arc<str>>, text: &[u8]) -> Result<Head, DocumentError> {
        let Known { slots, bytes } = &mut *self.0.borrow_mut();
        if *bytes > MAX_BYTES || slots.len() > MAX_SLOTS {
            slots.clear();
            *bytes = 0;
        }
        let (path, likeness, place) = spot;
        let slot = slots.entry((Arc::clone(path), likeness, place)).or_default();
        if let Some(head) = slot.model.as_ref().and_then(|model| model.head_of(text)) {
            return Ok(head);
        }
        let head = Head::read(text)?;
        if slot.misses < MAX_MISSES {
            slot.misses += 1;
            *bytes -= slot.model.take().map_or(0, |model| model.text.len());
            slot.model = Model::of(text, &head);
            *bytes += slot.model.as_ref().map_or(0, |model| model.text.len());
        }
        Ok(head)
    }
}

/// An object that was read, to compare others with.
struct Model {
    text: Vec<u8>,
    head: Head,
    /// Where `metadata.name` stands, without quotes.
    name: Range<usize>,
    /// Where the lines of the annotations stand, and the column of their keys.
    annotations: Option<(Range<usize>, usize)>,
    /// What must be the same in both: the other lines that the head comes from.
    fixed: Vec<Range<usize>>,
}

impl Model {
    /// A model of an object of the plain shape; none for others.
    fn of(text: &[u8], head: &Head) -> Option<Self> {
        // Other line breaks than LF are not looked for.
        if !text.is_ascii() || memchr::memchr(b'\r', text).is_some() {
            return None;
        }
        let mut finder = Finder::default();
        let mut at = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            finder.line(line.trim_ascii_end(), at)?;
            at += line.len();
        }
        let (name, annotations, fixed) = finder.finish(at)?;
        let has_alias = |place: &Range<usize>| has_alias(&text[place.clone()]);
        let has_name =
            text.get(name.clone()) == Some(head.name.as_bytes()) && yaml::is_word(&head.name);
        if !has_name || annotations.iter().chain(&fixed).any(has_alias) {
            return None;
        }
        let annotations = match annotations {
            Some(place) => {
                let column = column_of_keys(&text[place.clone()], head.annotations.len())?;
                Some((place, column))
            }
            None => None,
        };
        Some(Self { text: text.to_vec(), head: head.clone(), name, annotations, fixed })
    }

    /// The head of `text`, if that is like the model.
    fn head_of(&self, text: &[u8]) -> Option<Head> {
        let model = self.text.as_slice();
        let (mut ours, mut theirs) = (0, 0);
        let mut head = self.head.clone();
        loop {
            let same = common_prefix(&model[ours..], &text[theirs..]);
            ours += same;
            theirs += same;
            if ours == model.len() && theirs == text.len() {
                break;
            }
            let line = line_around(model, ours);
            let start = theirs.checked_sub(ours - line.start)?;
            let other = start..line_around(text, theirs).end;
            let (one, another) = (model.get(line.clone())?, text.get(other.clone())?);
            let ends_alike = (line.end == model.len()) == (other.end == text.len());
            if one == another || !ends_alike {
                // It is the line breaks that differ.
                return None;
            }
            is_word_other(one, another, ours - line.start)?;
            let overlaps = |place: &Range<usize>| place.start < line.end && line.start < place.end;
            if self.fixed.iter().any(overlaps) {
                return None;
            }
            if overlaps(&self.name) {
                // What follows the name on its line is the same.
                let after = line.end - self.name.end;
                let place = start + (self.name.start - line.start)..other.end.checked_sub(after)?;
                std::str::from_utf8(text.get(place)?).ok()?.clone_into(&mut head.name);
                if !yaml::is_word(&head.name) {
                    return None;
                }
            }
            if let Some((_, keys)) = self.annotations.as_ref().filter(|(place, _)| overlaps(place))
            {
                // What is deeper belongs to the text of one.
                let is_entry = column(one) == *keys;
                is_entry.then(|| annotate(&mut head, one, another))??;
            }
            (ours, theirs) = (line.end, other.end);
        }
        Some(head)
    }
}

/// The column where the lines below `annotations:` have their keys, if each of the `number` entries has
/// one and no key is there twice.
fn column_of_keys(lines: &[u8], number: usize) -> Option<usize> {
    let lines = lines.split(|byte| *byte == b'\n').skip(1);
    let is_content = |line: &&[u8]| !matches!(line.trim_ascii_start(), [] | [b'#', ..]);
    let mut columns = lines.filter(is_content).map(column);
    let Some(first) = columns.next() else { return (number == 0).then_some(0) };
    let others = columns.filter(|column| *column == first).count();
    (others + 1 == number).then_some(first)
}

/// Where a line's content begins.
fn column(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

/// Puts what an annotation's line says in the place of what it said.
fn annotate(head: &mut Head, old: &[u8], new: &[u8]) -> Option<()> {
    let (key, was) = annotation(old)?;
    let (_, is) = annotation(new)?;
    let mut known = head.annotations.iter_mut().filter(|(own, _)| own.as_bytes() == key);
    let (Some((_, value)), None) = (known.next(), known.next()) else { return None };
    if value.as_bytes() != was {
        return None;
    }
    std::str::from_utf8(is).ok()?.clone_into(value);
    Some(())
}

/// The key and the value of a line, when both are plain or quoted words.
fn annotation(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii();
    let at = memchr::memmem::find(line, b": ")?;
    let (key, value) = (&line[..at], line[at + 2..].trim_ascii_start());
    let value = match value {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        plain => {
            let text = std::str::from_utf8(plain).ok()?;
            let is_text = is_text_word(plain) && yaml::resolve(text) == Meaning::Text;
            is_text.then_some(plain)?
        }
    };
    let is_text = !value.iter().any(|byte| b" \\'\"".contains(byte));
    (is_text && !key.iter().any(|byte| b" '\"".contains(byte))).then_some((key, value))
}

/// Whether something in the lines may stand for something elsewhere.
fn has_alias(lines: &[u8]) -> bool {
    memchr::memchr_iter(b'*', lines).any(|at| {
        let before = lines[..at].iter().rfind(|byte| **byte != b' ');
        before.is_none_or(|before| b":-,[{\n".contains(before))
    })
}

/// The line around a place, without its end.
fn line_around(text: &[u8], at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |before| before + 1);
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
    start..end
}

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let mut same = 0;
    for (a, b) in one.chunks(BLOCK).zip(other.chunks(BLOCK)) {
        if a != b {
            return same + a.iter().zip(b).take_while(|(a, b)| a == b).count();
        }
        same += a.len();
    }
    same
}

/// Whether two lines, the same before `from`, differ in nothing but a part of one word, which is
/// text in both. A word that is a key may be there twice, and a number too large.
fn is_word_other<'l>(one: &'l [u8], other: &'l [u8], from: usize) -> Option<()> {
    let (a, b) = (one.get(from..)?, other.get(from..)?);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let begin = memchr::memrchr(b' ', &one[..from]).map_or(0, |space| space + 1);
    let tail = &one[one.len() - after..];
    let ends_key = |colon: usize| {
        let before = [colon.checked_sub(2), colon.checked_sub(1)].map(|at| Some(tail[at?]));
        let is_after_quote =
            matches!(before, [escape, Some(b'"' | b'\'')] if escape != Some(b'\\'));
        is_after_quote || tail.get(colon + 1).is_none_or(|next| matches!(next, b' ' | b'\t'))
    };
    let is_key = one[..from].ends_with(b":") || memchr::memchr_iter(b':', tail).any(ends_key);
    let word = |line: &'l [u8]| {
        let end = memchr::memchr(b' ', &line[line.len() - after..]);
        let end = end.map_or(line.len(), |space| line.len() - after + space);
        // The difference has no space, so it ends with the word, if it is one.
        line.get(begin..end).filter(|_| from <= end).unwrap_or_default()
    };
    let has_space = |line: &[u8]| memchr::memchr(b' ', &line[from..line.len() - after]).is_some();
    let is_one_word = !has_space(one) && !has_space(other);
    let (one, other) = (word(one), word(other));
    let is_text = |word| is_text_word(word) || is_small_number(word);
    let is_alike = is_text(one) && is_text(other) || opens_text(one) && opens_text(other);
    (is_one_word && !is_key && is_alike).then_some(())
}

/// Letters, digits and the signs that mean nothing in a word.
const IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'.' | b'/' | b':' | b'-' | b'_' | b'@' | b'+' | b'=');
        byte += 1;
    }
    table
};

/// Whether a word is text wherever it stands as a value: it begins as no number does, or it stands in
/// quotes, and no sign in it means anything.
fn is_text_word(word: &[u8]) -> bool {
    let is_plain = |byte: &u8| IS_PLAIN[usize::from(*byte)];
    match word {
        [b'"', inner @ .., b'"'] => is_closed_text(inner),
        [b'\'', inner @ .., b'\''] => {
            inner.iter().all(|byte| is_shown(*byte) && !b"'\"\\".contains(byte))
        }
        // Numbers have no letter but `e`, or a letter after a zero at their beginning.
        [.., b':'] | [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..] => false,
        [b'0'..=b'9', rest @ ..] => {
            let is_letter = |byte: &u8| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E');
            rest.iter().all(is_plain) && rest.iter().any(is_letter)
        }
        [b'-', b'-', first, ..] | [first, ..] if first.is_ascii_alphabetic() => {
            word.iter().all(is_plain)
        }
        _ => false,
    }
}

/// Whether a word opens a text in double quotes that goes on in further words.
fn opens_text(word: &[u8]) -> bool {
    matches!(word, [b'"', inner @ ..] if is_closed_text(inner))
}

/// Whether a word is a number that everything can have.
fn is_small_number(word: &[u8]) -> bool {
    matches!(word, [b'1'..=b'9', rest @ ..] if rest.len() < 9 && rest.iter().all(u8::is_ascii_digit))
}

/// Whether a text within double quotes ends where it seems to: each escape is a sign of its own.
fn is_closed_text(mut inner: &[u8]) -> bool {
    loop {
        inner = match inner {
            [] => return true,
            [b'\\', b'"' | b'\\' | b'n' | b't', rest @ ..] => rest,
            [b'"' | b'\'' | b'\\', ..] => return false,
            [shown, rest @ ..] if is_shown(*shown) => rest,
            _ => return false,
        };
    }
}

/// Others than these may be line breaks, or forbidden in YAML.
fn is_shown(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

/// Finds the parts of the head in the lines of an object, as long as they are of the plain shape:
/// every quotation and every bracket is closed on its line, and what stands at the margin is a key.
#[derive(Default)]
struct Finder {
    /// How often each of the keys was there.
    seen: [u8; 3],
    in_metadata: bool,
    /// The column of the keys in `metadata`.
    column: Option<usize>,
    /// Where the annotations begin, while they go on.
    annotations: Option<usize>,
    has_annotations: bool,
    annotated: Option<Range<usize>>,
    name: Option<Range<usize>>,
    fixed: Vec<Range<usize>>,
}

impl Finder {
    /// Takes a line that begins at `at`.
    fn line(&mut self, line: &[u8], at: usize) -> Option<()> {
        let content = line.trim_ascii_start();
        let count = |sign: u8| memchr::memchr_iter(sign, content).count();
        let is_closed = quotes_are_closed(content)
            && count(b'{') == count(b'}')
            && count(b'[') == count(b']')
            && count(b'\t') == 0
            // Tags may ask more of a text.
            && count(b'!') == 0;
        if !is_closed {
            return None;
        }
        let column = line.len() - content.len();
        match content.first() {
            None | Some(b'#') => Some(()),
            // Items may stand in the column of their key.
            Some(b'-') if content.get(1).is_none_or(|next| *next == b' ') => Some(()),
            // A key that takes lines of its own.
            Some(b'?') => None,
            Some(_) if column == 0 => self.key(line, at),
            Some(_) if self.in_metadata => self.metadata(content, column, at + column),
            Some(_) => Some(()),
        }
    }

    /// A key at the margin.
    fn key(&mut self, line: &[u8], at: usize) -> Option<()> {
        self.end_annotations(at);
        self.in_metadata = false;
        let (key, value) = key_and_value(line)?;
        let known = ["apiVersion", "kind", "metadata"];
        let Some(place) = known.iter().position(|name| key.eq_ignore_ascii_case(name.as_bytes()))
        else {
            return Some(());
        };
        self.seen[place] += 1;
        if known[place].as_bytes() != key || self.seen[place] > 1 {
            return None;
        }
        if key == b"metadata" {
            self.in_metadata = value.is_empty();
            return self.in_metadata.then_some(());
        }
        self.fixed.push(at..at + line.len());
        (!value.is_empty()).then_some(())
    }

    /// A line in `metadata` that has some content.
    fn metadata(&mut self, content: &[u8], column: usize, at: usize) -> Option<()> {
        let own = *self.column.get_or_insert(column);
        if column != own {
            return (column > own).then_some(());
        }
        self.end_annotations(at - column);
        let (key, value) = key_and_value(content)?;
        if key.eq_ignore_ascii_case(b"annotations") {
            let is_first = !std::mem::replace(&mut self.has_annotations, true);
            self.annotations = Some(at);
            return (is_first && key == b"annotations").then_some(());
        }
        if key.eq_ignore_ascii_case(b"name") {
            let quotes = usize::from(matches!(value.first(), Some(b'"' | b'\'')));
            let start = at + content.len() - value.len() + quotes;
            let end = at + content.len() - quotes;
            let is_first = self.name.replace(start..end).is_none();
            return (is_first && key == b"name" && start <= end).then_some(());
        }
        Some(())
    }

    fn end_annotations(&mut self, at: usize) {
        if let Some(start) = self.annotations.take() {
            self.annotated = Some(start..at);
        }
    }

    /// The places of the name and the annotations, and what is fixed.
    fn finish(mut self, end: usize) -> Option<Found> {
        self.end_annotations(end);
        let name = self.name.filter(|_| self.seen == [1; 3])?;
        Some((name, self.annotated, self.fixed))
    }
}

type Found = (Range<usize>, Option<Range<usize>>, Vec<Range<usize>>);

/// Whether quotes that are opened are closed. A quote within a plain text counts, too, so some lines
/// seem open that are not.
fn quotes_are_closed(line: &[u8]) -> bool {
    let mut open = None;
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        match (open, byte) {
            (None, b'"' | b'\'') => open = Some(*byte),
            (Some(b'"'), b'\\') => {
                bytes.next();
            }
            (Some(quote), byte) if quote == *byte => open = None,
            _ => {}
        }
    }
    open.is_none()
}

/// `key: value` or `key:`, where the key is a word.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    let (key, rest) = (&line[..colon], &line[colon + 1..]);
    let is_word = key.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let is_key = !key.is_empty() && is_word && rest.first().is_none_or(|next| *next == b' ');
    is_key.then(|| (key, rest.trim_ascii_start()))
}

#[cfg(test)]
mod tests;
