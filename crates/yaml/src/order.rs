//! The order in which go-yaml writes keys: `a9` before `a10`, letters after everything else.

use crate::write::Form;
use strconv::category;

/// Sorts things by their keys as go-yaml does.
///
/// Go's rule is no proper order for all keys (zeros before numbers can make a circle), so the sort
/// is one that cannot be confused by that.
pub fn sort_keys<T>(items: &mut Vec<T>, form: Form, key: impl Fn(&T) -> &str) {
    let sorted = items.windows(2).all(|pair| !comes_before(key(&pair[1]), key(&pair[0]), form));
    if sorted {
        return;
    }
    let mut runs: Vec<Vec<T>> = items.drain(..).map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(left) = rest.next() {
            merged.push(match rest.next() {
                Some(right) => merge(left, right, form, &key),
                None => left,
            });
        }
        runs = merged;
    }
    items.extend(runs.into_iter().flatten());
}

fn merge<T>(left: Vec<T>, right: Vec<T>, form: Form, key: &impl Fn(&T) -> &str) -> Vec<T> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut left = left.into_iter().peekable();
    let mut right = right.into_iter().peekable();
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if comes_before(key(b), key(a), form) { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// Whether key `a` is written before key `b`.
pub fn comes_before(a: &str, b: &str, form: Form) -> bool {
    // The common beginning decides nothing but whether digits precede the difference.
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let common = (0..=common).rev().find(|at| a.is_char_boundary(*at)).unwrap_or(0);
    let (head, tail_a, tail_b) = (&a[..common], &a[common..], &b[common..]);
    let (Some(first_a), Some(first_b)) = (tail_a.chars().next(), tail_b.chars().next()) else {
        return tail_a.is_empty() && !tail_b.is_empty();
    };
    let (letter_a, letter_b) = (category::is_letter(first_a), category::is_letter(first_b));
    if letter_a && letter_b {
        return first_a < first_b;
    }
    if letter_a || letter_b {
        let after_digit = head.ends_with(|rune: char| rune.is_ascii_digit());
        return if form == Form::Pretty && after_digit { letter_a } else { letter_b };
    }
    // Zeros count as digits of a number that has begun.
    let begun = (first_a == '0' || first_b == '0') && number_has_begun(head);
    let (digits_a, number_a) = number(tail_a, begun);
    let (digits_b, number_b) = number(tail_b, begun);
    if number_a != number_b {
        return number_a < number_b;
    }
    if digits_a != digits_b {
        return digits_a < digits_b;
    }
    first_a < first_b
}

fn number_has_begun(head: &str) -> bool {
    head.bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0')
}

/// How many digits stand first, and the number they make, wrapping as in Go.
fn number(text: &str, begun: bool) -> (usize, i64) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((0, i64::from(begun)), |(count, number), digit| {
        (count + 1, number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')))
    })
}
