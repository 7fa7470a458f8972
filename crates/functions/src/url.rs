//! `urlParse` and `urlJoin`: URLs taken apart and put together as Go's `net/url` does.

mod address;
mod escape;
mod parse;

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{Elem, Map, Value};

use escape::{Part, escape};
use parse::{Url, parse};

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("urlJoin", &[Param::Map(Elem::Any)], |call| {
        /// What looking for the parts and writing them costs.
        const STEPS: u64 = 50;
        call.machine.charge(STEPS)?;
        let fields = call.map(0);
        join(&fields).map(|text| Value::Str(text.into()))
    }),
    Function::pure("urlParse", &[Param::Str], take_apart),
];

fn take_apart(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let url = parse(call.text(0))
        .map_err(|error| Failure::new(format!("unable to parse url: {error}")))?;
    let hostname = url.hostname().to_vec();
    let fields = Map::new();
    for (key, value) in [
        ("fragment", url.fragment),
        ("host", url.host),
        ("hostname", hostname),
        ("opaque", url.opaque),
        ("path", url.path),
        ("query", url.query),
        ("scheme", url.scheme),
        ("userinfo", url.user.map_or_else(Vec::new, |user| user.encoded())),
    ] {
        fields.insert(key, Value::Str(value.into()));
    }
    Ok(fields.into())
}

fn field(fields: &Map, key: &str) -> Result<Vec<u8>, Failure> {
    match fields.get(key.as_bytes()) {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.to_vec()),
        // Sprig asks nil for its type.
        Some(Value::Nil) => {
            Err(Failure::new("runtime error: invalid memory address or nil pointer dereference"))
        }
        Some(other) => Err(Failure::new(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind().name()
        ))),
    }
}

fn join(fields: &Map) -> Result<Vec<u8>, Failure> {
    let mut url = Url {
        scheme: field(fields, "scheme")?,
        host: field(fields, "host")?,
        path: field(fields, "path")?,
        query: field(fields, "query")?,
        opaque: field(fields, "opaque")?,
        fragment: field(fields, "fragment")?,
        user: None,
    };
    let user = field(fields, "userinfo")?;
    if !user.is_empty() {
        let around = [b"proto://", user.as_slice(), b"@host"].concat();
        let parsed = parse(&around)
            .map_err(|error| Failure::new(format!("unable to parse userinfo in dict: {error}")))?;
        url.user = parsed.user;
    }
    Ok(write(&url))
}

/// `URL.String`, for a URL that was put together from parts.
fn write(url: &Url) -> Vec<u8> {
    let mut out = Vec::new();
    if !url.scheme.is_empty() {
        out.extend_from_slice(&url.scheme);
        out.push(b':');
    }
    if url.opaque.is_empty() {
        write_authority_and_path(&mut out, url);
    } else {
        out.extend_from_slice(&url.opaque);
    }
    if !url.query.is_empty() {
        out.push(b'?');
        out.extend_from_slice(&url.query);
    }
    if !url.fragment.is_empty() {
        out.push(b'#');
        out.extend(escape(&url.fragment, Part::Fragment));
    }
    out
}

fn write_authority_and_path(out: &mut Vec<u8>, url: &Url) {
    let (has_scheme, has_host) = (!url.scheme.is_empty(), !url.host.is_empty());
    let has_authority = has_host || url.user.is_some();
    if has_authority || has_scheme && !url.path.is_empty() {
        out.extend_from_slice(b"//");
    }
    if let Some(user) = &url.user {
        out.extend(user.encoded());
        out.push(b'@');
    }
    out.extend(escape(&url.host, Part::Host));
    let path = if url.path == b"*" { b"*".to_vec() } else { escape(&url.path, Part::Path) };
    if path.first().is_some_and(|b| *b != b'/') && has_host {
        out.push(b'/');
    }
    let first_segment = path.split(|b| *b == b'/').next().unwrap_or_default();
    if out.is_empty() && first_segment.contains(&b':') {
        // Else the segment would read as a scheme.
        out.extend_from_slice(b"./");
    }
    out.extend(path);
}
