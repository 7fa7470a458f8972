//! What is known at the moment at which a render fails, for its diagnosis.

use super::lineage::Lineage;
use super::record::Recorder;
use super::{Certainty, Place};

/// What stood around a fault.
#[derive(Clone, Default)]
pub(crate) struct Moment {
    /// The `range` or `with` that has changed the dot of the template at fault, the innermost.
    pub changed_dot: Option<Place>,
    /// Whether the template at fault was included by another.
    pub is_included: bool,
    /// Of each argument of the call under way, the values that are in it.
    pub arguments: Vec<Vec<(String, Certainty)>>,
    /// The path of the value that is the text at fault, which `tpl` runs.
    pub text_run: Option<String>,
}

impl Recorder {
    /// What is known now.
    pub(crate) fn moment(&self) -> Moment {
        let depth = self.frames.len();
        let mut around = self.decisions.iter().rev();
        let changed = around.find(|deciding| deciding.has_dot && deciding.depth == depth);
        let arguments = self.calls.last().map(|call| {
            let known = call.args.iter().chain(std::iter::once(&call.piped));
            known.map(Lineage::values).collect()
        });
        let source = self.frames.last().map(|frame| frame.source.values());
        let text_run = match source.as_deref() {
            Some([(path, Certainty::Exact)]) => Some(path.clone()),
            _ => None,
        };
        Moment {
            text_run,
            changed_dot: changed.map(|deciding| deciding.place.clone()),
            is_included: depth > 1,
            arguments: arguments.unwrap_or_default(),
        }
    }
}
