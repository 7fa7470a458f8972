//! Repositories whose index is none: both programs refuse them with the same words.

use crate::server::{Server, ok, status};
use crate::world::World;

/// No index, each for another reason.
const BROKEN: &[(&str, &str)] = &[
    ("empty", ""),
    ("open", "[[["),
    ("binary", "\u{0}\u{1}"),
    ("colons", "a: b: c\n"),
    ("text", "hello\n"),
    ("json-number", "5"),
    ("json-list", "[]"),
    ("json-entries", "{\"apiVersion\": \"v1\", \"entries\": []}"),
    ("json-item", "{\"apiVersion\": \"v1\", \"entries\": {\"a\": [{}, 5]}}"),
    ("version", "apiVersion: {}\nentries: {}\n"),
    ("no-version", "apiVersion:\nentries: {}\n"),
    ("number-for-version", "apiVersion: 5\nentries: {a: null}\n"),
    ("unsaid", "entries: {}\n"),
    ("list", "apiVersion: v1\nentries: []\n"),
    ("number", "apiVersion: v1\nentries: {a: 5}\n"),
    ("twice", "apiVersion: v1\napiVersion: v1\nentries: {}\n"),
    ("nothing", "apiVersion: v1\nentries: {}\n"),
    ("later", "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: [\n  b: []\n"),
    ("other", "apiVersion: v1\nentries:\n  a:\n  - 5\n"),
];

fn server() -> Server {
    Server::plain(|asked| {
        let named = |name: &str| asked.target == format!("/{name}/index.yaml");
        match BROKEN.iter().find(|(name, _)| named(name)) {
            Some((_, index)) => ok(*index),
            None => status(404),
        }
    })
}

/// What Helm says of an error in one line; ours adds hints below.
fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

#[test]
fn given_by_their_address() {
    let (world, server) = (World::new(), server());
    for (name, _) in BROKEN {
        let url = format!("http://{}/{name}", server.host);
        for command in [&["template", "r"][..], &["show", "chart"]] {
            let arguments = [command, &["a", "--repo", &url]].concat();
            let said = world.both(false, &arguments, &[]);
            let helm = world.helm(&arguments, &[]).err;
            assert_eq!(first_line(&said), first_line(&helm), "{url}");
        }
    }
}

#[test]
fn of_known_repositories() {
    let (world, server) = (World::new(), server());
    // What stands in a chart's list is read when that is wanted, not when the index is fetched.
    for (name, _) in BROKEN.iter().filter(|(name, _)| *name != "other") {
        let url = format!("http://{}/{name}", server.host);
        let list = format!("apiVersion: \"\"\nrepositories:\n- name: x\n  url: {url}\n");
        world.write("repositories.yaml", &list);
        world.write(
            "d/Chart.yaml",
            &format!(
                "apiVersion: v2\nname: d\nversion: 0.1.0\ndependencies:\n- name: a\n  version: 1.x\n  \
                 repository: {url}\n"
            ),
        );
        let list = ("HELM_REPOSITORY_CONFIG", &*world.path("repositories.yaml"));
        let arguments = ["dependency", "update", "d"];
        let said = world.both(false, &arguments, &[list]);
        let helm = world.helm(&arguments, &[list]).err;
        let said = said.replace("/homes/ours/", "/homes/helm/");
        assert_eq!(first_line(&said), first_line(&helm), "{url}");
    }
}
