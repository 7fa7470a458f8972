//! Three heavy templates: how fast the machine is, and whether bytecode would be faster.
//!
//! `cargo bench -p socle-gotmpl --bench heavy` prints, for each template, the median of nine runs of
//! the machine and of the bytecode of `bytecode.rs`. What was found is in
//! `docs/decisions/0002-tree-walk.md`.

mod bytecode;
mod functions;

use std::any::Any;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gotmpl::limits::Limits;
use gotmpl::machine::Machine;
use gotmpl::set::{Functions, MissingKey, Set};
use gotmpl::value::{Map, Str, Value};

/// Half a million iterations of nested ranges, with conditions, arithmetic and a field chain.
const RANGE: &str = "{{ range $i := until 1000 }}{{ range $j := until 500 }}\
    {{ if eq (mod (add $i $j) 7) 0 }}{{ $.Values.image.tag }}{{ end }}{{ end }}{{ end }}";

/// A hundred thousand includes of a small helper, as charts name things.
const INCLUDE: &str = "{{ define \"name\" }}{{ printf \"%s-%s\" .Release.Name .Values.name | upper \
    | trunc 63 | trimSuffix \"-\" }}{{ end }}{{ range $i := until 100000 }}\
    {{ include \"name\" $ }}{{ end }}";

/// Three hundred thousand formattings.
const FORMAT: &str =
    "{{ range $i := until 300000 }}{{ printf \"%d:%s:%v\" $i $.Values.name $.Values.n }}{{ end }}";

fn data() -> Value {
    let map = |entries: &[(&str, Value)]| {
        let map = Map::new();
        for (key, value) in entries {
            map.insert(*key, value.clone());
        }
        Value::Map(map)
    };
    let image = map(&[("tag", "1.2.3".into()), ("repository", "registry/app".into())]);
    let values = map(&[("image", image), ("name", "component".into()), ("n", Value::Float64(2.5))]);
    let release = map(&[("Name", "release".into()), ("Namespace", "default".into())]);
    map(&[("Values", values), ("Release", release)])
}

/// The time that this thread has spent on a processor: other work on the machine does not count.
/// Where the system does not tell (elsewhere than on Linux), the time of the clock.
#[expect(clippy::disallowed_methods, reason = "a benchmark is where time is measured")]
fn spent(since: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next().and_then(|nanos| nanos.parse().ok()))
        .map_or_else(|| Instant::now().duration_since(since), Duration::from_nanos)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is where time is measured")]
fn median(mut run: impl FnMut() -> usize) -> (Duration, usize) {
    let mut times = Vec::new();
    let mut bytes = 0;
    let origin = Instant::now();
    for _ in 0..9 {
        let start = spent(origin);
        bytes = run();
        times.push(spent(origin).saturating_sub(start));
    }
    times.sort();
    (times.get(4).copied().unwrap_or_default(), bytes)
}

fn tree(text: &str) -> usize {
    let functions = Arc::new(Functions::new(functions::FUNCTIONS));
    let mut set = Set::new("heavy", functions).missing_key(MissingKey::Zero);
    if set.parse("heavy", &Str::from(text)).is_err() {
        return 0;
    }
    let mut host: Vec<Box<dyn Any>> = Vec::new();
    let mut machine = Machine::new(&set, &mut host, Limits::default());
    machine.execute_template(b"heavy", &data()).map_or(0, |output| output.len())
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let cases = [
        ("range", RANGE, bytecode::range()),
        ("include", INCLUDE, bytecode::include()),
        ("format", FORMAT, bytecode::format()),
    ];
    for (name, text, code) in cases {
        let (tree_time, tree_bytes) = median(|| tree(text));
        let (code_time, code_bytes) = median(|| bytecode::run(&code, &data()));
        writeln!(
            out,
            "{name:8} tree {tree_time:>10.2?} ({tree_bytes} bytes)   \
             bytecode {code_time:>10.2?} ({code_bytes} bytes)"
        )?;
    }
    Ok(())
}
