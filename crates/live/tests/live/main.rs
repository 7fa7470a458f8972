//! What is only true if a real API server, its controllers and a scheduler say so. The control plane
//! is started here, once for all tests of this binary; no other cluster is ever asked.

#[cfg(test)]
mod bed;
#[cfg(test)]
mod plane;
