//! The keywords of objects.
//!
//! Not here: `unevaluatedProperties`, which comes after the combinations.

use gotmpl::value::SharedStr;

use super::{Found, Run, Unevaluated, missing_in};
use crate::schema::compile::{Additional, Dependent, Node, NodeId};
use crate::schema::fault::{Fault, Kind, quote, quote_all};
use crate::values::{Plain, Table};

impl Run<'_> {
    pub(super) fn object(
        &mut self,
        node: &Node,
        value: &Plain,
        table: &Table,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let rules = &node.objects;
        self.bounds("Properties", table.len(), rules.min, rules.max, found);
        let missing = missing_in(table, &rules.required);
        if !missing.is_empty() {
            found.push(self.fault(|| match missing.as_slice() {
                [one] => format!("missing property {}", quote(one)),
                many => format!("missing properties {}", quote_all(many.iter().copied())),
            }));
        }
        if self.quiet && !found.is_empty() {
            return;
        }
        for (name, dependent) in &rules.dependencies {
            if table.get(name.as_bytes()).is_some() {
                match dependent {
                    Dependent::Required(names) => self.dependent(name, names, table, found),
                    Dependent::Schema(id) => {
                        let result = self.same_value(*id, None, value, number, unevaluated);
                        found.extend(result.err());
                    }
                }
            }
        }
        self.properties(node, table, number, unevaluated, found);
        if let Some(names) = rules.names {
            for (key, _) in table {
                self.property_name(names, key, found);
            }
        }
        for (name, id) in &rules.dependent_schemas {
            if table.get(name.as_bytes()).is_some() {
                let result = self.same_value(*id, None, value, number, unevaluated);
                found.extend(result.err());
            }
        }
        for (name, names) in &rules.dependent_required {
            if table.get(name.as_bytes()).is_some() {
                self.dependent(name, names, table, found);
            }
        }
    }

    fn properties(
        &mut self,
        node: &Node,
        table: &Table,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let rules = &node.objects;
        let mut unwanted = Vec::new();
        for (key, value) in table {
            if self.quiet && !found.is_empty() {
                return;
            }
            let name = key.to_text();
            let mut evaluated = false;
            if let Some(&id) = rules.properties.get(&*name) {
                evaluated = true;
                found.extend(self.inner_value(id, &name, value, number).err());
            }
            for (pattern, id) in &rules.patterns {
                self.spend(1 + name.len() as u64 / 16);
                if pattern.is_match(name.as_bytes()) {
                    evaluated = true;
                    found.extend(self.inner_value(*id, &name, value, number).err());
                }
            }
            if !evaluated && let Some(additional) = &rules.additional {
                evaluated = true;
                match additional {
                    Additional::Allowed(true) => {}
                    Additional::Allowed(false) => unwanted.push(name.to_string()),
                    Additional::Schema(id) => {
                        found.extend(self.inner_value(*id, &name, value, number).err());
                    }
                }
            }
            if evaluated {
                unevaluated.properties.remove(key);
            }
        }
        if !unwanted.is_empty() {
            found.push(self.fault(|| {
                let names = quote_all(unwanted.iter().map(String::as_str));
                format!("additional properties {names} not allowed")
            }));
        }
    }

    fn property_name(&mut self, id: NodeId, key: &SharedStr, found: &mut Found) {
        // The name is a value of its own, at the top of nothing.
        let pointer = std::mem::take(&mut self.pointer);
        let result = self.check(id, None, &Plain::Str(key.clone()), usize::MAX, false);
        self.pointer = pointer;
        if let Err(fault) = result {
            let causes = match fault.kind {
                Kind::Group => fault.causes,
                _ => vec![fault],
            };
            let text = format!("invalid propertyName {}", quote(&key.to_text()));
            found.push(Fault { at: self.pointer.clone(), kind: Kind::Text(text), causes });
        }
    }

    fn dependent(&self, name: &str, names: &[String], table: &Table, found: &mut Found) {
        let missing = missing_in(table, names);
        if !missing.is_empty() {
            found.push(self.fault(|| {
                let missing = quote_all(missing.iter().copied());
                format!("properties {missing} required, if {} exists", quote(name))
            }));
        }
    }
}
