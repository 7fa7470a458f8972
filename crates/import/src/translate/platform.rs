//! What concerns the whole platform: its settings, the list of services, the cluster, mail, and what
//! all services inherit.

use catalog::Catalogue;
use config::{Field, Shape};
use diagnostic::Words;

use super::{At, Work};
use crate::report::Grade;
use crate::secret::State;
use crate::tables::{self, COMMON, Kind, PLATFORM};
use crate::tree::{Item, Value, literal, scalar};
use crate::words::{Pick as _, Said, filled};

impl Work<'_> {
    /// Name, domain, title …
    pub(super) fn platform(&mut self) {
        let at = self.document.own("default", "domain");
        self.put_platform("domain", scalar(&self.domain.clone()), at);
        for (section, from, to) in PLATFORM {
            let at = self.document.own(section, from);
            let Some(text) = self.document.text_at(at) else { continue };
            let written = match *to {
                "title" => literal(&text),
                "language" => scalar(text.split(['_', '-']).next().unwrap_or(&text)),
                _ => scalar(&text),
            };
            self.put_platform(to, written, at);
        }
        let demo = self.document.own("default", "demoMode");
        if self.document.truth_at(demo) == Some(true) {
            self.put_platform("profile", "demo".to_owned(), demo);
        }
    }

    /// A setting of the platform, where the configuration knows it and takes the value.
    fn put_platform(&mut self, name: &str, written: String, at: Option<usize>) {
        let Some(field) = field(self.catalogue, name) else { return };
        if !Self::fits(&field.shape, &written) {
            if let Some(at) = at {
                self.leave(at, tables::UNFIT);
            }
            return;
        }
        let line = at.map(|at| self.document.leaves[at].line);
        let words = field.words.of(self.language).to_owned();
        self.tree.set(&[name], Item::new(Value::Scalar(written), line, words));
        if let Some(at) = at {
            self.done(at, name);
        }
    }

    /// The services: those that the catalogue has, and as remarks those that it lacks.
    pub(super) fn services(&mut self) {
        let mut items = Vec::new();
        for entry in self.document.root.entries() {
            let section = entry.key.as_str();
            let Some((on, at)) = self.switch(section) else { continue };
            let kind = tables::known(section).map_or(Kind::Service, |known| known.kind);
            let service = self.service_of(section);
            let is_server = kind == Kind::Server && !self.running;
            if !on || kind != Kind::Service && !is_server {
                continue;
            }
            let line = Some(self.document.leaves[at].line);
            let is_known = tables::known(section).is_some();
            match service {
                Some(service) => {
                    let title = service.title.of(self.language).to_owned();
                    let value = Value::Scalar(scalar(&service.name));
                    items.push(Item::new(value, line, title));
                    self.done(at, format!("services: {}", service.name));
                }
                None if is_known && kind == Kind::Service => {
                    let words = Words::from(tables::NOT_IN_CATALOGUE).of(self.language).to_owned();
                    items.push(Item::new(Value::Remark, line, format!("- {section}: {words}")));
                    self.leave(at, tables::NOT_IN_CATALOGUE);
                }
                None => {}
            }
        }
        self.tree.set(&["services"], Item::new(Value::List(items), None, ""));
    }

    /// What the file tells of the cluster: ways in of a platform that runs, where certificates come
    /// from.
    pub(super) fn facts(&mut self) {
        let class = self.document.own("default", "ingress.className");
        if self.running
            && let (Some(at), Some(text)) = (class, self.document.text_at(class))
        {
            self.put_fact("ingressClasses", &[&text], at);
            // The file knows of no gateway, and what runs stays as it is.
            self.put_fact("gatewayClasses", &[], at);
        }
        let issuer = self.document.own("cert-manager", "clusterIssuerName");
        let enabled = self.document.own("cert-manager", "enabled");
        let has_issuer = self.document.truth_at(enabled) == Some(true);
        if let (true, Some(on), Some(at)) = (has_issuer, enabled, issuer)
            && let Some(text) = self.document.text_at(issuer)
        {
            self.put_fact("operators", &["cert-manager"], on);
            self.put_fact("issuers", &[&text], at);
            self.put_platform("tls", "issuer".to_owned(), enabled);
        }
        let secret = self.document.own("ingress-nginx", "tlsSecret");
        if let (false, Some(text)) = (has_issuer, self.document.text_at(secret)) {
            self.put_platform("tls", "files".to_owned(), secret);
            self.put_option("certificate-files", "secret", &scalar(&text), secret);
            self.put_option("route-ingress", "tlsSecret", &scalar(&text), secret);
        }
    }

    /// A list of the facts, where they hold one of that name.
    fn put_fact(&mut self, name: &str, texts: &[&str], at: usize) {
        let facts = field(self.catalogue, "facts");
        let Some(Shape::Record(record)) = facts.map(|field| field.shape) else { return };
        let Some(field) = record.field(name) else { return };
        if !matches!(field.shape, Shape::List(_)) {
            return;
        }
        let line = Some(self.document.leaves[at].line);
        let item = |text: &&str| Item::new(Value::Scalar(scalar(text)), line, "");
        let items: Vec<Item> = texts.iter().map(item).collect();
        let line = line.filter(|_| items.is_empty());
        let words = field.words.of(self.language).to_owned();
        self.tree.set(&["facts", name], Item::new(Value::List(items), line, words));
        let words = self.language.pick("What the cluster offers.", "Ce que la grappe offre.");
        self.tree.describe(&["facts"], words);
        self.done(at, format!("facts.{name}"));
    }

    /// An option of a provisioner, where the catalogue has it and it takes the value.
    pub(super) fn put_option(
        &mut self,
        provisioner: &str,
        option: &str,
        written: &str,
        at: Option<usize>,
    ) -> bool {
        let Some(found) = self.catalogue.provisioners.get(provisioner) else { return false };
        let (name, key) = option.split_once('.').map_or((option, None), |(n, k)| (n, Some(k)));
        let Some(field) = found.options.iter().find(|one| one.field.name == name) else {
            return false;
        };
        let shape = match (&field.field.shape, key) {
            (Shape::Map(of), Some(_)) => of,
            (shape, _) => shape,
        };
        if !Self::fits(shape, written) {
            if let Some(at) = at {
                self.leave(at, tables::UNFIT);
            }
            return false;
        }
        let line = at.map(|at| self.document.leaves[at].line);
        let words = self.words_of(&field.field.words, &field.field.shape, written);
        let words = if key.is_some() { String::new() } else { words };
        let path: Vec<&str> = [provisioner, name].into_iter().chain(key).collect();
        self.tree.set(&path, Item::new(Value::Scalar(written.to_owned()), line, words));
        self.describe_provisioner(provisioner);
        if let Some(at) = at {
            self.done(at, format!("{provisioner}.{option}"));
        }
        true
    }

    /// Says above the section of a provisioner what it is.
    pub(super) fn describe_provisioner(&mut self, name: &str) {
        if let Some(found) = self.catalogue.provisioners.get(name) {
            let words = found.words.of(self.language).to_owned();
            self.tree.describe(&[name], &words);
        }
    }

    /// The mail server.
    pub(super) fn mail(&mut self) {
        let own = |name: &str| self.document.own("default", &format!("smtp.{name}"));
        let host = own("hostname").or_else(|| own("host"));
        let Some(server) = self.document.text_at(host) else { return };
        let (protocol, tls, port) = (own("protocol"), own("tls"), own("port"));
        let (username, password) = (own("username").or_else(|| own("user")), own("password"));
        let from = own("from_address").or_else(|| own("from"));
        if self.sends_without_login(username, password) {
            if let Some(host) = host {
                let at = self.at(host);
                self.found("mail", Grade::Warning, at, NO_LOGIN.into(), MAIL_OFF.into());
            }
            return;
        }
        if !self.put_option(NAME, "host", &scalar(&server), host) {
            return;
        }
        let security = self.security(protocol, tls);
        if let Some(text) = self.document.text_at(port) {
            self.put_option(NAME, "port", text.trim(), port);
        }
        let encrypted = protocol.or(tls);
        self.put_option(NAME, "security", security, encrypted);
        if let Some(tls) = tls {
            self.done(tls, format!("{NAME}.security"));
        }
        let text = username.and_then(|at| self.document.leaves[at].text()).unwrap_or_default();
        self.put_option(NAME, "username", &literal(&text), username);
        if let Some(text) = self.document.text_at(from) {
            self.put_option(NAME, "from", &scalar(&text), from);
        }
        let path = format!("{NAME}.password");
        match password.and_then(|at| self.reference(at, &path)) {
            Some(item) => self.tree.set(&[NAME, "password"], item),
            None => self.unsaid_password(&[NAME, "password"], "default.smtp", host),
        }
        let words = self.language.pick("Mail is sent by", "Le courrier part par");
        let line = host.map(|at| self.document.leaves[at].line);
        let item = Item::new(Value::Scalar(scalar(NAME)), line, words);
        self.tree.set(&["provisioners", "smtp"], item);
    }

    /// Whether the mail server is to be used without signing in, which its provisioner cannot.
    fn sends_without_login(&self, username: Option<usize>, password: Option<usize>) -> bool {
        let provisioner = self.catalogue.provisioners.get(NAME);
        let mut options = provisioner.into_iter().flat_map(|one| &one.options);
        let wants_one = options.any(|one| one.field.name == "password" && one.field.required);
        let secret = password.and_then(|at| self.secrets.of(at));
        let has_none = secret.is_none_or(|secret| secret.state == State::Empty);
        wants_one && has_none && self.document.text_at(username).is_none()
    }

    /// How mail is encrypted, as two settings say that need not agree.
    fn security(&mut self, protocol: Option<usize>, tls: Option<usize>) -> &'static str {
        let word = self.document.text_at(protocol).unwrap_or_default().to_ascii_lowercase();
        let wants_tls = self.document.truth_at(tls);
        if word == "smtps" {
            if let (Some(false), Some(at)) = (wants_tls, tls) {
                let at = self.at(at);
                self.found("mail", Grade::Warning, at, SMTPS.into(), ASK_MAIL.into());
            }
            return "tls";
        }
        if wants_tls == Some(true) { "starttls" } else { "none" }
    }

    /// A password that an option needs and the file does not say.
    pub(super) fn unsaid_password(&mut self, path: &[&str], of: &str, near: Option<usize>) {
        let mut name = format!("imported-{}", of.replace('.', "-").to_ascii_lowercase());
        if self.secrets.all.iter().any(|one| one.name == name) {
            name = format!("{name}-{}", path.last().unwrap_or(&"").to_ascii_lowercase());
        }
        let entry = |name: &str, text: &str| {
            (name.to_owned(), Item::new(Value::Scalar(scalar(text)), None, ""))
        };
        let inner = vec![entry("secret", &name), entry("key", "password")];
        self.tree.set(path, Item::new(Value::Map(inner), None, ""));
        let line = near.map_or(1, |at| self.document.leaves[at].line);
        self.secrets.unsaid.push((name.clone(), line));
        let at = At { line, path: of.to_owned() };
        let remedy = filled(MAKE_IT, &[&name]);
        self.found("no-password", Grade::Warning, at, NO_PASSWORD.into(), remedy);
    }

    /// What `default` says for every service.
    pub(super) fn common(&mut self) {
        for (from, to) in COMMON {
            let Some(at) = self.document.own("default", from) else { continue };
            let services = self.catalogue.services.values();
            let mut options = services.flat_map(|service| &service.options);
            let Some(option) = options.find(|option| option.field.name == *to) else { continue };
            let Some(written) = self.written(at, &option.field.shape) else { continue };
            let words = self.words_of(&option.field.words, &option.field.shape, &written);
            let line = Some(self.document.leaves[at].line);
            self.tree.set(&["default", to], Item::new(Value::Scalar(written), line, words));
            self.done(at, format!("default.{to}"));
        }
        let words = self.language.pick(
            "What every service inherits, unless its own section says otherwise.",
            "Ce dont tous les services héritent, sauf si leur section dit autre chose.",
        );
        self.tree.describe(&["default"], words);
    }
}

/// The provisioner of a mail server that exists.
const NAME: &str = "smtp-external";

/// A setting of the whole configuration.
fn field(catalogue: &Catalogue, name: &str) -> Option<Field> {
    catalogue.configuration().field(name).cloned()
}

const SMTPS: Said = Said(
    "`protocol: smtps` is encrypted from the start, and `tls` says that nothing is encrypted",
    "`protocol: smtps` est chiffré dès le début, et `tls` dit que rien n'est chiffré",
);
const ASK_MAIL: Said = Said(
    "`security: tls` was written: ask who keeps the mail server, and correct it if need be",
    "`security: tls` a été écrit : demandez à qui tient le serveur de courrier, et corrigez au besoin",
);
const NO_LOGIN: Said = Said(
    "the mail server is used without signing in, which cannot be said yet: mail is off",
    "le serveur de courrier est utilisé sans identification, ce qui ne peut pas encore être dit : \
     le courrier est coupé",
);
const MAIL_OFF: Said = Said(
    "where it takes a user, write them below `smtp`, and import again",
    "s'il accepte un utilisateur, écrivez-le sous `smtp`, et recommencez l'import",
);
const NO_PASSWORD: Said = Said(
    "a password is needed here, and the file says none",
    "il faut ici un mot de passe, et le fichier n'en dit pas",
);
const MAKE_IT: Said = Said(
    "make the Secret `{}` by hand, with the key `password`",
    "créez le Secret `{}` à la main, avec la clé `password`",
);
