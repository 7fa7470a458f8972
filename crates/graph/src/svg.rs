//! A graph as an SVG that needs nothing else: no script, no font, no style sheet.

use std::fmt::Write as _;

use crate::layout::{ABOVE, CARD_WIDTH, HEAD, Layout, MARGIN, ROW, height_of, layout};
use crate::model::{Card, Graph, Place, Row};

/// Colours of cards that lines lead to, one after another.
const COLOURS: &[&str] =
    &["#4263eb", "#ae3ec9", "#0c8599", "#e8590c", "#2b8a3e", "#c2255c", "#5f3dc4", "#846400"];
/// The colour of cards that no line leads to.
const QUIET: &str = "#495057";
/// The colour of what is not the platform.
const FOREIGN: &str = "#868e96";
/// Hundredths of the size of a font that a letter is wide, on average.
const LETTER: usize = 58;
/// How many letters a title has at most.
const MOST_LETTERS: usize = 200;

/// The picture.
pub fn svg(graph: &Graph) -> String {
    let graph = &mut graph.clone();
    let layout = layout(graph);
    let colours = colours(graph);
    let width = layout.width.max(2 * MARGIN + width_of(&graph.title, 22));
    let height = layout.height;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"Inter, Verdana, sans-serif\">\n"
    );
    let title = escaped(&cut(&graph.title, MOST_LETTERS));
    let _ = writeln!(out, "<title>{title}</title>");
    let _ = writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#f8f9fa\"/>");
    let _ = writeln!(
        out,
        "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"22\" font-weight=\"600\" \
         fill=\"#212529\">{title}</text>",
        ABOVE - 40
    );
    // Lines first, so that cards stand on them.
    for line in &layout.lines {
        let colour = colours.get(line.to).copied().unwrap_or(QUIET);
        let _ = writeln!(
            out,
            "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" \
             stroke-opacity=\"0.75\"/>",
            path(&line.points)
        );
    }
    for (at, card) in graph.cards.iter().enumerate() {
        if let Some((x, y)) = layout.cards.get(at).copied().flatten() {
            let colour = colours.get(at).copied().unwrap_or(QUIET);
            self::card(card, x, y, colour, &colours, &mut out);
        }
    }
    ends(&layout, &colours, &mut out);
    out.push_str("</svg>\n");
    out
}

/// The colour of each card.
fn colours(graph: &Graph) -> Vec<&'static str> {
    let is_target = |at: usize| {
        graph.cards.iter().flat_map(|card| &card.rows).any(|row: &Row| row.to == Some(at))
    };
    // People come to all services that the outside leads to: this makes no difference among them.
    let is_needed = |at: usize| {
        let others = graph.cards.iter().filter(|card| card.place != Place::Outside);
        others.flat_map(|card| &card.rows).any(|row| row.to == Some(at))
    };
    let mut next = COLOURS.iter().cycle();
    let colour = |(at, card): (usize, &Card)| match card.place {
        Place::Outside => FOREIGN,
        _ if is_target(at) && is_needed(at) => next.next().copied().unwrap_or(QUIET),
        Place::Elsewhere => FOREIGN,
        Place::Platform => QUIET,
    };
    graph.cards.iter().enumerate().map(colour).collect()
}

/// A smooth way through points; between two of them it leaves and arrives level.
fn path(points: &[(usize, usize)]) -> String {
    let mut out = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        match at.checked_sub(1).and_then(|before| points.get(before)) {
            None => {
                let _ = write!(out, "M{x} {y}");
            }
            Some((_, level)) if level == y => {
                let _ = write!(out, " L{x} {y}");
            }
            Some((from, level)) => {
                let middle = (from + x) / 2;
                let _ = write!(out, " C{middle} {level} {middle} {y} {x} {y}");
            }
        }
    }
    out
}

fn card(card: &Card, x: usize, y: usize, colour: &str, colours: &[&str], out: &mut String) {
    let height = height_of(card.rows.len());
    let dashed = if card.place == Place::Platform { "" } else { " stroke-dasharray=\"5 4\"" };
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{CARD_WIDTH}\" height=\"{height}\" rx=\"9\" \
         fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"1.4\"{dashed}/>"
    );
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{}\" width=\"4\" height=\"{}\" rx=\"2\" fill=\"{colour}\"/>",
        y + 11,
        HEAD - 20
    );
    let text = |x: usize, y: usize, size: usize, fill: &str, more: &str, words: &str| {
        format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\"{more}>{}</text>\n",
            escaped(words)
        )
    };
    let inside = CARD_WIDTH - 32;
    let baseline = if card.name.is_empty() { y + 29 } else { y + 21 };
    let title = fitted(&card.title, inside, 15);
    out.push_str(&text(x + 14, baseline, 15, "#212529", " font-weight=\"600\"", &title));
    if !card.name.is_empty() {
        out.push_str(&text(x + 14, y + 38, 12, "#868e96", "", &fitted(&card.name, inside, 12)));
    }
    for (at, row) in card.rows.iter().enumerate() {
        let baseline = y + HEAD + at * ROW + ROW / 2 + 4;
        let colour = row.to.and_then(|to| colours.get(to)).copied().unwrap_or("#868e96");
        let label = fitted(&row.label, inside, 12);
        out.push_str(&text(x + 14, baseline, 12, "#343a40", "", &label));
        let left = inside.saturating_sub(width_of(&label, 12) + 14);
        let by = fitted(&row.by, left, 11);
        let end = " text-anchor=\"end\"";
        out.push_str(&text(x + CARD_WIDTH - 14, baseline, 11, colour, end, &by));
    }
}

/// A dot where a line begins, an arrow where it ends.
fn ends(layout: &Layout, colours: &[&str], out: &mut String) {
    for line in &layout.lines {
        let colour = colours.get(line.to).copied().unwrap_or(QUIET);
        if let Some((x, y)) = line.points.first() {
            let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"3.2\" fill=\"{colour}\"/>");
        }
        if let Some((x, y)) = line.points.last() {
            let (left, up, down) = (x.saturating_sub(8), y.saturating_sub(5), y + 5);
            let _ = writeln!(
                out,
                "<path d=\"M{left} {up} L{x} {y} L{left} {down} Z\" fill=\"{colour}\"/>"
            );
        }
    }
}

fn width_of(text: &str, size: usize) -> usize {
    text.chars().count() * size * LETTER / 100
}

/// The text as far as it fits.
fn fitted(text: &str, width: usize, size: usize) -> String {
    cut(text, width * 100 / (size * LETTER))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The text as XML has it; characters that XML cannot hold are gone.
fn escaped(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control());
    let mut out = String::new();
    for c in allowed {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
