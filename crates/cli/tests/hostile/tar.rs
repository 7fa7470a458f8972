//! Archives put together header by header, whatever they claim.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What every chart needs.
pub const CHART: &str = "apiVersion: v2\nname: a\nversion: 0.1.0\n";

/// A header of that kind, for content of that size.
pub fn header(kind: u8, name: &[u8], size: u64, target: &str) -> Vec<u8> {
    let mut header = vec![0_u8; 512];
    let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
    put(0, name);
    put(100, b"0000644\x000000000\x000000000\0");
    if size < 1 << 33 {
        put(124, format!("{size:011o}\0").as_bytes());
    } else {
        // Large sizes stand there in binary.
        put(124, &[0x80]);
        put(128, &size.to_be_bytes());
    }
    put(136, b"00000000000\0        ");
    put(156, &[kind]);
    put(157, target.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// A file with its header.
pub fn file(name: &[u8], content: &[u8]) -> Vec<u8> {
    special(b'0', name, content)
}

/// Something with content that is no file.
pub fn special(kind: u8, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut entry = header(kind, name, content.len() as u64, "");
    entry.extend(content);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

/// A record of an extension header.
pub fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let length =
        (0..9_999_999).find(|length: &usize| length.to_string().len() + rest.len() == *length);
    format!("{}{rest}", length.unwrap())
}

/// A chart's archive: Chart.yaml, then these parts.
pub fn archive(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(&file(b"a/Chart.yaml", CHART.as_bytes())).unwrap();
    for part in parts {
        out.write_all(&part).unwrap();
    }
    out.write_all(&[0; 1024]).unwrap();
    out.finish().unwrap()
}
