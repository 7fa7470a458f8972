//! Chart repositories over HTTP.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use registry::locate::Source;
use registry::{Access, Digest};

use crate::bench::Bench;
use crate::server::{Answer, Server, endless, ok, status};

const CHART: &[u8] = b"not really a chart, but nobody looks inside yet";

fn index(url: &str, digest: &str) -> String {
    let entry = |version: &str| {
        format!(
            "  - apiVersion: v2\n    name: a\n    version: {version}\n    digest: {digest}\n    \
             urls:\n    - {url}\n"
        )
    };
    format!(
        "apiVersion: v1\nentries:\n  a:\n{}{}{}generated: now\n",
        entry("1.0.0"),
        entry("1.2.0"),
        entry("2.0.0-rc.1")
    )
}

fn from(server: &Server) -> Source {
    Source { repository: server.url.clone(), ..Source::default() }
}

fn directory(digest: &'static str) -> Server {
    Server::start(move |asked| match asked.path.as_str() {
        "/index.yaml" => ok(index("a.tgz", digest)),
        "/a.tgz" => ok(CHART),
        _ => status(404),
    })
}

#[test]
fn by_address() {
    let (bench, server) = (Bench::new(), directory(""));
    assert_eq!(bench.locate("a", &from(&server)).unwrap().0, CHART);
    let url = format!("{}/a.tgz", server.url);
    assert_eq!(bench.locate(&url, &Source::default()).unwrap().0, CHART);
    assert_eq!(
        bench.failure("b", &from(&server)),
        format!("chart \"b\" not found in {} repository", server.url)
    );
    let version = Source { version: "9".to_owned(), ..from(&server) };
    assert_eq!(
        bench.failure("a", &version),
        format!("chart \"a\" version \"9\" not found in {} repository", server.url)
    );
    let nowhere = Source { repository: format!("{}/x", server.url), ..Source::default() };
    assert_eq!(
        bench.failure("a", &nowhere),
        format!(
            "looks like \"{0}/x\" is not a valid chart repository or cannot be reached: \
             failed to fetch {0}/x/index.yaml : 404 Not Found",
            server.url
        )
    );
}

#[test]
fn by_name_and_then_without_a_network() {
    let bench = Bench::new();
    let digest: &'static str = Digest::of(CHART).hex().leak();
    let server = directory(digest);
    assert_eq!(bench.failure("r/a", &Source::default()), "repo r not found");
    let list = format!("repositories:\n- name: r\n  url: {}\n", server.url);
    bench.write("home/.config/helm/repositories.yaml", &list);
    assert_eq!(
        bench.failure("r/a", &Source::default()),
        format!(
            "no cached repo found. (try 'helm repo update'): open {}/r-index.yaml: \
             no such file or directory",
            bench.settings.repository_cache.display()
        )
    );
    bench.write("home/.cache/helm/repository/r-index.yaml", &index("a.tgz", digest));
    assert_eq!(bench.locate("r/a", &Source::default()).unwrap().0, CHART);
    assert_eq!(server.requests().len(), 1);
    // The second time the content cache answers.
    assert_eq!(bench.locate("r/a", &Source::default()).unwrap().0, CHART);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(
        bench.failure("r/b", &Source::default()),
        "chart \"b\" matching  not found in r index. (try 'helm repo update'): \
         no chart name found"
    );
    let version = Source { version: "^7".to_owned(), ..Source::default() };
    assert_eq!(
        bench.failure("r/a", &version),
        "chart \"a\" matching ^7 not found in r index. (try 'helm repo update'): \
         no chart version found for a-^7"
    );
    assert_eq!(
        bench.failure("a", &Source::default()),
        "non-absolute URLs should be in form of repo_name/path_to_chart, got: a"
    );
    assert_eq!(bench.failure("./a", &Source::default()), "path \"./a\" not found");
}

#[test]
fn another_digest_than_the_index_says() {
    let (bench, server) = (Bench::new(), directory(Digest::of(b"other").hex().leak()));
    let error = bench.failure("a", &from(&server));
    assert!(error.contains("is not what the repository's index says"), "{error}");
}

#[test]
fn credentials_stay_with_their_host() {
    let bench = Bench::new();
    let other = Server::start(|_| ok(CHART));
    let chart = format!("{}/a.tgz", other.url);
    let moved = chart.clone();
    let server = Server::start(move |asked| {
        if asked.authorization.is_none() {
            return status(401);
        }
        match asked.path.as_str() {
            "/index.yaml" => ok(index("/moved", "")),
            "/elsewhere/index.yaml" => ok(index(&chart, "")),
            _ => Answer::Plain(302, vec![("Location", moved.clone())], Vec::new()),
        }
    });
    let access = Access { username: "u".to_owned(), password: "p".to_owned(), ..Access::default() };
    assert!(bench.failure("a", &from(&server)).contains("401 Unauthorized"));
    let known = Source { access, ..from(&server) };
    // By redirect, and by an absolute URL in the index.
    let elsewhere = Source { repository: format!("{}/elsewhere", server.url), ..known.clone() };
    for source in [known, elsewhere] {
        assert_eq!(bench.locate("a", &source).unwrap().0, CHART);
    }
    assert!(other.requests().iter().all(|asked| asked.authorization.is_none()));
    assert_eq!(other.requests().len(), 2);
}

/// Nothing, ever: ends when the client goes away.
fn silent() -> Answer {
    Answer::Raw(Box::new(|mut stream| drop(stream.read_to_end(&mut Vec::new()))))
}

/// A drop every tenth of a second.
fn slowly(start: &'static [u8], drop: &'static [u8]) -> Answer {
    Answer::Raw(Box::new(move |mut stream| {
        let mut goes_on = stream.write_all(start).is_ok();
        while goes_on {
            std::thread::park_timeout(Duration::from_millis(100));
            goes_on = stream.write_all(drop).is_ok();
        }
    }))
}

#[test]
fn servers_that_never_end_or_never_answer() {
    let bench = Bench::with_patience(Duration::from_millis(700));
    let silent = Server::start(|_| silent());
    assert!(bench.failure("a", &from(&silent)).contains("timeout"), "silent");
    let body = Server::start(|_| slowly(b"HTTP/1.1 200 OK\r\n\r\n", b" "));
    assert!(bench.failure("a", &from(&body)).contains("timeout"), "body");
    let head = Server::start(|_| slowly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"));
    assert!(bench.failure("a", &from(&head)).contains("timeout"), "head");
    let endless = Server::start(|_| endless());
    let error = bench.failure("a", &from(&endless));
    assert!(error.contains("larger than") || error.contains("timeout"), "{error}");
    let circle = Server::start(|asked| {
        Answer::Plain(302, vec![("Location", asked.path.clone())], Vec::new())
    });
    assert!(bench.failure("a", &from(&circle)).contains("stopped after 10 redirects"));
    let nothing = Source { repository: "http://127.0.0.1:1".to_owned(), ..Source::default() };
    let error = bench.failure("a", &nothing);
    assert!(
        error.ends_with("Get \"http://127.0.0.1:1/index.yaml\": connection refused"),
        "{error}"
    );
}
