//! Two answers held against each other; what Helm itself says otherwise each time is chance.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// What was printed, or what was said on failing.
pub type Answer = Result<Vec<u8>, String>;

/// How our answer is related to Helm's.
pub enum Verdict {
    /// The same to the byte.
    Same,
    /// Both fail, for the same reason: what ours says.
    BothFail(String),
    /// The same but for these lines, which Helm prints otherwise each time.
    Chance(Vec<usize>),
    /// Otherwise.
    Differs(Difference),
}

/// How two answers differ.
pub enum Difference {
    /// At this byte first; then the lines, with what each of both has there, and the lines that
    /// Helm prints otherwise each time.
    Bytes { at: usize, lines: Vec<Line>, chance: Vec<usize> },
    /// At least one has failed: what was said.
    Failed([Option<String>; 2]),
}

/// A line that differs: its number, and what ours and Helm's have there.
pub struct Line {
    number: usize,
    texts: [Option<String>; 2],
}

/// Compares ours with Helm's answer; where they differ, `again` asks Helm once more, until it says
/// something else or gives up.
pub fn compare<E>(
    ours: Answer,
    theirs: Answer,
    mut again: impl FnMut(&Answer) -> Result<Option<Answer>, E>,
) -> Result<Verdict, E> {
    if is_same(&ours, &theirs) {
        return Ok(ours.err().map_or(Verdict::Same, Verdict::BothFail));
    }
    let other = again(&theirs)?;
    if other.as_ref().is_some_and(|other| is_same(&ours, other)) {
        return Ok(ours.err().map_or_else(|| Verdict::Chance(Vec::new()), Verdict::BothFail));
    }
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (ours, theirs) => {
            let said = |answer: Answer| answer.err().map(|words| words.trim_end().to_owned());
            return Ok(Verdict::Differs(Difference::Failed([said(ours), said(theirs)])));
        }
    };
    let other = other.and_then(Result::ok).unwrap_or_else(|| theirs.clone());
    let [ours, theirs, other] = [&ours, &theirs, &other].map(|text| split(text));
    let lines = differing(&ours, &theirs);
    let is_chance =
        |line: &usize| theirs.len() == other.len() && theirs.get(*line) != other.get(*line);
    let (chance, real): (Vec<usize>, Vec<usize>) = lines.into_iter().partition(is_chance);
    let numbers = |lines: &[usize]| lines.iter().map(|line| line + 1).collect();
    if real.is_empty() {
        return Ok(Verdict::Chance(numbers(&chance)));
    }
    if repeated_lines_are_anywhere(&theirs, &other, &ours) {
        return Ok(Verdict::Chance(numbers(&real)));
    }
    let text = |line: Option<&&[u8]>| line.map(|line| String::from_utf8_lossy(line).into_owned());
    let line =
        |at: &usize| Line { number: at + 1, texts: [text(ours.get(*at)), text(theirs.get(*at))] };
    let at = real.first().map_or(0, |line| first_byte(&ours, &theirs, *line));
    let lines = real.iter().map(line).collect();
    Ok(Verdict::Differs(Difference::Bytes { at, lines, chance: numbers(&chance) }))
}

fn is_same(ours: &Answer, theirs: &Answer) -> bool {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => ours == theirs,
        (Err(ours), Err(theirs)) => theirs.contains(ours),
        _ => false,
    }
}

fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').collect()
}

fn differing(ours: &[&[u8]], theirs: &[&[u8]]) -> Vec<usize> {
    (0..ours.len().max(theirs.len())).filter(|at| ours.get(*at) != theirs.get(*at)).collect()
}

/// Where Helm's lines come in another order each time, that of a map's keys: whether every line that
/// it printed both times is among ours, as often, and ours has as many.
fn repeated_lines_are_anywhere(first: &[&[u8]], second: &[&[u8]], ours: &[&[u8]]) -> bool {
    if first == second || first.len() != ours.len() {
        return false;
    }
    let [in_first, in_second, in_ours] = [first, second, ours].map(|lines| {
        let mut counts: BTreeMap<&[u8], usize> = BTreeMap::new();
        for line in lines {
            *counts.entry(line).or_default() += 1;
        }
        counts
    });
    let of = |lines: &BTreeMap<&[u8], usize>, line: &[u8]| lines.get(line).copied().unwrap_or(0);
    in_first.iter().all(|(line, times)| of(&in_ours, line) >= of(&in_second, line).min(*times))
}

/// The offset in ours of the first byte that differs, when all lines before `line` count as the same.
fn first_byte(ours: &[&[u8]], theirs: &[&[u8]], line: usize) -> usize {
    let start: usize = ours.iter().take(line).map(|line| line.len() + 1).sum();
    match (ours.get(line), theirs.get(line)) {
        (Some(a), Some(b)) => start + a.iter().zip(*b).take_while(|(a, b)| a == b).count(),
        // One has ended, and the other has a line break there.
        _ => start.saturating_sub(1),
    }
}

/// Lines shown of each output: enough to see what it is about.
const MAX_LINES: usize = 50;

impl Difference {
    /// Whether neither of both has rendered anything.
    pub fn is_failure_of_both(&self) -> bool {
        matches!(self, Self::Failed([Some(_), Some(_)]))
    }

    /// For people: the first lines.
    pub fn text(&self) -> String {
        let (at, lines, chance) = match self {
            Self::Failed([Some(ours), Some(theirs)]) => {
                return format!("both fail, with other words\n  socle: {ours}\n  helm:  {theirs}");
            }
            Self::Failed([Some(ours), _]) => return format!("only socle fails: {ours}"),
            Self::Failed([_, theirs]) => {
                return format!("only helm fails: {}", theirs.as_deref().unwrap_or_default());
            }
            Self::Bytes { at, lines, chance } => (at, lines, chance),
        };
        let mut report = format!("first differing byte: {at}");
        let shown = |line: &Option<String>| line.clone().unwrap_or_else(|| "(nothing)".to_owned());
        for Line { number, texts: [a, b] } in lines.iter().take(MAX_LINES) {
            let (a, b) = (shown(a), shown(b));
            report += &format!("\n  line {number}\n    socle: {a}\n    helm:  {b}");
        }
        if lines.len() > MAX_LINES {
            let more = lines.len() - MAX_LINES;
            report += &format!("\n  and {more} further lines; --format json tells them all");
        }
        if !chance.is_empty() {
            let which = by_chance(chance);
            report +=
                &format!("\n  and by chance, for Helm prints it otherwise each time: {which}");
        }
        report
    }

    /// For programs: everything.
    pub fn json(&self, instance: &str) -> Json {
        match self {
            Self::Failed([ours, theirs]) => {
                json!({ "instance": instance, "errors": { "socle": ours, "helm": theirs } })
            }
            Self::Bytes { at, lines, chance } => {
                let line = |Line { number, texts: [a, b] }: &Line| json!({ "line": number, "socle": a, "helm": b });
                json!({
                    "instance": instance,
                    "firstByte": at,
                    "lines": lines.iter().map(line).collect::<Vec<Json>>(),
                    "differingLines": lines.len(),
                    "chanceLines": chance,
                })
            }
        }
    }
}

/// Lines named for people.
pub fn by_chance(lines: &[usize]) -> String {
    let named: Vec<String> = lines.iter().take(MAX_LINES).map(usize::to_string).collect();
    let more = if lines.len() > MAX_LINES { " …" } else { "" };
    let word = if lines.len() == 1 { "line" } else { "lines" };
    format!("{word} {}{more}", named.join(", "))
}
