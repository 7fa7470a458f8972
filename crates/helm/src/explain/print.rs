//! What is printed, and what is known of it.

use std::rc::Rc;

use gotmpl::trace::Site;

use super::align::shift;
use super::lineage::Lineage;
use super::record::{Recorder, extend};
use super::{Origin, Place, Segment};

impl Recorder {
    /// The pieces of what an action has printed.
    pub(super) fn printed(
        &self,
        own: &Lineage,
        place: &Place,
        length: usize,
        is_text: bool,
    ) -> Vec<Segment> {
        let chain: Vec<Place> =
            self.frames.iter().filter_map(|frame| frame.asked_by.clone()).collect();
        let print = |origin: &Rc<Origin>| {
            if origin.is_printed {
                return Rc::clone(origin);
            }
            let mut made = Origin::clone(origin);
            made.place = place.clone();
            made.chain.clone_from(&chain);
            made.is_printed = true;
            made.taken = made.taken.filter(|taken| !taken.is_same(place));
            let inner = std::mem::replace(&mut made.because, self.conditions.clone());
            extend(&mut made.because, inner);
            Rc::new(made)
        };
        let plain = Origin::at(place.clone(), Vec::new());
        if !is_text || own.is_empty() {
            let mut origin = own.first().map_or(plain, |first| Origin::clone(&first.origin));
            origin.values = own.values();
            return vec![Segment { start: 0, end: length, origin: print(&Rc::new(origin)) }];
        }
        let between = print(&Rc::new(Origin { is_between: true, ..plain }));
        let mut segments = Vec::new();
        let mut same: Option<(Rc<Origin>, Rc<Origin>)> = None;
        for segment in own.iter() {
            let origin = match &same {
                Some((known, made)) if Rc::ptr_eq(known, &segment.origin) => Rc::clone(made),
                _ => print(&segment.origin),
            };
            same = Some((Rc::clone(&segment.origin), Rc::clone(&origin)));
            segments.push(Segment { origin, ..*segment });
        }
        fill(&mut segments, length, &between);
        segments
    }

    /// Literal text of what `tpl` runs, where that comes from values.
    pub(super) fn text_of_values(&self, site: Site<'_>) -> Vec<Segment> {
        let mut found = Vec::new();
        if let Some(frame) = self.frames.last().filter(|frame| !frame.source.is_empty()) {
            let range = site.span.start as usize..site.span.end as usize;
            shift(&frame.source, range, 0, &mut found);
        }
        found.retain(|segment| !segment.origin.values.is_empty());
        let because = |segment: &mut Segment| {
            if !segment.origin.is_printed {
                let mut origin = Origin::clone(&segment.origin);
                extend(&mut origin.because, self.conditions.clone());
                segment.origin = Rc::new(origin);
            }
        };
        found.iter_mut().for_each(because);
        found
    }
}

/// Gives what the pieces of a text leave open to `origin`.
pub(super) fn fill(segments: &mut Vec<Segment>, length: usize, origin: &Rc<Origin>) {
    let mut filled = Vec::with_capacity(segments.len() + 1);
    let mut cursor = 0;
    let gap = |start: usize, end: usize, filled: &mut Vec<Segment>| {
        if start < end {
            filled.push(Segment { start, end, origin: Rc::clone(origin) });
        }
    };
    for segment in segments.drain(..) {
        gap(cursor, segment.start, &mut filled);
        cursor = cursor.max(segment.end);
        filled.push(segment);
    }
    gap(cursor, length, &mut filled);
    *segments = filled;
}

/// Helm takes Go's sign for a missing value out of what a file prints.
pub(super) fn without_no_value(
    mut text: Vec<u8>,
    mut segments: Vec<Segment>,
) -> (Vec<u8>, Vec<Segment>) {
    const SIGN: &[u8] = b"<no value>";
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(text.get(from..).unwrap_or_default(), SIGN) {
        from += at;
        text.drain(from..from + SIGN.len());
        let moved = |place: usize| {
            if place > from { from.max(place.saturating_sub(SIGN.len())) } else { place }
        };
        for segment in &mut segments {
            (segment.start, segment.end) = (moved(segment.start), moved(segment.end));
        }
    }
    (text, segments)
}
