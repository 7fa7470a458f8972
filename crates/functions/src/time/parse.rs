//! Reading times by a layout: Go's `time.ParseInLocation`, errors included.

use super::civil::{Date, MONTHS, SECONDS_A_DAY, WEEKDAYS, days_in, days_of, is_leap};
use super::layout::{Fraction, Offset, Piece, next_chunk};
use super::{Time, Zone};
use crate::durations::quote;

/// What is wrong with one value.
enum Fault {
    /// It has not the form of the layout's piece.
    Form,
    /// It has, but the number cannot be.
    Range(&'static str),
}

type Outcome<T> = Result<T, Fault>;

/// What has been read so far.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: u32,
    /// `Some(true)` after PM.
    afternoon: Option<bool>,
    is_utc: bool,
    offset: Option<i64>,
    zone_name: String,
}

/// Reads `value` by `layout`, in `zone` where the value names none. The error is Go's message.
pub fn parse(layout: &[u8], value: &[u8], zone: &Zone) -> Result<Time, String> {
    let message = |text: &str| format!("parsing time {}{text}", quote(value));
    let cannot = |part: &[u8], piece: &[u8]| {
        let (layout, part, piece) = (quote(layout), quote(part), quote(piece));
        message(&format!(" as {layout}: cannot parse {part} as {piece}"))
    };
    let mut fields = Fields::default();
    let (mut layout_left, mut left) = (layout, value);
    loop {
        let chunk = next_chunk(layout_left);
        left = skip(left, chunk.prefix).map_err(|at| cannot(at, chunk.prefix))?;
        let Some(piece) = chunk.piece else {
            if !left.is_empty() {
                return Err(message(&format!(": extra text: {}", quote(left))));
            }
            break;
        };
        layout_left = chunk.rest;
        let fraction_follows = matches!(next_chunk(layout_left).piece, Some(Piece::Fraction(_)));
        left = fields.read(piece, left, fraction_follows).map_err(|fault| match fault {
            Fault::Form => cannot(left, chunk.written),
            Fault::Range(what) => message(&format!(": {what} out of range")),
        })?;
    }
    let date = fields.date().map_err(message)?;
    Ok(fields.time(date, zone))
}

/// Drops the literal text of a layout; runs of spaces count as one. The error is where it differs.
fn skip<'value>(mut value: &'value [u8], mut prefix: &[u8]) -> Result<&'value [u8], &'value [u8]> {
    while let Some((&expected, after)) = prefix.split_first() {
        if expected == b' ' {
            if value.first().is_some_and(|b| *b != b' ') {
                return Err(value);
            }
            prefix = trim_spaces(prefix);
            value = trim_spaces(value);
            continue;
        }
        match value.split_first() {
            Some((&found, rest)) if found == expected => value = rest,
            _ => return Err(value),
        }
        prefix = after;
    }
    Ok(value)
}

fn trim_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|b| **b == b' ').count()..]
}

impl Fields {
    fn read<'value>(
        &mut self,
        piece: Piece,
        value: &'value [u8],
        fraction_follows: bool,
    ) -> Outcome<&'value [u8]> {
        let mut rest = value;
        match piece {
            Piece::Year => {
                let year = signed(take(&mut rest, 2)?)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Piece::LongYear => {
                if !value.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Fault::Form);
                }
                self.year = signed(take(&mut rest, 4)?)?;
            }
            Piece::Month => self.month = Some(name(&mut rest, &MONTHS, 3)? + 1),
            Piece::LongMonth => self.month = Some(name(&mut rest, &MONTHS, usize::MAX)? + 1),
            Piece::NumMonth | Piece::ZeroMonth => {
                let month = number(&mut rest, piece == Piece::ZeroMonth)?;
                self.month = Some(within(month, 1, 12, "month")?);
            }
            // A weekday must be one but need not be right.
            Piece::WeekDay => drop(name(&mut rest, &WEEKDAYS, 3)?),
            Piece::LongWeekDay => drop(name(&mut rest, &WEEKDAYS, usize::MAX)?),
            Piece::Day | Piece::UnderDay | Piece::ZeroDay => {
                skip_pad(&mut rest, piece == Piece::UnderDay);
                self.day = Some(number(&mut rest, piece == Piece::ZeroDay)?);
            }
            Piece::UnderYearDay | Piece::ZeroYearDay => {
                let padded = piece == Piece::UnderYearDay;
                skip_pad(&mut rest, padded);
                skip_pad(&mut rest, padded);
                self.day_of_year = Some(three_digits(&mut rest, !padded)?);
            }
            Piece::UpperPm => self.afternoon = Some(half_day(&mut rest, b"AM", b"PM")?),
            Piece::LowerPm => self.afternoon = Some(half_day(&mut rest, b"am", b"pm")?),
            Piece::Offset(form) => self.read_offset(form, &mut rest)?,
            Piece::ZoneName => self.read_zone_name(&mut rest)?,
            Piece::Fraction(form) => self.read_fraction(form, &mut rest)?,
            _ => self.read_clock(piece, &mut rest, fraction_follows)?,
        }
        Ok(rest)
    }

    fn read_clock(
        &mut self,
        piece: Piece,
        rest: &mut &[u8],
        fraction_follows: bool,
    ) -> Outcome<()> {
        match piece {
            Piece::Hour => self.hour = within(number(rest, false)?, 0, 23, "hour")?,
            Piece::Hour12 | Piece::ZeroHour12 => {
                let hour = number(rest, piece == Piece::ZeroHour12)?;
                self.hour = within(hour, 0, 12, "hour")?;
            }
            Piece::Minute | Piece::ZeroMinute => {
                let minute = number(rest, piece == Piece::ZeroMinute)?;
                self.minute = within(minute, 0, 59, "minute")?;
            }
            _ => {
                let second = number(rest, piece == Piece::ZeroSecond)?;
                self.second = within(second, 0, 59, "second")?;
                // A fraction in the value is taken even where the layout has none.
                if let [b'.' | b',', b'0'..=b'9', ..] = rest
                    && !fraction_follows
                {
                    self.nanoseconds = leading_nanoseconds(rest);
                }
            }
        }
        Ok(())
    }

    fn read_fraction(&mut self, form: Fraction, rest: &mut &[u8]) -> Outcome<()> {
        if form.trimmed {
            if let [b'.' | b',', b'0'..=b'9', ..] = rest {
                self.nanoseconds = leading_nanoseconds(rest);
            }
            return Ok(());
        }
        let taken = take(rest, form.digits + 1)?;
        let (mark, digits) = taken.split_first().ok_or(Fault::Form)?;
        let digits = &digits[..digits.len().min(9)];
        if !matches!(mark, b'.' | b',') || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Fault::Form);
        }
        self.nanoseconds = nanoseconds(digits);
        Ok(())
    }

    fn read_offset(&mut self, form: Offset, rest: &mut &[u8]) -> Outcome<()> {
        if form.z && rest.first() == Some(&b'Z') {
            *rest = &rest[1..];
            self.is_utc = true;
            return Ok(());
        }
        let between = usize::from(form.colons);
        let length = 1 + 2 * form.parts + between * (form.parts - 1);
        let text = take(rest, length)?;
        let mut parts = [0, 0, 0];
        for (index, part) in parts.iter_mut().enumerate().take(form.parts) {
            let at = 1 + index * (2 + between);
            if index > 0 && form.colons && text.get(at - 1) != Some(&b':') {
                return Err(Fault::Form);
            }
            *part = number(&mut text.get(at..at + 2).ok_or(Fault::Form)?, true)?;
        }
        let [hours, minutes, seconds] = parts;
        // Some people do write 24 hours or 60 minutes.
        within(hours, 0, 24, "time zone offset hour")?;
        within(minutes, 0, 60, "time zone offset minute")?;
        within(seconds, 0, 60, "time zone offset second")?;
        let offset = (hours * 60 + minutes) * 60 + seconds;
        self.offset = match text.first() {
            Some(b'+') => Some(offset),
            Some(b'-') => Some(-offset),
            _ => return Err(Fault::Form),
        };
        // Go keeps "no offset" as -1 and so forgets this one.
        self.offset = self.offset.filter(|offset| *offset != -1);
        Ok(())
    }

    fn read_zone_name(&mut self, rest: &mut &[u8]) -> Outcome<()> {
        if rest.starts_with(b"UTC") {
            *rest = &rest[3..];
            self.is_utc = true;
            return Ok(());
        }
        let length = zone_name_length(rest).ok_or(Fault::Form)?;
        self.zone_name = String::from_utf8_lossy(take(rest, length)?).into_owned();
        Ok(())
    }

    /// The date, or what is wrong with it as the end of Go's message.
    fn date(&self) -> Result<Date, &'static str> {
        let (month, day) = match self.day_of_year {
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
            Some(of_year) => {
                let (month, day) =
                    month_and_day(of_year, self.year).ok_or(": day-of-year out of range")?;
                if self.month.is_some_and(|given| given != month) {
                    return Err(": day-of-year does not match month");
                }
                if self.day.is_some_and(|given| given != day) {
                    return Err(": day-of-year does not match day");
                }
                (month, day)
            }
        };
        if day < 1 || day > days_in(month, self.year) {
            return Err(": day out of range");
        }
        Ok(Date { year: self.year, month, day })
    }

    fn time(&self, date: Date, zone: &Zone) -> Time {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let of_day = (hour * 60 + self.minute) * 60 + self.second;
        let local = days_of(date) * SECONDS_A_DAY + of_day;
        let at = |seconds, zone| Time::unix(seconds, self.nanoseconds, zone);
        if self.is_utc {
            return at(local, Zone::utc());
        }
        if let Some(offset) = self.offset {
            let seconds = local - offset;
            let (name, in_force) = zone.at(seconds);
            let is_local =
                in_force == offset && (self.zone_name.is_empty() || name == self.zone_name);
            let zone = if is_local { zone.clone() } else { Zone::fixed(&self.zone_name, offset) };
            return at(seconds, zone);
        }
        if self.zone_name.is_empty() {
            return at(zone.to_utc(local), zone.clone());
        }
        if let Some(offset) = zone.offset_named(&self.zone_name, local) {
            return at(local - offset, zone.clone());
        }
        // An unknown zone keeps its name; only GMT+3 and its like tell an offset, which Go shows
        // without moving the time by it.
        let hours = self.zone_name.strip_prefix("GMT").and_then(|n| n.parse::<i64>().ok());
        at(local, Zone::fixed(&self.zone_name, hours.unwrap_or(0) * 3600))
    }
}

fn take<'value>(rest: &mut &'value [u8], length: usize) -> Outcome<&'value [u8]> {
    let (taken, after) = rest.split_at_checked(length).ok_or(Fault::Form)?;
    *rest = after;
    Ok(taken)
}

fn skip_pad(rest: &mut &[u8], padded: bool) {
    if let [b' ', after @ ..] = rest
        && padded
    {
        *rest = after;
    }
}

fn within(number: i64, low: i64, high: i64, what: &'static str) -> Outcome<i64> {
    if (low..=high).contains(&number) { Ok(number) } else { Err(Fault::Range(what)) }
}

/// Go's `atoi` of the `time` package: digits after an optional sign.
fn signed(text: &[u8]) -> Outcome<i64> {
    let text = std::str::from_utf8(text).map_err(|_| Fault::Form)?;
    text.parse().map_err(|_| Fault::Form)
}

/// One or two digits; exactly two when `fixed`.
fn number(rest: &mut &[u8], fixed: bool) -> Outcome<i64> {
    let digit =
        |at: usize| rest.get(at).filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0'));
    let (number, length) = match (digit(0), digit(1)) {
        (Some(tens), Some(ones)) => (tens * 10 + ones, 2),
        (Some(ones), None) if !fixed => (ones, 1),
        _ => return Err(Fault::Form),
    };
    *rest = &rest[length..];
    Ok(number)
}

/// One to three digits; exactly three when `fixed`.
fn three_digits(rest: &mut &[u8], fixed: bool) -> Outcome<i64> {
    let length = rest.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    if length == 0 || fixed && length != 3 {
        return Err(Fault::Form);
    }
    signed(take(rest, length)?)
}

/// The index of the name that stands here in any case, cut to `length` letters.
fn name(rest: &mut &[u8], names: &[&str], length: usize) -> Outcome<i64> {
    for (index, full) in names.iter().enumerate() {
        let wanted = &full.as_bytes()[..length.min(full.len())];
        if rest.get(..wanted.len()).is_some_and(|found| found.eq_ignore_ascii_case(wanted)) {
            *rest = &rest[wanted.len()..];
            return Ok(index as i64);
        }
    }
    Err(Fault::Form)
}

fn half_day(rest: &mut &[u8], morning: &[u8], afternoon: &[u8]) -> Outcome<bool> {
    let taken = take(rest, 2)?;
    if taken == afternoon {
        return Ok(true);
    }
    if taken == morning { Ok(false) } else { Err(Fault::Form) }
}

/// Takes a point and all digits after it; those past the ninth do not count.
fn leading_nanoseconds(rest: &mut &[u8]) -> u32 {
    let length = rest.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
    let (taken, after) = rest.split_at(length + 1);
    *rest = after;
    nanoseconds(&taken[1..10.min(taken.len())])
}

/// At most nine digits of a fraction.
fn nanoseconds(digits: &[u8]) -> u32 {
    let value = digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    value * 10_u32.pow(9 - digits.len() as u32)
}

/// How much of a value is the abbreviation of a zone: three letters, four or five that end in T,
/// a few names apart, `GMT-3`, or an offset.
fn zone_name_length(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if value.starts_with(b"GMT") {
        return Some(3 + signed_offset_length(&value[3..]));
    }
    if matches!(value[0], b'+' | b'-') {
        return Some(signed_offset_length(value)).filter(|length| *length > 0);
    }
    match value.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count() {
        5 if value[4] == b'T' => Some(5),
        4 if value[3] == b'T' || value.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// The length of a signed number up to 23, else 0.
fn signed_offset_length(value: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = value else {
        return 0;
    };
    let length = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let number = signed(&digits[..length]).unwrap_or(i64::MAX);
    if number > 23 { 0 } else { length + 1 }
}

/// Month and day of a day of the year.
fn month_and_day(of_year: i64, year: i64) -> Option<(i64, i64)> {
    if of_year < 1 || of_year > 365 + i64::from(is_leap(year)) {
        return None;
    }
    let mut day = of_year;
    for month in 1..=12 {
        let length = days_in(month, year);
        if day <= length {
            return Some((month, day));
        }
        day -= length;
    }
    None
}
