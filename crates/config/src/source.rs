//! The texts that settings come from, and places in them.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::{View, Words};

use crate::hidden;

/// A text among [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The text.
    pub source: SourceId,
    /// The bytes.
    pub span: Range<usize>,
}

/// All texts that were read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    path: String,
    text: Arc<str>,
}

impl Sources {
    /// Takes a text in, under the path by which a person can open it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let mut text = text.into();
        // Editors of Windows begin files with a mark of the order of bytes.
        if let Some(rest) = text.strip_prefix('\u{feff}') {
            text = rest.into();
        }
        self.all.push(Source { path: path.into(), text });
        SourceId(u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX))
    }

    /// The path of a text.
    pub fn path(&self, id: SourceId) -> &str {
        self.all.get(id.0 as usize).map_or("", |source| &source.path)
    }

    /// A text.
    pub fn text(&self, id: SourceId) -> Arc<str> {
        self.all.get(id.0 as usize).map_or_else(|| "".into(), |source| source.text.clone())
    }

    /// What stands at a place.
    pub fn excerpt(&self, place: &Place) -> String {
        let text = self.text(place.source);
        text.get(place.span.clone()).unwrap_or("").to_owned()
    }

    /// The line of a place, counted from one.
    pub fn line(&self, place: &Place) -> usize {
        let text = self.text(place.source);
        let before = text.get(..place.span.start).unwrap_or("");
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// `path:line`.
    pub fn tell(&self, place: &Place) -> String {
        format!("{}:{}", self.path(place.source), self.line(place))
    }

    /// The place as a diagnostic shows it. What looks like a secret is not shown.
    pub fn view(&self, place: &Place, label: impl Into<Words>) -> View<Words> {
        View {
            caption: None,
            path: self.path(place.source).to_owned(),
            text: hidden::without_secrets(&self.text(place.source)).into(),
            span: place.span.clone(),
            label: label.into(),
        }
    }
}

impl Place {
    /// A place in a text.
    pub fn new(source: SourceId, span: Range<usize>) -> Self {
        Self { source, span }
    }
}
