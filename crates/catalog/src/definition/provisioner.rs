//! Provisioners: how a resource type is satisfied.

use config::{Node, Shape, TextKind, Words};

use diagnostic::words;

use super::Reader;
use super::need::Need;
use super::option::OptionOf;
use super::reader::{field, name, raw_of, text_of, words, words_of};
use super::secret::Secret;

/// A way to satisfy a resource type.
#[derive(Clone, Debug)]
pub struct Provisioner {
    /// Its name: `postgres-in-cluster`.
    pub name: String,
    /// What it does.
    pub words: Words,
    /// The type that it satisfies.
    pub provides: String,
    /// The service that stands behind it, which joins the platform when it is needed.
    pub service: Option<String>,
    /// Whether it serves where nobody chose. Among several whose condition holds, one whose service
    /// is there already, and then the first by name.
    pub default: Option<Node>,
    /// What it needs of the cluster, for each binding.
    pub needs: Vec<Need>,
    /// Settings of its own, in the section of its name.
    pub options: Vec<OptionOf>,
    /// The outputs.
    pub outputs: Node,
    /// What it has made in the cluster for each binding.
    pub secrets: Vec<Secret>,
    /// Objects for each binding; one with a condition under `when` is there where it holds.
    pub objects: Node,
    /// The Secret that is made from the files `tls.crt` and `tls.key` of a person (`secret`), and the
    /// names that its certificate is for (`hostnames`).
    pub certificate: Option<Node>,
    /// The document.
    pub node: Node,
}

fn shape() -> Shape {
    Shape::record(
        words!("a provisioner", "un fournisseur"),
        vec![
            field("provisioner", name()).required(),
            field("words", words()).required(),
            field("provides", name()).required(),
            field("service", name()),
            field("default", Shape::Raw),
            field("needs", Shape::map(Shape::Raw)),
            field("options", Shape::Raw),
            field("outputs", Shape::map(Shape::Raw)),
            field("secrets", Shape::Raw),
            field("objects", Shape::list(Shape::Raw)),
            field("certificate", Shape::Raw),
        ],
    )
}

impl Provisioner {
    /// The shape of `certificate`.
    pub(crate) fn certificate_shape() -> Shape {
        let hostnames = Shape::list(Shape::Text(TextKind::Hostname));
        let fields =
            vec![field("secret", name()).required(), field("hostnames", hostnames).required()];
        Shape::record("the certificate", fields)
    }
}

impl Reader<'_> {
    /// A provisioner from its document.
    pub(crate) fn provisioner(&mut self, node: Node) -> Option<Provisioner> {
        let node = self.checked(node, &shape(), "the provisioner");
        Some(Provisioner {
            name: text_of(&node, "provisioner")?,
            words: words_of(&node, "words"),
            provides: text_of(&node, "provides")?,
            service: text_of(&node, "service"),
            default: node.get("default").cloned(),
            needs: self.needs(&node),
            options: self.options(&node, "options"),
            outputs: raw_of(&node, "outputs"),
            secrets: self.secrets(&node),
            objects: raw_of(&node, "objects"),
            certificate: node.get("certificate").cloned(),
            node,
        })
    }
}
