//! The answers told for programs.

use gotmpl::trace::Decision;
use helm::explain::{Certainty, Condition, Explained, Origin, Place, Unread};
use serde_json::{Value as Json, json};

use super::Told;

fn place(place: &Place) -> Json {
    let (line, column) = place.line_and_column();
    json!({
        "file": place.file.to_text(),
        "template": place.template.to_text(),
        "line": line,
        "column": column,
    })
}

fn origin(told: &Told, origin: &Origin) -> Json {
    let values = origin.values.iter().map(|(path, certainty)| {
        let mut value = setting(told, path);
        value["certainty"] = match certainty {
            Certainty::Exact => "exact",
            Certainty::Within => "within",
            Certainty::TookPart => "took-part",
            Certainty::PassedOver => "passed-over",
            Certainty::Changed => "changed",
            Certainty::Key => "key",
        }
        .into();
        value
    });
    json!({
        "printedBy": place(&origin.place),
        "usedBy": origin.chain.iter().rev().map(place).collect::<Vec<_>>(),
        "takenBy": origin.taken.as_ref().map(place),
        "isText": origin.is_literal,
        "values": values.collect::<Vec<_>>(),
    })
}

/// A value and who gave it; null where nobody did.
fn setting(told: &Told, path: &str) -> Json {
    let setting = told.layers.find(path);
    json!({
        "path": path,
        "value": setting.as_ref().map(|setting| &setting.value),
        "givenBy": setting.as_ref().map(|setting| &setting.giver),
        "line": setting.as_ref().and_then(|setting| setting.line),
    })
}

fn condition(told: &Told, condition: &Condition) -> Json {
    json!({
        "kind": match condition.decision {
            Decision::If => "if",
            Decision::With => "with",
            Decision::Range => "range",
        },
        "isTaken": condition.is_taken,
        "at": place(&condition.place),
        "values": condition.values.iter().map(|path| setting(told, path)).collect::<Vec<_>>(),
    })
}

/// One field and its origins.
pub fn field(told: &Told, explained: &Explained) -> Json {
    let origins = explained.origins.iter().map(|known| origin(told, known));
    json!({
        "object": explained.object,
        "path": explained.path,
        "value": explained.value,
        "origins": origins.collect::<Vec<_>>(),
        "because": explained.because.iter().map(|one| condition(told, one)).collect::<Vec<_>>(),
    })
}

/// Every field of every object.
pub fn all(told: &Told) -> Json {
    let hooks = told.release.hooks.iter().map(|hook| &hook.manifest);
    let objects = told.release.manifests.iter().chain(hooks).map(|manifest| {
        let fields = helm::explain::scalars(&told.trace, &told.values, manifest);
        json!({
            "apiVersion": manifest.head.api_version,
            "kind": manifest.head.kind,
            "name": manifest.head.name,
            "source": &*manifest.source,
            "fields": fields.iter().map(|known| field(told, known)).collect::<Vec<_>>(),
        })
    });
    json!({
        "release": told.release.name,
        "namespace": told.release.namespace,
        "objects": objects.collect::<Vec<_>>(),
    })
}

/// The values that nothing reads.
pub fn unread(found: &[Unread]) -> Json {
    let one = |unread: &Unread| json!({ "path": unread.path, "meant": unread.meant });
    Json::Array(found.iter().map(one).collect())
}

/// One line for an instance: its name first, for people who look at the lines.
pub fn line(name: &str, what: &str, json: &Json) -> String {
    format!("{{\"instance\":{},\"{what}\":{json}}}\n", Json::from(name))
}
