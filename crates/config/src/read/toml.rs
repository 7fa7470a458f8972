//! TOML documents.

use diagnostic::words;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Faults;
use crate::source::{Place, SourceId, Sources};
use crate::tree::{Entry, Node, NodeKind};

pub(super) fn read(sources: &Sources, id: SourceId, text: &str) -> Result<Node, Faults> {
    match DeTable::parse(text) {
        Ok(table) => {
            let place = Place::new(id, table.span());
            Ok(Node::new(of_table(id, table.into_inner()), place))
        }
        Err(error) => {
            let mut faults = Faults::default();
            let span = error.span().unwrap_or(0..0);
            let why = error.message();
            let title = words!("this is no TOML: {why}", "ceci n'est pas du TOML : {why}");
            let remedy = words!(
                "texts stand between quotes; a section begins with `[name]`",
                "les textes s'écrivent entre guillemets ; une section commence par `[nom]`"
            );
            faults.error(sources, "config.syntax", title, &Place::new(id, span), "", [remedy]);
            Err(faults)
        }
    }
}

fn of_table(id: SourceId, table: DeTable<'_>) -> NodeKind {
    let entry = |(key, value): (Spanned<_>, Spanned<DeValue<'_>>)| {
        let key_place = Place::new(id, key.span());
        let key: std::borrow::Cow<'_, str> = key.into_inner();
        Entry { key: key.into_owned(), key_place, node: node(id, value) }
    };
    let mut entries: Vec<Entry> = table.into_iter().map(entry).collect();
    // In the order in which they were written.
    entries.sort_by_key(|entry| entry.key_place.span.start);
    NodeKind::Map(entries)
}

fn node(id: SourceId, value: Spanned<DeValue<'_>>) -> Node {
    let place = Place::new(id, value.span());
    let kind = match value.into_inner() {
        DeValue::String(text) => NodeKind::Text(text.into_owned()),
        DeValue::Boolean(value) => NodeKind::Bool(value),
        DeValue::Integer(number) => {
            match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(value) => NodeKind::Int(value),
                // Beyond 64 bits it is told of as the number that it nearly is.
                Err(_) => NodeKind::Float(number.as_str().parse().unwrap_or(f64::INFINITY)),
            }
        }
        DeValue::Float(number) => NodeKind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Datetime(date) => NodeKind::Text(date.to_string()),
        DeValue::Array(items) => {
            NodeKind::List(items.into_iter().map(|item| node(id, item)).collect())
        }
        DeValue::Table(table) => of_table(id, table),
    };
    Node::new(kind, place)
}
