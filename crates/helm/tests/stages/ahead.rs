//! A large chart on two threads gives what it gives on one, whatever its templates do.

use std::sync::Arc;

use gotmpl::limits::Limits;
use helm::chart::{self, Chart, LoadError};
use helm::engine::{Dns, Engine};
use helm::log::Log;
use helm::release::{self, Options, Threads};
use helm::values::{Plain, Table};

use super::file;

/// What a template may do besides printing, and that a later one may see.
const DEEDS: &[&str] = &[
    "",
    "{{ $_ := set .Values \"x\" \"changed\" }}",
    "{{ $_ := set .Values.global \"y\" \"changed\" }}",
    "{{ $_ := set .Subcharts.below.Values \"x\" \"changed\" }}",
    "{{ $_ := set . \"extra\" \"there\" }}",
    "{{ fail \"refused\" }}",
    "{{ .Values.x.y.z }}",
    "r: {{ randAlphaNum 5 }}",
    "{{ $_ := set .Values \"x\" (randAlphaNum 5) }}",
    "{{ range until 8000 }}{{ end }}",
    "{{ range until 60000 }}{{ end }}",
    "{{ required \"wanted\" .Values.gone }}",
    "l: {{ lookup \"v1\" \"Secret\" \"a\" \"b\" | toJson }}",
    ": {",
];

/// Enough for two threads, and most of them in one chart, so that both halves have some of it.
const TEMPLATES: [(&str, usize); 2] = [("", 60), ("charts/below/", 12)];

const ALL: usize = 72;

/// The deed is done in both halves.
fn chart_with(deed: &str, place: usize) -> Result<Arc<Chart>, LoadError> {
    let mut files = vec![
        file(
            "Chart.yaml",
            "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies:\n\
             - {name: below, version: 1.0.0, repository: ''}\n",
        ),
        file("values.yaml", "x: same\nglobal: {y: same}\n"),
        file("charts/below/Chart.yaml", "apiVersion: v2\nname: below\nversion: 1.0.0\n"),
        file("charts/below/values.yaml", "x: below\n"),
    ];
    let mut number = 0;
    for (folder, templates) in TEMPLATES {
        for index in 0..templates {
            let deed = if [place, (place + ALL / 2) % ALL].contains(&number) { deed } else { "" };
            number += 1;
            let text = format!(
                "name: {{{{ .Release.Name }}}}{index}\nx: {{{{ .Values.x }}}}\n\
                 y: {{{{ .Values.global.y }}}}{{{{ .extra }}}}\n{deed}\n"
            );
            files.push(file(&format!("{folder}templates/t{index:02}.yaml"), &text));
        }
    }
    chart::from_files(files, &mut Log::default()).map(Arc::new)
}

fn made(chart: &Arc<Chart>, threads: Threads) -> String {
    let limits = Limits { fuel: 60_000, ..Limits::default() };
    let options = Options { threads, limits, ..Options::default() };
    let given = Table::new(vec![("z".into(), Plain::Float(1.0))]);
    let mut log = Log::default();
    let engine = Engine::new(Dns::Off);
    match release::render(&engine, chart, &given, &options, Vec::new(), None, &mut log) {
        Ok((release, _)) => {
            let mut text = String::new();
            for manifest in &release.manifests {
                text +=
                    &format!("{}\n{}", manifest.source, String::from_utf8_lossy(&manifest.content));
            }
            format!("{text}\n{:?}", log.entries())
        }
        Err(failed) => format!("{}\n{:?}", failed.reason, log.entries()),
    }
}

#[test]
fn two_threads_give_what_one_gives() -> Result<(), LoadError> {
    for deed in DEEDS {
        for place in (0..ALL).step_by(5) {
            let chart = chart_with(deed, place)?;
            let (one, two) = (made(&chart, Threads::One), made(&chart, Threads::Two));
            assert!(one == two, "{deed} at {place}:\n{one}\n---\n{two}");
        }
    }
    Ok(())
}
