//! What functions charge for: a loop over any function of the table, with arguments small and large,
//! takes no more time for its steps than other loops do. A new function is tried without a word
//! here. It measures the processor's time:
//!
//!     cargo test --profile fuzz -p socle-helm --test weights -- --ignored
//!
//! `SOCLE_WEIGHTS=all` tries every combination of arguments, not only some of them.

#[cfg(test)]
mod calls;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::{Arc, OnceLock};
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

    /// The steps of a loop that is to be short: the system counts time by milliseconds.
    const STEPS: u64 = 100_000;

    /// The steps of a loop that is to be measured well.
    const PRECISE_STEPS: u64 = 1_000_000;

    /// The steps of a loop over what costs more than that at once: a hundredth of what a render may
    /// take.
    const MANY_STEPS: u64 = 3_000_000;

    /// So much longer than a step of a loop that does little may a step of any loop take.
    const FACTOR: f64 = 10.0;

    /// So often is run what is to be subtracted or compared with, for the shortest of its times.
    const TRIES: usize = 3;

    /// What this thread has had of a processor, so that others may use the machine meanwhile; the
    /// time by the clock where the system does not say that.
    #[expect(clippy::disallowed_methods, reason = "time is what is tested")]
    fn spent() -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        let counts = fs::read_to_string("/proc/thread-self/schedstat").ok();
        let counted = counts.and_then(|counts| counts.split(' ').next()?.parse().ok());
        let clock = START.get_or_init(Instant::now).elapsed();
        counted.map_or(clock, Duration::from_nanos)
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
            let before = spent();
            let made = release::render(engine, &chart, given, &options, effects, None, &mut log);
            let took = spent().saturating_sub(before);
            let words = made.err().map(|failed| failed.reason.to_string()).unwrap_or_default();
            (took, words.contains("the template takes too many steps"))
        }

        /// The nanoseconds of a step in a loop of this call; none when the call fails.
        fn step(&self, call: &str, steps: u64) -> Option<f64> {
            let setup = calls::setup(call);
            let once = format!("{setup}{{{{ $_ := {call} }}}}");
            let steps = if self.run(&once, steps).1 { MANY_STEPS } else { steps };
            let before = (0..TRIES).map(|_| self.run(&setup, steps).0).min().unwrap();
            let loops = "{{ range until 1000 }}{{ range until 1000 }}";
            let template =
                format!("{setup}{loops}{{{{ $_ := {call} }}}}{{{{ end }}}}{{{{ end }}}}");
            let (took, is_out) = self.run(&template, steps);
            is_out.then(|| took.saturating_sub(before).as_nanos() as f64 / steps as f64)
        }

        /// The same for a loop that does little.
        fn usual(&self) -> f64 {
            let tries = (0..TRIES).filter_map(|_| self.step("add 1 2", PRECISE_STEPS));
            tries.fold(f64::MAX, f64::min)
        }
    }

    fn try_all(every: usize) {
        let values = read_values(calls::values().as_bytes()).unwrap();
        let bench = Bench { engine: Engine::new(Dns::Off), values };
        let usual = bench.usual();
        assert!(usual > 1.0, "{usual} ns: is it another thread that renders?");
        let table = bench.engine.programs().functions();
        let mut tried = 0;
        let mut slow = Vec::new();
        for function in table.names().filter_map(|name| table.get(table.find(name.as_bytes())?)) {
            let begin = function.name.len() % every;
            for call in calls::of(function).into_iter().skip(begin).step_by(every) {
                let Some(about) = bench.step(&call, STEPS) else { continue };
                tried += 1;
                if about <= usual * FACTOR / 2.0 {
                    continue;
                }
                // Others may slow the processor down by now.
                let usual = bench.usual();
                let Some(step) = bench.step(&call, PRECISE_STEPS) else { continue };
                println!("{call}: {:.1}", step / usual);
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
    #[ignore = "measures time, in the profile `fuzz`"]
    #[expect(clippy::disallowed_methods, reason = "a person says how much to try")]
    fn every_function_charges_for_what_it_does() {
        let all = std::env::var("SOCLE_WEIGHTS").is_ok();
        with_big_stack(|| try_all(if all { 1 } else { 5 })).unwrap();
    }
}
