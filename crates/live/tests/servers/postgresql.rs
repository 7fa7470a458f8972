//! A database server, and what the Jobs of the platform's bindings do with it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use live::{free_port, random_text, tools};
use serde_json::Value;

use crate::keycloak::MORE;
use crate::place::{Place, said, told, unprivileged};
use crate::platform::{Platform, Secrets, container, services};

/// A server whose first administrator is `postgres`, who comes in by password only, as do all.
pub struct Postgres {
    pub port: u16,
    pub password: String,
    programs: PathBuf,
}

impl Postgres {
    pub fn start(place: &mut Place) -> Self {
        let server = fs::canonicalize(tools(&["postgresql"]).unwrap().remove(0)).unwrap();
        let programs = server.parent().unwrap().to_owned();
        let (port, password) = (free_port().unwrap(), random_text(32).unwrap());
        let (data, secret) = (place.path("data"), place.write("password", &password));
        said(
            unprivileged(&programs.join("initdb"))
                .arg("--pgdata")
                .arg(&data)
                .arg("--pwfile")
                .arg(&secret)
                .args(["--no-sync", "--username=postgres", "--auth=scram-sha-256"])
                .args(["--encoding=UTF8", "--locale=C"]),
        );
        let mut command = unprivileged(&server);
        command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k"]).arg(place.path(""));
        place.serve("postgresql", command.args(["-c", "fsync=off"]), port);
        Self { port, password, programs }
    }

    /// A database with an owner, as somebody makes it whose server is outside of the platform.
    pub fn make(&self, name: &str, password: &str) {
        for sql in [
            format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"),
            format!("CREATE DATABASE {name} OWNER {name}"),
        ] {
            let output = self.ask("postgres", &self.password, "postgres", &sql);
            assert!(output.status.success(), "{}", told(&output));
        }
    }

    /// What psql says to somebody.
    pub fn ask(&self, user: &str, password: &str, database: &str, sql: &str) -> Output {
        self.psql()
            .args(["--no-psqlrc", "--no-align", "--tuples-only", "--host=localhost"])
            .arg(format!("--port={}", self.port))
            .args(["--username", user, "--dbname", database, "--command", sql])
            .env("PGPASSWORD", password)
            .output()
            .unwrap()
    }

    fn psql(&self) -> Command {
        Command::new(self.programs.join("psql"))
    }
}

/// Runs the Job that makes a database, as the cluster does but for the server's address.
fn bootstrap(server: &Postgres, platform: &Platform, job: &Value) {
    let environment = platform.environment(job);
    assert_eq!(environment["PGHOST"], "postgresql.socle.svc");
    let words = container(job)["command"].as_array().unwrap();
    let mut words = words.iter().map(|word| word.as_str().unwrap());
    let path = format!("{}:/usr/bin:/bin", server.programs.display());
    said(
        Command::new(words.next().unwrap())
            .args(words)
            .env_clear()
            .envs(environment)
            .env("PATH", path)
            .env("PGHOST", "localhost")
            .env("PGPORT", server.port.to_string()),
    );
}

#[test]
fn every_binding_has_a_database_of_its_own() {
    let mut place = Place::new();
    let server = Postgres::start(&mut place);
    let secrets = Secrets::default();
    secrets.set("postgresql-admin", "password", &server.password);
    let all = services().join(", ");
    let configuration = format!("domain: a.example\nservices: [{all}, probe]\n");
    let platform = Platform::compose(&configuration, MORE, &secrets);
    let is_wanted = |object: &&Value| {
        let name = object["metadata"]["name"].as_str().unwrap();
        let is_made = object["kind"] == "Job" && name.contains("-bootstrap");
        // Buckets and databases of other kinds are made by Jobs, too.
        is_made && platform.environment(object).contains_key("PGHOST")
    };
    let jobs: Vec<&Value> = platform.objects.iter().filter(is_wanted).collect();
    assert!(jobs.len() >= 4, "{jobs:?}");
    for job in &jobs {
        bootstrap(&server, &platform, job);
        bootstrap(&server, &platform, job);
        // The owner comes in, by the password of the Secret that services are told of.
        let env = platform.environment(job);
        let (name, password) = (&*env["DATABASE"], &*env["OWNER_PASSWORD"]);
        let done = server.ask(name, password, name, "CREATE TABLE a (b int); DROP TABLE a");
        assert!(done.status.success(), "{}", told(&done));
    }

    // Each as its service is told where its database is.
    let env = |name: &str| platform.environment(platform.object("Deployment", name));
    let (files, probe) = (env("nextcloud"), env("probe"));
    let of_files = (&*files["POSTGRES_USER"], &*files["POSTGRES_PASSWORD"], &*files["POSTGRES_DB"]);
    let of_probe = (&*probe["PGUSER"], &*probe["PGPASSWORD"], &*probe["PGDATABASE"]);
    let works = "CREATE TABLE a (b int); INSERT INTO a VALUES (1); DROP TABLE a";
    for (user, password, database) in [of_files, of_probe] {
        let done = server.ask(user, password, database, works);
        assert!(done.status.success(), "{}", told(&done));
        let refused = server.ask(user, "guessed", database, "SELECT 1");
        assert!(told(&refused).contains("password authentication failed"), "{}", told(&refused));
    }
    // HedgeDoc has one address with everything in it, put together in the cluster.
    let address = env("hedgedoc")["CMD_DB_URL"]
        .replace("@postgresql.socle.svc:5432/", &format!("@localhost:{}/", server.port));
    let name = said(
        server
            .psql()
            .args([&*address, "--no-psqlrc", "--no-align", "--tuples-only"])
            .args(["--command", "SELECT current_user || ' ' || current_database()"]),
    );
    assert_eq!(name, "hedgedoc hedgedoc\n");

    // Nobody comes to the database of another one.
    let refused = server.ask(of_files.0, of_files.1, of_probe.2, "SELECT 1");
    assert!(told(&refused).contains("permission denied for database"), "{}", told(&refused));
    let extensions = "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1";
    let of = |(user, password, database): (&str, &str, &str)| {
        said_by(&server.ask(user, password, database, extensions))
    };
    assert_eq!((&*of(of_probe), &*of(of_files)), ("citext\npg_trgm\n", ""));

    // Another password in the Secret counts once the Job has run again.
    secrets.set("probe-database-owner", "password", "another-password");
    bootstrap(&server, &platform, platform.object("Job", "probe-database-bootstrap"));
    let (user, database) = (of_probe.0, of_probe.2);
    assert!(server.ask(user, "another-password", database, works).status.success());
    assert!(!server.ask(user, of_probe.1, database, works).status.success());
}

fn said_by(output: &Output) -> String {
    assert!(output.status.success(), "{}", told(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
