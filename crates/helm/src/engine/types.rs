//! The Go types that templates can tell from plain maps and lists, with their methods:
//! `common.Values`, `*common.Capabilities` and what hangs below.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use gotmpl::function::{Call, Failure, Param};
use gotmpl::value::{Elem, Kind, List, ListType, Map, MapType, Method, Object, Value};

use crate::capabilities::{
    Capabilities, HELM_COMMIT, HELM_GO_VERSION, HELM_KUBE_CLIENT_VERSION, HELM_VERSION,
};

/// `common.Values`: what `.` and `.Values` are.
pub(super) static VALUES: MapType = MapType {
    name: "common.Values",
    elem: Elem::Any,
    methods: &[
        ("AsMap", method(&[], as_map)),
        ("Encode", method(&[Param::Named("io.Writer")], encode)),
        ("Table", method(&[Param::Str], table)),
        ("PathValue", method(&[Param::Str], path_value)),
        ("YAML", method(&[], to_yaml)),
    ],
};

const fn method(
    params: &'static [Param],
    run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
) -> Method {
    Method { params, variadic: false, run }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all methods")]
fn as_map(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Ok(Value::Map(call.map(0).seen_as(&MapType::ANY)))
}

/// No template has a writer; Go only meets nil here, and writes to it.
fn encode(_: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Err(Failure::new("runtime error: invalid memory address or nil pointer dereference"))
}

fn to_yaml(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    super::functions::call_by_name(call, "mustToYaml", &[call.any(0).clone()]).map(
        |text| match text {
            // `toYaml` drops the last line break, `Values.YAML` does not.
            Value::Str(text) => Value::Str([text.as_bytes(), b"\n"].concat().into()),
            other => other,
        },
    )
}

fn table(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let found = find_table(&call.map(0), &String::from_utf8_lossy(call.text(1)))?;
    Ok(Value::Map(found.seen_as(&VALUES)))
}

fn find_table(values: &Map, path: &str) -> Result<Map, Failure> {
    let mut table = values.clone();
    for name in path.split('.') {
        let Some(Value::Map(below)) = table.get(name.as_bytes()) else {
            let quoted = strconv::quote(name.as_bytes());
            return Err(Failure::new(format!("{quoted} is not a table")));
        };
        table = below;
    }
    Ok(table)
}

fn path_value(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let path = String::from_utf8_lossy(call.text(1)).into_owned();
    if path.is_empty() {
        return Err(Failure::new("YAML path cannot be empty"));
    }
    let (above, last) = path.rsplit_once('.').map_or((None, &*path), |(a, l)| (Some(a), l));
    let none = || Failure::new(format!("{} is not a value", strconv::quote(last.as_bytes())));
    let holder = match above {
        Some(above) => find_table(&call.map(0), above).map_err(|_| none())?,
        None => call.map(0),
    };
    match holder.get(last.as_bytes()) {
        None => Err(none()),
        // Values are no table here: they have a type of their own.
        Some(Value::Map(map)) if map.ty().name == MapType::ANY.name => Err(none()),
        Some(value) => Ok(value),
    }
}

/// `*common.Capabilities`.
pub(super) struct CapabilitiesObject(pub Arc<Capabilities>);

static VERSION_SET: ListType = ListType {
    name: Some("common.VersionSet"),
    elem: Elem::Str,
    methods: &[("Has", method(&[Param::Str], has))],
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of all methods")]
fn has(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let wanted = call.text(1);
    let found = call
        .list(0)
        .iter()
        .any(|item| matches!(item, Value::Str(text) if text.as_bytes() == wanted));
    Ok(Value::Bool(found))
}

impl Object for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields().into_iter().find(|(own, ..)| *own == name).map(|(.., value)| value)
    }

    fn fields(&self) -> Vec<(&'static str, &'static str, Value)> {
        let versions = List::strings(self.0.api_versions.iter().map(String::as_str));
        let kube = KubeVersionObject { of: Arc::clone(&self.0), has_address: true };
        vec![
            ("KubeVersion", "KubeVersion", Value::Object(Rc::new(kube))),
            ("APIVersions", "APIVersions", Value::List(versions.named(&VERSION_SET))),
            ("HelmVersion", "HelmVersion", Value::Object(Rc::new(HelmVersionObject))),
        ]
    }

    fn copied(&self) -> Option<Value> {
        Some(Value::Object(Rc::new(Self(without_unexported(&self.0)))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The capabilities as a deep copy has them.
fn without_unexported(of: &Capabilities) -> Arc<Capabilities> {
    let mut copy = of.clone();
    copy.kube_version.normalized.clear();
    Arc::new(copy)
}

/// `common.KubeVersion`.
struct KubeVersionObject {
    of: Arc<Capabilities>,
    /// Its methods want a pointer.
    has_address: bool,
}

impl Object for KubeVersionObject {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn field(&self, name: &str) -> Option<Value> {
        // The normalised version is not exported: templates cannot name it.
        let mut exported = self.fields().into_iter().filter(|(_, json, _)| *json != "-");
        exported.find(|(own, ..)| *own == name).map(|(.., value)| value)
    }

    fn method(&self, name: &str) -> Option<Method> {
        match name {
            _ if !self.has_address => None,
            "String" => Some(method(&[], kube_string)),
            "GitVersion" => Some(method(&[], kube_git_version)),
            _ => None,
        }
    }

    fn action_display(&self) -> Option<String> {
        self.has_address.then(|| self.of.kube_version.for_constraints().to_owned())
    }

    fn without_address(&self) -> Option<Value> {
        let of = Arc::clone(&self.of);
        self.has_address.then(|| Value::Object(Rc::new(Self { of, has_address: false })))
    }

    fn copied(&self) -> Option<Value> {
        let of = without_unexported(&self.of);
        Some(Value::Object(Rc::new(Self { of, has_address: false })))
    }

    fn fields(&self) -> Vec<(&'static str, &'static str, Value)> {
        let kube = &self.of.kube_version;
        vec![
            ("Version", "Version", kube.version.as_str().into()),
            ("normalizedVersion", "-", kube.normalized.as_str().into()),
            ("Major", "Major", kube.major.as_str().into()),
            ("Minor", "Minor", kube.minor.as_str().into()),
        ]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn kube(call: &Call<'_, '_>, of: fn(&crate::capabilities::KubeVersion) -> &str) -> Value {
    match call.any(0) {
        Value::Object(object) => object
            .as_any()
            .downcast_ref::<KubeVersionObject>()
            .map_or(Value::Nil, |object| of(&object.of.kube_version).into()),
        _ => Value::Nil,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all methods")]
fn kube_string(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Ok(kube(call, crate::capabilities::KubeVersion::for_constraints))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all methods")]
fn kube_git_version(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Ok(kube(call, |version| &version.version))
}

/// `version.BuildInfo`.
struct HelmVersionObject;

impl Object for HelmVersionObject {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields().into_iter().find(|(own, ..)| *own == name).map(|(.., value)| value)
    }

    fn fields(&self) -> Vec<(&'static str, &'static str, Value)> {
        vec![
            ("Version", "version", HELM_VERSION.into()),
            ("GitCommit", "git_commit", HELM_COMMIT.into()),
            ("GitTreeState", "git_tree_state", "clean".into()),
            ("GoVersion", "go_version", HELM_GO_VERSION.into()),
            ("KubeClientVersion", "kube_client_version", HELM_KUBE_CLIENT_VERSION.into()),
        ]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
