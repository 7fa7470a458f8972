//! Which object a person means: `deployment/nextcloud`, `deploy/nextcloud`, or the beginning of a
//! name that no other object of the kind has.

use diagnostic::{Words, words};
use object::Object;

use crate::desired::{Desired, Part};

/// Short names of kinds, as `kubectl` has them.
const SHORT: &[(&str, &str)] = &[
    ("cj", "cronjob"),
    ("cm", "configmap"),
    ("crd", "customresourcedefinition"),
    ("deploy", "deployment"),
    ("ds", "daemonset"),
    ("hpa", "horizontalpodautoscaler"),
    ("ing", "ingress"),
    ("netpol", "networkpolicy"),
    ("ns", "namespace"),
    ("pdb", "poddisruptionbudget"),
    ("pvc", "persistentvolumeclaim"),
    ("sa", "serviceaccount"),
    ("sts", "statefulset"),
    ("svc", "service"),
];

/// The object that is meant, with the part that makes it. The namespace may stand before the name.
/// The error says for people why there is none.
pub fn find<'d>(desired: &'d Desired, wanted: &str) -> Result<(&'d Part, &'d Object), Words> {
    let (kind, name) = wanted.split_once('/').unwrap_or((wanted, ""));
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    let name = name.trim_end_matches('…').trim_end_matches("...").to_lowercase();
    let of_kind: Vec<(&Part, &Object)> = desired
        .objects()
        .filter(|(_, object)| is_kind(object, kind))
        .filter(|(_, object)| namespace.is_none_or(|its| object.namespace() == Some(its)))
        .collect();
    let named = |is_it: &dyn Fn(&str) -> bool| -> Vec<(&'d Part, &'d Object)> {
        of_kind.iter().copied().filter(|(_, one)| is_it(&one.name().to_lowercase())).collect()
    };
    let mut found = named(&|one| one == name);
    if found.is_empty() && !name.is_empty() {
        found = named(&|one| one.starts_with(&name));
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(words!(
            "the platform has no object {wanted}: {hint}",
            "la plateforme n'a pas d'objet {wanted} : {hint}",
            hint = hint(desired, kind, &name),
        )),
        several => {
            let names = several.iter().map(|(_, object)| object.id().for_kubectl());
            let known = names.collect::<Vec<_>>().join(", ");
            Err(words!(
                "{wanted} may be any of these, say which: {known}",
                "{wanted} peut désigner plusieurs objets, précisez : {known}"
            ))
        }
    }
}

/// Whether a kind is meant: `Deployment`, `deployments`, `deployment.apps`, `deploy`.
fn is_kind(object: &Object, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let (wanted, group) = match wanted.split_once('.') {
        Some((kind, group)) => (kind, Some(group)),
        None => (wanted.as_str(), None),
    };
    let kind = object.kind().to_lowercase();
    let plural = match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with('s') => format!("{kind}es"),
        None => format!("{kind}s"),
    };
    let is_short = SHORT.iter().any(|(short, long)| *short == wanted && *long == kind);
    (wanted == kind || wanted == plural || is_short)
        && group.is_none_or(|group| group == object.group())
}

fn hint(desired: &Desired, kind: &str, name: &str) -> Words {
    let all: Vec<String> = desired.objects().map(|(_, object)| object.id().to_string()).collect();
    let wanted = format!("{kind}/{name}");
    if let Some(meant) = diagnostic::near::nearest(&wanted, all.iter().map(String::as_str)) {
        return words!("did you mean {meant}?", "vouliez-vous dire {meant} ?");
    }
    let of_kind = desired.objects().filter(|(_, object)| is_kind(object, kind));
    let of_kind: Vec<String> = of_kind.map(|(_, object)| object.id().to_string()).collect();
    let known = if of_kind.is_empty() { all.join(", ") } else { of_kind.join(", ") };
    words!("there are {known}", "il y a {known}")
}
