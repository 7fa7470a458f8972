//! What is recognised is what the parser says; nothing else is recognised.

use super::{Step, recognise};
use crate::parse::{EventKind, Parser};

/// The steps as the parser gives them; none where there is a fault, an anchor or a tag, or more
/// than one document.
fn parsed(text: &str) -> Option<Vec<Step<'_>>> {
    let mut parser = Parser::new(text);
    let mut steps = Vec::new();
    let mut documents = 0;
    loop {
        match parser.next_event().ok()?.kind {
            EventKind::StreamEnd => return (documents == 1).then_some(steps),
            EventKind::StreamStart | EventKind::DocumentEnd => {}
            EventKind::DocumentStart => documents += 1,
            EventKind::Scalar { value, implicit, properties: None, .. } => {
                steps.push(Step::Scalar { value, plain: implicit });
            }
            EventKind::SequenceStart(None) => steps.push(Step::SequenceStart),
            EventKind::SequenceEnd => steps.push(Step::SequenceEnd),
            EventKind::MappingStart(None) => steps.push(Step::MappingStart),
            EventKind::MappingEnd => steps.push(Step::MappingEnd),
            _ => return None,
        }
    }
}

/// Texts with every construct that is recognised, and many that are close to one.
const SEEDS: &[&str] = &[
    "# Source: web/templates/deployment.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  \
     name: web  # the name\n  labels: {app: web, \"tier\": front}\n  annotations:\n    \
     example.org/a: \"x: \\\"y\\\" \\\\ \\n\"\n    'b c': 'it''s'\nspec:\n  replicas: 2\n  \
     template:\n    spec:\n      containers:\n      - name: web\n        image: \"web:1.2\"\n        \
     args: [\"--port\", '80', -v, a/b.c]\n        command:\n          - sh\n          - -c\n          \
     - |\n            set -e\n\n              echo 1\n            exit\n        resources: {}\n        \
     env: []\n      -   name: two\n          \n          ports:\n          - containerPort: 80\n",
    "a: |-\n  x\n  \n   y\nb: >\n  one\n  two\n\n  three\n   more\n  end\nc: |+\n  z\n\n\nd:\n- e\n-\n- - f\n  - g\n",
    "- a:\n  - b: 1\n    c:\n      d\n  - e\n-\n  f: g\n- h # i\n- -j: k\n",
    "k: >-\n\n  folded\n  text\n\n# comment\nl: \"\"\nm: ''\nnn: ~\no: a:b#c\np: 1.5\nq:\n  # r\n  s: t\n",
    "{a: 1} # b\n",
    "a\n b\nc # d\n",
    "|\n a\n",
    "a: [b, {c: d, e: [f]}, \"g\"] # h\ni: [ ]\nj: { k: -l }\n",
    "---\na: one\n  two  \n  [three] - # four\nb:\n  one\n   'two'\nc:\n- d\n  |e\n f\ng: h\n",
    "été: ça va\nnaïve: |\n  œuf\n",
];

/// A small generator of numbers; the same seed gives the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// How often every seed is mutated. Run with a million after a change of the rules.
const ROUNDS: usize = 700;

/// What mutations put in: everything that means something.
const PIECES: &[&str] = &[
    " ", "  ", "\n", "\n\n", "\n ", "\n  ", ":", ": ", ":\n", "- ", "-", "-\n", "#", " #", "\t",
    "'", "''", "\"", "\\", "\\n", "|", "|\n", "|-", "|2\n", ">", ">+\n", "[", "]", "[]", "{", "}",
    "{}", ",", ", ", "?", "? ", "&a ", "*a", "!", "!!str ", "%", "@", "`", "---\n", "...\n",
    "<<: ", "x", "x: y\n", "- x\n", "é", "\u{85}", "\u{2028}", "\u{feff}", "\r\n", "0", ".inf",
    "=", "~", "\0",
];

fn mutated(text: &str, random: &mut Random) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len() + 1);
        match random.below(4) {
            0 => {
                let end = text.len().min(at + 1 + random.below(4));
                text.drain(at..end);
            }
            1 => {
                // A piece of the text itself, often whole lines with their indentation.
                let start = random.below(text.len() + 1);
                let end = text.len().min(start + random.below(30));
                let piece: Vec<char> = text[start..end].to_vec();
                text.splice(at..at, piece);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                text.splice(at..at, piece.chars());
            }
        }
    }
    text.into_iter().filter(|rune| *rune != '\0').collect()
}

/// Compares, and tells whether the text was recognised.
fn check(text: &str) -> bool {
    let Some(steps) = recognise(text) else { return false };
    assert_eq!(Some(steps), parsed(text), "{text:?}");
    true
}

#[test]
fn recognises_the_plain_shape() {
    for text in SEEDS {
        assert!(check(text), "{text:?}");
    }
}

#[test]
fn gives_up_on_the_rest() {
    let odd = [
        "",
        "a\nb: c",
        "{a: 1}\nb: c",
        "{a: 1}: b",
        "a: b: c",
        "1: a",
        "<<: a",
        "{true: a}",
        "a: .inf",
        "a: [-.inf]",
        "a: {1: b}",
        "a: - b",
        "a:\n b: 1\n  c: 2",
        "a: 'b\n  c'",
        "a: &b c",
        "a: *b",
        "a: !c d",
        "a:\tb",
        "? a",
        "a: |2\n  b",
        "a: b\n---\nc: d",
        "a: [b,]",
        "a: [b\n]",
        "a: \"\\x41\"",
        "a : b",
        "a: \"b\"#c",
        "- a\nb: c",
        "a: b\r\n",
        "a: %b",
    ];
    for text in odd {
        assert_eq!(recognise(text), None, "{text:?}");
    }
}

#[test]
fn agrees_with_the_parser_on_mutations() {
    let mut random = Random(20_260_729);
    let mut recognised = 0;
    for _ in 0..ROUNDS {
        for seed in SEEDS {
            let mut text = mutated(seed, &mut random);
            recognised += usize::from(check(&text));
            text = mutated(&text, &mut random);
            recognised += usize::from(check(&text));
        }
    }
    // Otherwise the mutations tell little.
    assert!(recognised > 1000, "only {recognised} texts were recognised");
}
