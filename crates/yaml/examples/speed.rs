//! Measures reading, picking and writing: `cargo run --release -p socle-yaml --example speed -- FILE…`

use std::io::Write;
use std::time::Instant;

use yaml::{DataBuilder, Form, Pick, Writer, read, read_picked};

const PICKS: &[Pick] = &[
    Pick::whole("apiVersion"),
    Pick::whole("kind"),
    Pick::some("metadata", &[Pick::whole("name"), Pick::whole("annotations")]),
];

/// The best of so many runs.
const RUNS: u32 = 200;

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
fn megabytes_per_second(bytes: usize, mut run: impl FnMut()) -> f64 {
    let best = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    bytes as f64 / 1e6 / best
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    for path in std::env::args().skip(1) {
        let text = std::fs::read(&path)?;
        let data = read(&text)?;
        let reading = megabytes_per_second(text.len(), || drop(read(&text)));
        let picking = megabytes_per_second(text.len(), || {
            drop(read_picked(&text, PICKS, &mut DataBuilder));
        });
        let mut written = 0;
        let writing = megabytes_per_second(text.len(), || {
            let mut writer = Writer::new(Form::Kubernetes);
            data.write(&mut writer, Form::Kubernetes);
            written = writer.finish().len();
        });
        let size = text.len();
        writeln!(
            out,
            "{path}: {size} bytes, read {reading:.0} MB/s, pick {picking:.0} MB/s, write {writing:.0} MB/s ({written} bytes)"
        )?;
    }
    Ok(())
}
