//! Compound words as xstrings 1.5 sees them: pascal case, and words joined by a connector.

use crate::runes::{self, category};

fn connects(rune: char) -> bool {
    rune == '-' || rune == '_' || runes::is_space(rune)
}

/// `ToPascalCase`: words begin with a capital, single connectors go, leading ones stay.
pub fn pascal_case(bytes: &[u8]) -> String {
    let runes: Vec<char> = runes::all(bytes).collect();
    let mut out = String::with_capacity(bytes.len());
    let Some(start) = runes.iter().position(|&rune| !connects(rune)) else {
        // Go writes the last connector twice when there is nothing else.
        out.extend(&runes);
        out.extend(runes.last());
        return out;
    };
    out.extend(&runes[..start]);
    let mut shouting = runes::is_upper(runes[start]);
    let mut current = runes::to_upper(runes[start]);
    if start + 1 == runes.len() {
        out.push(current);
        return out;
    }
    for &rune in &runes[start + 1..] {
        let previous = current;
        current = rune;
        if connects(current) && connects(previous) {
            out.push(previous);
            continue;
        }
        if connects(previous) {
            shouting = runes::is_upper(current);
            current = runes::to_upper(current);
        } else {
            if shouting {
                if runes::is_upper(current) {
                    current = runes::to_lower(current);
                } else {
                    shouting = false;
                }
            }
            out.push(previous);
        }
    }
    out.push(current);
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Invalid,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

/// A word and what kind it is. `Invalid` stands for the end and for bytes that are no text.
#[derive(Clone, Copy)]
struct Word<'text> {
    class: Class,
    runes: &'text [char],
}

/// Takes words off the front, as `nextWord` does. Go skips bytes that are not UTF-8 within a word;
/// here they are runes of their own, so a word ends at one.
struct Words<'text> {
    rest: &'text [char],
}

impl<'text> Words<'text> {
    fn next(&mut self) -> Word<'text> {
        let Some(&first) = self.rest.first() else {
            return Word { class: Class::Invalid, runes: &[] };
        };
        let class = classify(first);
        let length = self.length(class);
        let (runes, rest) = self.rest.split_at(length.clamp(1, self.rest.len()));
        self.rest = rest;
        Word { class, runes }
    }

    fn length(&self, class: Class) -> usize {
        let run = |from: usize, belongs: fn(char) -> bool| {
            let tail = self.rest.get(from..).unwrap_or(&[]);
            from + tail.iter().take_while(|&&rune| belongs(rune)).count()
        };
        match class {
            Class::Invalid => 1,
            Class::Connector => run(1, connects),
            Class::Punctuation => run(1, category::is_punctuation),
            Class::Number => run(1, char::is_numeric),
            Class::Other => run(1, is_other),
            Class::Upper if self.rest.get(1).is_some_and(|&rune| runes::is_upper(rune)) => {
                let end = run(1, runes::is_upper);
                // The last capital of "HTTPStatus" begins the next word.
                let splits = self.rest.get(end).is_some_and(|&rune| is_alphabet(rune));
                end - usize::from(splits)
            }
            Class::Upper | Class::Alphabet => run(1, is_small),
        }
    }
}

fn is_small(rune: char) -> bool {
    is_alphabet(rune) && !runes::is_upper(rune)
}

/// A letter, but none of those Chinese characters that xstrings knows of.
fn is_alphabet(rune: char) -> bool {
    category::is_letter(rune)
        && !matches!(u32::from(rune), 0x3400..=0x4D85 | 0x4E00..=0x9FCC | 0x2_0000..=0x2_B81D)
}

fn is_other(rune: char) -> bool {
    classify(rune) == Class::Other
}

fn classify(rune: char) -> Class {
    if rune == runes::RUNE_ERROR {
        Class::Invalid
    } else if connects(rune) {
        Class::Connector
    } else if category::is_punctuation(rune) {
        Class::Punctuation
    } else if runes::is_upper(rune) {
        Class::Upper
    } else if is_alphabet(rune) {
        Class::Alphabet
    } else if rune.is_numeric() {
        Class::Number
    } else {
        Class::Other
    }
}

/// `ToSnakeCase` and `ToKebabCase`: small letters, words joined by `connector`.
pub fn joined_case(bytes: &[u8], connector: char) -> String {
    let all: Vec<char> = runes::all(bytes).collect();
    let mut words = Words { rest: &all };
    let mut joiner = Joiner { out: String::with_capacity(bytes.len() + 8), connector };
    let mut word = words.next();
    while !words.rest.is_empty() {
        if word.class != Class::Connector {
            joiner.push(word);
        }
        let last = word;
        word = words.next();
        word = match last.class {
            Class::Number => joiner.after_number(word, &mut words),
            Class::Connector => {
                joiner.push(last);
                word
            }
            Class::Punctuation => word,
            _ => joiner.after_word(word, &mut words),
        };
    }
    joiner.push(word);
    joiner.out
}

struct Joiner {
    out: String,
    connector: char,
}

impl Joiner {
    fn push(&mut self, word: Word<'_>) {
        let changes = matches!(word.class, Class::Upper | Class::Connector);
        for &rune in word.runes {
            self.out.push(match rune {
                rune if changes && connects(rune) => self.connector,
                rune if changes && runes::is_upper(rune) => runes::to_lower(rune),
                rune => rune,
            });
        }
    }

    fn connect_before(&mut self, next: Class) {
        if !matches!(next, Class::Connector | Class::Punctuation) {
            self.out.push(self.connector);
        }
    }

    /// Small letters and digits belong to the number before them: `2m3s`.
    fn after_number<'text>(
        &mut self,
        mut word: Word<'text>,
        words: &mut Words<'text>,
    ) -> Word<'text> {
        while matches!(word.class, Class::Alphabet | Class::Number) {
            self.push(word);
            word = words.next();
        }
        if word.class != Class::Invalid {
            self.connect_before(word.class);
        }
        word
    }

    /// A number belongs to the word before it (`bld4_floor`), unless small letters follow it
    /// (`http_2xx`).
    fn after_word<'text>(&mut self, word: Word<'text>, words: &mut Words<'text>) -> Word<'text> {
        if word.class != Class::Number {
            self.connect_before(word.class);
            return word;
        }
        if words.rest.is_empty() {
            return word;
        }
        let number = word;
        let next = words.next();
        if next.class != Class::Alphabet {
            self.push(number);
            self.connect_before(next.class);
            return next;
        }
        self.out.push(self.connector);
        self.push(number);
        self.after_number(next, words)
    }
}
