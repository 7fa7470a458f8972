//! `.Files`: the chart's other files, as templates may read them. Follows Helm 4's
//! `pkg/engine/files.go`.
//!
//! The bytes stay shared with the chart; a map of byte slices, which is what the type is in Go, is
//! only made for a template that ranges over it or prints it.

use std::any::Any;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use gotmpl::function::{Call, Failure, Param};
use gotmpl::value::{Elem, Entries, Kind, List, Map, MapType, Method, Object, Str, Value};

use super::functions::call_by_name;
use crate::chart::{File, glob};

static FILES: MapType = MapType { name: "engine.files", elem: Elem::Bytes, methods: &[] };

/// Files by their paths.
pub(super) struct Files {
    all: Arc<[File]>,
    /// Which of them, when it is not all.
    chosen: Option<Vec<usize>>,
    index: OnceCell<BTreeMap<Arc<str>, Arc<[u8]>>>,
    map: OnceCell<Map>,
}

impl Files {
    pub(super) fn of(all: Arc<[File]>) -> Self {
        Self { all, chosen: None, index: OnceCell::new(), map: OnceCell::new() }
    }

    fn index(&self) -> &BTreeMap<Arc<str>, Arc<[u8]>> {
        self.index.get_or_init(|| {
            let entry = |file: &File| (Arc::clone(&file.name), Arc::clone(&file.data));
            match &self.chosen {
                None => self.all.iter().map(entry).collect(),
                Some(chosen) => {
                    chosen.iter().filter_map(|&at| self.all.get(at)).map(entry).collect()
                }
            }
        })
    }

    fn get(&self, name: &[u8]) -> Option<&Arc<[u8]>> {
        self.index().get(std::str::from_utf8(name).ok()?)
    }

    fn globbed(&self, pattern: &[u8]) -> Self {
        let pattern = String::from_utf8_lossy(pattern);
        let pattern = glob::Glob::parse(&pattern).or_else(|_| glob::Glob::parse("**")).ok();
        let matches = |file: &File| pattern.as_ref().is_some_and(|glob| glob.matches(&file.name));
        let known = |at: &usize| self.chosen.as_ref().is_none_or(|chosen| chosen.contains(at));
        let hits = self.all.iter().enumerate().filter(|(_, file)| matches(file));
        let chosen = hits.map(|(at, _)| at).filter(known).collect();
        let all = Arc::clone(&self.all);
        Self { all, chosen: Some(chosen), index: OnceCell::new(), map: OnceCell::new() }
    }
}

impl Object for Files {
    fn type_name(&self) -> &str {
        FILES.name
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn truth(&self) -> bool {
        !self.index().is_empty()
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(
            self.get(name.as_bytes())
                .map_or_else(|| Value::List(List::nil(Elem::Uint8)), |data| bytes(data)),
        )
    }

    fn method(&self, name: &str) -> Option<Method> {
        let (params, run): (&'static [Param], fn(&mut Call<'_, '_>) -> Result<Value, Failure>) =
            match name {
                "Get" => (&[Param::Str], get),
                "GetBytes" => (&[Param::Str], get_bytes),
                "Glob" => (&[Param::Str], glob_files),
                "AsConfig" => (&[], as_config),
                "AsSecrets" => (&[], as_secrets),
                "Lines" => (&[Param::Str], lines),
                _ => return None,
            };
        Some(Method { params, variadic: false, run })
    }

    fn as_map(&self) -> Option<Map> {
        let make = || {
            let entries = self.index().iter().map(|(name, data)| (Str::from(&**name), bytes(data)));
            Map::lasting(&FILES, entries.collect())
        };
        Some(self.map.get_or_init(make).clone())
    }

    /// A map of bytes, which JSON and YAML write in base64.
    fn to_plain(&self) -> Option<Value> {
        self.as_map().map(Value::Map)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn bytes(data: &[u8]) -> Value {
    Value::List(List::new(Elem::Uint8, data.iter().map(|byte| Value::Uint8(*byte)).collect()))
}

fn receiver<'call>(call: &Call<'call, '_>) -> Result<&'call Files, Failure> {
    match call.any(0) {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    }
    .ok_or_else(|| Failure::new("the files of a chart are expected"))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let found = receiver(call)?.get(call.text(1));
    Ok(Value::Str(found.map_or_else(Str::default, |data| Str::from(&**data))))
}

fn get_bytes(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Ok(receiver(call)?.get(call.text(1)).map_or_else(|| bytes(&[]), |data| bytes(data)))
}

fn glob_files(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Ok(Value::Object(Rc::new(receiver(call)?.globbed(call.text(1)))))
}

fn lines(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let text: &[u8] = receiver(call)?.get(call.text(1)).map_or(&[], |data| &**data);
    if text.is_empty() {
        return Ok(Value::List(List::new(Elem::Str, Vec::new())));
    }
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    Ok(Value::List(List::strings(text.split(|byte| *byte == b'\n'))))
}

fn as_config(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let files = receiver(call)?;
    let entries = files.index().iter().map(|(name, data)| {
        (Str::from(super::layout::base_name(name)), Value::Str(Str::from(&**data)))
    });
    let map = Map::typed(&MapType::STRINGS, entries.collect());
    call_by_name(call, "toYaml", &[Value::Map(map)])
}

fn as_secrets(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let files = receiver(call)?;
    let map = Map::typed(&MapType::STRINGS, Entries::new());
    for (name, data) in files.index() {
        let text = Value::Str(Str::from(&**data));
        let encoded = call_by_name(call, "b64enc", &[text])?;
        map.insert(super::layout::base_name(name), encoded);
    }
    call_by_name(call, "toYaml", &[Value::Map(map)])
}
