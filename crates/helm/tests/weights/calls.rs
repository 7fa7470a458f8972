//! Calls of a function with arguments of the types that it states.

use gotmpl::function::{Function, Param};
use gotmpl::value::Elem;

/// The given values, some of them large.
pub fn values() -> String {
    let words = "aB-c, ".repeat(2000);
    let entries: Vec<String> = (0..500).map(|number| format!("{number}: {number}")).collect();
    let entries = entries.join(", ");
    let mut deep = "{a: 1}".to_owned();
    for _ in 0..7 {
        deep = format!("{{a: {deep}, b: [1, {deep}]}}");
    }
    [
        ("long", "x".repeat(20_000)),
        ("mixed", "aB c-1_é\\n: /,ß%".repeat(1500)),
        ("lines", "a: b\\n".repeat(4000)),
        ("digits", "1".repeat(10_000)),
        ("spaces", "\\u2003".repeat(5000)),
        ("json", format!("[{}1]", "{\\\"a\\\": [1]}, ".repeat(2000))),
    ]
    .map(|(name, text)| format!("{name}: \"{text}\"\n"))
    .concat()
        + &format!("words: [{words}]\ndict: {{{entries}}}\ndeep: {deep}\n")
}

/// The variables of a call.
pub fn setup(call: &str) -> String {
    let mut out = String::new();
    for word in call.split(|c: char| c != '$' && !c.is_ascii_alphanumeric()) {
        let Some(name) = word.strip_prefix('$') else { continue };
        let made = match name {
            "numbers" => "until 2000".to_owned(),
            "pairs" => "chunk 2 (until 2000)".to_owned(),
            "time" => "now".to_owned(),
            "ca" => "genCA \"a\" 1".to_owned(),
            _ => format!(".Values.{name}"),
        };
        out += &format!("{{{{ ${name} := {made} }}}}");
    }
    out
}

const TEXTS: &[&str] = &[
    "\"x\"",
    "$long",
    "$mixed",
    "$lines",
    "$digits",
    "$spaces",
    "$json",
    "\"\"",
    "\"1.2.3\"",
    "\"a*\"",
    "\"x*y|x\"",
];
const NUMBERS: &[&str] = &["1", "0", "3", "100", "2000", "-1"];
const FLOATS: &[&str] = &["1.5", "1e300"];
const LISTS: &[&str] = &["$numbers", "$words", "$pairs", "(list)", "(list $deep $deep)"];
const MAPS: &[&str] = &["$dict", "$deep", "(dict)", "(dict \"a\" $long)"];

/// Arguments of a parameter's type; none where the type is not known here.
fn arguments(param: Param) -> Vec<&'static str> {
    match param {
        Param::Bool => vec!["true", "false"],
        Param::Int | Param::Int64 => NUMBERS.to_vec(),
        Param::Float64 => FLOATS.to_vec(),
        Param::Str => TEXTS.to_vec(),
        Param::List(Elem::Any) => LISTS.to_vec(),
        Param::List(_) => vec!["(toStrings $words)"],
        Param::Map(_) => MAPS.to_vec(),
        Param::Named("time.Time") => vec!["$time"],
        Param::Named("sprig.certificate") => vec!["$ca"],
        Param::Named(_) => Vec::new(),
        Param::Any | Param::Reflect => {
            [TEXTS, LISTS, MAPS, &NUMBERS[..2], FLOATS, &["$time", "nil"]].concat()
        }
    }
}

/// Calls of a function with the same argument everywhere, as far as its types allow, and with
/// different ones. Nobody can call a function of an unknown type.
pub fn of(function: &Function) -> Vec<String> {
    let mut params = function.params.to_vec();
    if function.variadic {
        params.extend(params.last().copied());
    }
    let choices: Vec<_> = params.iter().map(|param| arguments(*param)).collect();
    assert!(!choices.iter().any(Vec::is_empty), "{}: which arguments?", function.name);
    let most = choices.iter().map(Vec::len).max().unwrap_or(1);
    let mut all = Vec::new();
    for turn in 0..most {
        for stride in [0, 1, 3] {
            let mut call = function.name.to_owned();
            for (index, those) in choices.iter().enumerate() {
                call = call + " " + those[(turn + index * stride) % those.len()];
            }
            all.push(call);
        }
    }
    all.sort();
    all.dedup();
    all
}
