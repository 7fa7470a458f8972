//! Go's string: immutable bytes, shared, most often UTF-8.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// An immutable string of bytes behind a counted pointer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bytes<P>(P);

/// A string of a render. It and the compiled templates that hold such strings stay on one thread,
/// so that cloning one is no atomic operation.
pub type Str = Bytes<Rc<[u8]>>;

/// A string that threads share.
pub type SharedStr = Bytes<Arc<[u8]>>;

impl<P: Deref<Target = [u8]>> Bytes<P> {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, with U+FFFD where it is not UTF-8.
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The text, when it is UTF-8.
    pub fn as_utf8(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl Str {
    /// Whether nothing else holds this string: then it was just made.
    pub fn is_unique(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// The address of the shared bytes: equal for clones of one string. Provenance uses it to
    /// follow a string through a render; it says nothing about strings that are gone.
    pub fn address(&self) -> usize {
        self.0.as_ptr() as usize
    }
}

impl<P: Deref<Target = [u8]> + Eq> PartialOrd for Bytes<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P: Deref<Target = [u8]> + Eq> Ord for Bytes<P> {
    /// By bytes. The keys of a map differ in their first byte most of the time, which saves the
    /// call of `memcmp`.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0.first(), other.0.first()) {
            (Some(a), Some(b)) if a != b => a.cmp(b),
            _ => (*self.0).cmp(&*other.0),
        }
    }
}

impl From<&SharedStr> for Str {
    fn from(text: &SharedStr) -> Self {
        Self::from(text.as_bytes())
    }
}

impl<P: for<'b> From<&'b [u8]>> Default for Bytes<P> {
    fn default() -> Self {
        Self(P::from(&[]))
    }
}

impl<P: Deref<Target = [u8]>> Deref for Bytes<P> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<P: Deref<Target = [u8]>> Borrow<[u8]> for Bytes<P> {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl<P: for<'b> From<&'b [u8]>> From<&[u8]> for Bytes<P> {
    fn from(bytes: &[u8]) -> Self {
        Self(P::from(bytes))
    }
}

impl<P: for<'b> From<&'b [u8]>> From<Vec<u8>> for Bytes<P> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(P::from(&bytes))
    }
}

impl<P: for<'b> From<&'b [u8]>> From<&str> for Bytes<P> {
    fn from(text: &str) -> Self {
        Self(P::from(text.as_bytes()))
    }
}

impl<P: for<'b> From<&'b [u8]>> From<String> for Bytes<P> {
    fn from(text: String) -> Self {
        Self(P::from(text.as_bytes()))
    }
}

impl<P: Deref<Target = [u8]>> fmt::Debug for Bytes<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}
