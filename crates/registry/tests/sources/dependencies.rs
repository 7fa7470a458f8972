//! `dependency list`, `update` and `build` beside the real Helm.

use std::fs;
use std::path::Path;

use helm::log::Log;
use registry::dependency::{Manager, Options, list};
use registry::locate::Source;

use crate::bench::{Bench, OciRegistry};
use crate::server::{Server, ok, status};

fn options() -> Options {
    let source = Source { plain_http: true, ..Source::default() };
    Options { source, ..Options::default() }
}

fn run(bench: &Bench, chart: &str, build: bool) -> Result<String, String> {
    let (mut out, mut log) = (Vec::new(), Log::default());
    let result = {
        let mut manager = Manager {
            network: &bench.network,
            settings: &bench.settings,
            chart: &bench.root.join(chart),
            options: &options(),
            pack: &|_| Err("nothing to pack here".to_owned()),
            out: &mut out,
            log: &mut log,
        };
        if build { manager.build() } else { manager.update() }
    };
    result.map_err(|error| error.words())?;
    Ok(String::from_utf8(out).unwrap())
}

fn table(bench: &Bench, chart: &str) -> String {
    let (mut out, mut log) = (Vec::new(), Log::default());
    list(&bench.root.join(chart), 80, &mut out, &mut log).unwrap();
    String::from_utf8(out).unwrap()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

fn lock_without_time(bench: &Bench, chart: &str) -> String {
    let text = fs::read_to_string(bench.root.join(chart).join("Chart.lock")).unwrap();
    text.lines().filter(|line| !line.starts_with("generated")).collect::<Vec<_>>().join("\n")
}

#[test]
fn beside_helm() {
    let (bench, oci) = (Bench::new(), OciRegistry::start());
    for name in ["one", "two"] {
        bench.chart(name, "0.3.0");
        bench.helm(&["package", name]).unwrap();
    }
    let place = format!("oci://{}/charts", oci.host);
    bench.helm(&["push", "one-0.3.0.tgz", &place, "--plain-http"]).unwrap();
    let archive = fs::read(bench.root.join("two-0.3.0.tgz")).unwrap();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/index.yaml" => {
            ok("apiVersion: v1\nentries:\n  two:\n  - apiVersion: v2\n    name: two\n    \
             version: 0.3.0\n    urls:\n    - two-0.3.0.tgz\n")
        }
        "/two-0.3.0.tgz" => ok(archive.clone()),
        _ => status(404),
    });
    let repositories = format!("repositories:\n- name: r\n  url: {}\n", server.url);
    bench.write("home/.config/helm/repositories.yaml", &repositories);
    let text = format!(
        "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- name: one\n  version: \">0.1 <1\"\n  \
         repository: {place}\n  alias: x\n  tags: [a, \"b&c\"]\n  condition: a.b\n  \
         import-values: [data, {{child: a, parent: b}}]\n- name: two\n  version: 0.3.x\n  \
         repository: \"@r\"\n"
    );
    for chart in ["ours/c", "theirs/c"] {
        bench.write(&format!("{chart}/Chart.yaml"), &text);
    }
    let theirs = |command: &[&str]| bench.helm(command);
    let flag = "--plain-http";
    assert_eq!(table(&bench, "ours/c"), theirs(&["dep", "list", "theirs/c"]).unwrap());
    assert_eq!(run(&bench, "ours/c", false), theirs(&["dep", "update", "theirs/c", flag]));
    let folder = |name: &str| bench.root.join(name).join("charts");
    assert_eq!(files(&folder("ours/c")), files(&folder("theirs/c")));
    assert_eq!(lock_without_time(&bench, "ours/c"), lock_without_time(&bench, "theirs/c"));
    assert_eq!(table(&bench, "ours/c"), theirs(&["dep", "list", "theirs/c"]).unwrap());
    fs::remove_dir_all(folder("ours/c")).unwrap();
    assert_eq!(run(&bench, "ours/c", true), theirs(&["dep", "build", "theirs/c", flag]));
    assert_eq!(files(&folder("ours/c")), files(&folder("theirs/c")));
    for chart in ["ours/c", "theirs/c"] {
        bench.write(&format!("{chart}/Chart.yaml"), &text.replace("0.3.x", "0.x"));
    }
    let ours = run(&bench, "ours/c", true).unwrap_err();
    assert_eq!(
        format!("Error: {ours}\n"),
        theirs(&["dep", "build", "theirs/c", flag]).unwrap_err()
    );
}

#[test]
fn mistakes_beside_helm() {
    let bench = Bench::new();
    let cases = [
        ("stable", "1.x"),
        ("@nope", "1.x"),
        ("file://../nope", "1.x"),
        ("", "1.x"),
        ("http://127.0.0.1:1/x", "1.x"),
        ("oci://127.0.0.1:1/x", "wrong version"),
    ];
    for (repository, version) in cases {
        let text = format!(
            "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- name: d\n  \
             version: \"{version}\"\n  repository: \"{repository}\"\n"
        );
        bench.write("c/Chart.yaml", &text);
        let theirs = bench.helm(&["dep", "update", "c"]).unwrap_err();
        let root = format!("{}/", bench.root.display());
        let ours = run(&bench, "c", false).unwrap_err().replace(&root, "");
        assert_eq!(format!("Error: {ours}\n"), theirs.replace(&root, ""), "{repository} {version}");
    }
}
