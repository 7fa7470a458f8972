//! What was learned of the templates of a chart: where texts come from, what sketches stand under.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use foldhash::HashMap;

use super::Run;
use super::draw::Now;
use super::pattern::Pattern;
use super::shape::Shape;
use crate::value::{Feature, Map, Str};

/// The number of a text that may be another one in the next render.
pub(crate) type NodeId = u32;
/// The number of a condition.
pub(crate) type ConditionId = u32;
pub(super) type SourceId = u32;

/// Where a value comes from that may be another one in the next render.
pub(super) enum Source {
    /// A key of a map that lasts.
    Entry { map: Map, key: Str },
    /// The number of a map's entries.
    Length(Map),
    /// A function's result.
    Call { run: Run, args: Box<[Pattern]>, height: u16 },
}

/// Where a text comes from that may be another one in the next render.
pub(super) enum Node {
    /// It stands in the value of a source; the path counts elements and entries.
    Part { source: SourceId, path: Box<[u32]> },
    /// It was printed.
    Text { pieces: Rc<[Piece]>, height: u16 },
}

/// A piece of a text that was printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Fixed(Box<[u8]>),
    Node(NodeId),
}

impl Piece {
    pub fn node(&self) -> Option<&NodeId> {
        match self {
            Self::Node(node) => Some(node),
            Self::Fixed(_) => None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Fixed(text) => size_of::<Self>() + text.len(),
            Self::Node(_) => size_of::<Self>(),
        }
    }
}

/// What a text must be. Two that are taken for one are the same code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Test(pub fn(&[u8]) -> bool);

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Eq for Test {}

impl Hash for Test {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0 as usize).hash(state);
    }
}

/// What must hold in another render.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Condition {
    /// A text is this one.
    Is(NodeId, Box<[u8]>),
    /// A text gives that answer.
    Has(NodeId, Feature, bool),
    /// A text passes that test.
    Passes(NodeId, Test),
    /// A value has that shape.
    Shape(SourceId, Shape),
}

/// What a template printed.
pub(super) struct Sketch {
    /// No other has it.
    pub number: u64,
    pub conditions: Box<[ConditionId]>,
    pub pieces: Box<[Piece]>,
    /// How long the text was that it gave last.
    pub length: usize,
}

/// What a run of a template within another printed.
pub(super) struct Included {
    pub conditions: Rc<[ConditionId]>,
    pub text: Piece,
    /// How many templates deep it went.
    pub height: usize,
}

/// The sketches of a template.
#[derive(Default)]
pub(super) struct Page {
    /// Those drawn last come first.
    pub sketches: Vec<Sketch>,
    /// How often none of them stood for a render.
    pub missed: usize,
    pub drawn: usize,
    /// The template does what cannot be repeated.
    pub is_spoilt: bool,
}

/// What is numbered.
#[derive(Default)]
pub(super) struct Things {
    pub sources: Vec<Source>,
    pub nodes: Vec<Node>,
    pub conditions: Vec<Rc<Condition>>,
}

/// What was learned of the templates of a chart, for the renders that see the same maps.
#[derive(Default)]
pub(crate) struct Book {
    pub(super) things: Things,
    /// By the template's place among those that are rendered.
    pub(super) pages: HashMap<usize, Page>,
    /// By the question that they answer (see `machine/memo.rs`), the last answer first.
    pub(super) included: HashMap<Rc<[u64]>, Vec<Included>>,
    entries: HashMap<(usize, Box<[u8]>), SourceId>,
    lengths: HashMap<usize, SourceId>,
    calls: HashMap<Box<[u8]>, SourceId>,
    parts: HashMap<(SourceId, Box<[u32]>), NodeId>,
    texts: HashMap<Rc<[Piece]>, NodeId>,
    known_conditions: HashMap<Rc<Condition>, ConditionId>,
    /// What is known of this render.
    pub(super) now: Now,
    /// The marked texts of this render by their address. They are kept, so that no other text has it.
    pub(super) marks: HashMap<usize, (NodeId, Str)>,
    /// The same by where they come from.
    pub(super) marked: HashMap<NodeId, Str>,
    /// The condition under which each entry was read in this render.
    pub(super) entries_read: HashMap<SourceId, ConditionId>,
    /// The conditions of the recording, as they came up.
    pub(super) log: Vec<ConditionId>,
    pub(super) is_spoilt: bool,
    /// The sketches so far.
    pub(super) sketches: u64,
    /// About what all this takes.
    bytes: usize,
    /// No more is written down in this render.
    pub(super) is_full: bool,
    /// How often it was full.
    fills: usize,
}

/// A book that takes more than this is full.
const MAX_BYTES: usize = 128 << 20;
/// What a thing takes besides its texts.
const THING_BYTES: usize = 200;
/// So many conditions of one recording are too many.
const MAX_LOG: usize = 1 << 20;
/// A book that was full so often is begun no more.
const MAX_FILLS: usize = 3;
/// Texts that are made of others, these of others and so on, are not followed further.
const MAX_HEIGHT: u16 = 200;

impl Book {
    /// Begins a render.
    pub fn begin(&mut self) {
        if self.is_full {
            let fills = self.fills + 1;
            *self = Self { fills, is_full: fills == MAX_FILLS, ..Self::default() };
        }
        self.now.clear();
        self.marks.clear();
        self.marked.clear();
        self.entries_read.clear();
    }

    /// Writes down something of that size.
    fn take(&mut self, text: usize) {
        self.bytes += THING_BYTES + text;
        if self.bytes > MAX_BYTES {
            self.is_full = true;
            self.is_spoilt = true;
        }
    }

    /// Adds a condition to the recording.
    pub(super) fn log(&mut self, condition: ConditionId) {
        if self.log.len() < MAX_LOG {
            self.log.push(condition);
        } else {
            self.is_spoilt = true;
        }
    }

    /// Begins a recording.
    pub(super) fn restart(&mut self) {
        self.log.clear();
        self.is_spoilt = false;
    }

    pub(super) fn entry(&mut self, map: &Map, key: &Str) -> SourceId {
        let name = (map.address(), key.unread().into());
        if let Some(id) = self.entries.get(&name) {
            return *id;
        }
        let id = self.source(Source::Entry { map: map.clone(), key: key.clone() });
        self.entries.insert(name, id);
        id
    }

    pub(super) fn length(&mut self, map: &Map) -> SourceId {
        if let Some(id) = self.lengths.get(&map.address()) {
            return *id;
        }
        let id = self.source(Source::Length(map.clone()));
        self.lengths.insert(map.address(), id);
        id
    }

    /// `name` tells the arguments, in which these texts are marked, from all others. Nothing where it
    /// would stand too high.
    pub(super) fn call(
        &mut self,
        run: Run,
        mut name: Vec<u8>,
        args: Box<[Pattern]>,
        nodes: &[NodeId],
    ) -> Option<SourceId> {
        name.extend((run as usize).to_ne_bytes());
        if let Some(id) = self.calls.get(&*name) {
            return Some(*id);
        }
        let height = self.height_over(nodes.iter())?;
        // The texts stand in the name and in the arguments.
        self.take(2 * name.len());
        let id = self.source(Source::Call { run, args, height });
        self.calls.insert(name.into(), id);
        Some(id)
    }

    fn source(&mut self, source: Source) -> SourceId {
        self.take(0);
        self.things.sources.push(source);
        (self.things.sources.len() - 1) as SourceId
    }

    /// The height of what is made of these texts.
    fn height_over<'n>(&self, nodes: impl Iterator<Item = &'n NodeId>) -> Option<u16> {
        let heights = nodes.map(|node| match self.things.nodes.get(*node as usize) {
            Some(Node::Text { height, .. }) => *height,
            Some(Node::Part { source, .. }) => match self.things.sources.get(*source as usize) {
                Some(Source::Call { height, .. }) => *height,
                _ => 0,
            },
            None => 0,
        });
        Some(heights.max().unwrap_or(0) + 1).filter(|height| *height <= MAX_HEIGHT)
    }

    pub(super) fn part(&mut self, source: SourceId, path: &[u32]) -> NodeId {
        let name = (source, path.into());
        if let Some(id) = self.parts.get(&name) {
            return *id;
        }
        let id = self.node(Node::Part { source, path: path.into() });
        self.parts.insert(name, id);
        id
    }

    /// Nothing where it would stand too high.
    pub(super) fn text(&mut self, pieces: Rc<[Piece]>) -> Option<NodeId> {
        if let Some(id) = self.texts.get(&pieces) {
            return Some(*id);
        }
        let height = self.height_over(pieces.iter().filter_map(Piece::node))?;
        self.take(pieces.iter().map(Piece::bytes).sum());
        let id = self.node(Node::Text { pieces: Rc::clone(&pieces), height });
        self.texts.insert(pieces, id);
        Some(id)
    }

    fn node(&mut self, node: Node) -> NodeId {
        self.take(0);
        self.things.nodes.push(node);
        (self.things.nodes.len() - 1) as NodeId
    }

    pub(super) fn condition(&mut self, condition: Condition) -> ConditionId {
        if let Some(id) = self.known_conditions.get(&condition) {
            return *id;
        }
        self.take(if let Condition::Is(_, text) = &condition { text.len() } else { 0 });
        let id = self.things.conditions.len() as ConditionId;
        let condition = Rc::new(condition);
        self.things.conditions.push(Rc::clone(&condition));
        self.known_conditions.insert(condition, id);
        id
    }
}
