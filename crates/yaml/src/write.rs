//! Values to YAML text, driven by calls: no tree is needed.
//!
//! The text equals that of go-yaml v2 as `sigs.k8s.io/yaml` uses it ([`Form::Kubernetes`]), or of
//! go-yaml v3 with an indentation of two ([`Form::Pretty`]). The caller brings the order of keys;
//! see [`crate::sort_keys`].

mod analyze;
mod json;
mod scalar;

pub use analyze::is_word;
use analyze::traits_of;

/// The longest key in bytes that stands before its `:` on one line.
const MOST_KEY_BYTES: usize = 128;

/// Room for what most charts write at a time: labels, resources, one value.
const USUAL_BYTES: usize = 240;

const SPACES: &str = "                                ";

/// Whose text to equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// go-yaml v2: lists in mappings are not indented, long lines are folded after 80 columns.
    #[default]
    Kubernetes,
    /// go-yaml v3 with an indentation of two: lists are indented, no line is folded.
    Pretty,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    List,
    Map,
}

/// An open collection.
struct Frame {
    kind: Kind,
    /// The indentation outside.
    outer: i32,
    /// The last key stands after `?`.
    long_key: bool,
}

/// Where the next node stands, which decides how it may look.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    Item,
    /// A key on the line of its `:`.
    SimpleKey,
    /// A key after `?`, or a value.
    InMap,
}

/// Writes one document. Between `begin_map` and `end_map`, calls alternate between [`Writer::key`]
/// and a value; collections that are closed in the wrong order are closed as they were opened.
pub struct Writer {
    out: String,
    form: Form,
    frames: Vec<Frame>,
    /// A collection that was begun; how it looks depends on whether something follows.
    pending: Option<(Kind, Place)>,
    indent: i32,
    column: usize,
    /// The last character was a blank, or there is none.
    whitespace: bool,
    /// Only indentation and indicators stand on this line.
    indention: bool,
}

impl Writer {
    /// A writer of that form.
    pub fn new(form: Form) -> Self {
        Self {
            out: String::with_capacity(USUAL_BYTES),
            form,
            frames: Vec::new(),
            pending: None,
            indent: -1,
            column: 0,
            whitespace: true,
            indention: true,
        }
    }

    /// How many bytes are written: for callers that bound them.
    pub fn written(&self) -> usize {
        self.out.len()
    }

    /// Begins a mapping.
    pub fn begin_map(&mut self) {
        self.begin(Kind::Map);
    }

    /// Begins a list.
    pub fn begin_list(&mut self) {
        self.begin(Kind::List);
    }

    /// Ends the innermost mapping.
    pub fn end_map(&mut self) {
        self.end();
    }

    /// Ends the innermost list.
    pub fn end_list(&mut self) {
        self.end();
    }

    /// A key of the innermost mapping.
    pub fn key(&mut self, key: &str) {
        if is_word(key) {
            return self.word_key(key);
        }
        self.open_pending();
        self.write_indent();
        let traits = traits_of(key, self.form);
        let simple = !traits.is_multiline() && key.len() <= MOST_KEY_BYTES;
        if !simple {
            self.write_indicator("?", true, true);
        }
        let place = if simple { Place::SimpleKey } else { Place::InMap };
        self.write_string(key, traits, place);
        if let Some(frame) = self.frames.last_mut() {
            frame.long_key = !simple;
        }
    }

    /// A key that is a word.
    fn word_key(&mut self, key: &str) {
        self.open_pending();
        self.write_indent();
        self.write_word(key);
        if let Some(frame) = self.frames.last_mut() {
            frame.long_key = false;
        }
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        if is_word(text) {
            return self.bare(text);
        }
        let place = self.before_node();
        let traits = traits_of(text, self.form);
        self.write_string(text, traits, place);
    }

    /// Bytes that are no text, in base64; longer ones have line breaks in them.
    pub fn binary(&mut self, encoded: &str) {
        self.before_node();
        self.write_binary(encoded);
    }

    /// The same as a key.
    pub fn binary_key(&mut self, encoded: &str) {
        self.open_pending();
        self.write_indent();
        let simple = !encoded.contains('\n');
        if !simple {
            self.write_indicator("?", true, true);
        }
        self.write_binary(encoded);
        if let Some(frame) = self.frames.last_mut() {
            frame.long_key = !simple;
        }
    }

    fn write_binary(&mut self, encoded: &str) {
        self.write_indicator("!!binary", true, false);
        if encoded.contains('\n') {
            let outer = self.indent;
            self.indent = if outer < 0 { 2 } else { outer + 2 };
            self.write_literal(encoded);
            self.indent = outer;
        } else {
            self.space_before();
            self.put(encoded, encoded.len());
            self.indention = false;
        }
    }

    /// A moment, as RFC 3339 has it.
    pub fn timestamp(&mut self, text: &str) {
        self.bare(text);
    }

    /// A whole number.
    pub fn int(&mut self, value: i64) {
        self.bare(&value.to_string());
    }

    /// A whole number beyond the signed ones.
    pub fn uint(&mut self, value: u64) {
        self.bare(&value.to_string());
    }

    /// A number as go-yaml writes a `float64`: `1e+06`, `.inf`, `.nan`.
    pub fn float(&mut self, value: f64) {
        let text = strconv::format_float(value, b'g', None, 64);
        self.bare(match text.as_str() {
            "+Inf" => ".inf",
            "-Inf" => "-.inf",
            "NaN" => ".nan",
            other => other,
        });
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool) {
        self.bare(if value { "true" } else { "false" });
    }

    /// Null.
    pub fn null(&mut self) {
        self.bare("null");
    }

    /// The text, which ends with a line break. Open collections are closed.
    pub fn finish(mut self) -> String {
        while self.pending.is_some() || !self.frames.is_empty() {
            self.end();
        }
        self.indent = -1;
        self.write_indent();
        self.out
    }

    /// A scalar that needs no quotes.
    fn bare(&mut self, text: &str) {
        self.before_node();
        self.write_word(text);
    }

    /// Printable ASCII that needs no quotes and is never folded.
    fn write_word(&mut self, text: &str) {
        self.space_before();
        self.put(text, text.len());
        self.whitespace = false;
        self.indention = false;
    }

    fn begin(&mut self, kind: Kind) {
        let place = self.before_node();
        self.pending = Some((kind, place));
    }

    fn end(&mut self) {
        if let Some((kind, _)) = self.pending.take() {
            let (open, close) = if kind == Kind::Map { ("{", "}") } else { ("[", "]") };
            self.write_indicator(open, true, false);
            self.whitespace = true;
            self.write_indicator(close, false, false);
        } else if let Some(frame) = self.frames.pop() {
            self.indent = frame.outer;
        }
    }

    /// Writes what stands before the next node and tells where that is.
    fn before_node(&mut self) -> Place {
        self.open_pending();
        let Some(frame) = self.frames.last_mut() else { return Place::Root };
        if frame.kind == Kind::List {
            self.write_indent();
            self.write_indicator("-", true, true);
            return Place::Item;
        }
        let long_key = frame.long_key;
        if long_key {
            self.write_indent();
            self.write_indicator(":", true, true);
        } else {
            self.write_indicator(":", false, false);
        }
        Place::InMap
    }

    /// Something follows in the collection that was begun: it is a block.
    fn open_pending(&mut self) {
        let Some((kind, place)) = self.pending.take() else { return };
        let outer = self.indent;
        let flush_left = self.form == Form::Kubernetes
            && kind == Kind::List
            && place == Place::InMap
            && !self.indention;
        if outer < 0 {
            self.indent = 0;
        } else if !flush_left {
            self.indent += 2;
        }
        self.frames.push(Frame { kind, outer, long_key: false });
    }

    /// Goes to the indentation of the innermost collection, on a new line unless this one holds
    /// nothing but indentation.
    fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.line_break();
        }
        while self.column < indent {
            let count = SPACES.len().min(indent - self.column);
            self.put(&SPACES[..count], count);
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// Writes `- `, `? `, `:` and the like. `indents` says that what follows may still count as
    /// the beginning of the line.
    fn write_indicator(&mut self, indicator: &str, space: bool, indents: bool) {
        if space {
            self.space_before();
        }
        self.put(indicator, indicator.len());
        self.whitespace = false;
        self.indention = self.indention && indents;
    }

    fn space_before(&mut self) {
        if !self.whitespace {
            self.put(" ", 1);
        }
    }

    /// Appends text of one line.
    fn put_text(&mut self, text: &str) {
        let characters = if text.is_ascii() { text.len() } else { text.chars().count() };
        self.put(text, characters);
    }

    /// Appends text of one line, so many characters long.
    fn put(&mut self, text: &str, characters: usize) {
        self.out.push_str(text);
        self.column += characters;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.indention = true;
    }
}
