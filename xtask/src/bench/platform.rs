//! `bench platform`: the full build of all services of the catalogue, checks included, beside one Helm
//! process per release on the same charts and values. What Helm prints is compared before a figure is
//! printed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::measure::{self, Cost};
use super::{Plan, machine};
use crate::corpus;
use crate::shell::{self, Scratch};

/// The build from a cold process, in milliseconds.
const BUILD: f64 = 150.0;
/// … in at most so much memory, in MiB.
const BUILD_MEMORY: f64 = 60.0;

/// A release that Helm renders.
struct Release {
    name: String,
    namespace: String,
    chart: String,
}

/// Measures, compares, prints.
pub fn run(plan: &Plan) -> Result<()> {
    println!("machine: {}", machine::describe());
    println!("rounds: {}, medians; helm and socle alternate", plan.rounds);
    let scratch = Scratch::new("bench-platform")?;
    let dir = scratch.path();
    fs::write(dir.join("socle.yaml"), configuration()?)?;
    let releases = releases(dir)?;
    let (mut socle, mut helm) = (Vec::new(), Vec::new());
    // The first round warms the disk's cache and is not counted.
    for round in 0..=plan.rounds {
        let of_helm = all_by_helm(plan, dir, &releases)?;
        // Each build is the first one of its directory.
        let install = dir.join("install");
        if install.exists() {
            fs::remove_dir_all(&install)?;
        }
        let mut command = corpus::helm_command(&plan.socle, dir);
        let of_socle = measure::run(command.arg("build"), &dir.join("told"))?;
        if round > 0 {
            helm.push(of_helm);
            socle.push(of_socle);
        }
    }
    let (helm, socle) = (measure::median(&helm), measure::median(&socle));
    let count = releases.len();
    println!("{}", measure::head(&format!("\nall {count} services of the catalogue")));
    println!("{}\n{}", helm.row("helm template, each"), socle.row("socle build"));
    let times = helm.wall.as_secs_f64() / socle.wall.as_secs_f64().max(1e-9);
    let objects = objects(&dir.join("told"))?;
    println!("  {times:.1} times less wall time, for {objects}; each release byte-equal");
    let milliseconds = socle.wall.as_secs_f64() * 1e3;
    let memory = measure::mebibytes(socle.memory);
    if milliseconds > BUILD || memory > BUILD_MEMORY {
        println!(
            "missed: the build in {milliseconds:.1} ms and {memory:.1} MiB; \
             the target is {BUILD} ms and {BUILD_MEMORY} MiB"
        );
        if plan.strict {
            bail!("a target was missed");
        }
    }
    Ok(())
}

/// A platform of everything that the catalogue has.
fn configuration() -> Result<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(shell::root().join("catalogue/services"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(format!("domain: a.example\nservices: [{}]\n", names.join(", ")))
}

/// The values of every release as files, and what they are.
fn releases(dir: &Path) -> Result<Vec<Release>> {
    let words = ["--package", "socle-compose", "--example", "releases"];
    let program = shell::built(&words, "releases")?;
    let mut command = Command::new(program);
    command.arg(shell::root().join("catalogue")).arg(dir.join("socle.yaml")).arg(dir);
    let release = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        Some(Release { name: words.next()?, namespace: words.next()?, chart: words.next()? })
    };
    // Services without a chart have nothing for Helm to render.
    shell::output(&mut command)?
        .lines()
        .filter(|line| !line.ends_with(" nothing"))
        .map(|line| release(line).with_context(|| format!("no release: {line}")))
        .collect()
}

/// One process after the other: their times together, the most memory of one.
fn all_by_helm(plan: &Plan, dir: &Path, releases: &[Release]) -> Result<Cost> {
    let mut all = Cost::default();
    for Release { name, namespace, chart } in releases {
        let output = dir.join(format!("{name}.helm"));
        let mut command = corpus::helm_command(&plan.helm, dir);
        command.args(["template", name, "--include-crds", "--namespace", namespace, "--values"]);
        command.arg(format!("{name}.json")).arg(shell::root().join("catalogue/charts").join(chart));
        let cost = measure::run(&mut command, &output)?;
        all.wall += cost.wall;
        all.processor += cost.processor;
        all.memory = all.memory.max(cost.memory);
        shell::output(Command::new("cmp").arg(&output).arg(dir.join(format!("{name}.yaml"))))
            .with_context(|| format!("what Helm prints for {name} is another text"))?;
    }
    Ok(all)
}

/// What the build says that it has made.
fn objects(told: &Path) -> Result<String> {
    let text = fs::read_to_string(told)?;
    let line = text.lines().find(|line| line.starts_with("objects: "));
    let (objects, _) = line.and_then(|line| line.split_once(',')).context("no count of objects")?;
    Ok(objects.to_owned())
}
