//! Which objects an object needs, and which come into being through it.

use serde_json::{Map, Value};

use crate::identity::{Id, Object, text};
use crate::pods::pods;

/// An object that another one names.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Which it is.
    pub to: Id,
    /// What of it is wanted.
    pub target: Target,
    /// Where it is named: `spec.template.spec.volumes[0].secret`.
    pub path: String,
    /// Whether it may be missing.
    pub is_optional: bool,
}

/// What of an object is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The object.
    Whole,
    /// A key of a Secret or `ConfigMap`.
    Key(String),
    /// A port of a Service, by number or name.
    Port(Value),
}

/// All objects that an object names, as far as its kind is known.
pub fn references(object: &Object) -> Vec<Reference> {
    let mut found = Finder { object, all: Vec::new() };
    found.of_pods();
    match (object.group(), object.kind()) {
        ("networking.k8s.io", "Ingress") => found.of_ingress(),
        ("gateway.networking.k8s.io", "HTTPRoute") => found.of_route(),
        ("gateway.networking.k8s.io", "Gateway") => found.of_gateway(),
        ("autoscaling", "HorizontalPodAutoscaler") => found.of_autoscaler(),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => found.of_rights(),
        ("cert-manager.io", "Certificate") => found.of_certificate(),
        ("apps", "StatefulSet") => found.named("", "Service", "spec.serviceName"),
        ("", "PersistentVolumeClaim") => {
            found.named("storage.k8s.io", "StorageClass", "spec.storageClassName");
        }
        _ => {}
    }
    found.all
}

/// The objects that come into being through an object: the Secret of a certificate, the claims of
/// a `StatefulSet`, what operators are documented to make.
pub fn makes(object: &Object) -> Vec<Id> {
    let (name, namespace) = (object.name(), object.namespace());
    let id = |kind: &str, name: String| Id::new("", kind, namespace, &name);
    match (object.group(), object.kind()) {
        ("cert-manager.io", "Certificate") => {
            let secret = object.at("spec.secretName").and_then(Value::as_str);
            secret.map(|secret| id("Secret", secret.to_owned())).into_iter().collect()
        }
        // https://cloudnative-pg.io/documentation/current/applications/ and service_management/
        ("postgresql.cnpg.io", "Cluster") => {
            let services = ["rw", "ro", "r"].map(|end| id("Service", format!("{name}-{end}")));
            let secrets = ["app", "ca", "server", "replication"];
            let secrets = secrets.map(|end| id("Secret", format!("{name}-{end}")));
            services.into_iter().chain(secrets).collect()
        }
        ("apps", "StatefulSet") => {
            let templates = object.at("spec.volumeClaimTemplates").and_then(Value::as_array);
            let replicas = object.at("spec.replicas").and_then(Value::as_u64).unwrap_or(1);
            let names = templates
                .into_iter()
                .flatten()
                .filter_map(|template| template.get("metadata")?.get("name")?.as_str());
            let claims = |claim: &str| {
                let claim = claim.to_owned();
                (0..replicas.min(MOST_CLAIMS))
                    .map(move |at| id("PersistentVolumeClaim", format!("{claim}-{name}-{at}")))
            };
            names.flat_map(claims).collect()
        }
        ("", "Namespace") => vec![Id::new("", "ServiceAccount", Some(name), "default")],
        _ => Vec::new(),
    }
}

/// More copies than this have no names here: a number in a file is no reason to take all memory.
const MOST_CLAIMS: u64 = 1000;

struct Finder<'o> {
    object: &'o Object,
    all: Vec<Reference>,
}

impl Finder<'_> {
    /// Takes note of an object of the same namespace.
    fn add(&mut self, group: &str, kind: &str, name: &str, path: String) {
        self.add_target(group, kind, name, path, Target::Whole, false);
    }

    fn add_target(
        &mut self,
        group: &str,
        kind: &str,
        name: &str,
        path: String,
        target: Target,
        is_optional: bool,
    ) {
        if name.is_empty() {
            return;
        }
        let whole = crate::kinds::is_cluster_scoped(group, kind);
        let namespace = if whole { None } else { self.object.namespace() };
        let to = Id::new(group, kind, namespace, name);
        self.all.push(Reference { to, target, path, is_optional });
    }

    /// The name that stands at a path.
    fn named(&mut self, group: &str, kind: &str, path: &str) {
        if let Some(name) = self.object.at(path).and_then(Value::as_str) {
            self.add(group, kind, name, path.to_owned());
        }
    }

    fn of_pods(&mut self) {
        let object = self.object;
        let Some(pods) = pods(object) else { return };
        let path = pods.path;
        let account = text(pods.spec, "serviceAccountName");
        self.add("", "ServiceAccount", account, format!("{path}.serviceAccountName"));
        let class = text(pods.spec, "priorityClassName");
        if !class.starts_with("system-") {
            self.add(
                "scheduling.k8s.io",
                "PriorityClass",
                class,
                format!("{path}.priorityClassName"),
            );
        }
        for (at, secret) in list(pods.spec, "imagePullSecrets") {
            let name = secret.get("name").and_then(Value::as_str).unwrap_or("");
            let path = format!("{path}.imagePullSecrets[{at}]");
            self.add_target("", "Secret", name, path, Target::Whole, true);
        }
        for (at, volume) in list(pods.spec, "volumes") {
            self.of_volume(volume, &format!("{path}.volumes[{at}]"));
        }
        for (path, container) in pods.containers() {
            for (at, variable) in list(container, "env") {
                let Some(from) = variable.get("valueFrom") else { continue };
                let path = format!("{path}.env[{at}].valueFrom");
                self.of_key(from.get("secretKeyRef"), "Secret", &format!("{path}.secretKeyRef"));
                let key = from.get("configMapKeyRef");
                self.of_key(key, "ConfigMap", &format!("{path}.configMapKeyRef"));
            }
            for (at, source) in list(container, "envFrom") {
                let path = format!("{path}.envFrom[{at}]");
                self.of_whole(source.get("secretRef"), "Secret", "name", &path);
                self.of_whole(source.get("configMapRef"), "ConfigMap", "name", &path);
            }
        }
    }

    fn of_volume(&mut self, volume: &Value, path: &str) {
        self.of_items(volume.get("secret"), "Secret", "secretName", path);
        self.of_items(volume.get("configMap"), "ConfigMap", "name", path);
        let claim = volume.get("persistentVolumeClaim");
        self.of_whole(claim, "PersistentVolumeClaim", "claimName", path);
        let Some(sources) = volume.get("projected").and_then(Value::as_object) else { return };
        for (at, source) in list(sources, "sources") {
            let path = format!("{path}.projected.sources[{at}]");
            self.of_items(source.get("secret"), "Secret", "name", &path);
            self.of_items(source.get("configMap"), "ConfigMap", "name", &path);
        }
    }

    /// A key of a Secret or a `ConfigMap`: `{name, key, optional}`.
    fn of_key(&mut self, from: Option<&Value>, kind: &str, path: &str) {
        let Some(from) = from.and_then(Value::as_object) else { return };
        let target = Target::Key(text(from, "key").to_owned());
        self.add_target("", kind, text(from, "name"), path.to_owned(), target, may_lack(from));
    }

    /// A whole object: `{name, optional}`.
    fn of_whole(&mut self, from: Option<&Value>, kind: &str, key: &str, path: &str) {
        let Some(from) = from.and_then(Value::as_object) else { return };
        let path = path.to_owned();
        self.add_target("", kind, text(from, key), path, Target::Whole, may_lack(from));
    }

    /// An object or some of its keys: `{name, items: [{key, path}], optional}`.
    fn of_items(&mut self, from: Option<&Value>, kind: &str, key: &str, path: &str) {
        let Some(map) = from.and_then(Value::as_object) else { return };
        self.of_whole(from, kind, key, path);
        for (at, item) in list(map, "items") {
            let wanted = item.get("key").and_then(Value::as_str).unwrap_or("");
            let target = Target::Key(wanted.to_owned());
            let path = format!("{path}.items[{at}]");
            self.add_target("", kind, text(map, key), path, target, may_lack(map));
        }
    }

    fn of_ingress(&mut self) {
        let class = "spec.ingressClassName";
        self.named("networking.k8s.io", "IngressClass", class);
        let Some(spec) = self.object.at("spec").and_then(Value::as_object) else { return };
        for (at, tls) in list(spec, "tls") {
            let name = tls.get("secretName").and_then(Value::as_str).unwrap_or("");
            self.add("", "Secret", name, format!("spec.tls[{at}]"));
        }
        self.of_backend(spec.get("defaultBackend"), "spec.defaultBackend".to_owned());
        for (at, rule) in list(spec, "rules") {
            let Some(http) = rule.get("http").and_then(Value::as_object) else { continue };
            for (inner, path) in list(http, "paths") {
                let place = format!("spec.rules[{at}].http.paths[{inner}].backend");
                self.of_backend(path.get("backend"), place);
            }
        }
    }

    fn of_backend(&mut self, backend: Option<&Value>, path: String) {
        let Some(service) = backend.and_then(|one| one.get("service")?.as_object()) else { return };
        let port = service.get("port");
        let port = port.and_then(|one| one.get("number").or_else(|| one.get("name"))).cloned();
        let target = port.map_or(Target::Whole, Target::Port);
        self.add_target("", "Service", text(service, "name"), path, target, false);
    }

    fn of_route(&mut self) {
        let Some(spec) = self.object.at("spec").and_then(Value::as_object) else { return };
        for (at, parent) in list(spec, "parentRefs") {
            let Some(parent) = parent.as_object() else { continue };
            let is_gateway = matches!(text(parent, "kind"), "" | "Gateway");
            if is_gateway && text(parent, "namespace").is_empty() {
                let (group, name) = ("gateway.networking.k8s.io", text(parent, "name"));
                self.add(group, "Gateway", name, format!("spec.parentRefs[{at}]"));
            }
        }
        for (at, rule) in list(spec, "rules") {
            let Some(rule) = rule.as_object() else { continue };
            for (inner, backend) in list(rule, "backendRefs") {
                let Some(backend) = backend.as_object() else { continue };
                let is_service = matches!(text(backend, "kind"), "" | "Service");
                if is_service && text(backend, "namespace").is_empty() {
                    let path = format!("spec.rules[{at}].backendRefs[{inner}]");
                    let target = backend.get("port").cloned().map_or(Target::Whole, Target::Port);
                    self.add_target("", "Service", text(backend, "name"), path, target, false);
                }
            }
        }
    }

    fn of_gateway(&mut self) {
        let group = "gateway.networking.k8s.io";
        self.named(group, "GatewayClass", "spec.gatewayClassName");
        let Some(spec) = self.object.at("spec").and_then(Value::as_object) else { return };
        for (at, listener) in list(spec, "listeners") {
            let Some(tls) = listener.get("tls").and_then(Value::as_object) else { continue };
            for (inner, certificate) in list(tls, "certificateRefs") {
                let Some(certificate) = certificate.as_object() else { continue };
                if text(certificate, "namespace").is_empty() {
                    let path = format!("spec.listeners[{at}].tls.certificateRefs[{inner}]");
                    self.add("", "Secret", text(certificate, "name"), path);
                }
            }
        }
    }

    fn of_autoscaler(&mut self) {
        let target = self.object.at("spec.scaleTargetRef").and_then(Value::as_object);
        let Some(target) = target else { return };
        let group = text(target, "apiVersion").split_once('/').map_or("", |(group, _)| group);
        let (kind, name) = (text(target, "kind"), text(target, "name"));
        self.add(group, kind, name, "spec.scaleTargetRef".to_owned());
    }

    fn of_rights(&mut self) {
        let object = self.object;
        let group = "rbac.authorization.k8s.io";
        if let Some(role) = object.at("roleRef").and_then(Value::as_object) {
            // The cluster's own roles are always there.
            let is_own = matches!(text(role, "name"), "admin" | "cluster-admin" | "edit" | "view")
                || text(role, "name").starts_with("system:");
            if !is_own {
                self.add(group, text(role, "kind"), text(role, "name"), "roleRef".to_owned());
            }
        }
        for (at, subject) in list(&object.tree, "subjects") {
            let Some(subject) = subject.as_object() else { continue };
            if text(subject, "kind") == "ServiceAccount" {
                let namespace = match text(subject, "namespace") {
                    "" => object.namespace(),
                    stated => Some(stated),
                };
                let to = Id::new("", "ServiceAccount", namespace, text(subject, "name"));
                let path = format!("subjects[{at}]");
                self.all.push(Reference { to, target: Target::Whole, path, is_optional: false });
            }
        }
    }

    fn of_certificate(&mut self) {
        let issuer = self.object.at("spec.issuerRef").and_then(Value::as_object);
        let Some(issuer) = issuer else { return };
        let kind = match text(issuer, "kind") {
            "" => "Issuer",
            stated => stated,
        };
        self.add("cert-manager.io", kind, text(issuer, "name"), "spec.issuerRef".to_owned());
    }
}

/// The items of a list with their numbers; none where there is no list.
fn list<'m>(map: &'m Map<String, Value>, key: &str) -> impl Iterator<Item = (usize, &'m Value)> {
    let items = map.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    items.iter().enumerate()
}

fn may_lack(map: &Map<String, Value>) -> bool {
    map.get("optional").and_then(Value::as_bool).unwrap_or(false)
}
