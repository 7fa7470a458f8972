//! The report for people.

use std::fmt::Write as _;

use diagnostic::{Language, Words};

use super::{Finding, Grade, Password, Report};
use crate::secret::{State, Use};
use crate::words::Pick as _;

impl Report {
    /// The report for people, in their language.
    pub fn text(&self, language: Language) -> String {
        let mut out = String::new();
        let sections = ["section", "sections"];
        let sections = Words::counted(self.sections, sections, sections);
        let settings =
            Words::counted(self.settings, ["setting", "settings"], ["réglage", "réglages"]);
        let [sections, settings] = [&sections, &settings].map(|words| words.of(language));
        let _ = writeln!(out, "{}: {sections}, {settings}", self.file);
        let lines = [
            Words::counted(self.translated.len(), ["translated"; 2], ["traduit", "traduits"]),
            Words::counted(
                self.secrets.len(),
                ["password, not copied", "passwords, none of them copied"],
                ["mot de passe, non copié", "mots de passe, aucun copié"],
            ),
            Words::counted(self.left.len(), ["left out"; 2], ["laissé de côté", "laissés de côté"]),
            Words::counted(
                self.findings.len(),
                ["thing to look at", "things to look at"],
                ["point à regarder", "points à regarder"],
            ),
        ];
        for line in lines {
            let _ = writeln!(out, "  {}", line.of(language));
        }
        let _ = writeln!(out, "\n{}", language.pick("Translated", "Traduits"));
        for one in &self.translated {
            let _ = writeln!(out, "  {:>4}  {} → {}", one.line, one.from, one.to.join(", "));
        }
        if !self.secrets.is_empty() {
            let _ = writeln!(out, "\n{}", language.pick("Passwords", "Mots de passe"));
        }
        for one in &self.secrets {
            let fate = fate(one, language);
            let _ = writeln!(out, "  {:>4}  {} → {fate}", one.line, one.from);
        }
        self.left_ones(language, &mut out);
        self.found(language, &mut out);
        out
    }

    /// What has no counterpart: neighbours of one section and one reason together.
    fn left_ones(&self, language: Language, out: &mut String) {
        if !self.left.is_empty() {
            let _ = writeln!(out, "\n{}", language.pick("Left out", "Laissés de côté"));
        }
        let section = |path: &str| path.split(['.', '[']).next().unwrap_or("").to_owned();
        let mut rest = self.left.as_slice();
        while let Some(first) = rest.first() {
            let is_alike = |one: &&super::Left| {
                section(&one.from) == section(&first.from)
                    && one.reason == first.reason
                    && one.raw == first.raw
            };
            let count = rest.iter().take_while(is_alike).count();
            let names: Vec<&str> = rest[..count].iter().map(|one| short(&one.from)).collect();
            let names = names.join(", ");
            let reason = first.reason.of(language);
            let _ =
                writeln!(out, "  {:>4}  {}: {names}: {reason}", first.line, section(&first.from));
            if let Some(raw) = &first.raw {
                let words = language.pick("the same as raw values", "de même en valeurs brutes");
                let _ = writeln!(out, "        {words}: {raw}");
            }
            rest = &rest[count..];
        }
    }

    fn found(&self, language: Language, out: &mut String) {
        if !self.findings.is_empty() {
            let _ = writeln!(out, "\n{}", language.pick("To look at", "À regarder"));
        }
        for one in &self.findings {
            let grade = grade(one, language);
            let words = one.words.of(language);
            let _ =
                writeln!(out, "  {grade}[{}] {}:{} {}", one.kind, self.file, one.line, one.path);
            let _ = writeln!(out, "    {words}");
            let remedy = one.remedy.of(language);
            if !remedy.is_empty() {
                let _ = writeln!(out, "    → {remedy}");
            }
            for source in &one.sources {
                let _ = writeln!(out, "      {source}");
            }
        }
    }
}

/// The path within the section.
fn short(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, inside)| inside)
}

fn grade(one: &Finding, language: Language) -> &'static str {
    match one.grade {
        Grade::Error => language.pick("error", "erreur"),
        Grade::Warning => language.pick("warning", "attention"),
        Grade::Note => language.pick("note", "note"),
    }
}

/// What becomes of a password.
fn fate(one: &Password, language: Language) -> String {
    let (name, key) = &one.secret;
    let place = format!("Secret {name}, {} {key}", language.pick("key", "clé"));
    let words = match &one.used {
        Use::Generated if one.state == State::Empty => {
            Words::new("not made, for it is empty", "pas créé, car il est vide")
        }
        Use::Generated => Words::new("drawn at random instead", "tiré au hasard à la place"),
        _ if !one.readable => Words::new("to be made by hand", "à créer à la main"),
        Use::Reference(paths) => {
            let paths = paths.join(", ");
            Words::new(format!("for {paths}"), format!("pour {paths}"))
        }
        Use::Own => Words::new("which the platform then takes", "que la plateforme prend alors"),
        Use::Kept => Words::new("needed by nothing yet", "dont rien n'a encore besoin"),
    };
    format!("{place}: {}", words.of(language))
}
