//! Where people of a realm come from: directories, other sign-in services, mail domains.

use std::fs;
use std::process::Command;

use live::{free_port, tools};
use serde_json::{Value, json};

use crate::http::{Answer, field};
use crate::keycloak::{KEYCLOAK, PASSWORD, hedgedoc};
use crate::place::{Place, said};
use crate::sign_in::{link, words};

/// Of every kind of letter that a careless script would stumble over.
const LDAP_PASSWORD: &str = r#"a "long" \pass & $word ${REALM_LDAP_STAFF}"#;

/// An LDAP server with one person in it.
fn directory(place: &mut Place) -> u16 {
    let server = fs::canonicalize(tools(&["slapd"]).unwrap().remove(0)).unwrap();
    let port = free_port().unwrap();
    let data = place.path("directory");
    fs::create_dir(&data).unwrap();
    let quoted = LDAP_PASSWORD.replace('\\', "\\\\").replace('"', "\\\"");
    let settings = format!(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\nmodulepath /usr/lib/ldap\n\
         moduleload back_mdb\npidfile {pid}\ndatabase mdb\nsuffix dc=a,dc=example\n\
         rootdn cn=admin,dc=a,dc=example\nrootpw \"{quoted}\"\ndirectory {data}\n",
        pid = place.path("slapd.pid").display(),
        data = data.display(),
    );
    let settings = place.write("slapd.conf", &settings);
    let people = format!(
        "dn: dc=a,dc=example\nobjectClass: organization\nobjectClass: dcObject\no: A\ndc: a\n\n\
         dn: ou=people,dc=a,dc=example\nobjectClass: organizationalUnit\nou: people\n\n\
         dn: uid=grace,ou=people,dc=a,dc=example\nobjectClass: inetOrgPerson\nuid: grace\n\
         cn: Grace\nsn: Hopper\ngivenName: Grace\nmail: grace@a.example\n\
         userPassword: {PASSWORD}\n"
    );
    let people = place.write("people.ldif", &people);
    said(
        Command::new(server.with_file_name("slapadd"))
            .arg("-f")
            .arg(&settings)
            .arg("-l")
            .arg(&people),
    );
    let mut command = Command::new(&server);
    command.arg("-f").arg(&settings);
    // In the foreground, and silent.
    command.args(["-d", "0", "-h", &format!("ldap://127.0.0.1:{port}")]);
    place.serve("slapd", &mut command, port);
    port
}

/// A realm that somebody else runs, with a client for ours and one person.
fn ministry() -> Value {
    // As ProConnect does, it tells of people in a signed answer, and calls names in its own way.
    let name = |of: &str, claim: &str| {
        json!({
            "name": claim, "protocol": "openid-connect",
            "protocolMapper": "oidc-usermodel-attribute-mapper",
            "config": {
                "user.attribute": of, "claim.name": claim, "jsonType.label": "String",
                "id.token.claim": "false", "userinfo.token.claim": "true",
            },
        })
    };
    let client = json!({
        "clientId": "ours", "secret": "a \"secret\" of theirs", "publicClient": false,
        "attributes": { "user.info.response.signature.alg": "RS256" },
        "defaultClientScopes": ["basic", "email"],
        "protocolMappers": [name("firstName", "given_name"), name("lastName", "usual_name")],
        "redirectUris": ["https://keycloak.a.example/realms/second/broker/ministry/endpoint"],
    });
    let password = json!({ "type": "password", "value": PASSWORD, "temporary": false });
    let person = json!({
        "username": "alan", "email": "alan@school.example", "emailVerified": true, "enabled": true,
        "firstName": "Alan", "lastName": "Turing", "credentials": [password],
    });
    json!({ "realm": "ministry", "enabled": true, "clients": [client], "users": [person] })
}

/// Every source at once. What Keycloak asks by itself goes to loopback.
fn configuration(ldap: u16, keycloak: u16) -> String {
    let ministry = format!("http://127.0.0.1:{keycloak}/realms/ministry/protocol/openid-connect");
    format!(
        r"services: [hedgedoc]
keycloak:
  emailDomains: [a.example, school.example]
  directories:
    staff:
      url: ldap://127.0.0.1:{ldap}
      vendor: other
      usersDn: ou=people,dc=a,dc=example
      bindDn: cn=admin,dc=a,dc=example
      bindPassword: {{secret: ldap, key: password}}
      usernameAttribute: uid
  oidcSources:
    ministry:
      title: The Ministry
      issuer: https://keycloak.a.example/realms/ministry
      authorizationUrl: https://keycloak.a.example/realms/ministry/protocol/openid-connect/auth
      tokenUrl: {ministry}/token
      userinfoUrl: {ministry}/userinfo
      jwksUrl: {ministry}/certs
      clientId: ours
      clientSecret: {{secret: ministry, key: secret}}
      scopes: [openid, email]
      claims: {{usual_name: lastName}}
  proConnect: {{host: pro.example, clientId: ours, clientSecret: {{secret: pro, key: a}}}}
  franceConnect:
    host: france.example
    level: eidas1
    clientId: theirs
    clientSecret: {{secret: france, key: a}}
  samlSources:
    university:
      title: The University
      entityId: https://idp.university.example/
      url: https://idp.university.example/sso
      certificate: {CERTIFICATE}
"
    )
}

/// The certificate of a university that is none.
const CERTIFICATE: &str = "\
    MIIBmTCCAT+gAwIBAgIUAtgFHMoXV36p6Y4uKTFiJMb74f4wCgYIKoZIzj0EAwIwITEfMB0GA1UEAwwWaWRwLnVu\
    aXZlcnNpdHkuZXhhbXBsZTAgFw0yNjExMjIwNzI5MzJaGA8yMTI2MTAyOTA3MjkzMlowITEfMB0GA1UEAwwWaWRw\
    LnVuaXZlcnNpdHkuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABILipNuGTDsCYEhX/6Z5FgdB2Zj8\
    7qbjlwVu0D2jqNSbdPf97sOBTpO/FdHnvQCW/2Y8nn5spKHdpanLT8YTeiejUzBRMB0GA1UdDgQWBBRwq3jSRyLH\
    XmhT+IgBnz4zUSj/DzAfBgNVHSMEGDAWgBRwq3jSRyLHXmhT+IgBnz4zUSj/DzAPBgNVHRMBAf8EBTADAQH/MAoG\
    CCqGSM49BAMCA0gAMEUCIA7n77bTnsn+NP26sywBJe3kH0n2IQ3nq3wVDs8FQ9iHAiEAsxYRKlJdd/DhhO8BnbdN\
    LdM/da9j2v59EWIUJI9lGMU=";

/// What the one is asked, and nothing else: it takes no other parameter.
const PROCONNECT: (&str, &[(&str, &str)]) = (
    "https://pro.example/api/v2/authorize?",
    &[
        ("scope", "openid given_name usual_name email"),
        ("response_type", "code"),
        ("client_id", "ours"),
        ("redirect_uri", "https://keycloak.a.example/realms/second/broker/proconnect/endpoint"),
    ],
);

/// The other one wants to be told how sure it must be.
const FRANCECONNECT: (&str, &[(&str, &str)]) = (
    "https://france.example/api/v2/authorize?",
    &[
        ("acr_values", "eidas1"),
        ("scope", "openid given_name family_name email"),
        ("response_type", "code"),
        ("client_id", "theirs"),
        ("redirect_uri", "https://keycloak.a.example/realms/second/broker/franceconnect/endpoint"),
    ],
);

fn asked_as_documented(answer: &Answer, (address, fields): (&str, &[(&str, &str)])) {
    let to = answer.header("location");
    assert!(to.starts_with(address), "{} {}", answer.status, words(&answer.body));
    for (name, value) in fields {
        assert_eq!(field(to, name).as_deref(), Some(*value), "{name} in {to}");
    }
    // FranceConnect wants 22 letters; ProConnect 32 of them, which Keycloak gives to `state` only.
    for name in ["state", "nonce"] {
        assert!(field(to, name).is_some_and(|value| value.len() >= 22), "{name} in {to}");
    }
    let all = to.split_once('?').unwrap().1.split('&').count();
    assert_eq!(all, fields.len() + 2, "{to}");
}

#[test]
fn people_come_from_directories_and_other_services() {
    let mut place = Place::new();
    let ldap = directory(&mut place);
    let secrets = KEYCLOAK.secrets();
    secrets.set("ldap", "password", LDAP_PASSWORD);
    secrets.set("ministry", "secret", "a \"secret\" of theirs");
    let platform = KEYCLOAK.platform("second", &configuration(ldap, KEYCLOAK.port), &secrets);
    let (status, said) = KEYCLOAK.send("POST", "", &ministry());
    assert_eq!(status, 201, "{said}");
    KEYCLOAK.reconcile(&platform);
    let (notes, _) = hedgedoc(&platform);
    let browser = KEYCLOAK.browser();

    let grace = notes.sign_in(&browser, "grace", PASSWORD).unwrap().userinfo;
    assert_eq!(
        (&grace["email"], &grace["name"]),
        (&json!("grace@a.example"), &json!("Grace Hopper"))
    );
    assert!(notes.sign_in(&browser, "grace", "guessed").is_err());

    let mut somebody = browser.clone();
    let (start, page) = notes.page(&mut somebody);
    for name in ["ProConnect", "FranceConnect", "The Ministry", "The University"] {
        assert!(words(&page.body).contains(name), "{}", words(&page.body));
    }
    // A link of a page counts once.
    for (name, documented) in [("proconnect", PROCONNECT), ("franceconnect", FRANCECONNECT)] {
        let mut somebody = browser.clone();
        let (_, page) = notes.page(&mut somebody);
        let answer = somebody.get(&link(&page, &format!("social-{name}")));
        asked_as_documented(&answer, documented);
    }
    let there = somebody.get(&link(&page, "social-ministry"));
    let alan = notes.sign_in_by(&start, &mut somebody, &there, ("alan", PASSWORD));
    assert_eq!(
        (&alan["email"], &alan["name"]),
        (&json!("alan@school.example"), &json!("Alan Turing"))
    );

    let mut somebody = browser.clone();
    let (_, page) = notes.page(&mut somebody);
    let answer = somebody.get(&link(&page, "social-university"));
    let to = answer.header("location");
    assert!(
        to.starts_with("https://idp.university.example/sso?"),
        "{} {}",
        answer.status,
        answer.body
    );
    assert!(field(to, "SAMLRequest").is_some());
    let known = KEYCLOAK.read("second/identity-provider/instances/university");
    assert_eq!(known["config"]["signingCertificate"], CERTIFICATE);
    assert_eq!(known["config"]["validateSignature"], "true");

    // Only people of these domains; a dot is a dot.
    assert_eq!(KEYCLOAK.person("second", "ada", "ada@school.example").0, 201);
    for email in ["eve@b.example", "eve@b.a.example", "eve@schoolxexample", "eve@a.example.org"] {
        let (status, said) = KEYCLOAK.person("second", "eve", email);
        assert_eq!(status, 400, "{email}");
        assert!(said.contains("email"), "{said}");
    }
    // Again: nothing changes, and nobody is lost.
    let read = |address: &str| KEYCLOAK.read(&format!("second/{address}"));
    let all = || [read("identity-provider/instances"), read("users?max=9"), read("users/profile")];
    let before = all();
    KEYCLOAK.reconcile(&platform);
    assert_eq!(all(), before);
    notes.sign_in(&browser, "grace", PASSWORD).unwrap();
}
