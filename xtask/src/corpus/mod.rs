//! `cargo xtask corpus`: the answers in the corpus come from the real Helm, and this asks it.
//! `crates/helm/corpus/README.md` describes a case.

mod ask;
mod case;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{shell, tools};
pub use ask::{chart_files, helm_command, text_of};
pub use case::{Answer, Case};

/// `cargo xtask corpus record|verify`.
pub fn run(words: &[String]) -> Result<()> {
    let Some((verb, rest)) = words.split_first() else {
        bail!("say `corpus record` or `corpus verify`")
    };
    let options = Options::parse(rest)?;
    match verb.as_str() {
        "record" => record(&options),
        "verify" => verify(&options),
        _ => bail!("say `corpus record` or `corpus verify`, not `corpus {verb}`"),
    }
}

/// Checks about `sample` recorded answers against the real Helm; all when it is `None`.
pub fn verify_sample(sample: Option<usize>) -> Result<()> {
    verify(&Options { sample, ..Options::default() })
}

#[derive(Default)]
struct Options {
    filters: Vec<String>,
    sample: Option<usize>,
    missing: bool,
    /// Another Helm than the pinned one; for `verify` only, since answers are the pinned one's.
    helm: Option<PathBuf>,
}

impl Options {
    fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--missing" => options.missing = true,
                "--sample" => {
                    let count = words.next().context("--sample wants a number")?;
                    options.sample = Some(count.parse().context("--sample wants a number")?);
                }
                "--helm" => {
                    let path = words.next().context("--helm wants a program")?;
                    options.helm = Some(fs::canonicalize(path).with_context(|| path.clone())?);
                }
                flag if flag.starts_with('-') => bail!("no option is called {flag}"),
                filter => options.filters.push(filter.to_owned()),
            }
        }
        Ok(options)
    }

    /// The case files that are meant, relative to the corpus folder.
    fn files(&self, corpus: &Path) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for path in shell::files_under(corpus)? {
            if path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            let name = path.strip_prefix(corpus)?.to_string_lossy().into_owned();
            if self.filters.is_empty() || self.filters.iter().any(|part| name.contains(part)) {
                found.push(PathBuf::from(name));
            }
        }
        if let Some(count) = self.sample {
            let step = found.len().div_ceil(count.max(1)).max(1);
            found = found.into_iter().step_by(step).collect();
        }
        Ok(found)
    }
}

/// Every case with its name, for those who ask somebody else.
pub fn cases(filters: &[String]) -> Result<Vec<(String, Case)>> {
    let options = Options { filters: filters.to_vec(), ..Options::default() };
    let corpus = corpus();
    let load = |file: &PathBuf| Ok((file.display().to_string(), load(&corpus, file)?));
    options.files(&corpus)?.iter().map(load).collect()
}

fn corpus() -> PathBuf {
    shell::root().join("crates/helm/corpus/templates")
}

fn load(corpus: &Path, file: &Path) -> Result<Case> {
    let text = fs::read_to_string(corpus.join(file))?;
    let case = Case::parse(&text).with_context(|| file.display().to_string())?;
    case.with_shared_values(corpus, file)
}

fn record(options: &Options) -> Result<()> {
    if options.helm.is_some() {
        bail!("answers are recorded from the pinned Helm only");
    }
    let helm = tools::path("helm")?;
    let corpus = corpus();
    let files = options.files(&corpus)?;
    let done = shell::in_parallel(&files, |file| -> Result<bool> {
        let mut case = load(&corpus, file)?;
        if options.missing && case.has_answer() {
            return Ok(false);
        }
        let answer = ask::helm(&helm, &case).with_context(|| file.display().to_string())?;
        let before = fs::read_to_string(corpus.join(file))?;
        case.set_answer(answer);
        let after = case.print();
        if before != after {
            fs::write(corpus.join(file), &after)?;
        }
        Ok(before != after)
    });
    let mut changed = 0;
    let mut failed = 0;
    for (file, outcome) in files.iter().zip(done) {
        match outcome {
            Ok(true) => {
                println!("recorded {}", file.display());
                changed += 1;
            }
            Ok(false) => {}
            Err(error) => {
                println!("FAILED   {error:#}");
                failed += 1;
            }
        }
    }
    println!("{} cases, {changed} answers written, {failed} failures", files.len());
    if failed > 0 {
        bail!("{failed} cases could not be recorded");
    }
    Ok(())
}

fn verify(options: &Options) -> Result<()> {
    let helm = options.helm.clone().map_or_else(|| tools::path("helm"), Ok)?;
    let corpus = corpus();
    let files = options.files(&corpus)?;
    let done = shell::in_parallel(&files, |file| -> Result<()> {
        let case = load(&corpus, file)?;
        let name = file.display();
        let answer = ask::helm(&helm, &case).with_context(|| name.to_string())?;
        match case.answer() {
            None => bail!("{name} has no answer: run `cargo xtask corpus record {name}`"),
            Some(recorded) if !recorded.agrees_with(&answer) => {
                bail!("{name} says\n{recorded:#?}\nbut Helm says\n{answer:#?}")
            }
            Some(_) => Ok(()),
        }
    });
    let wrong: Vec<String> =
        done.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    for one in &wrong {
        println!("{one}");
    }
    println!("{} recorded answers checked against the real Helm", files.len());
    if !wrong.is_empty() {
        bail!("{} of them differ", wrong.len());
    }
    Ok(())
}
