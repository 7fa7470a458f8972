//! The head of an object: what Helm reads of it to sort it.

use yaml::Pick;

use crate::chart::decode::{self, Place};
use crate::values::{self, DocumentError, Plain};

/// `apiVersion`, `kind`, and the parts of `metadata` that concern Helm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.annotations`.
    pub annotations: Vec<(String, String)>,
}

/// What there is to know of a document. Its other values are checked, but not built.
const PICKS: &[Pick] = &[
    Pick::whole("apiVersion"),
    Pick::whole("kind"),
    Pick::some("metadata", &[Pick::whole("name"), Pick::whole("annotations")]),
];

impl Head {
    /// Reads the head of a YAML document.
    pub fn read(document: &[u8]) -> Result<Self, DocumentError> {
        Self::of(&values::read_picked(document, PICKS)?)
    }

    fn of(document: &Plain) -> Result<Self, DocumentError> {
        let mut head = Self::default();
        let root = Place::root();
        let Some(table) = decode::object(document, &root, "util.SimpleHead")? else {
            return Ok(head);
        };
        for (key, value) in table.iter() {
            let known = decode::known_field(key, &["apiVersion", "kind", "metadata"], &root);
            let Some((name, at)) = known else { continue };
            match name {
                "apiVersion" => set(&mut head.api_version, decode::text(value, &at)?),
                "kind" => set(&mut head.kind, decode::text(value, &at)?),
                _ => head.read_metadata(value, &at)?,
            }
        }
        Ok(head)
    }

    fn read_metadata(&mut self, value: &Plain, place: &Place<'_>) -> Result<(), DocumentError> {
        let wanted = "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }";
        let Some(table) = decode::object(value, place, wanted)? else { return Ok(()) };
        for (key, value) in table.iter() {
            let known = decode::known_field(key, &["name", "annotations"], place);
            let Some((name, at)) = known else { continue };
            if name == "name" {
                set(&mut self.name, decode::text(value, &at)?);
            } else {
                self.annotations = decode::text_map(value, &at)?.unwrap_or_default();
            }
        }
        Ok(())
    }

    /// The annotation of that name.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn set(field: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *field = value;
    }
}
