//! What is said, in both languages.

use config::Words;

/// The language of what is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// The words in this language.
    pub fn of(self, words: &Words) -> &str {
        match self {
            Self::English => &words.en,
            Self::French => &words.fr,
        }
    }

    /// One of two texts.
    pub(crate) fn pick<'t>(self, en: &'t str, fr: &'t str) -> &'t str {
        match self {
            Self::English => en,
            Self::French => fr,
        }
    }
}

/// Words that are always the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said(pub &'static str, pub &'static str);

impl From<Said> for Words {
    fn from(said: Said) -> Self {
        Words::new(said.0, said.1)
    }
}

/// The words with what stands for `{}` put in, one after the other.
pub(crate) fn filled(said: Said, parts: &[&str]) -> Words {
    let fill = |text: &str| {
        let mut out = String::new();
        let mut rest = text;
        for part in parts {
            let Some((before, after)) = rest.split_once("{}") else { break };
            out.push_str(before);
            out.push_str(part);
            rest = after;
        }
        out.push_str(rest);
        out
    };
    Words::new(fill(said.0), fill(said.1))
}
