//! Another value in the place of one that is written: another name, another number, another word.

use config::{Field, Record, Shape, TextKind};

/// What may be written instead; which of them fits, building tells.
pub fn instead_of(written: &str, words: &[String]) -> Vec<String> {
    let written_trimmed = written.trim_end();
    let rest = &written[written_trimmed.len()..];
    let of_secret = written_trimmed.trim_matches(['"', '\'']).starts_with("${");
    let mut all: Vec<String> = match written_trimmed.chars().next() {
        None => vec!["x".to_owned(), "7".to_owned(), "true".to_owned()],
        Some(quote @ ('"' | '\'')) if written_trimmed.len() > 1 => {
            let inner = &written_trimmed[1..written_trimmed.len() - 1];
            let own = |text: String| {
                let text = if quote == '\'' { text.replace("'x'", "''x''") } else { text };
                format!("{quote}{text}{quote}")
            };
            texts(inner, words).into_iter().map(own).collect()
        }
        Some('|' | '>') => block(written_trimmed),
        Some('[' | '{') => flow(written_trimmed, words),
        Some(_) => plain(written_trimmed, words),
    };
    if of_secret {
        // Where a secret is.
        all.push("{secret: other, key: another}".to_owned());
    }
    all.retain(|one| one != written_trimmed);
    all.into_iter().map(|one| one + rest).collect()
}

fn plain(written: &str, words: &[String]) -> Vec<String> {
    match (written, written.parse::<i64>()) {
        ("true", _) => vec!["false".to_owned()],
        ("false", _) => vec!["true".to_owned()],
        (_, Ok(number)) => [number + 1, number - 1, 0].iter().map(ToString::to_string).collect(),
        _ => texts(written, words),
    }
}

/// A text without its quotes.
fn texts(written: &str, words: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    if let (Some(start), Some(end)) = (written.find("${"), written.rfind('}')) {
        let (before, inner, after) =
            (&written[..start], &written[start + 2..end], &written[end + 1..]);
        if before.is_empty() && after.is_empty() && !inner.contains("${") {
            let changed = [" + 1", " + 'x'", " + '0'", " + ['x']", " + ['10.9.0.0/16']"];
            all.extend(changed.map(|more| format!("${{({inner}){more}}}")));
            all.push(format!("${{!({inner})}}"));
            all.push(format!("${{({inner}).filter(one, false)}}"));
            all.push(format!("${{({inner}).orValue('x') + 'x'}}"));
            all.push("${{'x': 'x'}}".to_owned());
        }
    }
    if written.is_empty() {
        all.push("x".to_owned());
    }
    all.extend(number_within(written));
    for (mark, more) in [("://", "://x"), ("@", "x@")] {
        all.extend(written.split_once(mark).map(|(one, two)| format!("{one}{more}{two}")));
    }
    all.push(format!("x{written}"));
    all.push(format!("{written}x"));
    let is_word = written.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_word {
        all.extend(words.iter().filter(|word| !word.starts_with('{')).cloned());
    }
    all
}

/// The first number in a text, one greater: `50m`, `10.0.0.0/8`.
fn number_within(written: &str) -> Option<String> {
    if written.contains("${") {
        return None;
    }
    let start = written.find(|c: char| c.is_ascii_digit())?;
    let digits = written[start..].find(|c: char| !c.is_ascii_digit());
    let end = digits.map_or(written.len(), |length| start + length);
    let number: u64 = written[start..end].parse().ok()?;
    Some(format!("{}{}{}", &written[..start], number + 1, &written[end..]))
}

/// A text over several lines.
fn block(written: &str) -> Vec<String> {
    let mut all = vec![format!("{written}x")];
    if let (Some(start), Some(end)) = (written.find("${"), written.rfind('}')) {
        let inner = &written[start + 2..end];
        for more in [" + 'x'", " + 1", " + ['x']"] {
            all.push(format!("{}${{({inner}){more}}}{}", &written[..start], &written[end + 1..]));
        }
        let none = format!("${{({inner}).filter(one, false)}}");
        all.push(format!("{}{none}{}", &written[..start], &written[end + 1..]));
        all.push(format!("{}${{{{'x': 'x'}}}}{}", &written[..start], &written[end + 1..]));
    }
    all
}

/// An empty list or map.
fn flow(written: &str, words: &[String]) -> Vec<String> {
    let sections = words.iter().filter(|word| word.starts_with('{')).cloned();
    let all: &[&str] = match written {
        "[]" => &["[x]", "[10.9.0.0/16]", "[7]"],
        "{}" => &["{x: x}", "{x: {secret: x, key: x}}", "{x: 7}"],
        _ => &["[]", "{}"],
    };
    let all = all.iter().map(|one| (*one).to_owned());
    if written == "{}" { all.chain(sections).collect() } else { all.collect() }
}

/// Values that a setting may have, written in YAML on one line.
pub fn of_shape(shape: &Shape) -> Vec<String> {
    let one = |shape: &Shape| of_shape(shape).into_iter().next();
    let all: Vec<String> = match shape {
        Shape::Any | Shape::Raw => Vec::new(),
        Shape::Bool => vec!["true".to_owned(), "false".to_owned()],
        Shape::Int { .. } | Shape::Float => {
            [1, 2, 77, 7777].iter().map(ToString::to_string).collect()
        }
        Shape::Text(kind) => of_kind(*kind).iter().map(|text| format!("{text:?}")).collect(),
        Shape::OneOf(choices) => choices.iter().map(|choice| choice.word.clone()).collect(),
        Shape::Secret => vec!["{secret: other, key: another}".to_owned()],
        Shape::List(of) => one(of).map(|item| format!("[{item}]")).into_iter().collect(),
        Shape::Map(of) => one(of).map(|item| format!("{{some: {item}}}")).into_iter().collect(),
        Shape::Record(record) => of_record(record).into_iter().collect(),
    };
    all
}

fn of_record(record: &Record) -> Option<String> {
    let field = |field: &Field| {
        Some(format!("{}: {}", field.name, of_shape(&field.shape).into_iter().next()?))
    };
    let all: Option<Vec<String>> = record.fields.iter().map(field).collect();
    Some(format!("{{{}}}", all?.join(", ")))
}

fn of_kind(kind: TextKind) -> &'static [&'static str] {
    match kind {
        TextKind::Plain => &["another", "200"],
        TextKind::Name => &["another"],
        TextKind::Hostname => &["another.example"],
        TextKind::Url => &["https://another.example/there"],
        TextKind::Email => &["somebody@another.example"],
        TextKind::Network => &["10.9.0.0/16"],
        TextKind::Quantity => &["77", "77Mi"],
        TextKind::Duration => &["77s"],
    }
}

/// Every word that some choice of a configuration offers, and sections that maps may hold.
pub fn words_of(record: &Record) -> Vec<String> {
    let mut found = Vec::new();
    for field in &record.fields {
        choices(&field.shape, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn choices(shape: &Shape, found: &mut Vec<String>) {
    match shape {
        Shape::OneOf(choices) => found.extend(choices.iter().map(|choice| choice.word.clone())),
        Shape::List(of) => choices(of, found),
        Shape::Map(of) => {
            if matches!(**of, Shape::Record(_)) {
                found.extend(of_shape(shape));
            }
            choices(of, found);
        }
        Shape::Record(record) => {
            for field in &record.fields {
                choices(&field.shape, found);
            }
        }
        _ => {}
    }
}
