//! `cargo xtask bed`: a control plane for a person to play with. It ends with Ctrl-C.
#![expect(clippy::print_stdout, reason = "it speaks to the person who started it")]

use std::io::Read;

use anyhow::Result;
use live::{ControlPlane, KINDS, Options};

fn main() -> Result<()> {
    let plane = ControlPlane::start(&Options { kinds: KINDS, ..Options::default() })?;
    println!("A control plane with three simulated nodes. For this shell:");
    println!();
    println!("  export KUBECONFIG={}", plane.kubeconfig().display());
    println!("  alias kubectl={}", plane.kubectl().get_program().to_string_lossy());
    println!();
    println!("Pods become ready without containers; the label or annotation {} makes", live::FATE);
    println!("them fail: {}.", live::FATES.join(", "));
    println!(
        "Ctrl-C, or the end of the input, ends it and removes {}.",
        plane.directory().display()
    );
    // Ctrl-C ends this process, and its guard does the rest.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
