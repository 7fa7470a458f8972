//! Reading TOML: tables, arrays of tables, dotted keys; what may be defined when, as `BurntSushi`'s
//! parser decides it, with its book of implicit tables and of arrays. Numbers, dates and escapes are
//! read in `value`, tables within a line in `inline`.

mod inline;
mod table;
mod value;

use std::collections::HashSet;

use gotmpl::value::{Map, Str};

use super::lexer::{Item, Kind, LexFault, Lexer};
use crate::time::Zone;
use table::{Node, Table};

/// What is wrong with a TOML text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("toml: line {line}{}: {message}", last_key(.key))]
pub struct SyntaxError {
    /// The line, from one; zero for some faults at the very end.
    pub line: i64,
    /// The dotted key under which the fault was met; may be empty.
    pub key: Vec<u8>,
    /// What is wrong.
    pub message: String,
}

fn last_key(key: &[u8]) -> String {
    if key.is_empty() { String::new() } else { format!(" (last key {})", strconv::quote(key)) }
}

/// Parts of one dotted key; each is a table in the one before, which is looked for from the root, and
/// files written by hand have few.
const MAX_PARTS: usize = 100;

/// How deep arrays and inline tables may nest; far beyond what a file written by hand has.
const MAX_DEPTH: usize = 200;

/// A zero among the first bytes tells UTF-16.
const NUL_WINDOW: usize = 6;

/// A key of several parts, as messages and the parser's books have it: parts that are not bare are
/// in quotes.
fn dotted(key: &[Str]) -> String {
    String::from_utf8_lossy(&super::encode::dotted(key)).into_owned()
}

/// Reads a TOML document into a map. Times with an offset that is the local zone's are in that zone.
pub fn decode(text: &[u8], zone: &Zone) -> Result<Map, SyntaxError> {
    let text = [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\xEF\xBB\xBF"]
        .iter()
        .find_map(|mark| text.strip_prefix(*mark))
        .unwrap_or(text);
    if text.iter().take(NUL_WINDOW).any(|byte| *byte == 0) {
        let message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be \
                       UTF-8";
        return Err(SyntaxError { line: 1, key: Vec::new(), message: message.to_owned() });
    }
    let mut parser = Parser {
        lexer: Lexer::new(text),
        root: Table::default(),
        context: Vec::new(),
        key: Str::default(),
        line: 0,
        implicit: HashSet::new(),
        arrays: HashSet::new(),
        depth: 0,
        zone,
    };
    parser.document()?;
    Ok(parser.root.into_map())
}

struct Parser<'text> {
    lexer: Lexer<'text>,
    root: Table,
    /// The table that is open.
    context: Vec<Str>,
    /// The last part of the key whose value is read.
    key: Str,
    /// The line of the last key or header.
    line: i64,
    /// Tables that were only implied by a dotted key or header so far; the next definition is let
    /// pass.
    implicit: HashSet<String>,
    /// Keys whose last value was an array.
    arrays: HashSet<String>,
    /// Arrays and inline tables that are open.
    depth: usize,
    /// The local zone.
    zone: &'text Zone,
}

impl<'text> Parser<'text> {
    /// A fault on a line, under the key that is being read.
    fn fault(&self, line: i64, message: impl Into<String>) -> SyntaxError {
        let mut key = super::encode::dotted(&self.context);
        // The library puts this part as it is.
        if !self.key.is_empty() {
            if !self.context.is_empty() {
                key.push(b'.');
            }
            key.extend_from_slice(&self.key);
        }
        SyntaxError { line, key, message: message.into() }
    }

    fn next(&mut self) -> Result<Item<'text>, SyntaxError> {
        let item = self.lexer.next_item();
        item.map_err(|LexFault { line, message }| self.fault(line, message))
    }

    fn document(&mut self) -> Result<(), SyntaxError> {
        loop {
            let item = self.next()?;
            match item.kind {
                Kind::End => return Ok(()),
                Kind::TableStart => {
                    let key = self.key_until(Kind::TableEnd)?;
                    self.open(&key, false)?;
                    self.note_kind(false);
                }
                Kind::ArrayTableStart => {
                    let key = self.key_until(Kind::ArrayTableEnd)?;
                    self.open(&key, true)?;
                    self.note_kind(false);
                }
                Kind::KeyStart => self.pair()?,
                // Comments.
                _ => {}
            }
        }
    }

    /// The parts of a key, up to the item that ends it.
    fn key_until(&mut self, end: Kind) -> Result<Vec<Str>, SyntaxError> {
        let mut parts = Vec::new();
        loop {
            let item = self.next()?;
            if parts.is_empty() {
                self.line = item.line;
            }
            if item.kind == end || item.kind == Kind::End {
                return Ok(parts);
            }
            if parts.len() == MAX_PARTS {
                let message = format!("the key has more than {MAX_PARTS} parts");
                return Err(self.fault(item.line, message));
            }
            parts.push(self.text(&item)?);
        }
    }

    /// `key = value` in the table that is open.
    fn pair(&mut self) -> Result<(), SyntaxError> {
        let outer = self.context.clone();
        self.open_parents()?;
        let item = self.next()?;
        let value = self.value(&item, false)?;
        self.set(&value)?;
        self.note_kind(value.is_list());
        self.context = outer;
        self.key = Str::default();
        Ok(())
    }

    /// Reads a key up to its `=`, and opens the tables that its parts but the last imply.
    fn open_parents(&mut self) -> Result<Vec<Str>, SyntaxError> {
        let mut parts = self.key_until(Kind::KeyEnd)?;
        self.key = parts.pop().unwrap_or_default();
        let mut path = dotted(&self.context);
        let mut table = self.root.descend(&self.context);
        for part in &parts {
            // Something else than a table took the part before.
            let Some(outer) = table else {
                let message = format!("Key '{path}' was already created as a hash.");
                return Err(self.fault(self.line, message));
            };
            path = if path.is_empty() { String::new() } else { path + "." };
            path += &dotted(std::slice::from_ref(part));
            let there = outer.has(part);
            if there {
                self.implicit.remove(&path);
            } else {
                self.implicit.insert(path.clone());
            }
            if !there || self.arrays.contains(&path) {
                outer.put(part, Node::Table(Table::default()));
            }
            self.context.push(part.clone());
            table = outer.enter(part);
        }
        Ok(parts)
    }

    /// Opens the table of a header, the last of an array of tables if it is one.
    fn open(&mut self, key: &[Str], array: bool) -> Result<(), SyntaxError> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        let mut table = &mut self.root;
        for (index, part) in parents.iter().enumerate() {
            if !table.has(part) {
                self.implicit.insert(dotted(&key[..=index]));
                table.put(part, Node::Table(Table::default()));
            }
            table = match table.enter(part) {
                Some(inner) => inner,
                None => {
                    let taken = dotted(&key[..=index]);
                    let message = format!("Key '{taken}' was already created as a hash.");
                    return Err(self.fault(self.line, message));
                }
            };
        }
        let full = array && !table.append(last);
        self.context = parents.to_vec();
        if full {
            let taken = dotted(key);
            let message =
                format!("Key '{taken}' was already created and cannot be used as an array.");
            return Err(self.fault(self.line, message));
        }
        if !array {
            self.set_key(last, &Node::Table(Table::default()))?;
        }
        self.context.push(last.clone());
        Ok(())
    }

    /// Sets the value of the key that is being read.
    fn set(&mut self, value: &Node) -> Result<(), SyntaxError> {
        let key = self.key.clone();
        self.set_key(&key, value)
    }

    /// Sets a value in the table that is open. What was only implied is defined by that, and stays.
    fn set_key(&mut self, key: &Str, value: &Node) -> Result<(), SyntaxError> {
        let mut table = &mut self.root;
        for (index, part) in self.context.iter().enumerate() {
            table = match table.enter(part) {
                Some(inner) => inner,
                None => return Err(self.defined(&dotted(&self.context[..=index]))),
            };
        }
        if !table.has(key) {
            table.put(key, value.clone());
            return Ok(());
        }
        let mut full = self.context.clone();
        full.push(key.clone());
        let full = dotted(&full);
        if !self.implicit.remove(&full) {
            return Err(self.defined(&full));
        }
        if self.arrays.contains(&full) {
            table.put(key, value.clone());
        }
        Ok(())
    }

    fn defined(&self, key: &str) -> SyntaxError {
        self.fault(self.line, format!("Key '{key}' has already been defined."))
    }

    /// Notes whether the key that is read holds an array; without such a key, or with an empty one,
    /// the open table.
    fn note_kind(&mut self, is_array: bool) {
        let mut full = self.context.clone();
        if !self.key.is_empty() || full.is_empty() {
            full.push(self.key.clone());
        }
        let full = dotted(&full);
        if is_array {
            self.arrays.insert(full);
        } else {
            self.arrays.remove(&full);
        }
    }
}
