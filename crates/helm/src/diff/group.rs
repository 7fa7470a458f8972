//! Effects on many instances, grouped: what each instance has of its own is taken out, so that the
//! same effect with another host name is the same effect.
//!
//! A text counts as an instance's own value where nothing speaks against it: a change that is the same
//! for instances with other values does not come from them.

use std::collections::{BTreeMap, BTreeSet};

use super::Change;
use crate::values::{Plain, Table, go_value};

/// Texts and numbers by their paths, `ingress.hosts[0]`.
pub type Texts = BTreeMap<String, String>;

/// What changes for one instance.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// The instance's name.
    pub instance: String,
    /// What its own values files say.
    pub own: Texts,
    /// What changes.
    pub changes: Vec<Change>,
}

/// Instances with the same effect, and the effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The instances, in order.
    pub instances: Vec<String>,
    /// What changes for each of them. Where that is not the same text for all, an instance's name is
    /// written `{instance}`, and a value of its own `${path}`.
    pub changes: Vec<Change>,
}

/// The texts and numbers of a table.
pub fn texts(table: &Table) -> Texts {
    let mut found = Texts::new();
    for (key, value) in table.iter() {
        collect(&key.to_text(), value, &mut found);
    }
    found
}

fn collect(path: &str, value: &Plain, found: &mut Texts) {
    match value {
        Plain::Map(table) => {
            for (key, value) in table.iter() {
                collect(&super::join(path, &key.to_text()), value, found);
            }
        }
        Plain::List(list) => {
            for (index, value) in list.iter().enumerate() {
                collect(&format!("{path}[{index}]"), value, found);
            }
        }
        Plain::Str(_) | Plain::Int(_) | Plain::Float(_) => {
            found.insert(path.to_owned(), go_value(value));
        }
        Plain::Null | Plain::Bool(_) => {}
    }
}

/// Something that differs between instances.
struct Variable<'a> {
    /// What is written in its place.
    shown: String,
    /// What each effect's instance has.
    values: Vec<Option<&'a str>>,
}

impl Variable<'_> {
    /// The value that all these effects have.
    fn of(&self, effects: &[usize]) -> Option<&str> {
        let mut values = effects.iter().map(|effect| self.values.get(*effect).copied().flatten());
        let first = values.next().flatten()?;
        values.all(|value| value == Some(first)).then_some(first)
    }
}

/// The change number `change` of the effect number `effect`.
#[derive(Clone, Copy)]
struct Site {
    effect: usize,
    change: usize,
}

/// Changes with marks in the place of variables, and where they happen.
type Forms = BTreeMap<Change, Vec<Site>>;

/// Groups instances by equal effect, the largest groups first; instances without changes are left
/// out. `shared` is what counts where an instance says nothing of its own.
pub fn grouped(effects: &[Effect], shared: &Texts) -> Vec<Group> {
    let mut forms = Forms::new();
    for (number, effect) in effects.iter().enumerate() {
        for (index, change) in effect.changes.iter().enumerate() {
            forms.entry(change.clone()).or_default().push(Site { effect: number, change: index });
        }
    }
    let variables = variables(effects, shared);
    for (variable, mark) in variables.iter().zip(marks()) {
        forms = with_mark(forms, variable, mark);
    }
    forms = without_digests(forms);
    let mut by_effect: BTreeMap<usize, Vec<(usize, Site)>> = BTreeMap::new();
    for (form, sites) in forms.values().enumerate() {
        for site in sites {
            by_effect.entry(site.effect).or_default().push((form, *site));
        }
    }
    let mut groups: BTreeMap<Vec<usize>, Vec<Vec<(usize, Site)>>> = BTreeMap::new();
    for changes in by_effect.into_values() {
        groups.entry(changes.iter().map(|(form, _)| *form).collect()).or_default().push(changes);
    }
    let forms: Vec<&Change> = forms.keys().collect();
    let group = |members: Vec<Vec<(usize, Site)>>| shown(&members, effects, &forms, &variables);
    let mut groups: Vec<Group> = groups.into_values().map(group).collect();
    // Of groups of one size, what has more to it comes after what it adds to.
    groups.sort_by_key(|group| (std::cmp::Reverse(group.instances.len()), group.changes.len()));
    groups
}

/// What differs between instances: what tells most of them apart comes first, the longer before the
/// shorter, because a host often holds a name.
fn variables<'a>(effects: &'a [Effect], shared: &'a Texts) -> Vec<Variable<'a>> {
    let names = effects.iter().map(|effect| Some(effect.instance.as_str())).collect();
    let mut all = vec![Variable { shown: "{instance}".to_owned(), values: names }];
    let paths: BTreeSet<&String> = effects.iter().flat_map(|effect| effect.own.keys()).collect();
    for path in paths {
        let value = |effect: &'a Effect| effect.own.get(path).or_else(|| shared.get(path));
        let values = effects.iter().map(|effect| value(effect).map(String::as_str)).collect();
        all.push(Variable { shown: format!("${{{path}}}"), values });
    }
    let kinds = |variable: &Variable<'_>| variable.values.iter().collect::<BTreeSet<_>>().len();
    let length = |variable: &Variable<'_>| -> usize {
        variable.values.iter().flatten().map(|value| value.len()).sum()
    };
    all.retain(|variable| kinds(variable) > 1);
    all.sort_by_cached_key(|variable| std::cmp::Reverse((kinds(variable), length(variable))));
    all
}

/// Characters that no text has, one for each variable: what is marked is not looked into again.
fn marks() -> impl Iterator<Item = char> {
    '\u{F0000}'..='\u{10FFFD}'
}

/// The forms with the mark in the place of the variable, where nothing speaks against it.
fn with_mark(forms: Forms, variable: &Variable<'_>, mark: char) -> Forms {
    let mut marked = Forms::new();
    for (change, sites) in forms {
        let mut values = sites.iter().filter_map(|site| variable.values.get(site.effect));
        let value = values.next().copied().flatten().filter(|value| !value.is_empty());
        let change = match value {
            Some(value) if values.all(|other| *other == Some(value)) => {
                replaced(change, value, mark)
            }
            _ => change,
        };
        marked.entry(change).or_default().extend(sites);
    }
    marked
}

/// A value that is replaced by another one is told: only where it stays is it taken out.
fn replaced(mut change: Change, value: &str, mark: char) -> Change {
    let stays = match (&change.before, &change.after) {
        (Some(before), Some(after)) => holds(before, value) && holds(after, value),
        _ => true,
    };
    let own = [&mut change.object, &mut change.path];
    let sides = change.before.iter_mut().chain(&mut change.after).filter(|_| stays);
    for text in own.into_iter().chain(sides) {
        if holds(text, value) {
            *text = without_word(text, value, mark);
        }
    }
    change
}

/// Where the value stands as a word of its own: an instance called `a` must not be found in `apps`.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let end = at + word.len();
        !is_word(text[..*at].chars().next_back()) && !is_word(text[end..].chars().next())
    })
}

fn holds(text: &str, word: &str) -> bool {
    words(text, word).next().is_some()
}

fn without_word(text: &str, word: &str, mark: char) -> String {
    let mut out = String::new();
    let mut done = 0;
    for at in words(text, word) {
        out.push_str(&text[done..at]);
        out.push(mark);
        done = at + word.len();
    }
    out.push_str(&text[done..]);
    out
}

/// A digest of something that changed says no more than that: charts put one into annotations, so
/// that a new configuration restarts what reads it.
fn without_digests(forms: Forms) -> Forms {
    let mut plain = Forms::new();
    for (mut change, sites) in forms {
        if let (Some(before), Some(after)) = (&mut change.before, &mut change.after)
            && [&*before, &*after].into_iter().all(|text| is_digest(text))
        {
            "{digest}".clone_into(before);
            "{another digest}".clone_into(after);
        }
        plain.entry(change).or_default().extend(sites);
    }
    plain
}

/// Whether it has the form of an MD5, SHA-1 or SHA-256 sum.
fn is_digest(text: &str) -> bool {
    [32, 40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A group as it is told: plainly where its members do not differ.
fn shown(
    members: &[Vec<(usize, Site)>],
    effects: &[Effect],
    forms: &[&Change],
    variables: &[Variable<'_>],
) -> Group {
    let effect = |site: Site| effects.get(site.effect);
    let raw = |site: Site| effect(site).and_then(|effect| effect.changes.get(site.change));
    let instance = |member: &Vec<(usize, Site)>| {
        member.first().and_then(|(_, site)| effect(*site)).map(|effect| effect.instance.clone())
    };
    let sites = members.iter().filter_map(|member| member.first()).map(|(_, site)| site.effect);
    let of_all: Vec<usize> = sites.collect();
    let mut changes = Vec::new();
    for (at, (form, site)) in members.first().into_iter().flatten().enumerate() {
        let first = raw(*site);
        let mut others = members.iter().filter_map(|member| member.get(at));
        let is_same = others.all(|(_, site)| raw(*site) == first);
        let change = match (first, forms.get(*form)) {
            (Some(first), _) if is_same => first.clone(),
            (_, Some(form)) => named(form, variables, &of_all),
            _ => continue,
        };
        changes.push(change);
    }
    changes.sort();
    Group { instances: members.iter().filter_map(instance).collect(), changes }
}

/// The change with names in the place of marks, or with the value where the effects have the same.
fn named(change: &Change, variables: &[Variable<'_>], effects: &[usize]) -> Change {
    let name = |text: &String| {
        let mut out = String::new();
        for c in text.chars() {
            let index = (c as usize).checked_sub('\u{F0000}' as usize);
            match index.and_then(|index| variables.get(index)) {
                Some(variable) => out.push_str(variable.of(effects).unwrap_or(&variable.shown)),
                None => out.push(c),
            }
        }
        out
    };
    Change {
        object: name(&change.object),
        path: name(&change.path),
        before: change.before.as_ref().map(name),
        after: change.after.as_ref().map(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: &str, after: &str) -> Change {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Change {
            object: "ConfigMap web (v1)".to_owned(),
            path: path.to_owned(),
            before: text(before),
            after: text(after),
        }
    }

    fn effect(instance: &str, own: &[(&str, &str)], changes: Vec<Change>) -> Effect {
        let own = own.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Effect { instance: instance.to_owned(), own, changes }
    }

    fn told(effects: &[Effect]) -> Vec<String> {
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
        let line = |change: &Change| {
            format!("{}: {} → {}", change.path, side(&change.before), side(&change.after))
        };
        grouped(effects, &Texts::new())
            .iter()
            .map(|group| {
                let lines: Vec<String> = group.changes.iter().map(line).collect();
                format!("{}: {}", group.instances.join(" "), lines.join("; "))
            })
            .collect()
    }

    #[test]
    fn values_of_their_own_that_stay_are_one_effect() {
        let of = |name: &str, host: &str, replicas: &str| {
            let after = format!("x-{host}");
            let own = [("host", host), ("replicas", replicas)];
            effect(name, &own, vec![change("host", host, &after), change("wait", "3", "5")])
        };
        let all = [of("a", "h1.example", "3"), of("b", "h2.example", "2")];
        assert_eq!(told(&all), ["a b: host: ${host} → x-${host}; wait: 3 → 5"]);
    }

    #[test]
    fn a_value_that_a_group_has_in_common_is_told() {
        let of = |name: &str, room: &str| {
            effect(name, &[("room", room)], vec![change("k", "", &format!("{name}-{room}"))])
        };
        let all = [of("a", "q"), of("b", "q"), of("c", "w"), of("d", "w")];
        let wait = |mut effect: Effect| {
            effect.changes.push(change("wait", "3", "5"));
            effect
        };
        assert_eq!(
            told(&all.map(|effect| if effect.own["room"] == "q" { effect } else { wait(effect) })),
            ["a b: k: - → {instance}-q", "c d: k: - → {instance}-w; wait: 3 → 5"]
        );
    }

    #[test]
    fn a_value_that_is_replaced_is_told() {
        let of = |name: &str, tag: &str| effect(name, &[("tag", tag)], vec![change("t", tag, "9")]);
        let all = [of("a", "1"), of("b", "1"), of("c", "2")];
        assert_eq!(told(&all), ["a b: t: 1 → 9", "c: t: 2 → 9"]);
    }

    #[test]
    fn what_happens_to_look_like_a_value_is_no_value() {
        // The number of replicas of the first is by chance the number in both lines.
        let of = |name: &str, replicas: &str| {
            let changes = vec![change("v", &format!("{name}/1"), &format!("{name}/1/x"))];
            effect(name, &[("replicas", replicas)], changes)
        };
        assert_eq!(told(&[of("a", "1"), of("b", "2")]), ["a b: v: {instance}/1 → {instance}/1/x"]);
    }

    #[test]
    fn digests_say_only_that_something_changed() {
        let of = |name: &str, digit: &str| {
            effect(name, &[], vec![change("sum", &digit.repeat(64), &"f".repeat(64))])
        };
        assert_eq!(told(&[of("a", "0"), of("b", "1")]), ["a b: sum: {digest} → {another digest}"]);
    }

    #[test]
    fn an_added_value_of_its_own_is_one_effect() {
        let of = |name: &str, key: &str| effect(name, &[("key", key)], vec![change("k", "", key)]);
        assert_eq!(told(&[of("a", "q"), of("b", "w")]), ["a b: k: - → ${key}"]);
    }
}
