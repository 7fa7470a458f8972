//! Packaged charts: bombs, lies about sizes, links, devices, names that lead elsewhere.

use crate::bench::{Bench, Bound, LARGE, SMALL};
use crate::tar::{archive, file, header, record, special};

/// Packed data is gone through before a limit is met.
const UNPACKING: Bound = Bound { seconds: 60.0, mib: 250 };

fn with_archive(archive: &[u8]) -> Bench {
    let bench = Bench::new();
    bench.write("a.tgz", archive);
    bench
}

/// Helm has one sentence for all faults of an archive; people are told which it is, and so is who
/// lints it, who unpacks it to a folder of its own.
fn refused(archive: &[u8], words: &str, bound: Bound) {
    let bench = with_archive(archive);
    bench.run(&["template", "r", "a.tgz"], bound).refused("unable to load chart archive");
    bench.run(&["template", "r", "a.tgz", "--errors", "people"], bound).refused(words);
    let linted = bench.run(&["lint", "a.tgz"], bound);
    linted.refused("1 chart(s) failed");
    assert!(linted.stdout.contains(words) || linted.stderr.contains(words), "{words}");
}

/// It is a chart of one template, or of none that counts.
fn rendered(archive: &[u8], printed: &str) {
    let bench = with_archive(archive);
    bench.run(&["template", "r", "a.tgz", "--output-dir", "out"], SMALL).accepted(printed);
    bench.run(&["lint", "a.tgz"], SMALL).accepted("0 chart(s) failed");
}

#[test]
fn bombs_by_ratio() {
    let too_large = "decompressed chart is larger than the maximum size 104857600";
    let zeros = vec![0; 101 << 20];
    refused(&archive([file(b"a/z", &zeros)]), too_large, UNPACKING);
    let half = vec![0; 60 << 20];
    refused(&archive([file(b"a/y", &half), file(b"a/z", &half)]), too_large, UNPACKING);
    // What follows the end of an archive is not looked at; a folder has no content.
    rendered(&archive([file(b"a/templates/x.yaml", b"a: 1\n"), vec![0; 1024], zeros]), "x.yaml");
    let many =
        (0..100).map(|_| special(b'x', b"p", record("comment", &"x".repeat(900_000)).as_bytes()));
    rendered(&archive(many.chain([file(b"a/templates/x.yaml", b"a: 1\n")])), "x.yaml");
}

#[test]
fn archives_in_archives() {
    let inner = archive([file(b"a/z", &vec![0; 90 << 20])]);
    let parts = (0..10).map(|n| file(format!("a/charts/a{n}.tgz").as_bytes(), &inner));
    let bench = with_archive(&archive(parts));
    let words = "decompressed chart and its packaged sub-charts are larger than the maximum size \
                 419430400";
    bench.run(&["template", "r", "a.tgz"], LARGE).refused(words);
    let deep = (0..200).fold(archive([]), |inner, _| archive([file(b"a/charts/a.tgz", &inner)]));
    let bench = with_archive(&deep);
    let words = "chart has sub-charts more than 64 levels deep";
    bench.run(&["template", "r", "a.tgz"], SMALL).refused(words);
}

#[test]
fn very_many_entries() {
    let words = "chart archive has more than 200000 entries";
    for kind in [b'0', b'5'] {
        let entries = (0..210_000).map(|n| header(kind, format!("a/f/{n}").as_bytes(), 0, ""));
        let bench = with_archive(&archive(entries));
        let arguments = ["template", "r", "a.tgz", "--errors", "people"];
        bench.run(&arguments, UNPACKING).refused(words);
    }
}

#[test]
fn lies_about_sizes() {
    let too_large = "decompressed chart is larger than the maximum size 104857600";
    for size in [101 << 20, 1 << 40, 1 << 62] {
        let lie = header(b'0', b"a/z", size, "");
        refused(&archive([lie]), too_large, SMALL);
    }
    refused(
        &archive([header(b'0', b"a/z", u64::MAX, "")]),
        "archive/tar: invalid tar header",
        SMALL,
    );
    refused(&archive([header(b'0', b"a/z", 99_999, "")]), "unexpected EOF", SMALL);
    for kind in [b'x', b'L'] {
        let long = header(kind, b"p", 1 << 40, "");
        refused(&archive([long]), "unexpected EOF", SMALL);
        let long = special(kind, b"p", &vec![b'x'; (1 << 20) + 1]);
        refused(&archive([long]), "archive/tar: header field too long", SMALL);
    }
    let extension = record("size", "99999999999999");
    let lie = special(b'x', b"p", extension.as_bytes());
    refused(&archive([lie, file(b"a/ok", b"x")]), too_large, SMALL);
    rendered(&archive([header(b'5', b"a/z", 1 << 60, "")]), "");
}

/// Links and devices in an archive are nothing but empty files, as for Helm.
#[test]
fn links_and_devices() {
    for kind in [b'1', b'2', b'3', b'4', b'6', b'7', b'Z'] {
        let place = b"a/templates/x.yaml";
        rendered(&archive([header(kind, place, 0, "/etc/passwd")]), "");
        rendered(&archive([header(kind, b"a/values.yaml", 0, "../../../../etc/passwd")]), "");
    }
    refused(&archive([header(b'S', b"a/z", 0, "")]), "archive/tar: invalid tar header", SMALL);
    let below = file(b"Chart.yaml/x", b"");
    refused(&archive([below]), "chart yaml not in base directory", SMALL);
}

#[test]
fn names_that_lead_elsewhere() {
    let parent = "chart illegally references parent directory";
    let absolute = "chart illegally contains absolute paths";
    let outside = "chart illegally contains content outside the base directory";
    let drive = "chart contains illegally named files";
    for (name, words) in [
        ("a/../../x", parent),
        ("a/../x", parent),
        ("a/x/../../../../etc/x", parent),
        ("a\\..\\..\\x", parent),
        ("a//x", absolute),
        ("a\\\\x", absolute),
        ("\\\\host\\share", absolute),
        ("a/C:/x", drive),
        ("a\\C:\\x", drive),
        ("a/..", parent),
        ("..", outside),
        (".", outside),
        ("a", outside),
    ] {
        println!("{name}");
        refused(&archive([file(name.as_bytes(), b"a: 1\n")]), words, SMALL);
    }
    let extension = record("path", "a/../../../etc/x");
    let named = special(b'x', b"p", extension.as_bytes());
    refused(&archive([named, file(b"a/ok", b"x")]), parent, SMALL);
    let long = special(b'L', b"././@LongLink", b"a/../../../etc/x\0");
    refused(&archive([long, file(b"a/ok", b"x")]), parent, SMALL);
    // The first part of a name is dropped, whatever it is.
    for name in ["../templates/x.yaml", "/templates/x.yaml", "C:\\templates\\x.yaml"] {
        println!("{name}");
        rendered(&archive([file(name.as_bytes(), b"a: 1\n")]), "out/a/templates/x.yaml");
    }
}

#[test]
fn no_archives() {
    let bench = Bench::new();
    for (content, words) in [
        (&b""[..], "does not appear to be a gzipped archive; got 'application/octet-stream'"),
        (b"\x1f\x8b\x08", "unable to load chart archive"),
        (b"PK\x03\x04", "does not appear to be a gzipped archive; got 'application/zip'"),
    ] {
        bench.write("a.tgz", content);
        bench.run(&["template", "r", "a.tgz"], SMALL).refused(words);
    }
    let mut members = archive([file(b"a/templates/x.yaml", b"a: 1\n")]);
    let empty = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let empty = empty.finish().unwrap().repeat(100_000);
    members.splice(0..0, empty);
    rendered(&members, "x.yaml");
}
