//! An HTTP server with or without TLS, and a proxy.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request as far as tests look at it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Path, or the whole address where a proxy is asked.
    pub target: String,
    pub authorization: Option<String>,
    pub proxy_authorization: Option<String>,
}

/// Status, headers, body.
pub type Answer = (u16, Vec<(String, String)>, Vec<u8>);

pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
    (200, Vec::new(), body.into())
}

pub fn status(code: u16) -> Answer {
    (code, Vec::new(), Vec::new())
}

/// A server that lives as long as the test.
pub struct Server {
    pub host: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

type Handler = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

impl Server {
    pub fn plain(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let answer: Handler = Arc::new(answer);
        Self::start(move |stream, log| serve(stream, &answer, log))
    }

    pub fn secure(
        config: Arc<ServerConfig>,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let answer: Handler = Arc::new(answer);
        Self::start(move |stream, log| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            serve(StreamOwned::new(connection, stream), &answer, log);
        })
    }

    /// A proxy: plain requests are answered by `answer`, tunnels lead to `target`.
    pub fn proxy(
        target: String,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let answer: Handler = Arc::new(answer);
        Self::start(move |mut stream, log| {
            let Some((method, asked)) = read(&mut stream) else { return };
            log.lock().unwrap().push(asked.clone());
            if method != "CONNECT" {
                reply(&mut stream, answer(&asked));
                return;
            }
            let Ok(mut other) = TcpStream::connect(&target) else { return };
            let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            let (mut back, mut forth) = (other.try_clone().unwrap(), stream.try_clone().unwrap());
            thread::spawn(move || {
                let _ = std::io::copy(&mut back, &mut forth);
                let _ = forth.shutdown(std::net::Shutdown::Write);
            });
            let _ = std::io::copy(&mut stream, &mut other);
            let _ = other.shutdown(std::net::Shutdown::Write);
        })
    }

    fn start(serve: impl Fn(TcpStream, &Mutex<Vec<Asked>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, serve) = (Arc::clone(&asked), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, serve) = (Arc::clone(&log), Arc::clone(&serve));
                thread::spawn(move || serve(stream, &log));
            }
        });
        Self { host, asked }
    }

    /// The requests since the last call.
    pub fn requests(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn serve(mut stream: impl Read + Write, answer: &Handler, log: &Mutex<Vec<Asked>>) {
    // A client that does not trust us goes away.
    let Some((_, asked)) = read(&mut stream) else { return };
    log.lock().unwrap().push(asked.clone());
    reply(&mut stream, answer(&asked));
}

fn read(stream: &mut impl Read) -> Option<(String, Asked)> {
    // Byte by byte: what follows a request for a tunnel belongs to the tunnel.
    let mut lines = BufReader::with_capacity(1, stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut words = first.split(' ');
    let method = words.next()?.to_owned();
    let mut asked = Asked { target: words.next()?.to_owned(), ..Asked::default() };
    for line in lines.take_while(|line| !line.is_empty()) {
        let Some((name, value)) = line.split_once(": ") else { continue };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => asked.authorization = Some(value.to_owned()),
            "proxy-authorization" => asked.proxy_authorization = Some(value.to_owned()),
            _ => {}
        }
    }
    Some((method, asked))
}

fn reply(stream: &mut impl Write, (code, headers, body): Answer) {
    // Helm repeats what the server says, we say what it means.
    let reason = if code == 404 { "Not Found" } else { "X" };
    let mut head = format!("HTTP/1.1 {code} {reason}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "Connection: close\r\n\r\n";
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
    let _ = stream.flush();
}
