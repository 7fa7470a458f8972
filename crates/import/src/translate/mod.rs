//! From settings to settings: the platform, its services, the servers on which they rely.

mod platform;
mod servers;
mod services;

pub(crate) use servers::Where;

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::{Catalogue, OptionOf, Platform, Service};
use cel::Declarations;
use config::{Checking, Format, Shape, Sources, TextKind, read};
use diagnostic::{Language, Words};

use crate::document::Document;
use crate::refusal::{self, Refusal};
use crate::report::{Finding, Grade};
use crate::secret::{Secrets, State, Use};
use crate::tables::{self, Kind, SWITCHES};
use crate::tree::{Item, Tree, Value, scalar};
use crate::words::{Pick as _, Said};

/// What became of a setting.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It has counterparts.
    Translated(Vec<String>),
    /// It has none.
    Left {
        /// Why.
        reason: Words,
        /// Raw values that would mean the same.
        raw: Option<String>,
    },
}

/// A translation under way.
pub(crate) struct Work<'a> {
    pub document: &'a Document,
    pub catalogue: &'a Arc<Catalogue>,
    pub running: bool,
    pub language: Language,
    pub secrets: Secrets,
    pub domain: String,
    pub tree: Tree,
    pub outcomes: BTreeMap<usize, Outcome>,
    pub findings: Vec<Finding>,
}

/// Where something was found.
pub(crate) struct At {
    pub line: usize,
    pub path: String,
}

impl<'a> Work<'a> {
    /// A translation of which nothing is done yet.
    pub fn new(
        document: &'a Document,
        catalogue: &'a Arc<Catalogue>,
        running: bool,
        language: Language,
    ) -> Result<Self, Refusal> {
        let at = document.own("default", "domain");
        let domain = document.text_at(at).unwrap_or_default().trim().to_ascii_lowercase();
        if !TextKind::Hostname.accepts(&domain) || !domain.contains('.') {
            let line = at.map_or(1, |at| document.leaves[at].line);
            let said = (refusal::NO_DOMAIN, refusal::SAY_DOMAIN);
            return Err(Refusal::one("import.domain", line, said.0, said.1));
        }
        Ok(Self {
            document,
            catalogue,
            running,
            language,
            secrets: Secrets::find(document),
            domain,
            tree: Tree::default(),
            outcomes: BTreeMap::new(),
            findings: Vec::new(),
        })
    }

    /// Does all of it.
    pub fn translate(&mut self) {
        self.platform();
        self.services();
        self.facts();
        self.mail();
        self.common();
        for section in self.deployed_services() {
            self.service(section);
        }
        for server in tables::SERVERS {
            self.server(server);
        }
        for section in self.deployed_services() {
            self.describe_service(section);
        }
        self.rest();
    }

    /// The namespace of the platform, where the configuration does not load.
    pub fn namespace(&self) -> String {
        let at = self.document.own("default", "namespace");
        let text = self.document.text_at(at).filter(|text| TextKind::Name.accepts(text));
        text.unwrap_or_else(|| "socle".to_owned())
    }

    /// Tells of networks that the way in cannot tell apart.
    pub fn routes(&mut self, platform: &Platform) {
        for section in self.deployed_services() {
            let Some(at) = self.document.all(section, "whitelistIps").first().copied() else {
                continue;
            };
            let is_said = matches!(self.outcomes.get(&at), Some(Outcome::Translated(_)));
            let name = self.service_of(section).map(|service| service.name.clone());
            let bound = platform.services.iter().find(|one| Some(&one.name) == name.as_ref());
            let mut bindings = bound.into_iter().flat_map(|one| &one.bindings);
            if is_said && bindings.any(|one| one.provisioner == "route-gateway") {
                let at = self.at(at);
                self.found("networks", Grade::Warning, at, GATEWAY.into(), INGRESS.into());
            }
        }
    }

    /// The service of the catalogue that a section means.
    pub fn service_of(&self, section: &str) -> Option<&'a Arc<Service>> {
        let others = tables::known(section).map_or(&[][..], |known| known.services);
        let mut names = std::iter::once(section).chain(others.iter().copied());
        names.find_map(|name| self.catalogue.services.get(name))
    }

    /// Whether a section is deployed, and the setting that says so.
    pub fn switch(&self, section: &str) -> Option<(bool, usize)> {
        let own = SWITCHES.iter().find_map(|name| {
            let at = self.document.own(section, name)?;
            Some((self.document.truth_at(Some(at))?, at))
        });
        let follows = tables::known(section).and_then(|known| known.follows);
        own.or_else(|| follows.and_then(|other| self.switch(other)))
    }

    /// Whether a section is deployed.
    pub fn is_deployed(&self, section: &str) -> bool {
        self.switch(section).is_some_and(|(on, _)| on)
    }

    /// The sections of services that are deployed and that the catalogue has.
    pub fn deployed_services(&self) -> Vec<&'a str> {
        let document = self.document;
        let is_service = |section: &&str| {
            let kind = tables::known(section).map_or(Kind::Service, |known| known.kind);
            kind == Kind::Service
        };
        document
            .root
            .entries()
            .iter()
            .map(|entry| entry.key.as_str())
            .filter(is_service)
            .filter(|section| self.is_deployed(section) && self.service_of(section).is_some())
            .collect()
    }

    /// An option of a service.
    pub fn option_of(service: &'a Service, name: &str) -> Option<&'a OptionOf> {
        service.options.iter().find(|one| one.field.name == name)
    }

    /// The words of an option, with what its unit means.
    pub fn words_of(&self, words: &Words, shape: &Shape, text: &str) -> String {
        let said = words.of(self.language).trim_end_matches('.').to_owned();
        let unit = match shape {
            Shape::Text(TextKind::Quantity) => unit(text),
            _ => None,
        };
        match unit {
            Some(unit) => format!("{said} ({})", self.language.pick(unit.0, unit.1)),
            None => said,
        }
    }

    /// Notes that a setting has a counterpart.
    pub fn done(&mut self, leaf: usize, to: impl Into<String>) {
        let to = to.into();
        match self.outcomes.get_mut(&leaf) {
            Some(Outcome::Translated(paths)) if paths.contains(&to) => {}
            Some(Outcome::Translated(paths)) => paths.push(to),
            _ => {
                self.outcomes.insert(leaf, Outcome::Translated(vec![to]));
            }
        }
    }

    /// Notes that a setting has none, unless more is known of it already.
    pub fn leave(&mut self, leaf: usize, reason: Said) {
        let outcome = Outcome::Left { reason: reason.into(), raw: None };
        self.outcomes.entry(leaf).or_insert(outcome);
    }

    /// The same of several settings.
    pub fn leave_all(&mut self, leaves: &[usize], reason: Said) {
        for leaf in leaves {
            self.leave(*leaf, reason);
        }
    }

    /// Where a setting stands.
    pub fn at(&self, leaf: usize) -> At {
        let leaf = &self.document.leaves[leaf];
        At { line: leaf.line, path: leaf.path.clone() }
    }

    /// Notes a finding.
    pub fn found(&mut self, kind: &'static str, grade: Grade, at: At, words: Words, remedy: Words) {
        let At { line, path } = at;
        self.findings.push(Finding { kind, grade, line, path, words, remedy, sources: Vec::new() });
    }

    /// A reference to the Secret of a password, for a path of the configuration.
    pub fn reference(&mut self, leaf: usize, path: &str) -> Option<Item> {
        let line = self.document.leaves[leaf].line;
        let secret = self.secrets.of_mut(leaf)?;
        match &mut secret.used {
            Use::Reference(paths) => paths.push(path.to_owned()),
            other => *other = Use::Reference(vec![path.to_owned()]),
        }
        let entry = |name: &str, text: &str| {
            (name.to_owned(), Item::new(Value::Scalar(scalar(text)), Some(line), ""))
        };
        let inner = vec![entry("secret", &secret.name), entry("key", &secret.key)];
        self.done(leaf, path);
        Some(Item::new(Value::Map(inner), None, ""))
    }

    /// Whether an option of that shape takes a value, written as it would be.
    pub fn fits(shape: &Shape, written: &str) -> bool {
        let mut sources = Sources::default();
        let id = sources.add("a value", written);
        let Ok(node) = read(&sources, id, Format::Yaml) else { return false };
        let nothing = Declarations::default();
        let mut checking = Checking::new(&sources, &nothing);
        let is_there = !node.is_null();
        checking.check(node, shape, "value");
        is_there && checking.faults.is_empty()
    }

    /// Everything that nobody has spoken of gets its reason.
    fn rest(&mut self) {
        for at in 0..self.document.leaves.len() {
            if self.outcomes.contains_key(&at) {
                continue;
            }
            let leaf = &self.document.leaves[at];
            let reason = self.reason(&leaf.section, &leaf.inside);
            let running = self.running;
            if let Some(secret) = self.secrets.of_mut(at)
                && secret.used == Use::Kept
                && (secret.state == State::Empty || secret.state == State::Placeholder && !running)
            {
                secret.used = Use::Generated;
            }
            self.leave(at, reason);
        }
    }

    fn reason(&self, section: &str, inside: &str) -> Said {
        let kind = tables::known(section).map(|known| known.kind);
        let is_switch = SWITCHES.contains(&inside);
        match kind {
            Some(Kind::Cluster) => tables::OF_CLUSTER,
            None if self.service_of(section).is_none() => tables::NO_SECTION,
            Some(Kind::Service) | None => match (self.service_of(section), self.switch(section)) {
                (_, Some((false, _)) | None) => tables::NOT_DEPLOYED,
                (None, _) => tables::NOT_IN_CATALOGUE,
                _ => tables::reason(inside).unwrap_or(tables::UNKNOWN),
            },
            Some(Kind::Server) if is_switch => tables::AS_IT_IS,
            _ => tables::reason(inside).unwrap_or(tables::UNKNOWN),
        }
    }
}

/// What the unit of an amount means.
fn unit(text: &str) -> Option<Said> {
    let text = text.trim_matches('"');
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    Some(match &text[digits.len()..] {
        "m" => Said("m: thousandths of a processor", "m : millièmes de processeur"),
        "Ki" => Said("Ki: 1,024 bytes", "Ki : 1 024 octets"),
        "Mi" => Said("Mi: 1,024 Ki", "Mi : 1 024 Ki"),
        "Gi" => Said("Gi: 1,024 Mi", "Gi : 1 024 Mi"),
        "M" => Said("M: a million bytes", "M : un million d'octets"),
        "G" => Said("G: a thousand M", "G : mille M"),
        _ => return None,
    })
}

const GATEWAY: Said = Said(
    "the Gateway API cannot tell networks apart: everybody comes in",
    "l'API Gateway ne sait pas distinguer les réseaux : tout le monde entre",
);
const INGRESS: Said = Said(
    "under `provisioners:`, set `route: route-ingress`, or guard the way in elsewhere",
    "sous `provisioners:`, mettez `route: route-ingress`, ou gardez l'entrée ailleurs",
);
