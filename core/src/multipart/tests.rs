//! Compares the fields that are read in multipart bodies with those that PHP reads.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::string::{String, ToString};
use std::thread;
use std::time::Duration;
use std::vec::Vec;
use std::{format, panic};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::Parts;
use crate::multipart_check::MultipartCheck;

/// A PHP web server that runs until this is dropped.
struct Php {
    server: Child,
    port: u16,
}

impl Php {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let server = Command::new("php")
            .args(["-d", "display_errors=0", "-S", &format!("127.0.0.1:{port}")])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/fields.php"))
            .env_remove("PHP_CLI_SERVER_WORKERS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PHP is the referee of these tests: install php-cli");
        let php = Php { server, port };
        let listens = || {
            thread::sleep(Duration::from_millis(50));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        };
        assert!((0..200).any(|_| listens()), "php's web server does not listen");
        php
    }

    /// Returns PHP's verdict on the fields that are read here: `same`, or both readings.
    fn verdict(&self, boundary: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("PHP listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let head = format!(
            "POST /?{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {}\r\n\r\n",
            fields(boundary, body),
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).expect("a request is taken");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer in ASCII");
        answer.split_once("\r\n\r\n").expect("a complete answer").1.to_string()
    }
}

impl Drop for Php {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// Returns the fields that are read in a body, as a query.
fn fields(boundary: &str, body: &[u8]) -> String {
    let mut query = String::new();
    let escape = |byte: u8, query: &mut String| write!(query, "%{byte:02x}").expect("room");
    for part in Parts::new(body, boundary).filter(|part| !part.file) {
        let Some(name) = part.name else { continue };
        name.bytes().for_each(|byte| escape(byte, &mut query));
        query.push('=');
        part.value.iter().for_each(|byte| escape(*byte, &mut query));
        query.push('&');
    }
    query
}

fn part(headers: &str, value: &str) -> String {
    format!("--X\r\n{headers}\r\n\r\n{value}\r\n")
}

const PIECES: &str = "\r\n|\n|\r|\r\n--|\r\n--X|\n--X|--X|--X\r\n|\r\n--X\r\n|\r\n--X--\r\n|-|--|X|\0| |\t|\x0b|\x0c|;|\
    ; |:|=|\"|'|\\|\\\"|\\\\|[|]|name|name=|name=\"a\"|name='b'|name=c|name=\"a;b\"|; name=\"d|; filename=\"f\"|\
    ; filename=\"\"|; filename=|; name=\"f[\"|filename|a|é|salt|\r\n name=\"e\"|\r\n\tx|\r\nX: y|\r\nX|form-data|\
    Content-Disposition:|content-disposition:form-data; name=\"g\"|\
    --X\r\nContent-Disposition: form-data; name=\"h\"\r\n\r\n|\r\n--X\r\nContent-Disposition: form-data; |\
    --X\r\nContent-Disposition: form-data; name=\"MAX_FILE_SIZE\"\r\n\r\n3\r\n|\r\n\r\n|\
    --X\r\nContent-Disposition: form-data; name=\"i\"; filename=\"j\"\r\n\r\n";

/// Lengths of filling that move lines and values across the end of PHP's buffer.
const LENGTHS: &[usize] = &[0, 1, 5_050, 5_080, 5_100, 5_117, 5_118, 5_119, 5_120, 5_121, 10_240];

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = || select(PIECES.split('|').collect::<Vec<_>>()).prop_map(ToString::to_string);
    let filling = (select(&["x", "-", "\r", " ", "\n"][..]), select(LENGTHS)).prop_map(|(text, len)| text.repeat(len));
    let pieces = prop_oneof![60 => piece(), 1 => filling];
    let start = part("Content-Disposition: form-data; name=\"a\"", "1");
    (vec(pieces, 0..24), 0..3_usize)
        .prop_map(move |(pieces, starts)| (start.repeat(starts) + &pieces.concat()).into_bytes())
}

#[test]
fn php_reads_the_same_fields_in_hostile_bodies() {
    let php = Php::start();
    let config = ProptestConfig { cases: 6_000, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&hostile(), |body| {
        let verdict = php.verdict("X", &body);
        prop_assert!(verdict == "same", "{verdict}\nin \"{}\"", body.escape_ascii());
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn php_stops_at_the_same_part() {
    let php = Php::start();
    let (field, file) = ("Content-Disposition: form-data; name=\"a[]\"", "; filename=\"f\"");
    for (fields, files) in [(1_001, 0), (999, 25), (998, 19), (10, 1_020), (1_000, 20)] {
        for files_first in [true, false] {
            let (fields, files) = (part(field, "1").repeat(fields), part(&format!("{field}{file}"), "1").repeat(files));
            let last = part(field, "last");
            let body = if files_first { files + &fields } else { fields + &files } + &last;
            assert_eq!(php.verdict("X", body.as_bytes()), "same");
        }
    }
}

#[test]
fn php_skips_the_same_files() {
    let php = Php::start();
    // A boundary directly after the headers ends no value, so the hidden field is read only if the file is skipped.
    let hidden = format!("--X\r\n{}\r\n\r\n1\r\n--X--\r\n", "Content-Disposition: form-data; name=\"hidden\"");
    let names = ["a", "a[]", "a[", "a]", "a[b", "a[b]c", "a[b][c]", "a]b[", "a[[b]]", "a[b]]", "[", "]", "[]", ""];
    for name in names {
        for filename in ["f", ""] {
            let file = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"");
            assert_eq!(php.verdict("X", part(&file, &hidden).as_bytes()), "same", "{file}");
        }
    }
    for headers in
        ["Content-Disposition: form-data; filename=\"f\"", "Content-Disposition: form-data; filename=f; name="]
    {
        assert_eq!(php.verdict("X", part(headers, &hidden).as_bytes()), "same", "{headers}");
    }
}

#[test]
fn php_stops_reading_a_file_beyond_the_limit_at_the_same_place() {
    let php = Php::start();
    let file = "Content-Disposition: form-data; name=\"f\"; filename=\"f\"";
    let hidden = |name: usize| format!("--X\nContent-Disposition: form-data; name=\"a{name}\"\n\n\r");
    for limit in ["1", "5118", "5119", "5120", "10238", "10239", "20000", "0", "-1", "+7", " 12x", "x", ""] {
        let limit = part("Content-Disposition: form-data; name=\"max_FILE_size\"", limit);
        for offset in [0, 1, 2] {
            let filling = |at: usize| "x".repeat(5_119 - if at == 0 { offset } else { hidden(at - 1).len() });
            let content: String = (0..6).map(|at| filling(at) + &hidden(at)).collect();
            let body = limit.clone() + &part(file, &content) + "--X--\r\n";
            assert_eq!(php.verdict("X", body.as_bytes()), "same", "{limit}, {offset}");
        }
    }
}

#[test]
fn the_count_of_fields_in_a_plain_body_is_that_of_php() {
    let pieces =
        "\r\n|\n|--|-|X|--X|\r|a|: |; |=|[|]|é| |\0|\r\n--X--|; filename=\"f|\" |Content-Disposition: form-data; ";
    let text = || vec(select(pieces.split('|').collect::<Vec<_>>()), 0..4).prop_map(|pieces| pieces.concat());
    let fields = vec((text(), text()), 0..5);
    let plain = core::cell::Cell::new(0);
    let config = ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&(fields, 1..40_usize), |(fields, len)| {
        let header = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
        let body: String = fields.iter().map(|(name, value)| part(&header(name), value)).collect();
        let body = body + "--X--\r\n";
        let mut check = MultipartCheck::new("X", false).expect("a short boundary");
        if body.as_bytes().chunks(len).all(|piece| check.feed(piece).is_ok()) && check.end().is_ok() {
            plain.set(plain.get() + 1);
            let read = Parts::new(body.as_bytes(), "X").filter(|part| !part.file).count();
            prop_assert_eq!(read, check.fields().seen(), "{:?}", body);
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(plain.get() > 1_000, "only {} bodies were plain", plain.get());
}
