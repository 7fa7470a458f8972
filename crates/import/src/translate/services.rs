//! The sections of services that the catalogue has.

use config::{Node, Shape};

use super::{Outcome, Work};
use crate::report::Grade;
use crate::tables::{self, Conversion, RAW, RULES};
use crate::tree::{Item, Value, literal, scalar};
use crate::words::{Pick as _, Said, filled_with};

/// Networks that mean everybody.
const EVERYBODY: &[&str] = &["0.0.0.0/0", "::/0"];

/// A value as the configuration writes it.
enum Made {
    Scalar(String),
    List(Vec<Item>),
    /// It says what is so anyway.
    Nothing,
    Unfit,
}

impl<'a> Work<'a> {
    /// The section of a service.
    pub(super) fn service(&mut self, section: &'a str) {
        let Some(service) = self.service_of(section) else { return };
        for rule in RULES.iter().filter(|rule| rule.section.is_none_or(|one| one == section)) {
            let found = match rule.by {
                Conversion::Networks => self.document.all(section, rule.from),
                _ => self.document.own(section, rule.from).into_iter().collect(),
            };
            let Some(first) = found.first().copied() else { continue };
            let Some(option) = Self::option_of(service, rule.to) else { continue };
            match rule.by {
                Conversion::Unless(other) if self.document.own(section, other).is_some() => {
                    self.leave(first, tables::OVERRULED);
                    continue;
                }
                Conversion::When(other) => {
                    let other = self.document.effective(section, other);
                    if self.document.truth_at(other) != Some(true) {
                        self.leave(first, tables::OVERRULED);
                        continue;
                    }
                }
                _ => {}
            }
            let shape = &option.field.shape;
            let value = match self.made(&found, rule.by, shape) {
                Made::Scalar(text) => Value::Scalar(text),
                Made::List(items) => Value::List(items),
                Made::Nothing => {
                    self.leave_all(&found, tables::AS_IT_IS);
                    continue;
                }
                Made::Unfit => {
                    self.leave_all(&found, tables::UNFIT);
                    let words = filled_with(
                        UNFIT,
                        &[service.name.as_str().into(), rule.to.into(), shape.what()],
                    );
                    let at = self.at(first);
                    self.found("unfit", Grade::Warning, at, words, CORRECT.into());
                    continue;
                }
            };
            let text = match &value {
                Value::Scalar(text) => text.clone(),
                _ => String::new(),
            };
            let words = self.words_of(&option.field.words, shape, &text);
            let line = matches!(value, Value::Scalar(_)).then(|| self.document.leaves[first].line);
            self.tree.set(&[&service.name, rule.to], Item::new(value, line, words));
            for at in found {
                self.done(at, format!("{}.{}", service.name, rule.to));
            }
        }
        self.raw(section, &service.name, &service.values);
    }

    /// Says above the section of a service what it is.
    pub(super) fn describe_service(&mut self, section: &str) {
        let Some(service) = self.service_of(section) else { return };
        let [title, words] = [&service.title, &service.words].map(|one| one.of(self.language));
        let colon = self.language.pick(":", " :");
        self.tree.describe(&[&service.name], &format!("{title}{colon} {words}"));
    }

    fn made(&mut self, found: &[usize], by: Conversion, shape: &Shape) -> Made {
        let texts = found.iter().filter_map(|at| self.document.leaves[*at].text());
        let texts: Vec<String> = texts.collect();
        match by {
            Conversion::Host => self.host(texts.first().map_or("", String::as_str), shape),
            Conversion::Networks => self.networks(found, shape),
            _ => match found.first().and_then(|at| self.written(*at, shape)) {
                Some(text) => Made::Scalar(text),
                None => Made::Unfit,
            },
        }
    }

    /// The value of a setting as an option of that shape takes it.
    pub(super) fn written(&self, at: usize, shape: &Shape) -> Option<String> {
        let leaf = &self.document.leaves[at];
        let text = leaf.text()?;
        let candidates = match shape {
            Shape::Bool => vec![leaf.truth()?.to_string()],
            Shape::Text(_) | Shape::OneOf(_) => vec![literal(&text)],
            Shape::Int { .. } | Shape::Float => vec![text.trim().to_owned()],
            _ => Vec::new(),
        };
        candidates.into_iter().find(|text| Self::fits(shape, text))
    }

    /// A host name: one below the domain follows the domain when it changes.
    fn host(&self, text: &str, shape: &Shape) -> Made {
        let whole = self.whole_host(text);
        if !Self::fits(shape, &scalar(&whole)) {
            return Made::Unfit;
        }
        match whole.strip_suffix(&format!(".{}", self.domain)) {
            Some(own) => Made::Scalar(scalar(&format!("{own}.${{platform.domain}}"))),
            None => Made::Scalar(scalar(&whole)),
        }
    }

    /// The host name that a setting means: what holds no dot is below the domain.
    pub fn whole_host(&self, text: &str) -> String {
        let text = text.trim().to_ascii_lowercase();
        let text = text.replace("${domain}", &self.domain).replace("$domain", &self.domain);
        let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
        let text = text.split(['/', ':']).next().unwrap_or(text);
        if text.contains('.') { text.to_owned() } else { format!("{text}.{}", self.domain) }
    }

    fn networks(&self, found: &[usize], shape: &Shape) -> Made {
        let mut items = Vec::new();
        for at in found {
            let leaf = &self.document.leaves[*at];
            let text = leaf.text().unwrap_or_default();
            let parts = text.split([',', ' ', ';']).filter(|part| !part.is_empty());
            for part in parts.filter(|part| !EVERYBODY.contains(part)) {
                let of_one = match shape {
                    Shape::List(of) => of,
                    other => other,
                };
                if !Self::fits(of_one, &scalar(part)) {
                    return Made::Unfit;
                }
                items.push(Item::new(Value::Scalar(scalar(part)), Some(leaf.line), ""));
            }
        }
        if items.is_empty() { Made::Nothing } else { Made::List(items) }
    }

    /// What has no option, and which the chart takes as it is: offered, not written.
    fn raw(&mut self, section: &str, service: &str, values: &Node) {
        for from in RAW {
            let Some(at) = self.document.effective(section, from) else { continue };
            let Some(text) = self.document.text_at(Some(at)) else { continue };
            let is_own = self.document.own(section, from).is_some();
            let above = from.rsplit_once('.').map_or("", |(above, _)| above);
            if !is_own || values.at(above).is_none() {
                continue;
            }
            let mut made = scalar(&text);
            for part in from.rsplit('.') {
                made = format!("{{{part}: {made}}}");
            }
            let raw = format!("{service}: {{values: {made}}}");
            let line = self.document.leaves[at].line;
            let words = self.language.pick("the same as raw values", "de même en valeurs brutes");
            self.tree.remark(service, format!("values: {made}  ({words})"), Some(line));
            let reason = tables::reason(from).unwrap_or(tables::UNKNOWN).into();
            self.outcomes.entry(at).or_insert(Outcome::Left { reason, raw: Some(raw) });
        }
    }
}

const UNFIT: Said = Said(
    "`{}.{}` does not take this value: it is {}",
    "`{}.{}` ne prend pas cette valeur : il faut {}",
);
const CORRECT: Said = Said(
    "it was left out: write it yourself in socle.yaml",
    "il a été laissé de côté : écrivez-le vous-même dans socle.yaml",
);
