//! What a platform takes of its cluster: processors, memory, storage, addresses; and whether that is
//! there.

use std::collections::BTreeSet;

use catalog::Platform;
use object::{Object, Pods, pods, quantity_of};
use serde_json::{Map, Value};

use crate::desired::Desired;
use crate::values::json_of;

/// The units of bytes, from the largest on, each 1024 of the next.
const UNITS: &[(&str, u32)] = &[("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

/// What a platform takes. Processors are in thousandths, all else in bytes or pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Pods that stay.
    pub pods: u64,
    /// Processor time that they ask for, in thousandths.
    pub cpu: u64,
    /// Memory that they ask for.
    pub memory: u64,
    /// The largest pods: `Deployment/nextcloud` with processor time and memory.
    pub largest: Option<Large>,
    /// How many volumes there are.
    pub volumes: u64,
    /// How much they hold.
    pub storage: u64,
    /// Addresses at which the world reaches it: Gateways and Services of type `LoadBalancer`.
    pub addresses: u64,
    /// The names under which the world reaches it.
    pub hostnames: BTreeSet<String>,
}

/// A pod that needs a large node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Large {
    /// The object that runs it.
    pub object: String,
    /// Its processor time, in thousandths.
    pub cpu: u64,
    /// Its memory.
    pub memory: u64,
}

/// What the nodes of a cluster have for pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// Each node's processor time, in thousandths, and memory.
    pub nodes: Vec<(u64, u64)>,
    /// Whether Services of type `LoadBalancer` get an address.
    pub load_balancer: bool,
}

/// What a cluster has too little of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// Processor time: wanted, there.
    Cpu(u64, u64),
    /// Memory: wanted, there.
    Memory(u64, u64),
    /// No node is large enough for a pod.
    Node(Large),
    /// Addresses are wanted, and nothing gives any.
    LoadBalancer(u64),
}

/// What the objects of a platform take. A pod on every node counts as often as there are nodes; what
/// ends (Jobs) takes no more than for a while, and counts for the largest pod only.
pub fn capacity(desired: &Desired, cluster: &Cluster) -> Capacity {
    let mut found = Capacity::default();
    for (_, object) in desired.objects() {
        found.add(object, cluster);
    }
    found
}

impl Capacity {
    fn add(&mut self, object: &Object, cluster: &Cluster) {
        if let Some(pods) = pods(object) {
            let (cpu, memory) = of_pod(&pods);
            self.fit(object, cpu, memory);
            let nodes = u64::try_from(cluster.nodes.len()).unwrap_or(u64::MAX);
            let count = pods.count.unwrap_or(nodes);
            if object.group() != "batch" {
                self.run(count, cpu, memory);
            }
        }
        match (object.group(), object.kind()) {
            ("", "PersistentVolumeClaim") => self.claim(object.at("spec"), 1),
            ("apps", "StatefulSet") => {
                let copies = object.at("spec.replicas").and_then(Value::as_u64).unwrap_or(1);
                let templates = object.at("spec.volumeClaimTemplates").and_then(Value::as_array);
                for template in templates.into_iter().flatten() {
                    self.claim(template.get("spec"), copies);
                }
            }
            ("postgresql.cnpg.io", "Cluster") => self.add_postgres(object),
            ("", "Service") => {
                let is_outside = object.at("spec.type").is_some_and(|one| one == "LoadBalancer");
                self.addresses += u64::from(is_outside);
            }
            ("gateway.networking.k8s.io", "Gateway") => self.addresses += 1,
            ("gateway.networking.k8s.io", "HTTPRoute") => {
                let names = object.at("spec.hostnames").and_then(Value::as_array);
                self.hostnames.extend(names.into_iter().flatten().filter_map(text));
            }
            ("networking.k8s.io", "Ingress") => {
                let rules = object.at("spec.rules").and_then(Value::as_array);
                let hosts = rules.into_iter().flatten().filter_map(|rule| rule.get("host"));
                self.hostnames.extend(hosts.filter_map(text));
            }
            _ => {}
        }
    }

    /// The pods and volumes that `CloudNativePG` makes of a Cluster:
    /// <https://cloudnative-pg.io/documentation/current/resource_management/>
    fn add_postgres(&mut self, object: &Object) {
        let instances = object.at("spec.instances").and_then(Value::as_u64).unwrap_or(1);
        let (cpu, memory) = requests(object.at("spec"));
        self.fit(object, cpu, memory);
        self.run(instances, cpu, memory);
        for storage in ["spec.storage.size", "spec.walStorage.size"] {
            if let Some(size) = object.at(storage).and_then(bytes_of) {
                self.volumes += instances;
                self.storage = self.storage.saturating_add(size.saturating_mul(instances));
            }
        }
    }

    fn run(&mut self, count: u64, cpu: u64, memory: u64) {
        self.pods = self.pods.saturating_add(count);
        self.cpu = self.cpu.saturating_add(cpu.saturating_mul(count));
        self.memory = self.memory.saturating_add(memory.saturating_mul(count));
    }

    /// Remembers the pod that asks for most memory, and then for most processor time.
    fn fit(&mut self, object: &Object, cpu: u64, memory: u64) {
        let known = self.largest.as_ref().map_or((0, 0), |one| (one.memory, one.cpu));
        if (memory, cpu) > known {
            self.largest = Some(Large { object: object.id().to_string(), cpu, memory });
        }
    }

    fn claim(&mut self, spec: Option<&Value>, copies: u64) {
        let size =
            spec.and_then(|spec| bytes_of(spec.get("resources")?.get("requests")?.get("storage")?));
        if let Some(size) = size {
            self.volumes += copies;
            self.storage = self.storage.saturating_add(size.saturating_mul(copies));
        }
    }

    /// What of it a cluster does not have.
    pub fn shortages(&self, cluster: &Cluster) -> Vec<Shortage> {
        let mut found = Vec::new();
        let (cpu, memory) = (cluster.cpu(), cluster.memory());
        if self.cpu > cpu {
            found.push(Shortage::Cpu(self.cpu, cpu));
        }
        if self.memory > memory {
            found.push(Shortage::Memory(self.memory, memory));
        }
        if let Some(large) = &self.largest {
            let fits = |(cpu, memory): &(u64, u64)| large.cpu <= *cpu && large.memory <= *memory;
            if !cluster.nodes.iter().any(fits) {
                found.push(Shortage::Node(large.clone()));
            }
        }
        if self.addresses > 0 && !cluster.load_balancer {
            found.push(Shortage::LoadBalancer(self.addresses));
        }
        found
    }
}

impl Cluster {
    /// The processor time of all nodes, in thousandths.
    pub fn cpu(&self) -> u64 {
        self.nodes.iter().fold(0, |sum, (cpu, _)| sum.saturating_add(*cpu))
    }

    /// The memory of all nodes.
    pub fn memory(&self) -> u64 {
        self.nodes.iter().fold(0, |sum, (_, memory)| sum.saturating_add(*memory))
    }

    /// What is known of the cluster of a platform, or assumed.
    pub fn of(platform: &Platform) -> Self {
        let fact = |name: &str| platform.facts.get(name).map(|one| json_of(&one.value));
        let nodes = fact("nodes").unwrap_or_default();
        let amount = |node: &Value, name: &str| node.get(name).and_then(quantity_of).unwrap_or(0);
        let node = |node: &Value| {
            let cpu = u64::try_from(amount(node, "cpu")).unwrap_or(u64::MAX);
            (cpu, u64::try_from(amount(node, "memory") / 1000).unwrap_or(u64::MAX))
        };
        Self {
            nodes: nodes.as_array().into_iter().flatten().map(node).collect(),
            load_balancer: fact("loadBalancer").is_none_or(|one| one == true),
        }
    }
}

/// What a pod asks for: its containers together, those that run along from the start included; one
/// that runs before the others asks for itself.
/// <https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers>
fn of_pod(pods: &Pods<'_>) -> (u64, u64) {
    let list = |name: &str| {
        let items = pods.spec.get(name).and_then(Value::as_array);
        items.map_or(&[][..], Vec::as_slice).iter()
    };
    let stays = |one: &&Value| one.get("restartPolicy").is_some_and(|policy| policy == "Always");
    let plus = |one: (u64, u64), other: (u64, u64)| (one.0 + other.0, one.1 + other.1);
    let along =
        list("initContainers").filter(stays).map(|one| requests(Some(one))).fold((0, 0), plus);
    let all = list("containers").map(|one| requests(Some(one))).fold(along, plus);
    list("initContainers").filter(|one| !stays(one)).fold(all, |most, one| {
        let own = plus(requests(Some(one)), along);
        (most.0.max(own.0), most.1.max(own.1))
    })
}

/// `resources.requests`, or else the limits, as the API server has it.
fn requests(of: Option<&Value>) -> (u64, u64) {
    let resources = of.and_then(|of| of.get("resources"));
    let part = |name: &str| resources.and_then(|one| one.get(name)?.as_object());
    let find =
        |all: Option<&Map<String, Value>>, name: &str| all.and_then(|all| all.get(name)).cloned();
    let amount = |name: &str| {
        let found = find(part("requests"), name).or_else(|| find(part("limits"), name));
        found.as_ref().and_then(quantity_of).unwrap_or(0)
    };
    let cpu = u64::try_from(amount("cpu")).unwrap_or(u64::MAX);
    (cpu, u64::try_from(amount("memory") / 1000).unwrap_or(u64::MAX))
}

fn bytes_of(value: &Value) -> Option<u64> {
    u64::try_from(quantity_of(value)? / 1000).ok()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Thousandths of processors as people write them: without zeros at the end.
pub fn processors(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount of memory or storage as people write it, rounded up.
pub fn bytes(count: u64) -> String {
    let unit = UNITS.iter().find(|(_, power)| count >> power > 0);
    let Some((name, power)) = unit else { return format!("{count} B") };
    // One digit behind the point, rounded up: what is asked for is never said to be less.
    let tenths = (u128::from(count) * 10).div_ceil(1_u128 << power);
    let (whole, rest) = (tenths / 10, tenths % 10);
    if rest == 0 { format!("{whole} {name}") } else { format!("{whole}.{rest} {name}") }
}
