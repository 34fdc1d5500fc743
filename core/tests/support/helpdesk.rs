//! The stand-in helpdesk: PHP, as the referee of what a request says.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use kayako_sign_core::{Diagnosis, Reading};
use serde_json::{Map, Value};

use super::sent::Sent;

/// The program, running at a port of its own until this is dropped.
pub struct Helpdesk {
    server: Child,
    port: u16,
}

/// What the web server before it does with a path that is no file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Web {
    Plain,
    Rewrite,
}

/// What it answered.
pub struct Answer {
    pub status: u16,
    /// The stage that ended the request.
    pub stage: String,
    pub body: String,
}

impl Answer {
    /// Whether the request reached a controller.
    pub fn is_accepted(&self) -> bool {
        self.stage == "fields"
    }

    /// What a controller read, of a request that was accepted.
    pub fn document(&self) -> Value {
        json(self.body.as_bytes())
    }

    /// Whether a diagnosis of the request foretold it.
    pub fn agrees_with(&self, sent: &Sent, web: Web, diagnosis: Diagnosis) -> bool {
        let reading = Reading::of(&sent.request());
        if let (Web::Plain, Some(answer)) = (web, reading.answer_without_rewriting()) {
            // Some paths are refused whatever the rules are.
            return self.status == answer.status || diagnosis.answer().status == self.status;
        }
        if self.stage == "route" && self.status == 404 && reading.route().is_some_and(|route| !route.is_known()) {
            // An installation may have more controllers.
            return true;
        }
        let answer = reading.answer(diagnosis);
        let is_foretold = self.status == answer.status && (sent.method == "HEAD" || self.body.contains(answer.text));
        is_foretold && self.is_accepted() == diagnosis.is_accepted()
    }
}

impl Helpdesk {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its number").port();
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
            assert!(server.try_wait().expect("its state").is_none(), "it ended at once: is php-cli there?");
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the stand-in helpdesk does not listen");
    }

    /// Sends a request to the URL it names, but for the host.
    #[allow(dead_code, reason = "not every test sends through both")]
    pub fn send(&self, sent: &Sent) -> Answer {
        self.send_through(Web::Rewrite, sent)
    }

    /// Sends a request through a web server.
    pub fn send_through(&self, web: Web, sent: &Sent) -> Answer {
        self.send_to(&target(&sent.url), web, sent)
    }

    /// Whether a controller read in a signed request what PHP reads in the request before it was signed, and nothing else.
    pub fn sees_the_same(&self, sent: &Sent, answer: &Answer) -> bool {
        let (before, after) = (self.echo(sent), answer.document());
        let is_json = after["container"] == "json";
        let posted = if is_json { of_the_caller(&json(&sent.body)) } else { of_the_caller(&before["post"]) };
        let is_query = after["container"] == "query";
        let query = of_the_caller(if is_query { &after["parameters"] } else { &after["query"] });
        let is_body_kept = is_query || of_the_caller(&after["parameters"]) == posted;
        let is_fields_kept = after["fields"] == if is_json || is_query { Value::Object(Map::new()) } else { posted };
        // What follows a route that is elsewhere is added to the query.
        let is_raw = after["source"] == "query";
        let is_query_kept = is_part(&query, &of_the_caller(&before["get"]), is_raw);
        is_body_kept
            && is_fields_kept
            && is_query_kept
            && (is_query || is_json || names_of_files(&before["files"]) == names_of_files(&after["files"]))
    }

    /// What PHP reads in the query and the body of a request. A body that is a form is shown for a POST alone.
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
        let (head, body) = answer.split_once("\r\n\r\n").expect("a whole answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let stage = head.split("X-Stand-In-Stage: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        Answer { status, stage: stage.unwrap_or_default().to_owned(), body: body.to_owned() }
    }
}

/// Reads JSON, however deep it is.
fn json(text: &[u8]) -> Value {
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    reader.into_iter().next().expect("a value").expect("JSON")
}

/// The parameters without the route and the credentials.
fn of_the_caller(parameters: &Value) -> Value {
    let mut parameters = parameters.as_object().cloned().unwrap_or_default();
    for name in ["e", "apikey", "salt", "signature"] {
        parameters.remove(name);
    }
    Value::Object(parameters)
}

/// The names of files, as a list or as what there is of each.
fn names_of_files(files: &Value) -> Vec<String> {
    let listed = files.as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned()));
    let mut names: Vec<_> = listed.chain(files.as_object().into_iter().flat_map(Map::keys).cloned()).collect();
    names.sort_unstable();
    names
}

/// Whether all parameters are there, but for the route, which PHP takes for one if it has no name.
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
