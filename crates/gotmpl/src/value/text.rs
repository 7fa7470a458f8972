//! Go's string: immutable bytes, shared, most often UTF-8.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use crate::sketch;

/// An immutable string of bytes behind a counted pointer.
#[derive(Clone)]
pub struct Bytes<P>(P);

/// A counted pointer to bytes.
pub trait Pointer: Deref<Target = [u8]> {
    /// Somebody reads the bytes.
    fn read(&self) {}
}

impl Pointer for Arc<[u8]> {}

impl Pointer for Rc<[u8]> {
    #[inline]
    fn read(&self) {
        if sketch::is_recording() {
            sketch::read_text(self.as_ptr() as usize);
        }
    }
}

/// A string of a render. It and the compiled templates that hold such strings stay on one thread,
/// so that cloning one is no atomic operation.
pub type Str = Bytes<Rc<[u8]>>;

/// A string that threads share.
pub type SharedStr = Bytes<Arc<[u8]>>;

impl<P: Pointer> Bytes<P> {
    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.read();
        &self.0
    }

    /// The bytes, for what makes no difference to what a template prints.
    #[inline]
    pub(crate) fn unread(&self) -> &[u8] {
        &self.0
    }

    /// The text, with U+FFFD where it is not UTF-8.
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// The text, when it is UTF-8.
    pub fn as_utf8(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
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

    /// Whether the string has that trait. Asking is less than reading it: what is done by the answer
    /// holds of any other string that gives the same one.
    pub fn has(&self, feature: Feature) -> bool {
        let answer = feature.holds(&self.0);
        if sketch::is_recording() {
            sketch::ask_text(self.address(), feature, answer);
        }
        answer
    }
}

/// What can be asked of a string without reading it (see [`Str::has`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// There is something in it.
    Content,
    /// There are template actions in it, or Go's sign for a missing value.
    Markup,
}

impl Feature {
    pub(crate) fn holds(self, text: &[u8]) -> bool {
        match self {
            Self::Content => !text.is_empty(),
            Self::Markup => [&b"{{"[..], b"<no value>"]
                .iter()
                .any(|sign| memchr::memmem::find(text, sign).is_some()),
        }
    }
}

impl<P: Pointer> PartialEq for Bytes<P> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl<P: Pointer> Eq for Bytes<P> {}

impl<P: Pointer> Hash for Bytes<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl<P: Pointer> PartialOrd for Bytes<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P: Pointer> Ord for Bytes<P> {
    /// By bytes. The keys of a map differ in their first byte most of the time, which saves the
    /// call of `memcmp`.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, other) = (self.as_bytes(), other.as_bytes());
        match (one.first(), other.first()) {
            (Some(a), Some(b)) if a != b => a.cmp(b),
            _ => one.cmp(other),
        }
    }
}

impl From<Arc<[u8]>> for SharedStr {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(bytes)
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

impl<P: Pointer> Deref for Bytes<P> {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// As a key, which was read when it became one.
impl<P: Pointer> Borrow<[u8]> for Bytes<P> {
    #[inline]
    fn borrow(&self) -> &[u8] {
        self.unread()
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

impl<P: Pointer> fmt::Debug for Bytes<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}
