//! Services whose charts are elsewhere.

use crate::server::Server;
use crate::world::World;

/// A catalogue of one service, whose chart is at an address.
fn service(world: &World, reference: &str, digest: &str) {
    world.write(
        "cat/services/web.yaml",
        &format!(
            "service: web\ntitle: {{en: Web, fr: Web}}\nwords: {{en: A., fr: A.}}\n\
             chart: {{reference: {reference}, version: 1.0.0, {digest}}}\n"
        ),
    );
    world.write("socle.yaml", "domain: a.example\nservices: [web]\n");
}

#[test]
fn an_archive_of_a_repository_is_the_one_that_is_meant() {
    let world = World::new();
    let repository = Server::plain(world.repository());
    let reference = format!("http://{}/a", repository.host);
    let build = ["build", "--catalog", "cat"];
    service(&world, &reference, "digest: \"sha256:00\"");
    let done = world.platform(&build);
    let (_, rest) = done.err.split_once("its digest is ").unwrap();
    let digest = rest.split(',').next().unwrap();
    service(&world, &reference, &format!("digest: {digest}"));
    let done = world.platform(&build);
    assert!(done.success, "{}", done.err);
    let before = std::fs::read(world.path("install/SHA256SUMS")).unwrap();
    // Another archive than the one that is meant leaves what was built.
    service(&world, &reference, "digest: \"sha256:00\"");
    assert!(!world.platform(&build).success);
    assert_eq!(std::fs::read(world.path("install/SHA256SUMS")).unwrap(), before);
    service(&world, &reference, "");
    let done = world.platform(&build);
    let warning = "has no digest: another one may stand there tomorrow";
    assert!(done.success && done.err.contains(warning), "{}", done.err);
    assert!(done.err.contains("add `digest: sha256:…` beside its version"), "{}", done.err);
}
