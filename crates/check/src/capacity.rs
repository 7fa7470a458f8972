//! What the platform takes of its cluster, and whether that is there.

use compose::{Cluster, Shortage, bytes, capacity, processors};
use diagnostic::{Diagnostic, Severity, Words, words};

use crate::{Finding, Input};

/// What is said of the cluster is held against; what is only assumed of it is worth a warning.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let cluster = Cluster::of(input.platform);
    let is_assumed = |fact: &str| input.platform.assumed().any(|(name, _)| name == fact);
    let finding = |shortage: &Shortage| {
        let fact = match shortage {
            Shortage::LoadBalancer(_) => "loadBalancer",
            _ => "nodes",
        };
        // A Gateway may be reached by other means.
        let is_certain = fact == "nodes" && !is_assumed(fact);
        Finding {
            part: None,
            object: None,
            field: None,
            diagnostic: Diagnostic {
                severity: if is_certain { Severity::Error } else { Severity::Warning },
                code: "check.capacity",
                title: told(shortage),
                remedies: vec![remedy(shortage)],
                ..Diagnostic::default()
            },
        }
    };
    capacity(input.desired, &cluster).shortages(&cluster).iter().map(finding).collect()
}

fn remedy(shortage: &Shortage) -> Words {
    match shortage {
        Shortage::Cpu(..) | Shortage::Memory(..) => words!(
            "take a smaller profile or fewer services, or give the cluster more nodes",
            "prendre un plus petit profil ou moins de services, ou donner plus de nœuds à la grappe"
        ),
        Shortage::Node(_) => words!(
            "take larger nodes, or have it ask for less",
            "prendre de plus grands nœuds, ou lui faire demander moins"
        ),
        Shortage::LoadBalancer(_) => words!(
            "install a load balancer such as MetalLB; where one is there, say `loadBalancer: true` \
             under `facts`",
            "installer un répartiteur de charge comme MetalLB ; s'il y en a un, écrire \
             `loadBalancer: true` sous `facts`"
        ),
    }
}

fn told(shortage: &Shortage) -> Words {
    match shortage {
        Shortage::Cpu(wanted, there) => words!(
            "the platform asks for {wanted} processors, and the nodes have {there}",
            "la plateforme demande {wanted} processeurs, et les nœuds en ont {there}",
            wanted = processors(*wanted),
            there = processors(*there),
        ),
        Shortage::Memory(wanted, there) => words!(
            "the platform asks for {wanted} of memory, and the nodes have {there}",
            "la plateforme demande {wanted} de mémoire, et les nœuds en ont {there}",
            wanted = bytes(*wanted),
            there = bytes(*there),
        ),
        Shortage::Node(large) => words!(
            "no node is large enough for {object}: a pod of it asks for {cpu} processors and \
             {memory}",
            "aucun nœud n'est assez grand pour {object} : un de ses pods demande {cpu} \
             processeurs et {memory}",
            object = large.object,
            cpu = processors(large.cpu),
            memory = bytes(large.memory),
        ),
        Shortage::LoadBalancer(wanted) => {
            let wanted = usize::try_from(*wanted).unwrap_or(usize::MAX);
            words!(
                "the platform wants {addresses}, and nothing in the cluster gives any",
                "la plateforme demande {addresses}, et rien dans la grappe n'en donne",
                addresses =
                    Words::counted(wanted, ["address", "addresses"], ["adresse", "adresses"]),
            )
        }
    }
}
