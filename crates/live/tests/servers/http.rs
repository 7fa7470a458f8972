//! Just enough of HTTP to be a browser and an application behind the platform's gateway.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// Somebody who asks a server on loopback as if it were at its public address.
#[derive(Clone)]
pub struct Client {
    port: u16,
    host: String,
    /// By the path from which on they are sent, and name.
    cookies: BTreeMap<(String, String), String>,
}

/// What a server answers.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Client {
    /// A client of the server on a port, which calls itself `host`.
    pub fn new(port: u16, host: &str) -> Self {
        Self { port, host: host.to_owned(), cookies: BTreeMap::new() }
    }

    /// `GET`; of an address only the part from the path on counts.
    pub fn get(&mut self, address: &str) -> Answer {
        self.ask("GET", address, &[], "")
    }

    /// `POST` of a form.
    pub fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let form = ("Content-Type", "application/x-www-form-urlencoded".to_owned());
        self.ask("POST", address, &[form], &query(fields))
    }

    /// `GET` with a token.
    pub fn get_with(&mut self, address: &str, token: &str) -> Answer {
        self.ask("GET", address, &[("Authorization", format!("Bearer {token}"))], "")
    }

    /// JSON, sent with a token.
    pub fn send(&mut self, method: &str, address: &str, token: &str, body: &Value) -> Answer {
        let headers = [
            ("Authorization", format!("Bearer {token}")),
            ("Content-Type", "application/json".to_owned()),
        ];
        self.ask(method, address, &headers, &body.to_string())
    }

    fn ask(
        &mut self,
        method: &str,
        address: &str,
        headers: &[(&str, String)],
        body: &str,
    ) -> Answer {
        // HTTP/1.0: the answer ends with the connection, and comes in one piece. The rest is what a
        // gateway adds.
        let mut request = format!(
            "{method} {} HTTP/1.0\r\nHost: {}\r\nX-Forwarded-Proto: https\r\n\
             X-Forwarded-Host: {}\r\nX-Forwarded-Port: 443\r\nContent-Length: {}\r\n",
            path(address),
            self.host,
            self.host,
            body.len()
        );
        let known = self.cookies.iter().filter(|((below, _), _)| path(address).starts_with(below));
        let cookies: Vec<String> =
            known.map(|((_, name), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            let _ = write!(request, "Cookie: {}\r\n", cookies.join("; "));
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let answer = Answer::read(&String::from_utf8_lossy(&bytes));
        for cookie in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let mut parts = cookie.1.split(';').map(|part| part.trim().split_once('='));
            let (name, value) = parts.next().unwrap().unwrap();
            let below = parts.flatten().find(|(name, _)| name.eq_ignore_ascii_case("path"));
            let below = below.map_or("/", |(_, below)| below).to_owned();
            self.cookies.insert((below, name.to_owned()), value.to_owned());
        }
        answer
    }
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_owned())
        };
        Self { status, headers: lines.map(header).collect(), body: body.to_owned() }
    }

    /// A header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }
}

/// What comes after the host.
fn path(address: &str) -> &str {
    let after = address.split_once("://").map_or(address, |(_, after)| after);
    after.find('/').map_or("/", |at| &after[at..])
}

/// Fields as they stand after a question mark, and in forms.
pub fn query(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        let separator = if text.is_empty() { "" } else { "&" };
        let _ = write!(text, "{separator}{name}=");
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

/// A field of what stands after an address's question mark, decoded.
pub fn field(address: &str, name: &str) -> Option<String> {
    let (_, fields) = address.split_once('?')?;
    let mut pairs = fields.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let digits = std::str::from_utf8(&digits).ok()?.to_owned();
                bytes.push(u8::from_str_radix(&digits, 16).ok()?);
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}
