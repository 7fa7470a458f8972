//! `socle init` at a terminal, which Python lends.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Runs the program at a terminal and types all lines at once.
const AT_A_TERMINAL: &str = "
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
os.write(terminal, sys.argv[1].encode())
said = b''
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    said += more
sys.stdout.write(said.decode().replace('\\r\\n', '\\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
";

fn directory(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("socle-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    root
}

/// What is said, and how it ended.
fn said(root: &PathBuf, typed: &str, locale: &str, flags: &[&str]) -> (String, bool) {
    let socle = std::env::var_os("CARGO_BIN_EXE_socle").unwrap();
    let done = Command::new("python3")
        .args(["-c", AT_A_TERMINAL, typed])
        .arg(socle)
        .arg("init")
        .args(flags)
        .env("LC_ALL", locale)
        .current_dir(root)
        .output()
        .unwrap();
    (String::from_utf8(done.stdout).unwrap(), done.status.success())
}

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line}\n--- in ---\n{text}");
    }
}

#[test]
fn three_questions_make_a_configuration() {
    let root = directory("questions");
    let typed = "my school\nschool.example\nhttpbn\nhttpbin keycloak\nhuge\n\n";
    let (text, succeeded) = said(&root, typed, "C", &[]);
    has(
        &text,
        &[
            "The domain, such as school.example: each service gets a name below it.",
            "`my school` is no domain: a host name, such as `cloud.example.org`",
            "The services, with commas between them; enter alone for `base`.",
            "  httpbin: Answers requests with what it was asked; to try a platform.",
            "  base (bundle): ",
            "no service or bundle is called `httpbn`: did you mean `httpbin`?",
            "How large the platform is; enter alone for `small`.",
            "  small: For one school: one copy of each.",
            "`huge` is no profile: there are `demo`, `small`, `standard`, `high-availability`",
            "socle.yaml is written.",
        ],
    );
    assert!(succeeded, "{text}");
    let written = fs::read_to_string(root.join("socle.yaml")).unwrap();
    has(&written, &["domain: school.example\n", "  - keycloak #", "profile: small\n"]);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn the_questions_are_asked_in_french_too() {
    let root = directory("french");
    let typed = "lycee.example\n\n\n";
    let (text, succeeded) = said(&root, typed, "fr_FR.UTF-8", &[]);
    has(
        &text,
        &[
            "Le domaine, comme lycee.example : chaque service aura un nom dessous.",
            "Les services, séparés par des virgules ; entrée seule pour `base`.",
            "  base (ensemble) : ",
            "La taille de la plateforme ; entrée seule pour `small`.",
            "socle.yaml est écrit.",
        ],
    );
    assert!(succeeded, "{text}");
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn what_is_not_answered_is_not_written() {
    let root = directory("unanswered");
    for (locale, words) in [
        ("C", "nothing is written: a question has no answer"),
        ("fr_FR", "rien n'est écrit : une question reste sans réponse"),
    ] {
        let (text, succeeded) = said(&root, "-\n-\n-\n-\n-\n", locale, &["--profile", "demo"]);
        has(&text, &[words]);
        assert!(!succeeded && !root.join("socle.yaml").exists(), "{text}");
    }
    fs::remove_dir_all(root).unwrap();
}
