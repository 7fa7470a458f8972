//! Types of expressions, and how they are fitted to one another.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use diagnostic::Words;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// A truth value.
    Bool,
    /// A signed number.
    Int,
    /// An unsigned number.
    Uint,
    /// A floating-point number.
    Double,
    /// A text.
    String,
    /// Bytes.
    Bytes,
    /// A list of values of one type.
    List(Arc<Type>),
    /// A map: type of the keys, type of the values.
    Map(Arc<Type>, Arc<Type>),
    /// Named fields, each with its type. Types of the same name are the same.
    Object(Arc<ObjectType>),
    /// A value or none.
    Optional(Arc<Type>),
    /// A type, as a value.
    Type,
    /// Anything: it is only known when the value is.
    Dyn,
    /// What a call decides: in signatures of functions, and for empty lists.
    Parameter(u32),
}

/// A type with named fields.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectType {
    /// Its name, as messages say it.
    pub name: String,
    /// Its fields, each with the type of its values.
    pub fields: BTreeMap<String, Type>,
    /// What else must be said to somebody who uses an object where a plain value is wanted.
    pub hint: Option<Words>,
}

impl ObjectType {
    /// A type of these fields.
    pub fn new<N: Into<String>>(
        name: impl Into<String>,
        fields: impl IntoIterator<Item = (N, Type)>,
    ) -> Self {
        let field = |(name, of_type): (N, Type)| (name.into(), of_type);
        Self { name: name.into(), fields: fields.into_iter().map(field).collect(), hint: None }
    }
}

impl Type {
    /// A list of these.
    pub fn list(of: Type) -> Self {
        Self::List(Arc::new(of))
    }

    /// A map with keys that are texts.
    pub fn map_of(values: Type) -> Self {
        Self::Map(Arc::new(Self::String), Arc::new(values))
    }

    /// Whether a value of the type can become part of a text.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self,
            Self::Bool | Self::Int | Self::Uint | Self::Double | Self::String | Self::Dyn
        )
    }

    /// Whether every value of the other type is one of this: what a declared type asks of an
    /// expression. `dyn` on either side is trusted until the value is known.
    pub fn accepts(&self, other: &Type) -> bool {
        Fitting::default().fits(self, other)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool => out.write_str("bool"),
            Self::Int => out.write_str("int"),
            Self::Uint => out.write_str("uint"),
            Self::Double => out.write_str("double"),
            Self::String => out.write_str("string"),
            Self::Bytes => out.write_str("bytes"),
            Self::List(of) => write!(out, "list({of})"),
            Self::Map(keys, values) => write!(out, "map({keys}, {values})"),
            Self::Object(object) => out.write_str(&object.name),
            Self::Optional(of) => write!(out, "optional_type({of})"),
            Self::Type => out.write_str("type"),
            // A parameter that nothing decided can be anything.
            Self::Dyn | Self::Parameter(_) => out.write_str("dyn"),
        }
    }
}

/// What parameters have been found to stand for.
#[derive(Clone, Default)]
pub(crate) struct Fitting {
    known: BTreeMap<u32, Type>,
    next: u32,
}

impl Fitting {
    /// A parameter that is not in use.
    pub fn fresh(&mut self) -> Type {
        self.next += 1;
        // Those of signatures are below.
        Type::Parameter(SIGNATURE_PARAMETERS + self.next)
    }

    /// Whether a value of the second type can stand where the first is wanted. What is learnt of
    /// parameters is kept when it can.
    pub fn fits(&mut self, wanted: &Type, given: &Type) -> bool {
        let before = self.known.clone();
        let fits = self.unify(wanted, given);
        if !fits {
            self.known = before;
        }
        fits
    }

    fn unify(&mut self, wanted: &Type, given: &Type) -> bool {
        let (wanted, given) = (self.shallow(wanted), self.shallow(given));
        match (&wanted, &given) {
            (Type::Parameter(one), Type::Parameter(two)) if one == two => true,
            (Type::Parameter(number), other) | (other, Type::Parameter(number)) => {
                if self.occurs(*number, other) {
                    return false;
                }
                self.known.insert(*number, other.clone());
                true
            }
            (Type::Dyn, _) | (_, Type::Dyn) => true,
            (Type::List(one), Type::List(two)) | (Type::Optional(one), Type::Optional(two)) => {
                self.unify(one, two)
            }
            (Type::Map(keys, values), Type::Map(other_keys, other_values)) => {
                self.unify(keys, other_keys) && self.unify(values, other_values)
            }
            (Type::Object(one), Type::Object(two)) => one.name == two.name,
            // A message may be null.
            (Type::Object(_) | Type::Optional(_), Type::Null) => false,
            (one, two) => one == two,
        }
    }

    fn occurs(&self, number: u32, of_type: &Type) -> bool {
        match self.shallow(of_type) {
            Type::Parameter(other) => other == number,
            Type::List(of) | Type::Optional(of) => self.occurs(number, &of),
            Type::Map(keys, values) => self.occurs(number, &keys) || self.occurs(number, &values),
            _ => false,
        }
    }

    fn shallow(&self, of_type: &Type) -> Type {
        let mut of_type = of_type.clone();
        while let Type::Parameter(number) = of_type {
            match self.known.get(&number) {
                Some(found) => of_type = found.clone(),
                None => break,
            }
        }
        of_type
    }

    /// The type with what is known put in; what nothing decided stays a parameter.
    pub fn resolved(&self, of_type: &Type) -> Type {
        match self.shallow(of_type) {
            Type::List(of) => Type::List(Arc::new(self.resolved(&of))),
            Type::Optional(of) => Type::Optional(Arc::new(self.resolved(&of))),
            Type::Map(keys, values) => {
                Type::Map(Arc::new(self.resolved(&keys)), Arc::new(self.resolved(&values)))
            }
            other => other,
        }
    }

    /// The type with parameters that nothing decided as `dyn`.
    pub fn settled(&self, of_type: &Type) -> Type {
        match self.shallow(of_type) {
            Type::Parameter(_) => Type::Dyn,
            Type::List(of) => Type::List(Arc::new(self.settled(&of))),
            Type::Optional(of) => Type::Optional(Arc::new(self.settled(&of))),
            Type::Map(keys, values) => {
                Type::Map(Arc::new(self.settled(&keys)), Arc::new(self.settled(&values)))
            }
            other => other,
        }
    }

    /// A signature's type with parameters of this call's own. `own` holds those made so far.
    pub fn instance(&mut self, of_type: &Type, own: &mut BTreeMap<u32, Type>) -> Type {
        match of_type {
            Type::Parameter(number) => match own.get(number) {
                Some(found) => found.clone(),
                None => {
                    let fresh = self.fresh();
                    own.insert(*number, fresh.clone());
                    fresh
                }
            },
            Type::List(of) => Type::List(Arc::new(self.instance(of, own))),
            Type::Optional(of) => Type::Optional(Arc::new(self.instance(of, own))),
            Type::Map(keys, values) => {
                Type::Map(Arc::new(self.instance(keys, own)), Arc::new(self.instance(values, own)))
            }
            other => other.clone(),
        }
    }

    /// The type of what is of the one or of the other type.
    pub fn joined(&mut self, one: &Type, two: &Type) -> Type {
        if !self.fits(one, two) {
            return Type::Dyn;
        }
        let (one, two) = (self.resolved(one), self.resolved(two));
        if says_less(&one, &two) { one } else { two }
    }
}

/// Whether the first type says as much as the second, or less.
fn says_less(one: &Type, two: &Type) -> bool {
    match (one, two) {
        (Type::Dyn | Type::Parameter(_), _) => true,
        (_, Type::Dyn | Type::Parameter(_)) => false,
        (Type::List(one), Type::List(two)) | (Type::Optional(one), Type::Optional(two)) => {
            says_less(one, two)
        }
        (Type::Map(keys, values), Type::Map(other_keys, other_values)) => {
            says_less(keys, other_keys) && says_less(values, other_values)
        }
        (one, two) => one == two,
    }
}

/// How many parameters a signature may have.
const SIGNATURE_PARAMETERS: u32 = 26;
