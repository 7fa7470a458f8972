//! How Go's `fmt` prints a frozen value: Helm puts values into its warnings and errors.
//!
//! Not here: `printf` of templates, which knows all verbs and kinds.

use super::{Plain, Table};

/// `%v`.
pub fn go_value(value: &Plain) -> String {
    let mut out = String::new();
    write_value(&mut out, value, &|out, scalar| match scalar {
        Plain::Null => out.push_str("<nil>"),
        Plain::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Plain::Int(number) => out.push_str(&number.to_string()),
        Plain::Float(number) => out.push_str(&float(*number)),
        Plain::Str(text) => out.push_str(&text.to_text()),
        Plain::List(_) | Plain::Map(_) => {}
    });
    out
}

/// `%t`, which only fits booleans and complains about the rest.
pub fn go_verb_t(value: &Plain) -> String {
    if *value == Plain::Null {
        return "%!t(<nil>)".to_owned();
    }
    let mut out = String::new();
    write_value(&mut out, value, &|out, scalar| match scalar {
        Plain::Null => out.push_str("<nil>"),
        Plain::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Plain::Int(number) => out.push_str(&misfit("int64", &number.to_string())),
        Plain::Float(number) => out.push_str(&misfit("float64", &float(*number))),
        Plain::Str(text) => out.push_str(&misfit("string", &text.to_text())),
        Plain::List(_) | Plain::Map(_) => {}
    });
    out
}

/// The Go type, as `%T` prints it.
pub fn go_type(value: &Plain) -> &'static str {
    match value {
        Plain::Null => "<nil>",
        Plain::Bool(_) => "bool",
        Plain::Int(_) => "int64",
        Plain::Float(_) => "float64",
        Plain::Str(_) => "string",
        Plain::List(_) => "[]interface {}",
        Plain::Map(_) => "map[string]interface {}",
    }
}

fn misfit(kind: &str, shown: &str) -> String {
    format!("%!t({kind}={shown})")
}

fn float(number: f64) -> String {
    strconv::format_float(number, b'g', None, 64)
}

fn write_value(out: &mut String, value: &Plain, scalar: &dyn Fn(&mut String, &Plain)) {
    match value {
        Plain::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                write_value(out, item, scalar);
            }
            out.push(']');
        }
        Plain::Map(table) => write_table(out, table, scalar),
        other => scalar(out, other),
    }
}

fn write_table(out: &mut String, table: &Table, scalar: &dyn Fn(&mut String, &Plain)) {
    out.push_str("map[");
    for (index, (key, value)) in table.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        scalar(out, &Plain::Str(key.clone()));
        out.push(':');
        write_value(out, value, scalar);
    }
    out.push(']');
}
