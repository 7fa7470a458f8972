//! The task runner of the repository: `cargo xtask`. It knows nothing of the product; where it
//! needs to know what is right, it asks the real Helm.
#![expect(clippy::print_stdout, reason = "a task runner speaks to the person who started it")]

mod bed;
mod bench;
mod ci;
mod corpus;
mod dist;
mod expressions;
mod fuzz;
mod oracle;
mod parity;
mod picture;
mod shell;
mod tidy;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// What `cargo xtask` prints when it does not understand.
const USAGE: &str = "\
usage: cargo xtask TASK

  ci                            everything that must hold; ends with the tests
  tidy                          what a program can check of the house style
  picture [SOCLE]               draw the README's picture from the program's own output
  tools [NAME…]                 install the real tools that tests need (all, without NAME)
        --where NAME…           only say where they are
  bed                           a real control plane with simulated nodes, to play with
  dist                          a static binary, a wheel, a Debian package, and their digests
        [--try]                 … each tried in a root where nothing else is
        [--again]               … built once more, to see that the bytes are the same
  corpus record [FILTER…]       ask the real Helm for the answers of the corpus cases
  corpus record --missing       … only of the cases that have no answer yet
  corpus verify [FILTER…]       check the recorded answers against the real Helm
         [--sample N]           … of about N cases, spread evenly
         [--helm PROGRAM]       … against another Helm than the pinned one
  expressions record|verify     the same for the corpus of expressions, by Google's CEL
  parity DIR…                   render every chart of the given checkouts with Helm and with ours
        [--write] [--only PART] [--out DIR] [--socle PROGRAM] [--helm PROGRAM]
        [--with DIR] [--sample N]
        [--toggle N]            … with switches thrown and values filled, N mixed files a chart
        [--questions]           … with other flags, and lint, show and package
  parity --each DIR…            instances in one process against each by itself; asks no Helm
        [--instances N] [--seed N], and what `parity` takes besides
  fuzz yaml|toml|parse|exec|archive  mutated inputs, to Helm's library and to ours
        [--seconds N] [--seed N] [--out DIR]
  oracle check [FILTER…]        hold Helm's library against the recorded answers of its binary
  bench chart                   speed and memory beside the real Helm
        [--rounds N] [--sample N | --full] [--strict] [--socle PROGRAM] [--helm PROGRAM]
  bench platform                the build of all services beside Helm on the same charts
  bench index                   one chart of a repository with a large index
  bench generate DIR            the charts of the benchmark, to look at
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<()> {
    let Some((task, rest)) = words.split_first() else { bail!("no task given\n\n{USAGE}") };
    match task.as_str() {
        "ci" => ci::run(),
        "bed" => bed::run(rest),
        "dist" => dist::run(rest),
        "bench" => bench::run(rest),
        "oracle" => oracle::run(rest),
        "parity" => parity::run(rest),
        "fuzz" => fuzz::run(rest),
        "tidy" => tidy::run(),
        "tools" => tools::run(rest),
        "corpus" => corpus::run(rest),
        "expressions" => expressions::run(rest),
        "picture" => picture::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no task is called `{task}`\n\n{USAGE}"),
    }
}
