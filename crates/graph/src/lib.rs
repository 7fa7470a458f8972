//! Pictures of platforms: services as cards, a row for each requirement with its provisioner, lines
//! to who stands behind it, and the host names by which people come in.
//!
//! The way of a picture: a bound platform → [`Graph`] (`model`) → cards in columns (`layout`) → SVG
//! (`svg`); or a graph as Mermaid at once (`mermaid`).
//!
//! The crate knows nothing of fonts, files or clusters: widths of texts are estimated.

mod layout;
mod mermaid;
mod model;
mod svg;

pub use mermaid::mermaid;
pub use model::{Card, Graph, Place, Row};
pub use svg::svg;
