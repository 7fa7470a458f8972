//! Makes chart archives, good ones and bad ones: tar entries with changed names, kinds, sizes and
//! checksums, in a gzip frame.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use super::chance::Chance;

/// Names that an archive may bring.
const NAMES: &[&str] = &[
    "tiny/Chart.yaml",
    "tiny/values.yaml",
    "tiny/templates/a.yaml",
    "tiny/charts/sub/Chart.yaml",
    "tiny/../../etc/x",
    "/abs/Chart.yaml",
    "tiny",
    "tiny/",
    "Chart.yaml",
    "tiny//x",
    "tiny/./x",
    "C:/x",
    "tiny\\Chart.yaml",
    "..",
    "../x",
    "pax_global_header",
    "other/Chart.yaml",
    "",
    "tiny/é",
    "tiny/a/../b",
];

const BLOCK: usize = 512;

/// One archive.
pub fn archive(chance: &mut Chance) -> Vec<u8> {
    let mut tar = Vec::new();
    entry(
        &mut tar,
        "tiny/Chart.yaml",
        b"apiVersion: v2\nname: tiny\nversion: 0.1.0\n",
        b'0',
        chance,
    );
    for _ in 0..chance.below(6) {
        let name = *chance.pick(NAMES).unwrap_or(&"x");
        let kind = *chance.pick(b"0000005512346xgLKVS\0").unwrap_or(&b'0');
        let size = chance.below(700);
        let content: Vec<u8> = b"key: value\n".iter().copied().cycle().take(size).collect();
        entry(&mut tar, name, &content, kind, chance);
    }
    if !chance.once_in(8) {
        tar.resize(tar.len() + 2 * BLOCK, 0);
    }
    if chance.once_in(6) {
        tar.truncate(chance.below(tar.len() + 1));
    }
    for _ in 0..chance.below(2) {
        flip(&mut tar, chance);
    }
    // Sometimes in two members.
    let cut = if chance.once_in(8) { chance.below(tar.len() + 1) } else { tar.len() };
    let (first, rest) = tar.split_at(cut);
    let mut packed = gzip(first, chance);
    if !rest.is_empty() {
        packed.extend(gzip(rest, chance));
    }
    if chance.once_in(6) {
        flip(&mut packed, chance);
    }
    if chance.once_in(20) {
        packed.truncate(chance.below(packed.len() + 1));
    }
    packed
}

fn flip(bytes: &mut [u8], chance: &mut Chance) {
    let at = chance.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
}

/// A tar entry in the old Unix form, with a right checksum most of the time.
fn entry(tar: &mut Vec<u8>, name: &str, content: &[u8], kind: u8, chance: &mut Chance) {
    let mut head = vec![0; BLOCK];
    let name = &name.as_bytes()[..name.len().min(100)];
    head[..name.len()].copy_from_slice(name);
    let size = if chance.once_in(12) { chance.below(1 << 20) } else { content.len() };
    field(&mut head, 100, "0000644\0");
    field(&mut head, 108, "0000000\0");
    field(&mut head, 116, "0000000\0");
    field(&mut head, 124, &format!("{size:011o}\0"));
    field(&mut head, 136, "00000000000\0");
    field(&mut head, 148, "        ");
    head[156] = kind;
    field(&mut head, 257, "ustar\u{0}00");
    if chance.once_in(10) {
        let field = *chance.pick(&[0, 100, 124, 136, 157, 257, 345]).unwrap_or(&0);
        head[field + chance.below(8)] = *chance.pick(b"\0 7a-\x80\xff").unwrap_or(&0);
    }
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    let sum = if chance.once_in(40) { sum + 1 } else { sum };
    field(&mut head, 148, &format!("{sum:06o}\0 "));
    tar.extend(head);
    tar.extend(content);
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
}

fn field(head: &mut [u8], at: usize, text: &str) {
    head[at..at + text.len()].copy_from_slice(text.as_bytes());
}

/// A gzip frame, packed, or around stored blocks, which a changed byte spoils less.
fn gzip(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    if chance.once_in(3) {
        return packed(bytes, chance).unwrap_or_default();
    }
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(0xffff).peekable();
    if blocks.peek().is_none() {
        out.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(0);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(crc32(bytes).to_le_bytes());
    out.extend(u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
    out
}

fn packed(bytes: &[u8], chance: &mut Chance) -> std::io::Result<Vec<u8>> {
    let mut header = GzBuilder::new();
    if chance.once_in(3) {
        header = header.extra("extra").comment("comment").filename("name");
    }
    let level = u32::try_from(chance.below(10)).unwrap_or(1);
    let mut writer = header.write(Vec::new(), Compression::new(level));
    writer.write_all(bytes)?;
    writer.finish()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
        crc
    })
}
