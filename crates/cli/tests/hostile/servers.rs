//! Servers of charts that lie, never end, drip or lead in a circle, through the binary. How it waits
//! is tried by the tests of `registry`, too, where patience can be short.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use registry::Digest;

use crate::bench::{Bench, Bound, LARGE, Ran, SMALL};
use crate::server::{Answer, Server, endless, ok, status};
use crate::tar::{archive, file};

/// An index of the largest size that is read.
const INDEX: Bound = Bound { seconds: 60.0, mib: 700 };

/// Asks a repository for a chart.
fn ask(url: &str, bound: Bound) -> Ran {
    Bench::new().run(&["template", "r", "a", "--repo", url], bound)
}

/// Asks a registry for a chart.
fn pull(server: &Server, bound: Bound) -> Ran {
    let reference = format!("oci://{}/a", server.host());
    let arguments = ["template", "r", &reference, "--version", "0.1.0", "--plain-http"];
    Bench::new().run(&arguments, bound)
}

/// A server that answers everything alike.
fn always(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Server {
    Server::start(move |_| answer())
}

/// Writes this as it stands, then more of the same for as long as the client listens.
fn raw(start: &'static [u8], again: &'static [u8]) -> Answer {
    Answer::Raw(Box::new(move |mut stream| {
        let mut goes_on = stream.write_all(start).is_ok();
        while goes_on && !again.is_empty() {
            goes_on = stream.write_all(again).is_ok();
        }
    }))
}

/// Writes this as it stands, then this each second for as long as the client listens.
fn slowly(start: &'static [u8], drop: &'static [u8]) -> Answer {
    Answer::Raw(Box::new(move |mut stream| {
        let mut goes_on = stream.write_all(start).is_ok();
        while goes_on {
            thread::park_timeout(Duration::from_secs(1));
            goes_on = stream.write_all(drop).is_ok();
        }
    }))
}

/// A body that has a beginning.
fn dripping() -> Answer {
    slowly(b"HTTP/1.1 200 OK\r\n\r\n", b" ")
}

fn chart() -> Vec<u8> {
    archive([file(b"a/templates/x.yaml", b"kind: Done\n")])
}

fn index(digest: &str) -> String {
    format!(
        "apiVersion: v1\nentries:\n  a:\n  - apiVersion: v2\n    name: a\n    version: 0.1.0\n    \
         digest: {digest}\n    urls: [a.tgz]\n"
    )
}

/// A repository with an index, and this for its chart.
fn repository(digest: &str, chart: impl Fn() -> Answer + Send + Sync + 'static) -> Server {
    let index = index(digest);
    Server::start(move |asked| match asked.path.as_str() {
        "/index.yaml" => ok(index.clone()),
        "/a.tgz" => chart(),
        _ => status(404),
    })
}

/// A registry with a manifest, and this for its blobs.
fn registry(digest: &Digest, blob: impl Fn() -> Answer + Send + Sync + 'static) -> Server {
    let size = chart().len();
    let manifest = format!(
        "{{\"config\":{{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\"}},\"layers\":[{{\
         \"mediaType\":\"application/vnd.cncf.helm.chart.content.v1.tar+gzip\",\
         \"digest\":\"{digest}\",\"size\":{size}}}]}}"
    );
    Server::start(move |asked| {
        assert!(asked.authorization.is_none());
        if asked.path.contains("/manifests/") { ok(manifest.clone()) } else { blob() }
    })
}

#[test]
fn honest_ones() {
    let content = chart();
    let digest = Digest::of(&content);
    let server = repository(&digest.hex(), || ok(chart()));
    ask(&server.url, SMALL).accepted("kind: Done");
    pull(&registry(&digest, || ok(chart())), SMALL).accepted("kind: Done");
}

#[test]
fn lies_about_digests() {
    let other = Digest::of(b"other");
    let server = repository(&other.hex(), || ok(chart()));
    ask(&server.url, SMALL).refused("is not what the repository's index says");
    let words = "is not what the registry says";
    pull(&registry(&other, || ok(chart())), SMALL).refused(words);
    let server = registry(&Digest::of(&chart()), || ok(archive([])));
    pull(&server, SMALL).refused(words);
    let header = vec![("Docker-Content-Digest", other.to_string())];
    let server = always(move || Answer::Plain(200, header.clone(), b"{}".to_vec()));
    pull(&server, SMALL).refused("the manifest of");
}

#[test]
fn bodies_without_end() {
    let bound = Bound { mib: 400, ..LARGE };
    let words = "is larger than 104857600 bytes, which is the most that is read";
    ask(&repository("", endless).url, bound).refused(words);
    // The manifest says how long the chart is.
    pull(&registry(&Digest::of(b"x"), endless), SMALL).refused("is larger than");
    let words = "is larger than 4194304 bytes, which is the most that is read";
    pull(&always(endless), SMALL).refused(words);
    let words = "is larger than 268435456 bytes, which is the most that is read";
    ask(&always(endless).url, INDEX).refused(words);
}

#[test]
fn bombs() {
    let packed = archive([file(b"a/z", &vec![0; 101 << 20])]);
    let bound = Bound { seconds: 60.0, mib: 250 };
    ask(&repository("", move || ok(packed.clone())).url, bound)
        .refused("unable to load chart archive");
}

#[test]
fn an_index_of_twenty_megabytes() {
    let entry = "  - apiVersion: v2\n    name: b\n    version: 0.0.1\n    urls: [b.tgz]\n";
    let many = index("") + "  b:\n" + &entry.repeat((20 << 20) / entry.len());
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/index.yaml" => ok(many.clone()),
        _ => ok(chart()),
    });
    ask(&server.url, Bound { seconds: 60.0, mib: 400 }).accepted("kind: Done");
}

#[test]
fn indices_that_are_none() {
    let bomb = {
        let mut text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (last, name) in ('a'..='i').zip('b'..) {
            let aliases = vec![format!("*{last}"); 10].join(",");
            text += &format!("{name}: &{name} [{aliases}]\n");
        }
        text
    };
    for (text, words) in [
        (bomb, "excessive aliasing"),
        ("[".repeat(1_000_000), "exceeded max depth"),
        (" ".repeat(20 << 20), "no API version specified"),
        ("entries: {a: [{}]}\napiVersion: v1\n".to_owned(), "chart \"a\" not found"),
        ("\u{0}\u{1}".to_owned(), "control characters are not allowed"),
    ] {
        let server = always(move || ok(text.clone()));
        ask(&server.url, INDEX).refused(words);
    }
}

#[test]
fn headers() {
    let line = b"X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    for (start, again) in [
        (&b"HTTP/1.1 200 OK\r\n"[..], &line[..]),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        (b"HTTP/1.1 200 ", b"OKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOKOK"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"nonsense\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n", b""),
        (b"", b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ] {
        println!("{}", String::from_utf8_lossy(start));
        let server = always(move || raw(start, again));
        ask(&server.url, SMALL).refused("looks like \"http://127.0.0.1");
        pull(&server, SMALL).refused("Get \"http://127.0.0.1");
    }
}

/// Bodies, headers, and nothing at all.
const SLOW: [fn() -> Answer; 3] =
    [dripping, || slowly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), || slowly(b"", b"")];

/// It waited for this, and printed nothing.
fn in_vain(ran: &Ran, url: &str) {
    ran.refused(&format!("Get \"{url}"));
    ran.refused("\": timeout awaiting the answer");
    assert_eq!(ran.stdout, "");
}

/// A schema is not worth a long wait.
#[test]
fn schemas_by_drops() {
    thread::scope(|scope| {
        for drips in SLOW {
            scope.spawn(move || {
                let (server, bench) = (always(drips), Bench::with_template("a: 1"));
                let schema = format!("{{\"$ref\": \"{}/s.json\"}}", server.url);
                bench.write("c/values.schema.json", schema);
                bench.render(SMALL).refused("timeout awaiting the answer");
            });
        }
    });
}

#[test]
#[ignore = "takes the two minutes that a server may take"]
fn charts_by_drops() {
    let digest = Digest::of(&chart());
    thread::scope(|scope| {
        for drips in SLOW {
            scope.spawn(move || {
                let server = always(drips);
                in_vain(&ask(&server.url, SMALL), &format!("{}/index.yaml", server.url));
            });
            scope.spawn(move || {
                let server = always(drips);
                in_vain(&pull(&server, SMALL), &format!("{}/v2/a/manifests/0.1.0", server.url));
            });
        }
        scope.spawn(|| {
            let server = repository(&digest.hex(), dripping);
            in_vain(&ask(&server.url, SMALL), &format!("{}/a.tgz", server.url));
        });
        scope.spawn(|| {
            let server = registry(&digest, dripping);
            in_vain(&pull(&server, SMALL), &format!("{}/v2/a/blobs/{digest}", server.url));
        });
    });
}

#[test]
fn wrong_lengths() {
    for (answer, words) in [
        // More is promised than comes.
        (
            &b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\nentries: {}"[..],
            "Peer disconnected",
        ),
        // Less is promised than the text has: what is read is cut.
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n[[[[[[[[[",
            "did not find",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "larger than 268435456 bytes"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
            "Get \"http",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "Get \"http"),
    ] {
        println!("{}", String::from_utf8_lossy(answer));
        let server = always(move || raw(answer, b""));
        ask(&server.url, SMALL).refused(words);
    }
}

/// Drafts that are told by drafts that are told by drafts.
#[test]
fn schemas_of_schemas() {
    let url = Arc::new(OnceLock::<String>::new());
    let known = Arc::clone(&url);
    let server = Server::start(move |asked| {
        ok(format!("{{\"$schema\": \"{}{}x\"}}", known.get().unwrap(), asked.path))
    });
    url.set(server.url.clone()).unwrap();
    let bench = Bench::with_template("a: 1");
    let schema = format!("{{\"$schema\": \"{}/\"}}", server.url);
    bench.write("c/values.schema.json", schema);
    bench.render(SMALL).refused(&format!("cycle in resolving $schema in \"{}/x", server.url));
}

#[test]
fn redirects() {
    let circle = Server::start(|asked| {
        Answer::Plain(302, vec![("Location", format!("{}x", asked.path))], Vec::new())
    });
    ask(&circle.url, SMALL).refused("stopped after 10 redirects");
    assert_eq!(circle.requests().len(), 11);
    pull(&circle, SMALL).refused("stopped after 10 redirects");
    for (target, words) in [
        ("file:///etc/passwd", "scheme \"file\" not supported"),
        ("gopher://127.0.0.1/", "scheme \"gopher\" not supported"),
        ("http://[::1", "failed to parse Location header"),
        ("http://127.0.0.1:1/", "connection refused"),
    ] {
        println!("{target}");
        let server =
            always(move || Answer::Plain(301, vec![("Location", target.to_owned())], Vec::new()));
        ask(&server.url, SMALL).refused(words);
    }
}
