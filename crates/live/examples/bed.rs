//! `cargo xtask bed`: a control plane for a person to play with. It ends with Ctrl-C.
#![expect(clippy::print_stdout, reason = "it speaks to the person who started it")]

use std::io::Read;
use std::path::Path;

use anyhow::Result;
use live::{ControlPlane, KINDS, Options};

fn main() -> Result<()> {
    let plane = ControlPlane::start(&Options { kinds: KINDS, ..Options::default() })?;
    println!("A control plane with three simulated nodes. For this shell:");
    println!();
    println!("  export KUBECONFIG={}", plane.kubeconfig().display());
    let kubectl = plane.kubectl();
    let beside = Path::new(kubectl.get_program()).parent().unwrap_or(Path::new("/"));
    println!("  export PATH={}:$PATH", beside.display());
    println!();
    println!(
        "Gateways, certificates and database clusters are known, and become ready without operators."
    );
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
