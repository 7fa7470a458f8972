//! What Go's `unicode` package says of a character by its general category. Rust's own questions
//! (`char::is_alphabetic`, …) count more: signs of vowels, Roman numerals, circled letters.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// `unicode.IsLetter`: category L.
pub fn is_letter(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_alphabetic();
    }
    rune.general_category_group() == GeneralCategoryGroup::Letter
}

/// `unicode.IsDigit`: category Nd.
pub fn is_digit(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_digit();
    }
    rune.general_category() == unicode_properties::GeneralCategory::DecimalNumber
}

/// `unicode.IsPunct`: category P, which leaves out `$+<=>^|~` and the backtick.
pub fn is_punctuation(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_punctuation() && !b"$+<=>^`|~".contains(&(rune as u8));
    }
    rune.general_category_group() == GeneralCategoryGroup::Punctuation
}
