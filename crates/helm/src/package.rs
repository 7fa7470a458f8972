//! Packing a chart into an archive, in the layout of `helm package`.
//!
//! Not here: signing, and where the archive goes. The same chart and times give the same bytes.
//! Follows Helm 4's `pkg/chart/v2/util/save.go`.

use std::io::Write;

use flate2::{Compression, GzBuilder};
use functions::time::Time;

use crate::chart::{Chart, File, Metadata};
use crate::schema::is_json;

/// In nanoseconds: an archive counts in whole seconds, and Go rounds to the nearest.
const HALF_A_SECOND: i64 = 500_000_000;

/// Why a chart cannot be packed, in Helm's words.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The name is no name of a folder.
    #[error("{} is not a valid chart name", strconv::quote(.0.as_bytes()))]
    Name(String),
    /// The schema is not JSON.
    #[error("invalid JSON in values.schema.json")]
    Schema,
    /// A path in the chart does not fit into an archive.
    #[error("the path {0} is too long for an archive")]
    PathTooLong(String),
    /// Memory alone is written to, so this is for completeness.
    #[error("{0}")]
    Write(#[from] std::io::Error),
}

/// The bytes of the archive. Files without a time get `now` (seconds since 1970), which also
/// replaces all times where `stamp` is set, as `SOURCE_DATE_EPOCH` demands.
pub fn package(chart: &Chart, now: i64, stamp: Option<i64>) -> Result<Vec<u8>, PackageError> {
    // Helm marks its archives with this header; tools recognise them by it.
    const EXTRA: &[u8] = b"rr\x28\x00aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=";
    let gzip = GzBuilder::new().extra(EXTRA).comment("Helm").operating_system(255);
    let mut tar = Tar { out: gzip.write(Vec::new(), Compression::default()), now, stamp };
    tar.chart(chart, "")?;
    tar.out.write_all(&[0; 1024])?;
    Ok(tar.out.finish()?)
}

struct Tar<W> {
    out: W,
    now: i64,
    stamp: Option<i64>,
}

impl<W: Write> Tar<W> {
    fn chart(&mut self, chart: &Chart, above: &str) -> Result<(), PackageError> {
        let name = chart.name();
        if name.contains('/') || matches!(name, "" | "." | "..") {
            return Err(PackageError::Name(name.to_owned()));
        }
        let base = format!("{above}{name}");
        let is_v1 = chart.metadata.api_version == "v1";
        let metadata = if is_v1 {
            // Its dependencies stand in requirements.yaml, among the files.
            Metadata { dependencies: None, ..Metadata::clone(&chart.metadata) }.to_yaml()
        } else {
            chart.metadata.to_yaml()
        };
        let modified = |name: &str| chart.raw_file(name).and_then(|file| file.modified);
        self.file(&format!("{base}/Chart.yaml"), metadata.as_bytes(), modified("Chart.yaml"))?;
        if let Some(lock) = chart.lock.as_ref().filter(|_| !is_v1) {
            let is_dated = lock.generated.seconds() != Time::zero().seconds();
            let generated = is_dated.then(|| lock.generated.plus(HALF_A_SECOND).seconds());
            self.file(&format!("{base}/Chart.lock"), lock.to_yaml().as_bytes(), generated)?;
        }
        if let Some(values) = chart.raw_file("values.yaml") {
            self.member(&base, values)?;
        }
        if let Some(schema) = &chart.schema {
            if !is_json(schema) {
                return Err(PackageError::Schema);
            }
            let path = format!("{base}/values.schema.json");
            self.file(&path, schema, modified("values.schema.json"))?;
        }
        for file in chart.templates.iter().chain(chart.files.iter()) {
            self.member(&base, file)?;
        }
        let below = format!("{base}/charts/");
        chart.dependencies.iter().try_for_each(|sub| self.chart(sub, &below))
    }

    fn member(&mut self, base: &str, file: &File) -> Result<(), PackageError> {
        self.file(&format!("{base}/{}", file.name), &file.data, file.modified)
    }

    fn file(&mut self, path: &str, data: &[u8], modified: Option<i64>) -> Result<(), PackageError> {
        let modified = self.stamp.or(modified).unwrap_or(self.now);
        let modified = u64::try_from(modified).unwrap_or(0);
        let header = match ustar_name(path) {
            Some((prefix, name)) => header(prefix, name, data.len(), modified, b'0'),
            None => {
                self.long_path(path, modified)?;
                header("", path.get(..100).unwrap_or_default(), data.len(), modified, b'0')
            }
        };
        self.out.write_all(&header)?;
        self.content(data)
    }

    /// A path that the plain header has no room for goes into a header of its own.
    fn long_path(&mut self, path: &str, modified: u64) -> Result<(), PackageError> {
        /// No file system has longer ones.
        const MAX_PATH: usize = 64 * 1024;
        if path.len() > MAX_PATH {
            return Err(PackageError::PathTooLong(path.get(..100).unwrap_or_default().to_owned()));
        }
        let tail = format!(" path={path}\n");
        // The length counts its own digits.
        let mut length = tail.len() + 1;
        while length.to_string().len() + tail.len() != length {
            length = length.to_string().len() + tail.len();
        }
        let record = format!("{length}{tail}");
        let (_, base) = path.rsplit_once('/').unwrap_or(("", path));
        let name = format!("PaxHeaders.0/{}", base.get(..80).unwrap_or("long"));
        self.out.write_all(&header("", &name, record.len(), modified, b'x'))?;
        self.content(record.as_bytes())
    }

    fn content(&mut self, data: &[u8]) -> Result<(), PackageError> {
        self.out.write_all(data)?;
        let padding = data.len().next_multiple_of(512) - data.len();
        Ok(self.out.write_all(&[0; 512][..padding])?)
    }
}

/// Prefix and name of the plain header, when the path fits.
fn ustar_name(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() {
        return None;
    }
    if path.len() <= 100 {
        return Some(("", path));
    }
    let splits = path.match_indices('/').map(|(at, _)| (&path[..at], &path[at + 1..]));
    splits.rev().find(|(prefix, name)| prefix.len() <= 155 && name.len() <= 100)
}

fn header(prefix: &str, name: &str, size: usize, modified: u64, kind: u8) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000644\x000000000\x000000000\0");
    put(124, format!("{size:011o}").as_bytes());
    // Eleven octal digits last until the year 2242.
    put(136, format!("{:011o}", modified.min(0o777_7777_7777)).as_bytes());
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    put(345, prefix.as_bytes());
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::package;
    use crate::chart::{File, from_files, read_archive};
    use crate::log::Log;

    #[test]
    fn a_lock_has_its_own_time_to_the_nearest_second() {
        let file = |name: &str, text: &str| File {
            name: name.into(),
            modified: Some(5),
            data: text.as_bytes().into(),
        };
        let chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n";
        let lock = "generated: \"1970-01-01T01:00:10.5+01:00\"\n";
        let files = vec![file("Chart.yaml", chart), file("Chart.lock", lock)];
        let chart = from_files(files, &mut Log::default()).unwrap();
        let packed = read_archive(&package(&chart, 7, None).unwrap()).unwrap();
        let times: Vec<_> = packed.iter().map(|file| (&*file.name, file.modified)).collect();
        assert_eq!(times, [("Chart.yaml", Some(5)), ("Chart.lock", Some(11))]);
    }
}
