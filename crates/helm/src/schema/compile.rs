//! From documents to schemas whose references are resolved and whose keywords are read.
//!
//! Not here: applying them. Which keywords count depends on the draft, as in the library that
//! Helm uses.

use std::collections::{BTreeMap, VecDeque};

use regex::bytes::Regex;

use super::CompileError;
use super::format::Format;
use super::json::Json;
use super::resource::{Draft, Library, Place};

/// A schema's number.
pub(super) type NodeId = usize;

/// One schema, read.
#[derive(Default)]
pub(super) struct Node {
    /// Its address, for cycles of references.
    pub(super) location: String,
    /// `true` or `false` in place of an object.
    pub(super) verdict: Option<bool>,
    /// Before 2019 a `$ref` stands alone.
    pub(super) ref_stands_alone: bool,
    pub(super) resource: usize,
    pub(super) reference: Option<NodeId>,
    pub(super) recursive_ref: Option<NodeId>,
    pub(super) dynamic_ref: Option<(NodeId, String)>,
    pub(super) recursive_anchor: bool,
    pub(super) dynamic_anchor: String,
    pub(super) types: Vec<Type>,
    pub(super) constant: Option<Json>,
    pub(super) choices: Option<Vec<Json>>,
    pub(super) format: Option<Format>,
    pub(super) all_of: Vec<NodeId>,
    pub(super) any_of: Vec<NodeId>,
    pub(super) one_of: Vec<NodeId>,
    pub(super) not: Option<NodeId>,
    pub(super) condition: Option<NodeId>,
    pub(super) then: Option<NodeId>,
    pub(super) otherwise: Option<NodeId>,
    pub(super) objects: Objects,
    pub(super) lists: Lists,
    pub(super) texts: Texts,
    pub(super) numbers: Numbers,
}

/// Keywords for objects.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
    pub(super) required: Vec<String>,
    pub(super) properties: BTreeMap<String, NodeId>,
    pub(super) patterns: Vec<(Regex, NodeId)>,
    pub(super) additional: Option<Additional>,
    pub(super) names: Option<NodeId>,
    /// The old keyword for both that follow.
    pub(super) dependencies: Vec<(String, Dependent)>,
    pub(super) dependent_schemas: Vec<(String, NodeId)>,
    pub(super) dependent_required: Vec<(String, Vec<String>)>,
    pub(super) unevaluated: Option<NodeId>,
}

/// What `additionalProperties` or `additionalItems` says.
pub(super) enum Additional {
    Allowed(bool),
    Schema(NodeId),
}

/// What follows from a property being there.
pub(super) enum Dependent {
    Required(Vec<String>),
    Schema(NodeId),
}

/// Keywords for lists.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
    pub(super) unique: bool,
    /// For the first items, one each.
    pub(super) first: Vec<NodeId>,
    /// For all items after those.
    pub(super) rest: Option<NodeId>,
    pub(super) additional: Option<Additional>,
    pub(super) contains: Option<NodeId>,
    pub(super) min_contains: Option<usize>,
    pub(super) max_contains: Option<usize>,
    /// From 2020 on, an item that `contains` wants counts as evaluated.
    pub(super) contains_evaluates: bool,
    pub(super) unevaluated: Option<NodeId>,
}

/// Keywords for texts.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
    pub(super) pattern: Option<(String, Regex)>,
}

/// Keywords for numbers.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) above: Option<f64>,
    pub(super) below: Option<f64>,
    pub(super) multiple_of: Option<f64>,
}

/// A type, in the order in which Helm's library lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Null,
    Boolean,
    Number,
    Integer,
    String,
    Array,
    Object,
}

impl Type {
    pub(super) const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Number,
        Self::Integer,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// What a compiled document needs from its resources while it is applied.
#[derive(Default)]
pub(super) struct Anchors {
    pub(super) recursive: bool,
    pub(super) dynamic: BTreeMap<String, NodeId>,
}

/// Schemas, read, by number.
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) resources: Vec<Anchors>,
}

/// More schemas than this are no schema.
const MAX_NODES: usize = 500_000;

/// Reads what stands at the start of a resource and everything it refers to.
pub(super) fn compile(library: &mut Library<'_>, start: usize) -> Result<Program, CompileError> {
    let mut compiler =
        Compiler { library, nodes: Vec::new(), places: BTreeMap::new(), queue: VecDeque::new() };
    let first = &compiler.library.resources[start];
    let place = (first.doc, first.pointer.clone());
    compiler.enqueue(place);
    let mut seen = std::collections::BTreeSet::new();
    let mut anchors = BTreeMap::new();
    while let Some((id, place)) = compiler.queue.pop_front() {
        if compiler.nodes.len() > MAX_NODES {
            return Err(CompileError::TooLarge(MAX_NODES));
        }
        let resource = compiler.library.resource_of(&place);
        let node = compiler.node(&place, resource)?;
        compiler.nodes[id] = node;
        if seen.insert(resource) {
            anchors.insert(resource, compiler.dynamic_anchors(resource));
        }
    }
    let mut resources: Vec<Anchors> = Vec::new();
    for (index, resource) in compiler.library.resources.iter().enumerate() {
        let dynamic = anchors.remove(&index).unwrap_or_default();
        resources.push(Anchors { recursive: resource.recursive_anchor, dynamic });
    }
    Ok(Program { nodes: compiler.nodes, resources })
}

struct Compiler<'l, 'r> {
    library: &'l mut Library<'r>,
    nodes: Vec<Node>,
    places: BTreeMap<Place, NodeId>,
    queue: VecDeque<(NodeId, Place)>,
}

impl Compiler<'_, '_> {
    fn enqueue(&mut self, place: Place) -> NodeId {
        if let Some(&known) = self.places.get(&place) {
            return known;
        }
        let id = self.nodes.len();
        self.nodes.push(Node::default());
        self.places.insert(place.clone(), id);
        self.queue.push_back((id, place));
        id
    }

    fn dynamic_anchors(&mut self, resource: usize) -> BTreeMap<String, NodeId> {
        let found = &self.library.resources[resource];
        let doc = found.doc;
        let anchors: Vec<_> = found.dynamic_anchors.clone().into_iter().collect();
        anchors.into_iter().map(|(name, pointer)| (name, self.enqueue((doc, pointer)))).collect()
    }

    fn node(&mut self, place: &Place, resource: usize) -> Result<Node, CompileError> {
        let found = &self.library.resources[resource];
        let draft = found.draft;
        let inner = place.1.strip_prefix(&*found.pointer).unwrap_or_default();
        let mut node =
            Node { location: format!("{}#{inner}", found.url), resource, ..Node::default() };
        let Some(schema) = self.library.at(place).cloned() else { return Ok(node) };
        if let Json::Bool(verdict) = schema {
            node.verdict = Some(verdict);
            return Ok(node);
        }
        let mut read = Reader { compiler: self, schema: &schema, place, resource, draft };
        node.reference = read.reference("$ref")?;
        if draft < Draft::D2019 && node.reference.is_some() {
            node.ref_stands_alone = true;
            return Ok(node);
        }
        read.core(&mut node)?;
        read.applicators(&mut node);
        node.objects = read.objects()?;
        node.lists = read.lists();
        node.texts = read.texts()?;
        node.numbers = read.numbers();
        Ok(node)
    }
}

/// Reads the keywords of one schema.
struct Reader<'n, 'l, 'r> {
    compiler: &'n mut Compiler<'l, 'r>,
    schema: &'n Json,
    place: &'n Place,
    resource: usize,
    draft: Draft,
}

impl Reader<'_, '_, '_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.schema.get(key)?.text()
    }

    fn is_true(&self, key: &str) -> bool {
        self.schema.get(key) == Some(&Json::Bool(true))
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.schema.get(key)?.number()
    }

    fn count(&self, key: &str) -> Option<usize> {
        let number = self.number(key)?;
        (number.fract() == 0.0).then_some(number.max(0.0) as usize)
    }

    fn child(&mut self, steps: &[&str]) -> NodeId {
        let steps: String = steps.iter().map(|step| super::fault::pointer_step(step)).collect();
        self.compiler.enqueue((self.place.0, format!("{}{steps}", self.place.1)))
    }

    fn schema_at(&mut self, key: &str) -> Option<NodeId> {
        self.schema.get(key)?;
        Some(self.child(&[key]))
    }

    fn schemas_at(&mut self, key: &str) -> Vec<NodeId> {
        let count = self.schema.get(key).and_then(Json::items).map_or(0, <[Json]>::len);
        (0..count).map(|index| self.child(&[key, &index.to_string()])).collect()
    }

    fn keys(&self, key: &str) -> Vec<String> {
        let entries = self.schema.get(key).and_then(Json::entries).unwrap_or_default();
        entries.iter().map(|(name, _)| name.to_string()).collect()
    }

    fn schema_map(&mut self, key: &str) -> Vec<(String, NodeId)> {
        let keys = self.keys(key);
        let named = |name: String| {
            let id = self.child(&[key, &name]);
            (name, id)
        };
        keys.into_iter().map(named).collect()
    }

    fn additional(&mut self, key: &str) -> Option<Additional> {
        Some(match self.schema.get(key)? {
            Json::Bool(allowed) => Additional::Allowed(*allowed),
            _ => Additional::Schema(self.child(&[key])),
        })
    }

    fn reference(&mut self, key: &str) -> Result<Option<NodeId>, CompileError> {
        let Some(reference) = self.text(key).map(str::to_owned) else { return Ok(None) };
        let place = self.compiler.library.resolve(self.resource, &reference)?;
        Ok(Some(self.compiler.enqueue(place)))
    }

    fn core(&mut self, node: &mut Node) -> Result<(), CompileError> {
        if self.draft == Draft::D2019 || self.draft == Draft::D2020 {
            node.recursive_ref = self.reference("$recursiveRef")?;
            node.recursive_anchor = self.is_true("$recursiveAnchor");
        }
        if self.draft == Draft::D2020 {
            let anchor = self.text("$dynamicRef").and_then(|text| text.split_once('#'));
            let anchor = anchor.map_or("", |(_, anchor)| anchor);
            let anchor = if anchor.starts_with('/') { "" } else { anchor }.to_owned();
            node.dynamic_ref = self.reference("$dynamicRef")?.map(|id| (id, anchor));
            self.text("$dynamicAnchor").unwrap_or_default().clone_into(&mut node.dynamic_anchor);
        }
        let wanted = match self.schema.get("type") {
            Some(Json::Text(name)) => vec![&**name],
            Some(Json::List(names)) => names.iter().filter_map(Json::text).collect(),
            _ => Vec::new(),
        };
        node.types = Type::ALL.into_iter().filter(|t| wanted.contains(&t.name())).collect();
        node.choices = self.schema.get("enum").and_then(Json::items).map(<[Json]>::to_vec);
        if self.draft >= Draft::D6 {
            node.constant = self.schema.get("const").cloned();
        }
        // From 2019 on formats are remarks, unless a schema's own schema says otherwise.
        if self.draft < Draft::D2019 {
            node.format = self.text("format").and_then(Format::named);
        }
        Ok(())
    }

    fn applicators(&mut self, node: &mut Node) {
        node.all_of = self.schemas_at("allOf");
        node.any_of = self.schemas_at("anyOf");
        node.one_of = self.schemas_at("oneOf");
        node.not = self.schema_at("not");
        if self.draft >= Draft::D7 {
            node.condition = self.schema_at("if");
            if node.condition.is_some() {
                node.then = self.schema_at("then");
                node.otherwise = self.schema_at("else");
            }
        }
    }

    fn objects(&mut self) -> Result<Objects, CompileError> {
        let mut patterns = Vec::new();
        for (pattern, id) in self.schema_map("patternProperties") {
            patterns.push((self.regex(&pattern, "patternProperties")?, id));
        }
        let is_2019 = self.draft >= Draft::D2019;
        Ok(Objects {
            min: self.count("minProperties"),
            max: self.count("maxProperties"),
            required: texts(self.schema.get("required")),
            properties: self.schema_map("properties").into_iter().collect(),
            patterns,
            additional: self.additional("additionalProperties"),
            names: if self.draft >= Draft::D6 { self.schema_at("propertyNames") } else { None },
            dependencies: self.dependencies(),
            dependent_schemas: if is_2019 {
                self.schema_map("dependentSchemas")
            } else {
                Vec::new()
            },
            dependent_required: if is_2019 { self.dependent_required() } else { Vec::new() },
            unevaluated: if is_2019 { self.schema_at("unevaluatedProperties") } else { None },
        })
    }

    fn dependencies(&mut self) -> Vec<(String, Dependent)> {
        let mut found = Vec::new();
        for name in self.keys("dependencies") {
            let value = self.schema.get("dependencies").and_then(|all| all.get(&name));
            let dependent = match value {
                Some(list @ Json::List(_)) => Dependent::Required(texts(Some(list))),
                _ => Dependent::Schema(self.child(&["dependencies", &name])),
            };
            found.push((name, dependent));
        }
        found
    }

    fn dependent_required(&self) -> Vec<(String, Vec<String>)> {
        let all = self.schema.get("dependentRequired").and_then(Json::entries);
        let all = all.unwrap_or_default().iter();
        all.map(|(name, list)| (name.to_string(), texts(Some(list)))).collect()
    }

    fn lists(&mut self) -> Lists {
        let mut lists = Lists {
            min: self.count("minItems"),
            max: self.count("maxItems"),
            unique: self.is_true("uniqueItems"),
            ..Lists::default()
        };
        if self.draft >= Draft::D2020 {
            lists.first = self.schemas_at("prefixItems");
            lists.rest = self.schema_at("items");
        } else if let Some(Json::List(_)) = self.schema.get("items") {
            lists.first = self.schemas_at("items");
            lists.additional = self.additional("additionalItems");
        } else {
            lists.rest = self.schema_at("items");
        }
        if self.draft >= Draft::D6 {
            lists.contains = self.schema_at("contains");
        }
        if self.draft >= Draft::D2019 {
            if lists.contains.is_some() {
                lists.min_contains = self.count("minContains");
                lists.max_contains = self.count("maxContains");
            }
            lists.unevaluated = self.schema_at("unevaluatedItems");
        }
        lists.contains_evaluates = self.draft >= Draft::D2020;
        lists
    }

    fn texts(&self) -> Result<Texts, CompileError> {
        let compiled = |text: &str| Ok((text.to_owned(), self.regex(text, "pattern")?));
        let pattern: Option<Result<_, CompileError>> = self.text("pattern").map(compiled);
        Ok(Texts {
            min: self.count("minLength"),
            max: self.count("maxLength"),
            pattern: pattern.transpose()?,
        })
    }

    fn numbers(&self) -> Numbers {
        let (mut min, mut max) = (self.number("minimum"), self.number("maximum"));
        let (mut above, mut below) =
            (self.number("exclusiveMinimum"), self.number("exclusiveMaximum"));
        // In the fourth draft these were flags on the bounds.
        if self.is_true("exclusiveMinimum") {
            above = min.take();
        }
        if self.is_true("exclusiveMaximum") {
            below = max.take();
        }
        Numbers { min, max, above, below, multiple_of: self.number("multipleOf") }
    }

    fn regex(&self, pattern: &str, key: &str) -> Result<Regex, CompileError> {
        compile_regex(pattern).map_err(|reason| CompileError::Regex {
            pattern: pattern.to_owned(),
            location: format!(
                "{}#{}/{key}",
                self.compiler.library.resources[self.resource].url, self.place.1
            ),
            reason,
        })
    }
}

/// A regular expression of Go, bounded in size, or what Go says against it.
pub(super) fn compile_regex(pattern: &str) -> Result<Regex, String> {
    /// What a compiled expression may take; larger ones come from nested counts.
    const MAX_BYTES: usize = 4 * 1024 * 1024;
    functions::regexps::compiled(pattern, MAX_BYTES)
}

fn texts(list: Option<&Json>) -> Vec<String> {
    let items = list.and_then(Json::items).unwrap_or_default();
    items.iter().filter_map(Json::text).map(str::to_owned).collect()
}
