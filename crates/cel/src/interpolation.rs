//! Texts with expressions in them: `https://${hostname}/`.
//!
//! `${ … }` holds an expression, `$${` stands for `${`. A text that is one expression and nothing
//! else has the expression's type; of any other the parts must be fit for a text, and so is the
//! whole.

use diagnostic::words;
use std::ops::Range;

use crate::ast::Expression;
use crate::checker::{self, Declarations};
use crate::evaluator::{self, Scope};
use crate::fault::Fault;
use crate::lexer::{self, TokenKind};
use crate::origins::Origins;
use crate::parser;
use crate::types::Type;
use crate::value::{Kind, Value};

/// A text with expressions in it. Places are bytes of that text.
#[derive(Clone, Debug)]
pub struct Interpolation {
    parts: Vec<Part>,
}

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// An expression, and where it stands without its braces.
    Expression(Expression, Range<usize>),
}

impl Interpolation {
    /// Takes a text apart.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(found) = text[at..].find("${") {
            let sign = at + found;
            if text[at..sign].ends_with('$') {
                plain.push_str(&text[at..sign - 1]);
                plain.push_str("${");
                at = sign + 2;
                continue;
            }
            plain.push_str(&text[at..sign]);
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            let end = closing(text, sign)?;
            let inner = sign + 2..end;
            let expression =
                parser::parse(&text[inner.clone()]).map_err(|fault| fault.shifted(inner.start))?;
            parts.push(Part::Expression(expression, inner));
            at = end + 1;
        }
        plain.push_str(&text[at..]);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text, when no expression is in it.
    pub fn as_plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The type of what the text makes.
    pub fn check(&self, declarations: &Declarations) -> Result<Type, Vec<Fault>> {
        if let [Part::Expression(expression, place)] = self.parts.as_slice() {
            return checked(expression, place, declarations);
        }
        let mut faults = Vec::new();
        for part in &self.parts {
            let Part::Expression(expression, place) = part else { continue };
            match checked(expression, place, declarations) {
                Ok(found) if found.is_scalar() => {}
                Ok(found) => faults.push(unfit(&found, place)),
                Err(more) => faults.extend(more),
            }
        }
        if faults.is_empty() { Ok(Type::String) } else { Err(faults) }
    }

    /// What the text makes.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, Fault> {
        let of = |expression: &Expression, place: &Range<usize>| {
            evaluator::evaluate(expression, scope).map_err(|fault| fault.shifted(place.start))
        };
        if let [Part::Expression(expression, place)] = self.parts.as_slice() {
            return of(expression, place);
        }
        let mut made = String::new();
        let mut origins = Origins::default();
        for part in &self.parts {
            match part {
                Part::Text(text) => made.push_str(text),
                Part::Expression(expression, place) => {
                    let value = of(expression, place)?;
                    origins = origins.union(&value.origins);
                    made.push_str(&scalar(&value).ok_or_else(|| {
                        let name = value.kind.type_name();
                        Fault::of_value(place.clone(), format!("{name} cannot be part of a text"))
                    })?);
                }
            }
        }
        Ok(Value::string(made).with(&origins))
    }
}

fn checked(
    expression: &Expression,
    place: &Range<usize>,
    declarations: &Declarations,
) -> Result<Type, Vec<Fault>> {
    checker::check(expression, declarations)
        .map_err(|faults| faults.into_iter().map(|fault| fault.shifted(place.start)).collect())
}

fn unfit(found: &Type, place: &Range<usize>) -> Fault {
    let fault = Fault::of_type(place.clone(), format!("{found} cannot be part of a text"));
    match found {
        Type::Object(object) => {
            let hint = object
                .hint
                .clone()
                .unwrap_or_else(|| words!("name one of its fields", "nommer un de ses champs"));
            fault.with_hint(hint)
        }
        Type::Optional(_) => fault.with_hint("`.orValue(…)` says what stands for none"),
        Type::List(_) => fault.with_hint("`.join(…)` makes a text of a list of texts"),
        _ => fault,
    }
}

/// A value as part of a text.
fn scalar(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Int(value) => Some(value.to_string()),
        Kind::Uint(value) => Some(value.to_string()),
        Kind::Double(value) => Some(strconv::format_float(*value, b'g', None, 64)),
        _ => None,
    }
}

/// Where the brace that closes an expression is.
fn closing(text: &str, sign: usize) -> Result<usize, Fault> {
    let mut at = sign + 2;
    let mut depth = 0;
    loop {
        let token = lexer::next(text, at)?;
        match token.kind {
            TokenKind::Sign("{") => depth += 1,
            TokenKind::Sign("}") if depth == 0 => return Ok(token.span.start),
            TokenKind::Sign("}") => depth -= 1,
            TokenKind::End => {
                let fault = Fault::syntax(sign..sign + 2, "this expression has no closing `}`");
                return Err(fault.with_hint("`$${` stands for `${` itself"));
            }
            _ => {}
        }
        at = token.span.end;
    }
}

#[cfg(test)]
mod tests {
    use super::Interpolation;
    use std::sync::Arc;

    use crate::{Declarations, Fault, ObjectType, Origin, Origins, Scope, Type, Value};

    struct Variables;

    impl Scope for Variables {
        fn variable(&self, name: &str) -> Option<Result<Value, Fault>> {
            let value = match name {
                "domain" => Value::string("a.example"),
                "port" => Value::int(8080),
                "names" => Value::list(vec![Value::string("x")]),
                _ => return None,
            };
            let number = u32::try_from(name.len()).unwrap_or(0);
            Some(Ok(value.with(&Origins::of(Origin(number)))))
        }
    }

    fn told(text: &str) -> String {
        let declarations = Declarations::default()
            .with("domain", Type::String)
            .with("port", Type::Int)
            .with("names", Type::list(Type::String))
            .with("host", Type::Object(Arc::new(ObjectType::new("a host", [("port", Type::Int)]))));
        let found = match Interpolation::parse(text) {
            Ok(found) => found,
            Err(fault) => {
                return format!(
                    "{:?} {fault} | {:?}",
                    fault.span,
                    fault.hint.as_ref().map(|hint| &hint.en)
                );
            }
        };
        match found.check(&declarations) {
            Err(faults) => faults
                .iter()
                .map(|fault| {
                    format!(
                        "{:?} {fault} | {:?}",
                        fault.span,
                        fault.hint.as_ref().map(|hint| &hint.en)
                    )
                })
                .collect::<Vec<_>>()
                .join("; "),
            Ok(of_type) => match found.evaluate(&Variables) {
                Ok(value) => format!("{of_type} {value} {:?}", value.origins.as_slice()),
                Err(fault) => format!("{:?} {fault}", fault.span),
            },
        }
    }

    #[test]
    fn expressions_stand_in_texts() {
        assert_eq!(told("plain"), "string \"plain\" []");
        assert_eq!(told(""), "string \"\" []");
        assert_eq!(
            told("https://${domain}:${port}/"),
            "string \"https://a.example:8080/\" [Origin(4), Origin(6)]"
        );
        assert_eq!(told("${port}"), "int 8080 [Origin(4)]");
        assert_eq!(told("${ {'a': '}'}.a }"), "string \"}\" []");
        assert_eq!(told("$${port} costs 3 $"), "string \"${port} costs 3 $\" []");
        assert_eq!(told("$$${port}"), "string \"$${port}\" []");
    }

    #[test]
    fn faults_have_their_place_in_the_text() {
        assert_eq!(
            told("a ${port"),
            "2..4 this expression has no closing `}` | Some(\"`$${` stands for `${` itself\")"
        );
        assert_eq!(
            told("a ${names} b ${prot}"),
            "4..9 list(string) cannot be part of a text | \
             Some(\"`.join(…)` makes a text of a list of texts\"); \
             15..19 nothing is called `prot` here | Some(\"did you mean `port`?\")"
        );
        assert_eq!(
            told("a ${host}"),
            "4..8 a host cannot be part of a text | Some(\"name one of its fields\")"
        );
        assert_eq!(
            told("a ${}"),
            "4..4 the expression ends here, where one expects a value | None"
        );
        assert_eq!(told("x ${1 / 0}"), "4..9 division by zero");
    }

    #[test]
    fn an_expression_has_an_end() {
        let long = format!("${{{}}}", "1 ".repeat(60_000));
        let Err(fault) = Interpolation::parse(&long) else { panic!("too long") };
        assert_eq!(fault.to_string(), "an expression has at most 100000 bytes");
    }
}
