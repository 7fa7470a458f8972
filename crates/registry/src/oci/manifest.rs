//! Manifests: which layer of an image is the chart.

use serde_json::Value;

use super::error::OciError;
use crate::digest::Digest;

/// What is asked for: manifests and lists of them, of OCI and of Docker.
pub const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, \
    application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.artifact.manifest.v1+json";
const CONFIG_TYPE: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART_TYPE: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const PROVENANCE_TYPE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
const LEGACY_CHART_TYPE: &str = "application/tar+gzip";
/// How many manifests of an index are looked at.
pub const MAX_INDEX_MANIFESTS: usize = 32;

/// A piece of content by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The digest of the content.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
}

/// What a manifest leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Manifest {
    /// A chart's archive.
    Chart {
        /// The archive.
        layer: Descriptor,
        /// The archive has a media type of Helm's early days.
        legacy: bool,
        /// The provenance file.
        provenance: Option<Descriptor>,
    },
    /// Further manifests, to be tried in order.
    Index(Vec<Descriptor>),
}

impl Manifest {
    /// Reads a manifest that came from `url`.
    pub fn parse(text: &[u8], url: &str) -> Result<Self, OciError> {
        let wrong =
            |reason: String| OciError::Answer { what: "the manifest", url: url.to_owned(), reason };
        let value: Value = serde_json::from_slice(text).map_err(|e| wrong(e.to_string()))?;
        if let Some(manifests) = value.get("manifests").and_then(Value::as_array) {
            let inner = manifests.iter().take(MAX_INDEX_MANIFESTS).map(descriptor);
            return inner.collect::<Result<_, _>>().map(Self::Index).map_err(wrong);
        }
        let kind = |value: &Value| {
            value.get("mediaType").and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        if value.get("config").is_none_or(|config| kind(config) != CONFIG_TYPE) {
            return Err(OciError::NoChartConfig);
        }
        let layers = value.get("layers").and_then(Value::as_array);
        // The last one counts, as in Helm.
        let mut provenance = layers.into_iter().flatten().rev();
        let provenance = provenance.find(|layer| kind(layer) == PROVENANCE_TYPE);
        let provenance = provenance.map(descriptor).transpose().map_err(wrong)?;
        let chart = layers.into_iter().flatten().rev().find_map(|layer| {
            let kind = kind(layer);
            (kind == CHART_TYPE || kind == LEGACY_CHART_TYPE)
                .then(|| (layer, kind == LEGACY_CHART_TYPE))
        });
        let Some((layer, legacy)) = chart else { return Err(OciError::NoChartLayer) };
        Ok(Self::Chart { layer: descriptor(layer).map_err(wrong)?, legacy, provenance })
    }
}

fn descriptor(value: &Value) -> Result<Descriptor, String> {
    let digest = value.get("digest").and_then(Value::as_str).unwrap_or_default();
    let size = value.get("size").and_then(Value::as_u64).ok_or("a descriptor has no size")?;
    let digest = Digest::parse(digest).map_err(|error| error.to_string())?;
    Ok(Descriptor { digest, size })
}
