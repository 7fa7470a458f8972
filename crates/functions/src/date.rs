//! Sprig's functions of dates, with the clock as an effect. How times are read and written is in
//! `time`.

use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::value::Value;

use crate::bounds;
use crate::durations::{self, Duration, HOUR, MINUTE, SECOND};
use crate::effects;
use crate::time::{Time, Zone, parse, time_of, time_value};

const TIME: Param = Param::Named("time.Time");

type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

/// A function that may ask the clock.
const fn clock(name: &'static str, params: &'static [Param], run: Run) -> Function {
    Function { name, params, variadic: false, effect: Effect::Clock, words: Words::Read, run }
}

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    clock("ago", &[Param::Any], ago),
    clock("date", &[Param::Str, Param::Any], |call| date(call, 1, call.text(0), b"Local")),
    clock("dateInZone", &[Param::Str, Param::Any, Param::Str], date_in_zone),
    clock("date_in_zone", &[Param::Str, Param::Any, Param::Str], date_in_zone),
    Function::pure("dateModify", &[Param::Str, TIME], date_modify),
    Function::pure("date_modify", &[Param::Str, TIME], date_modify),
    Function::pure("duration", &[Param::Any], seconds_as_duration),
    clock("durationRound", &[Param::Any], duration_round),
    clock("htmlDate", &[Param::Any], |call| date(call, 0, DAY, b"Local")),
    clock("htmlDateInZone", &[Param::Any, Param::Str], |call| date(call, 0, DAY, call.text(1))),
    Function::pure("mustDateModify", &[Param::Str, TIME], must_date_modify),
    Function::pure("must_date_modify", &[Param::Str, TIME], must_date_modify),
    clock("mustToDate", &[Param::Str, Param::Str], |call| {
        to_date(call)?.map(time_value).map_err(Failure::Message)
    }),
    clock("now", &[], |call| Ok(time_value(now(call)?))),
    clock("toDate", &[Param::Str, Param::Str], |call| {
        Ok(time_value(to_date(call)?.unwrap_or_else(|_| Time::zero())))
    }),
    Function::pure("unixEpoch", &[TIME], |call| {
        Ok(time_of(call.any(0)).map_or(0, Time::seconds).to_string().into())
    }),
];

/// `2006-01-02`, which HTML's date inputs take.
const DAY: &[u8] = b"2006-01-02";

fn local_zone(call: &mut Call<'_, '_>) -> Result<Zone, Failure> {
    Ok(Zone::local(&effects::of(call)?.local_zone))
}

fn now(call: &mut Call<'_, '_>) -> Result<Time, Failure> {
    let zone = local_zone(call)?;
    Ok(Time::from_clock(effects::of(call)?.now()?, zone))
}

/// A time, or seconds since 1970 as one of the whole types; for anything else, now.
fn time_argument(call: &mut Call<'_, '_>, index: usize) -> Result<Time, Failure> {
    let seconds = match call.any(index) {
        Value::Int(seconds) | Value::Int64(seconds) => *seconds,
        Value::Int32(seconds) => i64::from(*seconds),
        other => {
            return match time_of(other) {
                Some(time) => Ok(time.clone()),
                None => now(call),
            };
        }
    };
    Ok(Time::unix(seconds, 0, local_zone(call)?))
}

/// What looking for a zone costs.
const ZONE_STEPS: u64 = 30;

fn date(
    call: &mut Call<'_, '_>,
    index: usize,
    layout: &[u8],
    zone: &[u8],
) -> Result<Value, Failure> {
    call.machine.charge(ZONE_STEPS + layout.len() as u64)?;
    let time = time_argument(call, index)?;
    let local = local_zone(call)?;
    let zone = Zone::load(&String::from_utf8_lossy(zone), &local).unwrap_or_else(Zone::utc);
    Ok(Value::Str(time.in_zone(zone).format(layout).into()))
}

fn date_in_zone(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    date(call, 1, call.text(0), call.text(2))
}

fn date_modify(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    bounds::charge_runes(call, 0)?;
    let unchanged = call.any(1).clone();
    Ok(modified(call).unwrap_or(unchanged))
}

fn must_date_modify(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    bounds::charge_runes(call, 0)?;
    modified(call)
}

fn modified(call: &Call<'_, '_>) -> Result<Value, Failure> {
    let time = time_of(call.any(1)).cloned().unwrap_or_else(Time::zero);
    let Duration(nanoseconds) =
        durations::parse(call.text(0)).map_err(|error| Failure::new(error.to_string()))?;
    Ok(time_value(time.plus(nanoseconds)))
}

fn to_date(call: &mut Call<'_, '_>) -> Result<Result<Time, String>, Failure> {
    // The error quotes both.
    call.machine.charge((call.text(0).len() + call.text(1).len()) as u64)?;
    let zone = local_zone(call)?;
    Ok(parse(call.text(0), call.text(1), &zone))
}

fn ago(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let then = match call.any(0) {
        // Sprig forgot this type here.
        Value::Int32(_) => now(call)?,
        _ => time_argument(call, 0)?,
    };
    let passed = now(call)?.minus(&then);
    Ok(Duration(passed).round(Duration(SECOND)).to_string().into())
}

/// `duration`: whole seconds, as text or `int64`, as a duration. Other types count as 0.
fn seconds_as_duration(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let seconds = match call.any(0) {
        Value::Int64(seconds) => *seconds,
        Value::Str(text) => match strconv::parse_int(text.as_bytes(), 10, 64) {
            Ok(seconds) => seconds,
            // Sprig ignores the error, and Go's value is then the nearest there is.
            Err(strconv::Fault::Range) if text.starts_with(b"-") => i64::MIN,
            Err(strconv::Fault::Range) => i64::MAX,
            Err(_) => 0,
        },
        _ => 0,
    };
    Ok(Duration(seconds.wrapping_mul(SECOND)).to_string().into())
}

/// `durationRound`: the largest unit alone (`2h`, `3mo`), rounded down.
fn duration_round(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let nanoseconds = match call.any(0) {
        Value::Str(text) => {
            bounds::charge_runes(call, 0)?;
            durations::parse(text).map_or(0, |duration| duration.0)
        }
        Value::Int64(nanoseconds) => *nanoseconds,
        other => match time_of(other).cloned() {
            Some(time) => now(call)?.minus(&time),
            None => 0,
        },
    };
    let magnitude = nanoseconds.unsigned_abs();
    let day = 24 * HOUR;
    let units =
        [(365 * day, "y"), (30 * day, "mo"), (day, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s")];
    let rounded = units
        .into_iter()
        .map(|(unit, name)| (unit.unsigned_abs(), name))
        .find(|(unit, _)| magnitude > *unit)
        .map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", magnitude / unit));
    Ok(rounded.into())
}
