//! Times as Go's packages for JSON and others write them, and as Go's own source has them.
//! Follows `src/time/time.go` and `format_rfc3339.go`.

use super::civil::MONTHS;
use super::{Time, ZERO_SECONDS};

impl Time {
    /// As RFC 3339 has it, whatever the year.
    pub(super) fn rfc3339(&self) -> Vec<u8> {
        self.format(b"2006-01-02T15:04:05.999999999Z07:00")
    }

    /// `t.MarshalText()`: RFC 3339, which has years of four digits and offsets within a day.
    pub(crate) fn marshal_text(&self) -> Result<Vec<u8>, &'static str> {
        let (date, _) = self.local();
        let (_, offset) = self.zone.at(self.seconds);
        if !(0..=9999).contains(&date.year) {
            return Err("year outside of range [0,9999]");
        }
        if offset / 3600 > 23 || offset / 3600 < -23 {
            return Err("timezone hour outside of range [0,23]");
        }
        Ok(self.rfc3339())
    }

    /// `t.MarshalBinary()`: a version, seconds since year 1, nanoseconds, and the offset in minutes, in
    /// the second version with its seconds.
    pub(super) fn marshal_binary(&self) -> Result<Vec<u8>, &'static str> {
        const UTC: i16 = -1;
        let (_, offset) = self.zone.at(self.seconds);
        let (minutes, seconds) = match self.zone.name() {
            "UTC" => (UTC, 0),
            _ => {
                let minutes = i16::try_from(offset / 60).ok().filter(|minutes| *minutes != UTC);
                (minutes.ok_or("unexpected zone offset")?, offset % 60)
            }
        };
        let version = if seconds == 0 { 1 } else { 2 };
        let mut bytes = vec![version];
        bytes.extend(self.seconds.wrapping_sub(ZERO_SECONDS).to_be_bytes());
        bytes.extend(self.nanoseconds.to_be_bytes());
        bytes.extend(minutes.to_be_bytes());
        if version == 2 {
            bytes.push(seconds as u8);
        }
        Ok(bytes)
    }

    /// `t.GoString()`.
    pub(super) fn go_syntax(&self) -> String {
        let (date, of_day) = self.local();
        let month = MONTHS[(date.month - 1).clamp(0, 11) as usize];
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let zone = match self.zone.name() {
            name @ ("UTC" | "Local") => format!("time.{name}"),
            name => format!("time.Location({name:?})"),
        };
        let (year, day, nanoseconds) = (date.year, date.day, self.nanoseconds);
        format!(
            "time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {nanoseconds}, {zone})"
        )
    }
}
