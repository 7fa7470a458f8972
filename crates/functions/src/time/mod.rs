//! Go's `time` package, as far as templates can see it: times with zones, layouts.
//!
//! Not here: the functions that templates call (see `date`), durations (see `durations`),
//! and the clock, which is an effect.

mod civil;
mod format;
mod layout;
mod marshal;
mod object;
mod parse;
#[cfg(test)]
mod tests;
mod zone;

pub use object::{time_of, time_value};
pub use parse::parse;
pub use zone::Zone;

use crate::effects::Moment;
use civil::{Date, SECONDS_A_DAY};

/// Go's `time.Time`.
#[derive(Clone, Debug)]
pub struct Time {
    /// Seconds since 1970 in UTC.
    seconds: i64,
    /// Below 1 000 000 000.
    nanoseconds: u32,
    zone: Zone,
    /// The monotonic reading of a time that came from the clock.
    monotonic: Option<i64>,
}

/// The first second of year 1, where Go's zero time stands.
const ZERO_SECONDS: i64 = -62_135_596_800;

const NANOSECONDS: i128 = 1_000_000_000;

impl Time {
    /// `time.Unix(seconds, nanoseconds)` in a zone.
    pub fn unix(seconds: i64, nanoseconds: u32, zone: Zone) -> Self {
        Self { seconds, nanoseconds, zone, monotonic: None }
    }

    /// What the clock said, in the local zone.
    pub fn from_clock(moment: Moment, local: Zone) -> Self {
        Self {
            seconds: moment.seconds,
            nanoseconds: moment.nanoseconds,
            zone: local,
            monotonic: moment.monotonic_nanoseconds,
        }
    }

    /// Go's zero time: year 1 in UTC.
    pub fn zero() -> Self {
        Self::unix(ZERO_SECONDS, 0, Zone::utc())
    }

    /// What `Location.String` gives.
    pub fn zone_name(&self) -> &str {
        self.zone.name()
    }

    /// Seconds since 1970 in UTC.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// The same instant in another zone.
    #[must_use]
    pub fn in_zone(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// `t.Add(d)`, in nanoseconds; wraps as Go's does at the ends of time.
    #[must_use]
    pub fn plus(&self, nanoseconds: i64) -> Self {
        let total = i128::from(self.nanoseconds) + i128::from(nanoseconds);
        Self {
            seconds: self.seconds.wrapping_add(total.div_euclid(NANOSECONDS) as i64),
            nanoseconds: total.rem_euclid(NANOSECONDS) as u32,
            zone: self.zone.clone(),
            monotonic: self.monotonic.and_then(|m| m.checked_add(nanoseconds)),
        }
    }

    /// `t.Sub(u)` in nanoseconds, held at the ends of what a duration can be.
    pub fn minus(&self, other: &Self) -> i64 {
        if let (Some(a), Some(b)) = (self.monotonic, other.monotonic) {
            return a.saturating_sub(b);
        }
        let nanoseconds = self.total_nanoseconds() - other.total_nanoseconds();
        nanoseconds.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
    }

    fn total_nanoseconds(&self) -> i128 {
        i128::from(self.seconds) * NANOSECONDS + i128::from(self.nanoseconds)
    }

    /// `t.AddDate(years, months, days)`.
    #[must_use]
    pub fn plus_date(&self, years: i64, months: i64, days: i64) -> Self {
        let (date, of_day) = self.local();
        let months = date.month.wrapping_sub(1).wrapping_add(months);
        let year = date.year.wrapping_add(years).wrapping_add(months.div_euclid(12));
        let first = Date { year, month: months.rem_euclid(12) + 1, day: 1 };
        let day = civil::days_of(first).wrapping_add(date.day - 1).wrapping_add(days);
        let local = day.wrapping_mul(SECONDS_A_DAY).wrapping_add(of_day);
        Self::unix(self.zone.to_utc(local), self.nanoseconds, self.zone.clone())
    }

    /// Date and second of the day in the time's zone.
    fn local(&self) -> (Date, i64) {
        let (_, offset) = self.zone.at(self.seconds);
        let local = self.seconds.saturating_add(offset);
        (civil::date_of(local.div_euclid(SECONDS_A_DAY)), local.rem_euclid(SECONDS_A_DAY))
    }

    /// Days since 1970 in the time's zone.
    fn local_day(&self) -> i64 {
        let (_, offset) = self.zone.at(self.seconds);
        self.seconds.saturating_add(offset).div_euclid(SECONDS_A_DAY)
    }
}
