//! ASN.1 in DER: as much of it as keys and certificates need, both ways.

use num_bigint::BigUint;

/// Tags.
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const UTF8_STRING: u8 = 0x0C;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// The tag of a context-specific constructed element.
pub(super) const fn context(number: u8) -> u8 {
    0xA0 | number
}

/// One element.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.push(content.len() as u8);
    } else {
        let length = content.len().to_be_bytes();
        let zeros = length.iter().take_while(|b| **b == 0).count();
        out.push(0x80 | (length.len() - zeros) as u8);
        out.extend_from_slice(&length[zeros..]);
    }
    out.extend_from_slice(content);
    out
}

/// A sequence of elements.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

/// A number that is not negative.
pub(super) fn integer(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_none_or(|b| *b >= 0x80) {
        bytes.insert(0, 0);
    }
    element(INTEGER, &bytes)
}

/// A bit string of whole bytes.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes].concat())
}

/// Reads elements one after another.
#[derive(Clone, Copy)]
pub(super) struct Reader<'der> {
    rest: &'der [u8],
}

/// An element that was read.
#[derive(Clone, Copy)]
pub(super) struct Element<'der> {
    pub(super) tag: u8,
    pub(super) content: &'der [u8],
    /// With tag and length.
    pub(super) whole: &'der [u8],
}

impl<'der> Reader<'der> {
    /// A reader of the elements in `der`.
    pub(super) fn new(der: &'der [u8]) -> Self {
        Self { rest: der }
    }

    /// The tag of the next element.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element; `None` where there is none or its length is not that of the data.
    pub(super) fn next(&mut self) -> Option<Element<'der>> {
        let (&tag, after) = self.rest.split_first()?;
        let (&first, after) = after.split_first()?;
        let (length, after) = if first < 0x80 {
            (usize::from(first), after)
        } else {
            // Four bytes of length are more than any certificate has.
            let (digits, after) = after.split_at_checked(usize::from(first & 0x7F))?;
            if digits.is_empty() || digits.len() > 4 {
                return None;
            }
            (digits.iter().fold(0, |sum, b| sum << 8 | usize::from(*b)), after)
        };
        let (content, rest) = after.split_at_checked(length)?;
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Some(Element { tag, content, whole })
    }

    /// The next element when it has that tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<Element<'der>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The elements within the next one, which must have that tag.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(|element| Self::new(element.content))
    }

    /// The next element as a number.
    pub(super) fn number(&mut self) -> Option<BigUint> {
        let content = self.take(INTEGER)?.content;
        let is_negative = content.first().is_none_or(|b| *b >= 0x80);
        (!is_negative).then(|| BigUint::from_bytes_be(content))
    }
}
