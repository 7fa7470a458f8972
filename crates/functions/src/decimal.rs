//! Exact decimal numbers, so that `addf 0.1 0.2` is `0.3`: what shopspring's library does for Sprig.

use gotmpl::function::Failure;
use num_bigint::BigInt;

/// How many places a quotient keeps.
const DIVISION_PLACES: i32 = 16;

/// The longest number that a calculation may make, in decimal digits. Floats reach 10^308, so a
/// handful of factors already fill it; Go would go on until the memory ends.
const MAX_DIGITS: i64 = 100_000;

/// `digits × 10^exponent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: BigInt,
    exponent: i32,
}

impl Decimal {
    /// The shortest decimal that reads back as `float`.
    pub fn from_float(float: f64) -> Result<Self, Failure> {
        if !float.is_finite() {
            let name = if float.is_nan() { "NaN" } else { "Inf" };
            let sign = match (float.is_nan(), float < 0.0) {
                (true, _) => "",
                (false, true) => "-",
                (false, false) => "+",
            };
            return Err(Failure::new(format!("Cannot create a Decimal from {sign}{name}")));
        }
        let text = strconv::format_float(float, b'e', None, 64);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
        let digits = mantissa.replace('.', "").parse().unwrap_or_default();
        Ok(Self { digits, exponent: exponent.parse::<i32>().unwrap_or(0) - places })
    }

    /// The nearest float.
    pub fn to_float(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The sum.
    #[must_use]
    pub fn add(self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        Self { digits: self.scaled(exponent) + other.scaled(exponent), exponent }
    }

    /// The product.
    #[must_use]
    pub fn multiply(self, other: &Self) -> Self {
        Self {
            digits: self.digits * &other.digits,
            exponent: self.exponent.saturating_add(other.exponent),
        }
    }

    /// The quotient, rounded half away from zero to sixteen places.
    pub fn divide(self, other: &Self) -> Result<Self, Failure> {
        if other.digits == BigInt::ZERO {
            return Err(Failure::new("decimal division by 0"));
        }
        // Both are floats or quotients, whose exponents are small.
        let shift = self.exponent.saturating_sub(other.exponent).saturating_add(DIVISION_PLACES);
        let power = BigInt::from(10).pow(shift.unsigned_abs());
        let (numerator, denominator) = if shift < 0 {
            (self.digits, &other.digits * power)
        } else {
            (self.digits * power, other.digits.clone())
        };
        let quotient = &numerator / &denominator;
        let remainder = &numerator - &quotient * &denominator;
        let negative = (numerator < BigInt::ZERO) != (denominator < BigInt::ZERO);
        let rounds_up = magnitude(remainder) * 2 >= magnitude(denominator);
        let step = BigInt::from(i32::from(rounds_up) * if negative { -1 } else { 1 });
        Ok(Self { digits: quotient + step, exponent: -DIVISION_PLACES })
    }

    /// How many machine words its digits fill.
    pub fn words(&self) -> u64 {
        self.digits.bits() / 64 + 1
    }

    /// The same number with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { digits: -&self.digits, exponent: self.exponent }
    }

    /// The digits at a smaller exponent. Exponents of floats differ by some six hundred at most, and
    /// products saturate, so the power is bounded.
    fn scaled(&self, exponent: i32) -> BigInt {
        let shift = i64::from(self.exponent) - i64::from(exponent);
        &self.digits * BigInt::from(10).pow(shift.clamp(0, MAX_DIGITS) as u32)
    }
}

fn magnitude(number: BigInt) -> BigInt {
    if number < BigInt::ZERO { -number } else { number }
}
