//! Splicing: where a function keeps the words of its arguments, the marked texts in them have their
//! places in the result, and the function need not be called again in another render.
//!
//! The function is asked once more, with words that stand nowhere else in the place of the marked
//! ones: where they come out is where the marked ones are.

use super::book::{Book, Condition, ConditionId, Node, NodeId, Piece, Test};
use super::mark::with_texts;
use super::pattern::Pattern;
use super::shape::Shape;
use crate::function::Words;
use crate::value::{Str, Value};

/// What begins and ends the words that are put in; between them stands the number of a text.
const BEGIN: &[u8] = b"qz";
const END: &[u8] = b"zq";

/// A text in more pieces is not taken apart.
const MAX_PIECES: usize = 100_000;

/// What is found out of a call.
#[derive(Default)]
struct Splice {
    /// What must hold of texts.
    asked: Vec<(NodeId, Test)>,
    /// How many words went in.
    put_in: usize,
    /// How many came out.
    come_out: usize,
    /// What the texts of the result must be.
    result: Option<Test>,
}

impl Book {
    /// The result with the places of marked texts in it; nothing where that is not certain. Adds what
    /// it stands under to `conditions`. `nodes` are the marked texts of the arguments.
    pub(super) fn spliced(
        &mut self,
        words: Words,
        args: &[Pattern],
        nodes: &[NodeId],
        result: &Value,
        again: &mut dyn FnMut(&[Value]) -> Option<Value>,
        conditions: &mut Vec<ConditionId>,
    ) -> Option<Value> {
        let test = match words {
            Words::Read => return None,
            Words::Kept => None,
            Words::KeptIf(test) => Some(Test(test)),
        };
        // The data is what becomes a text, or what a text becomes.
        let is_text = matches!(result, Value::Str(_));
        let (of_args, of_result) = if is_text { (test, None) } else { (None, test) };
        let mut splice = Splice { result: of_result, ..Splice::default() };
        for node in nodes {
            self.check_argument(*node, of_args, &mut splice)?;
        }
        let mut put_in = |node| {
            let (text, words) = self.with_words_put_in(node)?;
            splice.put_in += words;
            of_args.is_none_or(|test| (test.0)(text.unread())).then_some(text)
        };
        let others: Option<Vec<Value>> = args.iter().map(|arg| arg.filled(&mut put_in)).collect();
        let other = again(&others?)?;
        if Shape::of(&other, 0)? != Shape::of(result, 0)? {
            return None;
        }
        // They are of one shape, and so their texts come in one order.
        let mut others = Vec::new();
        with_texts(&other, &mut Vec::new(), &mut |text, _| {
            others.push(text.clone());
            Some(text.clone())
        })?;
        let mut others = others.iter();
        let spliced = with_texts(result, &mut Vec::new(), &mut |text, _| {
            self.splice_text(&mut splice, text, others.next()?)
        })?;
        if splice.come_out != splice.put_in {
            return None;
        }
        for (node, test) in splice.asked {
            conditions.push(self.condition(Condition::Passes(node, test)));
        }
        Some(spliced)
    }

    fn check_argument(&self, node: NodeId, test: Option<Test>, splice: &mut Splice) -> Option<()> {
        for leaf in self.flat(&Piece::Node(node))?.iter().filter_map(Piece::node) {
            self.asks(*leaf, Test(is_word), splice)?;
        }
        test.map_or(Some(()), |test| self.asks(node, test, splice))
    }

    /// Makes it a condition that a text passes a test, as it does now.
    fn asks(&self, node: NodeId, test: Test, splice: &mut Splice) -> Option<()> {
        let passes = (test.0)(self.text_of(node)?.unread());
        passes.then(|| splice.asked.push((node, test)))
    }

    /// What a text is in this render, once it was marked or drawn.
    fn text_of(&self, node: NodeId) -> Option<&Str> {
        self.marked.get(&node).or_else(|| self.now.text(node))
    }

    /// A text with other words in it, and how many they are.
    fn with_words_put_in(&self, node: NodeId) -> Option<(Str, usize)> {
        let (mut out, mut words) = (Vec::new(), 0);
        for piece in self.flat(&Piece::Node(node))? {
            match piece {
                Piece::Fixed(text) => out.extend_from_slice(&text),
                Piece::Node(leaf) => {
                    out.extend([BEGIN, leaf.to_string().as_bytes(), END].concat());
                    words += 1;
                }
            }
        }
        Some((out.into(), words))
    }

    /// The same text in pieces of which none was printed; nothing where they are too many.
    pub(super) fn flat(&self, piece: &Piece) -> Option<Vec<Piece>> {
        let (mut pieces, mut fixed, mut left) = (Vec::new(), Vec::new(), MAX_PIECES);
        self.flatten(piece, &mut pieces, &mut fixed, &mut left)?;
        end_fixed(&mut pieces, &mut fixed);
        Some(pieces)
    }

    fn flatten(
        &self,
        piece: &Piece,
        pieces: &mut Vec<Piece>,
        fixed: &mut Vec<u8>,
        left: &mut usize,
    ) -> Option<()> {
        // Texts without a letter, made of such, double in number for nothing.
        *left = left.checked_sub(1)?;
        match piece {
            Piece::Fixed(text) => fixed.extend_from_slice(text),
            Piece::Node(node) => match self.things.nodes.get(*node as usize) {
                Some(Node::Text { pieces: below, .. }) => {
                    for piece in below.iter() {
                        self.flatten(piece, pieces, fixed, left)?;
                    }
                }
                _ => {
                    end_fixed(pieces, fixed);
                    pieces.push(Piece::Node(*node));
                }
            },
        }
        Some(())
    }

    fn splice_text(&mut self, splice: &mut Splice, text: &Str, other: &Str) -> Option<Str> {
        let pieces = split(other.unread());
        let words = pieces.iter().filter(|piece| matches!(piece, Piece::Node(_))).count();
        splice.come_out += words;
        let mut now = Vec::new();
        for piece in &pieces {
            match piece {
                Piece::Fixed(text) => now.extend_from_slice(text),
                Piece::Node(node) => now.extend_from_slice(self.text_of(*node)?.unread()),
            }
        }
        if now != text.unread() {
            return None;
        }
        if words == 0 {
            return Some(text.clone());
        }
        let node = match &*pieces {
            [Piece::Node(node)] => *node,
            _ => self.text(pieces.into())?,
        };
        if let Some(test) = splice.result {
            if !(test.0)(text.unread()) || !(test.0)(other.unread()) {
                return None;
            }
            splice.asked.push((node, test));
        }
        Some(self.mark(text.unread(), node))
    }
}

/// Whether a text is nothing but letters, digits and the signs of names and addresses.
fn is_word(text: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"./:-_@".contains(byte);
    !text.is_empty() && text.iter().all(is_plain)
}

fn end_fixed(pieces: &mut Vec<Piece>, fixed: &mut Vec<u8>) {
    if !fixed.is_empty() {
        pieces.push(Piece::Fixed(std::mem::take(fixed).into()));
    }
}

/// Parts a text at the words that were put in.
fn split(text: &[u8]) -> Vec<Piece> {
    let (mut pieces, mut fixed) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, BEGIN) {
        let (before, word) = rest.split_at(at);
        let inner = word.get(BEGIN.len()..).unwrap_or_default();
        let digits = inner.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, after) = inner.split_at(digits);
        let node = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        fixed.extend_from_slice(before);
        match (node, after.strip_prefix(END)) {
            (Some(node), Some(after)) => {
                end_fixed(&mut pieces, &mut fixed);
                pieces.push(Piece::Node(node));
                rest = after;
            }
            _ => {
                fixed.extend_from_slice(BEGIN);
                rest = inner;
            }
        }
    }
    fixed.extend_from_slice(rest);
    end_fixed(&mut pieces, &mut fixed);
    pieces
}
