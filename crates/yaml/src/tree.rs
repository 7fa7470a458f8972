//! The document as a tree of nodes with places: what was written, before it means anything.
//!
//! Aliases stay aliases; their targets are known. Configuration provenance and excerpts in error
//! messages stand on this tree, and so does the reading of values (`decode`).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::Error;
use crate::mark::Span;
use crate::parse::{EventKind, Parser, Properties};
use crate::scan::Style;

/// A node within its [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// One node.
#[derive(Debug)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind<'a>,
    /// Where it stands. A collection's span covers its beginning only, as far as it is known when
    /// it opens; see [`Document::end_of`] for the rest.
    pub span: Span,
}

/// What a node is.
#[derive(Debug)]
pub enum NodeKind<'a> {
    /// A text that may stand for a number, a boolean, null …
    Scalar(Scalar<'a>),
    /// A list.
    Sequence(Children),
    /// Keys and values by turns.
    Mapping(Children),
    /// `*name`.
    Alias {
        /// The name of the anchor.
        name: &'a str,
        /// The node that had that anchor last.
        target: NodeId,
    },
}

/// A scalar as written.
#[derive(Debug)]
pub struct Scalar<'a> {
    /// The text, unfolded and unescaped.
    pub value: Cow<'a, str>,
    /// How it was written.
    pub style: Style,
    /// Plain and without a tag, or with the tag `!`: its text decides what it means.
    pub implicit: bool,
    /// The whole tag, such as `tag:yaml.org,2002:int`; empty where there is none.
    pub tag: Cow<'a, [u8]>,
}

/// The children of a collection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Children {
    first: u32,
    count: u32,
    end: crate::mark::Mark,
}

/// A document. Its nodes live as long as the text.
#[derive(Debug)]
pub struct Document<'a> {
    nodes: Vec<Node<'a>>,
    children: Vec<NodeId>,
    root: NodeId,
}

impl<'a> Document<'a> {
    /// The outermost node.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// A node of this document.
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id.0 as usize]
    }

    /// The node itself, or what it is an alias of.
    pub fn resolved(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            // An anchor never names an alias.
            NodeKind::Alias { target, .. } => target,
            _ => id,
        }
    }

    /// The items of a sequence, or the keys and values of a mapping by turns; empty otherwise.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        match self.node(id).kind {
            NodeKind::Sequence(range) | NodeKind::Mapping(range) => self.slice(range),
            _ => &[],
        }
    }

    /// The keys and values of a mapping; empty otherwise.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> {
        let children = match self.node(id).kind {
            NodeKind::Mapping(range) => self.slice(range),
            _ => &[],
        };
        children.chunks_exact(2).map(|pair| (pair[0], pair[1]))
    }

    /// The value of the last entry whose key is this text; merges are not looked into.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let is_key = |id: NodeId| match &self.node(self.resolved(id)).kind {
            NodeKind::Scalar(scalar) => scalar.value == key,
            _ => false,
        };
        self.entries(self.resolved(id)).filter(|(k, _)| is_key(*k)).last().map(|(_, v)| v)
    }

    /// The place after the node's last character.
    pub fn end_of(&self, id: NodeId) -> crate::mark::Mark {
        match self.node(id).kind {
            NodeKind::Sequence(range) | NodeKind::Mapping(range) => range.end,
            _ => self.node(id).span.end,
        }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes, which no document is.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn slice(&self, range: Children) -> &[NodeId] {
        &self.children[range.first as usize..(range.first + range.count) as usize]
    }
}

/// Builds the tree of the next document of the stream; none at the end of the stream.
pub(crate) fn compose<'a>(parser: &mut Parser<'a>) -> Result<Option<Document<'a>>, Error> {
    let mut event = parser.next_event()?;
    if matches!(event.kind, EventKind::StreamStart) {
        event = parser.next_event()?;
    }
    if !matches!(event.kind, EventKind::DocumentStart) {
        return Ok(None);
    }
    let mut composer = Composer::default();
    loop {
        let event = parser.next_event()?;
        if composer.take(event.kind, event.span)? {
            break;
        }
    }
    // Go looks for the end of the document before it goes on, and so finds faults after it.
    parser.next_event()?;
    let root = NodeId(0);
    Ok(Some(Document { nodes: composer.nodes, children: composer.children, root }))
}

#[derive(Default)]
struct Composer<'a> {
    nodes: Vec<Node<'a>>,
    children: Vec<NodeId>,
    /// Open collections, and where their children begin in `pending`.
    open: Vec<(NodeId, usize)>,
    pending: Vec<NodeId>,
    anchors: HashMap<&'a str, NodeId>,
}

impl<'a> Composer<'a> {
    /// Takes an event in; tells whether the root is complete.
    fn take(&mut self, kind: EventKind<'a>, span: Span) -> Result<bool, Error> {
        match kind {
            EventKind::Scalar { value, style, implicit, properties } => {
                let tag = self.note_anchor(properties);
                self.add(NodeKind::Scalar(Scalar { value, style, implicit, tag }), span);
            }
            EventKind::Alias(name) => {
                let Some(&target) = self.anchors.get(name) else {
                    let problem = format!("unknown anchor '{name}' referenced");
                    return Err(Error::plain(problem, Some(span.start)));
                };
                self.add(NodeKind::Alias { name, target }, span);
            }
            EventKind::SequenceStart(properties) => {
                self.note_anchor(properties);
                self.open(NodeKind::Sequence(Children::default()), span);
            }
            EventKind::MappingStart(properties) => {
                self.note_anchor(properties);
                self.open(NodeKind::Mapping(Children::default()), span);
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => self.close(span),
            EventKind::StreamStart
            | EventKind::StreamEnd
            | EventKind::DocumentStart
            | EventKind::DocumentEnd => return Ok(true),
        }
        Ok(self.open.is_empty())
    }

    /// Notes the next node's anchor and gives its tag.
    fn note_anchor(&mut self, properties: Option<Box<Properties<'a>>>) -> Cow<'a, [u8]> {
        let Some(properties) = properties else { return Cow::Borrowed(b"") };
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, NodeId(self.nodes.len() as u32));
        }
        properties.tag
    }

    fn add(&mut self, kind: NodeKind<'a>, span: Span) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, span });
        self.pending.push(id);
        id
    }

    fn open(&mut self, kind: NodeKind<'a>, span: Span) {
        let id = self.add(kind, span);
        self.open.push((id, self.pending.len()));
    }

    fn close(&mut self, span: Span) {
        let Some((id, first)) = self.open.pop() else { return };
        let own = self.pending.split_off(first);
        let range =
            Children { first: self.children.len() as u32, count: own.len() as u32, end: span.end };
        self.children.extend(own);
        if let NodeKind::Sequence(place) | NodeKind::Mapping(place) =
            &mut self.nodes[id.0 as usize].kind
        {
            *place = range;
        }
    }
}
