//! `cargo xtask parity DIR…`: renders every chart found in checkouts of chart repositories with
//! the real Helm and with ours, and says where they differ. It fetches nothing: which
//! repositories, and how they got there, is the user's choice.

mod charts;
mod compare;
mod each;
mod instances;
mod prepare;
mod question;
mod render;
mod report;
mod toggle;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::oracle::Oracle;
use crate::{bench, shell, tools};
use charts::Chart;
use compare::Verdict;
use prepare::Locks;
use question::Question;
use render::Renderer;

/// How often Helm is asked again for another answer: a map of two keys comes in the other order once
/// in eight times.
const TRIES: usize = 24;

struct Options {
    dirs: Vec<PathBuf>,
    /// Checkouts whose charts serve as dependencies, but are not tried.
    others: Vec<PathBuf>,
    socle: Option<PathBuf>,
    helm: Option<PathBuf>,
    out: PathBuf,
    filter: Option<String>,
    write: bool,
    /// About how many charts to try; all of them without a number.
    sample: Option<usize>,
    what: What,
    /// What `--each` tries with every chart.
    plan: each::Plan,
}

/// What is asked about each chart.
enum What {
    /// To render it with its defaults and with the values files of its own checks.
    Render,
    /// To render it with values files made of its defaults, so many of them mixed ones.
    Toggle(u64),
    /// The other commands and flags.
    Questions,
    /// Whether `--each` renders instances as ours renders them one by one.
    Each,
}

/// One rendering to compare: a prepared chart with one values file, or none.
#[derive(Clone)]
pub struct Job {
    repository: String,
    chart: String,
    /// What is asked.
    question: Question,
    /// The directory that holds the chart's directory.
    home: PathBuf,
    /// The chart's directory in it.
    dir: String,
    /// A values file, from the chart's directory.
    values: Option<String>,
    /// A values file that was made, by its name: beside the chart, not in it.
    toggled: Option<String>,
    /// Whether schemas are left aside, because one of them lies in a network that cannot be reached.
    skips_schemas: bool,
}

impl What {
    fn locks(&self) -> Locks {
        match self {
            Self::Render | Self::Toggle(_) | Self::Each => Locks::LeftOut,
            Self::Questions => Locks::Kept,
        }
    }

    /// The name of its table in the document.
    fn table(&self) -> &'static str {
        match self {
            Self::Each => "no table",
            Self::Render => "parity table",
            Self::Toggle(_) => "parity toggled",
            Self::Questions => "parity questions",
        }
    }
}

impl Job {
    /// The job's name: repository, chart and values file or question.
    pub fn name(&self) -> String {
        let values = self.values.as_deref().or(self.toggled.as_deref());
        let asked = if self.question == question::RENDER { "defaults" } else { self.question.name };
        format!("{}\t{}\t{}", self.repository, self.chart, values.unwrap_or(asked))
    }

    /// The row of the table that it counts in.
    fn row(&self) -> &str {
        match &self.toggled {
            Some(name) => name.split(' ').next().unwrap_or(name),
            None if self.question != question::RENDER => self.question.name,
            None => &self.repository,
        }
    }

    /// The values file that was made, where it lies.
    pub fn toggled_file(&self) -> Option<PathBuf> {
        let name = self.toggled.as_ref()?;
        Some(self.home.join(format!("values-{}.json", name.replace(' ', "-"))))
    }
}

/// `cargo xtask parity DIR…`.
pub fn run(words: &[String]) -> Result<()> {
    let options = parse(words)?;
    let socle = options.socle.clone().map_or_else(bench::release_build, Ok)?;
    let mut oracle = Oracle::new()?;
    let mut found = charts::find(&options.dirs, &mut oracle)?;
    println!("{} charts found", found.len());
    let others = charts::find(&options.others, &mut oracle)?;
    found.extend(others.into_iter().map(|chart| Chart { nested: true, ..chart }));
    let work = options.out.join("charts");
    for old in [&work, &options.out.join("cases")] {
        let _ = fs::remove_dir_all(old);
    }
    let mut tally = report::Tally::default();
    let jobs = jobs(&found, &options, &work, &mut tally, &mut oracle)?;
    let oracle = Mutex::new(oracle);
    if matches!(options.what, What::Each) {
        return each::run(&socle, &jobs, &options.plan, &oracle, &options.out);
    }
    println!("{} renderings to compare", jobs.len());
    let renderer = Renderer {
        helm: options.helm.clone().map_or_else(|| tools::path("helm"), Ok)?,
        socle,
        cache: shell::cache()?.join("parity"),
    };
    let done = shell::in_parallel(&jobs, |job| judge(&renderer, job, &oracle, &options.out));
    let mut table = String::from("repository\tchart\tvalues\tverdict\tcase\n");
    for (job, verdict) in jobs.iter().zip(done) {
        let (verdict, kept) = verdict.with_context(|| job.name())?;
        tally.count(job.row(), verdict);
        if verdict.is_bad() {
            println!("{}: {}", verdict.words(), job.name().replace('\t', " "));
        }
        let _ = writeln!(table, "{}\t{}\t{kept}", job.name(), verdict.words());
    }
    shell::write(&options.out.join("cases.tsv"), table)?;
    let text = tally.table();
    println!("\n{text}\nall cases: {}", options.out.join("cases.tsv").display());
    if options.write {
        report::write(&text, options.what.table())?;
    }
    Ok(())
}

fn parse(words: &[String]) -> Result<Options> {
    let mut options = Options {
        dirs: Vec::new(),
        others: Vec::new(),
        socle: None,
        helm: None,
        out: shell::cache()?.join("parity-cases"),
        filter: None,
        write: false,
        sample: None,
        what: What::Render,
        plan: each::Plan { instances: 5, seed: 1 },
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut next = || words.next().with_context(|| format!("{word} wants a value"));
        match word.as_str() {
            "--socle" => options.socle = Some(existing(next()?)?),
            "--helm" => options.helm = Some(existing(next()?)?),
            "--out" => options.out = next()?.into(),
            "--only" => options.filter = Some(next()?.clone()),
            "--with" => options.others.push(existing(next()?)?),
            "--write" => options.write = true,
            "--sample" => options.sample = Some(next()?.parse().context("--sample")?),
            "--toggle" => options.what = What::Toggle(next()?.parse().context("--toggle")?),
            "--questions" => options.what = What::Questions,
            "--each" => options.what = What::Each,
            "--instances" => options.plan.instances = next()?.parse().context("--instances")?,
            "--seed" => options.plan.seed = next()?.parse().context("--seed")?,
            flag if flag.starts_with('-') => bail!("no option is called {flag}"),
            dir => options.dirs.push(existing(dir)?),
        }
    }
    if options.dirs.is_empty() {
        bail!("name the directories of one or more chart repositories");
    }
    Ok(options)
}

fn existing(path: &str) -> Result<PathBuf> {
    fs::canonicalize(path).with_context(|| path.to_owned())
}

/// Prepares every chart and lists what there is to render.
fn jobs(
    found: &[Chart],
    options: &Options,
    work: &Path,
    tally: &mut report::Tally,
    oracle: &mut Oracle,
) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let by_name = prepare::index(found);
    let by_repository = matches!(options.what, What::Render);
    for (number, chart) in chosen(found, options) {
        let row = if by_repository { &chart.repository } else { "all charts" };
        tally.chart(row);
        let home = work.join(&chart.repository).join(number.to_string());
        let dir = chart.name.clone();
        if let Err(missing) =
            prepare::prepare(chart, &home.join(&dir), &by_name, options.what.locks())
        {
            println!("not tried: {}: {missing:#}", chart.label());
            tally.not_tried(row);
            let _ = fs::remove_dir_all(&home);
            continue;
        }
        let job = Job {
            repository: chart.repository.clone(),
            chart: chart.relative.clone(),
            question: question::RENDER,
            home,
            dir,
            values: None,
            toggled: None,
            skips_schemas: false,
        };
        jobs.extend(asked(job, chart, &options.what, oracle)?);
    }
    Ok(jobs)
}

/// The charts to try, by their numbers.
fn chosen<'a>(found: &'a [Chart], options: &Options) -> Vec<(usize, &'a Chart)> {
    let wanted = |chart: &Chart| {
        !chart.nested
            && !chart.is_library
            && options.filter.as_ref().is_none_or(|part| chart.label().contains(part))
    };
    let all: Vec<_> = found.iter().enumerate().filter(|(_, chart)| wanted(chart)).collect();
    let step = options.sample.map_or(1, |sample| all.len().div_ceil(sample.max(1))).max(1);
    all.into_iter().step_by(step).collect()
}

/// All that is asked about a chart, of which `job` asks for the defaults.
fn asked(job: Job, chart: &Chart, what: &What, oracle: &mut Oracle) -> Result<Vec<Job>> {
    Ok(match what {
        What::Render => {
            let of_checks = ci_values(&chart.dir)?.into_iter().map(Some);
            let values = std::iter::once(None).chain(of_checks);
            values.map(|values| Job { values, ..job.clone() }).collect()
        }
        What::Toggle(mixed) => {
            let defaults = toggle::defaults(&job.home.join(&job.dir), oracle)?;
            let mut jobs = Vec::new();
            for (name, values) in toggle::files(&defaults, *mixed) {
                // A schema refuses many of these values; half of the mixed files go past it.
                let number = name.strip_prefix(toggle::MIXED).and_then(|n| n.parse().ok());
                let is_past = number.is_some_and(|number: u64| number.is_multiple_of(2));
                let question = if is_past { question::UNCHECKED } else { question::RENDER };
                let job = Job { toggled: Some(name), question, ..job.clone() };
                if let Some(file) = job.toggled_file() {
                    shell::write(&file, values.to_string())?;
                    jobs.push(job);
                }
            }
            jobs
        }
        What::Each => vec![job],
        What::Questions => {
            question::OTHERS.map(|question| Job { question, ..job.clone() }).to_vec()
        }
    })
}

/// The values files that the chart's own checks use.
fn ci_values(chart: &Path) -> Result<Vec<String>> {
    let names = shell::files_under(&chart.join("ci"))?.into_iter().filter_map(|path| {
        let name = path.strip_prefix(chart).ok()?.to_string_lossy().into_owned();
        (name.ends_with("values.yaml") || name.ends_with("values.yml")).then_some(name)
    });
    Ok(names.collect())
}

/// Renders with both, compares, and keeps what differs for study.
fn judge(
    renderer: &Renderer,
    job: &Job,
    oracle: &Mutex<Oracle>,
    out: &Path,
) -> Result<(Verdict, String)> {
    let mut helm = renderer.helm(job)?;
    let without_schemas = Job { skips_schemas: true, ..job.clone() };
    let job = if job.question == question::RENDER && helm.first.lacks_network() {
        helm = renderer.helm(&without_schemas)?;
        &without_schemas
    } else {
        job
    };
    let socle = renderer.socle(job)?;
    let mut verdict = compare::compare(&helm, &socle, oracle)?;
    if verdict.may_be_chance() {
        // The order of the objects is no chance where they are the same ones.
        let tries = if verdict == Verdict::SameObjects { 1 } else { TRIES };
        helm = renderer.helm_now(job, helm, tries)?;
        verdict = compare::compare(&helm, &socle, oracle)?;
    }
    if !verdict.is_bad() {
        return Ok((verdict, String::new()));
    }
    let name = job.name().replace(['/', '\t', ' '], "_");
    let dir = out.join("cases").join(&name);
    let files = BTreeMap::from([
        ("helm.out", &helm.first.stdout),
        ("helm.err", &helm.first.stderr),
        ("socle.out", &socle.stdout),
        ("socle.err", &socle.stderr),
    ]);
    for (file, content) in files {
        shell::write(&dir.join(file), content)?;
    }
    shell::write(&dir.join("where"), format!("{}\n", job.home.join(&job.dir).display()))?;
    Ok((verdict, name))
}
