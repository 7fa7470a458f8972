//! Reading TOML: tables, arrays of tables, dotted keys; what may be defined when, as `BurntSushi`'s
//! parser decides it. Single values are read in `value`.

mod value;

use std::collections::BTreeMap;

use gotmpl::value::{Elem, List, Map, MapType, Str, Value};

use super::cursor::Cursor;
use crate::time::Zone;

/// What is wrong with a TOML text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("toml: line {line}{}: {message}", last_key(.key))]
pub struct SyntaxError {
    /// The line, from one.
    pub line: usize,
    /// The dotted key under which the fault was met; may be empty.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

fn last_key(key: &str) -> String {
    if key.is_empty() {
        String::new()
    } else {
        format!(" (last key {})", strconv::quote(key.as_bytes()))
    }
}

/// Parts of one dotted key; each is a table in the one before, and files written by hand have few.
const MAX_PARTS: usize = 500;

/// A zero among the first bytes tells UTF-16.
const NUL_WINDOW: usize = 6;

/// A table under construction.
#[derive(Default)]
pub(super) struct Table {
    entries: BTreeMap<Str, Node>,
}

enum Node {
    Leaf(Value),
    Table { table: Table, implicit: bool },
    Tables(Vec<Table>),
}

impl Table {
    fn into_map(self) -> Map {
        let entries = self.entries.into_iter().map(|(key, node)| {
            let value = match node {
                Node::Leaf(value) => value,
                Node::Table { table, .. } => table.into_map().into(),
                Node::Tables(tables) => {
                    let maps = tables.into_iter().map(|table| table.into_map().into()).collect();
                    List::new(Elem::Map, maps).into()
                }
            };
            (key, value)
        });
        Map::typed(&MapType::ANY, entries.collect())
    }

    /// The table at that path, tables on the way made as needed. `Err` is the length of the part of
    /// the path where something else stands.
    fn descend(&mut self, path: &[Str]) -> Result<&mut Self, usize> {
        let mut table = self;
        for (index, part) in path.iter().enumerate() {
            let node = table
                .entries
                .entry(part.clone())
                .or_insert_with(|| Node::Table { table: Self::default(), implicit: true });
            table = match node {
                Node::Table { table, .. } => table,
                Node::Tables(tables) => tables.last_mut().ok_or(index + 1)?,
                Node::Leaf(_) => return Err(index + 1),
            };
        }
        Ok(table)
    }
}

/// A dotted key, its parts in quotes where they are not bare.
fn dotted(key: &[Str]) -> String {
    String::from_utf8_lossy(&super::encode::dotted(key)).into_owned()
}

/// Reads a TOML document into a map. Times with an offset that is the local zone's are in that zone.
pub fn decode(text: &[u8], zone: &Zone) -> Result<Map, SyntaxError> {
    let text = [b"\xFF\xFE", b"\xFE\xFF"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark.as_slice()))
        .unwrap_or(text);
    if text.iter().take(NUL_WINDOW).any(|byte| *byte == 0) {
        let message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be \
                       UTF-8";
        return Err(SyntaxError { line: 1, key: String::new(), message: message.to_owned() });
    }
    let mut parser = Parser {
        cursor: Cursor::new(text),
        root: Table::default(),
        context: Vec::new(),
        key: String::new(),
        zone,
        text_start: 0,
    };
    parser.document()?;
    Ok(parser.root.into_map())
}

struct Parser<'text> {
    cursor: Cursor<'text>,
    root: Table,
    /// The table that the last header opened.
    context: Vec<Str>,
    /// What Go names as the last key.
    key: String,
    /// The local zone.
    zone: &'text Zone,
    /// Where the last text in quotes began.
    text_start: usize,
}

impl Parser<'_> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        if let Some(fault) = self.cursor.fault() {
            let (line, message) = (fault.line, fault.message.clone());
            return Err(SyntaxError { line, key: self.key.clone(), message });
        }
        Err(SyntaxError {
            line: self.cursor.reported_line(),
            key: self.key.clone(),
            message: message.into(),
        })
    }

    /// The same where Go has taken the rune that is wrong: a line break has then been counted.
    fn fail_at_rune<T>(&self, message: String) -> Result<T, SyntaxError> {
        let line = self.cursor.line() + usize::from(self.cursor.peek() == Some(b'\n'));
        match self.fail(message) {
            Err(error) if self.cursor.fault().is_none() && self.cursor.peek().is_some() => {
                Err(SyntaxError { line, ..error })
            }
            other => other,
        }
    }

    fn document(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.cursor.skip_blank_lines();
            if self.cursor.passed_fault() {
                return self.fail("");
            }
            match self.cursor.peek() {
                None => return Ok(()),
                Some(b'[') => self.header()?,
                Some(_) => self.pair()?,
            }
            if self.cursor.passed_fault() {
                return self.fail("");
            }
            self.end_of_line()?;
        }
    }

    /// One more part of a dotted key.
    fn add_part(&mut self, path: &mut Vec<Str>) -> Result<(), SyntaxError> {
        if path.len() == MAX_PARTS {
            return self.fail(format!("the key has more than {MAX_PARTS} parts"));
        }
        path.push(self.key_part()?);
        Ok(())
    }

    fn end_of_line(&mut self) -> Result<(), SyntaxError> {
        self.cursor.skip_spaces();
        self.cursor.skip_comment();
        if self.cursor.fault().is_some() {
            self.key = dotted(&self.context);
            return self.fail("");
        }
        match self.cursor.peek() {
            None | Some(b'\n' | b'\r') => Ok(()),
            Some(_) => {
                self.key = dotted(&self.context);
                let found = self.cursor.quoted();
                self.fail(format!(
                    "expected a top-level item to end with a newline, comment, or EOF, but got \
                     {found} instead"
                ))
            }
        }
    }

    /// `[a.b]` or `[[a.b]]`.
    fn header(&mut self) -> Result<(), SyntaxError> {
        self.key = dotted(&self.context);
        self.cursor.bump();
        let array = self.cursor.eat(b'[');
        let mut path = Vec::new();
        loop {
            self.cursor.skip_spaces();
            match self.cursor.peek() {
                None | Some(b']') => {
                    return self.fail("unexpected end of table name (table names cannot be empty)");
                }
                Some(b'.') => {
                    return self.fail("unexpected table separator (table names cannot be empty)");
                }
                Some(_) => self.add_part(&mut path)?,
            }
            self.cursor.skip_spaces();
            if self.cursor.eat(b'.') {
                continue;
            }
            if self.cursor.eat(b']') {
                break;
            }
            let found = self.cursor.quoted();
            return self.fail_at_rune(format!(
                "expected '.' or ']' to end table name, but got {found} instead"
            ));
        }
        if array && !self.cursor.eat(b']') {
            let found = self.cursor.quoted();
            return self.fail(format!(
                "expected end of table array name delimiter ']', but got {found} instead"
            ));
        }
        self.open(path, array)
    }

    fn open(&mut self, path: Vec<Str>, array: bool) -> Result<(), SyntaxError> {
        let Some((last, parents)) = path.split_last() else { return Ok(()) };
        self.key = dotted(parents);
        let full = dotted(&path);
        let parent = match self.root.descend(parents) {
            Ok(parent) => parent,
            Err(length) => {
                let taken = dotted(&path[..length]);
                self.key = dotted(&self.context);
                return self.fail(format!("Key '{taken}' was already created as a hash."));
            }
        };
        let fault = match (parent.entries.get_mut(last.as_bytes()), array) {
            (None, true) => {
                parent.entries.insert(last.clone(), Node::Tables(vec![Table::default()]));
                None
            }
            (None, false) => {
                let node = Node::Table { table: Table::default(), implicit: false };
                parent.entries.insert(last.clone(), node);
                None
            }
            (Some(Node::Tables(tables)), true) => {
                tables.push(Table::default());
                None
            }
            (Some(_), true) => {
                Some(format!("Key '{full}' was already created and cannot be used as an array."))
            }
            (Some(Node::Table { implicit, .. }), false) if *implicit => {
                *implicit = false;
                None
            }
            (Some(_), false) => Some(format!("Key '{full}' has already been defined.")),
        };
        if let Some(fault) = fault {
            return self.fail(fault);
        }
        self.context = path;
        Ok(())
    }

    /// A bare or quoted part of a key.
    fn key_part(&mut self) -> Result<Str, SyntaxError> {
        if matches!(self.cursor.peek(), Some(b'"' | b'\'')) {
            return self.quoted_text();
        }
        Ok(self
            .cursor
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            .into())
    }

    /// A dotted key up to and with its `=`.
    fn dotted_key(&mut self) -> Result<Vec<Str>, SyntaxError> {
        self.cursor.skip_spaces();
        match self.cursor.peek() {
            None | Some(b'=') => return self.fail("unexpected '=': key name appears blank"),
            Some(b'.') => return self.fail("unexpected '.': keys cannot start with a '.'"),
            Some(_) => {}
        }
        let mut path = Vec::new();
        loop {
            self.cursor.skip_spaces();
            self.add_part(&mut path)?;
            self.cursor.skip_spaces();
            if self.cursor.eat(b'.') {
                continue;
            }
            if self.cursor.eat(b'=') {
                return Ok(path);
            }
            if self.cursor.peek().is_none() {
                return self.fail("unexpected EOF; expected key separator '='");
            }
            let found = self.cursor.quoted();
            return self.fail(format!("expected '.' or '=', but got {found} instead"));
        }
    }

    /// `key = value` in the table that is open.
    fn pair(&mut self) -> Result<(), SyntaxError> {
        self.key = dotted(&self.context);
        let path = self.dotted_key()?;
        let line = self.cursor.line();
        let full: Vec<Str> = self.context.iter().chain(&path).cloned().collect();
        // An empty key counts as none where the last one is named.
        self.key = match full.split_last() {
            Some((last, before)) if last.is_empty() => dotted(before),
            _ => dotted(&full),
        };
        let value = self.value(0)?;
        let at = dotted(&full);
        let context = self.context.clone();
        let set = match self.root.descend(&context) {
            Ok(table) => insert(table, &path, value),
            Err(_) => false,
        };
        if set {
            return Ok(());
        }
        Err(SyntaxError { line, message: format!("Key '{at}' has already been defined."), key: at })
    }
}

/// Sets a value under a dotted key; whether the key was free.
fn insert(table: &mut Table, path: &[Str], value: Value) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let Ok(table) = table.descend(parents) else { return false };
    match table.entries.get_mut(last.as_bytes()) {
        // Go keeps the table that dotted keys made and drops the value, once.
        Some(Node::Table { implicit, .. }) if *implicit => {
            *implicit = false;
            return true;
        }
        Some(_) => return false,
        None => {}
    }
    table.entries.insert(last.clone(), Node::Leaf(value));
    true
}
