//! Which values functions use: looked into, used as a whole, changed.

use gotmpl::value::Value;

use super::lineage::{Step, printed, steps_of};
use super::record::{Recorder, below};

/// Functions that look into a table without using the whole of it.
const LOOKING: [&str; 18] = [
    "include",
    "tpl",
    "get",
    "index",
    "hasKey",
    "dig",
    "dict",
    "list",
    "set",
    "default",
    "empty",
    "kindIs",
    "and",
    "or",
    "kindOf",
    "typeOf",
    "typeIs",
    "typeIsLike",
];

/// Functions whose result stands for the first table of values in their arguments: what is read of it
/// is known.
pub(super) const COPYING: [&str; 8] = [
    "merge",
    "mustMerge",
    "mergeOverwrite",
    "mustMergeOverwrite",
    "deepCopy",
    "mustDeepCopy",
    "omit",
    "pick",
];

impl Recorder {
    /// A function is called with these.
    pub(super) fn note_use(&mut self, name: &str, args: &[Value], result: &Value) {
        if let ("hasKey", [of, Value::Str(key)]) = (name, args)
            && let Some(path) = self.containers.path_of(of)
        {
            self.trace.reads.insert(below(path, key));
        }
        if let ("set", [table, Value::Str(key), _]) = (name, args)
            && let Some(path) = self.containers.path_of(table)
        {
            self.changed.insert(below(path, key));
        }
        if let ("mergeOverwrite" | "mustMergeOverwrite", [table, over @ ..]) = (name, args)
            && let Some(path) = self.containers.path_of(table).cloned()
        {
            for over in over {
                self.note_overwritten(&path, over, 0);
            }
        }
        if !LOOKING.contains(&name) {
            let is_followed =
                |arg: &Value| COPYING.contains(&name) && self.containers.path_of(arg).is_some();
            let followed = args.iter().position(is_followed);
            let used = args.iter().enumerate().filter(|(index, _)| Some(*index) != followed);
            for (_, arg) in used {
                self.note_whole(arg, matches!(result, Value::Str(_)));
            }
        }
    }

    /// A table or list is used as a whole; printed, so are those of the values in what templates have
    /// made.
    pub(super) fn note_whole(&mut self, value: &Value, is_printed: bool) {
        /// More would say nothing.
        const MAX_ENTRIES: usize = 10_000;
        let mut open = vec![value.clone()];
        let mut seen = 0;
        while let Some(one) = open.pop() {
            if let Some(path) = self.containers.path_of(&one) {
                self.trace.wholes.insert(path.clone());
            }
            if is_printed && seen < MAX_ENTRIES && !self.containers.is_untouched(&one) {
                let before = open.len();
                open.extend(steps_of(&one).iter().filter_map(|step| step.entry(&one)));
                seen += open.len() - before;
            }
        }
    }

    /// A copy that is the same as a table of values stands for it as a whole.
    pub(super) fn know_copy(&mut self, name: &str, args: &[Value], result: &Value) -> bool {
        if !COPYING.contains(&name) || self.containers.path_of(result).is_some() {
            return false;
        }
        let known = args.iter().find(|arg| self.containers.path_of(arg).is_some());
        let Some(table) = known.filter(|table| self.is_copy(table, result, 0)) else {
            return false;
        };
        if let Some(path) = self.containers.path_of(table).cloned() {
            self.containers.know(result, &path);
        }
        true
    }

    /// Whether both have the same entries, and no template has changed those.
    fn is_copy(&self, table: &Value, copy: &Value, depth: usize) -> bool {
        /// Tables of values nest no deeper than this.
        const MAX_DEPTH: usize = 64;
        if !matches!(table, Value::Map(_) | Value::List(_)) {
            return table.kind() == copy.kind() && printed(table) == printed(copy);
        }
        let is_known = self.containers.path_of(table).is_some();
        let steps = steps_of(table);
        let is_same = |step: &Step| match (step.entry(table), step.entry(copy)) {
            (Some(one), Some(other)) => self.is_copy(&one, &other, depth + 1),
            _ => false,
        };
        depth < MAX_DEPTH
            && table.kind() == copy.kind()
            && (!is_known || self.containers.is_untouched(table))
            && steps == steps_of(copy)
            && steps.iter().all(is_same)
    }

    /// What a merge has written over the table at a path.
    fn note_overwritten(&mut self, path: &str, over: &Value, depth: usize) {
        /// Tables of values nest no deeper than this.
        const MAX_DEPTH: usize = 64;
        let Value::Map(over) = over else {
            self.changed.insert(path.to_owned());
            return;
        };
        if depth < MAX_DEPTH {
            for (key, value) in over.entries().iter() {
                self.note_overwritten(&below(path, key), value, depth + 1);
            }
        }
    }
}
