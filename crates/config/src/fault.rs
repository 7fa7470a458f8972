//! Faults in documents, gathered until all are known.

use diagnostic::{Diagnostic, Severity, Words, words};

use crate::source::{Place, Sources};

/// How many faults are told; nobody reads more at once.
const MOST_TOLD: usize = 100;

/// What was found wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    all: Vec<Diagnostic<Words>>,
    /// How many more there are than are told.
    more: usize,
}

impl Faults {
    /// Notes an error at a place: what is wrong in one sentence, what to say at the place, and what
    /// to do.
    pub fn error(
        &mut self,
        sources: &Sources,
        code: &'static str,
        title: impl Into<Words>,
        place: &Place,
        label: impl Into<Words>,
        remedies: impl IntoIterator<Item = Words>,
    ) {
        if self.all.len() >= MOST_TOLD {
            self.more += 1;
            return;
        }
        self.push(Diagnostic {
            severity: Severity::Error,
            code,
            title: title.into(),
            views: vec![sources.view(place, label)],
            notes: Vec::new(),
            remedies: remedies.into_iter().collect(),
        });
    }

    /// Notes faults of an expression that stands at a place.
    pub fn expression(&mut self, sources: &Sources, place: &Place, faults: Vec<cel::Fault>) {
        for fault in faults {
            let span = inside(sources, place, &fault);
            let code = match fault.kind {
                cel::FaultKind::Syntax => "expression.syntax",
                cel::FaultKind::Type => "expression.type",
                cel::FaultKind::Value => "expression.value",
            };
            let title = words!(
                "in an expression: {what}",
                "dans une expression : {what}",
                what = fault.message
            );
            self.error(sources, code, title, &span, "", fault.hint);
        }
    }

    /// Notes that a name is set twice; `before` is where the first one stands.
    pub(crate) fn twice(&mut self, sources: &Sources, name: &str, place: &Place, before: &str) {
        let title = words!("`{name}` is set twice", "`{name}` est réglé deux fois");
        let remedy = words!(
            "keep one of the two; the first is at {before}",
            "garder l'un des deux ; le premier est à {before}"
        );
        self.error(sources, "config.duplicate", title, place, "", [remedy]);
    }

    /// Notes that settings nest too deep.
    pub(crate) fn too_deep(&mut self, sources: &Sources, deepest: usize, place: &Place) {
        let title = words!(
            "settings nest at most {deepest} levels",
            "les réglages s'emboîtent sur {deepest} niveaux au plus"
        );
        self.error(sources, "config.limit", title, place, "", None);
    }

    /// Notes a diagnostic that is made already.
    pub fn push(&mut self, diagnostic: Diagnostic<Words>) {
        self.all.push(diagnostic);
    }

    /// Notes all that others found.
    pub fn extend(&mut self, others: Faults) {
        self.all.extend(others.all);
        self.more += others.more;
    }

    /// Whether there is no error; warnings do not count.
    pub fn is_empty(&self) -> bool {
        // Only errors are counted beyond those that are told.
        self.more == 0 && self.all.iter().all(|fault| fault.severity != Severity::Error)
    }

    /// How many faults there are, warnings among them.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The faults, in the order of their places, each once.
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic<Words>> {
        let key = |fault: &Diagnostic<Words>| {
            fault.views.first().map(|view| (view.path.clone(), view.span.start))
        };
        self.all.sort_by_key(key);
        self.all.dedup();
        if self.more > 0 {
            let more = self.more;
            let title = words!(
                "{more} more faults are not shown",
                "{more} autres fautes ne sont pas montrées"
            );
            self.all.push(Diagnostic { code: "config.limit", title, ..Diagnostic::default() });
        }
        self.all
    }
}

/// Where a fault of an expression stands in its document. A text in quotes begins one byte later
/// than its node; where what is written is not what it means, as in folded texts, the whole node is
/// shown.
fn inside(sources: &Sources, place: &Place, fault: &cel::Fault) -> Place {
    if fault.span == (0..0) {
        return place.clone();
    }
    let written = sources.excerpt(place);
    let offset = usize::from(written.starts_with(['"', '\'']));
    let is_plain = !written.contains(['\n', '\\']) && !written.contains("''");
    let start = place.span.start + offset + fault.span.start;
    let end = place.span.start + offset + fault.span.end;
    if is_plain && end <= place.span.end {
        Place::new(place.source, start..end.max(start + 1).min(place.span.end.max(start)))
    } else {
        place.clone()
    }
}
