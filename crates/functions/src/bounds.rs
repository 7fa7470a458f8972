//! The bounds that keep a hostile chart from filling the memory, and Go's words for its own.

use gotmpl::function::{Call, Failure};
use gotmpl::machine::Machine;
use gotmpl::value::Value;

/// The longest text that one call may make. No object may be larger than a few megabytes in a
/// cluster, so this is far beyond any use.
pub const MAX_TEXT_BYTES: usize = 256 << 20;

/// The most elements that `until` and its like may make: half a gigabyte of list at worst.
pub const MAX_ELEMENTS: usize = 5_000_000;

/// What a text costs in steps that was not written in the end: most of a value may have been gone
/// through before the fault was met.
const FAILED_STEPS: u64 = 2_000_000;

/// Charges for reading or writing a document of so many bytes, each of which takes as long as a
/// step; `None` is a document that could not be written.
pub fn charge_document(call: &mut Call<'_, '_>, bytes: Option<usize>) -> Result<(), Failure> {
    call.machine.charge(bytes.map_or(FAILED_STEPS, |bytes| bytes as u64))
}

/// Charges for a text argument that is not just looked at but decoded rune by rune, or quoted in an
/// error: a step for every other byte.
pub fn charge_runes(call: &mut Call<'_, '_>, index: usize) -> Result<(), Failure> {
    let Value::Str(text) = call.any(index) else { return Ok(()) };
    call.machine.charge(text.len() as u64 / 2)
}

/// Charges for a text that a value was printed to for its sake alone: it is not given back.
pub fn charge_printed(machine: &mut Machine<'_>, text: &[u8]) -> Result<(), Failure> {
    machine.charge(text.len() as u64 / 8)
}

/// Charges for lists, maps and objects that a function has printed to so many bytes, which takes
/// longer than to copy them.
pub fn charge_nested(call: &mut Call<'_, '_>, bytes: usize) -> Result<(), Failure> {
    let nests = |value: &Value| matches!(value, Value::List(_) | Value::Map(_) | Value::Object(_));
    if call.args.iter().any(nests) { call.machine.charge(bytes as u64 / 8) } else { Ok(()) }
}

/// Fails when a text would be longer than [`MAX_TEXT_BYTES`].
pub fn check_text(bytes: Option<usize>) -> Result<usize, Failure> {
    bytes.filter(|&bytes| bytes <= MAX_TEXT_BYTES).ok_or_else(|| {
        Failure::new(format!("the resulting text would be longer than {MAX_TEXT_BYTES} bytes"))
    })
}

/// Fails when a list would have more than [`MAX_ELEMENTS`].
pub fn check_elements(count: usize) -> Result<(), Failure> {
    if count <= MAX_ELEMENTS {
        return Ok(());
    }
    Err(Failure::new(format!("the list would have more than {MAX_ELEMENTS} elements")))
}

/// Go's `text[from:to]`, with its words for indices out of range.
pub fn slice_text(text: &[u8], from: Option<i64>, to: Option<i64>) -> Result<&[u8], Failure> {
    let length = text.len() as i64;
    let end = to.unwrap_or(length);
    let start = from.unwrap_or(0);
    let range = if !(0..=length).contains(&end) {
        if end < 0 { format!("[:{end}]") } else { format!("[:{end}] with length {length}") }
    } else if start < 0 {
        format!("[{start}:]")
    } else if start > end {
        format!("[{start}:{end}]")
    } else {
        return Ok(&text[start as usize..end as usize]);
    };
    Err(Failure::new(format!("runtime error: slice bounds out of range {range}")))
}

/// Go's panic at a nil pointer, such as a function of `reflect` on a nil interface meets.
pub fn nil_pointer() -> Failure {
    Failure::new("runtime error: invalid memory address or nil pointer dereference")
}
