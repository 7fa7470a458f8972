//! What is said, in both languages.

use diagnostic::{Language, Words};

/// One of two texts.
pub(crate) trait Pick {
    /// The text in the language.
    fn pick<'t>(self, en: &'t str, fr: &'t str) -> &'t str;
}

impl Pick for Language {
    fn pick<'t>(self, en: &'t str, fr: &'t str) -> &'t str {
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
    let parts: Vec<Words> = parts.iter().map(|part| Words::from(*part)).collect();
    filled_with(said, &parts)
}

/// The same with what is said otherwise in each language.
pub(crate) fn filled_with(said: Said, parts: &[Words]) -> Words {
    let fill = |text: &str, language: Language| {
        let mut out = String::new();
        let mut rest = text;
        for part in parts {
            let Some((before, after)) = rest.split_once("{}") else { break };
            out.push_str(before);
            out.push_str(part.of(language));
            rest = after;
        }
        out + rest
    };
    Words::new(fill(said.0, Language::English), fill(said.1, Language::French))
}
