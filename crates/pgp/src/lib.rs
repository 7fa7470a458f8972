//! As much of `OpenPGP` as provenance files need: keyrings, clear-signed texts, signing.
//!
//! It reads keys and signatures of version 4 (RFC 4880 and 9580) and judges them in the order and the
//! words of `ProtonMail/go-crypto` 1.4, which Helm is built with. It encrypts nothing and trusts whom
//! the keyring names, as Helm does: there is no web of trust.
//!
//! It knows no charts, files, clock or environment. Lengths in its input are believed only as far as
//! there are bytes.

mod armor;
mod bytes;
mod clearsign;
mod entity;
mod error;
mod hash;
mod key;
mod keybox;
mod keyring;
mod other;
mod packet;
mod rsa;
mod secret;
mod sign;
mod signature;
mod verify;

pub use clearsign::Message;
pub use entity::Entity;
pub use error::{Error, KeyringError};
pub use keyring::Keyring;
pub use sign::clear_sign;
