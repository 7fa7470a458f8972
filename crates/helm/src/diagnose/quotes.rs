//! Quotes of YAML that are closed too late or never.

use std::ops::Range;

use super::Diagnostic;

/// A quote that is at fault.
pub(super) struct Opened {
    /// From the quote to the end of its line.
    pub span: Range<usize>,
    /// What to say of it.
    pub label: &'static str,
    /// Whether another quote closes it, where it should not.
    pub is_late: bool,
}

/// The quote that makes the reader stop at a place: when it stops at the quote itself, nothing closes
/// it; when just behind a closing one, that was to open another text.
pub(super) fn opened(text: &str, at: usize) -> Option<Opened> {
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let line_from = |from: usize| {
        let end = text.get(from..)?.find('\n').map_or(text.len(), |end| from + end);
        Some(from..end)
    };
    if text.as_bytes().get(at).is_some_and(is_quote) {
        let (span, label) = (line_from(at)?, "this quote is never closed");
        return Some(Opened { span, label, is_late: false });
    }
    let before = text.get(..at)?.trim_end();
    let quote = *before.as_bytes().last().filter(|byte| is_quote(byte))?;
    let closes = before.len() - 1;
    let opens = before.get(..closes)?.rfind(char::from(quote))?;
    let starts_text = before.get(..opens)?.ends_with([' ', '\n', '[', '{']);
    // On one line it is closed where it should be.
    if !starts_text || !before.get(opens..closes)?.contains('\n') {
        return None;
    }
    let (span, label) = (line_from(opens)?, "this quote is closed only by the next one");
    Some(Opened { span, label, is_late: true })
}

/// Says so.
pub(super) fn tell(told: &mut Diagnostic) {
    told.code = "yaml.unclosed-quote";
    told.remedies = vec![
        "close the quote at the end of its text: what begins with `\"` or `'` ends with the same"
            .to_owned(),
    ];
}
