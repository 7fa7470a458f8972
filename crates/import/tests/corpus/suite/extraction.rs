//! The script under real shells: it finds exactly the values that the YAML reader finds, hands them
//! over by standard input only, leaves alone what is there, and refuses a file that has changed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use config::{Format, Node, NodeKind, Sources, read};
use import::{Password, State, Use};
use serde_json::Value as Json;

use super::{fixture, imported};

/// The shells that must do; `sh` is whatever the machine has.
const SHELLS: &[&str] = &["sh", "dash", "bash"];

/// A directory with a file, its script, and a `kubectl` that writes down what it is given.
struct Bench {
    directory: PathBuf,
}

impl Bench {
    fn new(name: &str, file: &str, script: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("socle-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(directory.join("bin")).unwrap();
        fs::create_dir(directory.join("there")).unwrap();
        fs::write(directory.join("eole3.yaml"), file).unwrap();
        fs::write(directory.join("secrets.sh"), script).unwrap();
        let kubectl = directory.join("bin/kubectl");
        fs::write(&kubectl, KUBECTL).unwrap();
        fs::set_permissions(&kubectl, fs::Permissions::from_mode(0o755)).unwrap();
        // Another awk than the machine's.
        if let Some(awk) = std::env::var_os("SOCLE_AWK") {
            std::os::unix::fs::symlink(awk, directory.join("bin/awk")).unwrap();
        }
        Self { directory }
    }

    fn run(&self, shell: &str, words: &[&str]) -> Output {
        for name in ["given", "arguments"] {
            let _ = fs::remove_file(self.directory.join(name));
        }
        let path = format!("{}:/usr/bin:/bin", self.directory.join("bin").display());
        let mut command = Command::new(shell);
        command.arg("secrets.sh").args(words).arg("eole3.yaml");
        command.current_dir(&self.directory).env_clear().env("PATH", path);
        command.output().unwrap()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.directory.join(name)).unwrap_or_default()
    }

    /// The Secrets that were made, by name.
    fn made(&self) -> Vec<(String, Json)> {
        let given = self.text("given");
        let manifests = given.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        manifests
            .map(|one| {
                let name = one["metadata"]["name"].as_str().unwrap().to_owned();
                (name, one["stringData"].clone())
            })
            .collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// What stands in for the real one: `there/KIND-NAME` are objects that exist.
const KUBECTL: &str = "\
#!/bin/sh
printf '%s\\n' \"$*\" >>arguments
case $1 in
  get) [ ! -e \"there/$2-$3\" ] || echo \"$2/$3\" ;;
  create) [ \"$2\" = namespace ] || cat >>given ;;
esac
";

#[test]
fn the_script_of_the_fixture_works_under_every_shell() {
    let found = imported(fixture().as_bytes(), "running").unwrap();
    let bench = Bench::new("fixture", &fixture(), &found.script);
    for shell in SHELLS {
        let output = bench.run(shell, &["--all"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(errors, "", "{shell}");
        // One password is folded, and so is left to a person.
        assert_eq!(output.status.code(), Some(1), "{shell}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(told.contains("make the Secret imported-nextcloud-circlespassword by hand"));
        let made = bench.made();
        let value = |name: &str, key: &str| {
            let found = made.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, data)| data[key].as_str().unwrap_or("")).to_owned()
        };
        assert_eq!(value("keycloak-admin", "password"), "PLANTED: a text\nof two lines");
        assert_eq!(value("imported-default-smtp", "password"), "PLANTED # it's no comment");
        let admin = "PLANTED s3 admin, with a comma";
        assert_eq!(value("imported-default-s3-admin", "secretKey"), admin);
        assert_eq!(value("imported-default-s3-admin", "accessKey"), "root");
        let database = "PLANTED é\t\"quoted\" \\ A";
        assert_eq!(value("imported-keycloak-database", "password"), database);
        assert_eq!(value("imported-grafana", "admin-password"), "86420975");
        assert!(!bench.text("arguments").contains("PLANTED"), "a password was an argument");
    }
}

#[test]
fn what_is_there_stays_and_a_dry_run_asks_nobody() {
    let found = imported(fixture().as_bytes(), "").unwrap();
    let bench = Bench::new("there", &fixture(), &found.script);
    fs::write(bench.directory.join("there/secret-imported-default-smtp"), "").unwrap();
    fs::write(bench.directory.join("there/secret-imported-nextcloud-database"), "").unwrap();
    let output = bench.run("sh", &[]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("the Secret imported-default-smtp is there already"), "{told}");
    assert_eq!(output.status.code(), Some(0), "{told}");
    let names: Vec<String> = bench.made().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["imported-nextcloud-s3", "keycloak-admin", "keycloak-database-owner", "postgresql-admin"]
    );
    let output = bench.run("sh", &["--dry-run"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("would create the Secret keycloak-admin"), "{told}");
    assert_eq!(bench.text("arguments"), "");
}

#[test]
fn a_changed_file_is_refused_and_a_changed_password_is_not() {
    let found = imported(fixture().as_bytes(), "french").unwrap();
    let changed = |from: &str, to: &str| {
        assert!(fixture().contains(from));
        let bench = Bench::new("changed", &fixture().replacen(from, to, 1), &found.script);
        let output = bench.run("sh", &[]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), told, bench.made())
    };
    let refused = [
        ("port: 465", "port: 466"),
        ("default:\n", "default:\n\n"),
        ("# the domain of everything\n", ""),
        ("    of two lines", "    of two lines\n    and three"),
        ("'PLANTED # it''s no comment'", "\"PLANTED\""),
        ("password: PLANTED-shared-by-three\n  chart", "password: 'it\n  chart"),
        ("{accessKey: root,", "{key: root,"),
        ("\\u00e9", "\\q"),
        ("\\u00e9", "\\ud800"),
    ];
    for (from, to) in refused {
        let (code, told, made) = changed(from, to);
        assert_eq!((code, made.len()), (Some(1), 0), "{to}: {told}");
        assert!(told.contains("recommencez l'import"), "{told}");
    }
    let (_, _, made) = changed("'PLANTED # it''s no comment'", "'new '' one'");
    let smtp = made.iter().find(|(name, _)| name == "imported-default-smtp");
    assert_eq!(smtp.map(|(_, data)| data["password"].clone()), Some("new ' one".into()));
    // A comment of a line of its own may say something else.
    let (_, _, made) = changed("# the domain of everything", "# the domain");
    assert!(!made.is_empty());
}

#[test]
fn words_that_it_does_not_know_are_told() {
    let found = imported(fixture().as_bytes(), "").unwrap();
    let bench = Bench::new("words", &fixture(), &found.script);
    for words in [&["--what"][..], &["--namespace"], &["other.yaml"]] {
        let output = bench.run("dash", words);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("usage: sh secrets.sh"));
    }
    let output = bench.run("bash", &["--namespace", "elsewhere", "--all"]);
    assert!(!output.stdout.is_empty());
    assert!(bench.text("arguments").contains("create namespace elsewhere"));
    assert!(bench.text("given").contains("\"namespace\":\"elsewhere\""));
}

/// Numbers that look random, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.throw(of.len())]
    }
}

/// What passwords and mistakes are made of.
const PIECES: &[&str] = &[
    "a", "Z", "9", "0", "-", "_", ".", " ", "  ", "#", " #", "# ", ":", ": ", " :", "'", "''",
    "\"", "\\", "\\n", "$", "`", "${x}", "$(x)", "{", "}", "[", "]", ",", ", ", "&", "*", "!", "|",
    ">", "%", "@", "?", "=", "/", "~", "é", "🔑", "\t", "\u{85}", "\u{2028}", "true", "null",
    "0x1f", "1e3", "\r", "\u{7f}", "SHAPE", "EOF", "%s", "\\u0041", "\u{feff}",
];

const ESCAPES: &[&str] = &[
    "\\n",
    "\\t",
    "\\\"",
    "\\\\",
    "\\/",
    "\\0",
    "\\a",
    "\\b",
    "\\e",
    "\\f",
    "\\r",
    "\\v",
    "\\N",
    "\\_",
    "\\L",
    "\\P",
    "\\x41",
    "\\xe9",
    "\\x00",
    "\\u00e9",
    "\\u2603",
    "\\ud83d",
    "\\U0001f511",
    "\\ ",
    "\\\t",
    "\\q",
];

fn pieces(dice: &mut Dice, most: usize) -> String {
    let count = 1 + dice.throw(most);
    (0..count).map(|_| dice.one(PIECES)).collect()
}

/// A password in one of the ways of writing one, below a name that is indented by four.
fn written(dice: &mut Dice) -> String {
    let comment = dice.one(&["", "", " # a remark", "\t# another", "   "]);
    match dice.throw(9) {
        0 | 1 => format!("password: {}{comment}", pieces(dice, 6)),
        2 => format!("password: '{}'{comment}", pieces(dice, 6).replace('\'', "''")),
        3 | 4 => {
            let mut text = String::new();
            for _ in 0..dice.throw(8) {
                let piece = dice.one(PIECES).replace('\\', "\\\\").replace('"', "\\\"");
                text += if dice.throw(3) == 0 { dice.one(ESCAPES) } else { &piece };
            }
            format!("password: \"{text}\"{comment}")
        }
        5 => {
            let lines: Vec<String> = (0..=dice.throw(4))
                .map(|_| format!("      {}{}", dice.one(&["", "", "  "]), pieces(dice, 4)))
                .collect();
            let gap = dice.one(&["\n", "\n\n", "\n      \n"]);
            let header = dice.one(&["|", "|-", "|+", "|2", "|2-", ">", ">-", "|- # a remark"]);
            format!("password: {header}\n{}{}", lines.join(gap), dice.one(&["", "\n", "\n\n"]))
        }
        6 => {
            let other = pieces(dice, 2).replace('\'', "''");
            let own = pieces(dice, 4).replace('\'', "''");
            format!("login: {{user: '{other}', password: '{own}', key: x}}{comment}")
        }
        7 => {
            let (one, two) = (pieces(dice, 3), pieces(dice, 3));
            format!("login: {{accessKey: {one}, secretKey: {two}}}{comment}")
        }
        _ => {
            let way =
                dice.one(&["&it ", "!!str ", "! ", "*it", "\n        ", "\"a\n        b\" #"]);
            format!("password: {way}{}", pieces(dice, 3))
        }
    }
}

/// The value of a setting as the reader of configurations has it.
fn value(root: &Node, text: &str, path: &str) -> Option<String> {
    let node = root.at(path)?;
    match &node.kind {
        NodeKind::Text(value) => Some(value.clone()),
        NodeKind::Int(_) => text.get(node.place.span.clone()).map(str::to_owned),
        _ => None,
    }
}

fn tree(text: &str) -> Option<Node> {
    let mut sources = Sources::default();
    let id = sources.add("eole3.yaml", text);
    read(&sources, id, Format::Yaml).ok()
}

/// A file of passwords that are written in every way.
fn file(dice: &mut Dice, count: usize) -> String {
    let head = "default:\n  domain: a.example.org\nlaboite:\n";
    let mut text = head.to_owned();
    let mut made = 0;
    while made < count {
        let entry = format!("  p{made}:\n    {}\n", written(dice));
        if tree(&format!("{head}{entry}  z: 1\n")).is_some() {
            text += &entry;
            made += 1;
        }
    }
    if dice.throw(3) == 0 { text.replace('\n', "\r\n") } else { text }
}

#[test]
fn the_script_reads_what_yaml_means_or_the_import_says_that_it_cannot() {
    const SEED: u64 = 20_261_122;
    const ROUNDS: usize = 6;
    let mut dice = Dice(SEED);
    let (mut readable, mut by_hand) = (0, 0);
    for round in 0..ROUNDS {
        let text = file(&mut dice, 60);
        let Some(root) = tree(&text) else { continue };
        let found = imported(text.as_bytes(), "running").unwrap();
        let bench = Bench::new("dice", &text, &found.script);
        let shell = SHELLS[round % SHELLS.len()];
        let output = bench.run(shell, &["--all"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(errors, "", "seed {SEED}, round {round}, {shell}");
        let made = bench.made();
        let is_whole = |one: &Password| {
            let same = found.report.secrets.iter().filter(|two| two.secret.0 == one.secret.0);
            same.filter(|two| two.used != Use::Generated).all(|two| two.readable)
        };
        for one in &found.report.secrets {
            let of_secret = made.iter().find(|(name, _)| *name == one.secret.0);
            if one.used == Use::Generated {
                let is_made = of_secret.is_some_and(|(_, data)| !data[&one.secret.1].is_null());
                assert!(!is_made && one.state == State::Empty, "{}", one.from);
                continue;
            }
            if !is_whole(one) {
                by_hand += 1;
                assert!(of_secret.is_none(), "{}", one.from);
                continue;
            }
            readable += 1;
            let wanted = value(&root, &text, &one.from).unwrap();
            let given = of_secret.map(|(_, data)| data[&one.secret.1].clone());
            let place = format!("seed {SEED}, round {round}, line {}, {}", one.line, one.from);
            assert_eq!(given, Some(wanted.into()), "{place}");
        }
    }
    assert!(readable > 150 && by_hand > 20, "{readable} readable, {by_hand} by hand");
}

/// With the real `kubectl`, whose path is in `SOCLE_KUBECTL` (`cargo xtask tools kubectl` says where):
/// it reads what the script prints, and finds the same values.
#[test]
#[ignore = "asks the real kubectl"]
fn the_real_kubectl_reads_the_same() {
    let kubectl = std::env::var_os("SOCLE_KUBECTL").unwrap();
    let found = imported(fixture().as_bytes(), "").unwrap();
    let bench = Bench::new("real", &fixture(), &found.script);
    bench.run("sh", &["--all"]);
    let given = bench.text("given");
    assert!(given.lines().count() > 8);
    for line in given.lines() {
        let manifest = bench.directory.join("manifest.json");
        fs::write(&manifest, line).unwrap();
        let words = ["label", "--local", "seen=yes", "--output=json", "--filename"];
        let output = Command::new(&kubectl).args(words).arg(&manifest).output().unwrap();
        let read: Json = serde_json::from_slice(&output.stdout).unwrap();
        let sent: Json = serde_json::from_str(line).unwrap();
        assert_eq!(read["stringData"], sent["stringData"]);
        assert_eq!((&read["kind"], &read["type"]), (&"Secret".into(), &"Opaque".into()));
    }
}
