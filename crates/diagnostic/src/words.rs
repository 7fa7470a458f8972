//! Texts in the languages that people read, made beside one another so that none is forgotten.
//!
//! Not here: which language a person reads. The edge of the program knows.

use std::fmt::Display;

/// A language that people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

/// A text in the languages that people read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Words {
    /// A text in both languages.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }

    /// The text in a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::French => &self.fr,
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.fr.is_empty()
    }

    /// So many of something: its name in the singular and the plural, in English and in French,
    /// where nothing and one are both singular.
    pub fn counted(count: usize, english: [&str; 2], french: [&str; 2]) -> Self {
        let [en, fr] = [english[usize::from(count != 1)], french[usize::from(count > 1)]];
        Self { en: format!("{count} {en}"), fr: format!("{count} {fr}") }
    }

    /// Several texts with another one between them.
    pub fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let (en, fr): (Vec<String>, Vec<String>) =
            all.into_iter().map(|words| (words.en, words.fr)).unzip();
        Self { en: en.join(between), fr: fr.join(between) }
    }
}

/// What is the same in every language: a name, a line of a file.
impl From<String> for Words {
    fn from(text: String) -> Self {
        Self { en: text.clone(), fr: text }
    }
}

/// The same.
impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// What can be said in every language.
pub trait Tell {
    /// The text in a language.
    fn tell(&self, language: Language) -> String;
}

impl Tell for Words {
    fn tell(&self, language: Language) -> String {
        self.of(language).to_owned()
    }
}

impl Tell for &Words {
    fn tell(&self, language: Language) -> String {
        self.of(language).to_owned()
    }
}

/// What is the same in every language.
impl<T: Display + ?Sized> Tell for T {
    fn tell(&self, _: Language) -> String {
        self.to_string()
    }
}

/// A text in both languages: the English form, the French one, and what stands in their braces.
///
/// Variables are captured as `format!` does; what is to be said in the language of the text, or is
/// no variable, is named behind the forms. Both forms must use all that is named.
///
/// ```
/// use diagnostic::{Language, words};
///
/// let name = "web";
/// let what = words!("a number", "un nombre");
/// let told = words!("`{name}` is {what}", "`{name}` est {what}", what = what);
/// assert_eq!(told.of(Language::French), "`web` est un nombre");
/// ```
#[macro_export]
macro_rules! words {
    ($en:literal, $fr:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = &$value;)*
        $crate::Words::new(
            {
                $(let $name = $crate::Tell::tell($name, $crate::Language::English);)*
                ::std::format!($en)
            },
            {
                $(let $name = $crate::Tell::tell($name, $crate::Language::French);)*
                ::std::format!($fr)
            },
        )
    }};
}

#[cfg(test)]
mod tests {
    use super::{Language, Words};

    #[test]
    fn what_stands_in_braces_is_said_in_the_language_of_the_text() {
        let (inner, count) = (crate::words!("a list", "une liste"), 3);
        let all = crate::words!("{inner} of {count}", "{inner} de {count}", inner = inner);
        assert_eq!(all, Words::new("a list of 3", "une liste de 3"));
        let none = Words::counted(0, ["node", "nodes"], ["nœud", "nœuds"]);
        assert_eq!(none, Words::new("0 nodes", "0 nœud"));
        assert_eq!(Words::from("x").of(Language::French), "x");
        let both = Words::joined([all, Words::from("x")], ", ");
        assert_eq!(both.of(Language::English), "a list of 3, x");
    }
}
