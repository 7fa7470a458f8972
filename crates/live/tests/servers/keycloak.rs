//! Keycloak, started and kept as its chart says, and the applications that know it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use live::{free_port, tools};
use serde_json::{Value, json};

use crate::http::{Client, query};
use crate::place::{Place, said, told};
use crate::platform::{Platform, Secrets, container, services};
use crate::postgresql::Postgres;
use crate::sign_in::Application;

/// The one server of all tests; each has a realm of its own.
pub static KEYCLOAK: LazyLock<Keycloak> = LazyLock::new(Keycloak::start);

/// Programs that the image of Keycloak has beside Java: those of coreutils, and bash.
const IMAGE: &[&str] =
    &["bash", "sh", "cat", "dirname", "mktemp", "readlink", "rm", "sleep", "uname", "java"];

/// The same collector for all, without a word on what cannot be kept.
const QUICK: &str = "-XX:+UseSerialGC -Xlog:disable";

pub struct Keycloak {
    place: Place,
    pub port: u16,
    secrets: Secrets,
    kcadm: PathBuf,
    database: u16,
}

impl Keycloak {
    /// Starts one with the environment that its chart gives it, on a database of its own.
    fn start() -> Self {
        let program = tools(&["keycloak"]).unwrap().remove(0);
        let home = program.parent().unwrap();
        let mut place = Place::new();
        let server = Postgres::start(&mut place);
        let secrets = Secrets::default();
        server.make("keycloak", &secrets.get("databases", "keycloak"));
        let (port, management) = (free_port().unwrap(), free_port().unwrap());
        let platform = Platform::compose(
            &configuration("first", "services: [keycloak]\n", server.port),
            &[],
            &secrets,
        );
        let set = platform.object("StatefulSet", "keycloak");
        let words = container(set)["args"].as_array().unwrap().iter().map(|word| word.as_str());
        let mut command = Command::new(&program);
        command
            .args(words.map(Option::unwrap))
            // It was built when it was installed; the image builds itself when it starts.
            .arg("--optimized")
            .args(["--http-host", "127.0.0.1", "--http-port", &port.to_string()])
            .args(["--http-management-port", &management.to_string()])
            .envs(platform.environment(set))
            .env("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1 -Djgroups.bind.address=127.0.0.1");
        place.start("keycloak", &mut command);
        place.wait_for("keycloak", || {
            let listens = std::net::TcpStream::connect(("127.0.0.1", management)).is_ok();
            listens && Client::new(management, "localhost").get("/health/ready").status == 200
        });
        let image = place.path("image");
        std::fs::create_dir(&image).unwrap();
        for name in IMAGE {
            let found = ["/usr/bin", "/bin"].iter().map(|dir| PathBuf::from(dir).join(name));
            symlink(found.into_iter().find(|path| path.exists()).unwrap(), image.join(name))
                .unwrap();
        }
        let kcadm = home.join("bin/kcadm.sh");
        let keycloak = Self { place, port, secrets, kcadm, database: server.port };
        keycloak.make_archive();
        keycloak
    }

    /// Java keeps the classes of one run of kcadm.sh, so that the many others take half the time.
    fn make_archive(&self) {
        let (archive, session) = (self.place.path("classes"), self.place.path("session"));
        let run = |words: &[&str], options: String| {
            said(
                Command::new(&self.kcadm)
                    .args(words)
                    .arg("--config")
                    .arg(&session)
                    .env("KC_CLI_CLIENT_SECRET", self.secrets.get("keycloak-realm", "secret"))
                    .env("KC_OPTS", format!("{QUICK} {options}")),
            )
        };
        let server = format!("http://127.0.0.1:{}", self.port);
        let words = ["config", "credentials", "--realm=master", "--client=platform", "--server"];
        run(&[&words[..], &[&server]].concat(), String::new());
        let words = ["get", "realms", "--fields", "realm", "--format", "csv", "--noquotes"];
        run(&words, format!("-XX:ArchiveClassesAtExit={}", archive.display()));
    }

    fn archive(&self) -> String {
        format!("{QUICK} -XX:SharedArchiveFile={}", self.place.path("classes").display())
    }

    /// The Secrets of a platform that shares this server.
    pub fn secrets(&self) -> Secrets {
        self.secrets.sharing(&[("keycloak-realm", "secret")])
    }

    /// A platform whose realm has this name.
    pub fn platform(&self, name: &str, rest: &str, secrets: &Secrets) -> Platform {
        Platform::compose(&configuration(name, rest, self.database), MORE, secrets)
    }

    /// Runs the Job that makes the realm what the platform says, and returns what it said.
    pub fn reconcile(&self, platform: &Platform) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let files = platform.object("ConfigMap", "keycloak-realm")["data"].as_object().unwrap();
        for (name, text) in files {
            self.place.write(&format!("realm-{count}/{name}"), text.as_str().unwrap());
        }
        let job = platform.object("Job", "keycloak-realm-");
        let command = container(job)["command"].as_array().unwrap();
        assert_eq!(command, &[json!("bash"), json!("/realm/reconcile.sh")]);
        let directory = self.place.path(&format!("realm-{count}"));
        let environment = platform.environment(job);
        let output = Command::new("bash")
            .arg(directory.join("reconcile.sh"))
            .env_clear()
            .envs(&environment)
            .env("SERVER", format!("http://127.0.0.1:{}", self.port))
            .env("FILES", &directory)
            .env("KCADM", &self.kcadm)
            .env("KC_OPTS", format!("{} {}", environment["KC_OPTS"], self.archive()))
            .env("PATH", self.place.path("image"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}\n{}", told(&output), self.place.log("keycloak"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn browser(&self) -> Client {
        Client::new(self.port, "keycloak.a.example")
    }

    /// A token of the account that the Job has, too.
    fn token(&self) -> String {
        let secret = self.secrets.get("keycloak-realm", "secret");
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", "platform"),
            ("client_secret", &*secret),
        ];
        let answer =
            self.browser().post("/realms/master/protocol/openid-connect/token", &fields).json();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    pub fn read(&self, address: &str) -> Value {
        self.browser().get_with(&format!("/admin/realms/{address}"), &self.token()).json()
    }

    pub fn send(&self, method: &str, address: &str, body: &Value) -> (u16, String) {
        let address = format!("/admin/realms/{address}");
        let answer = self.browser().send(method, &address, &self.token(), body);
        (answer.status, answer.body)
    }

    /// A person of a realm, as an administrator makes one.
    pub fn person(&self, realm: &str, name: &str, email: &str) -> (u16, String) {
        let password = json!({ "type": "password", "value": PASSWORD, "temporary": false });
        let person = json!({
            "username": name, "email": email, "enabled": true, "emailVerified": true,
            "firstName": "Ada", "lastName": "Lovelace", "credentials": [password],
        });
        self.send("POST", &format!("{realm}/users"), &person)
    }

    /// A client of a realm, by its name. Its scopes come in any order.
    pub fn client(&self, realm: &str, name: &str) -> Option<Value> {
        let found = self.read(&format!("{realm}/clients?{}", query(&[("clientId", name)])));
        let mut client = found.as_array().unwrap().first().cloned()?;
        for scopes in ["defaultClientScopes", "optionalClientScopes"] {
            let scopes = client[scopes].as_array_mut().unwrap();
            scopes.sort_by_key(ToString::to_string);
        }
        Some(client)
    }
}

/// The password of everybody in these tests.
pub const PASSWORD: &str = "a long pass phrase";

/// Definitions beside the built-in ones.
pub const MORE: &[(&str, &str)] = &[("services/probe/service.yaml", include_str!("probe.yaml"))];

fn configuration(name: &str, rest: &str, port: u16) -> String {
    let mut text = format!(
        "domain: a.example\nname: {name}\nprovisioners: {{postgres: postgres-external}}\n{rest}\
         postgres-external:\n  host: localhost\n  port: {port}\n  passwords:\n"
    );
    for service in services().iter().map(String::as_str).chain(["probe"]) {
        let _ = writeln!(text, "    {service}: {{secret: databases, key: {service}}}");
    }
    text
}

/// The application of notes as its variables set it up; `/auth/oauth2/callback` is its own.
pub fn hedgedoc(platform: &Platform) -> (Application, BTreeMap<String, String>) {
    let env = platform.environment(platform.object("Deployment", "hedgedoc"));
    let of = |name: &str| env[&format!("CMD_OAUTH2_{name}")].clone();
    let application = Application {
        authorization_url: of("AUTHORIZATION_URL"),
        token_url: of("TOKEN_URL"),
        userinfo_url: of("USER_PROFILE_URL"),
        client_id: of("CLIENT_ID"),
        client_secret: of("CLIENT_SECRET"),
        redirect_uri: format!("https://{}/auth/oauth2/callback", env["CMD_DOMAIN"]),
        scope: of("SCOPE"),
    };
    (application, env)
}

/// Nextcloud's `user_oidc`, which asks the server where everything is, and for these scopes where
/// nobody says others (`ProviderService.php`, `Provider.php`).
pub fn nextcloud(platform: &Platform) -> Application {
    let env = platform.environment(platform.object("Deployment", "nextcloud"));
    let known = KEYCLOAK.browser().get(&env["OIDC_DISCOVERY"]).json();
    let of = |name: &str| known[name].as_str().unwrap().to_owned();
    Application {
        authorization_url: of("authorization_endpoint"),
        token_url: of("token_endpoint"),
        userinfo_url: of("userinfo_endpoint"),
        client_id: env["OIDC_CLIENT_ID"].clone(),
        client_secret: env["OIDC_CLIENT_SECRET"].clone(),
        redirect_uri: format!("{}/apps/user_oidc/code", env["OVERWRITECLIURL"]),
        scope: "openid email profile".to_owned(),
    }
}

/// The service of these tests.
pub fn probe(platform: &Platform) -> (Application, BTreeMap<String, String>) {
    let env = platform.environment(platform.object("Deployment", "probe"));
    let of = |name: &str| env[name].clone();
    let application = Application {
        authorization_url: of("AUTHORIZATION_URL"),
        token_url: of("TOKEN_URL"),
        userinfo_url: of("USERINFO_URL"),
        client_id: of("CLIENT_ID"),
        client_secret: of("CLIENT_SECRET"),
        redirect_uri: format!("{}/back", env["OWN_URL"]),
        scope: "openid email groups".to_owned(),
    };
    (application, env)
}
