//! TOML text to items, as `BurntSushi`'s lexer gives them: one state after another, because the
//! words and the line of an error go by the state in which it is met.
//!
//! Not here: what an item's text means, and which keys may be defined when (`decode`). The states of
//! texts in quotes and of numbers are in modules of their own.

mod number;
mod place;
mod quoted;

use strconv::Quoting;

use place::{Base, Place};
use strconv::category;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    End,
    /// A bare part of a key, or a comment's text.
    Text,
    /// In `"`, without escapes.
    Quoted,
    /// In `"`, with escapes.
    Escaped,
    /// In `'`.
    Raw,
    /// In `"""`.
    Multiline,
    /// In `'''`.
    RawMultiline,
    Bool,
    Integer,
    Float,
    Datetime,
    Array,
    ArrayEnd,
    TableStart,
    TableEnd,
    ArrayTableStart,
    ArrayTableEnd,
    KeyStart,
    KeyEnd,
    CommentStart,
    InlineTableStart,
    InlineTableEnd,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub struct Item<'text> {
    pub kind: Kind,
    pub text: &'text [u8],
    /// Its line as errors name it.
    pub line: i64,
}

/// What no TOML text may have.
#[derive(Clone, Debug)]
pub struct LexFault {
    /// Its line, from one; the library may name the line before, and so line zero.
    pub line: i64,
    /// What is wrong, in the library's words.
    pub message: String,
}

/// What the lexer expects next.
#[derive(Clone, Copy)]
enum State {
    Top,
    TopEnd,
    TableEnd,
    ArrayTableEnd,
    TableNameStart,
    TableNameEnd,
    KeyNameStart,
    KeyEnd,
    Value,
    ArrayValue,
    ArrayValueEnd,
    InlineTableValue,
    InlineTableValueEnd,
    Comment,
    Quoted,
    Raw,
    Multiline,
    RawMultiline,
}

type Step = Result<State, LexFault>;

/// What the place shows at the end of the text. A zero in the text is a fault before it is looked
/// at.
const END: char = '\0';

/// Gives one item after another.
pub struct Lexer<'text> {
    place: Place<'text>,
    state: State,
    /// What a state left for the parser to take.
    item: Option<Item<'text>>,
    /// Where to go on after a value, a key's part or a comment.
    stack: Vec<State>,
    /// The text in quotes has an escape.
    escaped: bool,
}

impl<'text> Lexer<'text> {
    /// The beginning of a text.
    pub fn new(text: &'text [u8]) -> Self {
        let place = Place::new(text);
        Self { place, state: State::Top, item: None, stack: Vec::new(), escaped: false }
    }

    /// The next item; after the last one, the end again.
    pub fn next_item(&mut self) -> Result<Item<'text>, LexFault> {
        loop {
            if let Some(item) = self.item.take() {
                return Ok(item);
            }
            self.state = self.step()?;
        }
    }

    fn step(&mut self) -> Step {
        match self.state {
            State::Top => self.top(),
            State::TopEnd => self.top_end(),
            State::TableEnd => Ok(self.emit(Kind::TableEnd, State::TopEnd)),
            State::ArrayTableEnd => self.array_table_end(),
            State::TableNameStart => self.table_name_start(),
            State::TableNameEnd => self.table_name_end(),
            State::KeyNameStart => self.key_name_start(),
            State::KeyEnd => self.key_end(),
            State::Value => self.value(),
            State::ArrayValue => self.array_value(),
            State::ArrayValueEnd => self.array_value_end(),
            State::InlineTableValue => self.inline_table_value(),
            State::InlineTableValueEnd => self.inline_table_value_end(),
            State::Comment => self.comment(),
            State::Quoted => self.quoted(),
            State::Raw => self.raw(),
            State::Multiline => self.multiline(),
            State::RawMultiline => self.raw_multiline(),
        }
    }

    /// Leaves what was taken since the last item as one.
    fn emit(&mut self, kind: Kind, next: State) -> State {
        let line = self.place.line();
        self.item = Some(Item { kind, text: self.place.take_pending(), line });
        next
    }

    /// The same, and goes on where the stack says.
    fn emit_and_pop(&mut self, kind: Kind) -> State {
        self.emit(kind, State::Top);
        self.pop()
    }

    fn pop(&mut self) -> State {
        self.stack.pop().unwrap_or(State::Top)
    }

    fn top(&mut self) -> Step {
        let next = self.place.next()?;
        if is_space(next) || is_break(next) {
            self.place.ignore();
            return Ok(State::Top);
        }
        match next {
            '#' => return Ok(self.comment_start(State::Top)),
            '[' => return self.table_start(),
            END => return Ok(self.emit(Kind::End, State::Top)),
            _ => {}
        }
        self.place.back();
        self.stack.push(State::TopEnd);
        self.key_start()
    }

    fn top_end(&mut self) -> Step {
        let mut next = self.place.next()?;
        while is_space(next) {
            next = self.place.next()?;
        }
        match next {
            '#' => Ok(self.comment_start(State::Top)),
            END => Ok(self.emit(Kind::End, State::Top)),
            _ if is_break(next) => {
                self.place.ignore();
                Ok(State::Top)
            }
            _ => {
                let found = show(next);
                Err(self.place.fault(format!(
                    "expected a top-level item to end with a newline, comment, or EOF, but got \
                     {found} instead"
                )))
            }
        }
    }

    fn table_start(&mut self) -> Step {
        let (kind, end) = if self.place.accept('[')? {
            (Kind::ArrayTableStart, State::ArrayTableEnd)
        } else {
            (Kind::TableStart, State::TableEnd)
        };
        self.stack.push(end);
        Ok(self.emit(kind, State::TableNameStart))
    }

    fn array_table_end(&mut self) -> Step {
        match self.place.next()? {
            ']' => Ok(self.emit(Kind::ArrayTableEnd, State::TopEnd)),
            next => {
                let found = show(next);
                Err(self.place.fault(format!(
                    "expected end of table array name delimiter ']', but got {found} instead"
                )))
            }
        }
    }

    fn table_name_start(&mut self) -> Step {
        self.place.skip_spaces()?;
        match self.place.peek()? {
            ']' | END => {
                Err(self.place.fault("unexpected end of table name (table names cannot be empty)"))
            }
            '.' => {
                Err(self.place.fault("unexpected table separator (table names cannot be empty)"))
            }
            _ => self.name_part(State::TableNameEnd),
        }
    }

    fn table_name_end(&mut self) -> Step {
        self.place.skip_spaces()?;
        match self.place.next()? {
            '.' => {
                self.place.ignore();
                Ok(State::TableNameStart)
            }
            ']' => Ok(self.pop()),
            next => {
                let found = show(next);
                Err(self.place.fault(format!(
                    "expected '.' or ']' to end table name, but got {found} instead"
                )))
            }
        }
    }

    /// A bare or quoted part of a key. A bare one may be empty.
    fn name_part(&mut self, then: State) -> Step {
        self.stack.push(then);
        match self.place.next()? {
            quote @ ('"' | '\'') => {
                self.place.ignore();
                return Ok(if quote == '"' { State::Quoted } else { State::Raw });
            }
            _ => self.place.back(),
        }
        self.place.skip_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')?;
        Ok(self.emit_and_pop(Kind::Text))
    }

    fn key_start(&mut self) -> Step {
        self.place.skip_spaces()?;
        match self.place.peek()? {
            '=' | END => Err(self.place.fault("unexpected '=': key name appears blank")),
            '.' => Err(self.place.fault("unexpected '.': keys cannot start with a '.'")),
            _ => Ok(self.emit(Kind::KeyStart, State::KeyNameStart)),
        }
    }

    fn key_name_start(&mut self) -> Step {
        self.place.skip_spaces()?;
        match self.place.peek()? {
            '=' | END => Err(self.place.fault("unexpected '='")),
            '.' => Err(self.place.fault("unexpected '.'")),
            _ => self.name_part(State::KeyEnd),
        }
    }

    fn key_end(&mut self) -> Step {
        self.place.skip_spaces()?;
        match self.place.next()? {
            '.' => {
                self.place.ignore();
                Ok(State::KeyNameStart)
            }
            '=' => Ok(self.emit(Kind::KeyEnd, State::Value)),
            END => Err(self.place.fault("unexpected EOF; expected key separator '='")),
            next => {
                let message = format!("expected '.' or '=', but got {} instead", show(next));
                Err(self.fault_before_break(next, message))
            }
        }
    }

    fn value(&mut self) -> Step {
        self.place.skip_spaces()?;
        let next = self.place.next()?;
        match next {
            '0'..='9' => return self.number_or_date(next),
            '[' => return Ok(self.begin(Kind::Array, State::ArrayValue)),
            '{' => return Ok(self.begin(Kind::InlineTableStart, State::InlineTableValue)),
            '"' | '\'' => return self.opening_quotes(next),
            '.' => return Err(self.place.fault("floats must start with a digit, not '.'")),
            'i' | 'n' if self.accept_rest_of_float()? => {
                return Ok(self.emit_and_pop(Kind::Float));
            }
            '-' | '+' => return self.signed_number(),
            END => return Err(self.place.fault("unexpected EOF; expected value")),
            _ => {}
        }
        if category::is_letter(next) {
            self.place.back();
            return self.word();
        }
        let message = format!("expected value but found {} instead", show(next));
        Err(self.fault_before_break(next, message))
    }

    /// An item without a text of its own.
    fn begin(&mut self, kind: Kind, next: State) -> State {
        self.place.ignore();
        self.emit(kind, next)
    }

    fn end(&mut self, kind: Kind) -> State {
        self.place.ignore();
        self.emit_and_pop(kind)
    }

    /// `true`, `false`, or what the user took for a value.
    fn word(&mut self) -> Step {
        let start = self.place.offset();
        self.place.skip_while(category::is_letter)?;
        match self.place.since(start) {
            b"true" | b"false" => Ok(self.emit_and_pop(Kind::Bool)),
            other => {
                let shown = strconv::quote(other);
                Err(self.place.fault(format!("expected value but found {shown} instead")))
            }
        }
    }

    fn array_value(&mut self) -> Step {
        self.skip_blanks()?;
        match self.place.next()? {
            '#' => Ok(self.comment_start(State::ArrayValue)),
            ',' => Err(self.place.fault("unexpected comma")),
            ']' => Ok(self.end(Kind::ArrayEnd)),
            _ => {
                self.place.back();
                self.stack.push(State::ArrayValueEnd);
                Ok(State::Value)
            }
        }
    }

    fn array_value_end(&mut self) -> Step {
        self.skip_blanks()?;
        match self.place.next()? {
            '#' => Ok(self.comment_start(State::ArrayValueEnd)),
            ',' => {
                self.place.ignore();
                Ok(State::ArrayValue)
            }
            ']' => Ok(self.end(Kind::ArrayEnd)),
            next => {
                let found = show_or_end(next);
                Err(self.place.fault(format!(
                    "expected a comma (',') or array terminator (']'), but got {found}"
                )))
            }
        }
    }

    fn inline_table_value(&mut self) -> Step {
        self.skip_blanks()?;
        match self.place.next()? {
            '#' => Ok(self.comment_start(State::InlineTableValue)),
            ',' => Err(self.place.fault("unexpected comma")),
            '}' => Ok(self.end(Kind::InlineTableEnd)),
            _ => {
                self.place.back();
                self.stack.push(State::InlineTableValueEnd);
                self.key_start()
            }
        }
    }

    fn inline_table_value_end(&mut self) -> Step {
        self.skip_blanks()?;
        match self.place.next()? {
            '#' => Ok(self.comment_start(State::InlineTableValueEnd)),
            ',' => {
                self.place.ignore();
                self.place.skip_spaces()?;
                let ends = self.place.peek()? == '}';
                Ok(if ends { State::InlineTableValueEnd } else { State::InlineTableValue })
            }
            '}' => Ok(self.end(Kind::InlineTableEnd)),
            next => {
                let found = show_or_end(next);
                Err(self.place.fault(format!(
                    "expected a comma or an inline table terminator '}}', but got {found} instead"
                )))
            }
        }
    }

    fn comment_start(&mut self, then: State) -> State {
        self.stack.push(then);
        self.place.ignore();
        self.emit(Kind::CommentStart, State::Comment)
    }

    fn comment(&mut self) -> Step {
        self.place.skip_while(|c| !is_break(c) && c != END)?;
        Ok(self.emit_and_pop(Kind::Text))
    }

    fn skip_blanks(&mut self) -> Result<(), LexFault> {
        self.place.skip_while(|c| is_space(c) || is_break(c))?;
        self.place.ignore();
        Ok(())
    }

    /// A fault of the rune just taken; a line break is still in its line.
    fn fault_before_break(&self, next: char, message: String) -> LexFault {
        if next == '\n' {
            self.place.fault_on(Base::LineBefore, message)
        } else {
            self.place.fault(message)
        }
    }
}

fn is_space(c: char) -> bool {
    c == '\t' || c == ' '
}

fn is_break(c: char) -> bool {
    c == '\n' || c == '\r'
}

/// The rune in quotes, as errors show it; the end shows as a zero.
fn show(next: char) -> String {
    strconv::quote_rune(u32::from(next), Quoting::Printable)
}

/// The rune between plain quotes, or words for the end.
fn show_or_end(next: char) -> String {
    if next == END { "end of file".to_owned() } else { format!("'{next}'") }
}
