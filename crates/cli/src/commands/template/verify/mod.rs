//! `--verify-with HELM`: the same work done by the user's own Helm, compared byte by byte.

mod ask;
mod compare;

use std::path::Path;
use std::sync::Arc;

use helm::chart::Chart;
use serde_json::{Value as Json, json};

use self::ask::{Question, ask};
use self::compare::{Answer, Difference, Verdict, by_chance, compare};
use super::each::{self, Common, Instance};
use super::flags::{Arguments, FormatFlag};
use super::output;
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;

/// Helm takes a password in no other way, and everybody on the machine sees the words that a program
/// was started with.
const PASSWORD: &str = "--verify-with cannot give Helm a --password, which others could see on its \
                        command line: log in first (helm repo add, helm registry login), or name \
                        the chart as it lies in a directory";

/// So often is Helm asked again where it says something else than ours: an order of two is the same
/// every other time.
const TRIES: usize = 4;

/// Compares one release, or a sample of the instances.
pub fn run(
    arguments: &Arguments,
    helm: &Path,
    work: &Work,
    chart: &Arc<Chart>,
    context: &mut Context,
) -> Result<(), CommandError> {
    if arguments.source.access.password.is_some() {
        return Err(CommandError::new(PASSWORD));
    }
    let all = match &arguments.more.each {
        Some(dir) => each::instances(dir, context)?,
        None => vec![Instance { name: work.name.clone(), files: Vec::new() }],
    };
    let wanted = arguments.more.sample.unwrap_or(all.len()).clamp(1, all.len());
    // Spread evenly, so that a sample sees all parts of a fleet.
    let sample: Vec<&Instance> =
        (0..wanted).filter_map(|index| all.get(index * all.len() / wanted)).collect();
    let common = Common::read(arguments, context)?;
    let given = if arguments.more.each.is_some() { None } else { Some(context.namespace()) };
    let flag = context.globals.namespace.clone().filter(|name| !name.is_empty());
    let namespace = given.or(flag);
    let engine = work.engine();
    let mut report = Report { is_json: is_json(arguments), ..Report::default() };
    for instance in &sample {
        let options = each::options(work, instance, namespace.as_deref());
        let ours = common.values(instance).and_then(|values| {
            let made = work.render(&engine, chart, &values, &options).result;
            let release = made.map_err(|failed| failed.reason.to_string())?;
            Ok(release.text(output::hooks(&arguments.helm)))
        });
        let (chart, namespace) = (work.reference.as_str(), options.namespace.as_str());
        let question = Question { arguments, helm, chart, instance, namespace };
        let theirs = ask(&question, context)?;
        let verdict = compare(ours, theirs, |first| ask_again(&question, first, context))?;
        report.add(&instance.name, verdict, context);
    }
    report.end(sample.len(), context);
    if report.differing.is_empty() { Ok(()) } else { Err(CommandError::Reported(1)) }
}

fn is_json(arguments: &Arguments) -> bool {
    arguments.more.format == Some(FormatFlag::Json)
}

/// Another answer of Helm's than its first one, if it gives one.
fn ask_again(
    question: &Question<'_>,
    first: &Answer,
    context: &Context,
) -> Result<Option<Answer>, CommandError> {
    for _ in 0..TRIES {
        let answer = ask(question, context)?;
        if answer != *first {
            return Ok(Some(answer));
        }
    }
    Ok(None)
}

/// What was found in all instances.
#[derive(Default)]
struct Report {
    is_json: bool,
    chance: Vec<(String, Vec<usize>)>,
    both_fail: Vec<(String, String)>,
    differing: Vec<(String, Difference)>,
}

impl Report {
    fn add(&mut self, instance: &str, verdict: Verdict, context: &mut Context) {
        let text = match &verdict {
            Verdict::Same => None,
            Verdict::BothFail(words) => Some(format!("both fail, with the same words: {words}")),
            Verdict::Chance(lines) if lines.is_empty() => {
                Some("the same as Helm says at times: it does not always say the same".to_owned())
            }
            Verdict::Chance(lines) => Some(format!(
                "the same but for chance: Helm itself prints {} otherwise each time",
                by_chance(lines)
            )),
            Verdict::Differs(difference) => Some(difference.text()),
        };
        if let Some(text) = text.filter(|_| !self.is_json) {
            context.print(format!("{instance}: {text}\n").as_bytes());
        }
        match verdict {
            Verdict::Same => {}
            Verdict::BothFail(words) => self.both_fail.push((instance.to_owned(), words)),
            Verdict::Chance(lines) => self.chance.push((instance.to_owned(), lines)),
            Verdict::Differs(difference) => self.differing.push((instance.to_owned(), difference)),
        }
    }

    fn end(&self, compared: usize, context: &mut Context) {
        let apart = [self.differing.len(), self.chance.len(), self.both_fail.len()];
        let same = compared - apart.iter().sum::<usize>();
        let summary =
            if self.is_json { self.json(compared, same) } else { self.text(compared, same) };
        context.print(format!("{summary}\n").as_bytes());
    }

    /// What fails in both is never the same to the byte: there are no bytes.
    fn text(&self, compared: usize, same: usize) -> String {
        let mut text = format!("{same} of {compared} are the same to the byte");
        if !self.chance.is_empty() {
            text += &format!(", {} but for chance", self.chance.len());
        }
        let others = self.differing.iter().filter(|(_, found)| found.is_failure_of_both()).count();
        for (count, how) in [(self.both_fail.len(), "the same"), (others, "other")] {
            let verb = if count == 1 { "fails" } else { "fail" };
            if count > 0 {
                text += &format!("; {count} {verb} in both, with {how} words");
            }
        }
        text
    }

    fn json(&self, compared: usize, same: usize) -> String {
        let differing = self.differing.iter().map(|(name, found)| found.json(name));
        let chance = |(name, lines): &(String, Vec<usize>)| json!({ "instance": name, "chanceLines": lines });
        let failed = |(name, words): &(String, String)| json!({ "instance": name, "error": words });
        let json = json!({
            "compared": compared,
            "same": same,
            "chance": self.chance.iter().map(chance).collect::<Vec<Json>>(),
            "bothFail": self.both_fail.iter().map(failed).collect::<Vec<Json>>(),
            "differing": differing.collect::<Vec<Json>>(),
        });
        format!("{json:#}")
    }
}
