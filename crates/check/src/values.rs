//! Values of charts that no template reads: most often a typo.

use compose::unread;
use diagnostic::{Diagnostic, Severity, Words, words};

use crate::{Finding, Input};

pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for release in input.releases {
        let service = input.platform.services.iter().find(|one| one.name == release.name);
        let raw = service.and_then(|service| service.raw.as_ref());
        for (unread, place) in unread(release, input.ledger) {
            // A contract may give more than a chart reads this time.
            if unread.is_mentioned && raw.is_none_or(|raw| raw.at(&unread.path).is_none()) {
                continue;
            }
            let views =
                place.iter().map(|place| input.sources.view(place, Words::default())).collect();
            let (name, path) = (&release.name, &unread.path);
            let remedy = match &unread.meant {
                Some(meant) => words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?"),
                None if unread.is_mentioned => {
                    words!(
                        "a template reads it when other values are set, too",
                        "un modèle la lit si d'autres valeurs sont fixées aussi"
                    )
                }
                None => words!("take it away", "retirez-la"),
            };
            let diagnostic = Diagnostic {
                severity: Severity::Warning,
                code: "check.unread",
                title: words!(
                    "no template of `{name}` reads the value `{path}`",
                    "aucun modèle de `{name}` ne lit la valeur `{path}`"
                ),
                views,
                remedies: vec![remedy],
                ..Diagnostic::default()
            };
            let part = Some(release.name.clone());
            found.push(Finding { part, object: None, field: None, diagnostic });
        }
    }
    found
}
