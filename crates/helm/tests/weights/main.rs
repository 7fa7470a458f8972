//! What functions charge for: a loop over any function of the table, with arguments small and large,
//! takes no more time for its steps than other loops do. A new function is tried without a word
//! here. It needs a machine that does nothing else:
//!
//!     cargo test --profile fuzz -p socle-helm --test weights -- --ignored
//!
//! `SOCLE_WEIGHTS=all` tries every combination of arguments, not only some of them.

#[cfg(test)]
mod calls;

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use functions::effects::Effects;
    use gotmpl::limits::Limits;
    use gotmpl::stack::with_big_stack;
    use helm::chart::{self, File};
    use helm::engine::{Dns, Engine};
    use helm::log::Log;
    use helm::release::{self, Options};
    use helm::values::{Table, read_values};

    use crate::calls;

    /// The steps of a loop: a ten-thousandth of what a render may take.
    const STEPS: u64 = 30_000;

    /// So many more for what costs more than that at once.
    const MORE: u64 = 100;

    /// So much longer than a step of a loop that does little may a step of any loop take.
    const FACTOR: f64 = 10.0;

    /// So often is tried again what was too slow.
    const TRIES: usize = 5;

    #[expect(clippy::disallowed_methods, reason = "time is what is tested")]
    fn now() -> Instant {
        Instant::now()
    }

    fn file(name: &str, text: &str) -> File {
        File { name: name.into(), modified: None, data: text.as_bytes().into() }
    }

    struct Bench {
        engine: Engine,
        values: Table,
    }

    impl Bench {
        /// Renders a template: how long that took, and whether the steps were too few.
        fn run(&self, template: &str, fuel: u64) -> (Duration, bool) {
            let files = vec![
                file("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
                file("templates/a.yaml", template),
            ];
            let mut log = Log::default();
            let chart = Arc::new(chart::from_files(files, &mut log).unwrap());
            let limits = Limits { fuel, ..Limits::default() };
            let options = Options { limits, ..Options::default() };
            let (engine, given) = (&self.engine, &self.values);
            let effects: Vec<Box<dyn std::any::Any>> = vec![Box::new(Effects::seeded(1))];
            let before = now();
            let made = release::render(engine, &chart, given, &options, effects, None, &mut log);
            let took = before.elapsed();
            let words = made.err().map(|failed| failed.reason.to_string()).unwrap_or_default();
            (took, words.contains("the template takes too many steps"))
        }

        /// The nanoseconds of a step in a loop of this call; none when the call fails.
        fn step(&self, call: &str) -> Option<f64> {
            let setup = calls::setup(call);
            let once = format!("{setup}{{{{ $_ := {call} }}}}");
            let fuel = if self.run(&once, STEPS).1 { STEPS * MORE } else { STEPS };
            let (before, _) = self.run(&setup, fuel);
            let loops = "{{ range until 1000 }}{{ range until 1000 }}";
            let template =
                format!("{setup}{loops}{{{{ $_ := {call} }}}}{{{{ end }}}}{{{{ end }}}}");
            let (took, is_out) = self.run(&template, fuel);
            is_out.then(|| took.saturating_sub(before).as_nanos() as f64 / fuel as f64)
        }
    }

    fn try_all(every: usize) {
        let values = read_values(calls::values().as_bytes()).unwrap();
        let bench = Bench { engine: Engine::new(Dns::Off), values };
        let usual = (0..TRIES).filter_map(|_| bench.step("add 1 2")).fold(f64::MAX, f64::min);
        let table = bench.engine.functions();
        let mut tried = 0;
        let mut slow = Vec::new();
        for function in table.names().filter_map(|name| table.get(table.find(name.as_bytes())?)) {
            let begin = function.name.len() % every;
            for call in calls::of(function).into_iter().skip(begin).step_by(every) {
                let Some(mut step) = bench.step(&call) else { continue };
                tried += 1;
                // The machine may have had something else to do.
                for _ in 0..TRIES {
                    if step > usual * FACTOR {
                        step = step.min(bench.step(&call).unwrap_or(step));
                    }
                }
                if step > usual * FACTOR {
                    slow.push(format!("{call}: {:.1}", step / usual));
                }
            }
        }
        println!("{tried} loops; a step took {usual:.0} ns");
        assert!(tried > 400, "{tried}");
        assert!(slow.is_empty(), "{slow:#?}");
    }

    #[test]
    #[ignore = "measures time: for a machine that does nothing else"]
    #[expect(clippy::disallowed_methods, reason = "a person says how much to try")]
    fn every_function_charges_for_what_it_does() {
        let all = std::env::var("SOCLE_WEIGHTS").is_ok();
        with_big_stack(|| try_all(if all { 1 } else { 5 })).unwrap();
    }
}
