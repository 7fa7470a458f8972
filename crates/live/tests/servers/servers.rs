//! Redis, mail and S3: what services are told of them, tried on real servers.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use live::{free_port, tools};
use serde_json::Value;

use crate::keycloak::MORE;
use crate::place::{Place, told};
use crate::platform::{Platform, Secrets};

/// A platform whose services use servers on loopback, as servers outside of the platform.
fn platform(rest: &str, secrets: &Secrets) -> Platform {
    Platform::compose(&format!("domain: a.example\n{rest}"), MORE, secrets)
}

fn environment(platform: &Platform, name: &str) -> BTreeMap<String, String> {
    platform.environment(platform.object("Deployment", name))
}

fn curl() -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "60"]);
    command
}

#[test]
fn redis_knows_the_password_that_services_have() {
    let (mut place, port) = (Place::new(), free_port().unwrap());
    let secrets = Secrets::default();
    let settings = format!(
        "bind 127.0.0.1\nport {port}\nsave \"\"\nrequirepass {}\ndir {}\n",
        secrets.get("cache", "password"),
        place.path("").display()
    );
    let settings = place.write("redis.conf", &settings);
    let server = tools(&["redis"]).unwrap().remove(0);
    place.serve("redis", Command::new(server).arg(settings), port);
    let rest = format!(
        "services: [probe]\nprovisioners: {{redis: redis-external}}\nredis-external:\n  \
         host: localhost\n  port: {port}\n  password: {{secret: cache, key: password}}\n"
    );
    let env = environment(&platform(&rest, &secrets), "probe");
    let address = format!("{}:{}", env["REDIS_HOST"], env["REDIS_PORT"]);
    let ask = |password: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let all = format!("AUTH {password}\r\nSET a b\r\nGET a\r\nQUIT\r\n");
        stream.write_all(all.as_bytes()).unwrap();
        BufReader::new(stream).lines().map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(ask(&env["REDIS_PASSWORD"]), ["+OK", "+OK", "$1", "b", "+OK"]);
    let refused = ask("guessed");
    assert!(
        refused[0].starts_with("-WRONGPASS") && refused[2].starts_with("-NOAUTH"),
        "{refused:?}"
    );
}

/// Sends mail as Nextcloud does with its variables: `.config/smtp.config.php` of its image, and the
/// mechanism LOGIN, which is its default.
fn send(env: &BTreeMap<String, String>, certificate: &Path, password: &str, mail: &Path) -> Output {
    let (scheme, host, port) = match &*env["SMTP_SECURE"] {
        "ssl" => ("smtps", &env["SMTP_HOST"], &env["SMTP_PORT"]),
        _ => ("smtp", &env["SMTP_HOST"], &env["SMTP_PORT"]),
    };
    let mut command = curl();
    if env["SMTP_SECURE"] == "tls" {
        command.arg("--ssl-reqd");
    }
    if certificate.exists() {
        command.arg("--cacert").arg(certificate);
    }
    command
        .arg(format!("{scheme}://{host}:{port}"))
        .args(["--login-options", "AUTH=LOGIN", "--user"])
        .arg(format!("{}:{password}", env["SMTP_NAME"]))
        .arg("--mail-from")
        .arg(format!("{}@{}", env["MAIL_FROM_ADDRESS"], env["MAIL_DOMAIN"]))
        .args(["--mail-rcpt", "ada@b.example", "--upload-file"])
        .arg(mail)
        .output()
        .unwrap()
}

#[test]
fn mail_arrives_however_it_is_encrypted() {
    let program = tools(&["smtp"]).unwrap().remove(0);
    for security in ["none", "starttls", "tls"] {
        let (mut place, port) = (Place::new(), free_port().unwrap());
        let secrets = Secrets::default();
        let certificate = place.path("certificate.pem");
        let mut command = Command::new(&program);
        command
            .args(["--address", &format!("127.0.0.1:{port}"), "--user", "platform@a.example"])
            .args(["--security", security, "--certificate"])
            .arg(&certificate)
            .env("SMTP_PASSWORD", secrets.get("mail", "password"));
        place.serve("smtp", &mut command, port);
        let rest = format!(
            "services: [nextcloud]\nprovisioners: {{smtp: smtp-external}}\nsmtp-external:\n  \
             host: localhost\n  port: {port}\n  security: {security}\n  \
             username: platform@a.example\n  password: {{secret: mail, key: password}}\n"
        );
        let env = environment(&platform(&rest, &secrets), "nextcloud");
        let mail = place.write("mail", "Subject: Hello\r\n\r\nIt works.\r\n");
        let refused = send(&env, &certificate, "guessed", &mail);
        // 67: "the user name, password, or similar was not accepted".
        assert_eq!(refused.status.code(), Some(67), "{}", told(&refused));
        let sent = send(&env, &certificate, &env["SMTP_PASSWORD"], &mail);
        assert!(sent.status.success(), "{security}: {}\n{}", told(&sent), place.log("smtp"));
        let log = place.log("smtp");
        let arrived: Vec<Value> =
            log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!(arrived.len(), 1, "{log}");
        assert_eq!(arrived[0]["from"], "no-reply@a.example");
        assert_eq!(arrived[0]["to"][0], "ada@b.example");
        assert!(arrived[0]["text"].as_str().unwrap().contains("It works."), "{log}");
    }
}

#[test]
fn files_are_put_into_the_bucket_and_found_again() {
    let (mut place, port) = (Place::new(), free_port().unwrap());
    let secrets = Secrets::default();
    // Somebody else has made the bucket; of this server, a bucket is a directory.
    let root = place.path("buckets");
    fs::create_dir_all(root.join("files")).unwrap();
    let program = tools(&["versitygw"]).unwrap().remove(0);
    let mut command = Command::new(program);
    command
        .args(["--port", &format!("127.0.0.1:{port}"), "--region", "eu-west-3", "posix"])
        .arg(&root)
        .env("ROOT_ACCESS_KEY", secrets.get("objects", "id"))
        .env("ROOT_SECRET_KEY", secrets.get("objects", "secret"));
    place.serve("versitygw", &mut command, port);
    let rest = format!(
        "services: [nextcloud]\nnextcloud: {{storage: bucket}}\n\
         provisioners: {{s3-bucket: s3-bucket-external}}\n\
         s3-bucket-external:\n  host: localhost\n  port: {port}\n  tls: false\n  \
         region: eu-west-3\n  buckets: {{nextcloud: files}}\n  \
         accessKey: {{secret: objects, key: id}}\n  secretKey: {{secret: objects, key: secret}}\n"
    );
    let env = environment(&platform(&rest, &secrets), "nextcloud");
    let of = |name: &str| &*env[&format!("OBJECTSTORE_S3_{name}")];
    assert_eq!((of("SSL"), of("USEPATH_STYLE"), of("AUTOCREATE")), ("false", "true", "false"));
    // What Nextcloud's client does: the path begins with the bucket, the signature is version 4.
    let ask = |secret: &str, more: &[&str]| {
        let address = format!("http://{}:{}/{}", of("HOST"), of("PORT"), of("BUCKET"));
        curl()
            .args(["--aws-sigv4", &format!("aws:amz:{}:s3", of("REGION"))])
            .args(["--user", &format!("{}:{secret}", of("KEY")), "--fail-with-body"])
            .args(["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"])
            .args(more)
            .arg(format!("{address}/urn%3Aoid%3A1"))
            .output()
            .unwrap()
    };
    let file = place.write("file", "a file of a person");
    let put = ["--upload-file", file.to_str().unwrap()];
    let refused = ask("guessed", &put);
    assert!(told(&refused).contains("SignatureDoesNotMatch"), "{}", told(&refused));
    let done = ask(of("SECRET"), &put);
    assert!(done.status.success(), "{}\n{}", told(&done), place.log("versitygw"));
    assert_eq!(ask(of("SECRET"), &[]).stdout, b"a file of a person");
    assert!(!ask("guessed", &[]).status.success());
}
