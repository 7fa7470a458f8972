//! What a person reads first.

use std::fmt::Write as _;

use catalog::Platform;
use compose::Desired;

use crate::manifests::stem;
use crate::script::urls;

/// The text of `README`.
pub fn text(platform: &Platform, desired: &Desired) -> String {
    let french = crate::is_french(platform);
    let mut out = String::new();
    let title = if french { "La plateforme" } else { "The platform" };
    let _ = writeln!(out, "{title} {}\n", platform.name);
    out.push_str(if french { FRENCH } else { ENGLISH });
    out.push_str(if french { "\nAdresses\n" } else { "\nAddresses\n" });
    for url in urls(platform) {
        let _ = writeln!(out, "  {url}");
    }
    out.push_str(if french { "\nDans cet ordre\n" } else { "\nIn this order\n" });
    for part in desired.parts.iter().filter(|part| !part.objects.is_empty()) {
        let objects = part.objects.len();
        let word = match (french, objects) {
            (true, 0 | 1) => "objet",
            (true, _) => "objets",
            (false, 1) => "object",
            (false, _) => "objects",
        };
        let _ = writeln!(out, "  {}: {objects} {word}", stem(part));
    }
    out
}

const ENGLISH: &str = include_str!("readme.en.txt");
const FRENCH: &str = include_str!("readme.fr.txt");
