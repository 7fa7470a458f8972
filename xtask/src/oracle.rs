//! Keeps the oracle running and asks it: Helm's library in a resident process (`xtask/oracle`),
//! for those who have more questions than one could start the real Helm for. `cargo xtask oracle
//! check` holds it against the recorded answers of the binary.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::corpus::{self, Answer};
use crate::tools;

/// How long one answer may take before the process is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Address space of the oracle. Go itself reserves a part of it, so that about 2 GiB can be filled:
/// far more than a real chart takes. Helm's library knows no bound, and would fill the machine.
const ORACLE_KIB: u64 = 3 << 20;

/// The longest reply that is read; a longer one is as good as none.
const LONGEST_REPLY: usize = 256 << 20;

/// The oracle.
pub struct Oracle(Resident);

/// A resident process that answers questions: the oracle, or our counterpart of it.
pub struct Resident {
    program: PathBuf,
    memory_kib: u64,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    replies: Receiver<Vec<u8>>,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// What was asked for.
    Answer(Value),
    /// Helm's library refuses the input, with this text.
    Refusal(String),
    /// The process died, took too long or said too much: the input is too much for it.
    Lost,
}

impl Oracle {
    /// The installed oracle; it starts with the first question.
    pub fn new() -> Result<Self> {
        Ok(Self(Resident::oracle()?))
    }

    /// What a YAML text means and how it is written again: fields `json` and `yaml`.
    pub fn yaml(&mut self, text: &[u8]) -> Result<Reply> {
        self.0.ask(&json!({ "op": "yaml", "data": base64(text) }))
    }

    /// The documents of a stream: field `objects`.
    pub fn objects(&mut self, text: &[u8]) -> Result<Reply> {
        self.0.ask(&json!({ "op": "objects", "data": base64(text) }))
    }
}

/// Asks for the rendered templates of a chart: field `rendered`.
pub fn render_question<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Value {
    let files: Map<String, Value> = files
        .into_iter()
        .map(|(name, content)| (name.to_owned(), Value::String(base64(content))))
        .collect();
    json!({ "op": "render", "files": files })
}

/// Asks for the files of an archive: field `names`.
pub fn archive_question(data: &[u8]) -> Value {
    json!({ "op": "archive", "data": base64(data) })
}

impl Resident {
    /// A program that answers, with a bound on its address space: beyond it, the process dies. It
    /// starts with the first question.
    pub fn bounded(program: PathBuf, memory_kib: u64) -> Self {
        Self { program, memory_kib, running: None }
    }

    /// The installed oracle.
    pub fn oracle() -> Result<Self> {
        Ok(Self::bounded(tools::path("oracle")?, ORACLE_KIB))
    }

    /// Asks. A process that died is started again by the next question.
    pub fn ask(&mut self, question: &Value) -> Result<Reply> {
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&self.program, self.memory_kib)?),
        };
        let body = question.to_string().into_bytes();
        let length = u32::try_from(body.len()).context("too long a question")?;
        let sent = running
            .input
            .write_all(&length.to_be_bytes())
            .and_then(|()| running.input.write_all(&body))
            .and_then(|()| running.input.flush());
        let reply = match sent {
            Ok(()) => running.replies.recv_timeout(PATIENCE),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        let Ok(reply) = reply else {
            self.stop();
            return Ok(Reply::Lost);
        };
        let mut reply: Value = serde_json::from_slice(&reply)?;
        match reply["error"].take() {
            Value::String(error) if error.starts_with("bad request") => bail!("oracle: {error}"),
            Value::String(error) => Ok(Reply::Refusal(error)),
            _ => Ok(Reply::Answer(reply)),
        }
    }

    fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(program: &Path, memory_kib: u64) -> Result<Running> {
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {memory_kib} && exec \"$0\"")])
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the oracle")?;
    let input = child.stdin.take().context("the oracle has no input")?;
    let mut output = child.stdout.take().context("the oracle has no output")?;
    let (send, replies) = channel();
    // Ends with the process: reading fails then, and so does sending after a drop.
    std::thread::spawn(move || {
        let mut length = [0; 4];
        while output.read_exact(&mut length).is_ok() {
            let length = u32::from_be_bytes(length) as usize;
            if length > LONGEST_REPLY {
                return;
            }
            let mut body = vec![0; length];
            if output.read_exact(&mut body).is_err() || send.send(body).is_err() {
                return;
            }
        }
    });
    Ok(Running { child, input, replies })
}

/// The usual alphabet, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let group = group << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (group >> (18 - 6 * place)) & 63;
            let filled = place <= chunk.len();
            text.push(if filled { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    text
}

/// `cargo xtask oracle check [FILTER…]`.
pub fn run(words: &[String]) -> Result<()> {
    let Some(("check", filters)) = words.split_first().map(|(verb, rest)| (verb.as_str(), rest))
    else {
        bail!("say `oracle check`")
    };
    let mut oracle = Oracle::new()?;
    let (mut same, mut differ, mut passed_over) = (0, 0, 0);
    for (name, case) in corpus::cases(filters)? {
        // What needs arguments, other charts or an error's exact words is the binary's business.
        let plain = case.text().is_some() && case.section("args").is_none();
        let Some(recorded) = case.answer().filter(|_| plain) else {
            passed_over += 1;
            continue;
        };
        let files = corpus::chart_files(&case);
        let files = files.iter().map(|(name, content)| (name.as_str(), content.as_bytes()));
        let reply = oracle.0.ask(&render_question(files))?;
        let agrees = match (&reply, &recorded) {
            (Reply::Answer(answer), Answer::Output(text)) => {
                let printed = answer["rendered"]["tiny/templates/a.yaml"].as_str();
                printed.is_some_and(|printed| corpus::text_of(printed).ok().as_ref() == Some(text))
            }
            (Reply::Refusal(error), Answer::Error(text)) => text.contains(error.as_str()),
            _ => false,
        };
        if agrees {
            same += 1;
        } else {
            differ += 1;
            println!("{name}: the binary says\n{recorded:#?}\nthe library says\n{reply:#?}");
        }
    }
    check_bound(&mut oracle)?;
    println!("oracle: {same} same, {differ} differ, {passed_over} not comparable");
    if differ > 0 {
        bail!("the library differs from the binary");
    }
    Ok(())
}

/// What is too much for Helm itself is lost, without filling the machine, and what comes next is
/// answered.
fn check_bound(oracle: &mut Oracle) -> Result<()> {
    for (template, is_lost) in [
        ("{{ repeat 2000000000 \"abcdefgh\" }}", true),
        ("{{ range until 100000000 }}{{ end }}", true),
        ("{{ range until 3 }}{{ . }}{{ end }}", false),
    ] {
        let files: [(_, &[u8]); 2] = [
            ("Chart.yaml", b"apiVersion: v2\nname: tiny\nversion: 0.1.0\n"),
            ("templates/a.yaml", template.as_bytes()),
        ];
        let reply = oracle.0.ask(&render_question(files))?;
        if (reply == Reply::Lost) != is_lost {
            bail!("the oracle's bound does not hold: {template} gives {reply:?}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads() {
        let samples =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, encoded) in samples {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
