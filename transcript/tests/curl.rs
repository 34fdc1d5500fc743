//! Checks that the request read from a curl command is the one that curl sends.
#![allow(clippy::expect_used, reason = "what curl and a listener on this machine do")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use kayako_sign_transcript::{Form, Missing, Transcript, read};

/// The request that a command sends.
#[derive(Debug, PartialEq)]
struct Sent {
    method: String,
    target: String,
    content_type: Option<String>,
    body: String,
}

/// Runs a command in bash, with the listener's URL instead of the word URL. Returns the command, the output of curl and
/// the request that it sends.
fn run(command: &str) -> (String, Vec<u8>, Sent) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let command = command.replace("URL", &url);
    let server = thread::spawn(move || received(&listener));
    let limited = command.replacen("curl", "curl --disable --max-time 20", 1);
    let done = Command::new("bash").args(["-c", &limited]).env_remove("http_proxy").output().expect("bash runs");
    assert!(done.status.success(), "{command}: {done:?}");
    let text = server.join().expect("the server ends");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    let mut words = lines.next().expect("a request line").split(' ').map(str::to_owned);
    let content_type =
        lines.find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-type")));
    let sent = Sent {
        method: words.next().expect("a method"),
        target: words.next().expect("a target"),
        content_type: content_type.map(|(_, value)| value.trim().to_owned()),
        body: body.to_owned(),
    };
    (command, done.stdout, with_one_boundary(sent))
}

fn received(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut text = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let len = stream.read(&mut piece).expect("a readable connection");
        text.extend_from_slice(&piece[..len]);
        let shown = String::from_utf8_lossy(&text);
        let Some((head, body)) = shown.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .map_or(0, |text| text.parse().expect("a number"));
        if body.len() >= length || head.starts_with("HEAD") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return shown.into_owned();
        }
    }
}

/// Replaces curl's boundary, which is random.
fn with_one_boundary(mut sent: Sent) -> Sent {
    let boundary =
        sent.content_type.as_deref().and_then(|text| text.split_once("; boundary=")).map(|(_, text)| text.to_owned());
    if let Some(boundary) = boundary {
        sent.body = sent.body.replace(&boundary, "BOUNDARY");
        sent.content_type = sent.content_type.map(|text| text.replace(&boundary, "BOUNDARY"));
    }
    sent
}

fn check(command: &str) {
    let (command, _, sent) = run(command);
    let transcript = read(command.as_bytes());
    let transcript = transcript.unwrap_or_else(|error| unreachable!("{command}: {error}"));
    assert_eq!(transcript.form(), Form::Curl, "{command}");
    assert_eq!(sent_in(&transcript), sent, "{command}");
}

/// Returns the request in a transcript.
fn sent_in(transcript: &Transcript<'_>) -> Sent {
    let url = transcript.url().split('#').next().unwrap_or_default();
    let path = url.find("://").and_then(|at| url[at + 3..].find(['/', '?']).map(|path| at + 3 + path));
    let target = path.map_or("/", |path| &url[path..]);
    with_one_boundary(Sent {
        method: transcript.method().to_owned(),
        target: if target.starts_with('?') { format!("/{target}") } else { target.to_owned() },
        content_type: transcript.content_type().map(str::to_owned),
        body: String::from_utf8_lossy(transcript.body()).into_owned(),
    })
}

#[test]
fn the_output_of_curl_is_read() {
    let data = "-d 'apikey=a&salt=1&signature=\n* b\n' --data-raw $'\\n< c\\r\\nd'";
    for request in ["", "-X DELETE", data, "--json '{\"salt\": 1}' -X PUT", "-F salt=1 -F a=b"] {
        for (options, form) in [
            ("-v", Form::CurlVerbose),
            ("-sv", Form::CurlVerbose),
            ("-v -o /dev/null", Form::CurlVerbose),
            ("--trace-ascii -", Form::CurlTrace),
            ("--trace - --trace-time", Form::CurlTrace),
        ] {
            let (command, printed, mut sent) = run(&format!("curl {options} {request} 'URL/i.php?/A/B&x' 2>&1"));
            let transcript = read(&printed);
            let transcript = transcript.unwrap_or_else(|error| unreachable!("{command}: {error}"));
            assert_eq!(transcript.form(), form, "{command}");
            if form == Form::CurlVerbose {
                let missing = (!sent.body.is_empty()).then_some(Missing::Headers);
                assert_eq!(transcript.body_missing(), missing, "{command}");
                sent.body.clear();
                // The command above shows the body.
                let both = format!("$ curl {}\n{}", &command[5..], String::from_utf8_lossy(&printed));
                let transcript = read(both.as_bytes()).expect("both are read");
                assert_eq!((transcript.form(), transcript.body_missing()), (form, None), "{both}");
            }
            if options == "--trace-ascii -" {
                // A line feed alone is shown as a dot.
                sent.body = sent.body.replace("\r\n", "\0").replace('\n', ".").replace('\0', "\r\n");
            }
            assert_eq!(sent_in(&transcript), sent, "{command}");
        }
    }
}

#[test]
fn options_make_the_request_that_curl_makes() {
    for command in [
        "curl URL",
        "curl 'URL/api/index.php?/Base/User/1&a=b'",
        "curl 'URL?a=b#c'",
        "curl -sSXPUT -d a 'URL/i.php?/A/B'",
        "curl -X DELETE URL/a --url-query 'b=c d&' --url-query +x=y%20z --url-query '=e f'",
        "curl URL/a -d a=1 -d b=2 --data-ascii c --data-binary d --data-raw @e",
        "curl URL/a -d '' -d x",
        "curl URL/a -d ''",
        "curl URL/a --data-urlencode 'signature=a+/= é\n' --data-urlencode '=x y' --data-urlencode 'x&y' --data-urlencode a==",
        "curl -G URL/a -d a=1 --data-urlencode 'b=c d'",
        "curl -G 'URL/a?/A/B&#x' -d a=1 -d b=2",
        "curl -G 'URL/a?' -d a=1",
        "curl -GXPOST 'URL/a?b' -d a=1",
        "curl URL/a --json '{\"a\":' --json '1}'",
        "curl URL/a --json '{}' -H 'content-type: text/json'",
        "curl URL/a -d a -H 'Content-Type: text/plain;charset=UTF-8' -H 'X-A: b'",
        "curl URL/a -d a -H 'Content-Type:'",
        "curl URL/a -H 'Content-Type:  a/b  '",
        "curl -I URL/a",
        "curl -o /dev/null -u me:it -A x -e URL/elsewhere -b a=b -m 9 --connect-timeout 5 -kLsS --compressed --retry 0 URL/a",
        "curl URL/a -s -d a=1 2>/dev/null | cat",
        "curl URL/a -d a=1 >/dev/null && true",
        "curl \\\n  -d a=1 \\\n  URL/a   # what is sent",
    ] {
        check(command);
    }
}

#[test]
fn forms_are_the_multipart_that_curl_makes() {
    let fields = [
        "-F a=b -F 'c=d e'",
        "-F 'a=b;c' -F 'd=e;type=text/plain' -F 'f=g; type=text/plain;charset=utf-8'",
        "-F 'a=\"b;\\\"c\\\\\" ;type=x/y' -F 'd=\"e' -F 'f= g '",
        "-F 'a=b;filename=c.txt' -F 'd=e;filename=\"f\\\"g\"'",
        "--form-string 'a=@b;type=c' --form-string 'd=<e\"'",
        "-F 'a\"b=c' -F 'é=ü'",
        "-F a=b -H 'Content-Type: multipart/form-data'",
        "-F a=b -X PUT",
        "-F 'a=@FILE;type=a/b' -F 'b=@FILE;filename=c' -F c=@FILE",
    ];
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/empty.html");
    std::fs::write(file, "").expect("a file");
    for field in fields {
        check(&format!("curl URL/a {}", field.replace("FILE", file)));
    }
}

#[test]
fn a_command_is_split_as_bash_splits_it() {
    let mut state = 16_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 40).unwrap_or_default() % below
    };
    for _ in 0..150 {
        let mut word = String::new();
        for _ in 0..=random(5) {
            let letters = ["a", " ", "\\\\", "&", "%2B", "é", "\n", "!", "^", "*", "{", "#", "= "];
            let inner: String = (0..random(6)).map(|_| letters[random(letters.len())]).collect();
            let piece = match random(5) {
                0 => format!("'{inner}\\\"'"),
                1 => format!("\"{inner}\\\"\\`\\$'\\q\\\n\""),
                2 => format!("$'{inner}\\'\\x41\\u00e9\\101\\n\\t\\\"\\q\\U1F600'"),
                3 => "\\ \\'\\\"\\\\\\$\\&\\\nx".to_owned(),
                _ => "x=-~%:@^,./".to_owned(),
            };
            word.push_str(&piece);
        }
        check(&format!("curl URL/a --data-raw {word}"));
    }
}
