//! Why a file cannot be imported at all. What is said never shows what the file says: a line may
//! hold a password.

use std::fmt::Write as _;

use config::Faults;
use diagnostic::{Diagnostic, Language, Words};

use crate::words::{Pick as _, Said, filled};

/// Why there is no result.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// Something that is wrong with the file.
#[derive(Clone, Debug)]
pub struct Fault {
    /// A stable name: `import.size`.
    pub code: &'static str,
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong.
    pub words: Words,
    /// What to do.
    pub remedy: Words,
}

pub(crate) const TOO_LARGE: Said = Said(
    "the file has more than 4 MiB, and no `eole3.yaml` is so large",
    "le fichier dépasse 4 Mio, ce qu'aucun `eole3.yaml` ne fait",
);
pub(crate) const TOO_MANY: Said = Said(
    "the file has more than 20,000 settings, and no `eole3.yaml` has so many",
    "le fichier a plus de 20 000 réglages, ce qu'aucun `eole3.yaml` n'a",
);
pub(crate) const NO_TEXT: Said = Said("this is no text in UTF-8", "ce n'est pas un texte en UTF-8");
pub(crate) const UTF8: Said = Said(
    "save the file as UTF-8, and see that it is the right one",
    "enregistrez le fichier en UTF-8, et vérifiez que c'est le bon",
);
pub(crate) const NO_SECTIONS: Said = Said(
    "the file has no sections, such as `default:` and `keycloak:`",
    "le fichier n'a pas de sections, comme `default:` et `keycloak:`",
);
pub(crate) const IS_IT_THE_FILE: Said = Said(
    "give the `eole3.yaml` that the platform was deployed with",
    "donnez le `eole3.yaml` avec lequel la plateforme a été déployée",
);
pub(crate) const NO_DOMAIN: Said = Said(
    "the file does not say the domain of the platform, or says what is no domain",
    "le fichier ne dit pas le domaine de la plateforme, ou ce n'en est pas un",
);
pub(crate) const SAY_DOMAIN: Said = Said(
    "write it as `domain: school.example.org` below `default:`",
    "écrivez-le ainsi, sous `default:` : `domain: ecole.example.org`",
);
const NO_YAML: Said = Said("this is no YAML: {}", "ce n'est pas du YAML : {}");
const LOOK: Said = Said(
    "look at the indentation and the quotes of this line and the one before it",
    "regardez les blancs et les guillemets de cette ligne et de la précédente",
);
const TWICE: Said =
    Said("a setting stands here for the second time", "un réglage est ici en double");
const KEEP_ONE: Said = Said("keep one of the two", "gardez l'un des deux");
const TWO_DOCUMENTS: Said =
    Said("a second document begins here", "un deuxième document commence ici");
const SPLIT: Said = Said(
    "put what follows `---` into a file of its own",
    "mettez ce qui suit `---` dans un autre fichier",
);
const TOO_DEEP: Said = Said(
    "the file nests too deeply, or repeats itself too often",
    "le fichier a trop de niveaux, ou se répète trop",
);
const NO_NAME: Said =
    Said("the name of a setting is not a text", "le nom d'un réglage n'est pas un texte");

impl Refusal {
    pub(crate) fn one(code: &'static str, line: usize, words: Said, remedy: Said) -> Self {
        Self { faults: vec![Fault { code, line, words: words.into(), remedy: remedy.into() }] }
    }

    /// What the reader of configurations found, without what the file says.
    pub(crate) fn of(faults: Faults, line: impl Fn(usize) -> usize) -> Self {
        let told = |fault: Diagnostic<Words>| {
            let at = fault.views.first().map_or(0, |view| view.span.start);
            let (words, remedy) = match fault.code {
                "config.duplicate" => (TWICE.into(), KEEP_ONE),
                "config.document" => (TWO_DOCUMENTS.into(), SPLIT),
                "config.limit" => (TOO_DEEP.into(), IS_IT_THE_FILE),
                "config.key" => (NO_NAME.into(), LOOK),
                _ => (filled(NO_YAML, &[&without_quotes(&fault.title.en)]), LOOK),
            };
            Fault { code: fault.code, line: line(at), words, remedy: remedy.into() }
        };
        Self { faults: faults.into_diagnostics().into_iter().map(told).collect() }
    }
}

impl Refusal {
    /// What is wrong, for people; `file` is the file as they named it.
    pub fn text(&self, file: &str, language: Language) -> String {
        let mut out = String::new();
        for fault in &self.faults {
            let (words, remedy) = (fault.words.of(language), fault.remedy.of(language));
            let error = language.pick("error", "erreur");
            let _ = writeln!(
                out,
                "{error}[{}] {file}:{} {words}\n  → {remedy}",
                fault.code, fault.line
            );
        }
        out
    }
}

/// What the reader says, which is English, without what stands between its quotes: that may be the
/// file's.
fn without_quotes(title: &str) -> String {
    let words = title.split_once(": ").map_or(title, |(_, words)| words);
    let quotes = ['\'', '"', '`'];
    match (words.find(quotes), words.rfind(quotes)) {
        (Some(first), Some(last)) => format!("{}…{}", &words[..first], &words[last + 1..]),
        _ => words.to_owned(),
    }
}
