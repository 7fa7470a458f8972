//! Provenance files: what one program signs the other believes, beside an archive, from a repository
//! and from a registry, for charts and for what they depend on.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::server::{Server, ok, status};
use crate::world::{Done, World};

/// A file of the keys that are made for tests.
fn key(name: &str) -> String {
    std::path::absolute(Path::new("tests/keys").join(name)).unwrap().display().to_string()
}

/// A world with a signed chart.
fn signed() -> (World, Vec<u8>) {
    let world = World::new();
    let (secret, args) = (key("secring.gpg"), ["package", "a", "--sign", "--key", "rosa"]);
    let done = world.ours(&[&args[..], &["--keyring", &secret]].concat(), &[]);
    assert!(done.success, "{}", done.err);
    let provenance = fs::read(world.root.join("a-1.0.0.tgz.prov")).unwrap();
    (world, provenance)
}

/// Both programs end in the same way and say the same.
fn same(world: &World, wanted: bool, args: &[&str]) -> String {
    let without_number = |text: &str| {
        let mut parts = text.split("tmpcharts-");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            text + "tmpcharts" + part.trim_start_matches(|letter: char| letter.is_ascii_digit())
        })
    };
    let show = |done: &Done| format!("{}{}", without_number(&done.out), without_number(&done.err));
    let theirs = world.helm(args, &[]);
    let ours = world.ours(args, &[]);
    assert_eq!(show(&ours), show(&theirs), "{args:?}");
    assert_eq!((ours.success, theirs.success), (wanted, wanted), "{args:?}: {}", ours.err);
    show(&ours)
}

#[test]
fn what_one_signs_the_other_believes() {
    let world = World::new();
    let (public, secret) = (key("pubring.gpg"), key("secring.gpg"));
    world.write("pass", "open sesame\n");
    let show = ["show", "chart", "a-1.0.0.tgz", "--verify", "--keyring", &public];
    for name in ["rosa", "edda", "petra"] {
        let sign = ["package", "a", "--sign", "--key", name, "--keyring", &secret];
        let sign = [&sign[..], &["--passphrase-file", "pass"]].concat();
        for done in [world.ours(&sign, &[]), world.helm(&sign, &[])] {
            assert!(done.success, "{name}: {}", done.err);
            same(&world, true, &show);
        }
        let path = world.root.join("a-1.0.0.tgz");
        let mut archive = fs::read(&path).unwrap();
        archive.push(0);
        fs::write(&path, archive).unwrap();
        let said = same(&world, false, &show);
        assert!(said.contains("sha256 sum does not match for a-1.0.0.tgz"), "{said}");
    }
}

#[test]
fn a_passphrase_by_a_pipe_serves_all_charts() {
    let world = World::new();
    world.write("b/Chart.yaml", "apiVersion: v2\nname: b\nversion: 1.0.0\n");
    let mut child = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap())
        .args(["chart", "package", "a", "b", "--sign", "--key", "petra"])
        .args(["--keyring", &key("secring.gpg"), "--passphrase-file", "-"])
        .current_dir(&world.root)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"open sesame\r\nmore\n").unwrap();
    assert!(child.wait().unwrap().success());
    for name in ["a-1.0.0.tgz", "b-1.0.0.tgz"] {
        let args = ["template", "r", name, "--verify", "--keyring", &key("pubring.gpg")];
        same(&world, true, &args);
    }
}

#[test]
fn from_a_repository() {
    let (world, provenance) = signed();
    let (inner, empty) = (world.repository(), world.repository());
    let server = Server::plain(move |asked| match asked.target.as_str() {
        "/a-1.0.0.tgz.prov" => ok(provenance.clone()),
        _ => inner(asked),
    });
    let bare = Server::plain(move |asked| empty(asked));
    let (with, without) = (format!("http://{}", server.host), format!("http://{}", bare.host));
    let (good, other) = (key("pubring.gpg"), key("stranger.gpg"));
    let show = |url: &str, keyring: &str, wanted| {
        let args = ["show", "chart", "a", "--repo", url, "--verify", "--keyring", keyring];
        same(&world, wanted, &args)
    };
    show(&with, &good, true);
    let said = show(&with, &other, false);
    assert!(said.contains("openpgp: signature made by unknown entity"), "{said}");
    let said = show(&without, &good, false);
    assert!(said.contains("failed to fetch provenance \"http://127"), "{said}");
    // What a chart depends on.
    for (url, keyring, update, build) in
        [(&with, &good, true, true), (&with, &other, false, false), (&without, &good, false, true)]
    {
        let wants = format!(
            "apiVersion: v2\nname: m\nversion: 1.0.0\ndependencies:\n- name: a\n  version: 1.0.0\n  \
             repository: {url}\n"
        );
        world.write("m/Chart.yaml", &wants);
        let _ = fs::remove_file(world.root.join("m/Chart.lock"));
        let verify = ["m", "--verify", "--keyring", keyring];
        same(&world, update, &[&["dependency", "update"], &verify[..]].concat());
        let _ = fs::remove_file(world.root.join("m/Chart.lock"));
        assert!(world.ours(&["dependency", "update", "m"], &[]).success);
        // A build wants to know the repository.
        let list = format!("apiVersion: \"\"\nrepositories:\n- name: known\n  url: {url}\n");
        world.write("repositories.yaml", &list);
        let known = ["--repository-config", "repositories.yaml"];
        same(&world, build, &[&["dependency", "build"], &verify[..], &known].concat());
    }
}

#[test]
fn from_a_registry() {
    let (world, provenance) = signed();
    let server = Server::plain(world.registry_with(Some(provenance)));
    let bare = Server::plain(world.registry());
    for (server, keyring, wanted) in [
        (&server, "pubring.gpg", true),
        (&server, "stranger.gpg", false),
        (&bare, "pubring.gpg", false),
    ] {
        let (url, keyring) = (format!("oci://{}/a", server.host), key(keyring));
        let version = ["--version", "1.0.0", "--plain-http"];
        let args = ["show", "chart", &url, "--verify", "--keyring", &keyring];
        same(&world, wanted, &[&args[..], &version].concat());
    }
    let wants = format!(
        "apiVersion: v2\nname: m\nversion: 1.0.0\ndependencies:\n- name: a\n  version: 1.0.0\n  \
         repository: oci://{}\n",
        bare.host
    );
    world.write("m/Chart.yaml", &wants);
    let (keyring, plain) = (key("pubring.gpg"), ["m", "--plain-http"]);
    assert!(world.ours(&[&["dependency", "update"], &plain[..]].concat(), &[]).success);
    let verify = ["--verify", "--keyring", &keyring];
    let said = same(&world, true, &[&["dependency", "build"], &plain[..], &verify].concat());
    let words = "manifest does not contain a layer with mediatype \
                 application/vnd.cncf.helm.chart.provenance.v1.prov";
    assert!(said.contains(words), "{said}");
    same(&world, false, &[&["dependency", "update"], &plain[..], &verify].concat());
}

#[test]
fn endless_provenance_is_refused() {
    let world = World::new();
    let inner = world.repository();
    let server = Server::plain(move |asked| match asked.target.as_str() {
        "/a-1.0.0.tgz.prov" => ok(vec![b'-'; 5 << 20]),
        "/missing" => status(404),
        _ => inner(asked),
    });
    let url = format!("http://{}", server.host);
    let args = ["show", "chart", "a", "--repo", &url, "--verify", "--keyring", "none"];
    let done = world.ours(&args, &[]);
    assert!(done.err.contains("failed to fetch provenance"), "{}", done.err);
    // A file of a gibibyte, which takes no room on the disk.
    let file = fs::File::create(world.root.join("a-1.0.0.tgz.prov")).unwrap();
    file.set_len(1 << 30).unwrap();
    let args = ["show", "chart", "a-1.0.0.tgz", "--verify", "--keyring", &key("pubring.gpg")];
    let done = world.ours(&args, &[]);
    assert!(done.err.contains("the file is larger than 4194304 bytes"), "{}", done.err);
}
