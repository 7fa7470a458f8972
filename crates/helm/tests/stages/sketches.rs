//! Templates that print what differs between instances: what is drawn for a further instance is what
//! running the template would print.

use std::collections::BTreeSet;
use std::sync::Arc;

use gotmpl::limits::Limits;
use helm::chart::{self, Chart, LoadError};
use helm::engine::{Dns, Engine};
use helm::log::Log;
use helm::release::{self, Options};
use helm::values::{Plain, Table};

use super::{Chance, Fleet, file};

/// Texts that YAML, JSON, templates or functions take for something of their own, and plain ones.
const TEXTS: &[&str] = &[
    "alpha",
    "beta-1",
    "gamma.example.org",
    "city-001",
    "city-002",
    "x",
    "Q",
    "true",
    "no",
    "null",
    "1e3",
    "0x1f",
    "12",
    "1.5",
    "2001-01-01",
    "",
    " ",
    "a b",
    "a: b",
    "key:",
    "# c",
    "- x",
    "*a",
    "&a b",
    "!t",
    "{{ .Release.Name }}",
    "{{",
    "<no value>",
    "a\nb",
    "a\n",
    "\"q\"",
    "it's",
    "ü",
    "{a: 1}",
    "[1, 2]",
    "qz0zq",
    "qz1zq-qz2zq",
    "https://a.example/b:8080/",
    "a@b",
    "%s",
    "-",
    "1.2.3",
    "~1.2",
    "300",
    "5m",
    "YWJj",
    "a,b;c",
    "/etc/x.yaml",
];

/// From a text to something that can be printed.
const STEPS: &[&str] = &[
    "upper",
    "lower",
    "title",
    "trunc 5",
    "trunc -3",
    "trimSuffix \"-\"",
    "trimPrefix \"a\"",
    "trim",
    "quote",
    "squote",
    "indent 2",
    "nindent 4",
    "toYaml",
    "toJson",
    "toString",
    "b64enc",
    "sha256sum",
    "replace \"-\" \"_\"",
    "default \"d\"",
    "printf \"%s-x\"",
    "printf \"%q %5s\" \"y\"",
    "cat \"a\"",
    "list | join \"+\"",
    "splitList \"-\" | join \"+\"",
    "dict \"k\" | toYaml",
    "snakecase",
    "printf \"k: %s\\nl: [%s]\" \"v\" | fromYaml | toYaml",
    "printf \"k: %s\" | fromYaml | toJson",
    "printf \"- %s\" | fromYamlArray | toJson",
    "printf \"# %s\\nk: &a v\\nl: *a\" | fromYaml | toJson",
    "printf \"&%s\" | printf \"k: %s v\\nl: *alpha\" | fromYaml | toJson",
    "len",
    "empty",
    "not",
    "eq \"alpha\"",
    "contains \"a\"",
    "hasPrefix \"c\"",
    "ternary \"yes\" \"no\" | toString | len",
    "regexReplaceAll \"[aeiou]\" \"V\"",
    "coalesce \"\" | toYaml",
    "kindOf",
    "int",
    "float64",
    "atoi",
    "abbrev 6",
    "nospace",
    "initials",
    "repeat 2",
    "substr 0 3",
    "semverCompare \">1.0.0\"",
    "urlquery",
    "fromJson | toJson",
    "printf \"{\\\"a\\\": \\\"%s\\\"}\" | fromJson | toJson",
    "list | uniq | first",
    "list \"b\" | sortAlpha | join \",\"",
    "dict \"a\" 1 \"b\" | keys | sortAlpha | join \"\"",
    "set (dict) \"x\" | toYaml",
    "pluck \"k\" (dict \"k\" \"v\") (dict) | toJson",
    "tpl2",
    "incl",
    "hash",
    "required \"needed\"",
    "dict \"k\" | deepCopy | toJson",
    "hasKey (dict \"alpha\" 1)",
    "get (dict \"alpha\" \"found\")",
    "list (dict \"x\" 1) | toYaml",
    "wrap 4",
    "camelcase",
    "html",
];

const SOURCES: &[&str] = &[
    ".Values.s",
    ".Values.t",
    ".Values.map.k",
    ".Values.map",
    ".Values.list",
    "(index .Values.list 0)",
    ".Release.Name",
    "(first .Values.list)",
    "(dict \"a\" .Values.s \"b\" .Values.t)",
    "(printf \"%s/%s\" .Values.s .Release.Name)",
    "(include \"lib.both\" .)",
    "(len .Values.list)",
    "(merge (dict) .Values.map)",
    "(.Values.map.gone | default .Values.t)",
    ".Values.number",
    "(ternary .Values.s .Values.t .Values.flag)",
    "(include \"lib.with\" (dict \"it\" .Values.s))",
];

const LIBRARY: &str = r#"
{{- define "lib.both" }}{{ .Values.s }}-{{ include "lib.name" . }}{{ end }}
{{- define "lib.name" }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 20 | trimSuffix "-" }}{{ end }}
{{- define "lib.named" }}{{ "k: &" }}{{ .it }}{{ " v\nl: &beta-1 w\nm: *" }}{{ .it }}{{ end }}
{{- define "lib.with" }}<{{ .it }}>{{ if .it }}{{ .it | upper }}{{ end }}{{ end }}
"#;

fn expression(chance: &mut Chance) -> String {
    let pick =
        |chance: &mut Chance, of: &[&'static str]| of[chance.below(of.len() as u64) as usize];
    let mut made = pick(chance, SOURCES).to_owned();
    for _ in 0..=chance.below(3) {
        made = match pick(chance, STEPS) {
            "tpl2" => format!("tpl (printf \"{{{{ .Values.t }}}}:%v\" ({made})) $"),
            "incl" => format!("include \"lib.with\" (dict \"it\" ({made}))"),
            "hash" => format!("{made} | toJson | sha256sum"),
            step => format!("{made} | {step}"),
        };
    }
    made
}

/// What goes wrong in an expression belongs to the game, but then nothing is drawn: most should be
/// fine.
fn chart_of(expressions: &[String]) -> Result<Arc<Chart>, LoadError> {
    let mut template = String::new();
    for (index, expression) in expressions.iter().enumerate() {
        template += &format!("e{index}: |\n  {{{{ {expression} }}}}\n");
    }
    let values = "s: alpha\nt: beta\nmap: {k: v, l: w}\nlist: [a, b]\nnumber: 1\nflag: true\n";
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n"),
        file("values.yaml", values),
        file("templates/_lib.tpl", LIBRARY),
        file("templates/all.yaml", &template),
    ];
    chart::from_files(files, &mut Log::default()).map(Arc::new)
}

fn text(chance: &mut Chance, plain: bool) -> Plain {
    let bound = if plain { 6 } else { TEXTS.len() as u64 };
    Plain::from(TEXTS[chance.below(bound) as usize])
}

fn values(chance: &mut Chance) -> Table {
    let plain = chance.below(3) > 0;
    let mut entries = vec![("s".into(), text(chance, plain)), ("t".into(), text(chance, plain))];
    if chance.below(3) == 0 {
        let items: Vec<Plain> = (0..=chance.below(2)).map(|_| text(chance, plain)).collect();
        entries.push(("list".into(), Plain::List(items.into())));
    }
    if chance.below(3) == 0 {
        let map = vec![("k".into(), text(chance, plain))];
        entries.push(("map".into(), Plain::Map(Table::new(map))));
    }
    if chance.below(4) == 0 {
        entries.push(("number".into(), Plain::Float(chance.below(3) as f64)));
        entries.push(("flag".into(), Plain::Bool(chance.below(2) == 0)));
    }
    Table::new(entries)
}

#[test]
fn drawn_texts_are_printed_texts() -> Result<(), LoadError> {
    check(0..250)
}

/// The same with more seeds: minutes.
#[test]
#[ignore = "long; run it by `cargo test -p socle-helm --test stages -- --ignored`"]
fn many_drawn_texts_are_printed_texts() -> Result<(), LoadError> {
    check(250..20_000)
}

fn check(seeds: std::ops::Range<u64>) -> Result<(), LoadError> {
    let (mut fine, mut tried) = (0, 0);
    for seed in seeds {
        let mut chance = Chance(seed * 7919);
        let expressions: Vec<String> = (0..3).map(|_| expression(&mut chance)).collect();
        let chart = chart_of(&expressions)?;
        let fleet = Fleet::new(Table::default());
        for step in 0..10 {
            let given = values(&mut chance);
            let name = ["here", "there", "city-9"][chance.below(3) as usize];
            let place = format_args!("seed {seed}, step {step}: {expressions:#?}");
            let made = fleet.rendered(&chart, &given, name, place);
            tried += 1;
            fine += usize::from(made.contains("e2:"));
        }
    }
    assert!(fine * 4 > tried, "most of this renders: {fine} of {tried}");
    Ok(())
}

/// What was recorded with one word is drawn with every other text, or is not.
#[test]
fn what_holds_of_a_word_is_not_taken_to_hold_of_every_text() -> Result<(), LoadError> {
    /// The last one names what another has named.
    const OF_ONE_TEXT: &[&str] = &[
        ".Values.s",
        "(printf \"%s-x\" .Values.s)",
        "(printf \"n%s\" .Values.s)",
        "(include \"lib.named\" (dict \"it\" .Values.s) | fromYaml)",
    ];
    let varying = Table::new(vec![("s".into(), "x".into())]);
    let steps = STEPS.iter().filter(|step| !["tpl2", "incl", "hash"].contains(step));
    for (round, step) in steps.enumerate() {
        for source in OF_ONE_TEXT {
            let chart = chart_of(&[format!("{source} | {step}")])?;
            let fleet = Fleet::new(varying.clone());
            // A part of them each time: together the steps see all.
            let others = TEXTS.iter().skip(round % 4).step_by(4);
            let words = ["alpha", "alpha", "beta-1", "no", "o", "ull", "1e3"];
            for text in words.iter().chain(others) {
                let given = Table::new(vec![("s".into(), (*text).into())]);
                fleet.rendered(&chart, &given, "here", format_args!("{source} | {step}"));
            }
        }
    }
    Ok(())
}

/// A template that was not drawn may change what another one reads.
#[test]
fn what_is_drawn_does_not_miss_a_change() -> Result<(), LoadError> {
    const TEMPLATE: &str = "a: {{ .Values.kept }}\nb: {{ .Release.Name }}\n\
        {{ if eq .Values.s \"change\" }}{{ $_ := set .Values \"kept\" \"other\" }}{{ end }}";
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n"),
        file("values.yaml", "s: x\nkept: same\n"),
        file("templates/a.yaml", TEMPLATE),
        file("templates/b.yaml", "a: {{ .Values.kept }}\nb: {{ .Release.Name }}\n"),
        file("templates/c.yaml", TEMPLATE),
    ];
    let chart = chart::from_files(files, &mut Log::default()).map(Arc::new)?;
    let fleet = Fleet::new(Table::default());
    for text in ["x", "y", "z", "change", "x", "y", "z", "change"] {
        let given = Table::new(vec![("s".into(), text.into())]);
        let made = fleet.rendered(&chart, &given, "here", format_args!("changes"));
        assert_eq!(made.contains("other"), text == "change");
    }
    Ok(())
}

/// Each function alone, with texts, lists and maps that differ.
#[test]
fn no_function_shows_that_it_was_not_called() -> Result<(), LoadError> {
    const ARGUMENTS: &[&str] = &[
        ".Values.s",
        ".Values.s .Values.t",
        "\"-\" .Values.s",
        "3 .Values.s",
        ".Values.list",
        ".Values.map",
        ".Values.s .Values.map",
        "\"a\" \"b\" .Values.s",
        ".Values.map .Values.s",
        "\",\" .Values.list",
        ".Values.map \"k\" .Values.s",
    ];
    let effects: BTreeSet<&str> = functions::all()
        .filter(|function| function.effect != gotmpl::function::Effect::Pure)
        .map(|function| function.name)
        .collect();
    let names: BTreeSet<&str> = functions::all().map(|function| function.name).collect();
    let mut fine = 0;
    for (seed, name) in (0..).zip(names.difference(&effects)) {
        for arguments in ARGUMENTS {
            let chart = chart_of(&[format!("{name} {arguments} | toJson")])?;
            let fleet = Fleet::new(Table::default());
            let mut chance = Chance(seed);
            for step in 0..5 {
                let given = if step == 0 { Table::default() } else { values(&mut chance) };
                let place = format_args!("{name} {arguments}, step {step}");
                let made = fleet.rendered(&chart, &given, "here", place);
                if step == 0 && !made.contains("e0:") {
                    break;
                }
                fine += 1;
            }
        }
    }
    assert!(fine > 1000, "{fine}");
    Ok(())
}

/// The third instance has too few steps to run its template, and prints its own texts for all that; a
/// number that differs has to be read.
#[test]
fn a_template_is_drawn_without_running() -> Result<(), LoadError> {
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n"),
        file("values.yaml", "host: a.example\ncount: 1000\n"),
        file(
            "templates/a.yaml",
            "name: {{ .Release.Name }}\n{{ range until (int .Values.count) }}{{ end -}}\n\
             data:\n  {{- toYaml (dict \"host\" .Values.host) | nindent 2 }}\n",
        ),
    ];
    let chart = Arc::new(chart::from_files(files, &mut Log::default())?);
    let varying = Table::new(vec![("host".into(), "x".into())]);
    let engine = Engine::new(Dns::Off).with_varying(varying);
    let capabilities = Arc::default();
    let run = |name: &str, fuel: u64, host: &str, count: f64| {
        let limits = Limits { fuel, ..Limits::default() };
        let capabilities = Arc::clone(&capabilities);
        let options = Options { name: name.to_owned(), limits, capabilities, ..Options::default() };
        let given = vec![("host".into(), host.into()), ("count".into(), Plain::Float(count))];
        let given = Table::new(given);
        let mut log = Log::default();
        let made =
            release::render(&engine, &chart, &given, &options, Vec::new(), None, &mut log).ok()?;
        String::from_utf8(made.0.manifests.first()?.content.clone()).ok()
    };
    let printed = |name: &str, host: &str| Some(format!("name: {name}\ndata:\n  host: {host}\n"));
    assert_eq!(run("one", 100_000, "a.example", 1000.0), printed("one", "a.example"));
    assert_eq!(run("two", 100_000, "b.example", 1000.0), printed("two", "b.example"));
    assert_eq!(run("three", 500, "c.example", 1000.0), printed("three", "c.example"));
    // Not a word: the function is called again, which few steps allow.
    assert_eq!(run("four", 100_000, "no", 1000.0), printed("four", "\"no\""));
    assert_eq!(run("five", 500, "d.example", 1001.0), None);
    Ok(())
}

/// Texts made of texts made of texts, thousands high, or doubled without a letter, are given up, not
/// followed.
#[test]
fn towers_of_texts_end() -> Result<(), LoadError> {
    let towers = [
        "{{ $x := .Values.s }}{{ range until 3000 }}{{ $x = include \"lib.add\" $x }}{{ end }}{{ $x }}",
        "{{ $x := .Values.s }}{{ range until 3000 }}{{ $x = $x | quote | trimAll \"\\\"\" }}{{ end }}{{ $x }}",
        "{{ $x := .Values.none }}{{ range until 60 }}{{ $x = include \"lib.double\" $x }}{{ end }}{{ $x | quote }}",
        "{{ range until 60000 }}{{ printf \"%s%d\" $.Values.s . | len }}{{ end }}",
    ];
    const LIBRARY: &str = "{{ define \"lib.add\" }}{{ . }}.{{ end }}\
        {{ define \"lib.double\" }}{{ . }}{{ . }}{{ end }}";
    for tower in towers {
        let files = vec![
            file("Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n"),
            file("values.yaml", "s: x\nnone: \"\"\n"),
            file("templates/_lib.tpl", LIBRARY),
            file("templates/a.yaml", &format!("a: {tower}\n")),
        ];
        let chart = chart::from_files(files, &mut Log::default()).map(Arc::new)?;
        let varying = vec![("s".into(), "x".into()), ("none".into(), "x".into())];
        let fleet = Fleet::new(Table::new(varying));
        for text in ["a", "b", "c", "d"] {
            let given = Table::new(vec![("s".into(), text.into())]);
            let made = fleet.rendered(&chart, &given, "here", format_args!("{tower}"));
            assert!(made.contains("a: "), "{made}");
        }
    }
    Ok(())
}
