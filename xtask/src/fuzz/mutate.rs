//! Changes texts: by characters and lines, with a dictionary of what the language's scanners look
//! for; and by tokens of template actions.

use super::chance::Chance;

/// What YAML's scanner looks for.
pub const YAML_WORDS: &[&str] = &[
    ": ",
    "- ",
    "? ",
    "\n",
    "\n  ",
    "\t",
    "#",
    " #",
    "&a ",
    "*a",
    "!!str ",
    "!!int ",
    "!!binary ",
    "!x ",
    "|",
    "|-\n",
    "|+\n",
    ">\n",
    ">2\n",
    "'",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "<<: *a",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\\u263a",
    "\\x41",
    "~",
    "null",
    "yes",
    "0x1F",
    "0o7",
    "1e3",
    ".inf",
    ".nan",
    "1_000",
    "2001-01-01",
    "@",
    "`",
    "=",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "\r\n",
];

/// What TOML's scanner looks for.
pub const TOML_WORDS: &[&str] = &[
    "a = ",
    "a.b = ",
    "\"\" = ",
    "[",
    "]",
    "[[",
    "]]",
    "[a]\n",
    "[[a]]\n",
    "[a.b]\n",
    "{",
    "}",
    "{a = 1}",
    ",",
    ".",
    "=",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "#",
    "\"",
    "\"\"\"",
    "'",
    "'''",
    "\\",
    "\\n",
    "\\x4",
    "\\u00e9",
    "\\ud800",
    "\\U0001f600",
    "\\ \n",
    "true",
    "false",
    "inf",
    "nan",
    "+",
    "-",
    "_",
    "0",
    "1",
    "0x",
    "0o7",
    "0b1",
    "1e3",
    "1.5",
    "9223372036854775808",
    "1979-05-27",
    "07:32:00",
    "T",
    "Z",
    "é",
    "\u{0}",
    "\u{7f}",
    "\u{feff}",
];

/// What the template language's scanner looks for.
pub const TEMPLATE_WORDS: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    " | ",
    "(",
    ")",
    "$",
    "$x",
    ":=",
    "=",
    ",",
    ".",
    ".Values",
    "\"",
    "`",
    "'a'",
    "'",
    "\\",
    "/*",
    "*/",
    "{{/*",
    "*/}}",
    "if ",
    "else",
    "end",
    "range ",
    "with ",
    "define ",
    "template ",
    "block ",
    "break",
    "continue",
    "nil",
    "true",
    "0",
    "-1",
    "1e3",
    "0x10",
    "1i",
    "1_0",
    "\n",
    "\t",
    " ",
    "é",
    "\u{0}",
    "include \"t\" .",
    "tpl \"{{ . }}\" .",
    "printf \"%v\"",
    "index ",
];

/// Changes a text a few times.
pub fn characters(text: &str, others: &[String], words: &[&str], chance: &mut Chance) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=chance.below(4) {
        let at = chance.below(text.len() + 1);
        let some = (1 + chance.below(8)).min(text.len() - at);
        match chance.below(7) {
            0 => drop(text.drain(at..at + some)),
            1 => {
                let piece: Vec<char> = text[at..at + some].to_vec();
                insert(&mut text, at, &piece);
            }
            2 => {
                let word: Vec<char> = chance.pick(words).map_or("", |word| word).chars().collect();
                insert(&mut text, at, &word);
            }
            3 => {
                let word: Vec<char> = chance.pick(words).map_or("", |word| word).chars().collect();
                text.splice(at..at + some, word);
            }
            4 => {
                let other: Vec<char> = chance.pick(others).map_or("", |o| o).chars().collect();
                let from = chance.below(other.len() + 1);
                let end = (from + 1 + chance.below(40)).min(other.len());
                insert(&mut text, at, &other[from..end]);
            }
            5 => {
                let other: Vec<char> = chance.pick(others).map_or("", |o| o).chars().collect();
                text.truncate(at);
                text.extend(other.iter().skip(chance.below(other.len() + 1)));
            }
            _ => move_line(&mut text, chance),
        }
    }
    text.into_iter().collect()
}

fn insert(text: &mut Vec<char>, at: usize, piece: &[char]) {
    text.splice(at..at, piece.iter().copied());
}

/// Takes a line out and puts it elsewhere, perhaps further in.
fn move_line(text: &mut Vec<char>, chance: &mut Chance) {
    let whole: String = text.iter().collect();
    let mut lines: Vec<String> = whole.split('\n').map(str::to_owned).collect();
    let line = lines.remove(chance.below(lines.len()));
    let indented = format!("{}{line}", " ".repeat(chance.below(4)));
    lines.insert(chance.below(lines.len() + 1), indented);
    *text = lines.join("\n").chars().collect();
}

/// The tokens of all actions of some templates, by class.
#[derive(Default)]
pub struct Pool {
    pub(super) names: Vec<String>,
    pub(super) operands: Vec<String>,
}

impl Pool {
    /// Gathers the tokens.
    pub fn of(templates: &[String]) -> Self {
        let mut pool = Self::default();
        for template in templates {
            for token in tokens(template).into_iter().filter(|token| token.in_action) {
                if is_name(token.text) {
                    pool.names.push(token.text.to_owned());
                } else if is_operand(token.text) {
                    pool.operands.push(token.text.to_owned());
                }
            }
        }
        pool.names.sort();
        pool.names.dedup();
        pool.operands.sort();
        pool.operands.dedup();
        pool
    }

    /// Changes a template's actions a few times, mostly keeping them well formed.
    pub fn change(&self, template: &str, chance: &mut Chance) -> String {
        let mut words: Vec<(String, bool)> =
            tokens(template).into_iter().map(|t| (t.text.to_owned(), t.in_action)).collect();
        for _ in 0..=chance.below(3) {
            let places: Vec<usize> = (0..words.len())
                .filter(|at| words[*at].1 && (is_name(&words[*at].0) || is_operand(&words[*at].0)))
                .collect();
            let Some(at) = chance.pick(&places).copied() else { break };
            let operand = chance.pick(&self.operands).cloned().unwrap_or_default();
            let name = chance.pick(&self.names).cloned().unwrap_or_default();
            let old = &words[at].0;
            let new = match chance.below(6) {
                0 | 1 if is_name(old) => name,
                0 | 1 => operand,
                2 => format!("{old} {operand}"),
                3 => format!("({name} {old})"),
                4 if is_operand(old) => format!("({name} {operand} {old})"),
                _ if is_operand(old) => format!("{old} | {name}"),
                _ => format!("{old} ({name} {operand})"),
            };
            words[at].0 = new;
        }
        words.into_iter().map(|(word, _)| word).collect()
    }
}

/// The texts in quotes in a template's actions, without their quotes and escapes.
pub fn texts(template: &str) -> Vec<String> {
    let quoted = |text: &str| match text.chars().next()? {
        '`' => Some(text.trim_matches('`').to_owned()),
        '"' => serde_json::from_str(text).ok(),
        _ => None,
    };
    tokens(template).iter().filter_map(|token| quoted(token.text)).collect()
}

struct Token<'a> {
    text: &'a str,
    in_action: bool,
}

/// Words that build blocks; changing them is the business of the other target.
const KEYWORDS: &[&str] =
    &["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"];

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !KEYWORDS.contains(&text)
        && !["true", "false", "nil"].contains(&text)
}

fn is_operand(text: &str) -> bool {
    let starts = |c: char| c.is_ascii_digit() || "\"`'.$-".contains(c);
    ["true", "false", "nil"].contains(&text) || text.starts_with(starts) && text != "-"
}

/// Cuts a template into texts, spaces, brackets, quoted strings and words.
fn tokens(template: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = template;
    let mut in_action = false;
    while !rest.is_empty() {
        let length =
            if in_action { action_token(rest) } else { rest.find("{{").unwrap_or(rest.len()) };
        let (text, after) = if !in_action && length == 0 {
            in_action = true;
            rest.split_at(2)
        } else {
            rest.split_at(length)
        };
        let opens_or_closes = text == "{{" || text == "}}";
        found.push(Token { text, in_action: in_action && !opens_or_closes });
        if text == "}}" {
            in_action = false;
        }
        rest = after;
    }
    found
}

fn action_token(rest: &str) -> usize {
    if rest.starts_with("}}") {
        return 2;
    }
    let first = rest.chars().next().unwrap_or(' ');
    if let '"' | '`' | '\'' = first {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            if c == first && !escaped {
                return at + c.len_utf8();
            }
            escaped = c == '\\' && first != '`' && !escaped;
        }
        return rest.len();
    }
    let ends = |c: char| c.is_whitespace() || "()|,}\"`'".contains(c);
    if ends(first) {
        return first.len_utf8();
    }
    rest.find(ends).unwrap_or(rest.len())
}
