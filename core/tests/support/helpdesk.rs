//! The stand-in helpdesk, which is PHP: the referee for how a request is read.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use kayako_sign_core::{Diagnosis, Reading};
use serde_json::{Map, Value};

use super::sent::Sent;

/// The stand-in helpdesk, which runs at a port of its own until this is dropped.
pub struct Helpdesk {
    server: Child,
    port: u16,
}

/// The web server before PHP: whether it has rewrite rules for a path that is no file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Web {
    Plain,
    Rewrite,
}

/// An answer of the stand-in helpdesk.
pub struct Answer {
    pub status: u16,
    /// The stage that ended the request.
    pub stage: String,
    pub body: String,
}

impl Answer {
    /// Returns whether the request reached a controller.
    pub fn is_accepted(&self) -> bool {
        self.stage == "fields"
    }

    /// Returns what a controller has read in an accepted request.
    pub fn document(&self) -> Value {
        json(self.body.as_bytes())
    }

    /// Returns whether this answer is the one that a diagnosis of the request predicts.
    pub fn agrees_with(&self, sent: &Sent, web: Web, diagnosis: Diagnosis) -> bool {
        let reading = Reading::of(&sent.request());
        if let (Web::Plain, Some(answer)) = (web, reading.answer_without_rewriting()) {
            // Some paths are refused with and without rewrite rules.
            return self.status == answer.status || diagnosis.answer().status == self.status;
        }
        if self.stage == "route" && self.status == 404 && reading.route().is_some_and(|route| !route.is_known()) {
            // An installation may have more controllers.
            return true;
        }
        let answer = reading.answer(diagnosis);
        let is_predicted = self.status == answer.status && (sent.method == "HEAD" || self.body.contains(answer.text));
        is_predicted && self.is_accepted() == diagnosis.is_accepted()
    }
}

impl Helpdesk {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("the port's number").port();
        drop(listener);
        let mut serve = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/helpdesk/serve.sh"));
        serve
            .arg(format!("127.0.0.1:{port}"))
            .env_remove("KAYAKO_API_KEY")
            .env_remove("KAYAKO_SECRET_KEY")
            .env_remove("PHP_CLI_SERVER_WORKERS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = started(&mut serve);
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Helpdesk { server, port };
            }
            assert!(
                server.try_wait().expect("the server's state").is_none(),
                "the stand-in helpdesk ended at once: is php-cli installed?"
            );
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the stand-in helpdesk does not listen");
    }

    /// Sends a request to the path and query of its URL, through a web server with rewrite rules.
    #[allow(dead_code, reason = "some tests name the web server each time")]
    pub fn send(&self, sent: &Sent) -> Answer {
        self.send_through(Web::Rewrite, sent)
    }

    /// Sends a request to the path and query of its URL.
    pub fn send_through(&self, web: Web, sent: &Sent) -> Answer {
        self.send_to(&target(&sent.url), web, sent)
    }

    /// Returns whether the controller reads the same in the signed request as PHP reads in the request before signing.
    pub fn sees_the_same(&self, sent: &Sent, answer: &Answer) -> bool {
        let (before, after) = (self.echo(sent), answer.document());
        let is_json = after["container"] == "json";
        let posted = if is_json { of_the_caller(&json(&sent.body)) } else { of_the_caller(&before["post"]) };
        let is_query = after["container"] == "query";
        let query = of_the_caller(if is_query { &after["parameters"] } else { &after["query"] });
        let is_body_kept = is_query || of_the_caller(&after["parameters"]) == posted;
        let is_fields_kept = after["fields"] == if is_json || is_query { Value::Object(Map::new()) } else { posted };
        // If the route is not the raw query, parameters after the route are added to the query.
        let is_raw = after["source"] == "query";
        let is_query_kept = is_part(&query, &of_the_caller(&before["get"]), is_raw);
        is_body_kept
            && is_fields_kept
            && is_query_kept
            && (is_query || is_json || names_of_files(&before["files"]) == names_of_files(&after["files"]))
    }

    /// Returns what PHP reads in the query and the body of a request. PHP shows a form only for a POST, so a form of a
    /// PUT is sent by a POST.
    pub fn echo(&self, sent: &Sent) -> Value {
        let mut sent = sent.clone();
        if sent.method == "PUT" && sent.content_type.contains("x-www-form-urlencoded") {
            sent.method = "POST".to_owned();
        }
        let target = target(&sent.url);
        let query = target.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
        let answer = self.send_to(&format!("/echo{query}"), Web::Plain, &sent);
        json(answer.body.as_bytes())
    }

    fn send_to(&self, target: &str, web: Web, sent: &Sent) -> Answer {
        let content_type = match sent.content_type.as_str() {
            "" => String::new(),
            content_type => format!("Content-Type: {content_type}\r\n"),
        };
        let head = format!(
            "{} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nStand-In-Web: {}\r\n{content_type}Content-Length: {}\r\n\r\n",
            sent.method,
            format!("{web:?}").to_lowercase(),
            sent.body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the stand-in helpdesk listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(&[head.as_bytes(), &sent.body].concat()).expect("a request is taken");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a complete answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let stage = head.split("X-Stand-In-Stage: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        Answer { status, stage: stage.unwrap_or_default().to_owned(), body: body.to_owned() }
    }
}

/// Reads JSON of any depth.
fn json(text: &[u8]) -> Value {
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    reader.into_iter().next().expect("a value").expect("JSON")
}

/// Returns the parameters without the route and the credentials.
fn of_the_caller(parameters: &Value) -> Value {
    let mut parameters = parameters.as_object().cloned().unwrap_or_default();
    for name in ["e", "apikey", "salt", "signature"] {
        parameters.remove(name);
    }
    Value::Object(parameters)
}

/// Returns the names of files. They are a list, or an object with the contents of each.
fn names_of_files(files: &Value) -> Vec<String> {
    let listed = files.as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned()));
    let mut names: Vec<_> = listed.chain(files.as_object().into_iter().flat_map(Map::keys).cloned()).collect();
    names.sort_unstable();
    names
}

/// Returns whether no parameter was lost or changed. A raw route counts for PHP as one parameter, which may be missing.
fn is_part(after: &Value, before: &Value, is_raw: bool) -> bool {
    let (Value::Object(after), Value::Object(before)) = (after, before) else { return false };
    let lost = before.keys().filter(|name| !after.contains_key(*name)).count();
    let is_same = |(name, value): (&String, &Value)| before.get(name).map_or(!is_raw, |before| before == value);
    lost <= usize::from(is_raw) && after.iter().all(is_same)
}

impl Drop for Helpdesk {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// Starts PHP. Panics with the name of the package if it is not installed.
pub fn started(php: &mut Command) -> Child {
    php.spawn().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!("PHP is the referee of these tests: install php-cli"),
        _ => panic!("php does not start: {error}"),
    })
}

/// Returns the path and query of a URL, as the first line of a request has them.
fn target(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let Some((_, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.find(['/', '?']) {
        Some(at) if rest[at..].starts_with('/') => rest[at..].to_owned(),
        Some(at) => format!("/{}", &rest[at..]),
        None => "/".to_owned(),
    }
}
