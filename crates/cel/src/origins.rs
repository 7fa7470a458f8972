//! What a value was computed from.

use std::sync::Arc;

/// A source of values, by a number that the caller gives: a line of a configuration, a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(pub u32);

/// A set of origins. Most values have none or one, so that a set costs a pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Option<Arc<[Origin]>>);

impl Origins {
    /// The set of one origin.
    pub fn of(origin: Origin) -> Self {
        Self(Some(Arc::new([origin])))
    }

    /// The origins, in order.
    pub fn as_slice(&self) -> &[Origin] {
        self.0.as_deref().unwrap_or(&[])
    }

    /// Whether nothing but constants made the value.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Both sets together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (Some(one), Some(two)) = (&self.0, &other.0) else {
            return if self.is_empty() { other.clone() } else { self.clone() };
        };
        if Arc::ptr_eq(one, two) || two.iter().all(|origin| one.binary_search(origin).is_ok()) {
            return self.clone();
        }
        let mut all: Vec<Origin> = one.iter().chain(two.iter()).copied().collect();
        all.sort_unstable();
        all.dedup();
        Self(Some(all.into()))
    }
}

impl FromIterator<Origin> for Origins {
    fn from_iter<I: IntoIterator<Item = Origin>>(origins: I) -> Self {
        let mut all: Vec<Origin> = origins.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self((!all.is_empty()).then(|| all.into()))
    }
}
