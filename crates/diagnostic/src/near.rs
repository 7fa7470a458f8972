//! The known name that a person most likely meant.

/// How far two names may be apart, as a share of the longer one, to be taken for one another.
const FAR: usize = 3;

/// The nearest of the known names, when one is near.
pub fn nearest<'n>(meant: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    all(meant, known).into_iter().next()
}

/// The known names that are near, the nearest first.
pub fn all<'n>(meant: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    // Of two that are as near, the one that begins alike.
    let other_start = |name: &str| meant.chars().next() != name.chars().next();
    let mut near: Vec<(usize, usize, &str)> = known
        .into_iter()
        .map(|name| (distance(meant, name), name.len(), name))
        .filter(|(far, length, _)| *far > 0 && far * FAR <= *length.max(&meant.len()))
        .collect();
    near.sort_by_key(|(far, length, name)| (*far, other_start(name), *length));
    near.dedup();
    near.into_iter().map(|(.., name)| name).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours between two names.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_swap_or_a_missing_letter_is_near_and_another_word_is_not() {
        assert_eq!(nearest("qoute", ["quote", "squote", "add"]), Some("quote"));
        assert_eq!(nearest("trimSufix", ["trimSuffix", "trimPrefix"]), Some("trimSuffix"));
        assert_eq!(nearest("frobnicate", ["quote", "add"]), None);
        assert_eq!(nearest("nident", ["indent", "nindent"]), Some("nindent"));
        assert_eq!(nearest("same", ["same"]), None);
    }
}
