//! The report for people.

use std::fmt::Write as _;

use config::Words;

use super::{Finding, Grade, Password, Report};
use crate::secret::Use;
use crate::words::Language;

impl Report {
    /// The report for people, in their language.
    pub fn text(&self, language: Language) -> String {
        let mut out = String::new();
        let say = |en, fr| language.pick(en, fr);
        let _ = writeln!(
            out,
            "{}: {} {}, {} {}",
            self.file,
            self.sections,
            say("sections", "sections"),
            self.settings,
            say("settings", "réglages")
        );
        let parts = [
            (self.translated.len(), say("translated", "traduits")),
            (
                self.secrets.len(),
                say("passwords, none of them copied", "mots de passe, aucun copié"),
            ),
            (self.left.len(), say("left out", "laissés de côté")),
            (self.findings.len(), say("things to look at", "points à regarder")),
        ];
        for (count, words) in parts {
            let _ = writeln!(out, "  {count:>4} {words}");
        }
        let _ = writeln!(out, "\n{}", say("Translated", "Traduits"));
        for one in &self.translated {
            let _ = writeln!(out, "  {:>4}  {} → {}", one.line, one.from, one.to.join(", "));
        }
        if !self.secrets.is_empty() {
            let _ = writeln!(out, "\n{}", say("Passwords", "Mots de passe"));
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
            let reason = language.of(&first.reason);
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
            let words = language.of(&one.words);
            let _ =
                writeln!(out, "  {grade}[{}] {}:{} {}", one.kind, self.file, one.line, one.path);
            let _ = writeln!(out, "    {words}");
            let remedy = language.of(&one.remedy);
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
        Use::Generated => Words::new("drawn at random instead", "tiré au hasard à la place"),
        _ if !one.readable => Words::new("to be made by hand", "à créer à la main"),
        Use::Reference(paths) => {
            let paths = paths.join(", ");
            Words::new(format!("for {paths}"), format!("pour {paths}"))
        }
        Use::Own => Words::new("which the platform then takes", "que la plateforme prend alors"),
        Use::Kept => Words::new("needed by nothing yet", "dont rien n'a encore besoin"),
    };
    format!("{place}: {}", language.of(&words))
}
