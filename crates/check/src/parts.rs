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
        let ChartReference::Elsewhere { reference, .. } = &service.chart else { continue };
        let Some(retired) = input.catalogue.retired_part(reference) else { continue };
        let (title, remedy) = given_up(reference, retired);
        let diagnostic = Diagnostic {
            severity: Severity::Warning,
            code: "check.retired",
            title,
            remedies: vec![remedy],
            ..Diagnostic::default()
        };
        let part = Some(service.name.clone());
        found.push(Finding { part, object: None, field: None, diagnostic });
    }
    found
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
    use super::*;

    #[test]
    fn a_port_is_no_version() {
        let found = ["a/b:1", "a:5000/b", "a:5000/b:1", "a/b@sha256:0", "b"].map(version);
        assert_eq!(found, [Some("1"), None, Some("1"), Some("sha256:0"), None]);
    }
}
