//! Chart.lock: its digest and its text.

use std::fs;
use std::path::Path;
use std::time::Duration;

use helm::chart::Dependency;
use yaml::{Form, Writer};

use super::error::DependencyError;
use super::json;
use crate::digest::Digest;
use crate::error::{Error, FileError};

/// A moment, as the time since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timestamp(pub Duration);

/// The digest of what is wanted and what is locked: Helm compares it to know whether a lock is
/// still good.
pub fn digest(wanted: Option<&[Dependency]>, locked: Option<&[Dependency]>) -> String {
    let wanted = json::dependencies(wanted);
    let locked = json::dependencies(locked);
    Digest::of(format!("[{wanted},{locked}]").as_bytes()).to_string()
}

/// The digest that Helm 2 wrote.
pub fn digest_of_old(wanted: Option<&[Dependency]>) -> String {
    let wanted = json::dependencies(wanted);
    Digest::of(format!("{{\"dependencies\":{wanted}}}").as_bytes()).to_string()
}

/// The text of a lock file.
pub fn text(locked: &[Dependency], digest: &str, now: Timestamp) -> String {
    let mut writer = Writer::new(Form::default());
    writer.begin_map();
    writer.key("dependencies");
    writer.begin_list();
    for dependency in locked {
        writer.begin_map();
        writer.key("name");
        writer.text(&dependency.name);
        writer.key("repository");
        writer.text(&dependency.repository);
        if !dependency.version.is_empty() {
            writer.key("version");
            writer.text(&dependency.version);
        }
        writer.end_map();
    }
    writer.end_list();
    writer.key("digest");
    writer.text(digest);
    writer.key("generated");
    writer.text(&rfc3339(now));
    writer.finish()
}

/// Writes the lock file of a chart.
pub fn write(chart: &Path, old: bool, text: &str) -> Result<(), Error> {
    let name = if old { "requirements.lock" } else { "Chart.lock" };
    let path = chart.join(name);
    if fs::symlink_metadata(&path).is_ok_and(|found| found.file_type().is_symlink()) {
        let target = fs::read_link(&path).unwrap_or_default().display().to_string();
        return Err(DependencyError::LinkedLock { name, target }.into());
    }
    fs::write(&path, text).map_err(|error| FileError::new("open", &path, error).into())
}

/// A moment in UTC, with as many decimals as it needs, as Go prints it.
fn rfc3339(now: Timestamp) -> String {
    let seconds = now.0.as_secs();
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    let decimals = match now.0.subsec_nanos() {
        0 => String::new(),
        nanos => format!(".{nanos:09}").trim_end_matches('0').to_owned(),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{decimals}Z")
}

/// Year, month and day of a count of days since 1970, by shifting the year to begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    // 719468 days lie between 1 March of year 0 and 1 January 1970; an era has 400 years.
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let at = |seconds, nanos| rfc3339(Timestamp(Duration::new(seconds, nanos)));
        assert_eq!(at(0, 0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400, 500_000_000), "2000-02-29T00:00:00.5Z");
        assert_eq!(at(1_795_251_087, 630_371_829), "2026-11-21T08:51:27.630371829Z");
    }

    #[test]
    fn writes_what_helm_writes() {
        let dependency = |name: &str, version: &str| Dependency {
            name: name.to_owned(),
            repository: "https://h/x".to_owned(),
            version: version.to_owned(),
            ..Dependency::default()
        };
        let text = text(
            &[dependency("a", "1.2.3"), dependency("b", "1.2")],
            "sha256:x",
            Timestamp::default(),
        );
        let expected = "dependencies:\n- name: a\n  repository: https://h/x\n  version: 1.2.3\n\
            - name: b\n  repository: https://h/x\n  version: \"1.2\"\n\
            digest: sha256:x\ngenerated: \"1970-01-01T00:00:00Z\"\n";
        assert_eq!(text, expected);
    }
}
