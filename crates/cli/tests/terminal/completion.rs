//! What shells complete.
