//! Texts that nobody can guess.

use anyhow::{Context, Result};
use ring::rand::{SecureRandom, SystemRandom};

/// As many as a byte can say twice without favouring one.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab";

/// So many letters and digits.
pub fn text(length: usize) -> Result<String> {
    let mut bytes = vec![0; length];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.ok().context("the system has no random numbers")?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 64)])).collect())
}
