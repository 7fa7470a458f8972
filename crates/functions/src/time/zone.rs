//! Zones: UTC, fixed offsets, and those of the bundled tz database. Not here: which one is local.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Go's `*time.Location`.
#[derive(Clone, Debug)]
pub struct Zone {
    /// What `Location.String` gives.
    name: String,
    rules: Rules,
}

#[derive(Clone, Debug)]
enum Rules {
    Utc,
    /// Abbreviation and seconds east of UTC.
    Fixed(String, i64),
    Database(TimeZone),
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: Rules::Utc }
    }

    /// `time.FixedZone`: an abbreviation (maybe empty) and an offset in seconds east of UTC.
    pub fn fixed(name: &str, offset_seconds: i64) -> Self {
        Self { name: name.to_owned(), rules: Rules::Fixed(name.to_owned(), offset_seconds) }
    }

    /// `time.LoadLocation`: `local` for the name `Local`; `None` for a name that the database does
    /// not have. Names are those of files in Go, so their case counts.
    pub fn load(name: &str, local: &Self) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::utc()),
            "Local" => Some(local.clone()),
            _ => {
                let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).ok()?;
                let exact = zone.iana_name() == Some(name);
                exact.then(|| Self { name: name.to_owned(), rules: Rules::Database(zone) })
            }
        }
    }

    /// The local zone of that name in the database; UTC when it has none.
    pub fn local(name: &str) -> Self {
        let utc = Self::utc();
        let zone = Self::load(name, &utc).unwrap_or(utc);
        Self { name: "Local".to_owned(), ..zone }
    }

    /// What `Location.String` gives.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The abbreviation and the seconds east of UTC in force at a second since 1970.
    pub(super) fn at(&self, seconds: i64) -> (String, i64) {
        match &self.rules {
            Rules::Utc => ("UTC".to_owned(), 0),
            Rules::Fixed(name, offset) => (name.clone(), *offset),
            Rules::Database(zone) => {
                let info = zone.to_offset_info(timestamp(seconds));
                (info.abbreviation().to_owned(), i64::from(info.offset().seconds()))
            }
        }
    }

    /// Whether summer time is in force.
    pub(super) fn is_summer(&self, seconds: i64) -> bool {
        match &self.rules {
            Rules::Database(zone) => zone.to_offset_info(timestamp(seconds)).dst().is_dst(),
            _ => false,
        }
    }

    /// The second since 1970 at which clocks of this zone show `local` (counted as if it were
    /// UTC); where they never or twice do, Go's choice.
    pub(super) fn to_utc(&self, local: i64) -> i64 {
        let (_, offset) = self.at(local);
        if offset == 0 {
            return local;
        }
        let (_, offset) = self.at(local.saturating_sub(offset));
        local.saturating_sub(offset)
    }

    /// The offset that an abbreviation means in this zone: preferably one in force when clocks
    /// show `local`, else any.
    pub(super) fn offset_named(&self, abbreviation: &str, local: i64) -> Option<i64> {
        let Rules::Database(zone) = &self.rules else {
            return None;
        };
        let (first_name, first_offset) = self.at(i64::MIN);
        let mut known = vec![(first_name, first_offset)];
        // Zones have a few hundred recorded transitions and then a rule without end.
        for change in zone.following(Timestamp::MIN).take(MAX_TRANSITIONS) {
            let entry = (change.abbreviation().to_owned(), i64::from(change.offset().seconds()));
            if !known.contains(&entry) {
                known.push(entry);
            }
        }
        known.retain(|(name, _)| name == abbreviation);
        let in_force =
            |offset: &&(String, i64)| self.at(local.saturating_sub(offset.1)).0 == abbreviation;
        known.iter().find(in_force).or(known.first()).map(|(_, offset)| *offset)
    }
}

/// How many changes of a zone are looked at: all recorded ones of every zone, and some years more.
const MAX_TRANSITIONS: usize = 512;

/// Seconds of 400 years, after which the calendar and so the rules of zones repeat.
const SECONDS_A_CYCLE: i64 = 146_097 * 86_400;

/// An instant that the database's crate can hold (years -9999 to 9999): what is later moves back
/// by whole cycles of the calendar, what is earlier is before the first rule anyway.
fn timestamp(seconds: i64) -> Timestamp {
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let over = seconds.saturating_sub(last).max(0);
    let back = over.div_euclid(SECONDS_A_CYCLE) + i64::from(over % SECONDS_A_CYCLE != 0);
    let within = seconds.saturating_sub(back.saturating_mul(SECONDS_A_CYCLE)).max(first);
    Timestamp::from_second(within).unwrap_or(Timestamp::UNIX_EPOCH)
}
