//! Every message of the platform is there in English and in French: what reads like one stands in
//! `words!(…)`, where both forms are beside one another.
//!
//! Not here: the chart commands and what they are made of, which speak Helm's English.

use super::messages::{content, reads_like_a_message};
use super::scan::Code;
use super::{Finding, Source, messages};

/// What takes Helm's place and speaks as it does, and what only tells programs.
const ENGLISH: &[&str] = &[
    "crates/curves/",
    "crates/functions/",
    "crates/gotmpl/",
    "crates/helm/",
    "crates/pgp/",
    "crates/registry/",
    "crates/strconv/",
    "crates/version/",
    "crates/yaml/",
    "crates/cli/src/arguments/",
    "crates/cli/src/commands/dependency.rs",
    "crates/cli/src/commands/lint.rs",
    "crates/cli/src/commands/package.rs",
    "crates/cli/src/commands/show.rs",
    "crates/cli/src/commands/template/",
    "crates/cli/src/context.rs",
    "crates/cli/src/kubeconfig.rs",
    "crates/cli/src/people.rs",
    "crates/cli/src/provenance.rs",
    "crates/cli/src/remote.rs",
    "crates/cli/src/source.rs",
    // Both forms are arguments of its own helpers.
    "crates/catalog/src/facts.rs",
    // Without French so far: the list to make shorter.
    "crates/cel/",
    "crates/cli/src/commands/build.rs",
    "crates/cli/src/directory.rs",
    "crates/compose/",
    "crates/install/",
    "crates/object/",
];

/// What takes both forms: `import` has its own pair of constant texts, and a choice between two.
const BOTH: &[&[u8]] = &[b"words!(", b"Words::new(", b"Words::counted(", b"Said(", b".pick("];

/// Checks the platform's files; one finding a file.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let is_platform = |source: &&Source| {
        messages::is_told(source) && ENGLISH.iter().all(|path| !source.path.starts_with(path))
    };
    let found = sources.iter().filter(is_platform).filter_map(of_file);
    found.collect()
}

fn of_file(source: &Source) -> Option<Finding> {
    let only_english = only_english(&source.text);
    let first = only_english.first()?;
    Some(Finding {
        rule: "language",
        place: source.path.clone(),
        what: format!(
            "{} messages have no French, the first is {first:?}; `words!` takes both",
            only_english.len()
        ),
        amount: Some(only_english.len()),
    })
}

fn only_english(text: &str) -> Vec<String> {
    let alone = Code::scan(text).strings_outside(text, BOTH);
    let alone = alone.into_iter().filter_map(content);
    alone.filter(|literal| reads_like_a_message(literal)).collect()
}

#[cfg(test)]
mod tests {
    use super::only_english;

    #[test]
    fn a_message_beside_its_french_is_fine() {
        let both = "words!(\"nothing is here now ({x})\", \"rien n'est ici ({x})\")";
        assert!(only_english(both).is_empty());
        assert_eq!(only_english("new(\"nothing is here\")"), ["nothing is here"]);
    }
}
