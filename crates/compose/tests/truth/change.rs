//! What one line of a configuration changes, and that it changes nothing else: the domain, a
//! provisioner, a service that goes. The lists in `tests/truth/changes` are for people to read;
//! `SOCLE_RECORD=1` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use catalog::{MadeSecret, SecretPart};

use crate::ground::{Built, Ground, Loaded};

/// The services of the lists; what must hold is tried with all others, too.
const SERVICES: &[&str] = &["hedgedoc", "httpbin", "keycloak", "nextcloud"];

/// What every leaf is, and every part of a secret.
type Texts = BTreeMap<String, String>;

fn with_big_stack(work: impl FnOnce() + Send) {
    gotmpl::stack::with_big_stack(work).expect("the thread panicked");
}

fn build(ground: &Ground, loaded: &Loaded, settings: &str, services: &[&str]) -> Built {
    let text = format!("{settings}services: [{}]\n", services.join(", "));
    ground.build(loaded, &[("socle.yaml", &text)]).unwrap_or_else(|told| panic!("{told}"))
}

/// Everything that a platform wants of its cluster, as texts.
fn texts(built: &Built) -> Texts {
    let mut all = built.values();
    for (_, secret) in built.desired.secrets() {
        all.extend(of_secret(secret));
    }
    all
}

fn of_secret(secret: &MadeSecret) -> impl Iterator<Item = (String, String)> {
    secret.keys.iter().map(|(key, parts)| {
        let part = |part: &SecretPart| match part {
            SecretPart::Text(text) => text.clone(),
            SecretPart::Random(length) => format!("<{length} random letters>"),
            SecretPart::Of { secret, key } => format!("<{key} of {secret}>"),
        };
        let text = parts.iter().map(part).collect::<String>();
        (format!("made in the cluster, Secret/{}:.{key}", secret.name), text)
    })
}

fn object_of(key: &str) -> &str {
    key.split_once(':').map_or(key, |(object, _)| object)
}

fn objects(all: &Texts) -> BTreeSet<&str> {
    all.keys().map(|key| object_of(key)).collect()
}

/// Digests change with what they are of.
fn is_digest(key: &str, value: &str) -> bool {
    let is_hex = |text: &str| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    key.contains("checksum/") || value.rsplit('-').next().is_some_and(is_hex)
}

/// What is otherwise, told for people: objects that came and went, fields before and after.
fn told(before: &Texts, after: &Texts) -> String {
    let (old, new) = (objects(before), objects(after));
    let mut out = String::new();
    for gone in old.difference(&new) {
        let _ = writeln!(out, "gone: {gone}");
    }
    for come in new.difference(&old) {
        let _ = writeln!(out, "new: {come}");
    }
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut heading = "";
    for key in keys {
        let (one, two) = (before.get(key), after.get(key));
        let object = object_of(key);
        if one == two || !old.contains(object) || !new.contains(object) {
            continue;
        }
        if heading != object {
            let _ = writeln!(out, "\n{object}");
            heading = object;
        }
        let _ = writeln!(out, "  {}", key[object.len() + 1..].trim_start_matches('.'));
        let lines = |text: Option<&String>| -> Vec<String> {
            text.map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
        };
        let (one, two) = (lines(one), lines(two));
        for line in one.iter().filter(|line| !two.contains(line)) {
            let _ = writeln!(out, "    - {}", line.trim_start());
        }
        for line in two.iter().filter(|line| !one.contains(line)) {
            let _ = writeln!(out, "    + {}", line.trim_start());
        }
    }
    out
}

#[expect(clippy::disallowed_methods, reason = "recording is asked for by the environment")]
fn check(name: &str, found: &str) {
    let path = format!("tests/truth/changes/{name}.txt");
    if std::env::var("SOCLE_RECORD").is_ok() {
        fs::write(&path, found).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert!(recorded == found, "{path} is otherwise now; SOCLE_RECORD=1 records it:\n{found}");
}

/// Wherever the domain stands it is another one, and nothing else is.
#[test]
fn another_domain_changes_what_has_it_and_nothing_else() {
    with_big_stack(|| {
        let ground = Ground::load();
        let loaded = ground.catalogue(None).unwrap();
        let (old, new) = ("old.example", "another.example");
        let of = |domain: &str, services: &[&str]| {
            texts(&build(&ground, &loaded, &format!("domain: {domain}\n"), services))
        };
        let every: Vec<&str> = loaded.catalogue.services.keys().map(String::as_str).collect();
        let (before, after) = (of(old, &every), of(new, &every));
        assert_eq!(objects(&before), objects(&after));
        let mut count = 0;
        for (key, text) in &before {
            let now = after.get(key).map(String::as_str);
            // Patterns have it, too.
            let (pattern, other) = (old.replace('.', "[.]"), new.replace('.', "[.]"));
            if text.contains(old) || text.contains(&pattern) {
                count += 1;
                let wanted = text.replace(old, new).replace(&pattern, &other);
                assert_eq!(now, Some(wanted.as_str()), "{key}");
            } else if now != Some(text) {
                assert!(is_digest(key, text), "{key}: {text} is now {now:?}");
            }
        }
        assert!(count > 30, "{count}");
        check("domain", &told(&of(old, SERVICES), &of(new, SERVICES)));
    });
}

/// Another provisioner of databases: what is bound to it is otherwise, and nothing else.
#[test]
fn another_provisioner_changes_what_it_provides_and_nothing_else() {
    const IN_CLUSTER: &str = "domain: a.example\n";
    const OPERATOR: &str = "domain: a.example\nfacts: {operators: [cloudnative-pg]}\n";
    const EXTERNAL: &str = "domain: a.example
provisioners: {postgres: postgres-external}
postgres-external:
  host: db.a.example
  port: 5433
  passwords:
    hedgedoc: {secret: passwords, key: hedgedoc}
    keycloak: {secret: passwords, key: keycloak}
    nextcloud: {secret: passwords, key: nextcloud}
";
    with_big_stack(|| {
        let ground = Ground::load();
        let loaded = ground.catalogue(None).unwrap();
        let of = |settings: &str| build(&ground, &loaded, settings, SERVICES);
        let before = of(IN_CLUSTER);
        for (name, settings) in
            [("postgres-cloudnativepg", OPERATOR), ("postgres-external", EXTERNAL)]
        {
            let after = of(settings);
            only_databases(&before, &after);
            check(name, &told(&texts(&before), &texts(&after)));
        }
    });
}

/// Objects come and go with bindings of databases and the server only; fields of others change where
/// the outputs of such a binding are in them.
fn only_databases(before: &Built, after: &Built) {
    let (old, new) = (texts(before), texts(after));
    let (olds, news) = (objects(&old), objects(&new));
    for object in olds.symmetric_difference(&news) {
        let is_of_database = object.contains("-database") || object.contains("postgresql");
        assert!(is_of_database, "{object}");
    }
    for (key, text) in &old {
        let now = new.get(key);
        if !news.contains(object_of(key)) || now == Some(text) {
            continue;
        }
        let outputs = |built: &Built| {
            let bindings = built.platform.services.iter().flat_map(|service| &service.bindings);
            let of_database = bindings.filter(|binding| binding.of_type == "postgres");
            let values = of_database.flat_map(|binding| binding.outputs.values());
            values.flat_map(|value| scalars(&compose::json_of(value))).collect::<Vec<String>>()
        };
        let holds = |text: &str, built: &Built| outputs(built).iter().any(|one| text.contains(one));
        let was = holds(text, before);
        let is = now.is_none_or(|now| holds(now, after));
        assert!(was && is, "{key}: {text} is now {now:?}");
    }
}

fn scalars(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(map) => map.values().flat_map(scalars).collect(),
        serde_json::Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// A service that goes takes its clients, links, databases and secrets with it, and nothing else.
#[test]
fn a_service_that_goes_leaves_nothing_behind() {
    with_big_stack(|| {
        let ground = Ground::load();
        let loaded = ground.catalogue(None).unwrap();
        let of = |services: &[&str]| build(&ground, &loaded, "domain: a.example\n", services);
        let every: Vec<&str> = loaded.catalogue.services.keys().map(String::as_str).collect();
        let all = of(&every);
        // What others stand on stays as long as they do.
        let is_behind = |name: &str| {
            let bindings = all.platform.services.iter().flat_map(|service| &service.bindings);
            bindings.filter_map(|binding| binding.service.as_deref()).any(|one| one == name)
        };
        for gone in every.iter().filter(|name| !is_behind(name)) {
            let rest: Vec<&str> = every.iter().copied().filter(|name| name != gone).collect();
            let aliases = loaded.catalogue.services[*gone].aliases.iter();
            let aliases = aliases.filter_map(|node| node.as_str().map(str::to_owned));
            let names: Vec<String> = std::iter::once((*gone).to_owned()).chain(aliases).collect();
            nothing_left(&texts(&all), &texts(&of(&rest)), &names);
        }
        let rest: Vec<&str> =
            SERVICES.iter().copied().filter(|name| *name != "nextcloud").collect();
        check("without-nextcloud", &told(&texts(&of(SERVICES)), &texts(&of(&rest))));
    });
}

/// Neither names nor texts speak of the service any more; what is otherwise, spoke of it, or is a
/// digest of what did.
fn nothing_left(before: &Texts, after: &Texts, names: &[String]) {
    let gone = &names[0];
    let speaks = |text: &str| {
        names.iter().any(|name| {
            let upper = name.to_uppercase().replace('-', "_");
            text.contains(name) || text.contains(&upper)
        })
    };
    for (key, text) in after {
        // An image or a document may be called like the service.
        let is_otherwise = before.get(key) != Some(text);
        assert!(!(speaks(key) && is_otherwise), "{key} is left of {gone}");
        if is_otherwise {
            let was = before.get(key).map(String::as_str).unwrap_or_default();
            assert!(speaks(was) || is_digest(key, was), "{key}: {was} is now {text}");
            assert!(!speaks(text), "{key}: {text} still speaks of {gone}");
        }
    }
    // What went with the service is of one of its objects, or of an item that speaks of it.
    let item = |key: &str| key[..key.rfind(']').map_or(key.len(), |at| at + 1)].to_owned();
    let went = || before.iter().filter(|(key, _)| !after.contains_key(*key));
    let spoke: BTreeSet<String> = went()
        .filter(|(key, text)| speaks(key) || speaks(text))
        .map(|(key, _)| item(key))
        .collect();
    for (key, text) in went() {
        assert!(spoke.contains(&item(key)), "{key}: {text} went with {gone}");
    }
}
