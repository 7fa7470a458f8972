//! One engine that renders many instances, one after the other, says what a new engine says of each:
//! what it keeps from one to the next never shows.

mod ahead;
mod facts;
mod sketches;

use std::fmt;
use std::sync::Arc;

use gotmpl::limits::Limits;
use helm::capabilities::Capabilities;
use helm::chart::{self, Chart, File, LoadError};
use helm::engine::{Dns, Engine};
use helm::log::Log;
use helm::release::{self, Options};
use helm::values::{Plain, Table};

const LIBRARY: &str = r#"
{{- define "lib.name" }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- define "lib.plain" }}{{ .Values.a }}/{{ .Values.b | default "none" }}{{ end }}
{{- define "lib.deep" }}{{ include "lib.plain" . }}+{{ with .Values.tree }}{{ .a }}{{ end }}{{ end }}
{{- define "lib.mixed" }}{{ include "lib.deep" . }}:{{ include "lib.name" . }}{{ end }}
{{- define "lib.whole" }}{{ toYaml .Values.tree }}{{ end }}
{{- define "lib.count" }}{{ len .Values }}{{ if .Values.tree }}full{{ else }}empty{{ end }}{{ end }}
{{- define "lib.has" }}{{ hasKey .Values "c" }}{{ kindOf .Values.c }}{{ end }}
{{- define "lib.value" }}{{ kindOf . }}{{ toJson . }}{{ end }}
{{- define "lib.dict" }}{{ include "lib.value" .value }}{{ .context.Values.b }}{{ end }}
{{- define "lib.tpl" }}{{ tpl (.Values.text | toString) . }}{{ end }}
{{- define "lib.global" }}{{ with .Values.global }}{{ .a }}{{ toJson .tree }}{{ end }}{{ end }}
{{- define "lib.items" }}{{ range $i, $x := .Values.items }}{{ $i }}={{ $x | toString }} {{ end }}{{ end }}
{{- define "lib.subs" }}{{ range $k, $v := .Subcharts }}{{ $k }}{{ $v.Values.a }}{{ end }}{{ end }}
{{- define "lib.file" }}{{ .Template.Name }}{{ end }}
{{- define "lib.change" }}{{ if eq (toString .Values.a) "3" }}{{ $_ := set .Values "b" "changed" }}{{ end }}{{ end }}
{{- define "lib.there" }}{{ if eq (toString .Values.b) "5" }}{{ $_ := set .Values.global "a" "away" }}{{ include "lib.global" . }}{{ $_ := set .Values.global "a" 1 }}{{ end }}{{ end }}
{{- define "lib.grow" }}{{ if eq (toString .Values.c) "4" }}{{ $_ := set . "extra" (dict "x" 1) }}{{ end }}{{ .extra | toJson }}{{ end }}
{{- define "lib.inner" }}{{ range .Values.items }}{{ if kindIs "map" . }}{{ $_ := set . "seen" true }}{{ toJson . }}{{ end }}{{ end }}{{ end }}
"#;

/// Every helper twice, so that results are used again within a render, too; changes come between.
const TEMPLATE: &str = r#"
{{- range $round := until 2 }}
{{- range list "name" "plain" "deep" "mixed" "whole" "count" "has" "tpl" "global" "items" "subs" "file" }}
{{ . }}: {{ include (print "lib." .) $ | quote }}
{{- end }}
{{- range $key := list "a" "b" "tree" "items" "text" }}
{{ $key }}: {{ include "lib.value" (index $.Values $key) | quote }}
{{ $key }}s: {{ include "lib.dict" (dict "value" (index $.Values $key) "context" $) | quote }}
{{- end }}
CHANGES
{{- end }}
"#;

const CHANGES: &str = r#"{{ range list "change" "there" "grow" "inner" }}
{{ . }}: {{ include (print "lib." .) $ | quote }}
{{- end }}"#;

fn file(name: &str, text: &str) -> File {
    File { name: name.into(), modified: None, data: text.as_bytes().into() }
}

fn chart(changes: &str) -> Result<Arc<Chart>, LoadError> {
    let template = TEMPLATE.replace("CHANGES", changes);
    let defaults =
        "a: 1\nb: two\ntree: {a: 1, b: {c: 2}}\nitems: [1, {x: y}]\ntext: '{{ .Values.a }}'\n";
    let global = "global: {a: 0, tree: {x: 1}}\n";
    let files = vec![
        file(
            "Chart.yaml",
            "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies:\n\
             - {name: one, version: 1.0.0, repository: '', condition: one.enabled}\n\
             - {name: two, version: 1.0.0, repository: ''}\n",
        ),
        file("values.yaml", &format!("{defaults}{global}")),
        file("templates/_lib.tpl", LIBRARY),
        file("templates/all.yaml", &template),
        file("charts/one/Chart.yaml", "apiVersion: v2\nname: one\nversion: 1.0.0\n"),
        file("charts/one/values.yaml", &format!("{defaults}global: {{b: 7}}\n")),
        file("charts/one/templates/all.yaml", &template),
        file("charts/two/Chart.yaml", "apiVersion: v2\nname: two\nversion: 1.0.0\n"),
        file("charts/two/values.yaml", defaults),
        file("charts/two/templates/all.yaml", &template),
    ];
    chart::from_files(files, &mut Log::default()).map(Arc::new)
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn scalar(&mut self) -> Plain {
        match self.below(6) {
            0 => Plain::Null,
            1 => Plain::Bool(self.below(2) == 0),
            2 => Plain::from(
                ["", "x", "{{ .Release.Name }}", "{{ .Values.b }}"][self.below(4) as usize],
            ),
            _ => Plain::Float(self.below(7) as f64),
        }
    }

    fn value(&mut self, depth: u64) -> Plain {
        match self.below(5 + depth) {
            0 => Plain::Map(self.table(&["a", "b", "c", "x"], depth + 1)),
            1 => (0..self.below(3)).map(|_| self.value(depth + 1)).collect::<Vec<_>>().pipe(),
            _ => self.scalar(),
        }
    }

    fn table(&mut self, keys: &[&str], depth: u64) -> Table {
        let mut entries = Vec::new();
        for key in keys {
            if self.below(3) == 0 {
                entries.push(((*key).into(), self.value(depth)));
            }
        }
        Table::new(entries)
    }

    fn values(&mut self) -> Table {
        const KEYS: &[&str] = &["a", "b", "c", "tree", "items", "text"];
        let mut entries: Vec<_> = self.table(KEYS, 0).iter().cloned().collect();
        for below in ["one", "two"] {
            let mut own: Vec<_> = self.table(KEYS, 0).iter().cloned().collect();
            if below == "one" && self.below(4) == 0 {
                own.push(("enabled".into(), Plain::Bool(self.below(2) == 0)));
            }
            if self.below(2) == 0 {
                entries.push((below.into(), Plain::Map(Table::new(own))));
            }
        }
        if self.below(2) == 0 {
            entries.push(("global".into(), Plain::Map(self.table(&["a", "b", "tree"], 0))));
        }
        Table::new(entries)
    }
}

trait Pipe {
    fn pipe(self) -> Plain;
}

impl Pipe for Vec<Plain> {
    fn pipe(self) -> Plain {
        Plain::List(self.into())
    }
}

/// An engine that renders instance after instance.
struct Fleet {
    engine: Engine,
    /// One cluster for all: a stage is for one.
    capabilities: Arc<Capabilities>,
}

impl Fleet {
    fn new(varying: Table) -> Self {
        let engine = Engine::new(Dns::Off).with_varying(varying);
        Self { engine, capabilities: Arc::default() }
    }

    /// What is rendered, once a new engine has rendered the same. `place` says where, if it has not.
    fn rendered(
        &self,
        chart: &Arc<Chart>,
        given: &Table,
        name: &str,
        place: fmt::Arguments<'_>,
    ) -> String {
        let render = |engine| {
            let capabilities = Arc::clone(&self.capabilities);
            let options = Options { name: name.to_owned(), capabilities, ..Options::default() };
            let mut log = Log::default();
            match release::render(engine, chart, given, &options, Vec::new(), None, &mut log) {
                Ok((release, _)) => {
                    release.manifests.iter().fold(String::new(), |all, manifest| {
                        all + &manifest.source + "\n" + &String::from_utf8_lossy(&manifest.content)
                    })
                }
                Err(failed) => failed.reason.to_string(),
            }
        };
        let (kept, anew) = (render(&self.engine), render(&Engine::new(Dns::Off)));
        assert_eq!(kept, anew, "{place}: {given:?}");
        anew
    }
}

fn check(changes: &str, seeds: std::ops::Range<u64>) -> Result<(), LoadError> {
    let chart = chart(changes)?;
    let mut fine = 0;
    for seed in seeds {
        let mut chance = Chance(seed);
        let fleet = Fleet::new(if seed % 2 == 0 { Table::default() } else { chance.values() });
        let base = chance.values();
        for step in 0..12 {
            // Most instances say little of their own.
            let own = if chance.below(3) == 0 { chance.values() } else { Table::default() };
            let given = base.merged_with(&own);
            let name = ["here", "there"][chance.below(2) as usize];
            let place = format_args!("seed {seed}, step {step}");
            let made = fleet.rendered(&chart, &given, name, place);
            fine += usize::from(made.contains("name:"));
        }
    }
    assert!(fine > 100, "most of this renders: {fine}");
    Ok(())
}

/// A helper that reads nothing that differs is run once for all: the second instance has too few
/// steps to run it, and a third, for which the helper's values differ, fails.
#[test]
fn what_is_the_same_is_not_run_again() -> Result<(), LoadError> {
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n"),
        file("values.yaml", "count: 1000\n"),
        file(
            "templates/a.yaml",
            "{{ define \"long\" }}{{ range until (int .Values.count) }}.{{ end }}{{ end -}}\n\
             name: {{ .Release.Name }}\ntext: {{ include \"long\" . | len }}\n",
        ),
    ];
    let chart = Arc::new(chart::from_files(files, &mut Log::default())?);
    let engine = Engine::new(Dns::Off);
    let capabilities = Arc::default();
    let run = |name: &str, fuel: u64, given: &Table| {
        let limits = Limits { fuel, ..Limits::default() };
        let capabilities = Arc::clone(&capabilities);
        let options = Options { name: name.to_owned(), limits, capabilities, ..Options::default() };
        let mut log = Log::default();
        release::render(&engine, &chart, given, &options, Vec::new(), None, &mut log).is_ok()
    };
    let same = Table::default();
    let other = Table::new(vec![("count".into(), Plain::Float(1001.0))]);
    assert!(run("one", 100_000, &same));
    assert!(run("two", 500, &same));
    assert!(!run("three", 500, &other));
    Ok(())
}

#[test]
fn what_is_kept_does_not_show() -> Result<(), LoadError> {
    check("", 0..60)
}

#[test]
fn changes_by_templates_do_not_reach_the_next_instance() -> Result<(), LoadError> {
    check(CHANGES, 0..60)
}
