//! Go's `fmt`: verbs, flags, widths, and what goes wrong in them.

mod layout;
mod printer;
mod printf;

use printer::Printer;
pub use printer::TooDeep;

use crate::value::Value;

/// `%q` of a string.
pub fn quoted(text: &[u8]) -> String {
    strconv::quote(text)
}

/// `%#U` of a rune.
pub fn unicode_point(rune: char) -> String {
    let code = u32::from(rune);
    if strconv::is_print(code) { format!("U+{code:04X} '{rune}'") } else { format!("U+{code:04X}") }
}

/// Appends what Go's `Fprintf` writes.
pub fn append_format(out: &mut Vec<u8>, format: &[u8], args: &[Value]) -> Result<(), TooDeep> {
    let mut printer = Printer::new(out);
    printer.print_format(format, args);
    printer.finish()
}

/// Go's `Sprintf`. A value nested without end is cut.
pub fn sprintf(format: &[u8], args: &[Value]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len() + 16);
    match append_format(&mut out, format, args) {
        Ok(()) | Err(TooDeep) => out,
    }
}

/// Appends what Go's `Fprint` writes: a space between two operands of which neither is a string.
pub fn append_all(out: &mut Vec<u8>, args: &[Value]) -> Result<(), TooDeep> {
    let mut printer = Printer::new(out);
    let mut after_text = true;
    for arg in args {
        let is_text = matches!(arg, Value::Str(_));
        if !is_text && !after_text {
            printer.out.push(b' ');
        }
        printer.arg(arg, 'v');
        after_text = is_text;
    }
    printer.finish()
}

/// Go's `Sprint`. A value nested without end is cut.
pub fn sprint(args: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    match append_all(&mut out, args) {
        Ok(()) | Err(TooDeep) => out,
    }
}

/// Appends what Go's `Fprintln` writes.
pub fn append_line(out: &mut Vec<u8>, args: &[Value]) -> Result<(), TooDeep> {
    let mut printer = Printer::new(out);
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            printer.out.push(b' ');
        }
        printer.arg(arg, 'v');
    }
    printer.out.push(b'\n');
    printer.finish()
}

/// Go's `Sprintln`. A value nested without end is cut.
pub fn sprintln(args: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    match append_line(&mut out, args) {
        Ok(()) | Err(TooDeep) => out,
    }
}

/// Appends `%v` of a value. A value nested without end is cut.
pub fn print(out: &mut Vec<u8>, value: &Value) {
    match append(out, value) {
        Ok(()) | Err(TooDeep) => {}
    }
}

/// Appends `%v` of a value.
pub fn append(out: &mut Vec<u8>, value: &Value) -> Result<(), TooDeep> {
    match value {
        Value::Str(text) => out.extend_from_slice(text),
        Value::Int(n) | Value::Int64(n) => strconv::append_int(out, *n),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Float64(n) => layout::append_plain_float(out, *n),
        other => {
            let mut printer = Printer::new(out);
            printer.arg(other, 'v');
            return printer.finish();
        }
    }
    Ok(())
}

/// Appends an object as an action prints it: a pointer is followed first.
pub fn append_pointee(out: &mut Vec<u8>, value: &Value) -> Result<(), TooDeep> {
    let mut printer = Printer::new(out);
    printer.pointee(value);
    printer.finish()
}
