//! Numbers of schemas: exact divisibility, and how they are printed in English.

/// Whether `value` is a whole multiple of `step`, in decimal: 0.3 is one of 0.1.
pub(super) fn is_multiple(value: f64, step: f64) -> bool {
    let (Some((value, value_exponent)), Some((step, step_exponent))) =
        (decimal(value), decimal(step))
    else {
        return false;
    };
    if step == 0 {
        return false;
    }
    let lowest = value_exponent.min(step_exponent);
    let scaled = |digits: i128, exponent: i32| {
        let factor = 10_i128.checked_pow(u32::try_from(exponent - lowest).ok()?)?;
        digits.checked_mul(factor)
    };
    match (scaled(value, value_exponent), scaled(step, step_exponent)) {
        (Some(value), Some(step)) => value % step == 0,
        // Beyond 38 digits apart: a number that large and whole is a multiple of any plain step.
        (None, Some(_)) => true,
        _ => value == 0,
    }
}

/// The shortest decimal digits of a number and their exponent.
fn decimal(number: f64) -> Option<(i128, i32)> {
    if !number.is_finite() {
        return None;
    }
    let text = strconv::format_float(number, b'e', None, 64);
    let (digits, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some((digits, exponent - i32::try_from(fraction.len()).ok()?))
}

/// A float as the English printer shows it: `1,234.5`, `2×10⁰⁶`.
pub(super) fn show(number: f64) -> String {
    let text = strconv::format_float(number, b'g', None, 64);
    let Some((mantissa, exponent)) = text.split_once('e') else {
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let grouped = group(whole);
        return if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") };
    };
    let raised: String = exponent
        .chars()
        .filter_map(|c| match c {
            '-' => Some('⁻'),
            '+' => None,
            digit => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize),
        })
        .collect();
    format!("{mantissa}×10{raised}")
}

/// A count as the English printer shows it: `1,234`.
pub(super) fn show_count(count: usize) -> String {
    group(&count.to_string())
}

fn group(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
    let mut out = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
