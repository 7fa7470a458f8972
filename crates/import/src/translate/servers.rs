//! Databases, buckets: the servers on which services rely. On a running platform they stay where they
//! are, and so do the names of databases; a new platform makes its own.

use catalog::{Platform, SecretPart, Service};
use config::{NodeKind, Shape};

use super::{At, Work};
use crate::report::Grade;
use crate::secret::{State, Use};
use crate::tables::{OWN, SERVERS, Server};
use crate::tree::{Item, Value, literal, scalar};
use crate::words::{Said, filled};

/// Where a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// Outside of the platform.
    External,
    /// A server of the platform.
    Inside,
    /// Within the chart of the service.
    Subchart,
}

impl<'a> Work<'a> {
    /// Where a service's server is.
    pub fn place_of(&self, server: &Server, section: &str) -> Where {
        if server.settings.is_empty() {
            let here = self.is_deployed(server.section);
            return if here { Where::Inside } else { Where::External };
        }
        let at = self.document.effective(section, &format!("{}.type", server.settings));
        match self.document.text_at(at).as_deref() {
            Some("external") => Where::External,
            Some("subchart") => Where::Subchart,
            _ => Where::Inside,
        }
    }

    /// The sections whose services rely on a server.
    pub fn relying_on(&self, server: &Server) -> Vec<&'a str> {
        let relies = |section: &&str| {
            let Some(service) = self.service_of(section) else { return false };
            let needs = requirement(service, server);
            needs.is_some_and(|optional| !optional || self.says(section, server))
        };
        self.deployed_services().into_iter().filter(relies).collect()
    }

    /// Whether a section itself speaks of a server.
    fn says(&self, section: &str, server: &Server) -> bool {
        let own = self.document.root.get(section).and_then(|node| node.get(server.settings));
        own.is_some_and(|node| matches!(node.kind, NodeKind::Map(_)))
    }

    /// All services that rely on a server.
    pub(super) fn server(&mut self, server: &'static Server) {
        for section in self.relying_on(server) {
            let Some(service) = self.service_of(section) else { continue };
            let found = self.place_of(server, section);
            let is_outside = found == Where::External || self.running && found == Where::Inside;
            if is_outside && self.catalogue.provisioners.contains_key(server.external) {
                self.outside(server, section, service, found);
            } else {
                self.made_anew(server, section, service, found);
            }
        }
        self.describe_provisioner(server.external);
    }

    /// The path in the file of what a service says of its server.
    fn setting(&self, server: &Server, section: &str, name: &str) -> Option<usize> {
        if server.settings.is_empty() {
            return self.document.own(server.section, name);
        }
        self.document.effective(section, &format!("{}.{name}", server.settings))
    }

    /// A server that exists already.
    fn outside(&mut self, server: &'static Server, section: &str, service: &Service, at: Where) {
        let kind = self.setting(server, section, "type");
        if at == Where::External && !server.settings.is_empty() {
            if !self.elsewhere(server, section) {
                return;
            }
        } else if !self.in_the_cluster(server, section) {
            return;
        }
        for (name, option) in server.by_service {
            let Some(at) = self.setting(server, section, name) else { continue };
            let Some(text) = self.document.text_at(Some(at)) else { continue };
            let option = format!("{option}.{}", service.name);
            self.put_option(server.external, &option, &literal(&text), Some(at));
        }
        for (name, option) in server.passwords {
            self.password(server, section, service, (name, option));
        }
        let name = server.of_type;
        let line = kind.map(|at| self.document.leaves[at].line);
        let item = Item::new(Value::Scalar(scalar(server.external)), line, "");
        self.tree.set(&[&service.name, "provisioners", name], item);
        if let Some(kind) = kind {
            self.done(kind, format!("{}.provisioners.{name}", service.name));
        }
    }

    /// Host and port as the file says them. Whether the service can be told to use that server.
    fn elsewhere(&mut self, server: &'static Server, section: &str) -> bool {
        let mut said: Vec<(&str, String, usize)> = Vec::new();
        for (name, option) in server.for_all {
            let Some(at) = self.setting(server, section, name) else { continue };
            let Some(text) = self.document.text_at(Some(at)) else { continue };
            if *option == "host" {
                said.extend(parts_of(&text).map(|(option, part)| (option, part, at)));
            } else {
                said.push((option, text.trim().to_owned(), at));
            }
        }
        if !said.iter().any(|(option, ..)| *option == "host") {
            let at = self.near(server, section);
            self.found("no-server", Grade::Error, at, NO_SERVER.into(), SAY_SERVER.into());
            return false;
        }
        self.use_server(server, section, said)
    }

    /// Says where the server is, unless another service has said otherwise.
    fn use_server(
        &mut self,
        server: &'static Server,
        section: &str,
        said: Vec<(&str, String, usize)>,
    ) -> bool {
        let is_other = |(option, text, _): &&(&str, String, usize)| {
            let path = [server.external, option];
            self.tree.has(&path) && !self.tree.is_at(&path, &written(option, text))
        };
        if let Some((_, _, at)) = said.iter().find(is_other) {
            let at = if self.document.leaves[*at].section == section {
                self.at(*at)
            } else {
                self.near(server, section)
            };
            let words = filled(SECOND_SERVER, &[server.external]);
            self.found("second-server", Grade::Error, at, words, BY_VALUES.into());
            return false;
        }
        for (option, text, at) in said {
            if self.tree.has(&[server.external, option]) {
                self.done(at, format!("{}.{option}", server.external));
            } else {
                self.put_option(server.external, option, &written(option, &text), Some(at));
            }
        }
        true
    }

    /// Host and port of a server of the platform that runs.
    fn in_the_cluster(&mut self, server: &'static Server, section: &str) -> bool {
        let own = |name: &str| self.document.own(server.section, name);
        let (host, port) = (own(server.host.1), own(server.port.1));
        let name = self.document.text_at(host).unwrap_or_else(|| server.host.0.to_owned());
        let space_at = self.document.effective(server.section, "namespace");
        let space = self.document.text_at(space_at).unwrap_or_else(|| "default".to_owned());
        let name = if name.contains('.') { name } else { format!("{name}.{space}.svc") };
        let number = self.document.text_at(port).unwrap_or_else(|| server.port.0.to_string());
        let near = self.switch(server.section).or_else(|| self.switch(section));
        let Some((_, near)) = near else { return false };
        let mut said = vec![
            ("host", name, host.unwrap_or(near)),
            ("port", number.trim().to_owned(), port.unwrap_or(near)),
        ];
        if let Some(at) = space_at.filter(|at| self.document.leaves[*at].section != "default") {
            self.done(at, format!("{}.host", server.external));
        }
        for (option, text) in server.inside {
            said.push((option, (*text).to_owned(), near));
        }
        self.use_server(server, section, said)
    }

    /// The password of a service: one of its own, or one for all.
    fn password(
        &mut self,
        server: &'static Server,
        section: &str,
        service: &Service,
        (name, option): (&str, &str),
    ) {
        let Some(provisioner) = self.catalogue.provisioners.get(server.external) else { return };
        let Some(found) = provisioner.options.iter().find(|one| one.field.name == option) else {
            return;
        };
        let mut path = vec![server.external, option];
        if matches!(found.field.shape, Shape::Map(_)) {
            path.push(&service.name);
        }
        let at = self.setting(server, section, name);
        if self.tree.has(&path) {
            if let Some(at) = at {
                let at = self.at(at);
                let words = filled(SECOND_KEY, &[server.external]);
                self.found("second-server", Grade::Warning, at, words, BY_VALUES.into());
            }
            return;
        }
        match at.and_then(|at| self.reference(at, &path.join("."))) {
            Some(item) => self.tree.set(&path, item),
            None => {
                let near = self.switch(section).map(|(_, at)| at);
                let of = format!("{section}.{}", server.settings);
                self.unsaid_password(&path, of.trim_end_matches('.'), near);
            }
        }
    }

    /// A server that the platform makes: what has another name there is told.
    fn made_anew(&mut self, server: &'static Server, section: &str, service: &Service, at: Where) {
        for (name, _) in server.by_service {
            let Some(found) = self.setting(server, section, name) else { continue };
            let Some(text) = self.document.text_at(Some(found)) else { continue };
            if text != service.name {
                let words = filled(OTHER_NAME, &[&service.name]);
                let at = self.at(found);
                self.found("other-name", Grade::Note, at, words, RESTORE.into());
            }
        }
        if at == Where::Subchart {
            let at = self.near(server, section);
            let grade = if self.running { Grade::Error } else { Grade::Note };
            let words = filled(SUBCHART, &[&service.name]);
            self.found("subchart", grade, at, words, RESTORE.into());
        }
    }

    /// Where a section speaks of its server.
    fn near(&self, server: &Server, section: &str) -> At {
        let kind = self.setting(server, section, "type");
        let switch = self.switch(section).map(|(_, at)| at);
        kind.or(switch).map_or(At { line: 1, path: section.to_owned() }, |at| self.at(at))
    }

    /// Passwords that the platform would otherwise draw at random: where the file says one, the
    /// script makes the Secret before the platform does.
    pub fn own_secrets(&mut self, platform: &Platform) {
        for (section, inside, service, secret, key) in OWN {
            let Some(at) = self.document.own(section, inside) else { continue };
            let bound = platform.services.iter().find(|one| one.name == *service);
            let made = bound.and_then(|one| {
                one.secrets.iter().find(|made| made.name.ends_with(&format!("-{secret}")))
            });
            if made.is_some_and(|made| is_drawn(&made.keys, key)) {
                let name = made.map(|made| made.name.clone()).unwrap_or_default();
                self.own_secret(at, name, key);
            }
        }
        for server in SERVERS {
            for section in self.relying_on(server) {
                let Some(service) = self.service_of(section) else { continue };
                let bound = platform.services.iter().find(|one| one.name == service.name);
                let binding = bound.and_then(|one| {
                    one.bindings.iter().find(|binding| binding.of_type == server.of_type)
                });
                let Some(binding) = binding else { continue };
                for (name, _) in server.passwords {
                    let Some(at) = self.setting(server, section, name) else { continue };
                    let key = if name.ends_with("assword") { "password" } else { name };
                    let made = binding.secrets.iter().find(|made| is_drawn(&made.keys, key));
                    if let Some(made) = made {
                        self.own_secret(at, made.name.clone(), key);
                    }
                }
            }
        }
    }

    fn own_secret(&mut self, leaf: usize, name: String, key: &str) {
        if self.secrets.has(&name, key) {
            return;
        }
        let running = self.running;
        let to = format!("Secret {name}");
        let Some(secret) = self.secrets.of_mut(leaf) else { return };
        match secret.used {
            Use::Kept | Use::Generated => {}
            _ => return,
        }
        secret.name = name;
        key.clone_into(&mut secret.key);
        let is_drawn = secret.state != State::Said && !running;
        secret.used = if is_drawn { Use::Generated } else { Use::Own };
        self.outcomes.remove(&leaf);
        self.done(leaf, to);
    }
}

/// Whether a Secret has this key alone, and a random value for it.
fn is_drawn(keys: &[(String, Vec<SecretPart>)], key: &str) -> bool {
    matches!(keys, [(only, parts)] if only == key && matches!(parts[..], [SecretPart::Random(_)]))
}

/// Whether a service requires such a server, and whether it can do without.
fn requirement(service: &Service, server: &Server) -> Option<bool> {
    let is_it = |one: &&catalog::Requirement| {
        one.alternatives.iter().any(|way| way.of_type == server.of_type)
    };
    service.requires.iter().find(is_it).map(catalog::Requirement::may_be_missing)
}

/// What an address says of a server: `https://s3.example.org:9000/` is a host, a port, and TLS.
fn parts_of(text: &str) -> impl Iterator<Item = (&'static str, String)> {
    let (scheme, rest) =
        text.split_once("://").map_or((None, text), |(one, rest)| (Some(one), rest));
    let authority = rest.split('/').next().unwrap_or(rest).trim();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.to_owned())),
        None => (authority, None),
    };
    let port = port.or_else(|| (scheme == Some("http")).then(|| "80".to_owned()));
    let tls = scheme.map(|scheme| (scheme == "https").to_string());
    let host = Some(("host", host.to_ascii_lowercase()));
    [host, port.map(|port| ("port", port)), tls.map(|tls| ("tls", tls))].into_iter().flatten()
}

/// The value of an option as it is written.
fn written(option: &str, text: &str) -> String {
    if matches!(option, "port" | "tls") { text.to_owned() } else { scalar(text) }
}

const NO_SERVER: Said = Said(
    "nothing says where the server is: the service gets a new one of the platform",
    "rien ne dit où est le serveur : le service en aura un nouveau, de la plateforme",
);
const SAY_SERVER: Said = Said(
    "write its `hostname` beside `type: external`, and import again",
    "écrivez son `hostname` à côté de `type: external`, et recommencez l'import",
);
const SECOND_SERVER: Said = Said(
    "`{}` knows one server, and this is a second one: the service gets a new one of the platform",
    "`{}` ne connaît qu'un serveur, celui-ci en est un deuxième : le service en aura un nouveau",
);
const SECOND_KEY: Said = Said(
    "`{}` signs in as one user for all services, and this is a second one",
    "`{}` se connecte avec un seul utilisateur pour tous les services, et celui-ci est un deuxième",
);
const BY_VALUES: Said = Said(
    "set it in the raw `values:` of the service, or move the data to one server",
    "indiquez-le dans les `values:` brutes du service, ou réunissez les données sur un serveur",
);
const OTHER_NAME: Said = Said(
    "the platform makes this under the name of the service, `{}`",
    "la plateforme crée cela sous le nom du service, `{}`",
);
const SUBCHART: Said = Said(
    "the data of `{}` are within its own chart, and the platform puts them on a server of its own",
    "les données de `{}` sont dans sa propre charte, et la plateforme les met sur un serveur à elle",
);
const RESTORE: Said = Said(
    "data of an older platform are restored under the new name",
    "les données d'une ancienne plateforme se restaurent sous le nouveau nom",
);
