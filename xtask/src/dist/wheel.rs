//! A wheel (Python's binary distribution format, 1.0) with nothing of Python in it: `pip install` puts
//! the program among its own.

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::archives::{Entry, zip};
use super::{SUMMARY, VERSION};

/// A static program runs with any C library.
const SYSTEMS: &[&str] = &["manylinux_2_17", "musllinux_1_1"];

/// The name of the file.
pub fn name(machine: &str) -> String {
    let systems: Vec<String> = SYSTEMS.iter().map(|system| format!("{system}_{machine}")).collect();
    format!("socle-{VERSION}-py3-none-{}.whl", systems.join("."))
}

/// The file.
pub fn bytes(program: &[u8], licence: &[u8], machine: &str) -> Result<Vec<u8>> {
    let about = format!("socle-{VERSION}.dist-info");
    let metadata = format!(
        "Metadata-Version: 2.4\nName: socle\nVersion: {VERSION}\nSummary: {SUMMARY}\n\
         License-Expression: Apache-2.0\nLicense-File: LICENSE\n"
    );
    let mut wheel =
        "Wheel-Version: 1.0\nGenerator: socle-xtask\nRoot-Is-Purelib: false\n".to_owned();
    for system in SYSTEMS {
        wheel.push_str(&format!("Tag: py3-none-{system}_{machine}\n"));
    }
    let mut entries = vec![
        Entry::program(format!("socle-{VERSION}.data/scripts/socle"), program),
        Entry::plain(format!("{about}/METADATA"), metadata),
        Entry::plain(format!("{about}/WHEEL"), wheel),
        Entry::plain(format!("{about}/licenses/LICENSE"), licence),
    ];
    let mut record = String::new();
    for Entry { path, bytes, .. } in &entries {
        let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        record.push_str(&format!("{path},sha256={digest},{}\n", bytes.len()));
    }
    record.push_str(&format!("{about}/RECORD,,\n"));
    entries.push(Entry::plain(format!("{about}/RECORD"), record));
    zip(&entries)
}
