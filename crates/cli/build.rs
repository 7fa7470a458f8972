//! Puts the catalogue of this repository into the program.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by variables")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join("../../catalogue")
        .canonicalize()?;
    // From the package on: clones may share their build output, and each has its own catalogue.
    println!("cargo::rerun-if-changed=../../catalogue");
    let mut files = Vec::new();
    walk(&root, &mut files)?;
    files.sort();
    let mut table = String::from("/// The catalogue within the program: paths and texts.\n");
    table.push_str("const BUILT_IN: &[(&str, &str)] = &[\n");
    for file in files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?;
        let name = name.to_string_lossy();
        let below = format!("/../../catalogue/{name}");
        let path = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), {below:?})");
        let _ = writeln!(table, "    ({name:?}, include_str!({path})),");
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("catalogue.rs"), table)
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
