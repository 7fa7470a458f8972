//! Cards in columns: who requires something stands left of who gives it; lines that pass a column
//! run through a lane between its cards, one for each card that they lead to.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Graph, Place};

/// How wide a card is.
pub(crate) const CARD_WIDTH: usize = 270;
/// How high the head of a card is, with title and name.
pub(crate) const HEAD: usize = 46;
/// How high a row is.
pub(crate) const ROW: usize = 22;
/// What is below the last row.
const FOOT: usize = 10;
/// How far columns are apart at least, what each line between them adds, and how much lines add at
/// most.
const NARROWEST: usize = 90;
const PER_LINE: usize = 5;
const MOST_FOR_LINES: usize = 140;
/// How far cards of a column are apart.
const BETWEEN_CARDS: usize = 26;
/// How high a lane is.
const LANE: usize = 14;
/// What is around everything.
pub(crate) const MARGIN: usize = 36;
/// What is above the columns, for the title.
pub(crate) const ABOVE: usize = 84;
/// How often columns are put in order by what they are tied to.
const ROUNDS: usize = 6;

/// Where everything stands.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// The upper left corner of each card; none where it has nothing to show.
    pub cards: Vec<Option<(usize, usize)>>,
    /// The lines.
    pub lines: Vec<Line>,
    /// The width of the picture.
    pub width: usize,
    /// Its height.
    pub height: usize,
}

/// A line from a row to a card, by points that it passes.
#[derive(Debug)]
pub(crate) struct Line {
    /// The card that it leads to.
    pub to: usize,
    /// The points: its start, both ends of each lane, its end.
    pub points: Vec<(usize, usize)>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Card(usize),
    /// The lane of the lines to a card.
    Lane(usize),
}

pub(crate) fn height_of(rows: usize) -> usize {
    HEAD + rows * ROW + if rows > 0 { FOOT } else { 0 }
}

/// Finds a place for everything; the host names of the outside come in the order of what they lead
/// to.
pub(crate) fn layout(graph: &mut Graph) -> Layout {
    let columns = columns_of(graph);
    let mut items = items_of(graph, &columns);
    put_in_order(graph, &columns, &mut items);
    let outside = graph.cards.iter_mut().filter(|card| card.place == Place::Outside);
    for card in outside {
        let place = |to: usize| {
            let next = if columns[to] == 1 { Item::Card(to) } else { Item::Lane(to) };
            items.get(1)?.iter().position(|item| *item == next)
        };
        card.rows.sort_by_key(|row| row.to.and_then(place));
    }
    placed(graph, &columns, &items)
}

/// Whether a card is shown: the outside is where somebody comes in.
fn is_shown(graph: &Graph, at: usize) -> bool {
    let card = &graph.cards[at];
    card.place != Place::Outside || !card.rows.is_empty()
}

/// The column of each card: right of all that lead to it.
fn columns_of(graph: &Graph) -> Vec<usize> {
    let mut columns: Vec<usize> =
        graph.cards.iter().map(|card| usize::from(card.place != Place::Outside)).collect();
    // As many rounds as there are cards are enough, but where they lead in a circle.
    for _ in 0..graph.cards.len() {
        let mut changed = false;
        for (from, card) in graph.cards.iter().enumerate() {
            for to in card.rows.iter().filter_map(|row| row.to) {
                let wanted = columns[from] + 1;
                if columns[to] < wanted && wanted < graph.cards.len() {
                    columns[to] = wanted;
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    columns
}

/// The cards and lanes of each column.
fn items_of(graph: &Graph, columns: &[usize]) -> Vec<Vec<Item>> {
    let count = columns.iter().max().map_or(0, |most| most + 1);
    let mut items: Vec<Vec<Item>> = vec![Vec::new(); count];
    for at in (0..graph.cards.len()).filter(|at| is_shown(graph, *at)) {
        items[columns[at]].push(Item::Card(at));
    }
    let mut lanes: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (from, card) in graph.cards.iter().enumerate() {
        for to in card.rows.iter().filter_map(|row| row.to) {
            lanes.extend((columns[from] + 1..columns[to]).map(|column| (column, to)));
        }
    }
    for (column, to) in lanes {
        items[column].push(Item::Lane(to));
    }
    items
}

/// Puts each column in the order in which the columns beside it want it.
fn put_in_order(graph: &Graph, columns: &[usize], items: &mut [Vec<Item>]) {
    for round in 0..ROUNDS {
        let order: Vec<usize> = if round % 2 == 0 {
            (1..items.len()).collect()
        } else {
            (0..items.len().saturating_sub(1)).rev().collect()
        };
        for column in order {
            let wishes: BTreeMap<Item, f64> = items[column]
                .iter()
                .map(|item| (*item, wish(graph, columns, items, column, *item)))
                .collect();
            let wish = |item: &Item| wishes.get(item).copied().unwrap_or(0.0);
            items[column].sort_by(|one, two| wish(one).total_cmp(&wish(two)));
        }
    }
}

/// The middle of what an item is tied to in the columns beside it, as a share of those.
fn wish(graph: &Graph, columns: &[usize], items: &[Vec<Item>], column: usize, item: Item) -> f64 {
    let at_of = |column: usize, wanted: Item| {
        let all = items.get(column)?;
        let at = all.iter().position(|item| *item == wanted)?;
        Some((at as f64 + 0.5) / all.len() as f64)
    };
    let target = match item {
        Item::Card(at) | Item::Lane(at) => at,
    };
    let mut found: Vec<f64> = Vec::new();
    // From the left: the rows that lead here, through this column where it is a lane.
    for (from, card) in graph.cards.iter().enumerate() {
        let rows = card.rows.len().max(1) as f64;
        for (row, to) in card.rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.to?))) {
            if to == target && columns[from] < column {
                let near =
                    if columns[from] + 1 == column { Item::Card(from) } else { Item::Lane(to) };
                let within = row as f64 / rows / items[column - 1].len() as f64;
                found.extend(at_of(column - 1, near).map(|at| at + within));
            }
        }
    }
    // To the right: where it leads.
    match item {
        Item::Lane(to) => {
            let next = if columns[to] == column + 1 { Item::Card(to) } else { Item::Lane(to) };
            found.extend(at_of(column + 1, next));
        }
        Item::Card(at) => {
            for to in graph.cards[at].rows.iter().filter_map(|row| row.to) {
                let next = if columns[to] == column + 1 { Item::Card(to) } else { Item::Lane(to) };
                found.extend(at_of(column + 1, next));
            }
        }
    }
    if found.is_empty() {
        return at_of(column, item).unwrap_or(0.5);
    }
    found.iter().sum::<f64>() / found.len() as f64
}

/// How far the next column is: the more lines there are between the two, the farther.
fn gap(graph: &Graph, columns: &[usize], column: usize) -> usize {
    let rows = graph.cards.iter().enumerate().filter(|(at, _)| columns[*at] == column);
    let lines = rows.flat_map(|(_, card)| &card.rows).filter(|row| row.to.is_some()).count();
    NARROWEST + (lines * PER_LINE).min(MOST_FOR_LINES)
}

fn height(graph: &Graph, item: Item) -> usize {
    match item {
        Item::Card(at) => height_of(graph.cards[at].rows.len()),
        Item::Lane(_) => LANE,
    }
}

/// Columns beside one another, each in the middle of the height; then the lines.
fn placed(graph: &Graph, columns: &[usize], items: &[Vec<Item>]) -> Layout {
    let height_of_column = |items: &Vec<Item>| {
        let cards: usize = items.iter().map(|item| height(graph, *item)).sum();
        cards + items.len().saturating_sub(1) * BETWEEN_CARDS
    };
    let tallest = items.iter().map(height_of_column).max().unwrap_or(0);
    let mut layout = Layout { cards: vec![None; graph.cards.len()], ..Layout::default() };
    let mut lanes: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    let mut x = MARGIN;
    for (column, items) in items.iter().enumerate().filter(|(_, items)| !items.is_empty()) {
        let mut y = ABOVE + (tallest - height_of_column(items)) / 2;
        for item in items {
            match item {
                Item::Card(at) => layout.cards[*at] = Some((x, y)),
                Item::Lane(to) => {
                    lanes.insert((column, *to), (x, y + LANE / 2));
                }
            }
            y += height(graph, *item) + BETWEEN_CARDS;
        }
        layout.width = x + CARD_WIDTH + MARGIN;
        x += CARD_WIDTH + gap(graph, columns, column);
    }
    layout.height = ABOVE + tallest + MARGIN;
    for (from, card) in graph.cards.iter().enumerate() {
        for (row, to) in card.rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.to?))) {
            let (Some(start), Some(end)) = (layout.cards[from], layout.cards[to]) else { continue };
            let mut points = vec![(start.0 + CARD_WIDTH, start.1 + HEAD + row * ROW + ROW / 2)];
            for column in columns[from] + 1..columns[to] {
                if let Some((x, y)) = lanes.get(&(column, to)) {
                    points.extend([(*x, *y), (x + CARD_WIDTH, *y)]);
                }
            }
            points.push((end.0, end.1 + HEAD / 2));
            layout.lines.push(Line { to, points });
        }
    }
    layout
}
