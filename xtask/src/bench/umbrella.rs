//! Generates the chart that the benchmark renders: an umbrella of 57 services on one library
//! chart, out of the parts in `xtask/bench/`; and one values file for each of 415 instances. The
//! same bytes on every machine.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::shell;

/// The kinds of service, and how many of each: 57 in all.
const KINDS: [(&str, usize); 4] =
    [("frontend", 17), ("backend", 22), ("connector", 10), ("database", 8)];

/// How many instances there are of the umbrella.
pub const INSTANCES: usize = 415;

/// What all services read.
const GLOBAL: &str = "\
global:
  platform: workplace
  domain: example.org
  clusterDomain: cluster.local
  imageRegistry: mirror.example
  imagePullSecrets:
    - mirror
    - name: \"pull-{{ .Release.Name }}\"
  ingressClass: nginx
  storageClass: fast
  issuer: letsencrypt
  tls: true
  smtp:
    host: smtp.example.org
    port: 587
  env:
    HTTP_PROXY: http://proxy.{{ .Values.global.domain }}:3128
    NO_PROXY: .{{ .Values.global.clusterDomain }},10.0.0.0/8
    PLATFORM: '{{ .Values.global.platform }}'
";

/// Writes the umbrella chart into `dir`.
pub fn chart(dir: &Path) -> Result<()> {
    let parts = shell::root().join("xtask/bench");
    copy(&parts.join("library"), &dir.join("charts/foundation"), &[])?;
    let mut chart = "apiVersion: v2\nname: workplace\nversion: 24.1.3\nappVersion: 24.1.3\n\
                     description: The whole platform.\ndependencies:\n"
        .to_owned();
    let mut values = GLOBAL.to_owned();
    let depend = |chart: &mut String, name: &str, version: &str| {
        let _ = write!(chart, "  - name: {name}\n    version: {version}\n");
        if name != "foundation" {
            let _ = writeln!(chart, "    condition: {name}.enabled");
        }
    };
    depend(&mut chart, "foundation", "3.2.1");
    let mut number = 0;
    for (kind, count) in KINDS {
        for nth in 1..=count {
            number += 1;
            let name = format!("{kind}-{nth}");
            let words = [("@NAME@", name.as_str()), ("@NUMBER@", &nth.to_string())];
            let service = dir.join("charts").join(&name);
            copy(&parts.join(kind), &service, &words)?;
            let own = format!(
                "apiVersion: v2\nname: {name}\nversion: 1.{number}.0\nappVersion: 24.1.{nth}\n\
                 description: A {kind} of the platform.\n"
            );
            shell::write(&service.join("Chart.yaml"), own)?;
            depend(&mut chart, &name, &format!("1.{number}.0"));
            let _ = write!(values, "{name}:\n  enabled: true\n  replicas: {}\n", 1 + number % 4);
            if number % 5 == 0 {
                let _ = write!(values, "  podAnnotations:\n    platform.example/wave: \"{nth}\"\n");
            }
        }
    }
    shell::write(&dir.join("Chart.yaml"), chart)?;
    shell::write(&dir.join("values.yaml"), values)
}

/// Writes the values files of all instances into `dir`, and returns their names in order.
pub fn instances(dir: &Path, count: usize) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for number in 0..count {
        let name = format!("city-{number:03}");
        let mut values = format!(
            "global:\n  domain: {name}.example.org\n  platform: {name}\n  tls: {}\n  smtp:\n    \
             host: mail.{name}.example.org\n    port: {}\n",
            number % 9 != 0,
            if number % 4 == 0 { 25 } else { 587 },
        );
        for service in 0..6 {
            let backend = 1 + (number + service * 3) % 22;
            let _ = write!(
                values,
                "backend-{backend}:\n  replicas: {}\n  settings:\n    poolSize: {}\n  env:\n    \
                 REGION: region-{}\n",
                1 + (number + service) % 5,
                10 + number % 40,
                number % 7,
            );
        }
        let _ = write!(values, "frontend-{}:\n  image:\n    tag: 2.5.0\n", 1 + number % 17);
        if number % 10 == 3 {
            values.push_str("connector-4:\n  enabled: false\n");
        }
        shell::write(&dir.join(format!("{name}.yaml")), values)?;
        names.push(name);
    }
    Ok(names)
}

/// Copies a directory, with words replaced in each file.
fn copy(from: &Path, to: &Path, words: &[(&str, &str)]) -> Result<()> {
    for path in shell::files_under(from)? {
        let mut text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for (word, replacement) in words {
            text = text.replace(word, replacement);
        }
        shell::write(&to.join(path.strip_prefix(from)?), text)?;
    }
    Ok(())
}
