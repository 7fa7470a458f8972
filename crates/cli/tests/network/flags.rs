//! Flag by flag, variable by variable.

use crate::server::{Answer, Asked, Server, ok};
use crate::world::World;

const SHOW: [&str; 2] = ["show", "chart"];

/// `show chart a --repo URL` and more.
fn repo<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&SHOW, &["a", "--repo", url][..], more].concat()
}

#[test]
fn trust() {
    let world = World::with_certificates();
    let server = Server::secure(world.tls("server", false), world.repository());
    let url = &format!("https://{}", server.host);
    let said = world.both(false, &repo(url, &[]), &[]);
    assert!(said.contains("certificate"), "{said}");
    world.both(true, &repo(url, &["--ca-file", "ca.pem"]), &[]);
    world.both(true, &repo(url, &["--insecure-skip-tls-verify"]), &[]);
    world.both(true, &repo(url, &[]), &[("SSL_CERT_FILE", &world.path("ca.pem"))]);
    world.both(false, &repo(url, &["--ca-file", "missing.pem"]), &[]);
    world.both(false, &repo(url, &["--ca-file", "a/Chart.yaml"]), &[]);
    // A certificate for another host.
    let other = Server::secure(world.tls("other", false), world.repository());
    let url = &format!("https://{}", other.host);
    let said = world.both(false, &repo(url, &["--ca-file", "ca.pem"]), &[]);
    assert!(said.contains("certificate"), "{said}");
    world.both(true, &repo(url, &["--insecure-skip-tls-verify"]), &[]);
}

#[test]
fn client_certificates() {
    let world = World::with_certificates();
    let server = Server::secure(world.tls("server", true), world.repository());
    let url = &format!("https://{}", server.host);
    let ca = ["--ca-file", "ca.pem"];
    world.both(false, &repo(url, &ca), &[]);
    let pair = ["--cert-file", "client.pem", "--key-file", "client.key"];
    world.both(true, &repo(url, &[&ca[..], &pair].concat()), &[]);
    // Half of a pair is none.
    world.both(false, &repo(url, &[&ca[..], &pair[..2]].concat()), &[]);
    world.both(false, &repo(url, &[&ca[..], &pair[2..]].concat()), &[]);
    let missing = ["--cert-file", "client.pem", "--key-file", "missing.key"];
    world.both(false, &repo(url, &[&ca[..], &missing].concat()), &[]);
    let mixed = ["--cert-file", "client.pem", "--key-file", "server.key"];
    world.both(false, &repo(url, &[&ca[..], &mixed].concat()), &[]);
}

#[test]
fn known_repositories() {
    let world = World::with_certificates();
    let server = Server::secure(world.tls("server", true), world.repository());
    let guarded = Server::plain(login(world.repository()));
    let (ca, cert, key) =
        (world.path("ca.pem"), world.path("client.pem"), world.path("client.key"));
    let list = format!(
        "apiVersion: \"\"\nrepositories:\n- name: secure\n  url: https://{0}\n  caFile: {ca}\n  \
         certFile: {cert}\n  keyFile: {key}\n- name: careless\n  url: https://{0}\n  \
         certFile: {cert}\n  keyFile: {key}\n  insecure_skip_tls_verify: true\n- name: bare\n  \
         url: https://{0}\n- name: login\n  url: http://{1}\n  username: u\n  password: p\n",
        server.host, guarded.host
    );
    world.write("repositories.yaml", &list);
    let index = "apiVersion: v1\nentries:\n  a:\n  - apiVersion: v2\n    name: a\n    \
                 version: 1.0.0\n    urls: [a-1.0.0.tgz]\n";
    for name in ["secure", "careless", "bare", "login"] {
        world.write(&format!("repositories/{name}-index.yaml"), index);
    }
    let from = |chart: &'static str| {
        let files =
            ["--repository-config", "repositories.yaml", "--repository-cache", "repositories"];
        [&SHOW, &[chart][..], &files].concat()
    };
    world.both(true, &from("secure/a"), &[]);
    // Helm writes this field and does not read it.
    world.both(false, &from("careless/a"), &[]);
    world.both(false, &from("bare/a"), &[]);
    world.both(true, &from("login/a"), &[]);
}

#[test]
fn registries() {
    let world = World::with_certificates();
    let secure = Server::secure(world.tls("server", true), world.registry());
    let plain = Server::plain(world.registry());
    let chart = &format!("oci://{}/a", secure.host);
    let show =
        |more: &[&'static str]| [&SHOW, &[chart.as_str(), "--version", "1.0.0"][..], more].concat();
    let pair = ["--cert-file", "client.pem", "--key-file", "client.key"];
    world.both(false, &show(&pair), &[]);
    world.both(false, &show(&["--ca-file", "ca.pem"]), &[]);
    world.both(true, &show(&[&["--ca-file", "ca.pem"], &pair[..]].concat()), &[]);
    world.both(true, &show(&[&["--insecure-skip-tls-verify"], &pair[..]].concat()), &[]);
    world.both(false, &show(&["--plain-http"]), &[]);
    let chart = &format!("oci://{}/a", plain.host);
    let show =
        |more: &[&'static str]| [&SHOW, &[chart.as_str(), "--version", "1.0.0"][..], more].concat();
    world.both(true, &show(&["--plain-http"]), &[]);
    world.both(false, &show(&[]), &[]);
}

/// Lets in only user `u` with password `p`.
fn login(
    inner: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> impl Fn(&Asked) -> Answer + Send + Sync + 'static {
    move |asked: &Asked| match asked.authorization.as_deref() {
        Some("Basic dTpw") => inner(asked),
        _ => (401, vec![("WWW-Authenticate".to_owned(), "Basic realm=\"x\"".to_owned())], vec![]),
    }
}

#[test]
fn names_and_passwords() {
    let world = World::new();
    let server = Server::plain(login(world.repository()));
    let url = &format!("http://{}", server.host);
    let good = ["--username", "u", "--password", "p"];
    let said = world.both(false, &repo(url, &[]), &[]);
    assert!(said.contains("401"), "{said}");
    world.both(true, &repo(url, &good), &[]);
    world.both(false, &repo(url, &["--username", "u", "--password", "q"]), &[]);
    world.both(false, &repo(url, &good[..2]), &[]);
    let oci = Server::plain(login(world.registry()));
    let chart = format!("oci://{}/a", oci.host);
    let show = [&SHOW, &[chart.as_str(), "--version", "1.0.0", "--plain-http"][..]].concat();
    world.both(false, &show, &[]);
    world.both(true, &[&show[..], &good].concat(), &[]);
}

#[test]
fn credentials_for_all_hosts() {
    let world = World::new();
    let elsewhere = Server::plain(login(world.repository()));
    let index = format!(
        "apiVersion: v1\nentries:\n  a:\n  - apiVersion: v2\n    name: a\n    version: 1.0.0\n    \
         urls: [\"http://{}/a-1.0.0.tgz\"]\n",
        elsewhere.host
    );
    let server = Server::plain(login(move |_: &Asked| ok(index.clone())));
    let url = &format!("http://{}", server.host);
    let good = ["--username", "u", "--password", "p"];
    world.both(false, &repo(url, &good), &[]);
    assert!(elsewhere.requests().iter().all(|asked| asked.authorization.is_none()));
    world.both(true, &repo(url, &[&good[..], &["--pass-credentials"]].concat()), &[]);
}

#[test]
fn helpers() {
    let world = World::new();
    let server = Server::plain(login(world.registry()));
    let chart = format!("oci://{}/a", server.host);
    let show = [&SHOW, &[chart.as_str(), "--version", "1.0.0", "--plain-http"][..]].concat();
    let path = &world.path("bin");
    let environment = [("PATH", path.as_str())];
    world.script(
        "bin/docker-credential-test",
        &format!(
            "#!/bin/sh\nread server\nif [ \"$1 $server\" = 'get {0}' ]; then\n  \
             echo '{{\"ServerURL\":\"{0}\",\"Username\":\"u\",\"Secret\":\"p\"}}'\nelse\n  \
             echo 'credentials not found in native keychain'\n  exit 1\nfi\n",
            server.host
        ),
    );
    world.script("bin/docker-credential-broken", "#!/bin/sh\necho 'the vault is shut'\nexit 1\n");
    let config = |text: &str| world.write("docker/config.json", text);
    world.both(false, &show, &environment);
    config(&format!("{{\"credHelpers\":{{\"{}\":\"test\"}}}}", server.host));
    world.both(true, &show, &environment);
    config("{\"credsStore\":\"test\"}");
    world.both(true, &show, &environment);
    // A helper that knows nothing of this server.
    config("{\"credHelpers\":{\"elsewhere.test\":\"test\"}}");
    world.both(false, &show, &environment);
    config("{\"credsStore\":\"broken\"}");
    let said = world.both(false, &show, &environment);
    assert!(said.contains("the vault is shut"), "{said}");
    config("{\"credsStore\":\"missing\"}");
    world.both(false, &show, &environment);
    // Flags count more than helpers.
    let good = ["--username", "u", "--password", "p"];
    world.both(true, &[&show[..], &good].concat(), &environment);
}

#[test]
fn proxies() {
    let world = World::with_certificates();
    let secure = Server::secure(world.tls("server", false), world.repository());
    let proxy = Server::proxy(secure.host.clone(), world.repository());
    let address = &format!("http://{}", proxy.host);
    let plain = &repo("http://charts.example.test", &[]);
    world.both(true, plain, &[("HTTP_PROXY", address)]);
    let asked = proxy.requests();
    let wanted = "http://charts.example.test/index.yaml";
    assert_eq!(asked.iter().filter(|asked| asked.target == wanted).count(), 2, "{asked:?}");
    world.both(true, plain, &[("http_proxy", address)]);
    let with_login = &format!("http://u:p@{}", proxy.host);
    proxy.requests();
    world.both(true, plain, &[("HTTP_PROXY", with_login)]);
    let logins = proxy.requests();
    assert!(logins.iter().all(|a| a.proxy_authorization.as_deref() == Some("Basic dTpw")));
    world.both(false, plain, &[("HTTP_PROXY", address), ("NO_PROXY", "example.test")]);
    world.both(false, plain, &[("HTTPS_PROXY", address)]);
    assert_eq!(proxy.requests().len(), 0);
    let tunnel = &repo("https://charts.example.test", &["--ca-file", "ca.pem"]);
    world.both(true, tunnel, &[("HTTPS_PROXY", address)]);
    assert!(proxy.requests().iter().all(|asked| asked.target == "charts.example.test:443"));
    world.both(false, tunnel, &[("HTTPS_PROXY", address), ("no_proxy", "*")]);
    // This machine is asked directly.
    let own = Server::plain(world.repository());
    let url = &format!("http://{}", own.host);
    world.both(true, &repo(url, &[]), &[("HTTP_PROXY", "http://127.0.0.1:1")]);
    world.both(false, plain, &[("HTTP_PROXY", "http://127.0.0.1:1")]);
}
