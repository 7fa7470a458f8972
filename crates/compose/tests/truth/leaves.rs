//! Leaves of whole platforms: what is asked of them, and what becomes of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::ground::{self, Built, Ground, Leaf, Loaded};
use crate::mutate;
use catalog::File;
use compose::{Answers, Given, Reason, Source};
use config::Place;

/// How many leaves of each platform are asked, and of how many that are called constant the truth
/// is found out.
const ASKED: usize = 125;
const CONSTANT: usize = 25;

/// In how many places at most nothing else may be written, such as in the type of a volume where the
/// cluster has but one.
const UNTRIED: usize = 8;

/// What is open, with its reason; the list only shrinks.
const OPEN: &[(&str, &str)] = &[
    ("volumeMounts[name=data].name", "the line that is named is that of a like key; to be mended"),
    (
        "listeners[name=https].port",
        "a condition asks for `traefik`, which is not among the words tried",
    ),
    (
        "GITEA__database__USER",
        "a condition asks for the requirement's name, which cannot be another",
    ),
];

/// The platforms that are asked: profile and provisioners, and what else is set.
const PLATFORMS: &[(&str, &str)] = &[
    ("least", "domain: a.example\nfacts: {sharedStorageClasses: [nfs]}\n"),
    (
        "ingress",
        "domain: b.example
name: club
namespace: tools
title: The club
language: fr
profile: standard
default: {memory: 300Mi}
facts: {sharedStorageClasses: [nfs], ingressClasses: [nginx], gatewayClasses: [], storageClasses: [fast]}
provisioners: {smtp: smtp-external, s3-bucket: s3-bucket-external}
smtp-external:
  host: mail.b.example
  port: 587
  security: starttls
  username: club
  from: club@b.example
  password: {secret: mail, key: password}
s3-bucket-external:
  host: s3.b.example
  region: here
  buckets: {nextcloud: files}
  accessKey: {secret: s3, key: access}
  secretKey: {secret: s3, key: secret}
nextcloud: {hostname: \"cloud.${platform.domain}\", uploadLimit: 2G, allowedNetworks: [10.0.0.0/8]}
hedgedoc: {anonymous: true, permission: limited, values: {terminationGracePeriodSeconds: 77}}
postgresql: {settings: {max_connections: '200'}}
keycloak:
  metrics: true
  emailDomains: [b.example]
",
    ),
    (
        "operator",
        "domain: c.example
profile: high-availability
facts: {operators: [cloudnative-pg], sharedStorageClasses: [nfs]}
postgres-cloudnativepg: {size: 9Gi}
",
    ),
    (
        "external",
        "domain: d.example
profile: demo
email: root@d.example
facts: {sharedStorageClasses: [nfs]}
provisioners: {postgres: postgres-external}
postgres-external:
  host: db.d.example
  port: 5433
  databases: {nextcloud: files}
  passwords:
PASSWORDS",
    ),
];

/// One of so many expressions of the catalogue is changed.
const RULES: usize = 5;

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        // Knuth's constants.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    /// So many of them, each at most once.
    fn some<T>(&mut self, mut of: Vec<T>, count: usize) -> Vec<T> {
        let mut taken = Vec::new();
        while taken.len() < count && !of.is_empty() {
            taken.push(of.swap_remove(self.below(of.len())));
        }
        taken
    }
}

#[test]
fn why_tells_the_truth() {
    let ground = Ground::load();
    let loaded = ground.catalogue(None).unwrap();
    let told = std::thread::scope(|scope| {
        let (ground, loaded) = (&ground, &loaded);
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let work = move || {
                    let of_half = PLATFORMS.iter().enumerate().filter(|(at, _)| at % 2 == half);
                    of_half
                        .map(|(_, (name, text))| Trial::new(ground, loaded, name, text).run())
                        .collect::<Vec<_>>()
                };
                gotmpl::stack::spawn_with_big_stack(scope, work).unwrap()
            })
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect::<Vec<Told>>()
    });
    let is_open = |lie: &String| OPEN.iter().any(|(field, _)| lie.contains(field));
    let lies = told.iter().flat_map(|one| one.lies.clone()).filter(|lie| !is_open(lie));
    let lies: Vec<String> = lies.collect();
    assert!(lies.is_empty(), "{} lies:\n{}", lies.len(), lies.join("\n"));
    let untried: Vec<String> = told.iter().flat_map(|one| one.untried.clone()).collect();
    assert!(untried.len() <= UNTRIED, "{}", untried.join("\n"));
    let (asked, constant): (usize, usize) = told
        .iter()
        .fold((0, 0), |(asked, constant), one| (asked + one.asked, constant + one.constant));
    assert!(asked >= 500 && constant >= 100, "only {asked} leaves and {constant} constants");
}

/// What came out for a platform.
#[derive(Default)]
struct Told {
    lies: Vec<String>,
    /// Where nothing else could be written.
    untried: Vec<String>,
    asked: usize,
    constant: usize,
}

struct Trial<'g> {
    ground: &'g Ground,
    loaded: &'g Loaded,
    name: &'g str,
    text: String,
    built: Built,
    words: Vec<String>,
    /// The texts that are no files: defaults.
    texts: RefCell<BTreeMap<String, String>>,
}

/// Where something can be changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// A stretch of a text.
    Text { path: String, start: usize, end: usize },
    /// A default of a service's chart.
    Chart { service: String, path: String },
    /// The key of such a default.
    ChartKey { service: String, path: String },
}

impl<'g> Trial<'g> {
    fn new(ground: &'g Ground, loaded: &'g Loaded, name: &'g str, text: &str) -> Self {
        let uses_postgres = |one: &catalog::Service| {
            let mut all = one.requires.iter().flat_map(|requirement| &requirement.alternatives);
            all.any(|alternative| alternative.of_type == "postgres")
        };
        let passwords = loaded.catalogue.services.values().filter(|one| uses_postgres(one));
        let password = |one: &Arc<catalog::Service>| {
            format!("    {}: {{secret: db, key: {}}}\n", one.name, one.name)
        };
        let mut text = text.replace("PASSWORDS", &passwords.map(password).collect::<String>());
        text.push_str("services:\n");
        // The way in comes by itself: the one that the cluster has.
        let is_way_in = |name: &&String| matches!(name.as_str(), "gateway" | "ingress");
        for service in loaded.catalogue.services.keys().filter(|name| !is_way_in(name)) {
            let _ = writeln!(text, "  - {service}");
        }
        let built = ground.build(loaded, &[("socle.yaml", &text)]);
        let built = built.unwrap_or_else(|told| panic!("{name}: {told}"));
        let mut words = mutate::words_of(&loaded.catalogue.configuration());
        words.extend(loaded.catalogue.provisioners.keys().cloned());
        Self { ground, loaded, name, text, built, words, texts: RefCell::default() }
    }

    fn run(&self) -> Told {
        let answers = Answers::new(&self.built.platform, &self.built.releases, &self.built.ledger);
        let mut told = Told::default();
        let mut dice = Dice(4);
        let mut by_spot: BTreeMap<Spot, Vec<Leaf>> = BTreeMap::new();
        let mut constants: Vec<Leaf> = Vec::new();
        let mut left: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let leaves = self.built.leaves();
        let count = leaves.len();
        for leaf in dice.some(leaves, count) {
            if told.asked == ASKED && constants.len() == CONSTANT {
                break;
            }
            let part = &self.built.desired.parts[leaf.at.0];
            let object = &part.objects[leaf.at.1];
            let reason = answers.why(part, object, &leaf.path);
            let reason = reason.unwrap_or_else(|missing| panic!("{}: {missing}", leaf.key));
            let spots = self.spots(&reason, part.name.as_str());
            if spots.is_empty() {
                let is_alone = reason.sources.iter().all(|source| source.among.is_empty());
                if is_alone && reason.decided.is_empty() && constants.len() < CONSTANT {
                    constants.push(leaf);
                }
                continue;
            }
            if told.asked == ASKED {
                continue;
            }
            told.asked += 1;
            left.insert(leaf.key.clone(), (leaf.value.clone(), 0));
            for spot in spots {
                by_spot.entry(spot).or_default().push(leaf.clone());
            }
        }
        told.constant = constants.len();
        let mut plain: BTreeSet<&str> = BTreeSet::new();
        for (spot, leaves) in by_spot.iter().filter(|(spot, _)| !self.is_rule(spot)) {
            plain.extend(leaves.iter().map(|leaf| leaf.key.as_str()));
            self.check(spot, leaves, &constants, &mut left, &mut told);
        }
        for (spot, leaves) in by_spot.iter().filter(|(spot, _)| self.is_rule(spot)) {
            // To load a catalogue anew takes its time: of the rules that lead to plain values some
            // are tried.
            let is_told = leaves.iter().all(|leaf| plain.contains(leaf.key.as_str()));
            if is_told && dice.below(RULES) > 0 {
                continue;
            }
            self.check(spot, leaves, &constants, &mut left, &mut told);
        }
        for (key, (value, changes)) in left {
            if changes == 0 {
                told.lies.push(format!("{}: {key} = {value}: no line changes it", self.name));
            }
        }
        self.constants(&constants, &mut told.lies);
        told
    }

    /// Whether a catalogue's expression stands there.
    fn is_rule(&self, spot: &Spot) -> bool {
        let Spot::Text { path, start, end } = spot else { return false };
        let file = self.ground.definitions.iter().find(|file| file.path == *path);
        file.is_some_and(|file| file.text[*start..*end].contains("${"))
    }

    /// Everything that `why` names.
    fn spots(&self, reason: &Reason, part: &str) -> BTreeSet<Spot> {
        let spot = |place: &Place| {
            let path = self.built.sources.path(place.source).to_owned();
            let text = self.built.sources.text(place.source).to_string();
            self.texts.borrow_mut().entry(path.clone()).or_insert(text);
            Spot::Text { path, start: place.span.start, end: place.span.end }
        };
        let is_default = |source: &Source| source.places.is_empty() && source.among.is_empty();
        let of = |source: &Source| match &source.given {
            Given::Value(path) if is_default(source) => {
                vec![Spot::Chart { service: part.to_owned(), path: path.clone() }]
            }
            Given::Key(path) if is_default(source) => {
                vec![Spot::ChartKey { service: part.to_owned(), path: path.clone() }]
            }
            _ => source.places.iter().map(spot).collect(),
        };
        reason.sources.iter().flat_map(of).collect()
    }

    /// Changes what stands at a spot until every leaf that goes back to it has changed.
    fn check(
        &self,
        spot: &Spot,
        leaves: &[Leaf],
        constants: &[Leaf],
        left: &mut BTreeMap<String, (String, usize)>,
        Told { lies, untried, .. }: &mut Told,
    ) {
        let mut open: Vec<&Leaf> = leaves.iter().collect();
        let mut is_tried = false;
        for (what, built) in self.others(spot) {
            is_tried = true;
            let values = built.values();
            open.retain(|leaf| {
                let has_changed = values.get(&leaf.key) != Some(&leaf.value);
                if has_changed {
                    left.entry(leaf.key.clone()).and_modify(|(_, changes)| *changes += 1);
                }
                !has_changed
            });
            let of_configuration = matches!(spot, Spot::Text { path, .. } if !path.contains('/'));
            if of_configuration {
                self.still(constants, &built, &what, lies);
            }
            if open.is_empty() {
                break;
            }
        }
        if is_tried {
            for leaf in open {
                let Leaf { key, value, .. } = leaf;
                lies.push(format!("{}: {key} = {value}: {spot:?} does not change it", self.name));
            }
        } else {
            // Then nothing can be found out.
            untried.push(format!("{}: nothing fits in {spot:?}", self.name));
            for leaf in open {
                left.remove(&leaf.key);
            }
        }
    }

    /// The platforms that come of other values at a spot, as far as they can be built.
    fn others<'t>(&'t self, spot: &Spot) -> Box<dyn Iterator<Item = (String, Built)> + 't> {
        match spot {
            Spot::Chart { service, path } => Box::new(self.others_of_chart(service, path, None)),
            // Null takes a default away.
            Spot::ChartKey { service, path } => {
                Box::new(self.others_of_chart(service, path, Some("null")))
            }
            Spot::Text { path, start, end } => self.others_of_text(path, *start, *end),
        }
    }

    fn others_of_text<'t>(
        &'t self,
        path: &str,
        start: usize,
        end: usize,
    ) -> Box<dyn Iterator<Item = (String, Built)> + 't> {
        let file = self.ground.definitions.iter().find(|file| file.path == path).cloned();
        let text = match (path, &file) {
            ("socle.yaml", _) => self.text.clone(),
            (_, Some(file)) => file.text.clone(),
            _ => self.texts.borrow().get(path).cloned().unwrap_or_default(),
        };
        let path = path.to_owned();
        let mutants = mutate::instead_of(&text[start..end], &self.words);
        Box::new(mutants.into_iter().filter_map(move |mutant| {
            let changed = format!("{}{mutant}{}", &text[..start], &text[end..]);
            let built = match (path.as_str(), &file) {
                ("socle.yaml", _) => self.ground.build(self.loaded, &[("socle.yaml", &changed)]),
                (_, Some(_)) => {
                    let file = File { path: path.clone(), text: changed };
                    let loaded = self.ground.catalogue(Some(&file)).ok()?;
                    self.ground.build(&loaded, &[("socle.yaml", &self.text)])
                }
                // A default is changed by saying something else.
                _ => {
                    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
                    let more = changed[line..].lines().next()?.to_owned();
                    let over = if path == "assumed" { format!("facts:\n  {more}\n") } else { more };
                    let documents = [("socle.yaml", self.text.as_str()), ("over.yaml", &over)];
                    self.ground.build(self.loaded, &documents)
                }
            };
            Some((format!("{path}: {mutant}"), built.ok()?))
        }))
    }

    fn others_of_chart<'t>(
        &'t self,
        service: &str,
        path: &str,
        instead: Option<&str>,
    ) -> impl Iterator<Item = (String, Built)> + 't {
        let release = self.built.releases.iter().find(|one| one.name == service);
        let mut steps = helm::explain::steps(path);
        // Of a list all is changed at once.
        if let Some(at) = steps.iter().position(|step| step.parse::<usize>().is_ok()) {
            steps.truncate(at);
        }
        let written =
            release.map(|release| ground::default_of(release, &steps)).unwrap_or_default();
        let mutants = match instead {
            Some(instead) => vec![instead.to_owned()],
            None => mutate::instead_of(&written, &self.words),
        };
        let service = service.to_owned();
        mutants.into_iter().filter_map(move |mutant| {
            let mut over = mutant.clone();
            for step in steps.iter().rev() {
                over = format!("{{{step:?}: {over}}}");
            }
            let over = format!("{{{service}: {{values: {over}}}}}");
            let documents = [("socle.yaml", self.text.as_str()), ("over.yaml", &over)];
            Some((over.clone(), self.ground.build(self.loaded, &documents).ok()?))
        })
    }

    /// Sets every setting of every service and provisioner to something else.
    fn constants(&self, constants: &[Leaf], lies: &mut Vec<String>) {
        let record = self.loaded.catalogue.configuration();
        for section in &record.fields {
            let config::Shape::Record(inner) = &section.shape else { continue };
            for field in &inner.fields {
                for value in mutate::of_shape(&field.shape) {
                    let over = format!("{}: {{{}: {value}}}", section.name, field.name);
                    let documents = [("socle.yaml", self.text.as_str()), ("over.yaml", &over)];
                    if let Ok(built) = self.ground.build(self.loaded, &documents) {
                        self.still(constants, &built, &over, lies);
                    }
                }
            }
        }
    }

    /// What is constant has not changed, where its object is still there.
    fn still(&self, constants: &[Leaf], built: &Built, what: &str, lies: &mut Vec<String>) {
        let values = built.values();
        for leaf in constants {
            let (object, _) = leaf.key.split_once(':').unwrap();
            let is_there = values.range(format!("{object}:")..).next();
            let is_there = is_there.is_some_and(|(key, _)| key.starts_with(&format!("{object}:")));
            let now = values.get(&leaf.key);
            if is_there && now != Some(&leaf.value) {
                let Leaf { key, value, .. } = leaf;
                lies.push(format!(
                    "{}: {key} = {value} is no constant: {now:?} by {what}",
                    self.name
                ));
            }
        }
    }
}
