//! What charts and images are: parts that upstream has given up, images without a version.

use std::collections::BTreeSet;

use catalog::{ChartReference, Retired};
use diagnostic::{Diagnostic, Severity, Words, words};
use object::pods;

use crate::{Finding, Input};

pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let mut found = charts(input);
    let mut told = BTreeSet::new();
    for (part, object) in input.desired.objects() {
        let Some(pods) = pods(object) else { continue };
        for (path, container) in pods.containers() {
            let Some(image) = container.get("image").and_then(|image| image.as_str()) else {
                continue;
            };
            if !told.insert(image.to_owned()) {
                continue;
            }
            let field = format!("{path}.image");
            let about = |rule, title, remedy| {
                Finding::about(input, (part, object), &field, rule, title, remedy)
            };
            if let Some(retired) = input.catalogue.retired_part(image) {
                let (title, remedy) = given_up(image, retired);
                found.push(about((Severity::Warning, "check.retired"), title, remedy));
            }
            if version(image).is_none_or(|version| version == "latest") {
                let title = words!(
                    "the image {image} names no version",
                    "l'image {image} ne nomme pas de version"
                );
                let remedy = words!(
                    "name one: what runs must not depend on the day",
                    "nommez-en une : ce qui tourne ne doit pas dépendre du jour"
                );
                found.push(about((Severity::Warning, "check.image"), title, remedy));
            }
        }
    }
    found
}

/// The tag or the digest of an image.
fn version(image: &str) -> Option<&str> {
    if let Some((_, digest)) = image.split_once('@') {
        return Some(digest);
    }
    // A colon before the last slash is that of a port.
    let last = image.rsplit('/').next()?;
    Some(last.split_once(':')?.1)
}

fn charts(input: &Input<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for service in &input.platform.services {
        let ChartReference::Elsewhere { reference, digest, .. } = &service.chart else { continue };
        let mut tell = |code, title, remedy| {
            let diagnostic = Diagnostic {
                severity: Severity::Warning,
                code,
                title,
                remedies: vec![remedy],
                ..Diagnostic::default()
            };
            let part = Some(service.name.clone());
            found.push(Finding { part, object: None, field: None, diagnostic });
        };
        if let Some(retired) = input.catalogue.retired_part(reference) {
            let (title, remedy) = given_up(reference, retired);
            tell("check.retired", title, remedy);
        }
        if reference.contains("://") && digest.is_none() {
            let (title, remedy) = no_digest(reference);
            tell("check.digest", title, remedy);
        }
    }
    found
}

fn no_digest(reference: &str) -> (Words, Words) {
    (
        words!(
            "the chart {reference} has no digest: another one may stand there tomorrow",
            "le modèle (chart) {reference} n'a pas d'empreinte : un autre peut s'y trouver demain"
        ),
        words!(
            "add `digest: sha256:…` beside its version",
            "ajoutez `digest: sha256:…` à côté de sa version"
        ),
    )
}

fn given_up(reference: &str, retired: &Retired) -> (Words, Words) {
    let since = &retired.since;
    let source = retired.sources.first().map_or("", String::as_str);
    (
        words!(
            "{reference} is given up since {since}: {what}",
            "{reference} est abandonné depuis {since} : {what}",
            what = retired.words
        ),
        words!(
            "take {successor} ({source})",
            "prenez {successor} ({source})",
            successor = retired.successor
        ),
    )
}

#[cfg(test)]
mod tests {
    use diagnostic::Language;

    use super::*;

    #[test]
    fn what_is_no_more_than_a_name_is_told() {
        let (title, remedy) = no_digest("oci://a/b");
        let told = |language| format!("{}: {}", title.of(language), remedy.of(language));
        assert_eq!(
            told(Language::English),
            "the chart oci://a/b has no digest: another one may stand there tomorrow: \
            add `digest: sha256:…` beside its version"
        );
        assert_eq!(
            told(Language::French),
            "le modèle (chart) oci://a/b n'a pas d'empreinte : un autre peut s'y trouver demain: \
            ajoutez `digest: sha256:…` à côté de sa version"
        );
    }

    #[test]
    fn a_port_is_no_version() {
        let found = ["a/b:1", "a:5000/b", "a:5000/b:1", "a/b@sha256:0", "b"].map(version);
        assert_eq!(found, [Some("1"), None, Some("1"), Some("sha256:0"), None]);
    }
}
