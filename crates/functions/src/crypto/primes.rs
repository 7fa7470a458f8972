//! Large random primes and numbers.

use gotmpl::function::Failure;
use num_bigint::BigUint;

use crate::effects::Effects;

/// Rounds of Miller and Rabin's test. For random candidates of 1024 bits, far fewer already leave
/// less doubt than the machine's own errors (FIPS 186-5, table B.1).
const ROUNDS: usize = 10;

/// Candidates are first divided by the primes below this.
const SMALL: u32 = 8_192;

/// A number of exactly that many bits, its two highest set, so that a product of two such numbers
/// has twice as many bits.
fn candidate(effects: &mut Effects, bits: u64) -> Result<BigUint, Failure> {
    let mut number = random_bits(effects, bits)?;
    for bit in [bits - 1, bits - 2, 0] {
        number.set_bit(bit, true);
    }
    Ok(number)
}

/// A number below two to the power of `bits`.
fn random_bits(effects: &mut Effects, bits: u64) -> Result<BigUint, Failure> {
    let mut bytes = vec![0; bits.div_ceil(8) as usize];
    effects.fill(&mut bytes)?;
    Ok(BigUint::from_bytes_be(&bytes) & ((BigUint::from(1_u8) << bits) - 1_u8))
}

/// A number from 1 up to, without, `bound`, each equally likely; `bound` is over 1.
pub(super) fn random_below(effects: &mut Effects, bound: &BigUint) -> Result<BigUint, Failure> {
    loop {
        let number = random_bits(effects, bound.bits())?;
        if number < *bound && number.bits() > 0 {
            return Ok(number);
        }
    }
}

/// A random prime of exactly that many bits, its two highest set. `is_wanted` may refuse some.
pub(super) fn random_prime(
    effects: &mut Effects,
    bits: u64,
    is_wanted: impl Fn(&BigUint) -> bool,
) -> Result<BigUint, Failure> {
    let small = small_primes();
    loop {
        let start = candidate(effects, bits)?;
        let rests: Vec<u32> = small.iter().map(|p| rest(&start, *p)).collect();
        // Numbers from a random one on: the sieve costs one division for all of them.
        for step in (0..SMALL).step_by(2) {
            if small.iter().zip(&rests).any(|(p, rest)| (rest + step) % p == 0) {
                continue;
            }
            let number = &start + step;
            if number.bits() != bits {
                break;
            }
            if is_wanted(&number) && is_prime(effects, &number)? {
                return Ok(number);
            }
        }
    }
}

/// Whether a large odd number is prime, with all but certainty.
pub(super) fn is_prime(effects: &mut Effects, number: &BigUint) -> Result<bool, Failure> {
    let one = BigUint::from(1_u8);
    let minus_one = number - 1_u8;
    let twos = minus_one.trailing_zeros().unwrap_or(0);
    let odd = &minus_one >> twos;
    'rounds: for _ in 0..ROUNDS {
        let base = random_below(effects, &minus_one)?;
        let mut power = base.modpow(&odd, number);
        if power == one || power == minus_one {
            continue;
        }
        for _ in 1..twos {
            power = &power * &power % number;
            if power == minus_one {
                continue 'rounds;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

/// Whether no small prime divides the number.
pub(super) fn has_no_small_factor(number: &BigUint, small: &[u32]) -> bool {
    small.iter().all(|p| rest(number, *p) != 0)
}

fn rest(number: &BigUint, divisor: u32) -> u32 {
    let rest = number
        .iter_u32_digits()
        .rev()
        .fold(0_u64, |rest, digit| (rest << 32 | u64::from(digit)) % u64::from(divisor));
    rest as u32
}

/// The odd primes below [`SMALL`].
pub(super) fn small_primes() -> Vec<u32> {
    let mut primes: Vec<u32> = Vec::new();
    for number in (3..SMALL).step_by(2) {
        if primes.iter().take_while(|p| *p * *p <= number).all(|p| number % p != 0) {
            primes.push(number);
        }
    }
    primes
}
