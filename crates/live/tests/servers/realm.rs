//! Realms: people who sign in to the platform's applications, how a realm follows its platform, and
//! where people come from.

use serde_json::{Value, json};

use crate::http::query;
use crate::keycloak::{KEYCLOAK, PASSWORD, hedgedoc, nextcloud, probe};
use crate::platform::{Platform, services};
use crate::sign_in::{Application, words};

#[test]
fn a_realm_follows_its_platform_and_lets_in_whom_it_should() {
    let secrets = KEYCLOAK.secrets();
    let compose = |rest: &str| KEYCLOAK.platform("first", rest, &secrets);
    let before = compose(&format!("services: [{}]\n", services().join(", ")));
    KEYCLOAK.reconcile(&before);
    assert_eq!(KEYCLOAK.person("first", "ada", "ada@a.example").0, 201);
    let by_hand = json!({ "clientId": "by-hand", "redirectUris": ["https://c.example/"] });
    assert_eq!(KEYCLOAK.send("POST", "first/clients", &by_hand).0, 201);
    every_client_lets_people_in(&before);
    everybody_is_known(&before);
    nobody_else_comes_in(&before);

    // A client joins, an address changes, and a secret too, of which the Job's name says nothing.
    let rest = "services: [hedgedoc, nextcloud, probe]\nhedgedoc: {hostname: notes.a.example}\n";
    let after = compose(rest);
    let name =
        |platform: &Platform| platform.object("Job", "keycloak-realm-")["metadata"]["name"].clone();
    assert_ne!(name(&before), name(&after));
    let (old, _) = hedgedoc(&before);
    secrets.set("hedgedoc-sso-client", "secret", "another-secret");
    assert_eq!(name(&after), name(&compose(rest)));
    KEYCLOAK.reconcile(&after);
    let browser = KEYCLOAK.browser();
    assert_eq!(old.page(&mut browser.clone()).1.status, 400);
    let (new, _) = hedgedoc(&after);
    assert_eq!(new.client_secret, "another-secret");
    let ada = new.sign_in(&browser, "ada", PASSWORD).unwrap().id_token;
    let forgotten = Application { client_secret: old.client_secret, ..new.clone() };
    assert!(forgotten.sign_in(&browser, "ada", PASSWORD).is_err());
    addresses_are_those_of_the_server(&after);
    roles_and_groups_are_told(&after, ada["sub"].as_str().unwrap());

    // At last a client that nobody needs goes; the others, what people have in them and what a
    // person made stay as they were.
    let of = |name: &str| KEYCLOAK.client("first", name);
    let known = || ["hedgedoc-sso", "probe-sso", "by-hand"].map(|name| of(name).unwrap());
    let all = known();
    let rest = "services: [hedgedoc, probe]\nhedgedoc: {hostname: notes.a.example}\n";
    let last = compose(rest);
    let said = KEYCLOAK.reconcile(&last);
    assert!(said.contains("client nextcloud-sso: gone, nothing needs it any more"), "{said}");
    assert_eq!(of("nextcloud-sso"), None);
    assert_eq!(known(), all);
    let (probe, env) = probe(&last);
    let ada = probe.sign_in(&browser, "ada", PASSWORD).unwrap().id_token;
    assert_eq!(ada[&env["ROLES_CLAIM"]], json!(["editor"]));
}

/// All clients of the realm's files, with each of their addresses; a star stands for anything.
fn every_client_lets_people_in(platform: &Platform) {
    let browser = KEYCLOAK.browser();
    let files = platform.object("ConfigMap", "keycloak-realm")["data"].as_object().unwrap();
    let job = platform.environment(platform.object("Job", "keycloak-realm-"));
    let clients = files.iter().filter(|(name, _)| name.starts_with("client-"));
    let mut names = Vec::new();
    for (_, text) in clients {
        let client: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        let variable = client["secret"].as_str().unwrap().trim_matches(['$', '{', '}']);
        let of = |end: &str| {
            format!("https://keycloak.a.example/realms/first/protocol/openid-connect/{end}")
        };
        for address in client["redirectUris"].as_array().unwrap() {
            let application = Application {
                authorization_url: of("auth"),
                token_url: of("token"),
                userinfo_url: of("userinfo"),
                client_id: client["clientId"].as_str().unwrap().to_owned(),
                client_secret: job[variable].clone(),
                redirect_uri: address.as_str().unwrap().replace('*', "anything"),
                scope: "openid".to_owned(),
            };
            let signed_in = application.sign_in(&browser, "ada", PASSWORD);
            let token = signed_in.unwrap_or_else(|said| panic!("{address}: {said}")).id_token;
            assert_eq!(token["aud"], client["clientId"]);
            let redirect_uri = format!("https://b.example/{}", application.client_id);
            let other = Application { redirect_uri, ..application };
            assert_eq!(other.page(&mut browser.clone()).1.status, 400);
        }
        names.push(client["clientId"].as_str().unwrap().to_owned());
    }
    for known in ["hedgedoc-sso", "nextcloud-sso"] {
        assert!(names.iter().any(|name| name == known), "{names:?}");
    }
}

/// Each application learns who somebody is, by the names that it asks for.
fn everybody_is_known(platform: &Platform) {
    let browser = KEYCLOAK.browser();
    let (notes, env) = hedgedoc(platform);
    let ada = notes.sign_in(&browser, "ada", PASSWORD).unwrap().userinfo;
    let of = |name: &str| &ada[&env[&format!("CMD_OAUTH2_USER_PROFILE_{name}_ATTR")]];
    assert_eq!(*of("USERNAME"), "ada");
    assert_eq!(*of("DISPLAY_NAME"), "Ada Lovelace");
    assert_eq!(*of("EMAIL"), "ada@a.example");
    assert!(of("ID").as_str().is_some_and(|id| !id.is_empty()));

    // user_oidc reads the token of identity, checks audience and issuer, and maps these by itself.
    let files = nextcloud(platform);
    let token = files.sign_in(&browser, "ada", PASSWORD).unwrap().id_token;
    assert_eq!(token["iss"], "https://keycloak.a.example/realms/first");
    assert_eq!(token["aud"], files.client_id.as_str());
    assert_eq!(token["azp"], files.client_id.as_str());
    assert_eq!(token["sub"], *of("ID"));
    assert_eq!(token["name"], "Ada Lovelace");
    assert_eq!(token["email"], "ada@a.example");
}

fn nobody_else_comes_in(platform: &Platform) {
    let browser = KEYCLOAK.browser();
    for good in [hedgedoc(platform).0, nextcloud(platform)] {
        assert!(good.sign_in(&browser, "ada", "guessed").is_err());
        let wrong = Application { client_secret: "guessed".to_owned(), ..good.clone() };
        let refused = wrong.sign_in(&browser, "ada", PASSWORD).err().unwrap();
        assert!(refused.contains("unauthorized_client"), "{refused}");
        let redirect_uri = "https://b.example/auth/oauth2/callback".to_owned();
        let (_, page) = Application { redirect_uri, ..good.clone() }.page(&mut browser.clone());
        assert_eq!(page.status, 400);
        assert!(words(&page.body).contains("Invalid parameter: redirect_uri"), "{}", page.body);
        let without = good.without_pkce(&browser);
        assert!(without.header("location").contains("error=invalid_request"), "{}", without.body);
        let forged = good.with_wrong_proof(&browser, "ada", PASSWORD);
        assert_eq!((forged.status, &forged.json()["error"]), (400, &json!("invalid_grant")));
    }
}

/// What the provisioner tells is what the server tells, and whoever signs out is led back where the
/// platform says, and nowhere else.
fn addresses_are_those_of_the_server(platform: &Platform) {
    let known = KEYCLOAK.browser().get("/realms/first/.well-known/openid-configuration").json();
    let (probe, env) = probe(platform);
    for (name, variable) in [
        ("issuer", "ISSUER"),
        ("authorization_endpoint", "AUTHORIZATION_URL"),
        ("token_endpoint", "TOKEN_URL"),
        ("userinfo_endpoint", "USERINFO_URL"),
        ("end_session_endpoint", "LOGOUT_URL"),
    ] {
        assert_eq!(known[name], *env[variable]);
    }
    let leave = |application: &Application, to: &str| {
        let fields = [("client_id", &*application.client_id), ("post_logout_redirect_uri", to)];
        KEYCLOAK.browser().get(&format!("{}?{}", env["LOGOUT_URL"], query(&fields)))
    };
    for (application, to) in [
        (nextcloud(platform), "https://nextcloud.a.example/".to_owned()),
        (probe, format!("{}/bye", env["OWN_URL"])),
    ] {
        assert!(leave(&application, &to).header("location").starts_with(&to));
        let other = leave(&application, "https://b.example/");
        assert_eq!(other.status, 400);
        assert!(words(&other.body).contains("Invalid redirect uri"), "{}", words(&other.body));
    }
    // It never asked for a way back.
    let notes = hedgedoc(platform).0;
    assert_eq!(leave(&notes, &notes.redirect_uri).status, 400);
}

/// Roles and groups that somebody has in Keycloak reach the application that asks for them.
fn roles_and_groups_are_told(platform: &Platform, ada: &str) {
    let (probe, env) = probe(platform);
    let browser = KEYCLOAK.browser();
    let client = KEYCLOAK.client("first", &probe.client_id).unwrap();
    let at = client["id"].as_str().unwrap();
    let editor = KEYCLOAK.read(&format!("first/clients/{at}/roles/editor"));
    let roles = format!("first/users/{ada}/role-mappings/clients/{at}");
    assert_eq!(KEYCLOAK.send("POST", &roles, &json!([editor])).0, 204);
    assert_eq!(KEYCLOAK.send("POST", "first/groups", &json!({ "name": "teachers" })).0, 201);
    let group = KEYCLOAK.read("first/groups")[0]["id"].as_str().unwrap().to_owned();
    let join = format!("first/users/{ada}/groups/{group}");
    assert_eq!(KEYCLOAK.send("PUT", &join, &json!({})).0, 204);
    let known = probe.sign_in(&browser, "ada", PASSWORD).unwrap();
    for told in [&known.id_token, &known.userinfo] {
        assert_eq!(told[&env["ROLES_CLAIM"]], json!(["editor"]));
        assert_eq!(told["groups"], json!(["teachers"]));
    }
    // Its service says that it knows no PKCE.
    assert_eq!(probe.without_pkce(&browser).status, 200);
}
