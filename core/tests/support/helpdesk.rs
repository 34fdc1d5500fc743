//! The stand-in helpdesk: PHP, as the referee of what a request says.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use kayako_sign_core::{Diagnosis, Reading, Target};
use serde_json::{Map, Value};

use super::sent::Sent;

/// The program, running at a port of its own until this is dropped.
pub struct Helpdesk {
    server: Child,
    port: u16,
}

/// What it answered.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    /// Whether it took the credentials. A request that names no route is refused only after that.
    pub fn is_accepted(&self) -> bool {
        match self.status {
            200 | 400 => true,
            401 => false,
            other => panic!("the stand-in helpdesk answers {other}"),
        }
    }

    /// Whether a diagnosis of the request foretold it.
    pub fn agrees_with(&self, sent: &Sent, diagnosis: Diagnosis) -> bool {
        let refusal = Reading::of(&sent.request()).answer(diagnosis);
        if self.is_accepted() { refusal.is_none() } else { refusal == Some(self.body.as_str()) }
    }
}

impl Helpdesk {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its number").port();
        drop(listener);
        let mut php = Command::new("php");
        php.args(["-d", "display_errors=0", "-d", "upload_max_filesize=20M", "-d", "post_max_size=24M"])
            .args(["-S", &format!("127.0.0.1:{port}")])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/helpdesk/index.php"))
            .env_remove("KAYAKO_API_KEY")
            .env_remove("KAYAKO_SECRET_KEY")
            .env_remove("PHP_CLI_SERVER_WORKERS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = started(&mut php);
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Helpdesk { server, port };
            }
            assert!(server.try_wait().expect("its state").is_none(), "php's web server ended at once");
            thread::sleep(Duration::from_millis(50));
        }
        panic!("php's web server does not listen");
    }

    /// Sends a request to the address it names, but for the host.
    pub fn send(&self, sent: &Sent) -> Answer {
        self.send_to(&target(&sent.url), sent)
    }

    /// Whether the only difference that PHP sees between two requests is what went into the second: the credentials.
    pub fn sees_the_same(&self, sent: &Sent, signed: &Sent, into: Target) -> bool {
        if into == Target::Body && sent.content_type.contains("application/json") {
            let answer = self.send(signed);
            // Without a route it shows nothing.
            let Some((_, seen)) = answer.body.split_once("\"parameters\":") else { return answer.status == 400 };
            let seen = serde_json::Deserializer::from_str(seen).into_iter::<Value>().next();
            return seen.expect("a value").ok() == serde_json::from_slice(&sent.body).ok();
        }
        let (before, mut after) = (self.fields(sent, into), self.fields(signed, into));
        let removed = ["apikey", "salt", "signature"].map(|name| after.1.remove(name));
        removed.iter().all(Option::is_some) && before == after
    }

    /// What PHP reads in a request: its files, and its parameters in the query or the body.
    fn fields(&self, sent: &Sent, part: Target) -> (Value, Map<String, Value>) {
        let echo = self.echo(sent);
        let name = if part == Target::Url { "get" } else { "post" };
        let Value::Object(fields) = &echo[name] else { panic!("the stand-in helpdesk shows no {name}") };
        (echo["files"].clone(), fields.clone())
    }

    /// What PHP reads in the query and the body of a request. A body that is a form is shown for a POST alone.
    pub fn echo(&self, sent: &Sent) -> Value {
        let mut sent = sent.clone();
        if sent.method == "PUT" && sent.content_type.contains("x-www-form-urlencoded") {
            sent.method = "POST".to_owned();
        }
        let target = target(&sent.url);
        let query = target.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
        let answer = self.send_to(&format!("/echo{query}"), &sent);
        serde_json::from_str(&answer.body).expect("the stand-in helpdesk shows JSON")
    }

    fn send_to(&self, target: &str, sent: &Sent) -> Answer {
        let content_type = match sent.content_type.as_str() {
            "" => String::new(),
            content_type => format!("Content-Type: {content_type}\r\n"),
        };
        let head = format!(
            "{} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{content_type}Content-Length: {}\r\n\r\n",
            sent.method,
            sent.body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the stand-in helpdesk listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(&[head.as_bytes(), &sent.body].concat()).expect("a request is taken");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a whole answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, body: body.to_owned() }
    }
}

impl Drop for Helpdesk {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// PHP, started; or what to install.
pub fn started(php: &mut Command) -> Child {
    php.spawn().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!("PHP is the referee of these tests: install php-cli"),
        _ => panic!("php does not start: {error}"),
    })
}

/// What stands in the first line of a request for an address: all behind the host, without the fragment.
fn target(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let Some((_, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.find(['/', '?']) {
        Some(at) if rest[at..].starts_with('/') => rest[at..].to_owned(),
        Some(at) => format!("/{}", &rest[at..]),
        None => "/".to_owned(),
    }
}
