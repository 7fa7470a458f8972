//! Values that hold others: arrays, and tables within a line.

use gotmpl::value::{List, Str};

use super::table::{Node, Table};
use super::{Item, Kind, MAX_DEPTH, Parser, SyntaxError, dotted};

impl Parser<'_> {
    /// Counts a level of nesting while it is read.
    fn nested(
        &mut self,
        line: i64,
        read: impl FnOnce(&mut Self) -> Result<Node, SyntaxError>,
    ) -> Result<Node, SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(line, "the value is nested too deeply"));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    pub(super) fn array(&mut self, start: &Item<'_>) -> Result<Node, SyntaxError> {
        self.note_kind(true);
        self.nested(start.line, |parser| {
            let mut items = Vec::new();
            loop {
                let item = parser.next()?;
                match item.kind {
                    Kind::ArrayEnd => return Ok(Node::Leaf(List::any(items).into())),
                    Kind::CommentStart => drop(parser.next()?),
                    _ => items.push(parser.value(&item, true)?.into_value()),
                }
            }
        })
    }

    /// A table within a line. Its entries are set in the open table, too, which is where doubles
    /// are found.
    pub(super) fn inline_table(
        &mut self,
        start: &Item<'_>,
        in_array: bool,
    ) -> Result<Node, SyntaxError> {
        let outer = (self.context.clone(), self.key.clone());
        let mut context = self.context.clone();
        context.push(std::mem::take(&mut self.key));
        self.context.clone_from(&context);
        self.implicit.insert(dotted(&context));
        self.open(&context, in_array)?;
        let table = self.nested(start.line, |parser| {
            let mut table = Table::default();
            loop {
                let item = parser.next()?;
                match item.kind {
                    Kind::InlineTableEnd => return Ok(Node::Table(table)),
                    Kind::CommentStart => drop(parser.next()?),
                    _ => parser.inline_pair(&mut table)?,
                }
                parser.context.clone_from(&context);
            }
        })?;
        (self.context, self.key) = outer;
        Ok(table)
    }

    fn inline_pair(&mut self, table: &mut Table) -> Result<(), SyntaxError> {
        let parents = self.open_parents()?;
        let item = self.next()?;
        let value = self.value(&item, false)?;
        self.set(&value)?;
        self.note_kind(value.is_list());
        let mut inner = table;
        for part in &parents {
            inner = match inner.enter_or_make(part) {
                Some(inner) => inner,
                None => return Err(self.no_table()),
            };
        }
        let key: &Str = &self.key;
        inner.put(key, value);
        Ok(())
    }

    fn no_table(&self) -> SyntaxError {
        let context = strconv::quote(dotted(&self.context).as_bytes());
        self.fault(self.line, format!("{context} is not a table"))
    }
}
