//! What is known of files of EOLE³: sections, settings and their counterparts, and why some have
//! none. A service becomes known by being in the catalogue; nothing here has to change for it.

use crate::words::Said;

/// A section of the file.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its name.
    pub name: &'static str,
    /// The services of a catalogue that it may mean besides the one of its own name.
    pub services: &'static [&'static str],
    /// What it speaks of.
    pub kind: Kind,
    /// The section that decides whether this one is deployed, too.
    pub follows: Option<&'static str>,
}

/// What a section speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// All other sections.
    Default,
    /// The cluster.
    Cluster,
    /// A server on which other services rely.
    Server,
    /// Something that people use.
    Service,
}

const fn section(name: &'static str, kind: Kind) -> Section {
    Section { name, services: &[], kind, follows: None }
}

/// The sections.
pub(crate) const SECTIONS: &[Section] = &[
    section("default", Kind::Default),
    section("cert-manager", Kind::Cluster),
    section("ingress-nginx", Kind::Cluster),
    section("coredns", Kind::Cluster),
    Section { services: &["portal"], ..section("laboite", Kind::Service) },
    section("keycloak", Kind::Service),
    section("minio", Kind::Server),
    section("postgresql", Kind::Server),
    section("mongodb", Kind::Server),
    section("mezig", Kind::Service),
    section("agenda", Kind::Service),
    section("sondage", Kind::Service),
    section("lookup-server", Kind::Service),
    section("radicale", Kind::Service),
    section("blog", Kind::Service),
    Section { services: &["blog-api"], follows: Some("blog"), ..section("blogapi", Kind::Service) },
    Section { services: &["front-next"], ..section("frontnxt", Kind::Service) },
    section("questionnaire", Kind::Service),
    section("nextcloud", Kind::Service),
    section("laboite-api", Kind::Service),
    section("grafana", Kind::Service),
];

/// The settings that say whether a section is deployed, the most telling first.
pub(crate) const SWITCHES: &[&str] = &["deploy", "enabled", "enable"];

/// How a value becomes that of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// As it is.
    Same,
    /// A host name below the domain.
    Host,
    /// Networks, of which "everybody" is none.
    Networks,
    /// As it is, unless this other setting is there, which counts more.
    Unless(&'static str),
    /// As it is, where this other setting is true.
    When(&'static str),
}

/// A setting of a section and the option of its service.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The section; none where it is so in all.
    pub section: Option<&'static str>,
    /// The setting.
    pub from: &'static str,
    /// The option.
    pub to: &'static str,
    /// How.
    pub by: Conversion,
}

const fn rule(from: &'static str, to: &'static str, by: Conversion) -> Rule {
    Rule { section: None, from, to, by }
}

/// The settings of services. A rule counts where the service has such an option.
pub(crate) const RULES: &[Rule] = &[
    rule("hostname", "hostname", Conversion::Host),
    rule("whitelistIps", "allowedNetworks", Conversion::Networks),
    rule("resources.requests.cpu", "cpu", Conversion::Same),
    // `memory` is what a copy gets and the most that it may take.
    rule("resources.limits.memory", "memory", Conversion::Same),
    rule("resources.requests.memory", "memory", Conversion::Unless("resources.limits.memory")),
    rule("autoscaling.minReplicas", "replicas", Conversion::When("autoscaling.enabled")),
    rule("replicas", "replicas", Conversion::Same),
    rule("replicaCount", "replicas", Conversion::Unless("replicas")),
    rule("metrics.enabled", "metrics", Conversion::Same),
    rule("metrics", "metrics", Conversion::Same),
    rule("persistence.size", "size", Conversion::Same),
    rule("storageSize", "size", Conversion::Unless("persistence.size")),
    rule("theme", "theme", Conversion::Same),
    rule("appDescription", "description", Conversion::Same),
];

/// Settings of the whole platform: section, setting, setting of the platform.
pub(crate) const PLATFORM: &[(&str, &str, &str)] = &[
    ("keycloak", "realm", "name"),
    ("default", "namespace", "namespace"),
    ("laboite", "appName", "title"),
    ("keycloak", "defaultLocale", "language"),
    ("cert-manager", "email", "email"),
];

/// Settings of `default` that are options of every service.
pub(crate) const COMMON: &[(&str, &str)] = &[
    ("resources.requests.cpu", "cpu"),
    ("resources.limits.memory", "memory"),
    ("metrics.enabled", "metrics"),
    ("whitelistIps", "allowedNetworks"),
];

/// Settings that a chart takes as they are, where the service's values hold such a section.
pub(crate) const RAW: &[&str] = &["resources.limits.cpu"];

/// A password that a service of the catalogue has, too: section, setting, service, Secret, key.
pub(crate) const OWN: &[(&str, &str, &str, &str, &str)] = &[
    ("keycloak", "adminPassword", "keycloak", "admin", "password"),
    ("postgresql", "admin.password", "postgresql", "admin", "password"),
    ("mongodb", "mongoRootPassword", "mongodb", "admin", "password"),
    ("nextcloud", "adminPassword", "nextcloud", "admin", "password"),
    ("grafana", "admin-password", "grafana", "admin", "password"),
];

/// A kind of servers on which services rely.
#[derive(Debug)]
pub(crate) struct Server {
    /// The resource type.
    pub of_type: &'static str,
    /// The section of the server within the platform.
    pub section: &'static str,
    /// What services say of it: the name of the settings' section; empty where the server's own
    /// section says it for all.
    pub settings: &'static str,
    /// The provisioner for a server that exists.
    pub external: &'static str,
    /// The name of the server within the cluster, and where its section says another one.
    pub host: (&'static str, &'static str),
    /// Its port there, and where its section says another one.
    pub port: (i64, &'static str),
    /// Settings of the service and options of the provisioner, by service.
    pub by_service: &'static [(&'static str, &'static str)],
    /// Passwords: the same.
    pub passwords: &'static [(&'static str, &'static str)],
    /// Settings for all: setting, option.
    pub for_all: &'static [(&'static str, &'static str)],
    /// Further options of the provisioner for a server within the cluster.
    pub inside: &'static [(&'static str, &'static str)],
}

/// The servers.
pub(crate) const SERVERS: &[Server] = &[
    Server {
        of_type: "postgres",
        section: "postgresql",
        settings: "database",
        external: "postgres-external",
        host: ("postgresql", "hostname"),
        port: (5432, "port"),
        by_service: &[("dbname", "databases"), ("user", "usernames")],
        passwords: &[("password", "passwords")],
        for_all: &[("hostname", "host"), ("host", "host"), ("server", "host"), ("port", "port")],
        inside: &[],
    },
    Server {
        of_type: "mongodb",
        section: "mongodb",
        settings: "",
        external: "mongodb-external",
        host: ("mongodb", "mongoName"),
        port: (27017, "mongoPort"),
        by_service: &[("mongoDatabase", "databases"), ("mongoUsername", "usernames")],
        passwords: &[("mongoPassword", "passwords")],
        for_all: &[("mongoRsname", "replicaSet")],
        inside: &[],
    },
    Server {
        of_type: "s3-bucket",
        section: "minio",
        settings: "s3",
        external: "s3-bucket-external",
        host: ("minio", "serviceName"),
        port: (9000, "port"),
        by_service: &[("buckets[0]", "buckets")],
        passwords: &[("accessKey", "accessKey"), ("secretKey", "secretKey")],
        for_all: &[
            ("hostname", "host"),
            ("host", "host"),
            ("endpoint", "host"),
            ("port", "port"),
            ("region", "region"),
            ("tls", "tls"),
        ],
        inside: &[("tls", "false")],
    },
];

/// Why settings have no counterpart: how their path within the section begins, and the reason.
pub(crate) const REASONS: &[(&str, Said)] = &[
    (
        "chart.",
        Said(
            "the chart, its version and its image come with the catalogue",
            "la charte, sa version et son image viennent avec le catalogue",
        ),
    ),
    ("tag", Said("the image comes with the catalogue", "l'image vient avec le catalogue")),
    (
        "registry",
        Said(
            "a registry of one's own cannot be said yet",
            "un registre à soi ne peut pas encore être indiqué",
        ),
    ),
    ("enableBackup", BACKUPS),
    ("scheduleBackup", BACKUPS),
    ("backup", BACKUPS),
    (
        "grafana.",
        Said(
            "dashboards of Grafana are not set up",
            "les tableaux de bord de Grafana ne sont pas mis en place",
        ),
    ),
    (
        "serviceMonitor",
        Said(
            "a service monitor comes with `metrics`",
            "un moniteur de service vient avec `metrics`",
        ),
    ),
    ("metrics", Said("the service has no such option", "le service n'a pas cette option")),
    (
        "autoscaling.",
        Said(
            "the number of copies is fixed: nothing scales by itself yet",
            "le nombre d'exemplaires est fixe : rien ne s'adapte encore tout seul",
        ),
    ),
    (
        "resources.",
        Said(
            "the memory of a copy is one amount, processor time has no bound",
            "la mémoire d'un exemplaire est une seule quantité, le processeur n'a pas de borne",
        ),
    ),
    (
        "demoMode",
        Said(
            "only `True` has a counterpart: the profile `demo`",
            "seul `True` a un équivalent : le profil `demo`",
        ),
    ),
    (
        "ingress.",
        Said(
            "the facts of the cluster say how services are reached",
            "les faits de la grappe disent comment les services sont joints",
        ),
    ),
    ("client", CLIENTS),
    ("redirectUris", CLIENTS),
    ("realmImport", CLIENTS),
    (
        "pubkey",
        Said(
            "services ask Keycloak for its key themselves",
            "les services demandent eux-mêmes sa clé à Keycloak",
        ),
    ),
    ("database.", DATABASES),
    ("s3.", DATABASES),
    (
        "smtp.",
        Said(
            "the provisioner of mail has no such option, or nothing is to be sent",
            "le fournisseur de courrier n'a pas cette option, ou il n'y a rien à envoyer",
        ),
    ),
    (
        "adminUser",
        Said(
            "the service names its first administrator itself",
            "le service nomme lui-même son premier administrateur",
        ),
    ),
];

const BACKUPS: Said = Said(
    "backups are not made yet; services say what must be saved",
    "les sauvegardes ne sont pas encore faites ; les services disent ce qu'il faut sauver",
);
const CLIENTS: Said = Said(
    "each service gets a client of its own, with its own addresses",
    "chaque service a son propre client, avec ses propres adresses",
);
const DATABASES: Said = Said(
    "the platform makes what its services need by itself, under the services' names",
    "la plateforme crée d'elle-même ce qu'il faut à ses services, sous leurs noms",
);

/// Where nothing else is known.
pub(crate) const UNKNOWN: Said = Said(
    "the service has no option of that meaning that is known here",
    "le service n'a pas d'option connue ici qui ait ce sens",
);

/// Of a section that speaks of the cluster.
pub(crate) const OF_CLUSTER: Said = Said(
    "it is about the cluster itself, which Socle does not set up",
    "cela concerne la grappe elle-même, que Socle ne met pas en place",
);

/// Of a section that no catalogue and no table knows.
pub(crate) const NO_SECTION: Said =
    Said("nothing is known of this section", "cette section n'est pas connue");

/// Of a service that is not deployed.
pub(crate) const NOT_DEPLOYED: Said =
    Said("the section is not deployed", "la section n'est pas déployée");

/// Of a service that the catalogue lacks.
pub(crate) const NOT_IN_CATALOGUE: Said =
    Said("the service is not in the catalogue yet", "le service n'est pas encore au catalogue");

/// Of what does not fit its option.
pub(crate) const UNFIT: Said =
    Said("the value is none that the option takes", "la valeur ne convient pas à l'option");

/// Of what says what is so anyway.
pub(crate) const AS_IT_IS: Said =
    Said("it says what is so anyway", "cela dit ce qui est vrai de toute façon");

/// Of what another setting overrules.
pub(crate) const OVERRULED: Said =
    Said("another setting counts instead", "un autre réglage compte à sa place");

/// The section of a name.
pub(crate) fn known(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

/// Why a setting has no counterpart.
pub(crate) fn reason(inside: &str) -> Option<Said> {
    REASONS.iter().find(|(start, _)| inside.starts_with(start)).map(|(_, said)| *said)
}
