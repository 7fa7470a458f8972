//! Amounts as Kubernetes writes them: `250m`, `1.5Gi`, `2e3`.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>

use serde_json::Value;

/// The units, with how many of one they are: as a power of 1000, or of 1024.
const UNITS: &[(&str, i128, u32)] = &[
    ("Ki", 1024, 1),
    ("Mi", 1024, 2),
    ("Gi", 1024, 3),
    ("Ti", 1024, 4),
    ("Pi", 1024, 5),
    ("Ei", 1024, 6),
    ("k", 1000, 1),
    ("M", 1000, 2),
    ("G", 1000, 3),
    ("T", 1000, 4),
    ("P", 1000, 5),
    ("E", 1000, 6),
];

/// Digits beyond these are of no amount that there is.
const DIGITS: usize = 18;

/// An amount in thousandths, rounded up; nothing where the text is none.
pub fn quantity(text: &str) -> Option<i128> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = !(whole.is_empty() && fraction.is_empty())
        && whole.len() <= DIGITS
        && fraction.len() <= DIGITS
        && all_digits(fraction);
    if !is_number {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let of_unit = match unit {
        "" => 1000,
        "m" => 1,
        "u" | "n" => return Some(0),
        _ => match UNITS.iter().find(|(name, ..)| *name == unit) {
            Some((_, base, power)) => base.pow(*power) * 1000,
            None => 10_i128.pow(exponent(unit)?) * 1000,
        },
    };
    let thousandths = digits.checked_mul(of_unit)?;
    Some((thousandths + scale - 1) / scale)
}

/// `e3`, `E3`.
fn exponent(unit: &str) -> Option<u32> {
    let digits = unit.strip_prefix(['e', 'E'])?;
    digits.parse().ok().filter(|power| *power <= 18)
}

/// The amount that a value of an object is: a text or a number.
pub fn quantity_of(value: &Value) -> Option<i128> {
    match value {
        Value::String(text) => quantity(text),
        Value::Number(number) => quantity(&number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn amounts_are_read_as_kubernetes_reads_them() {
        let right = [
            ("1", 1000),
            ("250m", 250),
            ("0.1", 100),
            (".5", 500),
            ("1.", 1000),
            ("1.5Gi", 1024 * 1024 * 1024 * 1500),
            ("128M", 128_000_000_000),
            ("2e3", 2_000_000),
            ("1E", 1_000_000_000_000_000_000_000),
            ("0.0001", 1),
            ("3n", 0),
        ];
        for (text, thousandths) in right {
            assert_eq!(quantity(text), Some(thousandths), "{text}");
        }
        for text in ["", "Gi", "1 Gi", "1gb", "-1", "1.2.3", "e3", "1e99", "9999999999999999999"] {
            assert_eq!(quantity(text), None, "{text}");
        }
    }
}
