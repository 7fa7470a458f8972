//! One rendered file into its documents, as Helm splits it: at every line that starts with `---`,
//! even when the line goes on.

use std::ops::Range;

use memchr::memmem;

const SEPARATOR: &[u8] = b"---";

/// The documents that are not blank, without white space before them.
pub fn split(text: &[u8]) -> Vec<&[u8]> {
    places(text).into_iter().map(|place| &text[place]).collect()
}

/// Where they stand: without white space before them.
pub(super) fn places(text: &[u8]) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    let first = text.len() - trim_start(text).len();
    let mut start = first;
    for found in memmem::find_iter(&text[first..], SEPARATOR) {
        let at = first + found;
        let begins_line = found == 0 || text.get(at - 1) == Some(&b'\n');
        // Dashes that follow a separator's are the document's.
        if begins_line && (at >= start) {
            keep(text, start..at, &mut documents);
            start = at + SEPARATOR.len();
            start += text[start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        }
    }
    keep(text, start..text.len(), &mut documents);
    documents
}

fn keep(text: &[u8], place: Range<usize>, documents: &mut Vec<Range<usize>>) {
    let start = place.end - trim_start(&text[place.clone()]).len();
    if start < place.end {
        documents.push(start..place.end);
    }
}

/// Without white space, Unicode's included, at the beginning.
pub fn trim_start(mut text: &[u8]) -> &[u8] {
    while let Some((length, true)) = first_char(text) {
        text = &text[length..];
    }
    text
}

/// Without white space, Unicode's included, at either end.
pub fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    'cut: loop {
        for length in 1..=text.len().min(3) {
            let (before, tail) = text.split_at(text.len() - length);
            if first_char(tail) == Some((length, true)) {
                text = before;
                continue 'cut;
            }
        }
        return text;
    }
}

/// The length of the first character and whether it is white space, as Go's `unicode.IsSpace`.
fn first_char(text: &[u8]) -> Option<(usize, bool)> {
    let head = text.get(..text.len().min(4))?;
    if let Some(byte) = head.first().filter(|byte| byte.is_ascii()) {
        return Some((1, matches!(byte, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | b' ')));
    }
    let valid = match std::str::from_utf8(head) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next().map(|c| (c.len_utf8(), c.is_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_helm_does() {
        let table: [(&str, &[&str]); 7] = [
            ("a: 1\n---\nb: 2\n", &["a: 1\n", "b: 2\n"]),
            ("---apiVersion: v1\n", &["apiVersion: v1\n"]),
            ("---\n---   \n\n--- # c\nx", &["# c\nx"]),
            (" ---\na", &["a"]),
            ("a\n ---\nb", &["a\n ---\nb"]),
            ("-----\na", &["--\na"]),
            ("\u{a0}\n", &[]),
        ];
        for (text, wanted) in table {
            let got: Vec<_> = split(text.as_bytes())
                .into_iter()
                .map(|d| std::str::from_utf8(d).unwrap())
                .collect();
            assert_eq!(got, wanted, "{text:?}");
        }
    }

    #[test]
    fn trims_unicode() {
        assert_eq!(trim("\u{2003} a\u{a0}\n".as_bytes()), b"a");
        assert_eq!(trim(b" \xff "), b"\xff");
    }
}
