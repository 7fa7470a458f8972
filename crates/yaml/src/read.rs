//! The ways in: bytes to values or to a tree, the first document or all of them.

use crate::data::{Data, DataBuilder};
use crate::decode::{Build, Strictness, decode};
use crate::error::Error;
use crate::input::Input;
use crate::parse::Parser;
use crate::tree::{Document, compose};
use crate::walk::read_whole;

/// A text whose encoding is checked, from which documents are read.
pub struct Text<'a>(Input<'a>);

impl<'a> Text<'a> {
    /// Checks the bytes. Faults are reported by the reading, in their order.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Input::new(bytes))
    }

    /// The text that places refer to.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The first document; none where there is none, as in an empty text.
    ///
    /// What follows the first document is looked at only as far as its end must be found, as Go
    /// does it.
    pub fn first_document(&self) -> Result<Option<Document<'_>>, Error> {
        let mut parser = Parser::new(&self.0.text);
        let result = compose(&mut parser);
        self.after(&parser, result)
    }

    /// All the documents.
    pub fn documents(&self) -> Result<Vec<Document<'_>>, Error> {
        let mut parser = Parser::new(&self.0.text);
        let mut documents = Vec::new();
        loop {
            let result = compose(&mut parser);
            match self.after(&parser, result)? {
                Some(document) => documents.push(document),
                None => return Ok(documents),
            }
        }
    }

    /// The text, if all of it could be read as such.
    pub(crate) fn without_fault(&self) -> Option<&str> {
        self.0.fault.is_none().then_some(self.as_str())
    }

    /// Puts a fault of the input before those of the grammar, where Go would have met it first.
    pub(crate) fn after<T>(
        &self,
        parser: &Parser<'_>,
        result: Result<T, Error>,
    ) -> Result<T, Error> {
        match &self.0.fault {
            Some(fault) if parser.position() > self.0.text.len() => Err(fault.clone()),
            _ => result,
        }
    }
}

/// Reads the first document into values made by `build`: what `sigs.k8s.io/yaml`'s `Unmarshal`
/// does, up to what it puts before its errors (see [`Error`]). No document at all is null.
pub fn read_with<B: Build>(
    bytes: &[u8],
    strictness: Strictness,
    build: &mut B,
) -> Result<B::Value, Error> {
    if strictness == Strictness::Lenient {
        return read_whole(bytes, build);
    }
    match Text::new(bytes).first_document()? {
        Some(document) => decode(&document, strictness, build),
        None => Ok(build.null()),
    }
}

/// Reads the first document.
pub fn read(bytes: &[u8]) -> Result<Data, Error> {
    read_with(bytes, Strictness::Lenient, &mut DataBuilder)
}

/// Reads the first document and refuses keys given twice.
pub fn read_strict(bytes: &[u8]) -> Result<Data, Error> {
    read_with(bytes, Strictness::Strict, &mut DataBuilder)
}

impl Document<'_> {
    /// The values of this document, made by `build`.
    pub fn values<B: Build>(
        &self,
        strictness: Strictness,
        build: &mut B,
    ) -> Result<B::Value, Error> {
        decode(self, strictness, build)
    }
}
