//! The functions that need a render around them: `include`, `tpl`, `required`, `fail`, `lookup`.
//!
//! Not here: functions of their arguments alone (see the `functions` crate).

use std::borrow::Cow;
use std::sync::Arc;

use gotmpl::error::Error;
use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::set::Functions;
use gotmpl::value::{Feature, Map, Str, Value};

use super::Dns;
use crate::log::{Entry, Level, Log};
use crate::values::{self, Plain};

const FUNCTIONS: &[Function] = &[
    Function::pure("include", &[Param::Str, Param::Any], include),
    Function::pure("tpl", &[Param::Str, Param::Any], tpl),
    Function::pure("required", &[Param::Str, Param::Any], required),
    Function::pure("fail", &[Param::Str], fail),
    Function {
        name: "lookup",
        params: &[Param::Str, Param::Str, Param::Str, Param::Str],
        variadic: false,
        effect: Effect::Cluster,
        words: Words::Read,
        run: lookup,
    },
];

/// Without `--enable-dns`, a host has no address.
const NO_DNS: Function = Function::pure("getHostByName", &[Param::Str], |_| Ok(Value::from("")));

/// The table of everything that a chart's templates may call.
pub(super) fn table(dns: Dns) -> Arc<Functions> {
    let no_dns = (dns == Dns::Off).then_some(&NO_DNS);
    Arc::new(Functions::new(FUNCTIONS.iter().chain(no_dns).chain(::functions::all())))
}

/// Nested `include`s of one name that Helm lets pass: one more is an error.
const MAX_NESTED_INCLUDES: usize = 1000;

/// Nested `include`s and `tpl`s of any name. Helm has no bound here and dies when its stack is full.
const MAX_NESTED: usize = 2100;

/// What `lookup` asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lookup {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// Empty for objects without namespace and for all namespaces.
    pub namespace: String,
    /// Empty for a list.
    pub name: String,
}

/// What is known about a cluster: recorded answers of `lookup`. Without any, it finds nothing, as
/// in `helm template`.
#[derive(Clone, Debug, Default)]
pub struct Facts(pub std::collections::BTreeMap<Lookup, Plain>);

/// What a render keeps between its function calls.
pub(super) struct Progress {
    is_lint: bool,
    facts: Facts,
    /// The `include`s under way, by name, innermost last.
    included: Vec<Str>,
    /// How many `include`s and `tpl`s are under way.
    nested: usize,
    log: Vec<Entry>,
}

impl Progress {
    pub(super) fn new(is_lint: bool, facts: Facts) -> Self {
        Self { is_lint, facts, included: Vec::new(), nested: 0, log: Vec::new() }
    }

    /// Gives what it has to say to `log`.
    pub(super) fn hand_over(&mut self, log: &mut Log) {
        for entry in self.log.drain(..) {
            log.add_with(entry.level, entry.message, entry.details);
        }
    }

    fn say(&mut self, level: Level, message: &str, text: &[u8]) {
        let text = String::from_utf8_lossy(text).into_owned();
        let details = vec![("message", text)];
        self.log.push(Entry { level, message: message.to_owned(), details });
    }
}

fn progress<'call>(call: &'call mut Call<'_, '_>) -> Result<&'call mut Progress, Failure> {
    call.machine.host().ok_or_else(|| Failure::new("no chart is being rendered"))
}

/// Runs `work`, which executes a template, one level deeper.
fn nested<T>(
    call: &mut Call<'_, '_>,
    work: impl FnOnce(&mut Call<'_, '_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let depth = &mut progress(call)?.nested;
    if *depth == MAX_NESTED {
        return Err(Failure::new(format!(
            "include and tpl are nested {MAX_NESTED} deep: does a text or a template call itself?"
        )));
    }
    *depth += 1;
    let result = work(call);
    progress(call)?.nested -= 1;
    result
}

fn include(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let Value::Str(name) = call.any(0).clone() else { return Ok(Value::Nil) };
    let included = &mut progress(call)?.included;
    if included.len() > MAX_NESTED_INCLUDES
        && included.iter().filter(|other| **other == name).count() > MAX_NESTED_INCLUDES
    {
        let shown = name.to_text();
        return Err(Failure::Context {
            prefix: format!("rendering template has a nested reference name: {shown}"),
            source: Box::new(Failure::new("unable to execute template")),
        });
    }
    included.push(name.clone());
    let data = call.any(1);
    let result = nested(call, |call| Ok(call.machine.include(&name, data)?));
    progress(call)?.included.pop();
    Ok(Value::Str(result?))
}

fn tpl(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let Value::Str(text) = call.any(0).clone() else { return Ok(Value::Nil) };
    let data = call.any(1);
    let printed = nested(call, |call| {
        if !text.has(Feature::Markup) {
            return Ok(text.clone());
        }
        call.machine.execute_text("gotpl", &text, data).map_err(|error| {
            let quoted = strconv::quote(&text);
            let prefix = match error {
                Error::Parse(_) => format!("cannot parse template {quoted}"),
                _ => format!("error during tpl function execution for {quoted}"),
            };
            Failure::Context { prefix, source: Box::new(error.into()) }
        })
    })?;
    if !printed.has(Feature::Markup) {
        return Ok(Value::Str(printed));
    }
    Ok(Value::Str(match super::without_no_value(&printed) {
        Cow::Borrowed(_) => printed,
        Cow::Owned(cleaned) => cleaned.into(),
    }))
}

fn required(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let warning = call.text(0);
    let (is_missing, sentence) = match call.any(1) {
        Value::Nil => (true, "missing required value"),
        Value::Str(text) => (!text.has(Feature::Content), "missing required values"),
        _ => (false, ""),
    };
    if !is_missing {
        return Ok(call.any(1).clone());
    }
    let progress = progress(call)?;
    if progress.is_lint {
        progress.say(Level::Warn, sentence, warning);
        call.machine.mark_unsteady();
        return Ok(Value::from(""));
    }
    Err(Failure::Refused(String::from_utf8_lossy(warning).into_owned()))
}

fn fail(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let message = call.text(0);
    let progress = progress(call)?;
    if progress.is_lint {
        progress.say(Level::Info, "funcMap fail", message);
        call.machine.mark_unsteady();
        return Ok(Value::from(""));
    }
    Err(Failure::Refused(String::from_utf8_lossy(message).into_owned()))
}

fn lookup(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let text = |index| String::from_utf8_lossy(call.text(index)).into_owned();
    let wanted = Lookup { api_version: text(0), kind: text(1), namespace: text(2), name: text(3) };
    let known = progress(call)?.facts.0.get(&wanted);
    Ok(known.map_or_else(|| Value::Map(Map::new()), values::thaw))
}

/// Calls another function of the table, for what is defined by it.
pub(super) fn call_by_name(
    call: &mut Call<'_, '_>,
    name: &str,
    args: &[Value],
) -> Result<Value, Failure> {
    let functions = call.machine.set().functions();
    let function = functions.find(name.as_bytes()).and_then(|id| functions.get(id)).copied();
    let function = function.ok_or_else(|| Failure::new(format!("no function {name}")))?;
    (function.run)(&mut Call { args, machine: &mut *call.machine })
}
