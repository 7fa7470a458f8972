//! The Gregorian calendar, extended without end both ways. Not here: zones.

/// Seconds of one day; Go knows no leap seconds.
pub(super) const SECONDS_A_DAY: i64 = 86_400;

/// English names of months.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English names of days, Sunday first.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Days of a cycle of 400 years.
const DAYS_A_CYCLE: i64 = 146_097;

/// Days from 0000-03-01, where the calculation begins, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    /// 1 to 31.
    pub(super) day: i64,
}

/// Days since 1970 of a date. Years begin in March here, so that the leap day is their last.
pub(super) fn days_of(date: Date) -> i64 {
    let year = date.year.wrapping_sub(i64::from(date.month <= 2));
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (date.month + 9).rem_euclid(12);
    let of_year = (153 * from_march + 2) / 5 + date.day - 1;
    let day = of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year;
    cycle.wrapping_mul(DAYS_A_CYCLE).wrapping_add(day).wrapping_sub(DAYS_TO_1970)
}

/// The date of a day given as days since 1970.
pub(super) fn date_of(days: i64) -> Date {
    let days = days.saturating_add(DAYS_TO_1970);
    let (cycle, day) = (days.div_euclid(DAYS_A_CYCLE), days.rem_euclid(DAYS_A_CYCLE));
    let of_cycle = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * of_cycle + of_cycle / 4 - of_cycle / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = (from_march + 2) % 12 + 1;
    Date {
        year: cycle * 400 + of_cycle + i64::from(month <= 2),
        month,
        day: of_year - (153 * from_march + 2) / 5 + 1,
    }
}

/// 0 for Sunday to 6 for Saturday.
pub(super) fn weekday_of(days: i64) -> i64 {
    days.rem_euclid(7).wrapping_add(4) % 7
}

/// 1 to 366.
pub(super) fn day_of_year(date: Date) -> i64 {
    days_of(date) - days_of(Date { month: 1, day: 1, ..date }) + 1
}

/// Whether the year has a 29 February.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days the month has.
pub(super) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
