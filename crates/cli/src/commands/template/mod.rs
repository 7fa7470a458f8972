//! `socle chart template`: render a chart as `helm template` does.
//!
//! Not here: rendering (see `helm::release`). What follows is Helm's order of asking and of
//! complaining.

mod against;
mod attempt;
mod each;
mod explain;
mod flags;
mod ignored;
mod output;
mod setup;
mod verify;

pub use flags::Arguments;

use helm::release::{Options, Threads};
use setup::Report;

use crate::context::Context;
use crate::error::CommandError;

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    ignored::announce(arguments, context);
    ignored::check(arguments)?;
    let work = setup::prepare(arguments, context)?;
    if against::is_wanted(arguments) {
        let chart = setup::chart(&work.reference, arguments, context)?;
        return against::run(arguments, &work, &chart, context);
    }
    if let Some(helm) = &arguments.more.verify_with {
        let chart = setup::chart(&work.reference, arguments, context)?;
        return verify::run(arguments, helm, &work, &chart, context);
    }
    if let Some(dir) = &arguments.more.each {
        let chart = setup::chart(&work.reference, arguments, context)?;
        return each::run(arguments, dir, &work, &chart, context);
    }
    if explain::is_wanted(arguments) {
        let given = crate::source::given(&arguments.values, &[], context)?;
        let chart = setup::chart(&work.reference, arguments, context)?;
        return explain::run(arguments, &work, &chart, &given, context);
    }
    let (values, givers) = crate::source::values_and_files(&arguments.values, context)?;
    let chart = setup::chart(&work.reference, arguments, context)?;
    let options = Options { threads: Threads::Two, ..work.options(work.name.clone()) };
    let engine = work.engine();
    let made = work.render(&engine, &chart, &values, &options);
    let report = if context.speaks_to_people() {
        work.report(&made, &engine, &chart, &values, &givers, &options)
    } else {
        Report::default()
    };
    let result = output::one(arguments, &options, made, report, context);
    // The process ends here: to free all this piece by piece would take a tenth of its time.
    std::mem::forget((engine, chart));
    result
}
