//! One instance rendered, or why not: Helm's words, and what people are told besides.

use std::collections::BTreeSet;
use std::sync::Arc;

use helm::chart::Chart;
use helm::diagnose::{self, Diagnostic, Subject};
use helm::engine::Engine;
use helm::log::Log;
use helm::release::{Options, Release};
use helm::values::Table;

use super::each::{Common, Instance};
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;
use crate::people;

/// What an instance is rendered with.
pub struct Attempt<'a> {
    /// What all renders share.
    pub work: &'a Work,
    /// This thread's engine.
    pub engine: &'a Engine,
    /// The chart.
    pub chart: &'a Arc<Chart>,
    /// The chart, as named on the command line.
    pub location: &'a str,
    /// The values that all instances share.
    pub common: &'a Common,
    /// The instance.
    pub instance: &'a Instance,
    /// Name and namespace.
    pub options: &'a Options,
    /// Whether faults are told for people: to find out what they are told takes a second render.
    pub is_for_people: bool,
}

impl Attempt<'_> {
    /// The release, and where `doubts` are wanted, what people should know besides.
    pub fn render(
        &self,
        log: &mut Log,
        doubts: Option<&mut Vec<Diagnostic>>,
    ) -> Result<Release, Fault> {
        let given = &self.values()?;
        let Self { work, engine, chart, location, options, .. } = *self;
        let mut made = work.render(engine, chart, given, options);
        *log = std::mem::take(&mut made.log);
        if !self.is_for_people {
            return made.result.map_err(|failed| Fault::from(failed.reason.to_string()));
        }
        let givers = &people::givers(&self.common.given(self.instance)?);
        let subject = Subject { engine, chart, location, given, givers, options };
        made.result
            .inspect(|release| {
                let found = |doubts: &mut Vec<_>| *doubts = diagnose::doubts(release, &subject);
                doubts.into_iter().for_each(found);
            })
            .map_err(|failed| {
                let mut fault = Fault::from(failed.reason.to_string());
                let diagnostic = diagnose::diagnose(&failed, &subject, work.effects());
                fault.diagnostic = Some(Box::new(diagnostic));
                fault
            })
    }

    /// The values of the instance, or why there are none, with the file or flag at fault.
    pub fn values(&self) -> Result<Table, Fault> {
        self.common.values(self.instance).map_err(|words| match self.common.given(self.instance) {
            Ok(given) if self.is_for_people => {
                people::of_givers(CommandError::new(words), &people::givers(&given)).into()
            }
            _ => words.into(),
        })
    }
}

/// Why an instance has no result.
pub struct Fault {
    /// Helm's words.
    pub words: String,
    diagnostic: Option<Box<Diagnostic>>,
}

impl From<String> for Fault {
    fn from(words: String) -> Self {
        Self { words, diagnostic: None }
    }
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Told { words, diagnostic } => {
                Self { words, diagnostic: Some(diagnostic) }
            }
            other => Self::from(other.to_string()),
        }
    }
}

impl Fault {
    /// Tells it on standard error, with the instance's name first.
    pub fn tell(&self, instance: &str, context: &mut Context) {
        if !context.speaks_to_people() {
            return context.warn(&format!("Error: instance {instance}: {}", self.words));
        }
        let known = self.diagnostic.as_deref().cloned();
        let mut diagnostic = known.unwrap_or_else(|| diagnose::from_words(&self.words));
        diagnostic.title = format!("instance {instance}: {}", diagnostic.title);
        context.tell(&diagnostic);
    }
}

/// The doubts about all instances: what most of them have in common is told of the first alone.
#[derive(Default)]
pub struct Doubts {
    /// Code, title and place of those told.
    told: BTreeSet<(&'static str, String, String)>,
    repeated: usize,
}

impl Doubts {
    /// Tells those of an instance that were not told before.
    pub fn tell(&mut self, found: Vec<Diagnostic>, instance: &str, context: &mut Context) {
        for mut doubt in found {
            let path = doubt.views.first().map(|view| view.path.clone()).unwrap_or_default();
            if self.told.insert((doubt.code, doubt.title.clone(), path)) {
                doubt.title = format!("instance {instance}: {}", doubt.title);
                context.tell(&doubt);
            } else {
                self.repeated += 1;
            }
        }
    }

    /// Says how many were not told.
    pub fn end(&self, context: &mut Context) {
        match self.repeated {
            0 => {}
            1 => context.warn("1 more warning like these is not shown"),
            more => context.warn(&format!("{more} more warnings like these are not shown")),
        }
    }
}
