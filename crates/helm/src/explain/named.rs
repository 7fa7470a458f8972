//! Which object is asked for, and what to ask when several have a name.

use super::NotFound;
use super::objects::Object;
use crate::release::Release;

/// The object that is asked for, and the path after the colon: names may have colons too.
pub(super) fn find_object<'r, 'q>(
    release: &Release,
    all: &'r [Object<'r>],
    question: &'q str,
) -> Result<(&'r Object<'r>, &'q str), NotFound> {
    let (file, asked) = file_of(all, question);
    let form = || NotFound::Form(question.to_owned());
    let mut first = None;
    for (at, _) in asked.match_indices(':') {
        let (wanted, path) = (&asked[..at], &asked[at + 1..]);
        let (name, number) = numbered(wanted);
        let is_it = |object: &&Object<'_>| {
            (object.short_name().eq_ignore_ascii_case(name)
                || object.long_name(&release.namespace).eq_ignore_ascii_case(name))
                && file.is_none_or(|file| *object.manifest.source == *file)
        };
        let found: Vec<&Object<'_>> = all.iter().filter(is_it).collect();
        match (found.as_slice(), number) {
            ([], _) => first = first.or(Some(wanted)),
            ([one], None) => return Ok((one, path)),
            (several, None) => return Err(ambiguous(release, wanted, several)),
            (several, Some(number)) => match several.get(number) {
                Some(one) => return Ok((one, path)),
                None => return Err(ambiguous(release, name, several)),
            },
        }
    }
    let wanted = first.ok_or_else(form)?.to_owned();
    let mut known: Vec<String> = Vec::new();
    for name in all.iter().map(Object::short_name) {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    Err(NotFound::Object { wanted, known: known.join(", ") })
}

/// The file named before the object, with the chart's name or without.
fn file_of<'r, 'q>(all: &'r [Object<'r>], question: &'q str) -> (Option<&'r str>, &'q str) {
    let before = |object: &'r Object<'r>| {
        let source = &*object.manifest.source;
        let own = source.split_once('/').map_or(source, |(_, own)| own);
        let rest = question.strip_prefix(source).or_else(|| question.strip_prefix(own))?;
        Some((Some(source), rest.strip_prefix(':')?))
    };
    all.iter().find_map(before).unwrap_or((None, question))
}

/// `ConfigMap/web#2` is the second of that name; numbers count from one.
fn numbered(wanted: &str) -> (&str, Option<usize>) {
    let number = wanted.rsplit_once('#').and_then(|(name, number)| {
        let number: usize = number.parse().ok()?;
        Some((name, Some(number.checked_sub(1)?)))
    });
    number.unwrap_or((wanted, None))
}

fn ambiguous(release: &Release, wanted: &str, found: &[&Object<'_>]) -> NotFound {
    let is_once =
        |names: &[String]| names.iter().enumerate().all(|(at, name)| !names[..at].contains(name));
    let long: Vec<String> =
        found.iter().map(|object| object.long_name(&release.namespace)).collect();
    let files: Vec<String> =
        found.iter().map(|object| format!("{}:{wanted}", object.manifest.source)).collect();
    let (by, names) = if is_once(&long) {
        let with_file = |(name, object): (&String, &&Object<'_>)| {
            format!("{name} ({})", object.manifest.source)
        };
        ("namespace", long.iter().zip(found).map(with_file).collect())
    } else if is_once(&files) {
        ("file", files)
    } else {
        let with_number = |(at, object): (usize, &&Object<'_>)| {
            format!("{wanted}#{} ({})", at + 1, object.manifest.source)
        };
        ("number", found.iter().enumerate().map(with_number).collect::<Vec<_>>())
    };
    NotFound::Ambiguous { wanted: wanted.to_owned(), by, known: names.join(", ") }
}
