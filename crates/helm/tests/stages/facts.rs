//! What is known about a cluster is what `lookup` finds, in this render alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use helm::chart::LoadError;
use helm::engine::{Dns, Engine, Facts, Lookup};
use helm::log::Log;
use helm::release::{self, Options};
use helm::values::{Plain, Table};

use super::file;

const TEMPLATE: &str = r#"
{{- with lookup "v1" "Secret" "town" "mail" }}password: {{ .data.password }}
{{ else }}password: new
{{ end }}"#;

fn facts(password: &str) -> Facts {
    let wanted = Lookup {
        api_version: "v1".to_owned(),
        kind: "Secret".to_owned(),
        namespace: "town".to_owned(),
        name: "mail".to_owned(),
    };
    let table = |key: &str, value: Plain| Plain::Map(Table::new(vec![(key.into(), value)]));
    Facts(BTreeMap::from([(wanted, table("data", table("password", Plain::from(password))))]))
}

#[test]
fn lookup_finds_what_is_known() -> Result<(), LoadError> {
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: mail\nversion: 1.0.0\n"),
        file("templates/secret.yaml", TEMPLATE),
    ];
    let chart = Arc::new(helm::chart::from_files(files, &mut Log::default())?);
    let engine = Engine::new(Dns::Off);
    // One engine after the other cluster, and back: nothing of one is seen in the other.
    let known = [facts("old"), Facts::default(), facts("other"), facts("old"), Facts::default()];
    let printed: Vec<String> = known
        .into_iter()
        .map(|facts| {
            let options = Options { facts, ..Options::default() };
            let log = &mut Log::default();
            let made = release::render(
                &engine,
                &chart,
                &Table::default(),
                &options,
                Vec::new(),
                None,
                log,
            );
            let made = made.map(|(release, _)| release.manifests.into_iter().next());
            made.ok().flatten().map(|object| String::from_utf8(object.content).unwrap()).unwrap()
        })
        .collect();
    let expected = ["old", "new", "other", "old", "new"].map(|word| format!("password: {word}"));
    assert_eq!(printed.iter().map(|text| text.trim()).collect::<Vec<_>>(), expected);
    Ok(())
}
