//! What in the file does not agree with itself, or with the world of today.

use std::collections::BTreeMap;

use config::{NodeKind, TextKind};
use diagnostic::words;

use crate::document::{shown, truth_of};
use crate::report::{Finding, Grade};
use crate::secret::{State, Use};
use crate::tables::{self, Kind, SERVERS, SWITCHES};
use crate::translate::{At, Where, Work};
use crate::words::{Said, filled, filled_with};

/// A password of fewer characters is found by trying.
const SHORTEST: usize = 8;

impl Work<'_> {
    /// Looks for everything.
    pub fn check(&mut self) {
        self.passwords();
        self.truths();
        self.hosts();
        self.redirects();
        self.servers_there();
        self.retired();
        self.cluster();
        self.sections();
        let key = |one: &Finding| (one.line, one.grade, one.kind);
        self.findings.sort_by_key(key);
        let same = |one: &mut Finding, other: &mut Finding| {
            one.kind == other.kind && one.path == other.path && one.words == other.words
        };
        self.findings.dedup_by(same);
    }

    fn passwords(&mut self) {
        for secret in self.secrets.all.clone() {
            let at = || self.at(secret.leaf);
            let name = secret.name.as_str();
            match (secret.state, &secret.used) {
                (State::Placeholder, _) if self.running => {
                    let (said, remedy) = (ROTATE.0, filled(ROTATE.1, &[name]));
                    self.found("rotation", Grade::Warning, at(), said.into(), remedy);
                }
                (State::Placeholder, Use::Reference(_)) => {
                    let remedy = filled(ASK.1, &[name]);
                    self.found("placeholder", Grade::Error, at(), ASK.0.into(), remedy);
                }
                (State::Placeholder, _) => {
                    let said = DRAWN.0.into();
                    self.found("placeholder", Grade::Note, at(), said, DRAWN.1.into());
                }
                (State::Said, _) if self.is_weak(secret.leaf) => {
                    self.found("weak", Grade::Warning, at(), WEAK.0.into(), WEAK.1.into());
                }
                _ => {}
            }
            if !secret.is_readable() && secret.used != Use::Generated {
                let remedy = filled(BY_HAND.1, &[name]);
                let at = self.at(secret.leaf);
                self.found("by-hand", Grade::Note, at, BY_HAND.0.into(), remedy);
            }
        }
        for group in self.secrets.same(self.document) {
            let Some((first, others)) = group.split_first() else { continue };
            let tell = |at: &usize| {
                let leaf = &self.document.leaves[*at];
                format!("{} ({})", leaf.path, leaf.line)
            };
            let others: Vec<String> = others.iter().map(tell).collect();
            let at = self.at(*first);
            let words = filled(SAME.0, &[&others.join(", ")]);
            self.found("same-password", Grade::Warning, at, words, SAME.1.into());
        }
    }

    /// Whether a password is short, or the same as the name beside it.
    fn is_weak(&self, at: usize) -> bool {
        let leaf = &self.document.leaves[at];
        let text = leaf.secret_text().unwrap_or_default();
        let above = |path: &str| path.rsplit_once('.').map(|(above, _)| above.to_owned());
        let is_beside = |other: &crate::document::Leaf| {
            above(&other.path) == above(&leaf.path) && other.text().as_deref() == Some(&text)
        };
        // What names a thing is no password that anybody types: keys of an S3 server.
        let is_name = leaf.inside.to_ascii_lowercase().ends_with("accesskey");
        !is_name && (text.chars().count() < SHORTEST || self.document.leaves.iter().any(is_beside))
    }

    /// Truth values between quotes.
    fn truths(&mut self) {
        for at in 0..self.document.leaves.len() {
            let leaf = &self.document.leaves[at];
            let NodeKind::Text(text) = &leaf.node.kind else { continue };
            if leaf.is_secret || truth_of(text).is_none() {
                continue;
            }
            let remedy =
                filled(TRUTH.1, &[if truth_of(text) == Some(true) { "true" } else { "false" }]);
            let at = self.at(at);
            self.found("text-for-truth", Grade::Warning, at, TRUTH.0.into(), remedy);
        }
    }

    /// The host names of sections: section, setting, host name, whether it is deployed.
    fn host_names(&self) -> Vec<(String, usize, String, bool)> {
        let sections = self.document.root.entries().iter();
        let named = sections.filter_map(|entry| {
            let section = entry.key.as_str();
            let kind = tables::known(section).map(|known| known.kind);
            let is_served = kind == Some(Kind::Service) || section == "minio";
            let at = self.document.own(section, "hostname").filter(|_| is_served)?;
            let host = self.whole_host(&self.document.text_at(Some(at))?);
            Some((section.to_owned(), at, host, self.is_deployed(section)))
        });
        named.collect()
    }

    fn hosts(&mut self) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (_, at, host, is_deployed) in self.host_names() {
            let leaf = self.at(at);
            if !TextKind::Hostname.accepts(&host) {
                self.found("host", Grade::Error, leaf, NO_HOST.0.into(), NO_HOST.1.into());
                continue;
            }
            let below = format!(".{}", self.domain);
            if !host.ends_with(&below) {
                let words = filled(OUTSIDE.0, &[&host, &self.domain]);
                let leaf = self.at(at);
                self.found("outside-domain", Grade::Warning, leaf, words, OUTSIDE.1.into());
            }
            if !is_deployed {
                continue;
            }
            if let Some(first) = seen.get(&host) {
                let first = &self.document.leaves[*first];
                let place = format!("{} ({})", first.path, first.line);
                let words = filled(TWICE.0, &[&host, &place]);
                self.found("host-twice", Grade::Error, leaf, words, TWICE.1.into());
            } else {
                seen.insert(host, at);
            }
        }
    }

    /// Addresses to which a sign-in may lead back, and nobody is there.
    fn redirects(&mut self) {
        let hosts = self.host_names();
        for at in self.document.all("keycloak", "redirectUris") {
            let Some(text) = self.document.text_at(Some(at)) else { continue };
            let text = text.replace("${domain}", &self.domain).replace("$domain", &self.domain);
            let leaf = self.at(at);
            let host = text.split_once("://").map(|(_, rest)| {
                let host = rest.split(['/', ':', '?', '#']).next().unwrap_or("");
                host.to_ascii_lowercase()
            });
            let Some(host) = host.filter(|host| TextKind::Hostname.accepts(host)) else {
                self.found("redirect", Grade::Warning, leaf, OPEN.0.into(), OPEN.1.into());
                continue;
            };
            let matching: Vec<_> = hosts.iter().filter(|(_, _, one, _)| *one == host).collect();
            if matching.iter().any(|(_, _, _, is_deployed)| *is_deployed) {
                continue;
            }
            let words = match matching.first() {
                Some((section, ..)) => filled(REDIRECT_OFF, &[&host, section]),
                None => filled(REDIRECT_NOWHERE, &[&host]),
            };
            self.found("redirect", Grade::Warning, leaf, words, DROP_REDIRECT.into());
        }
    }

    /// Servers of the platform that are asked for and not deployed.
    fn servers_there(&mut self) {
        for server in SERVERS.iter().filter(|server| !server.settings.is_empty()) {
            for entry in self.document.root.entries() {
                let section = entry.key.as_str();
                let path = format!("{}.type", server.settings);
                let Some(at) = self.document.own(section, &path) else { continue };
                let is_inside = self.place_of(server, section) == Where::Inside;
                let is_off = matches!(self.switch(server.section), Some((false, _)) | None);
                let text = self.document.text_at(Some(at)).unwrap_or_default();
                if text == "socle" && is_inside && is_off {
                    let words = filled(NOT_THERE.0, &[server.section]);
                    let at = self.at(at);
                    self.found("not-deployed", Grade::Error, at, words, NOT_THERE.1.into());
                } else if !matches!(text.as_str(), "socle" | "external" | "subchart") {
                    let at = self.at(at);
                    self.found("unfit", Grade::Warning, at, KINDS.0.into(), KINDS.1.into());
                }
            }
        }
    }

    /// Parts that their makers gave up.
    fn retired(&mut self) {
        let mut seen: Vec<(String, String)> = Vec::new();
        for leaf in &self.document.leaves {
            let Some(text) = leaf.text() else { continue };
            let is_off = matches!(self.switch(&leaf.section), Some((false, _)));
            let by_reference = self.catalogue.retired_part(text.trim());
            // A section of the part's own name, and the controller that ingresses are for.
            let by_name = |name: &str| self.catalogue.retired.iter().find(|one| one.name == name);
            let is_switch = SWITCHES.contains(&leaf.inside.as_str());
            let by_section = by_name(&leaf.section).filter(|_| is_switch && !is_off);
            let is_nginx = leaf.path == "default.ingress.controller" && text == "nginx";
            let by_controller = by_name("ingress-nginx").filter(|_| is_nginx);
            let Some(part) = by_reference.or(by_section).or(by_controller) else { continue };
            let key = (leaf.section.clone(), part.name.clone());
            if is_off || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let words = words!(
                "{title}: {what}",
                "{title} : {what}",
                title = part.title,
                what = part.words
            );
            let since = part.since.as_str().into();
            let remedy = filled_with(SUCCESSOR, &[since, part.successor.clone()]);
            let (line, path) = (leaf.line, leaf.path.clone());
            let (kind, grade, sources) = ("retired", Grade::Warning, part.sources.clone());
            self.findings.push(Finding { kind, grade, line, path, words, remedy, sources });
        }
    }

    fn cluster(&mut self) {
        let own = |section: &str, name: &str| self.document.own(section, name);
        let (deploy, enabled) = (own("cert-manager", "deploy"), own("cert-manager", "enabled"));
        let truth = |at| self.document.truth_at(at);
        if let (Some(at), Some(true), Some(false)) = (deploy, truth(deploy), truth(enabled)) {
            let at = self.at(at);
            self.found("cert-manager", Grade::Warning, at, UNUSED.0.into(), UNUSED.1.into());
        }
        let kind = own("cert-manager", "type");
        if let (Some(at), Some("staging")) = (kind, self.document.text_at(kind).as_deref()) {
            let at = self.at(at);
            self.found("staging", Grade::Note, at, STAGING.0.into(), STAGING.1.into());
        }
        let patch = own("coredns", "patch");
        if let (Some(at), Some(true)) = (patch, truth(patch)) {
            let at = self.at(at);
            self.found("coredns", Grade::Note, at, COREDNS.0.into(), COREDNS.1.into());
        }
        if self.running {
            let domain = own("default", "domain");
            let line = domain.map_or(1, |at| self.document.leaves[at].line);
            let at = At { line, path: "default".to_owned() };
            self.found("releases", Grade::Note, at, RELEASES.0.into(), RELEASES.1.into());
        }
    }

    /// Sections that nobody knows, and those that are no sections.
    fn sections(&mut self) {
        for entry in self.document.root.entries() {
            let section = entry.key.as_str();
            let line = self.document.line(&entry.key_place);
            let at = || At { line, path: shown(section) };
            if !matches!(entry.node.kind, NodeKind::Map(_) | NodeKind::Null) {
                self.found(
                    "no-section",
                    Grade::Warning,
                    at(),
                    NO_SECTION.0.into(),
                    NO_SECTION.1.into(),
                );
            } else if tables::known(section).is_none() && self.service_of(section).is_none() {
                let (said, remedy) = UNKNOWN;
                self.found("unknown-section", Grade::Note, at(), said.into(), remedy.into());
            }
        }
    }
}

/// What was found, and what to do.
type Pair = (Said, Said);

const ROTATE: Pair = (
    Said(
        "the platform runs with a password that everybody knows",
        "la plateforme tourne avec un mot de passe que tout le monde connaît",
    ),
    Said(
        "the script takes it over as it is, in the Secret `{}`: change it in the service, then there",
        "le script le reprend tel quel, dans le Secret `{}` : changez-le dans le service, puis là",
    ),
);
const ASK: Pair = (
    Said(
        "somebody else's server wants a password here, and nobody has written it",
        "le serveur de quelqu'un d'autre veut ici un mot de passe, et personne ne l'a écrit",
    ),
    Said(
        "ask for it, and make the Secret `{}` by hand; the script says how",
        "demandez-le, et créez le Secret `{}` à la main ; le script dit comment",
    ),
);
const DRAWN: Pair = (
    Said("nobody has thought of a password here", "personne n'a choisi de mot de passe ici"),
    Said(
        "nothing to do: where the platform needs one, it draws one at random",
        "rien à faire : là où il en faut un, la plateforme le tire au hasard",
    ),
);
const WEAK: Pair = (
    Said(
        "the password is short, or the same as the name beside it",
        "le mot de passe est court, ou identique au nom à côté",
    ),
    Said("change it where it is used, then here", "changez-le là où il sert, puis ici"),
);
const BY_HAND: Pair = (
    Said(
        "a script cannot read this password safely: it is folded, an alias, or no text",
        "un script ne peut pas lire ce mot de passe sûrement : il est replié, un alias, ou pas un texte",
    ),
    Said(
        "write it on one line between single quotes and import again, or make the Secret `{}` by hand",
        "écrivez-le sur une ligne entre apostrophes et recommencez, ou créez le Secret `{}` à la main",
    ),
);
const SAME: Pair = (
    Said("the same password stands in {}, too", "le même mot de passe est aussi dans {}"),
    Said(
        "give each its own: who learns one knows all of them",
        "donnez à chacun le sien : qui en apprend un les connaît tous",
    ),
);
const TRUTH: Pair = (
    Said(
        "a text that looks like a truth value; some programs take every text for true",
        "un texte qui ressemble à un booléen ; certains programmes prennent tout texte pour vrai",
    ),
    Said(
        "it was taken for `{}`: write it without quotes",
        "il a été pris pour `{}` : écrivez-le sans guillemets",
    ),
);
const NO_HOST: Pair = (
    Said("this is no host name", "ce n'est pas un nom d'hôte"),
    Said(
        "small letters, digits and hyphens, such as `portal`",
        "des minuscules, des chiffres et des traits d'union, comme `portail`",
    ),
);
const OUTSIDE: Pair = (
    Said("`{}` is not below the domain `{}`", "`{}` n'est pas sous le domaine `{}`"),
    Said(
        "it stays as it is when the domain changes, and needs a certificate of its own",
        "il reste tel quel quand le domaine change, et il lui faut son propre certificat",
    ),
);
const TWICE: Pair = (
    Said("`{}` is the host name of {}, too", "`{}` est aussi le nom d'hôte de {}"),
    Said("give one of the two another name", "donnez un autre nom à l'un des deux"),
);
const OPEN: Pair = (
    Said(
        "the sign-in may lead back to more than one host, or to none",
        "la connexion peut ramener à plus d'un hôte, ou à aucun",
    ),
    Said(
        "nothing to do: each service gets its own addresses",
        "rien à faire : chaque service reçoit ses propres adresses",
    ),
);
const REDIRECT_OFF: Said = Said(
    "the sign-in may lead back to `{}`, and `{}` is not deployed",
    "la connexion peut ramener à `{}`, et `{}` n'est pas déployé",
);
const REDIRECT_NOWHERE: Said = Said(
    "the sign-in may lead back to `{}`, which is no host name of this file",
    "la connexion peut ramener à `{}`, qui n'est aucun nom d'hôte de ce fichier",
);
const DROP_REDIRECT: Said = Said(
    "it is gone from the new platform; take it out of the running one",
    "il n'existe plus sur la nouvelle plateforme ; retirez-le de celle qui tourne",
);
const NOT_THERE: Pair = (
    Said(
        "this asks for the server of `{}`, which is not deployed",
        "ceci demande le serveur de `{}`, qui n'est pas déployé",
    ),
    Said(
        "the new platform brings its own; a running one needs `external` and its address",
        "la nouvelle plateforme amène le sien ; celle qui tourne veut `external` et son adresse",
    ),
);
const KINDS: Pair = (
    Said(
        "this is none of `external`, `socle` and `subchart`",
        "ce n'est ni `external`, ni `socle`, ni `subchart`",
    ),
    Said("it was taken for `socle`", "cela a été pris pour `socle`"),
);
const SUCCESSOR: Said = Said("since {}; instead: {}", "depuis {} ; à la place : {}");
const UNUSED: Pair = (
    Said("cert-manager is deployed, and not used", "cert-manager est déployé, et ne sert pas"),
    Said("set `enabled`, too, or take it away", "activez aussi `enabled`, ou retirez-le"),
);
const STAGING: Pair = (
    Said(
        "certificates come from the staging service, which browsers do not trust",
        "les certificats viennent du service d'essai, auquel les navigateurs ne font pas confiance",
    ),
    Said("use an issuer of the real service", "utilisez un émetteur du vrai service"),
);
const COREDNS: Pair = (
    Said(
        "the name service of the cluster is changed, which Socle never does",
        "le service de noms de la grappe est modifié, ce que Socle ne fait jamais",
    ),
    Said("keep that change by other means", "gardez cette modification par d'autres moyens"),
);
const RELEASES: Pair = (
    Said(
        "databases and buckets stay where they are; releases and volumes get the names of their services",
        "bases et compartiments restent en place ; versions et volumes prennent le nom de leur service",
    ),
    Said(
        "before the first `deploy`, read docs/import.md, \"A platform that runs\"",
        "avant le premier `deploy`, lisez docs/import.fr.md, « Une plateforme qui tourne »",
    ),
);
const NO_SECTION: Pair = (
    Said(
        "this is a value where a section is expected",
        "c'est une valeur là où une section est attendue",
    ),
    Said("look at the indentation of what follows", "regardez le décalage de ce qui suit"),
);
const UNKNOWN: Pair = (
    Said("nothing is known of this section", "cette section n'est pas connue"),
    Said(
        "see in the catalogue whether a service does this: `socle catalog list`",
        "voyez au catalogue si un service le fait : `socle catalog list`",
    ),
);
