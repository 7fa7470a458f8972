//! `cargo xtask tools`: the real tools that tests ask, each pinned and put once into the cache
//! that all clones share. Nothing is installed into the system.

mod servers;
mod sources;

pub use servers::SERVERS;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{self, Scratch, Stopwatch};
use sources::{TOOLS, Tool};

/// `cargo xtask tools [NAME…]`, and `cargo xtask tools --where NAME…`, which tests ask.
pub fn run(names: &[String]) -> Result<()> {
    if let Some(("--where", names)) = names.split_first().map(|(first, rest)| (&**first, rest)) {
        for name in names {
            println!("{}", path(name)?.display());
        }
        return Ok(());
    }
    let wanted: Vec<&Tool> = if names.is_empty() {
        TOOLS.iter().collect()
    } else {
        names.iter().map(|name| tool(name)).collect::<Result<_>>()?
    };
    for tool in wanted {
        let path = install(tool)?;
        println!("{:<23} {}", tool.name, path.display());
    }
    Ok(())
}

/// Installs the named tools unless they are there.
pub fn ensure(names: &[&str]) -> Result<()> {
    for name in names {
        install(tool(name)?)?;
    }
    Ok(())
}

/// Where an installed tool is; an error says how to install it.
pub fn path(name: &str) -> Result<PathBuf> {
    let tool = tool(name)?;
    let path = home(tool)?.join(tool.name);
    if !path.is_file() {
        bail!("{name} is not installed: run `cargo xtask tools {name}`");
    }
    Ok(path)
}

fn tool(name: &str) -> Result<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name).with_context(|| {
        let known: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
        format!("no tool is called `{name}`; known are {}", known.join(", "))
    })
}

/// The tool's own directory; its name holds what identifies the content, so that another pin is
/// another directory.
fn home(tool: &Tool) -> Result<PathBuf> {
    let tools = shell::cache()?.join("tools");
    Ok(tools.join(format!("{}-{}", tool.name, tool.identity()?)))
}

fn install(tool: &Tool) -> Result<PathBuf> {
    let home = home(tool)?;
    let program = home.join(tool.name);
    if program.is_file() {
        return Ok(program);
    }
    let tools = home.parent().context("the cache has no parent")?;
    fs::create_dir_all(tools).with_context(|| format!("cannot make {}", tools.display()))?;
    let _turn = lock(tools, tool.name)?;
    if program.is_file() {
        return Ok(program);
    }
    println!("{}: {} ({})", tool.name, tool.what(), tool.cost);
    let watch = Stopwatch::start();
    let scratch = Scratch::under(tools, &format!(".{}", tool.name))?;
    let made = scratch.path().join("made");
    fs::create_dir_all(&made)?;
    tool.fetch(scratch.path(), &made)
        .with_context(|| format!("{} could not be installed. {}", tool.name, tool.otherwise))?;
    if !made.join(tool.name).is_file() {
        bail!("{} was fetched, but there is no file `{}` in it", tool.name, tool.name);
    }
    // A program of the system may have gone, and left a link that leads nowhere.
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    fs::rename(&made, &home).with_context(|| format!("cannot make {}", home.display()))?;
    println!("{}: done in {:.1} s", tool.name, watch.seconds());
    Ok(program)
}

/// Waits until no other process installs the same tool. The lock goes with the returned file.
fn lock(tools: &Path, name: &str) -> Result<File> {
    let path = tools.join(format!(".{name}.lock"));
    let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
    if file.try_lock().is_err() {
        println!("{name}: another process is installing it; waiting");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}
