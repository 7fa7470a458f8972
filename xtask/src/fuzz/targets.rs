//! The four targets: where their seeds come from, how they are mutated, how they are asked.

use std::fs;

use anyhow::{Result, bail};
use serde_json::Value;

use super::archive;
use super::chance::Chance;
use super::mutate::{self, Pool};
use crate::{corpus, oracle, shell};

/// Functions whose answers are chance, time or the machine's: nothing to compare.
const CHANCE: &[&str] = &[
    "rand",
    "now",
    "date",
    "Date",
    "values",
    "keys",
    "ago",
    "uuid",
    "gen",
    "htpasswd",
    "bcrypt",
    "shuffle",
    "getHostByName",
    "encryptAES",
    "derivePassword",
    "unixEpoch",
    "env",
    "Capabilities",
];

/// A longer input finds nothing that a shorter one does not.
const LONGEST: usize = 20_000;

/// The template that reads a YAML text and writes what it understood.
const YAML_READER: &str = "\
{{ $t := .Files.Get \"x\" }}json: {{ fromYaml $t | toJson }}
yaml: {{ fromYaml $t | toYaml | toJson }}
pretty: {{ fromYaml $t | toYamlPretty | toJson }}
array: {{ fromYamlArray $t | toYaml | toJson }}
";

/// The same for TOML.
const TOML_READER: &str = "\
{{ $t := .Files.Get \"x\" }}json: {{ fromToml $t | toJson }}
toml: {{ fromToml $t | toToml | toJson }}
";

/// What is fuzzed.
pub enum Target {
    /// YAML, read and written.
    Yaml(Vec<String>),
    /// TOML, read and written.
    Toml(Vec<String>),
    /// Templates, changed by characters.
    Parse(Vec<String>, String),
    /// Templates, changed by tokens.
    Exec(Vec<String>, Pool, String),
    /// Chart archives.
    Archive,
}

impl Target {
    /// A target by name, with its seeds read.
    pub fn new(name: &str) -> Result<Self> {
        Ok(match name {
            "yaml" => Self::Yaml(yaml_seeds()?),
            "toml" => Self::Toml(toml_seeds()?),
            "parse" => Self::Parse(templates()?, values()?),
            "exec" => {
                let templates = templates()?;
                let pool = Pool::of(&templates);
                Self::Exec(templates, pool, values()?)
            }
            "archive" => Self::Archive,
            _ => bail!("no target is called `{name}`: say yaml, toml, parse, exec or archive"),
        })
    }

    /// How many seeds there are.
    pub fn seeds(&self) -> usize {
        match self {
            Self::Yaml(seeds)
            | Self::Toml(seeds)
            | Self::Parse(seeds, _)
            | Self::Exec(seeds, ..) => seeds.len(),
            Self::Archive => 1,
        }
    }

    /// A new input.
    pub fn input(&self, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = match self {
            Self::Yaml(seeds) => {
                let seed = chance.pick(seeds).map_or("", |seed| seed);
                mutate::characters(seed, seeds, mutate::YAML_WORDS, chance).into_bytes()
            }
            Self::Toml(seeds) => {
                let seed = chance.pick(seeds).map_or("", |seed| seed);
                mutate::characters(seed, seeds, mutate::TOML_WORDS, chance).into_bytes()
            }
            Self::Parse(seeds, _) => {
                let seed = chance.pick(seeds).map_or("", |seed| seed);
                mutate::characters(seed, seeds, mutate::TEMPLATE_WORDS, chance).into_bytes()
            }
            Self::Exec(_, pool, _) if chance.once_in(2) => pool.invent(chance).into_bytes(),
            Self::Exec(seeds, pool, _) => {
                let seed = chance.pick(seeds).map_or("", |seed| seed);
                pool.change(seed, chance).into_bytes()
            }
            Self::Archive => archive::archive(chance),
        };
        bytes.truncate(LONGEST);
        // Now and then something that is no text at all.
        if !matches!(self, Self::Archive) && chance.once_in(50) && !bytes.is_empty() {
            let at = chance.below(bytes.len());
            bytes[at] |= 0x80;
        }
        bytes
    }

    /// The question that an input makes.
    pub fn question(&self, input: &[u8]) -> Value {
        match self {
            Self::Archive => oracle::archive_question(input),
            Self::Yaml(_) => read_with(YAML_READER, input),
            Self::Toml(_) => read_with(TOML_READER, input),
            Self::Parse(_, values) | Self::Exec(_, _, values) => {
                // What only chance decides is asked as an empty template.
                let by_chance = CHANCE
                    .iter()
                    .any(|word| input.windows(word.len()).any(|window| window == word.as_bytes()));
                oracle::render_question([
                    ("Chart.yaml", CHART.as_bytes()),
                    ("values.yaml", values.as_bytes()),
                    ("f.txt", b"one\ntwo\n"),
                    ("templates/a.yaml", if by_chance { b"" } else { input }),
                ])
            }
        }
    }
}

/// Asks for a file read by a template.
fn read_with(template: &str, input: &[u8]) -> Value {
    oracle::render_question([
        ("Chart.yaml", CHART.as_bytes()),
        ("x", input),
        ("templates/a.yaml", template.as_bytes()),
    ])
}

const CHART: &str = "apiVersion: v2\nname: tiny\nversion: 0.1.0\n";

fn templates() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (_, case) in corpus::cases(&[])? {
        let text = case.text().or(case.section("template")).unwrap_or("");
        let defs = case.section("defs").unwrap_or("");
        found.push(format!("{defs}{text}"));
    }
    Ok(found)
}

fn values() -> Result<String> {
    Ok(fs::read_to_string(shell::root().join("crates/helm/corpus/templates/_values.yaml"))?)
}

fn yaml_seeds() -> Result<Vec<String>> {
    let root = shell::root();
    let mut found = Vec::new();
    for dir in ["crates/yaml/corpus", "examples", "xtask/bench"] {
        for path in shell::files_under(&root.join(dir))? {
            let is_template = path.to_string_lossy().contains("/templates/");
            let text = fs::read_to_string(&path).unwrap_or_default();
            if !is_template && !text.is_empty() && text.len() < LONGEST {
                found.push(text);
            }
        }
    }
    for (_, case) in corpus::cases(&[])? {
        found.extend(case.section("values").map(str::to_owned));
    }
    Ok(found)
}

/// The texts in the corpus's templates that read TOML, and what stands in values.
fn toml_seeds() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (_, case) in corpus::cases(&[])? {
        let text = case.text().or(case.section("template")).unwrap_or("");
        if text.contains("fromToml") {
            found.extend(mutate::texts(text));
        }
    }
    Ok(found)
}
