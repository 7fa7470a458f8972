//! The `socle` binary: arguments in, words out. It holds no logic: what charts are and how they
//! render is in `helm`, where they come from is in `registry`.

mod arguments;
mod capacity;
mod catalogue;
mod commands;
mod composed;
mod configuration;
mod context;
mod directory;
mod document;
mod effects;
mod elsewhere;
mod environment;
mod error;
mod extra;
mod facts;
mod kubeconfig;
mod people;
mod provenance;
mod remote;
mod source;

use std::process::ExitCode;

/// A render allocates a hundred thousand small things and frees them soon after.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Templates nest, so everything runs on a thread with a big stack. It ends the process itself, when
/// all is written and closed: the allocator would give its memory back in a hundred pieces, and then
/// the system takes it all at once.
fn main() -> ExitCode {
    gotmpl::stack::with_big_stack(|| signal_hook::low_level::exit(run().into()))
        .unwrap_or(ExitCode::FAILURE)
}

/// The command, and the exit code that it ends with.
fn run() -> u8 {
    let environment = environment::Environment::of_process();
    let parsed = match arguments::parse(std::env::args_os(), &environment) {
        Ok(parsed) => parsed,
        Err(stop) => return stop.print(),
    };
    let mut context = context::Context::new(&parsed, environment);
    match commands::run(parsed.command, &mut context) {
        Ok(()) => 0,
        Err(error) => {
            // What was printed before the fault comes first.
            context.try_flush();
            error.print(&mut context)
        }
    }
}
