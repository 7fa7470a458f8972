//! What is said of servers that answer wrongly, word for word. `HOST` stands for the server.

use helm::log::Log;
use registry::Digest;
use registry::dependency::{Manager, Options};
use registry::locate::Source;

use crate::bench::Bench;
use crate::server::{Answer, Server, ok, status};

const CHART: &[u8] = b"a chart";
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// A manifest with one layer.
fn manifest(config: &str, kind: &str, layer: &Digest, size: u64) -> String {
    format!(
        "{{\"config\":{{\"mediaType\":\"{config}\"}},\"layers\":[{{\"mediaType\":\"{kind}\",\
         \"digest\":\"{layer}\",\"size\":{size}}}]}}"
    )
}

/// A registry that gives this for every manifest, and this for everything else.
fn registry(
    manifest: impl Fn() -> Answer + Send + Sync + 'static,
    other: impl Fn() -> Answer + Send + Sync + 'static,
) -> Server {
    Server::start(
        move |asked| if asked.path.contains("/manifests/") { manifest() } else { other() },
    )
}

/// What is said of `oci://HOST/a` and this.
fn pull(bench: &Bench, server: &Server, more: &str, version: &str) -> String {
    let source = Source { version: version.to_owned(), plain_http: true, ..Source::default() };
    let error = bench.failure(&format!("oci://{}/a{more}", server.host()), &source);
    error.replace(server.host(), "HOST")
}

/// What is said of a repository's chart `a`.
fn ask(bench: &Bench, server: &Server) -> String {
    let source = Source { repository: server.url.clone(), ..Source::default() };
    bench.failure("a", &source).replace(server.host(), "HOST")
}

#[test]
fn of_manifests() {
    let digest = Digest::of(CHART);
    let whole = || manifest(CONFIG, LAYER, &Digest::of(CHART), 7);
    let (named, other) = (Digest::of(whole().as_bytes()), Digest::of(b"other"));
    let bench = Bench::new();
    let denied =
        "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not for you\"},{\"code\":\"X_Y\"}]}";
    let plain = |code, body: &str| (code, Vec::new(), body.to_owned());
    let cases = [
        (
            plain(403, denied),
            "GET \"http://HOST/v2/a/manifests/1.0.0\": response status code 403: \
             denied: not for you; x y"
                .to_owned(),
        ),
        (
            plain(404, ""),
            "failed to perform \"FetchReference\" on source: HOST/a:1.0.0: not found".to_owned(),
        ),
        (
            plain(200, "{"),
            "the manifest of http://HOST/v2/a/manifests/1.0.0 cannot be read: \
             EOF while parsing an object at line 1 column 1"
                .to_owned(),
        ),
        (
            plain(200, &manifest("x", LAYER, &digest, 7)),
            "could not load config with mediatype application/vnd.cncf.helm.config.v1+json"
                .to_owned(),
        ),
        (
            plain(200, &manifest(CONFIG, "x", &digest, 7)),
            "manifest does not contain a layer with mediatype \
             application/vnd.cncf.helm.chart.content.v1.tar+gzip"
                .to_owned(),
        ),
        (
            plain(200, &manifest(CONFIG, LAYER, &digest, 1 << 30)),
            "the chart in HOST/a:1.0.0 has 1073741824 bytes, more than the 104857600 that are read"
                .to_owned(),
        ),
        (
            (200, vec![("Docker-Content-Digest", other.to_string())], whole()),
            format!(
                "the manifest of HOST/a:1.0.0 is not what the registry says: it has digest \
                 {named}, not {other}"
            ),
        ),
    ];
    for ((code, headers, body), words) in cases {
        let answer = move || Answer::Plain(code, headers.clone(), body.clone().into_bytes());
        let server = registry(answer, || status(404));
        assert_eq!(pull(&bench, &server, ":1.0.0", ""), words);
    }
    let server = registry(move || ok(whole()), || ok(CHART));
    assert_eq!(
        pull(&bench, &server, &format!(":1.0.0@{other}"), ""),
        format!("chart reference digest mismatch: {named} is not {other}")
    );
}

#[test]
fn of_layers_and_tags() {
    let digest = Digest::of(CHART);
    let whole = || ok(manifest(CONFIG, LAYER, &Digest::of(CHART), 7));
    let bench = Bench::new();
    let server = registry(whole, || ok("another"));
    let found = Digest::of(b"another");
    assert_eq!(
        pull(&bench, &server, ":1.0.0", ""),
        format!(
            "the chart of HOST/a:1.0.0 is not what the registry says: it has digest {found}, \
             not {digest}"
        )
    );
    let server = registry(whole, || ok("longer than promised"));
    assert_eq!(
        pull(&bench, &server, ":1.0.0", ""),
        format!(
            "Get \"http://HOST/v2/a/blobs/{digest}\": the answer is larger than 7 bytes, which \
             is the most that is read"
        )
    );
    for (tags, words) in [
        ("{\"tags\":[]}", "unable to locate any tags in provided repository: oci://HOST/a"),
        (
            "{\"tags\":[\"1.0.0\"]}",
            "could not locate a version matching provided version string >2",
        ),
        (
            "[",
            "the list of tags of http://HOST/v2/a/tags/list cannot be read: EOF while parsing a \
             list at line 1 column 1",
        ),
    ] {
        let server = registry(whole, move || ok(tags));
        assert_eq!(pull(&bench, &server, "", ">2"), words);
    }
}

#[test]
fn of_logins() {
    let bench = Bench::new();
    let asks_for = |challenge: &'static str| {
        let refusal = move || {
            Answer::Plain(401, vec![("WWW-Authenticate", challenge.to_owned())], Vec::new())
        };
        registry(refusal, || ok("{\"token\":\"\"}"))
    };
    let server = asks_for("Basic realm=\"x\"");
    assert_eq!(
        pull(&bench, &server, ":1.0.0", ""),
        "Get \"http://HOST/v2/a/manifests/1.0.0\": basic credential not found"
    );
    for (challenge, words) in [
        (
            "Bearer realm=\"gopher://x/token\",service=\"s\"",
            "bearer realm \"gopher://x/token\" uses an unsupported scheme",
        ),
        (
            "Bearer realm=\"http://10.0.0.1/token\",service=\"s\"",
            "bearer realm \"http://10.0.0.1/token\" is a loopback, link-local, private, or \
             unspecified address",
        ),
        ("Bearer realm=\"http://[::1\",service=\"s\"", "bearer realm \"http://[::1\" is no URL"),
    ] {
        assert_eq!(pull(&bench, &asks_for(challenge), ":1.0.0", ""), words);
    }
    let config = "home/.config/helm/registry/config.json";
    bench.write(config, "{");
    let words = pull(&bench, &server, ":1.0.0", "");
    assert_eq!(
        words.replace(&bench.root.display().to_string(), "ROOT"),
        format!(
            "failed to decode config file ROOT/{config}: invalid config format: \
             EOF while parsing an object at line 1 column 1"
        )
    );
    bench.write(config, "{\"credsStore\":\"nobody-has-this\"}");
    assert_eq!(
        pull(&bench, &server, ":1.0.0", ""),
        "credential helper docker-credential-nobody-has-this: no such file or directory"
    );
}

#[test]
fn of_repositories() {
    let bench = Bench::new();
    let index = |digest: &Digest| {
        format!(
            "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    \
             digest: {}\n    urls: [a.tgz]\n",
            digest.hex()
        )
    };
    let (found, wanted) = (Digest::of(CHART), Digest::of(b"other"));
    let text = index(&wanted);
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/index.yaml" => ok(text.clone()),
        _ => ok(CHART),
    });
    assert_eq!(
        ask(&bench, &server),
        format!(
            "the chart at http://HOST/a.tgz is not what the repository's index says: \
             it has digest {found}, not {wanted}"
        )
    );
    let bad = "looks like \"http://HOST\" is not a valid chart repository or cannot be reached: ";
    for (location, words) in [
        (
            "http://[::1",
            "Get \"http://HOST/index.yaml\": failed to parse Location header: \
             parse \"http://[::1\": missing ']' in host",
        ),
        ("/index.yaml", "Get \"http://HOST/index.yaml\": stopped after 10 redirects"),
    ] {
        let server = Server::start(|_| {
            Answer::Plain(302, vec![("Location", location.to_owned())], Vec::new())
        });
        assert_eq!(ask(&bench, &server), format!("{bad}{words}"));
    }
}

/// The words of the real Helm, asked once for each.
#[test]
fn of_indexes() {
    let bench = Bench::new();
    let start = "looks like \"http://HOST\" is not a valid chart repository or cannot be reached: \
                 error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ";
    for (index, words) in [
        ("apiVersion: [1]", "array into Go struct field .apiVersion of type string"),
        (
            "apiVersion: v1\nentries: 5",
            "number into Go struct field .entries of type map[string]repo.ChartVersions",
        ),
        (
            "apiVersion: v1\nentries:\n  a: 5",
            "number into Go struct field .entries.a of type repo.ChartVersions",
        ),
        (
            "apiVersion: v1\nentries:\n  a: [5]",
            "number into .entries.a.0 of type repo.ChartVersion",
        ),
    ] {
        let server = Server::start(move |_| ok(index));
        assert_eq!(ask(&bench, &server), format!("{start}{words}"));
    }
}

/// What is said of a chart with this dependency.
fn depend(bench: &Bench, version: &str, repository: &str) -> String {
    let text = format!(
        "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- name: a\n  \
         version: \"{version}\"\n  repository: {repository}\n"
    );
    bench.write("c/Chart.yaml", &text);
    let source = Source { plain_http: true, ..Source::default() };
    let mut manager = Manager {
        network: &bench.network,
        settings: &bench.settings,
        chart: &bench.root.join("c"),
        options: &Options { source, ..Options::default() },
        pack: &|_| Err("nothing to pack here".to_owned()),
        out: &mut Vec::new(),
        log: &mut Log::default(),
    };
    manager.update().unwrap_err().words()
}

#[test]
fn of_dependencies() {
    let bench = Bench::new();
    let index = "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    \
                 urls: [a.tgz]\n";
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/index.yaml" => ok(index),
        _ => status(404),
    });
    let said = |version: &str, repository: &str| {
        depend(&bench, version, repository).replace(server.host(), "HOST")
    };
    assert_eq!(
        said("1.0.0", &server.url),
        "could not download http://HOST/a.tgz: failed to fetch http://HOST/a.tgz : 404 Not Found"
    );
    assert_eq!(
        said("^1", &format!("oci://{}", server.host())),
        "could not retrieve list of tags for repository oci://HOST: GET \
         \"http://HOST/v2/a/tags/list\": response status code 404: Not Found"
    );
}
