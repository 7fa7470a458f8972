//! Documents of schemas: their addresses, identifiers and anchors, and what a reference leads to.
//!
//! Not here: what the keywords mean.

use std::collections::BTreeMap;

use super::fault::Faults;
use super::json::Json;
use super::{CompileError, compile, validate};

/// Where schemas that are not in the chart come from.
pub trait Remote {
    /// The document at that address, or why there is none.
    fn load(&self, url: &str) -> Result<Vec<u8>, String>;

    /// The content of the file at that path, or why there is none.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// Nothing is fetched and no file is read: the library's default.
pub struct Offline;

impl Remote for Offline {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        Err(format!("HTTP request failed for {url}: fetching remote schemas is switched off"))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("open {path}: no such file or directory"))
    }
}

/// A version of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    D4,
    D6,
    D7,
    D2019,
    D2020,
}

/// A document or a part of one with an identifier of its own.
pub(super) struct Resource {
    pub(super) doc: usize,
    pub(super) pointer: String,
    pub(super) url: String,
    pub(super) draft: Draft,
    pub(super) anchors: BTreeMap<String, String>,
    pub(super) dynamic_anchors: BTreeMap<String, String>,
    pub(super) recursive_anchor: bool,
}

/// A place in a document.
pub(super) type Place = (usize, String);

/// Everything that was loaded.
pub(super) struct Library<'r> {
    docs: Vec<Json>,
    pub(super) resources: Vec<Resource>,
    by_url: BTreeMap<String, usize>,
    /// The addresses of documents that nobody resolves.
    pub(super) unresolved: Vec<String>,
    remote: &'r dyn Remote,
}

/// The drafts' own schemas, which schemas are held against and may refer to.
const META: [(&str, &str); 19] = [
    ("http://json-schema.org/draft-04/schema", include_str!("meta/draft-04.json")),
    ("http://json-schema.org/draft-06/schema", include_str!("meta/draft-06.json")),
    ("http://json-schema.org/draft-07/schema", include_str!("meta/draft-07.json")),
    ("https://json-schema.org/draft/2019-09/schema", include_str!("meta/2019-09.json")),
    ("https://json-schema.org/draft/2019-09/meta/core", include_str!("meta/2019-09.core.json")),
    (
        "https://json-schema.org/draft/2019-09/meta/applicator",
        include_str!("meta/2019-09.applicator.json"),
    ),
    (
        "https://json-schema.org/draft/2019-09/meta/validation",
        include_str!("meta/2019-09.validation.json"),
    ),
    (
        "https://json-schema.org/draft/2019-09/meta/meta-data",
        include_str!("meta/2019-09.meta-data.json"),
    ),
    ("https://json-schema.org/draft/2019-09/meta/format", include_str!("meta/2019-09.format.json")),
    (
        "https://json-schema.org/draft/2019-09/meta/content",
        include_str!("meta/2019-09.content.json"),
    ),
    ("https://json-schema.org/draft/2020-12/schema", include_str!("meta/2020-12.json")),
    ("https://json-schema.org/draft/2020-12/meta/core", include_str!("meta/2020-12.core.json")),
    (
        "https://json-schema.org/draft/2020-12/meta/applicator",
        include_str!("meta/2020-12.applicator.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/unevaluated",
        include_str!("meta/2020-12.unevaluated.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/validation",
        include_str!("meta/2020-12.validation.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/meta-data",
        include_str!("meta/2020-12.meta-data.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/format-annotation",
        include_str!("meta/2020-12.format-annotation.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/format-assertion",
        include_str!("meta/2020-12.format-assertion.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/content",
        include_str!("meta/2020-12.content.json"),
    ),
];

impl Draft {
    /// The draft that a `$schema` names.
    fn named(url: &str) -> Option<Self> {
        let url = url.strip_suffix('#').unwrap_or(url);
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        Some(match rest {
            "json-schema.org/draft-04/schema" => Self::D4,
            "json-schema.org/draft-06/schema" => Self::D6,
            "json-schema.org/draft-07/schema" => Self::D7,
            "json-schema.org/draft/2019-09/schema" => Self::D2019,
            "json-schema.org/draft/2020-12/schema" | "json-schema.org/schema" => Self::D2020,
            _ => return None,
        })
    }

    /// The address of the draft's own schema.
    pub(super) fn meta_url(self) -> &'static str {
        match self {
            Self::D4 => META[0].0,
            Self::D6 => META[1].0,
            Self::D7 => META[2].0,
            Self::D2019 => META[3].0,
            Self::D2020 => META[10].0,
        }
    }
}

/// How many custom `$schema`s may stand behind each other.
const MAX_META_CHAIN: usize = 8;
/// How many documents a schema may draw in.
const MAX_DOCUMENTS: usize = 200;

impl<'r> Library<'r> {
    pub(super) fn new(remote: &'r dyn Remote) -> Self {
        Self {
            docs: Vec::new(),
            resources: Vec::new(),
            by_url: BTreeMap::new(),
            unresolved: Vec::new(),
            remote,
        }
    }

    /// Takes a document in and gives its resource.
    fn add(&mut self, url: &str, root: Json) -> Result<usize, CompileError> {
        let draft = self.draft_of(&root, 0)?.unwrap_or(Draft::D2020);
        let doc = self.docs.len();
        let first = self.add_resource(doc, String::new(), url.to_owned(), draft);
        self.collect(&root, doc, &mut String::new(), first);
        self.docs.push(root);
        Ok(first)
    }

    /// Takes a document in that is valid by its draft's own schema, and gives its resource.
    pub(super) fn admit(&mut self, url: &str, root: Json) -> Result<usize, CompileError> {
        let value = root.to_plain();
        let resource = self.add(url, root)?;
        let meta = self.resources[resource].draft.meta_url();
        let rules = self.load(meta)?;
        let rules = compile::compile(self, rules)?;
        validate::validate(&rules, &value).map_err(|fault| CompileError::Meta {
            url: format!("{url}#"),
            meta: meta.to_owned(),
            faults: Faults(fault).to_string(),
        })?;
        Ok(resource)
    }

    fn add_resource(&mut self, doc: usize, pointer: String, url: String, draft: Draft) -> usize {
        let index = self.resources.len();
        self.by_url.entry(url.clone()).or_insert(index);
        self.resources.push(Resource {
            doc,
            pointer,
            url,
            draft,
            anchors: BTreeMap::new(),
            dynamic_anchors: BTreeMap::new(),
            recursive_anchor: false,
        });
        index
    }

    fn draft_of(&mut self, schema: &Json, chain: usize) -> Result<Option<Draft>, CompileError> {
        let Some(url) = schema.get("$schema").and_then(Json::text) else { return Ok(None) };
        if let Some(draft) = Draft::named(url) {
            return Ok(Some(draft));
        }
        if chain >= MAX_META_CHAIN {
            return Err(CompileError::MetaCycle(url.to_owned()));
        }
        let url = url.strip_suffix('#').unwrap_or(url).to_owned();
        let meta = self.fetch(&url)?;
        Ok(Some(self.draft_of(&meta, chain + 1)?.unwrap_or(Draft::D2020)))
    }

    /// Finds identifiers and anchors. The depth is bounded by that of the JSON reader.
    fn collect(&mut self, schema: &Json, doc: usize, pointer: &mut String, resource: usize) {
        let Some(entries) = schema.entries() else {
            if let Some(items) = schema.items() {
                for (index, item) in items.iter().enumerate() {
                    self.below(item, doc, pointer, resource, &index.to_string());
                }
            }
            return;
        };
        let resource = self.identify(schema, doc, pointer, resource);
        for (key, value) in entries {
            // What is only data must not be taken for schemas with identifiers.
            if !matches!(&**key, "enum" | "const" | "default" | "examples") {
                self.below(value, doc, pointer, resource, key);
            }
        }
    }

    fn below(
        &mut self,
        value: &Json,
        doc: usize,
        pointer: &mut String,
        resource: usize,
        key: &str,
    ) {
        let length = pointer.len();
        pointer.push_str(&super::fault::pointer_step(key));
        self.collect(value, doc, pointer, resource);
        pointer.truncate(length);
    }

    fn identify(&mut self, schema: &Json, doc: usize, pointer: &str, resource: usize) -> usize {
        let mut resource = resource;
        let draft = self.resources[resource].draft;
        let text = |key: &str| schema.get(key).and_then(Json::text);
        let is_old = draft < Draft::D2019;
        let id = text(if draft == Draft::D4 { "id" } else { "$id" });
        if let Some(id) = id
            && !(is_old && schema.get("$ref").is_some())
        {
            let (url, fragment) = split(id);
            if !url.is_empty() {
                let url = join(&self.resources[resource].url, url);
                if pointer.is_empty() {
                    self.by_url.insert(url.clone(), resource);
                    self.resources[resource].url = url;
                } else {
                    resource = self.add_resource(doc, pointer.to_owned(), url, draft);
                }
            }
            if is_old && !fragment.is_empty() {
                self.resources[resource].anchors.insert(fragment.to_owned(), pointer.to_owned());
            }
        }
        let found = &mut self.resources[resource];
        if !is_old {
            if let Some(anchor) = text("$anchor") {
                found.anchors.insert(anchor.to_owned(), pointer.to_owned());
            }
            if let Some(anchor) = text("$dynamicAnchor") {
                found.anchors.insert(anchor.to_owned(), pointer.to_owned());
                found.dynamic_anchors.insert(anchor.to_owned(), pointer.to_owned());
            }
            if found.pointer == pointer {
                let flag = schema.get("$recursiveAnchor");
                found.recursive_anchor = flag == Some(&Json::Bool(true));
            }
        }
        resource
    }

    /// The resource around a place.
    pub(super) fn resource_of(&self, place: &Place) -> usize {
        let holds = |resource: &&(usize, &Resource)| {
            let (_, resource) = resource;
            resource.doc == place.0
                && place
                    .1
                    .strip_prefix(&*resource.pointer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let candidates = self.resources.iter().enumerate();
        let candidates: Vec<_> = candidates.collect();
        let found = candidates.iter().filter(holds).max_by_key(|(_, r)| r.pointer.len());
        found.map_or(0, |(index, _)| *index)
    }

    /// The schema at a place.
    pub(super) fn at(&self, place: &Place) -> Option<&Json> {
        let mut found = self.docs.get(place.0)?;
        for token in place.1.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            found = match found {
                Json::List(items) => items.get(token.parse::<usize>().ok()?)?,
                other => other.get(&token)?,
            };
        }
        Some(found)
    }

    /// What a reference within `resource` leads to.
    pub(super) fn resolve(
        &mut self,
        resource: usize,
        reference: &str,
    ) -> Result<Place, CompileError> {
        let (url, fragment) = split(reference);
        let url = join(&self.resources[resource].url, url);
        let fragment = percent_decoded(fragment);
        let target = match self.by_url.get(&url) {
            Some(&known) => known,
            None => self.load(&url)?,
        };
        let found = &self.resources[target];
        let place = if fragment.is_empty() {
            (found.doc, found.pointer.clone())
        } else if fragment.starts_with('/') {
            (found.doc, format!("{}{fragment}", found.pointer))
        } else {
            let pointer = found.anchors.get(&fragment).ok_or_else(|| CompileError::NoAnchor {
                reference: format!("{url}#{fragment}"),
                schema: url.clone(),
            })?;
            (found.doc, pointer.clone())
        };
        if self.at(&place).is_none() {
            return Err(CompileError::NoPointer(format!("{url}#{fragment}")));
        }
        Ok(place)
    }

    /// The resource of the document at `url`.
    pub(super) fn load(&mut self, url: &str) -> Result<usize, CompileError> {
        if let Some(&known) = self.by_url.get(url) {
            return Ok(known);
        }
        let root = self.fetch(url)?;
        let is_meta = META.iter().any(|(known, _)| *known == url);
        if is_meta { self.add(url, root) } else { self.admit(url, root) }
    }

    fn fetch(&mut self, url: &str) -> Result<Json, CompileError> {
        let failed = |reason: String| CompileError::Loading { url: url.to_owned(), reason };
        if self.docs.len() >= MAX_DOCUMENTS {
            return Err(failed(format!("more than {MAX_DOCUMENTS} documents are referred to")));
        }
        if let Some((_, text)) = META.iter().find(|(known, _)| *known == url) {
            return Json::parse(text.as_bytes()).map_err(|error| failed(error.to_string()));
        }
        // Helm lets whatever nobody resolves pass under such a name.
        if url.starts_with("urn:") {
            self.unresolved.push(url.to_owned());
            return Ok(Json::Bool(true));
        }
        let text = match url.split_once(':') {
            Some(("file", address)) => self.remote.read(&path_of(address)),
            Some(("http" | "https", _)) => self.remote.load(url),
            _ => Err(format!("no URLLoader registered for {}", strconv::quote(url.as_bytes()))),
        };
        Json::parse(&text.map_err(failed)?).map_err(|error| failed(error.to_string()))
    }
}

/// The path in an address without its scheme. What stands before it names a host, which Helm passes
/// over.
fn path_of(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    let path = address.strip_prefix("//").unwrap_or(address);
    let is_rooted = path.len() < address.len() || path.starts_with('/');
    let path = path.find('/').filter(|_| is_rooted).map_or("", |at| &path[at..]);
    percent_decoded(path)
}

/// An address without its fragment, and the fragment.
fn split(url: &str) -> (&str, &str) {
    url.split_once('#').unwrap_or((url, ""))
}

fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

/// A reference (without fragment) seen from a base address.
fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let path_start = base[after_scheme..].find('/').map_or(base.len(), |at| after_scheme + at);
    if let Some(rest) = reference.strip_prefix("//") {
        return format!("{}//{rest}", &base[..after_scheme.saturating_sub(2)]);
    }
    let (root, path) = base.split_at(path_start);
    let path = path.split('?').next().unwrap_or(path);
    let full = if reference.starts_with('/') {
        reference.to_owned()
    } else {
        let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
        format!("{folder}{reference}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("{root}/{}", parts.join("/"))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let decoded =
            hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(decoded.unwrap_or(byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
