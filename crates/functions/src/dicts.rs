//! Maps: making, reading, changing, digging and copying them. Merging is in `merging`.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::machine::{ENTRY_BYTES, Machine};
use gotmpl::stack;
use gotmpl::value::{Elem, List, Map, MapType, Str, Value};

use crate::bounds;
use crate::printing;
use crate::strings::text;

const MAP: Param = Param::Map(Elem::Any);
const MAP_AND_KEY: &[Param] = &[MAP, Param::Str];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("deepCopy", &[Param::Any], deep_copy),
    Function::variadic("dict", &[Param::Any], dict),
    Function::variadic("dig", &[Param::Any], dig),
    Function::pure("get", MAP_AND_KEY, |call| {
        Ok(call.map(0).get(call.text(1)).unwrap_or_else(|| text(&b""[..])))
    }),
    Function::pure("hasKey", MAP_AND_KEY, |call| {
        Ok(Value::Bool(call.map(0).contains_key(call.text(1))))
    }),
    Function::variadic("keys", &[MAP], keys),
    Function::pure("mustDeepCopy", &[Param::Any], deep_copy),
    Function::variadic("omit", MAP_AND_KEY, omit),
    Function::variadic("pick", MAP_AND_KEY, pick),
    Function::variadic("pluck", &[Param::Str, MAP], pluck),
    Function::pure("set", &[MAP, Param::Str, Param::Any], set),
    Function::pure("unset", MAP_AND_KEY, |call| {
        let map = call.map(0);
        map.remove(call.text(1));
        Ok(map.into())
    }),
    Function::pure("values", &[MAP], |call| {
        Ok(List::any(call.map(0).entries().values().cloned().collect()).into())
    }),
];

/// A key argument as a string, without a copy.
fn key(value: &Value) -> Str {
    printing::to_str(value)
}

fn dict(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut entry = |pair: &[Value]| {
        let value = pair.get(1).cloned().unwrap_or_else(|| text(&b""[..]));
        let key = key(&pair[0]);
        if !matches!(pair[0], Value::Str(_)) {
            bounds::charge_printed(call.machine, &key)?;
        }
        Ok((key, value))
    };
    let entries: Result<_, Failure> = call.args.chunks(2).map(&mut entry).collect();
    Ok(Map::typed(&MapType::ANY, entries?).into())
}

fn set(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let map = call.map(0);
    if map.is_nil() {
        return Err(Failure::new("assignment to entry in nil map"));
    }
    call.machine.count_bytes(ENTRY_BYTES)?;
    map.insert(key(call.any(1)), call.any(2).clone());
    Ok(map.into())
}

/// Go's order is that of its hash table, so it differs from run to run; here it is that of the keys.
fn keys(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let maps: Vec<Map> = (0..call.args.len()).map(|index| call.map(index)).collect();
    Ok(List::strings(maps.iter().flat_map(|map| map.entries().keys().cloned().collect::<Vec<_>>()))
        .into())
}

fn pick(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let map = call.map(0);
    let picked = Map::new();
    for wanted in call.args.iter().skip(1) {
        let wanted = key(wanted);
        if let Some(value) = map.get(&wanted) {
            picked.insert(wanted, value);
        }
    }
    Ok(picked.into())
}

fn omit(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let rest = call.map(0).shallow_copy(&MapType::ANY);
    for unwanted in call.args.iter().skip(1) {
        rest.remove(&key(unwanted));
    }
    Ok(rest.into())
}

fn pluck(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let wanted = call.text(0);
    Ok(List::any((1..call.args.len()).filter_map(|index| call.map(index).get(wanted)).collect())
        .into())
}

/// `dig "a" "b" default map`. Go asserts the types of its arguments, in the words below.
fn dig(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let [keys @ .., default, map] = call.args else {
        return Err(Failure::new("dig needs at least three arguments"));
    };
    if keys.is_empty() {
        return Err(Failure::new("dig needs at least three arguments"));
    }
    let mut current = assert_map(map)?;
    for wanted in keys {
        if !matches!(wanted, Value::Str(_)) {
            return Err(assertion(wanted, "string"));
        }
    }
    for (index, wanted) in keys.iter().enumerate() {
        let Some(found) = current.get(&key(wanted)) else { return Ok(default.clone()) };
        if index + 1 == keys.len() {
            return Ok(found);
        }
        current = assert_map(&found)?;
    }
    Ok(default.clone())
}

fn assert_map(value: &Value) -> Result<Map, Failure> {
    match value {
        Value::Map(map) if map.ty().name == MapType::ANY.name => Ok(map.clone()),
        other => Err(assertion(other, MapType::ANY.name)),
    }
}

fn assertion(value: &Value, wanted: &str) -> Failure {
    let found = if matches!(value, Value::Nil) { "nil".to_owned() } else { value.type_name() };
    Failure::new(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

fn deep_copy(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    match call.any(0) {
        Value::Nil => Err(Failure::new("reflect: call of reflect.Value.Type on zero Value")),
        value => Copying { machine: call.machine, bytes: 0, floor: stack::floor() }.copy(value),
    }
}

/// A copy under way. A few maps that hold each other many times are a great tree when they are
/// copied, so what is made is looked at as it grows; the machine counts it once it is made.
struct Copying<'call, 'run> {
    machine: &'call Machine<'run>,
    bytes: u64,
    floor: usize,
}

impl Copying<'_, '_> {
    /// A copy that shares no map with the original; structs behind pointers stay shared.
    fn copy(&mut self, value: &Value) -> Result<Value, Failure> {
        if stack::below(self.floor) {
            return Err(Failure::new("the value to copy is nested too deeply or contains itself"));
        }
        Ok(match value {
            Value::List(list) if !list.is_nil() => {
                self.grow(list.len() * size_of::<Value>())?;
                let items = list.iter().map(|item| self.copy(item)).collect::<Result<_, _>>()?;
                List::new(list.elem(), items).into()
            }
            Value::Map(map) if !map.is_nil() => {
                self.grow(map.len() * ENTRY_BYTES as usize)?;
                let entries = map.entries();
                let copies =
                    entries.iter().map(|(key, value)| Ok((key.clone(), self.copy(value)?)));
                let copies: Result<_, Failure> = copies.collect();
                Map::typed(map.ty(), copies?).into()
            }
            Value::Object(object) => object.copied().unwrap_or_else(|| value.clone()),
            other => other.clone(),
        })
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Failure> {
        self.bytes += bytes as u64 + ENTRY_BYTES;
        self.machine.check_bytes(self.bytes)
    }
}
