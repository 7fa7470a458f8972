//! What charts draw at random. A seeded value is known to whoever has the chart, so it must become no
//! password: what differs between two seeds in a Secret is drawn in the cluster instead, once. In
//! metadata (the checksum in an annotation) the seeded value stays; anywhere else it is a fault.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalog::{MadeSecret, SecretPart};
use object::{Id, Object};
use serde_json::{Map, Value};

/// A chart draws a value at random where nobody can draw it in the chart's place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{release} draws {at} of {id} at random, and whoever has the chart can compute it: give a value of \
    your own, or the name of a Secret, by `values:` in its section"
)]
pub struct Drawn {
    /// The release.
    pub release: String,
    /// The object.
    pub id: Id,
    /// The field, or the key of a Secret.
    pub at: String,
}

/// A key of a Secret under both seeds.
struct Pair {
    secret: String,
    key: String,
    one: String,
    other: String,
}

/// The objects of a release without those Secrets that are to be made in the cluster, and these.
/// `other` are the same objects under another seed.
pub fn settle(
    release: &str,
    objects: Vec<Object>,
    other: &[Object],
) -> Result<(Vec<Object>, Vec<MadeSecret>), Drawn> {
    let drawn = |id: Id, at: String| Drawn { release: release.to_owned(), id, at };
    let mut kept = Vec::new();
    let mut varied = Vec::new();
    for (at, object) in objects.into_iter().enumerate() {
        let Some(twin) = other.get(at).filter(|twin| twin.id() == object.id()) else {
            return Err(drawn(object.id(), "the name".to_owned()));
        };
        if object.tree == twin.tree {
            kept.push(object);
            continue;
        }
        let is_secret = object.group().is_empty() && object.kind() == "Secret";
        let (one, two) = if is_secret {
            (without_data(&object), without_data(twin))
        } else {
            (object.tree.clone(), twin.tree.clone())
        };
        if let Some(path) = difference(&Value::Object(one), &Value::Object(two), "") {
            return Err(drawn(object.id(), path));
        }
        if is_secret && data(&object) != data(twin) {
            varied.push((object, data(twin)));
        } else {
            kept.push(object);
        }
    }
    let pairs: Vec<Pair> = varied
        .iter()
        .flat_map(|(object, other)| {
            let one = data(object);
            one.into_iter().zip(other.clone()).map(|((key, one), (_, other))| Pair {
                secret: object.name().to_owned(),
                key,
                one,
                other,
            })
        })
        .collect();
    let mut made: Vec<MadeSecret> = Vec::new();
    for pair in &pairs {
        let Some(parts) = parts(pair, &pairs) else {
            let id = Id::new("", "Secret", None, &pair.secret);
            return Err(drawn(id, format!("the key `{}`", pair.key)));
        };
        let key = (pair.key.clone(), parts);
        match made.iter_mut().find(|secret| secret.name == pair.secret) {
            Some(secret) => secret.keys.push(key),
            None => made.push(MadeSecret { name: pair.secret.clone(), keys: vec![key] }),
        }
    }
    Ok((kept, made))
}

/// What a key is made of in the cluster; nothing where that is not known.
fn parts(pair: &Pair, all: &[Pair]) -> Option<Vec<SecretPart>> {
    if pair.one == pair.other {
        return Some(vec![SecretPart::Text(pair.one.clone())]);
    }
    if is_word(pair) {
        // The same word twice is one: the first.
        let first = all.iter().find(|one| one.one == pair.one && one.other == pair.other)?;
        if (&first.secret, &first.key) == (&pair.secret, &pair.key) {
            return Some(vec![SecretPart::Random(pair.one.len())]);
        }
        return Some(vec![of(first)]);
    }
    let mut found = Vec::new();
    let (mut one, mut other) = (pair.one.as_str(), pair.other.as_str());
    while one != other {
        let words = all.iter().filter(|word| is_word(word));
        let places = words.filter_map(|word| {
            let at = one.find(&word.one)?;
            (other.get(..at)? == &one[..at] && other[at..].starts_with(&word.other))
                .then_some((at, word))
        });
        let (at, word) =
            places.min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.one.len())))?;
        if at > 0 {
            found.push(SecretPart::Text(one[..at].to_owned()));
        }
        found.push(of(word));
        (one, other) = (&one[at + word.one.len()..], &other[at + word.other.len()..]);
    }
    if !one.is_empty() {
        found.push(SecretPart::Text(one.to_owned()));
    }
    Some(found)
}

fn of(pair: &Pair) -> SecretPart {
    SecretPart::Of { secret: pair.secret.clone(), key: pair.key.clone() }
}

/// Whether a key is a word of letters and digits, such as others can be drawn for. One of digits
/// alone, or of hexadecimal ones, may be meant as that.
fn is_word(pair: &Pair) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_other = |text: &str| text.bytes().any(|byte| !byte.is_ascii_hexdigit());
    pair.one != pair.other
        && pair.one.len() == pair.other.len()
        && is_plain(&pair.one)
        && is_plain(&pair.other)
        && (has_other(&pair.one) || has_other(&pair.other))
}

fn without_data(object: &Object) -> Map<String, Value> {
    let mut tree = object.tree.clone();
    for field in ["data", "stringData"] {
        let keys = tree.get(field).and_then(Value::as_object).map(|map| map.keys().cloned());
        if let Some(keys) = keys {
            // Which keys there are must not be left to chance.
            let keys = keys.map(|key| (key, Value::Null)).collect();
            tree.insert(field.to_owned(), Value::Object(keys));
        }
    }
    tree
}

/// The keys of a Secret with what they hold.
fn data(object: &Object) -> Vec<(String, String)> {
    let fields =
        |name: &str| object.tree.get(name).and_then(Value::as_object).into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let decoded = |value: &Value| {
        let encoded = text(value);
        let bytes = STANDARD.decode(encoded.replace(['\n', ' '], "")).ok();
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(encoded)
    };
    let packed = fields("data").map(|(key, value)| (key.clone(), decoded(value)));
    packed.chain(fields("stringData").map(|(key, value)| (key.clone(), text(value)))).collect()
}

/// The first path at which two trees differ, outside annotations and labels.
fn difference(one: &Value, other: &Value, path: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(first), Value::Object(second)) => {
            let mut keys: Vec<&String> = first.keys().chain(second.keys()).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().find_map(|key| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if path.ends_with("metadata.annotations") || path.ends_with("metadata.labels") {
                    return None;
                }
                let null = &Value::Null;
                let (one, other) =
                    (first.get(key).unwrap_or(null), second.get(key).unwrap_or(null));
                difference(one, other, &path)
            })
        }
        (Value::Array(first), Value::Array(second)) if first.len() == second.len() => {
            let pairs = first.iter().zip(second).enumerate();
            pairs
                .into_iter()
                .find_map(|(at, (one, other))| difference(one, other, &format!("{path}[{at}]")))
        }
        _ => (one != other).then(|| path.to_owned()),
    }
}
