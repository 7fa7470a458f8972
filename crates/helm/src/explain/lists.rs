//! Lists that functions make of others: where each item stood in the arguments, and lists put together
//! to a text.

use gotmpl::value::Value;

use super::align::{Known, align};
use super::calls::{Done, is_same};
use super::lineage::{Lineage, Step, printed, steps_of};
use super::record::{Recorder, place};
use super::{Certainty, Origin};

/// An item's place: which argument, and which item of that; none for the argument itself.
pub(super) type Place = (usize, Option<usize>);

/// The places of the items of `result`, in order; nothing for functions of which they are not known.
pub(super) fn places(name: &str, args: &[Value], result: &Value) -> Option<Vec<Option<Place>>> {
    let Value::List(made) = result else { return None };
    let item = |at: usize| Some((0, Some(at)));
    let lengths = args.iter().map(length).collect::<Vec<_>>();
    let own = *lengths.first()?;
    let every = 0..made.len();
    let found = match name.strip_prefix("must").unwrap_or(name) {
        "rest" | "Rest" => every.map(|at| item(at + 1)).collect(),
        "initial" | "Initial" => every.map(item).collect(),
        "reverse" | "Reverse" => every.map(|at| item((own?).checked_sub(at + 1)?)).collect(),
        "slice" | "Slice" => {
            let start = args.get(1).map_or(Some(0), index)?;
            every.map(|at| item(start + at)).collect()
        }
        "append" | "Append" | "push" | "Push" => {
            every.map(|at| if Some(at) == own { Some((1, None)) } else { item(at) }).collect()
        }
        "prepend" | "Prepend" => {
            every.map(|at| at.checked_sub(1).map_or(Some((1, None)), item)).collect()
        }
        "concat" | "Concat" => {
            let of_arg = |(arg, length): (usize, &Option<usize>)| {
                (0..length.unwrap_or(0)).map(move |at| Some((arg, Some(at))))
            };
            lengths.iter().enumerate().flat_map(of_arg).collect()
        }
        "uniq" | "Uniq" | "without" | "Without" | "compact" | "Compact" => kept(args, made),
        _ => return None,
    };
    Some(found)
}

/// Items that were kept, in their order.
fn kept(args: &[Value], made: &[Value]) -> Vec<Option<Place>> {
    let Some(Value::List(source)) = args.first() else { return Vec::new() };
    let mut from = 0;
    let mut next = |wanted: &Value| {
        let rest = source.iter().enumerate().skip(from);
        let (at, _) = rest.into_iter().find(|(_, item)| is_same(item, wanted))?;
        from = at + 1;
        Some((0, Some(at)))
    };
    made.iter().map(&mut next).collect()
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.len()),
        _ => None,
    }
}

fn index(value: &Value) -> Option<usize> {
    match value {
        Value::Int(at) | Value::Int64(at) => usize::try_from(*at).ok(),
        // Whole numbers of values files; their printed form is exact.
        Value::Float64(_) => String::from_utf8(printed(value)).ok()?.parse().ok(),
        _ => None,
    }
}

impl Recorder {
    /// The items of a list stood at these places of the arguments.
    pub(super) fn keep_placed(&mut self, done: &Done<'_>, places: &[Option<Place>]) {
        for (index, place) in places.iter().enumerate() {
            let lineage = match *place {
                Some((arg, Some(at))) => {
                    done.args.get(arg).map(|of| self.lineage_of(of, &Step::Index(at)))
                }
                Some((arg, None)) => done.known.get(arg).cloned(),
                None => None,
            };
            let step = Step::Index(index);
            let Some(lineage) = lineage.filter(|lineage| !lineage.is_empty()) else { continue };
            if let Some(entry @ (Value::Map(_) | Value::List(_))) = step.entry(done.result)
                && self.containers.path_of(&entry).is_none()
                && let [(path, Certainty::Exact)] = lineage.values().as_slice()
            {
                self.containers.know(&entry, path);
            }
            self.containers.keep(done.result, step, lineage);
        }
    }

    /// The items of a list that a template has made, put together to a text.
    pub(super) fn joined(&self, done: &Done<'_>) -> Option<Lineage> {
        /// More would say nothing.
        const MAX_ITEMS: usize = 50;
        let ("join", [_, list @ Value::List(items)]) = (done.name, done.args) else { return None };
        if self.containers.path_of(list).is_some() || items.len() > MAX_ITEMS {
            return None;
        }
        let of_item =
            |step: Step| Some((printed(&step.entry(list)?), self.lineage_of(list, &step)));
        let texts: Vec<(Vec<u8>, Lineage)> =
            steps_of(list).into_iter().filter_map(of_item).collect();
        if texts.iter().any(|(_, own)| own.is_empty()) {
            return None;
        }
        let known: Vec<Known<'_>> =
            texts.iter().map(|(text, own)| Known { text, segments: own }).collect();
        let fallback = Origin::at(place(done.site), Vec::new());
        Some(Lineage::new(align(&printed(done.result), &known, &fallback)))
    }
}
