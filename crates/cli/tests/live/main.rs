//! What is only true if a real API server, its controllers and its scheduler say so: objects that the
//! binary builds, and the script that deploys them. The control plane is started here, once for all
//! tests of this binary; no other cluster is ever asked.

#[cfg(test)]
mod accepted;
#[cfg(test)]
mod deploy;
#[cfg(test)]
#[path = "../guides/page.rs"]
mod page;
#[cfg(test)]
mod plane;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod score;
#[cfg(test)]
mod tutorial;
