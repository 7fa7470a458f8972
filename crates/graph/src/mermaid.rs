//! A graph as Mermaid, which forges and editors draw.

use std::fmt::Write as _;

use crate::model::{Graph, Place};

/// The graph as a flowchart.
pub fn mermaid(graph: &Graph) -> String {
    // The title is YAML, and shown as it is.
    let title: String = graph.title.chars().filter(|c| !c.is_control()).collect();
    let title = title.replace('\\', "\\\\").replace('"', "\\\"");
    let mut out = format!("---\ntitle: \"{title}\"\n---\nflowchart LR\n");
    for (at, card) in graph.cards.iter().enumerate() {
        let title = escaped(&card.title);
        let _ = match card.place {
            Place::Outside if card.rows.is_empty() => Ok(()),
            Place::Outside => writeln!(out, "  n{at}((\"{title}\"))"),
            Place::Platform => writeln!(out, "  n{at}[\"{title}<br>{}\"]", escaped(&card.name)),
            Place::Elsewhere => writeln!(out, "  n{at}[/\"{title}<br>{}\"/]", escaped(&card.name)),
        };
    }
    for (at, card) in graph.cards.iter().enumerate() {
        for row in &card.rows {
            let (label, by) = (escaped(&row.label), escaped(&row.by));
            let _ = match row.to {
                Some(to) if card.place == Place::Outside => {
                    writeln!(out, "  n{at} -->|\"{label}\"| n{to}")
                }
                Some(to) => writeln!(out, "  n{at} -->|\"{label}: {by}\"| n{to}"),
                None => Ok(()),
            };
        }
    }
    out
}

/// The text between quotes of Mermaid, which has entities for what would end them.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '#' => out.push_str("#35;"),
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '\\' => out.push_str("#92;"),
            '|' => out.push_str("#124;"),
            other => out.push(other),
        }
    }
    out
}
