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
            Certainty::KeyTookPart => "key-took-part",
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
        "value": setting.as_ref().and_then(|setting| setting.value.as_ref()),
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

/// The version of what is told here; it grows when something is taken away or means another thing.
const FORMAT_VERSION: u32 = 1;

/// One field and its origins, as an answer of its own.
pub fn field(told: &Told, explained: &Explained) -> Json {
    let mut json = one_field(told, explained);
    json["formatVersion"] = FORMAT_VERSION.into();
    json["namespace"] = explained.namespace.clone().into();
    json
}

fn one_field(told: &Told, explained: &Explained) -> Json {
    let origins = explained.origins.iter().map(|known| origin(told, known));
    json!({
        "object": explained.object,
        "path": explained.path,
        "value": explained.value,
        "origins": origins.collect::<Vec<_>>(),
        "because": explained.because.iter().map(|one| condition(told, one)).collect::<Vec<_>>(),
    })
}

/// Every field of every object, and the values read.
pub fn all(told: &Told) -> Json {
    let objects = helm::explain::objects(&told.release);
    let objects = objects.iter().map(|object| {
        let fields = helm::explain::scalars(&told.trace, &told.values, object);
        json!({
            "apiVersion": object.api_version,
            "kind": object.kind,
            "namespace": object.namespace,
            "name": object.name,
            "source": &*object.manifest.source,
            "fields": fields.iter().map(|known| one_field(told, known)).collect::<Vec<_>>(),
        })
    });
    let read = helm::explain::reads(&told.trace).into_iter().map(|read| {
        let mut value = setting(told, &read.path);
        value["isWhole"] = read.is_whole.into();
        value
    });
    json!({
        "formatVersion": FORMAT_VERSION,
        "release": told.release.name,
        "namespace": told.release.namespace,
        "valuesRead": read.collect::<Vec<_>>(),
        "objects": objects.collect::<Vec<_>>(),
    })
}

/// The values that nothing reads.
pub fn unread(told: &Told, found: &[Unread]) -> Json {
    let one = |unread: &Unread| {
        let mut value = setting(told, &unread.path);
        value["meant"] = unread.meant.clone().into();
        value["isMentioned"] = unread.is_mentioned.into();
        value
    };
    Json::Array(found.iter().map(one).collect())
}

/// One line for an instance: its name first, for people who look at the lines.
pub fn line(name: &str, what: &str, json: &Json) -> String {
    format!("{{\"instance\":{},\"{what}\":{json}}}\n", Json::from(name))
}
