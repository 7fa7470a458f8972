//! Bytes that are no text: broken UTF-8, zeros, byte order marks, UTF-16, line ends of other
//! systems, in every kind of file.

use crate::bench::{Bench, SMALL};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";

fn utf16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(of).collect()
}

#[test]
fn broken_utf8() {
    for (path, content, words) in [
        ("c/values.yaml", &b"a: \xff\n"[..], "invalid leading UTF-8 octet"),
        ("c/Chart.yaml", b"apiVersion: v2\nname: c\xff\nversion: 0.1.0\n", "UTF-8 octet"),
        ("c/Chart.lock", b"\xff", "UTF-8 octet"),
        ("c/templates/a.yaml", b"a: \xff\xfe\n", "UTF-8 octet"),
        ("c/templates/a.yaml", b"{{ \xff }}", "parse error at (c/templates/a.yaml:1): U+FFFD"),
        ("c/templates/\u{fffd}.yaml", b"{{ \xff }}", "U+FFFD"),
        ("c/values.schema.json", b"{\"type\": \"\xff\"}", "c"),
    ] {
        let bench = Bench::new();
        bench.write(path, content);
        bench.render(SMALL).refused(words);
    }
    let bench = Bench::new();
    bench.write("v.yaml", b"\xff");
    bench.run(&["template", "r", "c", "-f", "v.yaml"], SMALL).refused("UTF-8 octet");
    let bench = Bench::with_template(b"a: {{ \"\xff\" | quote | b64enc }}\n{{/* \xff */}}");
    bench.render(SMALL).accepted("a: Iu+/vSI=");
    let bench = Bench::with_template("a: 1");
    bench.write("c/.helmignore", b"\xff\n*.md\n");
    bench.write("c/README.md", b"\xff");
    bench.write("c/files/\u{e9}", b"\xff");
    bench.render(SMALL).accepted("a: 1");
}

#[test]
fn zeros() {
    let words = "control characters are not allowed";
    for (path, content) in [
        ("c/values.yaml", &b"a: \0\n"[..]),
        ("c/Chart.yaml", b"apiVersion: v2\nname: c\0\nversion: 0.1.0\n"),
        ("c/templates/a.yaml", b"a: \0\n"),
        ("c/templates/a.yaml", b"a: {{ \"\\x00\" }}\n"),
    ] {
        let bench = Bench::new();
        bench.write(path, content);
        bench.render(SMALL).refused(words);
    }
    let bench = Bench::with_template(b"{{ 1 \0 }}");
    bench.render(SMALL).refused("parse error at (c/templates/a.yaml:1)");
    bench.write("c/templates/a.yaml", "a: {{ .Values.a }}");
    let ran = bench.run(&["template", "r", "c", "--set", "a=\u{1}\u{7f}"], SMALL);
    ran.refused(words);
}

#[test]
fn marks_and_line_ends() {
    let bench =
        Bench::with_template("\u{feff}kind: A\r\n{{ if 1 }}\r\na: {{ .Values.a }}\r\n{{ end }}");
    bench.write("c/Chart.yaml", format!("\u{feff}{CHART}").replace('\n', "\r\n"));
    bench.write("c/values.yaml", "\u{feff}a: 1\r\nb:\r\n  - x\r\n");
    bench.render(SMALL).accepted("a: 1");
    let bench = Bench::with_template("kind: A\na: {{ .Values.a }}");
    // Helm goes by lines of bytes first, which cuts the last character of the little-endian form.
    bench.write("c/values.yaml", utf16("a: 1\n", u16::to_le_bytes));
    bench.render(SMALL).refused("incomplete UTF-16 character");
    bench.write("c/values.yaml", utf16("a: 2\n", u16::to_be_bytes));
    bench.write("c/Chart.yaml", utf16(CHART, u16::to_be_bytes));
    bench.render(SMALL).accepted("a: 2");
    bench.write("c/values.yaml", b"\xff\xfe\x00\xdc");
    bench.render(SMALL).refused("unexpected low surrogate area");
}

#[test]
fn arguments() {
    use std::os::unix::ffi::OsStrExt as _;
    let bench = Bench::with_template("a: 1");
    let broken = std::ffi::OsStr::from_bytes(b"\xff\xfe").to_string_lossy().into_owned();
    bench.run(&["template", &broken, "c"], SMALL).refused("invalid release name");
    bench.run(&["template", "r", &broken], SMALL).refused("non-absolute URLs should be in form");
    bench.run(&["template", "r", "c", "-f", &broken], SMALL).refused("no such file");
    // The whole name in the log and in the error, as Helm says it.
    let long = "r".repeat(100_000);
    let ran = bench.run(&["template", &long, "c"], SMALL);
    ran.refused(&format!("Error: release name check failed: release name \"{long}\": invalid"));
    ran.refused("and the length must not be longer than 53\n");
    assert_eq!((ran.stdout.len(), ran.stderr.matches(&long).count()), (0, 2));
}
