//! A chart's directory: links in a circle, pipes and devices for files, too much of everything,
//! patterns of `.helmignore`, names that would be written elsewhere.

use std::process::Command;

use crate::bench::{Bench, Bound, SMALL};

const MANY: Bound = Bound { seconds: 30.0, ..SMALL };

#[test]
fn links_in_a_circle() {
    for (link, target, words) in [
        ("c/templates/loop", ".", "too many levels of symbolic links"),
        ("c/templates/up", "..", "too many levels of symbolic links"),
        ("c/templates/self", "self", "too many levels of symbolic links"),
        ("c/nowhere", "nothing", "no such file or directory"),
    ] {
        let bench = Bench::with_template("a: 1");
        bench.link(link, target);
        bench.render(MANY).refused(words);
        bench.run(&["lint", "c"], MANY).refused("1 chart(s) failed");
    }
}

/// A link to a folder above whose every level holds two of it doubles at each step.
#[test]
fn links_that_unfold() {
    let bench = Bench::with_template("a: 1");
    for level in 0..20 {
        let next = format!("../l{}", level + 1);
        bench.link(&format!("l{level}/a"), &next);
        bench.link(&format!("l{level}/b"), &next);
    }
    bench.write("l20/x", "");
    bench.link("c/files", "../l0");
    let words = "chart has more than 200000 files: do symbolic links in it form a circle?";
    bench.render(Bound { seconds: 60.0, mib: 300 }).refused(words);
}

#[test]
fn devices() {
    for path in ["c/values.yaml", "c/templates/z.yaml", "c/charts/x.tgz", "c/Chart.lock", "c/f"] {
        let bench = Bench::with_template("a: 1");
        bench.link(path, "/dev/zero");
        let place = bench.place(path).display().to_string();
        let words = format!("cannot load irregular file {place} as it has file mode type bits set");
        bench.render(SMALL).refused(&words);
        bench.run(&["dependency", "list", "c"], SMALL).refused("cannot load irregular file");
        bench.run(&["package", "c", "-d", "out"], SMALL).refused("cannot load irregular file");
    }
    let bench = Bench::with_template("a: 1");
    bench.link("c/files", "/dev");
    bench.render(SMALL).refused("cannot load irregular file");
}

/// Helm waits for ever for what a pipe called `Chart.yaml` never gives, and reads all of a device.
#[test]
fn no_file_for_chart_yaml() {
    for device in [false, true] {
        let bench = Bench::with_template("a: 1");
        let place = bench.place("c/Chart.yaml");
        std::fs::remove_file(&place).unwrap();
        if device {
            bench.link("c/Chart.yaml", "/dev/zero");
        } else {
            assert!(Command::new("mkfifo").arg(&place).status().unwrap().success());
        }
        let words = "c/Chart.yaml: not a regular file";
        bench.render(SMALL).refused(words);
        bench.run(&["package", "c", "-d", "out"], SMALL).refused(words);
        bench.run(&["show", "chart", "c"], SMALL).refused("cannot load irregular file");
        bench.run(&["dependency", "build", "c"], SMALL).refused("cannot load irregular file");
        bench.run(&["lint", "c"], SMALL).refused("1 chart(s) failed");
    }
}

#[test]
fn pipes() {
    for path in ["c/.helmignore", "c/values.schema.json", "c/charts/x.tgz", "c/requirements.yaml"] {
        let bench = Bench::with_template("a: 1");
        bench.write("c/charts/y", "");
        let place = bench.place(path);
        assert!(Command::new("mkfifo").arg(&place).status().unwrap().success());
        let words =
            if path.ends_with("ignore") { "not a regular" } else { "cannot load irregular" };
        bench.render(SMALL).refused(words);
        bench.run(&["lint", "c"], SMALL).refused("1 chart(s) failed");
    }
}

#[test]
fn too_much() {
    let bench = Bench::with_template("a: 1");
    let huge = std::fs::File::create(bench.place("c/huge")).unwrap();
    huge.set_len(10 << 30).unwrap();
    let words = "chart exceeds maximum decompressed size of 104857600 bytes";
    bench.render(SMALL).refused(words);
}

#[test]
fn patterns_of_helmignore() {
    let name = format!("c/{}", "a".repeat(200));
    for (rules, words) in [
        ("*a".repeat(5000) + "b", ""),
        ("*a*b*c*d\n".repeat(100_000), ""),
        ("[a-".to_owned(), "syntax error in pattern"),
        ("**/x".to_owned(), "double-star (**) syntax is not supported"),
    ] {
        let bench = Bench::with_template("a: 1");
        bench.write("c/.helmignore", rules);
        bench.write(&name, "");
        let ran = bench.render(SMALL);
        if words.is_empty() { ran.accepted("a: 1") } else { ran.refused(words) }
    }
}

#[test]
fn names_that_would_be_written_elsewhere() {
    let out = ["--output-dir", "out"];
    let template = |release| [&["template", release, "c"][..], &out].concat();
    let words = "validation: chart.metadata.name \"../../evil\" is invalid";
    let chart = "apiVersion: v2\nname: ../../evil\nversion: 0.1.0\n";
    let bench = Bench::with_template("a: 1");
    bench.write("c/Chart.yaml", chart);
    bench.run(&template("r"), SMALL).refused(words);
    bench.run(&["package", "c", "-d", "out"], SMALL).refused(words);
    let bench = Bench::with_template("a: 1");
    bench.write("c/charts/d/Chart.yaml", chart);
    bench.write("c/charts/d/templates/x.yaml", "a: 1");
    bench.run(&template("r"), SMALL).refused(words);
    let bench = Bench::with_template("a: 1");
    bench.run(&template("../../r"), SMALL).refused("invalid release name");
    bench.run(&[&template("r")[..], &["--release-name"]].concat(), SMALL).accepted("out/r/c/templ");
    bench.write("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: ../../0.1.0\n");
    let words = "validation: chart.metadata.version \"../../0.1.0\" is invalid";
    bench.run(&["package", "c", "-d", "out"], SMALL).refused(words);
}
