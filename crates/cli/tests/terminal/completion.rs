//! What shells complete, asked of the shells themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory with a platform in it.
fn directory(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("socle-{}-complete-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("socle.yaml"), "domain: school.example\nservices: [httpbin]\n").unwrap();
    root
}

/// What a shell says to a script, with the program in its path; nothing where there is no such
/// shell.
fn said(shell: &str, script: &str, root: &Path) -> Option<String> {
    let socle = PathBuf::from(std::env::var_os("CARGO_BIN_EXE_socle").unwrap());
    let others = std::env::var_os("PATH").unwrap().into_string().unwrap();
    let path = format!("{}:{others}", socle.parent().unwrap().display());
    let done = Command::new(shell)
        .args(["-c", script])
        .env("PATH", path)
        .env("HOME", root)
        .env("LC_ALL", "C.UTF-8")
        .current_dir(root)
        .output();
    let done = done.ok()?;
    assert!(done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(String::from_utf8(done.stdout).unwrap())
}

/// What bash completes; the words with `|` between them.
fn in_bash(words: &[&str], root: &Path) -> Vec<String> {
    let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let script = format!(
        "source <(socle completion bash); COMP_WORDS=(socle {}); COMP_CWORD={}; _socle; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        list.join(" "),
        words.len()
    );
    let text = said("bash", &script, root).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_services_settings_and_objects() {
    let root = directory("bash");
    let check =
        |words: &[&str], wanted: &[&str]| assert_eq!(in_bash(words, &root), wanted, "{words:?}");
    check(&["expl"], &["explain"]);
    check(&["catalog", "s"], &["show", "schema"]);
    check(&["build", "next"], &["nextcloud"]);
    check(
        &["explain", "httpb"],
        &[
            "httpbin",
            "httpbin.allowedNetworks",
            "httpbin.cpu",
            "httpbin.hostname",
            "httpbin.memory",
            "httpbin.replicas",
        ],
    );
    check(&["explain", "nextcloud.repl"], &["nextcloud.replicas"]);
    check(&["why", "deployment/"], &["deployment/httpbin"]);
    check(&["init", "--services", "httpbin,hed"], &["httpbin,hedgedoc"]);
    check(&["init", "--profile", "st"], &["standard"]);
    check(&["build", "--facts", "k3"], &["k3d"]);
    check(&["graph", "-o", ""], &["svg", "mermaid"]);
    check(&["completion", ""], &["bash", "zsh", "fish"]);
    check(&["config", "--env"], &["--environment"]);
    // Files, which the shell knows.
    check(&["config", "--config", ""], &[]);
    check(&["explain", "./"], &[]);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn fish_completes_with_what_words_are_for() {
    let root = directory("fish");
    let script = "socle completion fish | source; complete -C 'socle build nextc'";
    // Not everybody has it.
    if let Some(text) = said("fish", script, &root) {
        assert_eq!(text, "nextcloud\tKeep files, share them and work on them together.\n");
    }
    fs::remove_dir_all(root).unwrap();
}
