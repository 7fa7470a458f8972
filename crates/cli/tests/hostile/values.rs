//! Values: alias bombs, files of many megabytes, endless files, huge keys on the command line.

use std::fmt::Write as _;

use crate::bench::{Bench, Bound, SMALL};

/// Nine lists, each ten times the one before: a billion elements.
fn bomb() -> String {
    let mut text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (last, name) in ('a'..='i').zip('b'..) {
        let aliases = vec![format!("*{last}"); 10].join(",");
        writeln!(text, "{name}: &{name} [{aliases}]").unwrap();
    }
    text
}

#[test]
fn alias_bombs() {
    let words = "document contains excessive aliasing";
    let head = "apiVersion: v2\nname: c\nversion: 0.1.0\n";
    let old_head = "apiVersion: v1\nname: c\nversion: 0.1.0\n";
    for (path, before) in [
        ("c/values.yaml", ""),
        ("c/Chart.yaml", head),
        ("c/Chart.lock", ""),
        ("c/templates/a.yaml", ""),
        ("c/templates/a.yaml", "kind: A\napiVersion: v1\nmetadata: {name: x}\n"),
        ("c/crds/a.yaml", ""),
    ] {
        let bench = Bench::new();
        bench.write(path, format!("{before}{}", bomb()));
        let ran = bench.run(&["template", "r", "c", "--include-crds"], SMALL);
        // Helm prints what is in crds/ without a look at it.
        if path.contains("crds") { ran.accepted("*h") } else { ran.refused(words) }
    }
    let bench = Bench::new();
    bench.write("c/Chart.yaml", old_head);
    bench.write("c/requirements.yaml", bomb());
    bench.render(SMALL).refused(words);
    let bench = Bench::new();
    bench.write("v.yaml", bomb());
    bench.run(&["template", "r", "c", "-f", "v.yaml"], SMALL).refused(words);
    // JSON has no aliases, whatever they would stand for.
    for (json, shown) in [
        ("a={\"b\": *a}", "a={\"b\": *a}"),
        ("a=*a", "a=*a"),
        ("{\"a\": &a [1], \"b\": *a}", "JSON: {\"a\": &a [1], \"b\": *a}"),
    ] {
        let ran = bench.run(&["template", "r", "c", "--set-json", json], SMALL);
        ran.refused(&format!("Error: failed parsing --set-json data {shown}\n"));
        assert_eq!(ran.stdout, "");
    }
    let bench = Bench::with_template("a: {{ .Files.Get \"b\" | fromYaml | toYaml | quote }}");
    bench.write("c/b", bomb());
    bench.render(SMALL).accepted(words);
}

#[test]
fn long_texts_by_alias() {
    let words = "document contains excessive aliasing";
    let text = format!("a: &a \"{}\"\nb:\n{}", "x".repeat(1_000_000), "- *a\n".repeat(100_000));
    let bench = Bench::new();
    bench.write("c/values.yaml", &text);
    bench.render(SMALL).refused(words);
    Bench::with_template(format!("kind: A\n{text}")).render(SMALL).refused(words);
    let merged: String = (0..40).fold("a: &b {k: 1}\n".to_owned(), |mut text, n| {
        let before = if n == 0 { "b".to_owned() } else { format!("b{}", n - 1) };
        let aliases = vec![format!("*{before}"); 10].join(",");
        writeln!(text, "b{n}: &b{n}\n  <<: [{aliases}]\n  k{n}: 1").unwrap();
        text
    });
    let bench = Bench::new();
    bench.write("c/values.yaml", merged);
    bench.render(SMALL).refused(words);
    let bench = Bench::new();
    bench.write("c/values.yaml", "a: &a [*a]\n");
    bench.render(SMALL).refused("contains itself");
}

#[test]
fn fifty_megabytes() {
    let bound = Bound { seconds: 150.0, mib: 2000 };
    let items: String = (0..700_000).fold("a:\n".to_owned(), |mut text, n| {
        writeln!(text, "- name: item{n}\n  value: some text here {n}\n  n: {{a: 1, b: 2}}")
            .unwrap();
        text
    });
    assert!(items.len() > 40_000_000);
    let bench = Bench::with_template("a: {{ len .Values.a }}");
    bench.write("v.yaml", items);
    bench.run(&["template", "r", "c", "-f", "v.yaml"], bound).accepted("a: 700000");
}

#[test]
fn fifty_megabytes_in_one() {
    let bound = Bound { seconds: 60.0, mib: 600 };
    let bench = Bench::with_template("a: {{ len .Values.a }}");
    bench.write("v.yaml", format!("a: \"{}\"\n", "x".repeat(50_000_000)));
    bench.run(&["template", "r", "c", "-f", "v.yaml"], bound).accepted("a: 50000000");
    bench.write("v.yaml", format!("a: |\n{}", "  x\n".repeat(12_500_000)));
    bench.run(&["template", "r", "c", "-f", "v.yaml"], bound).accepted("a: 25000000");
    bench.write("v.yaml", "x".repeat(50_000_000));
    bench.run(&["template", "r", "c", "--set-file", "a=v.yaml"], bound).accepted("a: 50000000");
}

#[test]
fn endless_files() {
    let bound = Bound { seconds: 10.0, mib: 220 };
    let words = "/dev/zero is larger than 100 MiB";
    let bench = Bench::new();
    bench.run(&["template", "r", "c", "-f", "/dev/zero"], bound).refused(words);
    bench.run(&["template", "r", "c", "--set-file", "a=/dev/zero"], bound).refused(words);
    let words = "'/dev/zero' does not appear to be a gzipped archive";
    bench.run(&["template", "r", "/dev/zero"], bound).refused(words);
    bench.run(&["show", "chart", "/dev/zero"], bound).refused(words);
}

#[test]
fn keys_of_set() {
    let bench = Bench::new();
    let index = "index of 999999999 is greater than maximum supported index of 65536";
    let deep = "a.".repeat(60_000) + "b=1";
    let lists = format!("a{}=1", "[0]".repeat(30_000));
    let brackets = format!("a={}", "{".repeat(100_000));
    let json = format!("a={}", "[".repeat(100_000));
    let many = (0..1000).map(|n| format!("a{n}[65535]=1")).collect::<Vec<_>>().join(",");
    for (flag, value, words) in [
        ("--set", "a[999999999]=1", index),
        ("--set", "a[-1]=1", "negative -1 index not allowed"),
        ("--set", "a[99999999999999999999]=1", "error parsing index"),
        ("--set", deep.as_str(), "value name nested level is greater than maximum"),
        ("--set", lists.as_str(), "more than 500 list indices are nested in one key"),
        ("--set", brackets.as_str(), "list must terminate with '}'"),
        ("--set", many.as_str(), "make more than 1000000 list elements"),
        ("--set-json", json.as_str(), "failed parsing --set-json data"),
        ("--set-string", "a[999999999]=1", index),
        ("--set-literal", "a[999999999]=1", index),
    ] {
        println!("{flag} {}", &value[..value.len().min(50)]);
        bench.run(&["template", "r", "c", flag, value], SMALL).refused(words);
    }
}

/// Helm waits for ever for what a pipe called `values.yaml` never gives.
#[test]
fn a_pipe_for_a_file() {
    for path in ["c/values.yaml", "c/templates/a.yaml", "c/files/a"] {
        let bench = Bench::new();
        bench.write("c/templates/b.yaml", "a: 1\n");
        bench.write("c/files/b", "b");
        let place = bench.place(path);
        let _ = std::fs::remove_file(&place);
        assert!(std::process::Command::new("mkfifo").arg(&place).status().unwrap().success());
        bench.render(SMALL).refused("cannot load irregular file");
        if path == "c/values.yaml" {
            bench.run(&["lint", "c"], SMALL).refused("1 chart(s) failed");
        }
    }
}
