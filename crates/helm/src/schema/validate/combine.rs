//! The keywords that apply further schemas to the same value, and what asks what those have left.
//!
//! Not here: `$ref`, which may stand alone and comes first.

use super::{Found, Run, Scope, Unevaluated};
use crate::schema::compile::Node;
use crate::schema::fault::Fault;
use crate::values::Plain;

impl Run<'_> {
    /// `not`, `allOf`, `anyOf`, `oneOf`, `if`.
    pub(super) fn combinations(
        &mut self,
        node: &Node,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        if let Some(id) = node.not
            && self.fits(id, value, number, unevaluated)
        {
            found.push(self.fault(|| "'not' failed".to_owned()));
        }
        let mut causes = Found::new();
        for &id in &node.all_of {
            causes.extend(self.same_value(id, None, value, number, unevaluated).err());
        }
        if !causes.is_empty() {
            let fault = self.fault(|| "'allOf' failed".to_owned());
            found.push(Fault { causes, ..fault });
        }
        self.any_of(node, value, number, unevaluated, found);
        self.one_of(node, value, number, unevaluated, found);
        if let Some(condition) = node.condition {
            let holds = self.fits(condition, value, number, unevaluated);
            if let Some(id) = if holds { node.then } else { node.otherwise } {
                found.extend(self.same_value(id, None, value, number, unevaluated).err());
            }
        }
    }

    fn any_of(
        &mut self,
        node: &Node,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let mut causes = Found::new();
        let mut matched = node.any_of.is_empty();
        for &id in &node.any_of {
            match self.same_value(id, None, value, number, unevaluated) {
                Err(fault) => causes.push(fault),
                Ok(()) => {
                    matched = true;
                    // Where somebody asks what is left, every schema has to have its say.
                    if unevaluated.is_empty() {
                        break;
                    }
                }
            }
        }
        if !matched {
            let fault = self.fault(|| "'anyOf' failed".to_owned());
            found.push(Fault { causes, ..fault });
        }
    }

    fn one_of(
        &mut self,
        node: &Node,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let mut causes = Found::new();
        let mut matched = None;
        for (index, &id) in node.one_of.iter().enumerate() {
            if let Some(first) = matched {
                if self.fits(id, value, number, unevaluated) {
                    found.push(
                        self.fault(|| {
                            format!("'oneOf' failed, subschemas {first}, {index} matched")
                        }),
                    );
                    break;
                }
            } else {
                match self.same_value(id, None, value, number, unevaluated) {
                    Err(fault) => causes.push(fault),
                    Ok(()) => matched = Some(index),
                }
            }
        }
        if matched.is_none() && !node.one_of.is_empty() {
            let fault = self.fault(|| "'oneOf' failed, none matched".to_owned());
            found.push(Fault { causes, ..fault });
        }
    }

    /// `unevaluatedProperties` and `unevaluatedItems`.
    pub(super) fn rest(
        &mut self,
        node: &Node,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        if let (Some(id), Plain::Map(table)) = (node.objects.unevaluated, value) {
            for name in std::mem::take(&mut unevaluated.properties) {
                if let Some(inner) = table.get(&name) {
                    found.extend(self.inner_value(id, &name.to_text(), inner, number).err());
                }
            }
        }
        if let (Some(id), Plain::List(items)) = (node.lists.unevaluated, value) {
            for index in std::mem::take(&mut unevaluated.items) {
                if let Some(item) = items.get(index) {
                    found.extend(self.inner_value(id, &index.to_string(), item, number).err());
                }
            }
        }
    }

    pub(super) fn dynamic_references(
        &mut self,
        node: &Node,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let program = self.program;
        if let Some(mut target) = node.recursive_ref {
            if program.nodes[target].recursive_anchor {
                let anchored = |scope: &&Scope| {
                    program.resources[program.nodes[scope.node].resource].recursive
                };
                if let Some(outermost) = self.scope.iter().find(anchored) {
                    target = outermost.node;
                }
            }
            let result = self.reference(target, "$recursiveRef", value, number, unevaluated);
            found.extend(result.err());
        }
        if let Some((target, anchor)) = &node.dynamic_ref {
            let mut target = *target;
            if !anchor.is_empty() && program.nodes[target].dynamic_anchor == *anchor {
                let anchored = |scope: &Scope| {
                    let resource = &program.resources[program.nodes[scope.node].resource];
                    resource.dynamic.get(anchor).copied()
                };
                if let Some(outermost) = self.scope.iter().find_map(anchored) {
                    target = outermost;
                }
            }
            let result = self.reference(target, "$dynamicRef", value, number, unevaluated);
            found.extend(result.err());
        }
    }
}
