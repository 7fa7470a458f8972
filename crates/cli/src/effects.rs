//! The machine's own clock, randomness and resolver, for charts that ask.
//!
//! The one place of this crate that asks for the time.

use std::any::Any;
use std::net::ToSocketAddrs as _;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use functions::effects::{Clock, Effects, Moment, Network, Randomness};

/// What functions find at the machine when they may reach outside, as in Helm.
pub fn of_machine(zone: Option<&str>) -> Vec<Box<dyn Any>> {
    let effects = Effects {
        clock: clock(),
        randomness: Randomness::Asked(Box::new(|bytes| {
            getrandom::fill(bytes).map_err(|error| error.to_string())
        })),
        network: Network::Asked(Box::new(addresses)),
        local_zone: zone.unwrap_or("UTC").to_owned(),
    };
    vec![Box::new(effects)]
}

/// A clock that stands still and the same randomness each time.
pub fn frozen() -> Vec<Box<dyn Any>> {
    vec![Box::new(Effects::default())]
}

#[expect(clippy::disallowed_methods, reason = "the edge is where time comes from")]
fn clock() -> Clock {
    let begun = Instant::now();
    Clock::Asked(Box::new(move || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment {
            seconds: since.as_secs() as i64,
            nanoseconds: since.subsec_nanos(),
            monotonic_nanoseconds: i64::try_from(begun.elapsed().as_nanos()).ok(),
        }
    }))
}

fn addresses(host: &str) -> Result<Vec<String>, String> {
    let found = (host, 0).to_socket_addrs().map_err(|error| error.to_string())?;
    Ok(found.map(|address| address.ip().to_string()).collect())
}
