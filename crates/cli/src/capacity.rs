//! What a platform takes of its cluster, in words; and what of the cluster is only assumed.

use catalog::Platform;
use cel::{Kind, Value};
use compose::{Capacity, Cluster, bytes, processors};
use diagnostic::{Words, words};

/// What the platform takes, beside what the cluster has.
pub fn told(taken: &Capacity, cluster: &Cluster) -> Words {
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let addresses =
        Words::counted(count(taken.addresses), ["address", "addresses"], ["adresse", "adresses"]);
    let hostnames = Words::counted(
        taken.hostnames.len(),
        ["host name", "host names"],
        ["nom d'hôte", "noms d'hôte"],
    );
    let volumes =
        Words::counted(count(taken.volumes), ["volume", "volumes"], ["volume", "volumes"]);
    words!(
        "It takes {own_cpu} of {cpu} processors, {own_memory} of {memory} of memory, {storage} in \
         {volumes}, {addresses} for {hostnames}.",
        "Elle prend {own_cpu} des {cpu} processeurs, {own_memory} des {memory} de mémoire, \
         {storage} en {volumes}, {addresses} pour {hostnames}.",
        own_cpu = processors(taken.cpu),
        cpu = processors(cluster.cpu()),
        own_memory = bytes(taken.memory),
        memory = bytes(cluster.memory()),
        storage = bytes(taken.storage),
        volumes = volumes,
        addresses = addresses,
        hostnames = hostnames,
    )
}

/// What of the cluster nobody says, with what counts for it; nothing where all is said.
pub fn assumed(platform: &Platform) -> Option<Words> {
    let cluster = Cluster::of(platform);
    let (cpu, memory) = (cluster.cpu(), cluster.memory());
    let fact = |(name, value): (&str, &Value)| match &value.kind {
        _ if name == "nodes" => Some(words!(
            "{nodes} with {cpu} processors and {memory}",
            "{nodes} avec {cpu} processeurs et {memory}",
            nodes = Words::counted(cluster.nodes.len(), ["node", "nodes"], ["nœud", "nœuds"]),
            cpu = processors(cpu),
            memory = bytes(memory),
        )),
        Kind::List(items) if items.is_empty() => None,
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            Some(Words::from(format!("{name} {}", items.join(", "))))
        }
        _ => Some(Words::from(format!("{name} {value}"))),
    };
    let all: Vec<Words> = platform.assumed().filter_map(fact).collect();
    if all.is_empty() {
        return None;
    }
    Some(words!(
        "Assumed of the cluster, for nobody says otherwise under `facts`: {all}",
        "Supposé de la grappe, car rien d'autre n'est dit sous `facts` : {all}",
        all = Words::joined(all, "; "),
    ))
}
