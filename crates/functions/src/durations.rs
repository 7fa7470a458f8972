//! Go's `time.Duration`: parsing, printing, methods; and Helm's functions on durations.
//!
//! Points in time are in `date`.

mod parse;

use std::any::Any;
use std::rc::Rc;

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{Kind, Method, Object, Value};

pub(crate) use parse::quote;
pub use parse::{DurationError, parse};

use crate::bounds;
use crate::numbers;
use crate::strings;

const ONE: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Any, Param::Any];

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Nanoseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;

/// The functions of this module. All but `mustToDuration` take what is no duration for none at all.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("durationDays", ONE, |call| float(call, |d| d.hours() / 24.0)),
    Function::pure("durationHours", ONE, |call| float(call, Duration::hours)),
    Function::pure("durationMicroseconds", ONE, |call| whole(call, 1_000)),
    Function::pure("durationMilliseconds", ONE, |call| whole(call, 1_000_000)),
    Function::pure("durationMinutes", ONE, |call| float(call, Duration::minutes)),
    Function::pure("durationNanoseconds", ONE, |call| whole(call, 1)),
    Function::pure("durationRoundTo", TWO, |call| to_multiple(call, Duration::round)),
    Function::pure("durationSeconds", ONE, |call| float(call, Duration::seconds)),
    Function::pure("durationTruncateTo", TWO, |call| to_multiple(call, Duration::truncate)),
    Function::pure("durationWeeks", ONE, |call| float(call, |d| d.hours() / 24.0 / 7.0)),
    Function::pure("mustToDuration", ONE, |call| {
        duration_of(call, 0)?.map(Value::from).map_err(|error| Failure::new(error.to_string()))
    }),
];

fn float(call: &mut Call<'_, '_>, unit: fn(Duration) -> f64) -> Result<Value, Failure> {
    Ok(Value::Float64(duration_of(call, 0)?.map_or(0.0, unit)))
}

fn whole(call: &mut Call<'_, '_>, nanoseconds: i64) -> Result<Value, Failure> {
    Ok(Value::Int64(duration_of(call, 0)?.map_or(0, |duration| duration.0 / nanoseconds)))
}

fn to_multiple(
    call: &mut Call<'_, '_>,
    operation: fn(Duration, Duration) -> Duration,
) -> Result<Value, Failure> {
    let Ok(duration) = duration_of(call, 0)? else { return Ok(Duration(0).into()) };
    Ok(duration_of(call, 1)?.map_or(duration, |multiple| operation(duration, multiple)).into())
}

fn duration_of(
    call: &mut Call<'_, '_>,
    index: usize,
) -> Result<Result<Duration, DurationError>, Failure> {
    bounds::charge_runes(call, index)?;
    Ok(as_duration(call.any(index)))
}

/// Helm's reading of a duration: durations, their text, and numbers and their text as seconds.
fn as_duration(value: &Value) -> Result<Duration, DurationError> {
    match value {
        Value::Nil => Err(DurationError::Nil),
        Value::Str(text) => {
            let trimmed = strings::trim_space(text);
            if trimmed.is_empty() {
                return Err(DurationError::Empty);
            }
            if let Ok(duration) = parse(trimmed) {
                return Ok(duration);
            }
            match strconv::parse_float(trimmed, 64) {
                Ok(seconds) => from_seconds(seconds),
                Err(_) => Err(DurationError::Unreadable(strconv::quote(text))),
            }
        }
        Value::Int(_) | Value::Int32(_) | Value::Int64(_) | Value::Uint8(_) => {
            from_whole_seconds(numbers::to_int64(value).into())
        }
        Value::Uint64(seconds) => from_whole_seconds((*seconds).into()),
        Value::Float64(seconds) => from_seconds(*seconds),
        Value::Object(object) => match object.as_any().downcast_ref::<Duration>() {
            Some(duration) => Ok(*duration),
            // Months and days of the week are numbers.
            None => match object.to_plain() {
                Some(plain @ Value::Int(_)) => as_duration(&plain),
                _ => Err(DurationError::Unsupported(value.type_name())),
            },
        },
        Value::Bool(_) | Value::Complex(..) | Value::List(_) | Value::Map(_) => {
            Err(DurationError::Unsupported(value.type_name()))
        }
    }
}

fn from_whole_seconds(seconds: i128) -> Result<Duration, DurationError> {
    // Helm compares with the whole seconds that fit, on both sides.
    let most = i128::from(i64::MAX / SECOND);
    if seconds > most || seconds < -most {
        return Err(DurationError::SecondsOverflow(seconds.to_string()));
    }
    Ok(Duration(seconds as i64 * SECOND))
}

fn from_seconds(seconds: f64) -> Result<Duration, DurationError> {
    let shown = || strconv::format_float(seconds, b'g', None, 64);
    if !seconds.is_finite() {
        return Err(DurationError::NotFinite(shown()));
    }
    if seconds.abs() > i64::MAX as f64 / SECOND as f64 {
        return Err(DurationError::SecondsOverflow(shown()));
    }
    Ok(Duration(numbers::truncate(seconds * SECOND as f64)))
}

/// Go's `time.Duration`: nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub i64);

impl Duration {
    /// Seconds as a float, in Go's two steps.
    pub fn seconds(self) -> f64 {
        self.split(SECOND)
    }

    /// Minutes as a float.
    pub fn minutes(self) -> f64 {
        self.split(MINUTE)
    }

    /// Hours as a float.
    pub fn hours(self) -> f64 {
        self.split(HOUR)
    }

    fn split(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }

    /// The nearest multiple, halves away from zero.
    #[must_use]
    pub fn round(self, multiple: Self) -> Self {
        let (nanoseconds, multiple) = (i128::from(self.0), i128::from(multiple.0));
        if multiple <= 0 {
            return self;
        }
        let rest = nanoseconds.abs() % multiple;
        let down = nanoseconds.abs() - rest;
        let rounded = if rest + rest < multiple { down } else { down + multiple };
        let signed = if nanoseconds < 0 { -rounded } else { rounded };
        Self(signed.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// The multiple towards zero.
    #[must_use]
    pub fn truncate(self, multiple: Self) -> Self {
        if multiple.0 <= 0 { self } else { Self(self.0 - self.0 % multiple.0) }
    }
}

/// As `String` prints it: `1h30m0s`, `1.5s`, `300ms`.
impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nanoseconds = self.0.unsigned_abs();
        let second = SECOND.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if nanoseconds < second {
            return match nanoseconds {
                0 => f.write_str("0s"),
                1..1_000 => write!(f, "{nanoseconds}ns"),
                1_000..1_000_000 => write!(f, "{}µs", decimal(nanoseconds, 3)),
                _ => write!(f, "{}ms", decimal(nanoseconds, 6)),
            };
        }
        let minutes = nanoseconds / second / 60;
        if minutes >= 60 {
            write!(f, "{}h", minutes / 60)?;
        }
        if minutes > 0 {
            write!(f, "{}m", minutes % 60)?;
        }
        write!(f, "{}s", decimal(nanoseconds % (60 * second), 9))
    }
}

/// A number divided by a power of ten, without zeros at its end.
fn decimal(number: u64, places: usize) -> String {
    let digits = format!("{number:0width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        Self::Object(Rc::new(duration))
    }
}

impl Object for Duration {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int64
    }

    fn method(&self, name: &str) -> Option<Method> {
        METHODS.iter().find(|(known, _)| *known == name).map(|(_, method)| *method)
    }

    fn display(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn as_integer(&self) -> Option<i64> {
        Some(self.0)
    }

    fn like(&self, number: i64) -> Value {
        Self(number).into()
    }

    fn to_plain(&self) -> Option<Value> {
        Some(Value::Int64(self.0))
    }

    fn truth(&self) -> bool {
        self.0 != 0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const DURATION: &[Param] = &[Param::Named("time.Duration")];

/// What templates may call on a duration.
const METHODS: &[(&str, Method)] = &[
    ("Abs", method(&[], |call| Ok(Duration(receiver(call, 0).0.saturating_abs()).into()))),
    ("Hours", method(&[], |call| Ok(Value::Float64(receiver(call, 0).hours())))),
    ("Microseconds", method(&[], |call| Ok(Value::Int64(receiver(call, 0).0 / 1_000)))),
    ("Milliseconds", method(&[], |call| Ok(Value::Int64(receiver(call, 0).0 / 1_000_000)))),
    ("Minutes", method(&[], |call| Ok(Value::Float64(receiver(call, 0).minutes())))),
    ("Nanoseconds", method(&[], |call| Ok(Value::Int64(receiver(call, 0).0)))),
    ("Round", method(DURATION, |call| Ok(receiver(call, 0).round(receiver(call, 1)).into()))),
    ("Seconds", method(&[], |call| Ok(Value::Float64(receiver(call, 0).seconds())))),
    ("String", method(&[], |call| Ok(Value::from(receiver(call, 0).to_string())))),
    ("Truncate", method(DURATION, |call| Ok(receiver(call, 0).truncate(receiver(call, 1)).into()))),
];

const fn method(
    params: &'static [Param],
    run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
) -> Method {
    Method { params, variadic: false, run }
}

fn receiver(call: &Call<'_, '_>, index: usize) -> Duration {
    match call.any(index) {
        Value::Object(object) => object.as_any().downcast_ref().copied().unwrap_or(Duration(0)),
        _ => Duration(0),
    }
}
