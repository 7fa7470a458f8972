//! What the two programs are asked about a chart: to render it, or one of the other commands and
//! flags that answer without a cluster.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{corpus, shell};

/// A command and its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is called in the table.
    pub name: &'static str,
    verb: &'static [&'static str],
    flags: &'static [&'static str],
    /// The directory that it fills, in the one that it runs in.
    makes: Option<&'static str>,
}

/// The question of all charts.
pub const RENDER: Question = render("`template`", &[]);

/// The same where a schema would refuse, or lies in a network.
pub const UNCHECKED: Question =
    render("`template --skip-schema-validation`", &["--skip-schema-validation"]);

/// Those of `--questions`.
pub const OTHERS: [Question; 15] = [
    UNCHECKED,
    render("`template --debug`", &["--debug"]),
    render(
        "`template --kube-version 1.24 --is-upgrade`",
        &["--kube-version", "1.24", "--is-upgrade"],
    ),
    render(
        "`template --kube-version v1.36.2 --api-versions …`",
        &[
            "--kube-version",
            "v1.36.2",
            "--api-versions",
            "monitoring.coreos.com/v1,policy/v1beta1/PodDisruptionBudget",
            "--api-versions",
            "cert-manager.io/v1/Certificate,networking.k8s.io/v1beta1/Ingress",
            "--api-versions",
            "gateway.networking.k8s.io/v1,security.openshift.io/v1,autoscaling.k8s.io/v1",
        ],
    ),
    render("`template --include-crds --no-hooks`", &["--include-crds", "--no-hooks"]),
    render("`template --skip-tests`", &["--skip-tests"]),
    render(
        "`template --set … --set-string … --set-json …`",
        &[
            "--set",
            "global.a=b,global.list[1].c=1,replicaCount=3",
            "--set-string",
            "image.tag=007",
            "--set-json",
            "global.deep={\"a\":[1,{\"b\":null}]}",
            "--set-literal",
            "nameOverride=a,b",
        ],
    ),
    render(
        "`template --show-only 'templates/[d-s]*.yaml'`",
        &["--show-only", "templates/[d-s]*.yaml"],
    ),
    render(
        "`template --name-template … --release-name`",
        &["--name-template", "r-{{ \"a\" | upper | lower }}"],
    ),
    Question {
        makes: Some("made-tree"),
        ..render(
            "`template --output-dir DIR --include-crds`",
            &["--output-dir", "made-tree", "--include-crds", "--release-name"],
        )
    },
    other("`lint --strict`", &["lint"], &["--strict"]),
    other("`lint --with-subcharts --quiet`", &["lint"], &["--with-subcharts", "--quiet"]),
    other("`dependency list`", &["dependency", "list"], &[]),
    other("`show all`", &["show", "all"], &[]),
    Question {
        makes: Some("made-archive"),
        ..other("`package`", &["package"], &["--destination", "made-archive"])
    },
];

const fn render(name: &'static str, flags: &'static [&'static str]) -> Question {
    Question { name, verb: &["template"], flags, makes: None }
}

const fn other(
    name: &'static str,
    verb: &'static [&'static str],
    flags: &'static [&'static str],
) -> Question {
    Question { name, verb, flags, makes: None }
}

impl Question {
    /// The arguments, about the chart in a directory.
    pub fn arguments<'a>(&'a self, chart: &'a str) -> Vec<&'a str> {
        let mut all = self.verb.to_vec();
        if self.verb == ["template"] && !self.flags.contains(&"--name-template") {
            all.push("rel");
        }
        all.push(chart);
        if self.verb == ["template"] || self.verb == ["lint"] {
            all.extend(["--namespace", "ns1"]);
        }
        all.extend(self.flags);
        all
    }

    /// Takes away what a program made before.
    pub fn clear(&self, home: &Path) {
        if let Some(made) = self.makes {
            let _ = fs::remove_dir_all(home.join(made));
        }
    }

    /// The files that a program made, as one text: names and contents; of archives those of their
    /// entries.
    pub fn made(&self, home: &Path) -> Result<Vec<u8>> {
        let Some(made) = self.makes.map(|name| home.join(name)) else { return Ok(Vec::new()) };
        let mut text = Vec::new();
        for path in shell::files_under(&made)? {
            let mut head = String::new();
            let _ = writeln!(head, "=== {}", path.strip_prefix(&made)?.display());
            text.extend(head.into_bytes());
            if path.extension().is_some_and(|extension| extension == "tgz") {
                // A line break after each entry: they come in any order.
                for how in [&["-tvz", "--full-time"][..], &["-xz", "--to-command=cat; echo"]] {
                    let mut tar: Command = corpus::helm_command(Path::new("tar"), home);
                    text.extend(tar.args(how).arg("-f").arg(&path).output()?.stdout);
                }
            } else {
                text.extend(fs::read(&path)?);
            }
        }
        Ok(text)
    }
}
