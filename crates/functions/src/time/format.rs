//! Writing times by a layout, and as Go prints them.

use std::io::Write as _;

use super::Time;
use super::civil::{Date, MONTHS, WEEKDAYS, day_of_year, weekday_of};
use super::layout::{Fraction, Offset, Piece, next_chunk};

impl Time {
    /// `t.Format(layout)`.
    pub fn format(&self, mut layout: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(layout.len() + 10);
        let (date, of_day) = self.local();
        loop {
            let chunk = next_chunk(layout);
            out.extend_from_slice(chunk.prefix);
            let Some(piece) = chunk.piece else {
                return out;
            };
            self.append(&mut out, piece, date, of_day);
            layout = chunk.rest;
        }
    }

    /// `t.String()`.
    pub fn go_string(&self) -> String {
        let bytes = self.format(b"2006-01-02 15:04:05.999999999 -0700 MST");
        let text = String::from_utf8_lossy(&bytes);
        let Some(monotonic) = self.monotonic else {
            return text.into_owned();
        };
        let sign = if monotonic < 0 { '-' } else { '+' };
        let nanoseconds = monotonic.unsigned_abs();
        let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        format!("{text} m={sign}{seconds}.{rest:09}")
    }

    fn append(&self, out: &mut Vec<u8>, piece: Piece, date: Date, of_day: i64) {
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
        let month = MONTHS[(date.month - 1).clamp(0, 11) as usize];
        let weekday = || WEEKDAYS[weekday_of(self.local_day()) as usize];
        match piece {
            Piece::LongMonth => out.extend_from_slice(month.as_bytes()),
            Piece::Month => out.extend_from_slice(&month.as_bytes()[..3]),
            Piece::NumMonth => append_number(out, date.month, 0),
            Piece::ZeroMonth => append_number(out, date.month, 2),
            Piece::LongWeekDay => out.extend_from_slice(weekday().as_bytes()),
            Piece::WeekDay => out.extend_from_slice(&weekday().as_bytes()[..3]),
            Piece::Day => append_number(out, date.day, 0),
            Piece::UnderDay => out.extend_from_slice(format!("{:2}", date.day).as_bytes()),
            Piece::ZeroDay => append_number(out, date.day, 2),
            Piece::UnderYearDay => {
                out.extend_from_slice(format!("{:3}", day_of_year(date)).as_bytes());
            }
            Piece::ZeroYearDay => append_number(out, day_of_year(date), 3),
            Piece::Hour => append_number(out, hour, 2),
            Piece::Hour12 => append_number(out, hour12, 0),
            Piece::ZeroHour12 => append_number(out, hour12, 2),
            Piece::Minute => append_number(out, minute, 0),
            Piece::ZeroMinute => append_number(out, minute, 2),
            Piece::Second => append_number(out, second, 0),
            Piece::ZeroSecond => append_number(out, second, 2),
            Piece::LongYear => append_number(out, date.year, 4),
            Piece::Year => append_number(out, date.year.abs() % 100, 2),
            Piece::UpperPm => out.extend_from_slice(if hour >= 12 { b"PM" } else { b"AM" }),
            Piece::LowerPm => out.extend_from_slice(if hour >= 12 { b"pm" } else { b"am" }),
            Piece::ZoneName => self.append_zone(out),
            Piece::Offset(offset) => append_offset(out, self.zone.at(self.seconds).1, offset),
            Piece::Fraction(fraction) => append_fraction(out, self.nanoseconds, fraction),
        }
    }

    fn append_zone(&self, out: &mut Vec<u8>) {
        let (name, offset) = self.zone.at(self.seconds);
        if !name.is_empty() {
            return out.extend_from_slice(name.as_bytes());
        }
        let form = Offset { z: false, colons: false, parts: 2 };
        append_offset(out, offset, form);
    }
}

/// Go's `appendInt`: the sign does not count as width.
fn append_number(out: &mut Vec<u8>, number: i64, width: usize) {
    if number < 0 {
        out.push(b'-');
    }
    // Writing to bytes cannot fail.
    let _ = write!(out, "{:0width$}", number.unsigned_abs());
}

fn append_offset(out: &mut Vec<u8>, seconds: i64, form: Offset) {
    if form.z && seconds == 0 {
        return out.push(b'Z');
    }
    // Whole minutes decide about the sign, as in Go: -30 seconds print as +0000.
    let minutes = seconds / 60;
    out.push(if minutes < 0 { b'-' } else { b'+' });
    let minutes = minutes.abs();
    append_number(out, minutes / 60, 2);
    if form.colons {
        out.push(b':');
    }
    if form.parts > 1 {
        append_number(out, minutes % 60, 2);
    }
    if form.parts > 2 {
        if form.colons {
            out.push(b':');
        }
        append_number(out, seconds.abs() % 60, 2);
    }
}

fn append_fraction(out: &mut Vec<u8>, nanoseconds: u32, fraction: Fraction) {
    if fraction.trimmed && nanoseconds == 0 {
        return;
    }
    let digits = format!("{nanoseconds:09}");
    let kept = &digits[..fraction.digits.min(9)];
    let kept = if fraction.trimmed { kept.trim_end_matches('0') } else { kept };
    if kept.is_empty() && fraction.trimmed {
        return;
    }
    out.push(fraction.mark);
    out.extend_from_slice(kept.as_bytes());
}
