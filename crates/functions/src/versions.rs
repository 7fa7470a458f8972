//! `semver` and `semverCompare`, and the version object that templates get.

use std::any::Any;
use std::rc::Rc;

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{Kind, Method, Object, Value};
use version::{Constraints, Version};

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("semver", &[Param::Str], |call| {
        let version = parse(call.text(0))?;
        Ok(object(version))
    }),
    Function::pure("semverCompare", &[Param::Str, Param::Str], |call| {
        call.machine.charge(COMPARE_STEPS)?;
        Ok(Value::Bool(constraints(call.text(0))?.check(&parse(call.text(1))?)))
    }),
];

/// What reading a constraint and a version costs; both are short.
const COMPARE_STEPS: u64 = 20;

/// Broken UTF-8 fits no constraint; the error shows its bytes.
fn constraints(text: &[u8]) -> Result<Constraints, Failure> {
    /// Private characters stand for the bytes meanwhile: quoting escapes both.
    const PRIVATE: u32 = 0xF700;
    let mut whole = String::new();
    for chunk in text.utf8_chunks() {
        whole.push_str(chunk.valid());
        let stand_in = |byte: &u8| char::from_u32(PRIVATE + u32::from(*byte));
        whole.extend(chunk.invalid().iter().filter_map(stand_in));
    }
    Constraints::parse(&whole).map_err(|error| match std::str::from_utf8(text) {
        Ok(_) => message(error),
        Err(_) => Failure::new(error.to_string().replace("\\uf7", "\\x")),
    })
}

fn message(error: impl std::fmt::Display) -> Failure {
    Failure::new(error.to_string())
}

fn parse(text: &[u8]) -> Result<Version, Failure> {
    Version::parse(&String::from_utf8_lossy(text)).map_err(message)
}

fn object(version: Version) -> Value {
    Value::Object(Rc::new(Semver(version)))
}

/// Sprig's `*semver.Version`.
struct Semver(Version);

impl Object for Semver {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn method(&self, name: &str) -> Option<Method> {
        let params: &'static [Param] = match name {
            "Compare" | "Equal" | "GreaterThan" | "GreaterThanEqual" | "LessThan"
            | "LessThanEqual" => &[Param::Named("*semver.Version")],
            "SetMetadata" | "SetPrerelease" => &[Param::Str],
            _ => &[],
        };
        let run = part_method(name).or_else(|| order_method(name)).or_else(|| next_method(name))?;
        Some(Method { params, variadic: false, run })
    }

    fn hides(&self, name: &str) -> bool {
        self.fields().iter().any(|(own, ..)| *own == name)
    }

    fn display(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn to_plain(&self) -> Option<Value> {
        Some(self.0.to_string().into())
    }

    /// Nothing of it is exported.
    fn copied(&self) -> Option<Value> {
        Some(object(Version::default()))
    }

    /// What a wrong verb prints; neither templates nor JSON reach these.
    fn fields(&self) -> Vec<(&'static str, &'static str, Value)> {
        let version = &self.0;
        vec![
            ("major", "-", Value::Uint64(version.major())),
            ("minor", "-", Value::Uint64(version.minor())),
            ("patch", "-", Value::Uint64(version.patch())),
            ("pre", "-", version.prerelease().into()),
            ("metadata", "-", version.metadata().into()),
            ("original", "-", version.original().into()),
        ]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

fn with<T>(
    call: &Call<'_, '_>,
    index: usize,
    use_it: impl FnOnce(&Version) -> T,
) -> Result<T, Failure> {
    match call.any(index) {
        Value::Object(object) => object.as_any().downcast_ref::<Semver>().map(|v| use_it(&v.0)),
        _ => None,
    }
    .ok_or_else(|| Failure::new("runtime error: invalid memory address or nil pointer dereference"))
}

fn part_method(name: &str) -> Option<Run> {
    let run: Run = match name {
        "Major" => |call| with(call, 0, |v| Value::Uint64(v.major())),
        "Minor" => |call| with(call, 0, |v| Value::Uint64(v.minor())),
        "Patch" => |call| with(call, 0, |v| Value::Uint64(v.patch())),
        "Prerelease" => |call| with(call, 0, |v| v.prerelease().into()),
        "Metadata" => |call| with(call, 0, |v| v.metadata().into()),
        "Original" => |call| with(call, 0, |v| v.original().into()),
        "String" => |call| with(call, 0, |v| v.to_string().into()),
        _ => return None,
    };
    Some(run)
}

fn order_method(name: &str) -> Option<Run> {
    fn order(call: &Call<'_, '_>) -> Result<std::cmp::Ordering, Failure> {
        with(call, 0, |left| with(call, 1, |right| left.compare(right)))?
    }
    let run: Run = match name {
        "Compare" => |call| Ok(Value::Int(order(call)? as i64)),
        "Equal" => |call| match call.any(1) {
            Value::Nil => Ok(Value::Bool(false)),
            _ => Ok(Value::Bool(order(call)?.is_eq())),
        },
        "GreaterThan" => |call| Ok(Value::Bool(order(call)?.is_gt())),
        "GreaterThanEqual" => |call| Ok(Value::Bool(order(call)?.is_ge())),
        "LessThan" => |call| Ok(Value::Bool(order(call)?.is_lt())),
        "LessThanEqual" => |call| Ok(Value::Bool(order(call)?.is_le())),
        _ => return None,
    };
    Some(run)
}

fn next_method(name: &str) -> Option<Run> {
    let run: Run = match name {
        "IncMajor" => |call| with(call, 0, Version::next_major)?.map(object).map_err(message),
        "IncMinor" => |call| with(call, 0, Version::next_minor)?.map(object).map_err(message),
        "IncPatch" => |call| with(call, 0, Version::next_patch)?.map(object).map_err(message),
        "SetMetadata" => |call| {
            let metadata = String::from_utf8_lossy(call.text(1));
            with(call, 0, |v| v.with_metadata(&metadata))?.map(object).map_err(message)
        },
        "SetPrerelease" => |call| {
            let pre = String::from_utf8_lossy(call.text(1));
            with(call, 0, |v| v.with_prerelease(&pre))?.map(object).map_err(message)
        },
        _ => return None,
    };
    Some(run)
}
