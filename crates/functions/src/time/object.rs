//! Times, months and weekdays as templates meet them: types, methods, printing.

use std::any::Any;
use std::borrow::Cow;
use std::rc::Rc;

use gotmpl::function::{Call, Failure, Param};
use gotmpl::value::{Elem, Kind, List, Method, Object, Value};

use super::civil::{MONTHS, WEEKDAYS, day_of_year, weekday_of};
use super::{Time, Zone};
use crate::durations::Duration;
use crate::effects;

/// A month or a weekday: a number that prints as its name.
struct Ordinal {
    type_name: &'static str,
    number: i64,
    name: Cow<'static, str>,
}

impl Object for Ordinal {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn kind(&self) -> Kind {
        Kind::Int
    }

    fn method(&self, name: &str) -> Option<Method> {
        (name == "String").then_some(SHOWN)
    }

    fn display(&self) -> Option<String> {
        Some(self.name.to_string())
    }

    fn as_integer(&self) -> Option<i64> {
        Some(self.number)
    }

    fn like(&self, number: i64) -> Value {
        if self.type_name == "time.Month" { month(number) } else { weekday(number) }
    }

    fn to_plain(&self) -> Option<Value> {
        Some(Value::Int(self.number))
    }

    fn truth(&self) -> bool {
        self.number != 0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn month(number: i64) -> Value {
    ordinal("time.Month", number, number - 1, &MONTHS)
}

fn weekday(number: i64) -> Value {
    ordinal("time.Weekday", number, number, &WEEKDAYS)
}

fn ordinal(type_name: &'static str, number: i64, place: i64, names: &[&'static str]) -> Value {
    let name = match usize::try_from(place).ok().and_then(|place| names.get(place)) {
        Some(name) => Cow::Borrowed(*name),
        // As Go prints a number that has no name.
        None => Cow::Owned(format!("%!{}({number})", type_name.trim_start_matches("time."))),
    };
    Value::Object(Rc::new(Ordinal { type_name, number, name }))
}

/// `String` of a type that has few other methods.
const SHOWN: Method = Method {
    params: &[],
    variadic: false,
    run: |call| match call.any(0) {
        Value::Object(object) => Ok(object.display().unwrap_or_default().into()),
        _ => Ok(Value::Nil),
    },
};

/// A `*time.Location`: to templates a name, and what `In` takes.
struct Location(Zone);

impl Object for Location {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn method(&self, name: &str) -> Option<Method> {
        (name == "String").then_some(SHOWN)
    }

    fn hides(&self, name: &str) -> bool {
        ["name", "zone", "tx", "extend", "cacheStart", "cacheEnd", "cacheZone"].contains(&name)
    }

    fn display(&self) -> Option<String> {
        Some(self.0.name().to_owned())
    }

    /// Nothing of it is exported: a zone of no name, that of Greenwich.
    fn copied(&self) -> Option<Value> {
        Some(Value::Object(Rc::new(Self(Zone::fixed("", 0)))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A `time.Time`.
pub fn time_value(time: Time) -> Value {
    Value::Object(Rc::new(time))
}

/// The time that a value is, if it is one.
pub fn time_of(value: &Value) -> Option<&Time> {
    match value {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    }
}

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn method(&self, name: &str) -> Option<Method> {
        let params: &'static [Param] = match name {
            "Format" => &[Param::Str],
            "In" => &[Param::Named("*time.Location")],
            "AppendFormat" => &[Param::List(Elem::Uint8), Param::Str],
            "AppendBinary" | "AppendText" => &[Param::List(Elem::Uint8)],
            "AddDate" => &[Param::Int, Param::Int, Param::Int],
            "After" | "Before" | "Compare" | "Equal" | "Sub" => &[Param::Named("time.Time")],
            "Add" | "Round" | "Truncate" => &[Param::Any],
            _ => &[],
        };
        time_method(name).map(|run| Method { params, variadic: false, run })
    }

    fn refusal(&self, name: &str) -> Option<&'static str> {
        Some(match name {
            "Clock" => "function Clock has 3 return values; should be 1 or 2",
            "Date" => "function Date has 3 return values; should be 1 or 2",
            "ISOWeek" => {
                "invalid function signature for ISOWeek: second return value should be error; is int"
            }
            "Zone" => {
                "invalid function signature for Zone: second return value should be error; is int"
            }
            "ZoneBounds" => {
                "invalid function signature for ZoneBounds: second return value should be error; \
                 is time.Time"
            }
            _ => return None,
        })
    }

    fn hides(&self, name: &str) -> bool {
        ["wall", "ext", "loc"].contains(&name)
    }

    fn display(&self) -> Option<String> {
        Some(self.go_string())
    }

    fn to_plain(&self) -> Option<Value> {
        Some(Value::Str(self.rfc3339().into()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

fn receiver(call: &Call<'_, '_>) -> Time {
    time_of(call.any(0)).cloned().unwrap_or_else(Time::zero)
}

fn operand(call: &Call<'_, '_>) -> Time {
    time_of(call.any(1)).cloned().unwrap_or_else(Time::zero)
}

/// Nanoseconds of a duration; Go turns a constant of a template into one.
fn duration_operand(call: &Call<'_, '_>) -> Result<i64, Failure> {
    match call.any(1) {
        Value::Int(nanoseconds) => return Ok(*nanoseconds),
        Value::Object(object) => {
            if let Some(Duration(nanoseconds)) = object.as_any().downcast_ref() {
                return Ok(*nanoseconds);
            }
        }
        _ => {}
    }
    let found = call.any(1).type_name();
    Err(Failure::new(format!("wrong type for value; expected time.Duration; got {found}")))
}

fn time_method(name: &str) -> Option<Run> {
    let of_date: Option<Run> = match name {
        "Year" => Some(|call| Ok(Value::Int(receiver(call).local().0.year))),
        "Day" => Some(|call| Ok(Value::Int(receiver(call).local().0.day))),
        "YearDay" => Some(|call| Ok(Value::Int(day_of_year(receiver(call).local().0)))),
        "Month" => Some(|call| {
            let month = receiver(call).local().0.month;
            Ok(self::month(month))
        }),
        "Weekday" => Some(|call| {
            let day = weekday_of(receiver(call).local_day());
            Ok(weekday(day))
        }),
        "Hour" => Some(|call| Ok(Value::Int(receiver(call).local().1 / 3600))),
        "Minute" => Some(|call| Ok(Value::Int(receiver(call).local().1 / 60 % 60))),
        "Second" => Some(|call| Ok(Value::Int(receiver(call).local().1 % 60))),
        "Nanosecond" => Some(|call| Ok(Value::Int(i64::from(receiver(call).nanoseconds)))),
        _ => None,
    };
    of_date
        .or_else(|| unix_method(name))
        .or_else(|| instant_method(name))
        .or_else(|| zone_method(name))
        .or_else(|| bytes_method(name))
}

fn unix_method(name: &str) -> Option<Run> {
    fn scaled(call: &Call<'_, '_>, a_second: i64) -> Value {
        let time = receiver(call);
        let part = i64::from(time.nanoseconds) / (1_000_000_000 / a_second);
        Value::Int64(time.seconds.wrapping_mul(a_second).wrapping_add(part))
    }
    let run: Run = match name {
        "Unix" => |call| Ok(scaled(call, 1)),
        "UnixMilli" => |call| Ok(scaled(call, 1_000)),
        "UnixMicro" => |call| Ok(scaled(call, 1_000_000)),
        "UnixNano" => |call| Ok(scaled(call, 1_000_000_000)),
        _ => return None,
    };
    Some(run)
}

fn instant_method(name: &str) -> Option<Run> {
    let run: Run = match name {
        "Format" => |call| Ok(Value::Str(receiver(call).format(call.text(1)).into())),
        "String" => |call| Ok(receiver(call).go_string().into()),
        "GoString" => |call| Ok(receiver(call).go_syntax().into()),
        "IsZero" => |call| {
            let (time, zero) = (receiver(call), Time::zero());
            Ok(Value::Bool(time.total_nanoseconds() == zero.total_nanoseconds()))
        },
        "Add" => |call| Ok(time_value(receiver(call).plus(duration_operand(call)?))),
        "AddDate" => |call| {
            let (years, months, days) = (call.int(1), call.int(2), call.int(3));
            Ok(time_value(receiver(call).plus_date(years, months, days)))
        },
        "Sub" => |call| Ok(Duration(receiver(call).minus(&operand(call))).into()),
        "Compare" => |call| Ok(Value::Int(receiver(call).minus(&operand(call)).signum())),
        "After" => |call| Ok(Value::Bool(receiver(call).minus(&operand(call)) > 0)),
        "Before" => |call| Ok(Value::Bool(receiver(call).minus(&operand(call)) < 0)),
        "Equal" => |call| Ok(Value::Bool(receiver(call).minus(&operand(call)) == 0)),
        "Round" => |call| Ok(time_value(receiver(call).rounded(duration_operand(call)?, true))),
        "Truncate" => |call| Ok(time_value(receiver(call).rounded(duration_operand(call)?, false))),
        _ => return None,
    };
    Some(run)
}

fn zone_method(name: &str) -> Option<Run> {
    let run: Run = match name {
        "In" => |call| match call.any(1) {
            Value::Object(object) => match object.as_any().downcast_ref::<Location>() {
                Some(Location(zone)) => Ok(time_value(receiver(call).in_zone(zone.clone()))),
                None => Err(missing_location()),
            },
            _ => Err(missing_location()),
        },
        "IsDST" => |call| {
            let time = receiver(call);
            Ok(Value::Bool(time.zone.is_summer(time.seconds)))
        },
        "Local" => |call| {
            call.machine.mark_unsteady();
            let zone = Zone::local(&effects::of(call)?.local_zone);
            Ok(time_value(receiver(call).in_zone(zone)))
        },
        "Location" => |call| Ok(Value::Object(Rc::new(Location(receiver(call).zone)))),
        "UTC" => |call| Ok(time_value(receiver(call).in_zone(Zone::utc()))),
        _ => return None,
    };
    Some(run)
}

/// What is left of Go's panic.
fn missing_location() -> Failure {
    Failure::new("time: missing Location in call to Time.In")
}

/// Methods that make `[]byte` of a time, or append to one.
fn bytes_method(name: &str) -> Option<Run> {
    fn appended(call: &Call<'_, '_>, more: &[u8]) -> Value {
        let mut bytes = call.list(1).to_vec();
        bytes.extend(more.iter().map(|byte| Value::Uint8(*byte)));
        List::new(Elem::Uint8, bytes).into()
    }
    fn made(bytes: &[u8]) -> Value {
        List::new(Elem::Uint8, bytes.iter().map(|byte| Value::Uint8(*byte)).collect()).into()
    }
    fn within(name: &str, message: &str) -> Failure {
        Failure::new(format!("Time.{name}: {message}"))
    }
    fn text(call: &Call<'_, '_>, name: &str) -> Result<Vec<u8>, Failure> {
        receiver(call).marshal_text().map_err(|message| within(name, message))
    }
    fn binary(call: &Call<'_, '_>) -> Result<Vec<u8>, Failure> {
        receiver(call).marshal_binary().map_err(|message| within("MarshalBinary", message))
    }
    let run: Run = match name {
        "AppendBinary" => |call| Ok(appended(call, &binary(call)?)),
        "AppendFormat" => |call| Ok(appended(call, &receiver(call).format(call.text(2)))),
        "AppendText" => |call| Ok(appended(call, &text(call, "AppendText")?)),
        "GobEncode" | "MarshalBinary" => |call| Ok(made(&binary(call)?)),
        "MarshalJSON" => |call| Ok(made(&[b"\"", &*text(call, "MarshalJSON")?, b"\""].concat())),
        "MarshalText" => |call| Ok(made(&text(call, "MarshalText")?)),
        _ => return None,
    };
    Some(run)
}

impl Time {
    /// `t.Round(d)` and `t.Truncate(d)`: multiples count from the zero time.
    fn rounded(&self, multiple: i64, to_nearest: bool) -> Self {
        let mut time = Self { monotonic: None, ..self.clone() };
        if multiple <= 0 {
            return time;
        }
        let since_zero = self.total_nanoseconds() - Self::zero().total_nanoseconds();
        let rest = since_zero.rem_euclid(i128::from(multiple)) as i64;
        let up = to_nearest && rest >= multiple - rest;
        time = time.plus(if up { multiple - rest } else { -rest });
        time
    }
}
