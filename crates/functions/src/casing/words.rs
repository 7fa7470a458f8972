//! Compound words as xstrings 1.5 sees them: pascal case, and words joined by a connector.

use gotmpl::rune;

use crate::runes;
use strconv::category;

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
    bytes: &'text [u8],
}

/// Takes words off the front, as `nextWord` does: broken runes belong to the word around them.
struct Words<'text> {
    rest: &'text [char],
    /// The same as it was given.
    bytes: &'text [u8],
}

impl<'text> Words<'text> {
    fn next(&mut self) -> Word<'text> {
        let first = self.broken(0);
        let class = self.rest.get(first).map_or(Class::Invalid, |&rune| classify(rune));
        let length = self.length(class, first + 1);
        let (runes, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        let width: usize = runes
            .iter()
            .fold(0, |at, _| at + rune::decode(self.bytes.get(at..).unwrap_or_default()).1);
        let (bytes, rest) = self.bytes.split_at(width);
        self.bytes = rest;
        Word { class, runes, bytes }
    }

    /// How many broken runes there are from a place on.
    fn broken(&self, from: usize) -> usize {
        let tail = self.rest.get(from..).unwrap_or_default();
        tail.iter().take_while(|&&rune| rune == runes::RUNE_ERROR).count()
    }

    /// Where what belongs to a word ends; the word goes on at a place.
    fn run(&self, from: usize, belongs: fn(char) -> bool) -> usize {
        let mut end = from;
        loop {
            let next = end + self.broken(end);
            match self.rest.get(next) {
                Some(&rune) if belongs(rune) => end = next + 1,
                Some(_) => return end,
                None => return next,
            }
        }
    }

    fn length(&self, class: Class, from: usize) -> usize {
        let next = from + self.broken(from);
        match class {
            Class::Invalid => self.rest.len(),
            Class::Connector => self.run(from, connects),
            Class::Punctuation => self.run(from, category::is_punctuation),
            Class::Number => self.run(from, char::is_numeric),
            Class::Other => self.run(from, is_other),
            Class::Upper if self.rest.get(next).is_some_and(|&rune| runes::is_upper(rune)) => {
                let end = self.run(from, runes::is_upper);
                let after = self.rest.get(end + self.broken(end));
                if !after.is_some_and(|&rune| is_alphabet(rune)) {
                    return end;
                }
                // The last capital of "HTTPStatus" begins the next word.
                let before = self.rest.get(..end - 1).unwrap_or_default();
                let kept = before.iter().rposition(|&rune| rune != runes::RUNE_ERROR);
                kept.map_or(0, |last| last + 1)
            }
            Class::Upper | Class::Alphabet => self.run(from, is_small),
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
pub fn joined_case(bytes: &[u8], connector: char) -> Vec<u8> {
    let all: Vec<char> = runes::all(bytes).collect();
    let mut words = Words { rest: &all, bytes };
    let mut joiner = Joiner { out: Vec::with_capacity(bytes.len() + 8), connector };
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
    out: Vec<u8>,
    connector: char,
}

impl Joiner {
    /// Broken bytes stay in words that do not change.
    fn push(&mut self, word: Word<'_>) {
        if !matches!(word.class, Class::Upper | Class::Connector) {
            self.out.extend_from_slice(word.bytes);
            return;
        }
        for &found in word.runes {
            let changed = match found {
                found if connects(found) => self.connector,
                found if runes::is_upper(found) => runes::to_lower(found),
                found => found,
            };
            rune::push(&mut self.out, changed);
        }
    }

    fn connect_before(&mut self, next: Class) {
        if !matches!(next, Class::Connector | Class::Punctuation) {
            rune::push(&mut self.out, self.connector);
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
        rune::push(&mut self.out, self.connector);
        self.push(number);
        self.after_number(next, words)
    }
}
