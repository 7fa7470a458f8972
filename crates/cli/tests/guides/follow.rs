//! Guides that a person follows word by word: every file in them is written, every command run, in a
//! directory of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

/// How long the definition of a simple web application may be.
const MOST_LINES: usize = 30;

/// A fenced block: its language and its text.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut parts = text.split("```");
    parts.next();
    while let (Some(block), Some(_)) = (parts.next(), parts.next()) {
        let (language, body) = block.split_once('\n').unwrap();
        found.push((language.to_owned(), body.to_owned()));
    }
    found
}

fn follow(guide: &str) {
    let text = fs::read_to_string(Path::new("../../docs").join(guide)).unwrap();
    let root = std::env::temp_dir().join(format!("socle-{}-{guide}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    let mut commands = 0;
    for (language, body) in blocks(&text) {
        if language == "yaml" {
            let (name, _) = body.split_once('\n').unwrap();
            let path = root.join(name.strip_prefix("# ").unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &body).unwrap();
            continue;
        }
        for line in body.lines() {
            let mut words = line.split_whitespace();
            assert_eq!(words.next(), Some("socle"), "{line}");
            let socle = std::env::var_os("CARGO_BIN_EXE_socle").unwrap();
            let done = Command::new(socle).args(words).current_dir(&root).output().unwrap();
            let told = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{guide}: {line}\n{told}");
            commands += 1;
            if line.contains("catalog new") {
                let made = fs::read_to_string(root.join("catalogue/wiki/service.yaml")).unwrap();
                assert!(made.lines().count() < MOST_LINES, "{made}");
            }
        }
    }
    assert!(commands > 4, "{guide} has commands");
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn a_service_is_added_as_the_guide_says() {
    follow("adding-a-service.md");
    follow("adding-a-service.fr.md");
}
