//! Compares two answers and gives the verdict.

use std::collections::BTreeMap;
use std::sync::Mutex;

use anyhow::Result;

use super::render::{NO_NETWORK, Printed, Twice};
use crate::oracle::{Oracle, Reply};

/// What became of one rendering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every byte is Helm's.
    Equal,
    /// Helm itself prints something else each time; the lines that it repeats are equal.
    EqualButChance,
    /// Both fail, with the same words.
    SameError,
    /// The objects are Helm's, in the same order, but not every byte.
    SameObjects,
    /// Both fail, with different words.
    OtherError,
    /// Other objects.
    Differ,
    /// Helm fails, ours does not.
    OnlyHelmFails,
    /// Ours fails, Helm does not.
    OnlyOursFails,
    /// Helm took too long or was stopped: it gave no answer.
    NoAnswer,
}

/// All verdicts, in the order of the table's columns.
pub const VERDICTS: [Verdict; 9] = [
    Verdict::Equal,
    Verdict::EqualButChance,
    Verdict::SameError,
    Verdict::SameObjects,
    Verdict::OtherError,
    Verdict::Differ,
    Verdict::OnlyHelmFails,
    Verdict::OnlyOursFails,
    Verdict::NoAnswer,
];

impl Verdict {
    /// The verdict in words; also the head of its column.
    pub fn words(self) -> &'static str {
        match self {
            Self::Equal => "byte-equal",
            Self::EqualButChance => "equal but for chance",
            Self::SameError => "same error",
            Self::SameObjects => "same objects only",
            Self::OtherError => "other error",
            Self::Differ => "differ",
            Self::OnlyHelmFails => "only Helm fails",
            Self::OnlyOursFails => "only ours fails",
            Self::NoAnswer => "no answer",
        }
    }

    /// Whether another answer of Helm's may give another verdict.
    pub fn may_be_chance(self) -> bool {
        matches!(self, Self::Differ | Self::SameObjects | Self::OtherError)
    }

    /// Whether there is something to mend.
    pub fn is_bad(self) -> bool {
        self >= Self::SameObjects && self != Self::NoAnswer
    }
}

/// Gives the verdict.
pub fn compare(helm: &Twice, socle: &Printed, oracle: &Mutex<Oracle>) -> Result<Verdict> {
    if helm.first.cut_short {
        return Ok(Verdict::NoAnswer);
    }
    Ok(match (helm.first.success, socle.success) {
        (true, false) => Verdict::OnlyOursFails,
        (false, true) => Verdict::OnlyHelmFails,
        (false, false) if is_same_error(helm, socle) => Verdict::SameError,
        (false, false) => Verdict::OtherError,
        (true, true) if helm.first.stdout == socle.stdout => Verdict::Equal,
        (true, true) => {
            let (first, ours) = (&helm.first.stdout, &socle.stdout);
            match &helm.second {
                Some(second) if is_same_but_for_chance(first, second, ours) => {
                    Verdict::EqualButChance
                }
                None if same_objects(first, ours, oracle)? => Verdict::SameObjects,
                _ => Verdict::Differ,
            }
        }
    })
}

/// Whether a third output is like the first, but where the second is otherwise, too.
pub fn is_same_but_for_chance(first: &[u8], second: &[u8], ours: &[u8]) -> bool {
    repeated_lines_are_in(first, second, ours) || repeated_lines_are_anywhere(first, second, ours)
}

/// The same words, on both outputs; where Helm lists names in another order each time, in any
/// order. `lint` tells what it found on standard output.
fn is_same_error(helm: &Twice, socle: &Printed) -> bool {
    let (theirs, ours) = (reason(&helm.first), reason(socle));
    let printed = String::from_utf8_lossy(&helm.first.stdout);
    let ours_printed = String::from_utf8_lossy(&socle.stdout);
    let same =
        |a: &str, b: &str| a == b || helm.second.is_some() && sorted_words(a) == sorted_words(b);
    same(&theirs, &ours) && same(&printed, &ours_printed)
}

fn sorted_words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split([' ', ',', '\n']).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words
}

/// The error's words, without warnings before it and advice after it. Why a network cannot be
/// reached is told by the operating system, to each program in other words; and of several
/// schemas in a network, Helm asks for another one first each time.
fn reason(printed: &Printed) -> String {
    let text = String::from_utf8_lossy(&printed.stderr).into_owned();
    let start = text.find("Error: ").unwrap_or(0);
    let ends = ["\n\nUse --debug", NO_NETWORK];
    let mut end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    if text.contains(ends[1]) {
        end = text.find("failing loading ").map_or(end, |loading| end.min(loading));
    }
    text.get(start..end).unwrap_or(&text).trim().to_owned()
}

/// Whether every line that Helm printed both times stands at its place in ours.
fn repeated_lines_are_in(first: &[u8], second: &[u8], ours: &[u8]) -> bool {
    let lines = |text: &[u8]| text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (first, second, ours): (Vec<_>, Vec<_>, Vec<_>) =
        (lines(first), lines(second), lines(ours));
    first.len() == second.len()
        && first.len() == ours.len()
        && first.iter().zip(&second).zip(&ours).all(|((a, b), c)| a != b || a == c)
}

/// The same where Helm's lines come in another order each time, that of a map's keys: every line
/// that it printed both times is among ours, as often.
fn repeated_lines_are_anywhere(first: &[u8], second: &[u8], ours: &[u8]) -> bool {
    let [first, second, ours] = [first, second, ours].map(|text| {
        let mut counts = BTreeMap::new();
        for line in text.split(|byte| *byte == b'\n') {
            *counts.entry(line).or_insert(0_usize) += 1;
        }
        counts
    });
    let count = |lines: &BTreeMap<&[u8], usize>| lines.values().sum::<usize>();
    let of = |lines: &BTreeMap<&[u8], usize>, line| lines.get(line).copied().unwrap_or(0);
    count(&first) == count(&ours)
        && first.iter().all(|(line, times)| of(&ours, line) >= of(&second, line).min(*times))
}

fn same_objects(helm: &[u8], socle: &[u8], oracle: &Mutex<Oracle>) -> Result<bool> {
    let Ok(mut oracle) = oracle.lock() else { return Ok(false) };
    let (helm, socle) = (oracle.objects(helm)?, oracle.objects(socle)?);
    Ok(matches!((&helm, &socle), (Reply::Answer(a), Reply::Answer(b)) if a == b))
}
