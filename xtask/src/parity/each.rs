//! `cargo xtask parity --each DIR…`: holds the instances that `--each` renders in one process, on
//! one thread and on two, into a stream and into files, against each of them rendered by itself by
//! the same program. Helm is not asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result};

use super::instances::Instance;
use super::{Job, compare, toggle};
use crate::oracle::Oracle;
use crate::{corpus, shell};

/// How many seconds one run of the program may take.
const SECONDS: &str = "120";

/// So often are fewer values changed when the chart refuses an instance.
const ATTEMPTS: u32 = 3;

/// So often is an instance with chance in it rendered again: a number of few may be the same twice.
const TRIES: usize = 8;

/// Where the values files of the instances are, in a chart's home.
const VALUES: &str = "instances";

/// What is said of the chart itself: of each single instance, but once of all.
const OF_CHART: &str = "level=WARN msg=\"this chart is deprecated\"\n";

/// Where the program writes, in a chart's home.
const MADE: &str = "made";

/// What is made of each chart.
pub struct Plan {
    /// How many instances.
    pub instances: usize,
    /// What their values are made of.
    pub seed: u64,
}

/// What a run of the program left.
#[derive(PartialEq, Eq)]
struct Run {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// An instance rendered by itself.
struct Single {
    name: String,
    run: Run,
    /// What it printed the second time, where that is something else.
    other: Option<Run>,
    /// The lines that tell of files, and the files.
    told: Vec<u8>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// What was found: how many instances of each verdict, and the differences.
#[derive(Default)]
struct Found {
    counts: BTreeMap<&'static str, usize>,
    differences: Vec<String>,
}

/// Tries all charts; an error when an instance differs.
pub fn run(
    socle: &Path,
    jobs: &[Job],
    plan: &Plan,
    oracle: &Mutex<Oracle>,
    out: &Path,
) -> Result<()> {
    let mut all = Found::default();
    let found = shell::in_parallel(jobs, |job| {
        let home = Home { socle, job, cases: out.join("cases") };
        let found = home.judge(plan, oracle);
        for difference in found.iter().flat_map(|found| &found.differences) {
            println!("differs: {difference}");
        }
        found
    });
    for (job, found) in jobs.iter().zip(found) {
        let found = found.with_context(|| job.name())?;
        for (verdict, count) in found.counts {
            *all.counts.entry(verdict).or_default() += count;
        }
        all.differences.extend(found.differences);
    }
    println!("\n{} charts, {} instances of each:", jobs.len(), plan.instances);
    for (verdict, count) in &all.counts {
        println!("{count:8} {verdict}");
    }
    let differences = all.differences.len();
    println!("{differences:8} differences");
    anyhow::ensure!(differences == 0, "both outputs of each difference: {}", out.display());
    Ok(())
}

/// A chart where it was prepared.
struct Home<'a> {
    socle: &'a Path,
    job: &'a Job,
    cases: PathBuf,
}

impl Home<'_> {
    fn judge(&self, plan: &Plan, oracle: &Mutex<Oracle>) -> Result<Found> {
        let chart = self.job.home.join(&self.job.dir);
        let defaults = match oracle.lock() {
            Ok(mut oracle) => toggle::defaults(&chart, &mut oracle)?,
            Err(_) => anyhow::bail!("the oracle is lost"),
        };
        let mut found = Found::default();
        let mut singles = Vec::new();
        for number in 0..plan.instances {
            let Some(single) = self.single(Instance::new(number, plan.seed), &defaults)? else {
                found.counts.insert("not judged, because one took too long", plan.instances);
                return Ok(found);
            };
            *found.counts.entry(single.verdict()).or_default() += 1;
            singles.push(single);
        }
        for threads in ["1", "2"] {
            let run = self.run(&["--each", VALUES, "--threads", threads])?;
            let wrong = wrong_stream(&singles, &run);
            self.keep(&format!("{threads} threads"), wrong, &run, &mut found)?;
        }
        let run = self.run(&["--each", VALUES, "--threads", "2", "--output-dir", MADE])?;
        let mut wrong = wrong_ending(&singles, &run);
        let files = self.take_files()?;
        for single in &singles {
            wrong.extend(single.wrong_files(&files));
        }
        let told: Vec<u8> = singles.iter().flat_map(|single| single.told.clone()).collect();
        if told != lines_of_files(&run.stdout) {
            wrong.push("the list of files".to_owned());
        }
        self.keep("files", wrong, &run, &mut found)?;
        Ok(found)
    }

    /// An instance by itself; none where it takes too long.
    fn single(&self, instance: Instance, defaults: &serde_json::Value) -> Result<Option<Single>> {
        let name = instance.name();
        let file = format!("{VALUES}/{name}.yaml");
        let arguments = [&name, "--namespace", &name, "--values", &file];
        let mut run;
        let mut attempt = 0;
        loop {
            let values = instance.file(defaults, attempt);
            shell::write(&self.job.home.join(&file), values)?;
            run = self.run(&arguments)?;
            attempt += 1;
            if run.code == Some(0) || attempt == ATTEMPTS || !instance.may_retreat() {
                break;
            }
        }
        if run.took_too_long() {
            return Ok(None);
        }
        let mut other = Some(self.run(&arguments)?).filter(|other| *other != run);
        for _ in 0..TRIES {
            if let Some(other) = &mut other {
                other.stdout =
                    most_otherwise(&run.stdout, &other.stdout, &self.run(&arguments)?.stdout);
            }
        }
        let made = format!("{MADE}/{name}");
        let writing = self.run(&[&arguments[..], &["--output-dir", &made]].concat())?;
        let files = self.take_files()?;
        let told = lines_of_files(&writing.stdout);
        Ok(Some(Single { name, run, other, told, files }))
    }

    fn run(&self, arguments: &[&str]) -> Result<Run> {
        let mut command: Command = corpus::helm_command(Path::new("timeout"), &self.job.home);
        command.args(["--kill-after=5", SECONDS]).arg(self.socle).args(["chart", "template"]);
        // The name of a single release comes before the chart.
        let (before, after) = match arguments.first() {
            Some(name) if !name.starts_with('-') => arguments.split_at(1),
            _ => arguments.split_at(0),
        };
        let made = command.args(before).arg(&self.job.dir).args(after).output();
        let made = made.context("cannot start `timeout`")?;
        Ok(Run { code: made.status.code(), stdout: made.stdout, stderr: made.stderr })
    }

    /// What the program wrote, which is then gone.
    fn take_files(&self) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
        let made = self.job.home.join(MADE);
        let mut files = BTreeMap::new();
        for path in shell::files_under(&made)? {
            let content = fs::read(&path)?;
            files.insert(path.strip_prefix(&made)?.to_path_buf(), content);
        }
        let _ = fs::remove_dir_all(made);
        Ok(files)
    }

    /// Notes what is wrong with a run of all instances, and keeps what it printed.
    fn keep(&self, way: &str, wrong: Vec<String>, run: &Run, found: &mut Found) -> Result<()> {
        if wrong.is_empty() {
            return Ok(());
        }
        let name = format!("{} {} {way}", self.job.repository, self.job.chart);
        let case = self.cases.join(name.replace(['/', ' '], "_"));
        shell::write(&case.join("each.out"), &run.stdout)?;
        shell::write(&case.join("each.err"), &run.stderr)?;
        let wrong = wrong.join(", ");
        shell::write(&case.join("where"), format!("{}\n{wrong}\n", self.job.home.display()))?;
        found.differences.push(format!("{name}: {wrong}"));
        Ok(())
    }
}

impl Run {
    fn took_too_long(&self) -> bool {
        const TIMED_OUT: i32 = 124;
        self.code.is_none_or(|code| code >= TIMED_OUT)
    }
}

impl Single {
    fn verdict(&self) -> &'static str {
        match (&self.other, self.run.code) {
            (Some(_), _) => "instances, the same but for chance",
            (None, Some(0)) => "instances, the same bytes",
            (None, _) => "instances, the same error",
        }
    }

    fn is_rendered(&self) -> bool {
        self.run.code == Some(0)
    }

    /// Whether this is what it prints, but for what it prints otherwise each time.
    fn prints(&self, printed: &[u8]) -> bool {
        match &self.other {
            None => self.run.stdout == printed,
            Some(other) => {
                compare::is_same_but_for_chance(&self.run.stdout, &other.stdout, printed)
            }
        }
    }

    /// What `--each` has to say of it on standard error.
    fn words(&self) -> String {
        let text = String::from_utf8_lossy(&self.run.stderr).replace(OF_CHART, "");
        if self.is_rendered() {
            return text;
        }
        let advice = "\n\nUse --debug flag to render out invalid YAML\n";
        let text = text.strip_suffix(advice).map_or(text.clone(), |text| format!("{text}\n"));
        let head = format!("Error: instance {}: ", self.name);
        // Warnings come before the error.
        let at = if text.starts_with("Error: ") { Some(0) } else { text.find("\nError: ") };
        let (before, after) = text.split_at(at.map_or(0, |at| at + usize::from(at > 0)));
        format!("{before}{}", after.replacen("Error: ", &head, 1))
    }

    fn wrong_files(&self, all: &BTreeMap<PathBuf, Vec<u8>>) -> Option<String> {
        let mine = all.iter().filter(|(path, _)| path.starts_with(&self.name));
        let same = if self.other.is_none() {
            mine.eq(&self.files)
        } else {
            mine.map(|(path, _)| path).eq(self.files.keys())
        };
        (!same).then(|| format!("files of {}", self.name))
    }
}

/// What is wrong with a stream: the instances that it tells otherwise.
fn wrong_stream(singles: &[Single], run: &Run) -> Vec<String> {
    let mut wrong = wrong_ending(singles, run);
    let mut rest = run.stdout.as_slice();
    let mut last: Option<&Single> = None;
    for single in singles.iter().filter(|single| single.is_rendered()) {
        let head = format!("# Instance: {}\n", single.name);
        let Some(at) = find_line(rest, head.as_bytes()) else {
            wrong.push(format!("{} is missing", single.name));
            continue;
        };
        wrong.extend(wrong_part(last, &rest[..at]));
        rest = &rest[at + head.len()..];
        last = Some(single);
    }
    wrong.extend(wrong_part(last, rest));
    wrong
}

/// The second output, with those lines of the third that only there are not the first's.
fn most_otherwise(first: &[u8], second: &[u8], third: &[u8]) -> Vec<u8> {
    let [first, second, third] =
        [first, second, third].map(|text| text.split(|byte| *byte == b'\n').collect::<Vec<_>>());
    if first.len() != second.len() || first.len() != third.len() {
        return second.join(&b'\n');
    }
    let lines = first.iter().zip(second).zip(third);
    let lines: Vec<&[u8]> = lines.map(|((a, b), c)| if *a == b { c } else { b }).collect();
    lines.join(&b'\n')
}

/// What tells of files that were written. By itself, an instance prints an empty line besides.
fn lines_of_files(stdout: &[u8]) -> Vec<u8> {
    let lines = stdout.split_inclusive(|byte| *byte == b'\n');
    lines.filter(|line| line.starts_with(b"wrote ")).flatten().copied().collect()
}

/// Where a line begins.
fn find_line(text: &[u8], line: &[u8]) -> Option<usize> {
    let starts = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).find(|at| text[*at..].starts_with(line))
}

fn wrong_part(single: Option<&Single>, printed: &[u8]) -> Option<String> {
    match single {
        None => (!printed.is_empty()).then(|| "something before the first instance".to_owned()),
        Some(single) => (!single.prints(printed)).then(|| single.name.clone()),
    }
}

/// What is wrong with the exit code and with standard error. Of a chart that cannot be loaded all of
/// them say what each of them says.
fn wrong_ending(singles: &[Single], run: &Run) -> Vec<String> {
    if singles.iter().all(|single| !single.is_rendered() && single.run == *run) {
        return Vec::new();
    }
    let failed = singles.iter().filter(|single| !single.is_rendered()).count();
    let mut wrong = Vec::new();
    if run.code != Some(i32::from(failed > 0)) {
        wrong.push(format!("exit code {:?}", run.code));
    }
    let said = |single: &Single| String::from_utf8_lossy(&single.run.stderr).contains(OF_CHART);
    let mut words = if singles.iter().any(said) { OF_CHART } else { "" }.to_owned();
    words.extend(singles.iter().map(Single::words));
    if failed > 0 {
        words += &format!("{failed} of {} instances failed\n", singles.len());
    }
    let is_chance = |single: &Single| {
        single.other.as_ref().is_some_and(|other| other.stderr != single.run.stderr)
    };
    if words != String::from_utf8_lossy(&run.stderr) && !singles.iter().any(is_chance) {
        wrong.push("standard error".to_owned());
    }
    wrong
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{OF_CHART, Run, Single, wrong_stream};

    fn run(code: i32, stdout: &str, stderr: &str) -> Run {
        Run { code: Some(code), stdout: stdout.into(), stderr: stderr.into() }
    }

    fn single(name: &str, run: Run, other: Option<Run>) -> Single {
        Single { name: name.to_owned(), run, other, told: Vec::new(), files: BTreeMap::new() }
    }

    fn singles() -> [Single; 3] {
        let advice = "\n\nUse --debug flag to render out invalid YAML\n";
        [
            single("a", run(0, "---\na: 1\n", OF_CHART), None),
            single("b", run(1, "", &format!("{OF_CHART}warning\nError: no{advice}")), None),
            single("c", run(0, "---\nc: 1\nd: 1\n", ""), Some(run(0, "---\nc: 1\nd: 2\n", ""))),
        ]
    }

    const SAID: &str = "level=WARN msg=\"this chart is deprecated\"\nwarning\nError: instance b: no\n1 of 3 instances failed\n";

    #[test]
    fn a_stream_is_like_its_instances() {
        let text = "# Instance: a\n---\na: 1\n# Instance: c\n---\nc: 1\nd: 3\n";
        assert_eq!(wrong_stream(&singles(), &run(1, text, SAID)), [""; 0]);
    }

    #[test]
    fn a_chart_that_cannot_be_loaded_is_told_once() {
        let refused = |said| run(1, "", said);
        let all = ["a", "b"].map(|name| single(name, refused("Error: no chart\n"), None));
        assert_eq!(wrong_stream(&all, &refused("Error: no chart\n")), [""; 0]);
        assert_eq!(wrong_stream(&all, &refused("Error: another\n")), ["standard error"]);
        assert_eq!(wrong_stream(&singles()[1..], &singles()[1].run).len(), 2);
    }

    #[test]
    fn what_a_stream_tells_otherwise_is_named() {
        let wrong = |text, said, code| wrong_stream(&singles(), &run(code, text, said));
        let text = "# Instance: a\n---\na: 2\n# Instance: c\n---\nc: 2\nd: 3\n";
        assert_eq!(wrong(text, SAID, 1), ["a", "c"]);
        let text = "x\n# Instance: c\n---\nc: 1\nd: 1\n";
        let before = "something before the first instance";
        assert_eq!(wrong(text, SAID, 1), ["a is missing", before]);
        let text = "# Instance: a\n---\na: 1\n# Instance: c\n---\nc: 1\nd: 3\n";
        assert_eq!(wrong(text, "", 0), ["exit code Some(0)", "standard error"]);
    }
}
