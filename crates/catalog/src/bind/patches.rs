//! What the configuration changes of rendered objects (`patches`), and what it adds to them (`extra`).
//! Whether a patch applies is known where the objects are.

use std::sync::Arc;

use cel::Value;
use config::{Choice, Field, Node, Place, Shape, TextKind, Words};

use super::world::{Problem, Seen, World, parsed};
use diagnostic::words;

/// A change of one object.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The object's kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The service that it is part of; any where none is named.
    pub service: Option<String>,
    /// What is laid over it, and where that stands.
    pub merge: Option<(Value, Place)>,
    /// What is done to it, in order.
    pub operations: Vec<Operation>,
    /// Where the target is named.
    pub place: Place,
}

/// An operation of JSON Patch: <https://www.rfc-editor.org/rfc/rfc6902>.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `add`, `remove`, `replace`, `move`, `copy` or `test`.
    pub op: String,
    /// `/spec/replicas`.
    pub path: String,
    /// Where `move` and `copy` take from.
    pub from: Option<String>,
    /// The value.
    pub value: Option<Value>,
    /// Where it stands.
    pub place: Place,
}

/// An object besides those of the services.
#[derive(Clone, Debug)]
pub struct Extra {
    /// The object.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
}

/// The operations that there are.
const OPERATIONS: &[&str] = &["add", "remove", "replace", "move", "copy", "test"];

fn text() -> Shape {
    Shape::Text(TextKind::Plain)
}

/// Which object a patch is about.
fn target() -> Shape {
    let field = Field::new;
    Shape::record(
        "the target",
        vec![
            field("kind", text(), Words::new("Its kind.", "Son genre.")).required(),
            field("name", text(), Words::new("Its name.", "Son nom.")).required(),
            field(
                "service",
                Shape::Text(TextKind::Name),
                Words::new("The service that it is part of.", "Le service dont il fait partie."),
            ),
        ],
    )
}

/// An operation of JSON Patch.
fn operation_shape() -> Shape {
    let field = Field::new;
    let choice = |word: &&str| Choice { word: (*word).to_owned(), words: Words::default() };
    Shape::record(
        "the operation",
        vec![
            field(
                "op",
                Shape::OneOf(OPERATIONS.iter().map(choice).collect()),
                Words::new("What is done.", "Ce qui est fait."),
            )
            .required(),
            field("path", text(), Words::new("Where: `/spec/replicas`.", "Où : `/spec/replicas`."))
                .required(),
            field(
                "from",
                text(),
                Words::new("Where `move` and `copy` take from.", "L'origine de `move` et `copy`."),
            ),
            field("value", Shape::Any, Words::new("The value.", "La valeur.")),
        ],
    )
}

/// The settings `patches` and `extra`.
pub(super) fn fields() -> [Field; 2] {
    let field = Field::new;
    let patch = Shape::record(
        "the patch",
        vec![
            field("target", target(), Words::new("The object.", "L'objet.")).required(),
            field(
                "merge",
                Shape::Any,
                Words::new(
                    "What is laid over it: null takes away, lists of things with a name are put \
                     together by it.",
                    "Ce qui est posé dessus : null retire, les listes de choses nommées sont réunies \
                     par leur nom.",
                ),
            ),
            field(
                "json",
                Shape::list(operation_shape()),
                Words::new("Operations of JSON Patch.", "Des opérations de JSON Patch."),
            ),
        ],
    );
    [
        field(
            "patches",
            Shape::list(patch),
            Words::new(
                "Changes of objects as they are rendered.",
                "Des modifications des objets tels qu'ils sont produits.",
            ),
        ),
        field(
            "extra",
            Shape::list(Shape::Any),
            Words::new(
                "Objects besides: written here, or `{file: PATH}`.",
                "Des objets en plus : écrits ici, ou `{file: CHEMIN}`.",
            ),
        ),
    ]
}

/// The patches, their values found.
pub(super) fn patches(world: &Arc<World>) -> Vec<Patch> {
    let all = world.settings.platform.get("patches").map_or(&[][..], Node::items);
    all.iter().filter_map(|node| patch(world, node)).collect()
}

fn patch(world: &Arc<World>, node: &Node) -> Option<Patch> {
    let target = node.get("target")?;
    let text = |name: &str| Some(found(world, target.get(name)?)?.as_str()?.to_owned());
    let merge = node.get("merge");
    let operations = node.get("json").map_or(&[][..], Node::items);
    if merge.is_none() && operations.is_empty() {
        world.problem(Problem::Other {
            code: "config.patch",
            title: words!("this patch changes nothing", "cette modification ne change rien"),
            place: target.place.clone(),
            remedies: vec![words!(
                "add `merge`, what is laid over the object, or `json`, a list of operations",
                "ajouter `merge`, ce qui est posé sur l'objet, ou `json`, une liste d'opérations"
            )],
        });
        return None;
    }
    Some(Patch {
        kind: text("kind")?,
        name: text("name")?,
        service: text("service"),
        merge: merge.and_then(|node| Some((found(world, node)?, node.place.clone()))),
        operations: operations.iter().filter_map(|node| operation(world, node)).collect(),
        place: target.place.clone(),
    })
}

fn operation(world: &Arc<World>, node: &Node) -> Option<Operation> {
    let text = |name: &str| Some(found(world, node.get(name)?)?.as_str()?.to_owned());
    Some(Operation {
        op: text("op")?,
        path: text("path")?,
        from: text("from"),
        value: node.entry("value").and_then(|entry| found(world, &entry.node)),
        place: node.place.clone(),
    })
}

/// The extra objects, their values found.
pub(super) fn extra(world: &Arc<World>) -> Vec<Extra> {
    let all = world.settings.platform.get("extra").map_or(&[][..], Node::items);
    let one = |node: &Node| Some(Extra { value: found(world, node)?, place: node.place.clone() });
    all.iter().filter_map(one).collect()
}

fn found(world: &Arc<World>, node: &Node) -> Option<Value> {
    world.value(&parsed(node), &Seen::configuration(world)).ok()
}
