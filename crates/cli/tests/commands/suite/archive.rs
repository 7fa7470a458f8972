//! Archives for cases: chart directories packed as they are, and hostile ones line by line.

use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// A gzipped tar of entries: type flag, path, content.
pub fn write(entries: &[(u8, String, Vec<u8>)]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for (kind, path, content) in entries {
        let is_link = matches!(kind, b'1' | b'2');
        let size = if is_link { 0 } else { content.len() };
        let mut header = [0_u8; 512];
        let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
        put(0, path.as_bytes());
        put(100, b"0000644\0");
        put(108, b"0000000\0");
        put(116, b"0000000\0");
        put(124, format!("{size:011o}\0").as_bytes());
        put(136, b"00000000000\0");
        put(148, b"        ");
        put(156, &[*kind]);
        if is_link {
            put(157, content);
        }
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.write_all(&header).unwrap();
        out.write_all(&content[..size]).unwrap();
        out.write_all(&vec![0; size.next_multiple_of(512) - size]).unwrap();
    }
    out.write_all(&[0; 1024]).unwrap();
    out.finish().unwrap()
}

/// The archive that such lines tell, its bytes changed where `flip COUNT` says: so far before its
/// end.
pub fn made(lines: &str) -> Vec<u8> {
    let mut packed = write(&parse(lines));
    for line in lines.lines() {
        if let Some(count) = line.strip_prefix("flip ") {
            let at = packed.len() - count.parse::<usize>().unwrap();
            packed[at] ^= 1;
        }
    }
    packed
}

/// Entries written line by line: `file PATH TEXT`, `dir PATH`, `link PATH TARGET`,
/// `zeros PATH COUNT`; `many COUNT` makes as many empty files.
fn parse(lines: &str) -> Vec<(u8, String, Vec<u8>)> {
    let mut entries = Vec::new();
    for line in lines.lines() {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (kind, path, rest) = (word(), word(), word());
        let path = path.to_owned();
        match kind {
            "file" => {
                let content = rest.replace("\\n", "\n").into_bytes();
                entries.push((b'0', path, content));
            }
            "dir" => entries.push((b'5', path, Vec::new())),
            "link" => entries.push((b'2', path, rest.into())),
            "hard" => entries.push((b'1', path, rest.into())),
            "zeros" => entries.push((b'0', path, vec![0; rest.parse().unwrap()])),
            "many" => {
                let count: usize = path.parse().unwrap();
                let one = |index| (b'0', format!("a/files/{index}"), Vec::new());
                entries.extend((0..count).map(one));
            }
            "flip" => {}
            other => panic!("no entry is called {other}"),
        }
    }
    entries
}

/// The files of a directory as entries below the directory's name.
pub fn pack(folder: &Path) -> Vec<(u8, String, Vec<u8>)> {
    let mut paths = Vec::new();
    super::run::files_under(folder, &mut paths);
    let base = folder.parent().unwrap();
    let entry = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
        (b'0', name, std::fs::read(path).unwrap())
    };
    paths.iter().map(entry).collect()
}

/// What is in an archive: a line for each entry, and the text of `Chart.yaml` and `Chart.lock`.
pub fn list(data: &[u8]) -> String {
    let mut tar = Vec::new();
    if GzDecoder::new(data).read_to_end(&mut tar).is_err() {
        return "  cannot be unpacked\n".to_owned();
    }
    let mut out = String::new();
    let mut at = 0;
    while let Some(header) = tar.get(at..at + 512).filter(|header| header[0] != 0) {
        let name = String::from_utf8_lossy(&header[..100]);
        let name = name.trim_end_matches('\0');
        let size = String::from_utf8_lossy(&header[124..135]).into_owned();
        let size = usize::from_str_radix(size.trim_matches(['\0', ' ']), 8).unwrap();
        let mode = String::from_utf8_lossy(&header[100..107]);
        at += 512;
        let content = String::from_utf8_lossy(&tar[at..at + size]);
        // How many digits the moment of a run takes is chance; those of cases have few.
        let fraction =
            content.split_once("generated: ").and_then(|(_, moment)| moment.split_once('.'));
        let is_made_now = fraction
            .is_some_and(|(_, digits)| digits.bytes().take_while(u8::is_ascii_digit).count() > 3);
        let shown = if is_made_now { "…".to_owned() } else { size.to_string() };
        out += &format!("  {mode} {shown:>5} {name}\n");
        if name.ends_with("/Chart.yaml") || name.ends_with("/Chart.lock") {
            for line in content.lines() {
                let moment = line.starts_with("generated: ");
                out += &format!("    | {}\n", if moment { "generated: …" } else { line });
            }
        }
        at += size.next_multiple_of(512);
    }
    out
}
