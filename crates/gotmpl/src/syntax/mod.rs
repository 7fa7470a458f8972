//! From text to a program: lexer and parser in one pass. Variables become slots and functions
//! become ids as they are met, so that there is no tree between text and program.

mod lex;
mod number;
mod parse;
mod pipeline;
mod token;

use crate::error::{Error, ParseError};
use crate::limits;
use crate::program::{Program, Span};
use crate::set::Functions;
use crate::value::SharedStr;

/// Parses `text` into a program. `name` is only used in errors.
pub(crate) fn parse(name: &str, text: &SharedStr, functions: &Functions) -> Result<Program, Error> {
    if text.len() > limits::TEXT_BYTES {
        let message = format!("template is larger than {} bytes", limits::TEXT_BYTES);
        return Err(Error::Parse(Box::new(ParseError {
            template: name.to_owned(),
            line: 1,
            message,
            span: Span::default(),
            text: [].into(),
        })));
    }
    parse::Parser::new(name, text, functions).run().map_err(|failed| Error::Parse(failed.0))
}
