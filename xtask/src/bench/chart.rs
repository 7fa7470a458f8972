//! The three measurements of `bench chart`: the umbrella once, all its instances, a small chart.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::measure::{self, Cost};
use super::{Plan, machine, umbrella};
use crate::corpus;
use crate::shell::{self, Scratch};

/// The umbrella, once, from a cold process: at least so many times less wall time than Helm.
const ONCE: f64 = 20.0;
/// All instances in one process, beside as many Helm runs.
const EACH: f64 = 100.0;
/// … in at most so much memory, in MiB.
const EACH_MEMORY: f64 = 512.0;
/// A small chart, in milliseconds.
const SMALL: f64 = 8.0;
/// … in at most so much memory, in MiB.
const SMALL_MEMORY: f64 = 15.0;

/// The bench's directory and what is in it.
struct Ground {
    scratch: Scratch,
    names: Vec<String>,
}

/// Measures, compares, prints.
pub fn run(plan: &Plan) -> Result<()> {
    println!("machine: {}", machine::describe());
    println!("rounds: {}, medians; helm and socle alternate", plan.rounds);
    let scratch = Scratch::new("bench")?;
    umbrella::chart(&scratch.path().join("workplace"))?;
    let names = umbrella::instances(&scratch.path().join("instances"), plan.instances)?;
    let ground = Ground { scratch, names };
    let mut missed = Vec::new();
    small(plan, &ground, &mut missed)?;
    let helm = once(plan, &ground, &mut missed)?;
    each(plan, &ground, helm, &mut missed)?;
    for miss in &missed {
        println!("missed: {miss}");
    }
    if plan.strict && !missed.is_empty() {
        bail!("{} targets missed", missed.len());
    }
    Ok(())
}

/// A chart of a few objects: what starting costs.
fn small(plan: &Plan, ground: &Ground, missed: &mut Vec<String>) -> Result<()> {
    let chart = shell::root().join("examples/webapp");
    let words = [Path::new("web"), &chart];
    let (helm, socle) = alternate(plan, ground, &words)?;
    println!("{}", measure::head("\na small chart (examples/webapp)"));
    println!("{}\n{}", helm.row("helm template"), socle.row("socle chart template"));
    let milliseconds = socle.wall.as_secs_f64() * 1e3;
    let memory = measure::mebibytes(socle.memory);
    if milliseconds > SMALL || memory > SMALL_MEMORY {
        missed.push(format!(
            "small chart in {milliseconds:.1} ms and {memory:.1} MiB; \
             the target is {SMALL} ms and {SMALL_MEMORY} MiB"
        ));
    }
    Ok(())
}

/// The umbrella once; returns what Helm took.
fn once(plan: &Plan, ground: &Ground, missed: &mut Vec<String>) -> Result<Cost> {
    let chart = ground.scratch.path().join("workplace");
    let words = [Path::new("city"), &chart];
    let (helm, socle) = alternate(plan, ground, &words)?;
    println!("{}", measure::head("\nthe umbrella of 57 services, 226 objects, once"));
    println!("{}\n{}", helm.row("helm template"), socle.row("socle chart template"));
    let times = ratio(helm.wall, socle.wall);
    println!("  {times:.1} times less wall time, byte-equal");
    if times < ONCE {
        missed.push(format!("the umbrella {times:.1} times faster; the target is {ONCE}"));
    }
    Ok(helm)
}

/// All instances in one process, beside a sample of Helm runs, extrapolated.
fn each(plan: &Plan, ground: &Ground, once: Cost, missed: &mut Vec<String>) -> Result<()> {
    let dir = ground.scratch.path();
    let output = dir.join("each");
    let step = ground.names.len() / plan.sample;
    let sample: Vec<&String> = ground.names.iter().step_by(step.max(1)).take(plan.sample).collect();
    let (mut socle, mut helm) = (Vec::new(), Vec::new());
    let mut outputs = BTreeSet::new();
    // In turn: all instances by ours, one of the sample by Helm.
    for name in sample.iter().cycle().take(plan.rounds) {
        let mut command = command(&plan.socle, dir);
        command.args(["chart", "template", "workplace", "--each", "instances"]);
        socle.push(measure::run(&mut command, &output)?);
        let output = dir.join(format!("{name}.helm"));
        let values = format!("instances/{name}.yaml");
        let mut command = corpus::helm_command(&plan.helm, dir);
        command.args(["template", name, "workplace", "--namespace", name, "--values", &values]);
        helm.push(measure::run(&mut command, &output)?);
        outputs.insert(output);
    }
    contains_all(&output, &outputs)?;
    let socle = measure::median(&socle);
    let typical = measure::median(&helm).wall;
    let total = typical * u32::try_from(ground.names.len())?;
    let instances = ground.names.len();
    println!("{}", measure::head(&format!("\n{instances} instances of it")));
    println!("{}", socle.row("socle … --each"));
    println!(
        "  helm, {} of {instances} runs measured: {:.2} s each (the plain one: {:.2} s), so {:.0} s \
         for all",
        helm.len(),
        typical.as_secs_f64(),
        once.wall.as_secs_f64(),
        total.as_secs_f64()
    );
    let times = ratio(total, socle.wall);
    println!("  {times:.0} times less wall time; the {} compared are byte-equal", outputs.len());
    let memory = measure::mebibytes(socle.memory);
    if times < EACH || memory > EACH_MEMORY {
        missed.push(format!(
            "instances {times:.0} times faster in {memory:.0} MiB; \
             the target is {EACH} and {EACH_MEMORY} MiB"
        ));
    }
    Ok(())
}

/// Runs both programs in turn on the same words and compares their output.
fn alternate(plan: &Plan, ground: &Ground, words: &[&Path]) -> Result<(Cost, Cost)> {
    let dir = ground.scratch.path();
    let (helm_output, socle_output) = (dir.join("once.helm"), dir.join("once.socle"));
    let (mut helm, mut socle) = (Vec::new(), Vec::new());
    // The first round warms the disk's cache and is not counted.
    for round in 0..=plan.rounds {
        let mut command = corpus::helm_command(&plan.helm, dir);
        let helm_cost = measure::run(command.arg("template").args(words), &helm_output)?;
        let mut command = self::command(&plan.socle, dir);
        let socle_cost =
            measure::run(command.args(["chart", "template"]).args(words), &socle_output)?;
        if round > 0 {
            helm.push(helm_cost);
            socle.push(socle_cost);
        }
    }
    shell::output(Command::new("cmp").arg(&helm_output).arg(&socle_output))
        .context("the output is not Helm's")?;
    Ok((measure::median(&helm), measure::median(&socle)))
}

fn command(program: &Path, dir: &Path) -> Command {
    corpus::helm_command(program, dir)
}

/// Whether each file's content stands whole in the one.
fn contains_all(whole: &Path, parts: &BTreeSet<PathBuf>) -> Result<()> {
    let whole = fs::read_to_string(whole)?;
    for part in parts {
        let text = fs::read_to_string(part)?;
        if !whole.contains(text.trim_end()) {
            bail!("what Helm printed for {} is not in the output of --each", part.display());
        }
    }
    Ok(())
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(1e-9)
}
