//! Hostile input through the real binary: every case ends by itself, with the right exit code and
//! a clear message, within bounded time and memory, and nothing is written where it should not be.

#[cfg(test)]
mod archives;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod cycles;
#[cfg(test)]
mod directories;
#[cfg(test)]
mod encodings;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod nesting;
#[cfg(test)]
mod recursion;
#[cfg(test)]
mod schemas;
#[cfg(test)]
#[path = "../../../registry/tests/sources/server.rs"]
mod server;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tar;
#[cfg(test)]
mod values;
