//! What functions may ask of the world: the clock, randomness, the network. The caller of a render
//! grants each one; nothing here reaches outside by itself.
//!
//! A library user gets [`Effects::default`]: a frozen clock and randomness from a fixed seed, so
//! that rendering twice gives the same bytes. The command line grants the machine's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gotmpl::function::{Call, Failure};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A point in time, as a clock tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Nanoseconds of that second, below 1 000 000 000.
    pub nanoseconds: u32,
    /// Nanoseconds since the process began, which Go prints with a time as `m=+…`; `None` from a
    /// clock that does not tell.
    pub monotonic_nanoseconds: Option<i64>,
}

/// Where the time comes from.
pub enum Clock {
    /// Always the same.
    Frozen(Moment),
    /// Asked each time.
    Asked(Box<dyn FnMut() -> Moment>),
    /// Not at all: a chart that asks fails.
    Refused,
}

/// Who fills bytes with random ones; an error is what the system says.
pub type Entropy = Box<dyn FnMut(&mut [u8]) -> Result<(), String>>;

/// Where random bytes come from.
pub enum Randomness {
    /// `ChaCha20` from a seed: random to look at, equal each time.
    Seeded(Box<ChaCha20Rng>),
    /// Asked each time; an error is what the system says.
    Asked(Entropy),
    /// Not at all: a chart that asks fails.
    Refused,
}

/// Who answers what addresses a name has; an error is what the system says.
pub type Resolver = Box<dyn FnMut(&str) -> Result<Vec<String>, String>>;

/// Where names of machines are looked up.
pub enum Network {
    /// Asked each time.
    Asked(Resolver),
    /// Not at all: a chart that asks fails.
    Refused,
}

/// What is granted to one render; functions find it among the parts of the machine's host.
pub struct Effects {
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub randomness: Randomness,
    /// The network.
    pub network: Network,
    /// The zone that Go calls `Local`, by its name in the tz database.
    pub local_zone: String,
}

/// The second at which the frozen clock stands: 2000-01-01T00:00:00Z, plainly no real date.
pub const FROZEN_SECONDS: i64 = 946_684_800;

impl Effects {
    /// A frozen clock, randomness from `seed`, no network.
    pub fn seeded(seed: u64) -> Self {
        Self {
            clock: Clock::Frozen(Moment {
                seconds: FROZEN_SECONDS,
                nanoseconds: 0,
                monotonic_nanoseconds: None,
            }),
            randomness: Randomness::Seeded(Box::new(ChaCha20Rng::seed_from_u64(seed))),
            network: Network::Refused,
            local_zone: "UTC".to_owned(),
        }
    }

    /// The same; the other one tells afterwards whether anything was drawn.
    pub fn seeded_and_watched(seed: u64) -> (Self, Arc<AtomicBool>) {
        let mut seeded = Self::seeded(seed);
        let is_drawn = Arc::new(AtomicBool::new(false));
        let told = is_drawn.clone();
        let mut generator = ChaCha20Rng::seed_from_u64(seed);
        seeded.randomness = Randomness::Asked(Box::new(move |bytes| {
            told.store(true, Ordering::Relaxed);
            generator.fill_bytes(bytes);
            Ok(())
        }));
        (seeded, is_drawn)
    }

    /// Nothing but the local zone: a chart whose result is not a function of its values fails.
    pub fn refused() -> Self {
        Self { clock: Clock::Refused, randomness: Randomness::Refused, ..Self::seeded(0) }
    }

    /// The time.
    pub fn now(&mut self) -> Result<Moment, Failure> {
        match &mut self.clock {
            Clock::Frozen(moment) => Ok(*moment),
            Clock::Asked(ask) => Ok(ask()),
            Clock::Refused => Err(refused("the clock")),
        }
    }

    /// Fills `bytes` with random ones.
    pub fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        match &mut self.randomness {
            Randomness::Seeded(generator) => {
                generator.fill_bytes(bytes);
                Ok(())
            }
            Randomness::Asked(ask) => ask(bytes).map_err(Failure::Message),
            Randomness::Refused => Err(refused("randomness")),
        }
    }

    /// A number below `bound`, each equally likely; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> Result<u64, Failure> {
        if bound == 0 {
            return Ok(0);
        }
        // Numbers over the largest multiple of the bound would favour small results.
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let mut bytes = [0; 8];
            self.fill(&mut bytes)?;
            let number = u64::from_le_bytes(bytes);
            if number < limit {
                return Ok(number % bound);
            }
        }
    }

    /// The addresses of the machine of that name.
    pub fn look_up(&mut self, name: &str) -> Result<Vec<String>, Failure> {
        match &mut self.network {
            Network::Asked(ask) => ask(name).map_err(Failure::Message),
            Network::Refused => Err(refused("the network")),
        }
    }
}

impl Default for Effects {
    fn default() -> Self {
        Self::seeded(0)
    }
}

fn refused(what: &str) -> Failure {
    Failure::new(format!(
        "the result depends on {what}, which this render may not use (see --effects)"
    ))
}

/// The effects granted to the render of this call.
pub(crate) fn of<'call>(call: &'call mut Call<'_, '_>) -> Result<&'call mut Effects, Failure> {
    call.machine
        .host::<Effects>()
        .ok_or_else(|| Failure::new("this render grants no effects to functions"))
}
