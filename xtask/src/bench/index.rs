//! `bench index`: what one chart of a large repository costs, of which only the index is read.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::{fs, thread};

use anyhow::{Context, Result};

use super::{Plan, machine, measure};
use crate::corpus;
use crate::shell::{self, Scratch};

/// Charts and versions of each: as many as make an index of some 17 MB.
const CHARTS: usize = 100;
const VERSIONS: usize = 165;

/// Measures `show chart REPO/NAME` with three indexes of one size.
pub fn run(plan: &Plan) -> Result<()> {
    println!("machine: {}", machine::describe());
    println!("rounds: {}, medians; helm and socle alternate", plan.rounds);
    let scratch = Scratch::new("bench-index")?;
    let dir = scratch.path();
    let server = serve(archive(plan, dir)?)?;
    let list = format!("apiVersion: \"\"\nrepositories:\n- name: r\n  url: {server}\n");
    shell::write(&dir.join("repositories.yaml"), list)?;
    let quoted = ("\n  chart001:\n", "\n  \"chart001\":\n");
    for (name, charts, versions, (from, to)) in [
        ("many charts", CHARTS, VERSIONS, ("", "")),
        ("many charts, one name in quotes", CHARTS, VERSIONS, quoted),
        ("one chart with all versions", 1, CHARTS * VERSIONS, ("", "")),
    ] {
        let text = index(&server, charts, versions).replacen(from, to, 1);
        let megabytes = text.len() as f64 / 1e6;
        shell::write(&dir.join("cache/r-index.yaml"), text)?;
        compare(plan, dir, &format!("\n{name}, {megabytes:.1} MB"))?;
    }
    Ok(())
}

fn compare(plan: &Plan, dir: &Path, title: &str) -> Result<()> {
    let show = |program: &Path, words: &[&str], output: &Path| {
        let mut command = corpus::helm_command(program, dir);
        command.args(words).args(["show", "chart", "r/chart000"]);
        command.args(["--repository-config", "repositories.yaml", "--repository-cache", "cache"]);
        measure::run(&mut command, output)
    };
    let (theirs, ours) = (dir.join("helm"), dir.join("socle"));
    let (mut helm, mut socle) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        helm.push(show(&plan.helm, &[], &theirs)?);
        socle.push(show(&plan.socle, &["chart"], &ours)?);
    }
    shell::output(Command::new("cmp").arg(&theirs).arg(&ours))
        .context("the output is not Helm's")?;
    println!("{}", measure::head(title));
    println!("{}", measure::median(&helm).row("helm show chart"));
    println!("{}", measure::median(&socle).row("socle chart show chart"));
    Ok(())
}

/// The archive of the one chart that is fetched.
fn archive(plan: &Plan, dir: &Path) -> Result<Vec<u8>> {
    shell::write(&dir.join("c/Chart.yaml"), "apiVersion: v2\nname: chart000\nversion: 1.0.0\n")?;
    shell::output(corpus::helm_command(&plan.helm, dir).args(["package", "c"]))?;
    Ok(fs::read(dir.join("chart000-1.0.0.tgz"))?)
}

/// A server that answers everything with the same bytes; its address.
fn serve(body: Vec<u8>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            // A request is far smaller than this; who goes away early is the measured program.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    Ok(address)
}

fn index(server: &str, charts: usize, versions: usize) -> String {
    let mut text = "apiVersion: v1\nentries:\n".to_owned();
    for chart in 0..charts {
        let name = format!("chart{chart:03}");
        // A `String` takes any text.
        let _ = writeln!(text, "  {name}:");
        for number in (0..versions).rev() {
            let version = format!("{}.{}.{}", number / 100, number / 10 % 10, number % 10);
            text +=
                &ENTRY.replace("NAME", &name).replace("VERSION", &version).replace("URL", server);
        }
    }
    text + "generated: \"2024-01-01T00:00:00Z\"\n"
}

/// One version of a chart as large repositories describe it.
const ENTRY: &str = "  \
  - annotations:
      category: Infrastructure
      images: |
        - name: NAME
          image: registry.example.com/NAME:VERSION-debian-12-r3
        - name: os-shell
          image: registry.example.com/os-shell:12-debian-12-r21
      licenses: Apache-2.0
    apiVersion: v2
    appVersion: VERSION
    created: \"2024-01-02T10:00:00.123456Z\"
    dependencies:
    - name: common
      repository: oci://registry.example.com/charts
      tags:
      - common
      version: 2.x.x
    description: NAME does one thing, which one line of the usual length describes here for people
      who search, and a second one for those who want to know it more exactly than that, and then
      there are the words that make people believe that this is the one they have searched for.
    home: https://example.com
    icon: https://example.com/NAME.png
    keywords:
    - NAME
    - infrastructure
    maintainers:
    - name: Example
      url: https://example.com/charts
    name: NAME
    sources:
    - https://example.com/charts/tree/main/NAME
    urls:
    - URL/NAME-VERSION.tgz
    version: VERSION
";
