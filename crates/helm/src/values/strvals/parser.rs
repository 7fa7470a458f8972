//! Keys, indices and values of a `--set` text.
//!
//! Where Helm's parser meets the end of the text it returns `io.EOF` through all levels, and its
//! callers differ in what they have stored by then; [`Stop::End`] is that, and the order of
//! storing here is Helm's.

use gotmpl::value::SharedStr;

use super::json::parse_json_prefix;
use super::node::{Node, Tree};
use super::scanner::Scanner;
use super::{MAX_INDEX, MAX_NESTED_LISTS, MAX_NESTED_NAME_LEVEL, Reading, Room, SetError};
use crate::values::plain::Plain;

/// Why reading does not go on.
enum Stop {
    /// The text is at its end, which is no fault.
    End,
    /// The text is not of the grammar.
    Fault(SetError),
}

impl<E: Into<SetError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// A value, or the finding that there is no list here.
enum Braces {
    List(Vec<Node>),
    None,
    End,
}

/// How deep a key has gone.
#[derive(Clone, Copy)]
struct Depth {
    names: usize,
    lists: usize,
}

/// Reads one text.
pub(super) struct Parser<'text, 'run, 'room> {
    scanner: Scanner<'text>,
    reading: Reading<'run>,
    room: &'room mut Room,
}

impl<'text, 'run, 'room> Parser<'text, 'run, 'room> {
    /// A parser at the beginning of `text`.
    pub(super) fn new(text: &'text str, reading: Reading<'run>, room: &'room mut Room) -> Self {
        Self { scanner: Scanner::new(text), reading, room }
    }

    /// Sets in `data` all that the text says.
    pub(super) fn parse(&mut self, data: &mut Tree) -> Result<(), SetError> {
        loop {
            match self.key(data, Depth { names: 0, lists: 0 }) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Fault(error)) => return Err(error),
            }
        }
    }

    fn is_literal(&self) -> bool {
        matches!(self.reading, Reading::Literal)
    }

    fn key(&mut self, data: &mut Tree, depth: Depth) -> Result<(), Stop> {
        let literal = self.is_literal();
        let stops: &[char] = if literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let (key, stop) = self.scanner.until(stops, !literal);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(SetError::NoValue(strconv::quote(key.as_bytes())).into()),
            Some('[') => self.key_with_index(data, &key, depth),
            Some('=') => self.key_with_value(data, &key),
            Some(',') => Err(SetError::EndsWithComma(strconv::quote(key.as_bytes())).into()),
            Some(_) => self.key_with_name(data, &key, depth),
        }
    }

    fn key_with_index(&mut self, data: &mut Tree, key: &str, depth: Depth) -> Result<(), Stop> {
        let index = self.index()?;
        if let Some(node) = data.get_mut(key.as_bytes()) {
            let list = node.as_list().map_err(not_a_list)?;
            return self.item(list, index, depth);
        }
        let mut list = Vec::new();
        let result = self.item(&mut list, index, depth);
        store(data, key, Node::List(list));
        result
    }

    fn key_with_name(&mut self, data: &mut Tree, key: &str, depth: Depth) -> Result<(), Stop> {
        let depth = Depth { names: depth.names + 1, ..depth };
        if depth.names > MAX_NESTED_NAME_LEVEL {
            return Err(SetError::TooManyNames.into());
        }
        let mut made = Tree::new();
        let existing = match data.get_mut(key.as_bytes()) {
            Some(node) => Some(node.as_map().map_err(not_a_map)?),
            None => None,
        };
        let is_new = existing.is_none();
        let inner = existing.unwrap_or(&mut made);
        let result = self.key(inner, depth);
        if result.is_ok() && inner.is_empty() {
            return Err(SetError::EmptyMap(strconv::quote(key.as_bytes())).into());
        }
        if is_new && !made.is_empty() {
            store(data, key, Node::Map(made));
        }
        result
    }

    fn key_with_value(&mut self, data: &mut Tree, key: &str) -> Result<(), Stop> {
        if self.is_literal() {
            let (text, _) = self.scanner.until(&[], false);
            store(data, key, text_node(&text));
            return Ok(());
        }
        if matches!(self.reading, Reading::Json) {
            let value = self.json()?;
            store(data, key, value);
            return Ok(());
        }
        match self.braces()? {
            Braces::List(items) => store(data, key, Node::List(items)),
            Braces::End => {
                store(data, key, text_node(""));
                return Err(Stop::End);
            }
            Braces::None => {
                let value = self.value()?;
                store(data, key, value);
            }
        }
        Ok(())
    }

    /// The number between `[` and `]`.
    fn index(&mut self) -> Result<i64, Stop> {
        let escapes = !self.is_literal();
        let (text, stop) = self.scanner.until(&[']'], escapes);
        if stop.is_none() {
            return Err(Stop::End);
        }
        strconv::parse_int(text.as_bytes(), 10, 64)
            .map_err(|fault| SetError::Index(fault.of("Atoi", text.as_bytes()).to_string()).into())
    }

    fn set_index(&mut self, list: &mut Vec<Node>, at: usize, value: Node) -> Result<(), Stop> {
        let index = i64::try_from(at).unwrap_or(i64::MAX);
        if index > MAX_INDEX {
            return Err(SetError::IndexTooLarge(index).into());
        }
        let missing = (at + 1).saturating_sub(list.len());
        self.room.0 = self.room.0.checked_sub(missing).ok_or(SetError::TooManyElements)?;
        while list.len() <= at {
            list.push(Node::Frozen(Plain::Null));
        }
        list[at] = value;
        Ok(())
    }

    /// What follows `]`: a value, a further index or a name.
    fn item(&mut self, list: &mut Vec<Node>, index: i64, depth: Depth) -> Result<(), Stop> {
        let at = usize::try_from(index).map_err(|_| SetError::NegativeIndex(index))?;
        let depth = Depth { lists: depth.lists + 1, ..depth };
        if depth.lists > MAX_NESTED_LISTS {
            return Err(SetError::TooManyLists.into());
        }
        let escapes = !self.is_literal();
        let (extra, stop) = self.scanner.until(&['[', '.', '='], escapes);
        if !extra.is_empty() {
            return Err(SetError::AfterIndex(quote_runes(&extra)).into());
        }
        match stop {
            None => Err(Stop::End),
            Some('=') => {
                let value = self.item_value()?;
                self.set_index(list, at, value)
            }
            Some('[') => self.nested_list(list, at, depth),
            Some(_) => self.nested_map(list, at, depth),
        }
    }

    fn item_value(&mut self) -> Result<Node, Stop> {
        match self.reading {
            Reading::Literal => Ok(text_node(&self.scanner.until(&[], false).0)),
            Reading::Json => self.json(),
            _ => match self.braces()? {
                Braces::List(items) => Ok(Node::List(items)),
                Braces::End => Ok(text_node("")),
                Braces::None => self.value(),
            },
        }
    }

    fn nested_list(&mut self, list: &mut Vec<Node>, at: usize, depth: Depth) -> Result<(), Stop> {
        let index = self.index()?;
        match list.get_mut(at).filter(|node| !node.is_null()) {
            Some(node) => {
                let inner = node.as_list().map_err(not_a_list)?;
                self.item(inner, index, depth)
            }
            None => {
                let mut inner = Vec::new();
                self.item(&mut inner, index, depth)?;
                self.set_index(list, at, Node::List(inner))
            }
        }
    }

    /// A name within an item: what is there and no map gives way to one.
    fn nested_map(&mut self, list: &mut Vec<Node>, at: usize, depth: Depth) -> Result<(), Stop> {
        let Some(node) = list.get_mut(at) else {
            let mut inner = Tree::new();
            self.key(&mut inner, depth)?;
            return self.set_index(list, at, Node::Map(inner));
        };
        if node.as_map().is_err() {
            *node = Node::Map(Tree::new());
        }
        let inner = node.as_map().map_err(not_a_map)?;
        self.key(inner, depth)
    }

    /// `{a,b}` and the comma that may follow it.
    fn braces(&mut self) -> Result<Braces, Stop> {
        match self.scanner.peek() {
            None => return Ok(Braces::End),
            Some('{') => self.scanner.next(),
            Some(_) => return Ok(Braces::None),
        };
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.scanner.until(&[',', '}'], true);
            let Some(stop) = stop else {
                return Err(SetError::OpenList.into());
            };
            if stop == '}' && self.scanner.peek() == Some(',') {
                self.scanner.next();
            }
            items.push(self.converted(&text)?);
            if stop == '}' {
                return Ok(Braces::List(items));
            }
        }
    }

    /// A value up to the next comma or the end.
    fn value(&mut self) -> Result<Node, Stop> {
        let (text, _) = self.scanner.until(&[','], true);
        Ok(self.converted(&text)?)
    }

    fn converted(&mut self, text: &str) -> Result<Node, SetError> {
        match &mut self.reading {
            Reading::Typed => Ok(Node::Frozen(typed(text))),
            Reading::File(read) => read(text).map(Node::Frozen).map_err(SetError::File),
            _ => Ok(text_node(text)),
        }
    }

    fn json(&mut self) -> Result<Node, Stop> {
        if self.scanner.skip_empty_value() {
            return Ok(Node::Frozen(Plain::Null));
        }
        let (value, length) = parse_json_prefix(self.scanner.rest())?;
        self.scanner.skip(length);
        self.scanner.skip_empty_value();
        Ok(Node::Frozen(value))
    }
}

/// Go's `data[key] = value`, save that an empty key is not set.
fn store(data: &mut Tree, key: &str, value: Node) {
    if !key.is_empty() {
        data.insert(SharedStr::from(key), value);
    }
}

fn text_node(text: &str) -> Node {
    Node::Frozen(Plain::from(text))
}

/// `--set`'s idea of types: the words true, false and null in any case, integers that do not
/// begin with 0, else text.
fn typed(text: &str) -> Plain {
    if folds_to(text, "true") {
        return Plain::Bool(true);
    }
    if folds_to(text, "false") {
        return Plain::Bool(false);
    }
    if folds_to(text, "null") {
        return Plain::Null;
    }
    if text == "0" {
        return Plain::Int(0);
    }
    if !text.starts_with('0')
        && let Ok(number) = strconv::parse_int(text.as_bytes(), 10, 64)
    {
        return Plain::Int(number);
    }
    Plain::from(text)
}

/// Go's `strings.EqualFold` with a lower-case ASCII word: the long s counts as an s.
fn folds_to(text: &str, word: &str) -> bool {
    let folded = |c: char| if c == 'ſ' { 's' } else { c.to_ascii_lowercase() };
    text.chars().map(folded).eq(word.chars())
}

/// Go's `%q` of a `[]rune`.
fn quote_runes(text: &str) -> String {
    let quoted = |c: char| strconv::quote_rune(u32::from(c), strconv::Quoting::Printable);
    format!("[{}]", text.chars().map(quoted).collect::<Vec<_>>().join(" "))
}

fn not_a_list(found: &'static str) -> SetError {
    SetError::WrongType { found, wanted: "[]interface {}" }
}

fn not_a_map(found: &'static str) -> SetError {
    SetError::WrongType { found, wanted: "map[string]interface {}" }
}
