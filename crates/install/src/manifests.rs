//! The manifests of a part, with what they are for.

use std::fmt::Write as _;

use catalog::Platform;
use compose::{Part, Purpose};

/// The name of a part's file, without its ending: parts sort in the order in which they are made.
pub fn stem(part: &Part) -> String {
    format!("{:02}-{}", part.wave + 1, part.name)
}

/// The text of the file.
pub fn text(platform: &Platform, part: &Part) -> String {
    let mut text = head(platform, part);
    for object in &part.objects {
        text.push_str("---\n");
        text.push_str(&object.to_yaml());
    }
    text
}

/// What the file is for, and what to look at when it fails.
fn head(platform: &Platform, part: &Part) -> String {
    let french = crate::is_french(platform);
    let say = |en: String, fr: String| if french { fr } else { en };
    let purpose = match &part.purpose {
        Purpose::Namespace => say(
            format!("The namespace of the platform {}.", platform.name),
            format!("L'espace de noms de la plateforme {}.", platform.name),
        ),
        Purpose::Extra => say(
            "What the configuration adds under `extra`.".to_owned(),
            "Ce que la configuration ajoute sous `extra`.".to_owned(),
        ),
        Purpose::Service(name) => service(platform, name, french),
        Purpose::Binding { service: name, requirement, provisioner } => {
            let bound = platform.services.iter().find(|one| one.name == *name);
            let binding = bound.and_then(|one| {
                one.bindings.iter().find(|binding| binding.requirement == *requirement)
            });
            let what = binding.map_or("", |one| if french { &one.words.fr } else { &one.words.en });
            say(
                format!("What {name} requires as `{requirement}`, made by {provisioner}. {what}"),
                format!(
                    "Ce que {name} exige comme `{requirement}`, fait par {provisioner}. {what}"
                ),
            )
        }
    };
    let mut lines = vec![purpose];
    if !part.after.is_empty() {
        let one = |after: &compose::After| format!("{} ({})", after.part, after.requirement);
        let mut after: Vec<String> = part.after.iter().map(one).collect();
        after.dedup();
        let after = after.join(", ");
        lines.push(say(format!("It comes after: {after}."), format!("Vient après : {after}.")));
    }
    if let Some(workload) = part.objects.iter().find(|object| object::pods(object).is_some()) {
        let (namespace, id) = (&platform.namespace, workload.id().for_kubectl());
        lines.push(say(
            format!(
                "When it fails: kubectl --namespace={namespace} describe {id}, then \
                kubectl --namespace={namespace} logs {id}"
            ),
            format!(
                "En cas d'échec : kubectl --namespace={namespace} describe {id}, puis \
                kubectl --namespace={namespace} logs {id}"
            ),
        ));
    } else if let Some(object) = part.objects.last() {
        let id = object.id().for_kubectl();
        let namespace = &platform.namespace;
        lines.push(say(
            format!("When it fails: kubectl --namespace={namespace} describe {id}"),
            format!("En cas d'échec : kubectl --namespace={namespace} describe {id}"),
        ));
    }
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "# {}", line.trim_end().replace('\n', " "));
    }
    text
}

fn service(platform: &Platform, name: &str, french: bool) -> String {
    let Some(bound) = platform.services.iter().find(|one| one.name == name) else {
        return name.to_owned();
    };
    let (title, words) = if french {
        (&bound.title.fr, &bound.words.fr)
    } else {
        (&bound.title.en, &bound.words.en)
    };
    format!("{name}: {title}. {words}")
}
