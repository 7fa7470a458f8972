//! OCI registries: a real one, filled and asked by the real Helm too, and false ones.

use std::fs;

use registry::Digest;
use registry::locate::Source;

use crate::bench::{Bench, OciRegistry};
use crate::server::{Answer, Asked, Server, endless, ok, status};

fn plain(version: &str) -> Source {
    Source { version: version.to_owned(), plain_http: true, ..Source::default() }
}

#[test]
fn the_same_chart_as_helm() {
    let (bench, oci) = (Bench::new(), OciRegistry::start());
    let place = format!("oci://{}/charts", oci.host);
    for version in ["0.1.0", "0.2.0+build.5", "1.0.0-rc.1"] {
        bench.chart("demo", version);
        bench.helm(&["package", "demo"]).unwrap();
        let archive = format!("demo-{version}.tgz");
        bench.helm(&["push", &archive, &place, "--plain-http"]).unwrap();
    }
    let reference = format!("{place}/demo");
    for (wanted, version) in
        [("", "0.2.0+build.5"), ("^0.1", "0.1.0"), ("1.0.0-rc.1", "1.0.0-rc.1")]
    {
        let (content, said) = bench.locate(&reference, &plain(wanted)).unwrap();
        let mut pull = vec!["pull", &reference, "--plain-http", "-d", "pulled"];
        if !wanted.is_empty() {
            pull.extend(["--version", wanted]);
        }
        fs::create_dir_all(bench.root.join("pulled")).unwrap();
        bench.helm(&pull).unwrap();
        let theirs = fs::read(bench.root.join(format!("pulled/demo-{version}.tgz"))).unwrap();
        assert_eq!(content, theirs, "{wanted}");
        let tag = version.replace('+', "_");
        let first = format!("Pulled: {}/charts/demo:{tag}\nDigest: sha256:", oci.host);
        assert!(said.starts_with(&first), "{said}");
        assert_eq!(said.contains("contains an underscore"), version.contains('+'));
    }
    for (name, version) in [
        ("demo", "9.9.9"),
        ("demo", ">9"),
        ("demo", "not a version"),
        ("demo:0.1.0", "0.2.0"),
        ("demo@sha256:aaaa", ""),
        ("nope", ""),
        ("Demo", ""),
    ] {
        let reference = format!("{place}/{name}");
        let ours = bench.failure(&reference, &plain(version));
        let mut show = vec!["show", "chart", &reference, "--plain-http"];
        if !version.is_empty() {
            show.extend(["--version", version]);
        }
        let theirs = bench.helm(&show).unwrap_err();
        assert_eq!(format!("Error: {ours}\n"), theirs, "{name} {version}");
    }
}

const CHART: &[u8] = b"a chart";

fn manifest(layer: &Digest, size: usize) -> String {
    format!(
        "{{\"config\":{{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\"}},\"layers\":[{{\
         \"mediaType\":\"application/vnd.cncf.helm.chart.content.v1.tar+gzip\",\
         \"digest\":\"{layer}\",\"size\":{size}}}]}}"
    )
}

fn registry(blob: impl Fn() -> Answer + Send + Sync + 'static) -> Server {
    Server::start(move |asked| match asked.path.as_str() {
        "/v2/a/manifests/1.0.0" => ok(manifest(&Digest::of(CHART), CHART.len())),
        path if path.starts_with("/v2/a/blobs/") => blob(),
        _ => status(404),
    })
}

fn reference(server: &Server) -> String {
    format!("oci://{}/a:1.0.0", server.host())
}

#[test]
fn registries_that_lie() {
    let bench = Bench::new();
    let liar = registry(|| ok(&b"another"[..]));
    let error = bench.failure(&reference(&liar), &plain(""));
    assert!(error.starts_with("the chart of 127.0.0.1"), "{error}");
    assert!(error.contains("is not what the registry says"), "{error}");
    let long = registry(endless);
    assert!(bench.failure(&reference(&long), &plain("")).contains("larger than"));
    let endless = Server::start(|_| endless());
    assert!(bench.failure(&reference(&endless), &plain("")).contains("larger than"));
    let huge = Server::start(|_| ok(manifest(&Digest::of(CHART), 1 << 40)));
    assert!(bench.failure(&reference(&huge), &plain("")).contains("more than the 104857600"));
    let other = Server::start(|_| {
        let digest = Digest::of(b"other").to_string();
        Answer::Plain(200, vec![("Docker-Content-Digest", digest)], b"{}".to_vec())
    });
    let error = bench.failure(&reference(&other), &plain(""));
    assert!(error.starts_with("the manifest of"), "{error}");
    let image = Server::start(|_| ok("{\"config\":{\"mediaType\":\"x\"}}"));
    assert!(bench.failure(&reference(&image), &plain("")).starts_with("could not load config"));
    let honest = registry(|| ok(CHART));
    assert_eq!(bench.locate(&reference(&honest), &plain("")).unwrap().0, CHART);
}

/// A registry that wants a token, which its token server gives to user `u` with password `p`.
fn guarded(asked: &Asked, host: &str) -> Answer {
    if asked.path.starts_with("/token") {
        assert!(asked.path.contains("scope=repository%3Aa%3Apull"), "{}", asked.path);
        return match asked.authorization.as_deref() {
            Some("Basic dTpw") => ok("{\"token\":\"secret\"}"),
            _ => status(401),
        };
    }
    if asked.authorization.as_deref() != Some("Bearer secret") {
        let challenge = format!(
            "Bearer realm=\"http://{host}/token\",service=\"s\",scope=\"repository:a:pull\""
        );
        return Answer::Plain(401, vec![("WWW-Authenticate", challenge)], Vec::new());
    }
    match asked.path.as_str() {
        "/v2/a/manifests/1.0.0" => ok(manifest(&Digest::of(CHART), CHART.len())),
        _ => ok(CHART),
    }
}

#[test]
fn tokens_and_logins() {
    let bench = Bench::new();
    let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&host);
    let server = Server::start(move |asked| guarded(asked, known.get().unwrap()));
    host.set(server.host().to_owned()).unwrap();
    assert!(bench.failure(&reference(&server), &plain("")).contains("401"));
    let mut flags = plain("");
    flags.access.username = "u".to_owned();
    flags.access.password = "p".to_owned();
    assert_eq!(bench.locate(&reference(&server), &flags).unwrap().0, CHART);
    // The same by Docker's login file, under an old spelling of the server.
    let login = format!("{{\"auths\":{{\"http://{}/v1/\":{{\"auth\":\"dTpw\"}}}}}}", server.host());
    bench.write("home/.docker/config.json", &login);
    assert_eq!(bench.locate(&reference(&server), &plain("")).unwrap().0, CHART);
    bench.write("home/.config/helm/registry/config.json", "{");
    assert!(bench.failure(&reference(&server), &plain("")).contains("invalid config format"));
}
