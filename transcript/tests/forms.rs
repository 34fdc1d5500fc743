//! The same request in every form it can take gives the same reading.

use std::str;

use kayako_sign_transcript::{Error, Form, Missing, Part, Remark, Transcript, read};

/// A request, and what is said of it.
#[derive(Clone, Copy)]
struct Sent {
    method: &'static str,
    content_type: Option<&'static str>,
    body: &'static str,
}

const HOST: &str = "help.example.com";
const TARGET: &str = "/api/index.php?/Base/User/1&a=%2B%27&b[]=2";
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json");

const REQUESTS: [Sent; 6] = [
    Sent { method: "GET", content_type: None, body: "" },
    Sent { method: "DELETE", content_type: None, body: "" },
    Sent { method: "POST", content_type: FORM, body: "apikey=a&salt=1%2B&signature=x%3D" },
    Sent { method: "PUT", content_type: JSON, body: r#"{"salt": "it's \"1\" \\ ^100% $HOME `x`", "a": "é😀"}"# },
    Sent { method: "POST", content_type: Some("text/plain"), body: "a\r\nb\n\nc! ~*" },
    Sent {
        method: "POST",
        content_type: Some("multipart/form-data; boundary=X"),
        body: "--X\r\nContent-Disposition: form-data; name=\"salt\"\r\n\r\n1\r\n--X--\r\n",
    },
];

/// A way to write a request, and what it is recognised as. `None` where this one cannot be written so.
type Shape = (&'static str, Form, fn(&Sent) -> Option<String>);

const SHAPES: &[Shape] = &[
    ("CRLF", Form::Raw, |sent| Some(wire(sent))),
    ("absolute", Form::Raw, |sent| Some(wire(sent).replacen('/', &format!("https://{HOST}/"), 1))),
    ("LF", Form::Raw, |sent| (!sent.body.contains('\r')).then(|| wire(sent).replace("\r\n", "\n"))),
    ("a newline after", Form::Raw, |sent| Some(wire(sent) + "\n")),
    ("empty lines before", Form::Raw, |sent| Some(format!("\r\n\n{}", wire(sent)))),
    ("no version", Form::Raw, |sent| Some(wire(sent).replacen(" HTTP/1.1", "", 1))),
    ("a byte order mark", Form::Raw, |sent| Some(format!("\u{feff}{}", wire(sent)))),
    ("prose before", Form::Raw, |sent| Some(format!("This is what I send:\n\n{}", wire(sent)))),
    ("folded", Form::Raw, |sent| Some(wire(sent).replacen("Host: ", "X: y\r\n  z\r\nHost:\t ", 1))),
    ("chunks", Form::Raw, |sent| {
        let middle = sent.body.chars().take(7).map(char::len_utf8).sum();
        let (first, second) = sent.body.split_at(middle);
        let chunk = |text: &str| format!("{:x};x=y\r\n{text}\r\n", text.len());
        let chunks = if sent.body.is_empty() { String::new() } else { chunk(first) + &chunk(second) };
        Some(head(sent, "Transfer-Encoding: chunked") + &chunks + "0\r\n\r\n")
    }),
    ("Wireshark", Form::Raw, |sent| Some(wire(sent) + "\r\nHTTP/1.1 401 Unauthorized\r\nHost: x\r\n\r\nNO SALT")),
    ("fences", Form::Raw, |sent| Some(format!("It fails:\n\n```http\n{}\n```\nWhy?\n", wire(sent)))),
    ("mail", Form::Raw, |sent| Some(prefixed(&wire(sent), "> "))),
    ("mail within mail", Form::Raw, |sent| Some(prefixed(&prefixed(&wire(sent), "> "), "> "))),
    ("curl -v", Form::CurlVerbose, |sent| Some(verbose(sent, "", ""))),
    ("curl -v, an empty line more", Form::CurlVerbose, |sent| Some(verbose(sent, "\n", ""))),
    ("curl -v, upload", Form::CurlVerbose, |sent| {
        Some(verbose(sent, "} [9 bytes data]\n* upload completely sent off: 9 bytes\n{ [17 bytes data]\n", ""))
    }),
    ("curl -v, meter", Form::CurlVerbose, |sent| {
        let meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n\
                                                      Dload  Upload   Total   Spent    Left  Speed\n\
             100    60    0    51  100     9   8500   1500 --:--:-- --:--:-- --:--:-- 10000\n";
        Some(meter.to_owned() + &verbose(sent, meter, "\n"))
    }),
    ("curl -v, answer after", Form::CurlVerbose, |sent| {
        Some(verbose(sent, "", "\n* HTTP 1.0, assume close after body\n< HTTP/1.1 401 Unauthorized\n< \nNO SALT"))
    }),
    ("curl -v, body after the answer", Form::CurlVerbose, |sent| {
        let bare = verbose(&Sent { body: "", ..*sent }, "", "").replace("Content-Length: 0", &length(sent));
        Some(format!("{bare}< HTTP/1.1 401 Unauthorized\n< \n* Closing\nNO SALT PROVIDED!\n\n{}", sent.body))
    }),
    ("curl -v, tunnel", Form::CurlVerbose, |sent| {
        Some(format!("> CONNECT h:443 HTTP/1.1\n> Host: h:443\n> \n< HTTP/1.1 200\n< \n{}", verbose(sent, "", "")))
    }),
    ("curl -v, body in the command", Form::CurlVerbose, |sent| {
        let bare = verbose(&Sent { body: "", ..*sent }, "", "").replace("Content-Length: 0", &length(sent));
        Some(format!("$ curl -v {}\n{bare}* done\n", arguments(sent, single)))
    }),
    ("curl --trace-ascii", Form::CurlTrace, |sent| {
        (!sent.body.contains(char::is_control) && sent.body.is_ascii()).then(|| trace(sent, false))
    }),
    ("curl --trace", Form::CurlTrace, |sent| Some(trace(sent, true))),
    ("curl 8 of HTTP/2", Form::PseudoHeaders, |sent| Some(pseudo(sent, |line| format!("* [HTTP/2] [1] [{line}]")))),
    ("curl 7.88 of HTTP/2", Form::PseudoHeaders, |sent| Some(pseudo(sent, |line| format!("* h2h3 [{line}]")))),
    ("pseudo headers", Form::PseudoHeaders, |sent| Some(pseudo(sent, str::to_owned))),
    ("pseudo headers, values below", Form::PseudoHeaders, |sent| {
        Some(pseudo(sent, |line| {
            line[1..].find(':').map_or(line.into(), |at| format!("{}\n{}", &line[..at + 2], line[at + 2..].trim()))
        }))
    }),
    ("network panel", Form::NetworkPanel, |sent| {
        let content_type = sent.content_type.map(|value| format!("content-type:\n{value}\n")).unwrap_or_default();
        Some(format!(
            "Request URL:\nhttps://{HOST}{TARGET}\nRequest Method:\n{}\nStatus Code:\n401 Unauthorized\n\
             Response Headers (3)\ncontent-type:\ntext/html; charset=UTF-8\nRequest Headers\nHost: x\n{content_type}{}\n\n{}",
            sent.method,
            length(sent),
            sent.body
        ))
    }),
    ("curl, '…'", Form::Curl, |sent| Some(format!("curl {}", arguments(sent, single)))),
    ("curl, '…', prompt and answer", Form::Curl, |sent| {
        Some(format!("me@host:~$ curl {} | jq .\nNO SALT PROVIDED!\n$ ", arguments(sent, single)))
    }),
    ("curl, \"…\"", Form::Curl, |sent| Some(format!("curl {}", arguments(sent, double)))),
    ("curl, $'…'", Form::Curl, |sent| Some(format!("curl {}", arguments(sent, ansi)))),
    ("curl, cmd", Form::Curl, |sent| {
        let text = format!("curl {}", arguments(sent, cmd)).replace(" \\\n", " ^\n");
        (!sent.body.contains(['\r', '😀'])).then_some(text)
    }),
    ("curl, cmd, CRLF", Form::Curl, |sent| {
        let text = format!("curl {}", arguments(sent, cmd)).replace(" \\\n", " ^\n").replace('\n', "\r\n");
        (!sent.body.contains(['\r', '\n', '😀'])).then_some(text)
    }),
    ("curl, PowerShell", Form::Curl, |sent| {
        let text = format!("PS C:\\> curl.exe {}", arguments(sent, powershell)).replace(" \\\n", " `\n");
        (!sent.body.contains('\\')).then_some(text)
    }),
    ("fetch", Form::Fetch, |sent| Some(fetch(sent, "null"))),
    ("fetch of Firefox", Form::Fetch, |sent| Some(format!("await {}", fetch(sent, "undefined")))),
    ("Invoke-WebRequest", Form::PowerShell, |sent| Some(invoke(sent, &powershell(sent.body)))),
    ("Invoke-WebRequest, bytes", Form::PowerShell, |sent| {
        let escape = |character: char| match u32::from(character) {
            0x20..=0x7e if "\"`$".contains(character) => format!("`{character}"),
            0x20..=0x7e => character.to_string(),
            _ => character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("$([char]{unit})")).collect::<String>(),
        };
        let text: String = sent.body.chars().map(escape).collect();
        Some(invoke(sent, &format!("([System.Text.Encoding]::UTF8.GetBytes(\"{text}\"))")))
    }),
    ("HAR entry", Form::Har, |sent| Some(har(sent))),
    ("HAR file", Form::Har, |sent| Some(format!(r#"{{"log": {{"version": "1.2", "entries": [{}]}}}}"#, har(sent)))),
];

fn length(sent: &Sent) -> String {
    format!("Content-Length: {}", sent.body.len())
}

fn head(sent: &Sent, last: &str) -> String {
    let content_type = sent.content_type.map(|value| format!("Content-Type: {value}\r\n")).unwrap_or_default();
    format!("{} {TARGET} HTTP/1.1\r\nHost: {HOST}\r\n{content_type}{last}\r\n\r\n", sent.method)
}

fn wire(sent: &Sent) -> String {
    head(sent, &length(sent)) + sent.body
}

fn prefixed(text: &str, prefix: &str) -> String {
    text.split_inclusive('\n').map(|line| format!("{prefix}{line}")).collect()
}

fn verbose(sent: &Sent, before_body: &str, after: &str) -> String {
    let head = prefixed(&head(sent, &length(sent)), "> ");
    format!("* Connected to {HOST}\n{head}{before_body}{}{after}", sent.body)
}

fn pseudo(sent: &Sent, shown: impl Fn(&str) -> String) -> String {
    let content_type = sent.content_type.map(|value| format!("content-type: {value}"));
    let first = [format!(":method: {}", sent.method), format!(":path: {TARGET}"), ":scheme: https".into()];
    let headers = first.into_iter().chain([format!(":authority: {HOST}")]).chain(content_type).chain([length(sent)]);
    let headers: Vec<_> = headers.map(|line| shown(&line) + "\n").collect();
    headers.concat() + "* Using Stream ID: 1 (easy handle 0x5)\n\n" + sent.body
}

fn trace(sent: &Sent, hexadecimal: bool) -> String {
    let rows = |text: &str| -> String {
        let mut shown = String::new();
        let mut at = 0;
        if hexadecimal {
            for row in text.as_bytes().chunks(16) {
                let bytes: String = row.iter().map(|byte| format!("{byte:02x} ")).collect();
                let letters: String =
                    row.iter().map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' }).collect();
                shown += &format!("{at:04x}: {bytes:<48}{letters}\n");
                at += row.len();
            }
            return shown;
        }
        for line in text.split_inclusive("\r\n") {
            let content = line.trim_end_matches("\r\n");
            let rows: Vec<_> = content.as_bytes().chunks(64).collect();
            for row in if rows.is_empty() { vec![&b""[..]] } else { rows } {
                shown += &format!("{at:04x}: {}\n", str::from_utf8(row).unwrap());
                at += row.len();
            }
            at += line.len() - content.len();
        }
        shown
    };
    let head = head(sent, &length(sent));
    let data = if sent.body.is_empty() {
        String::new()
    } else {
        format!("=> Send data, {} bytes (0x9)\n{}", sent.body.len(), rows(sent.body))
    };
    format!(
        "== Info: Connected\n=> Send header, {} bytes (0x9)\n{}{data}<= Recv header, 9 bytes (0x9)\n0000: HTTP/1.1 401\n",
        head.len(),
        rows(&head)
    )
}

fn arguments(sent: &Sent, quoted: fn(&str) -> String) -> String {
    let mut words =
        vec![quoted(&format!("https://{HOST}{TARGET}")), format!("-X {}", sent.method), "-s --compressed".into()];
    words.extend(sent.content_type.map(|value| format!("-H {}", quoted(&format!("content-type: {value}")))));
    words.push(format!("-H {} -o out -u me:it -e https://elsewhere/ -A x", quoted("accept: */*")));
    if !sent.body.is_empty() {
        words.push(format!("--data-raw {}", quoted(sent.body)));
    }
    words.join(" \\\n  ")
}

fn single(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn double(word: &str) -> String {
    let escaped: Vec<_> =
        word.chars().map(|c| if "\"\\$`".contains(c) { format!("\\{c}") } else { c.into() }).collect();
    format!("\"{}\"", escaped.concat())
}

fn ansi(word: &str) -> String {
    let escape = |c: char| match c {
        '\\' | '\'' => format!("\\{c}"),
        '\n' => "\\n".into(),
        ' '..='~' if c != '!' => c.into(),
        _ => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    format!("$'{}'", word.chars().map(escape).collect::<String>())
}

/// As Chrome writes a word for cmd.
fn cmd(word: &str) -> String {
    let word = word.replace('\\', "\\\\").replace('"', "\\\"");
    let escape = |c: char| match c {
        '\n' => "^\n\n".into(),
        c if c.is_ascii_alphanumeric() || " _-:=+~'/.',?;()*`".contains(c) || !c.is_ascii() => c.into(),
        _ => format!("^{c}"),
    };
    format!("^\"{}^\"", word.chars().map(escape).collect::<String>())
}

fn powershell(word: &str) -> String {
    let escaped: Vec<_> = word.chars().map(|c| if "\"`$".contains(c) { format!("`{c}") } else { c.into() }).collect();
    format!("\"{}\"", escaped.concat())
}

fn invoke(sent: &Sent, body: &str) -> String {
    let content_type = sent.content_type.map(|value| format!(" `\n-ContentType \"{value}\"")).unwrap_or_default();
    let body = if sent.body.is_empty() { String::new() } else { format!(" `\n-Body {body}") };
    format!(
        "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"x\"\n\
         Invoke-WebRequest -UseBasicParsing -Uri \"https://{HOST}{TARGET}\" `\n-Method \"{}\" `\n-WebSession $session `\n\
         -Headers @{{\n\"authority\"=\"{HOST}\"\n  \"sec-ch-ua\"=\"`\"x`\";v=`\"1`\"\"\n}}{content_type}{body}\n",
        sent.method
    )
}

fn json_string(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        ' '..='~' => c.into(),
        _ => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

fn fetch(sent: &Sent, nothing: &str) -> String {
    let content_type = sent.content_type.map(|value| format!(", \"content-type\": \"{value}\"")).unwrap_or_default();
    let body = if sent.body.is_empty() { nothing.to_owned() } else { json_string(sent.body) };
    format!(
        "fetch(\"https://{HOST}{TARGET}\", {{\n  \"headers\": {{ \"accept\": \"a, b\"{content_type} }},\n  \"body\": {body},\n  \
         \"method\": \"{}\",\n  \"mode\": \"cors\"\n}});",
        sent.method
    )
}

fn har(sent: &Sent) -> String {
    let header = |name: &str, value: &str| format!(r#"{{"name": "{name}", "value": "{value}"}}"#);
    let content_type =
        sent.content_type.map(|value| ", ".to_owned() + &header("Content-Type", value)).unwrap_or_default();
    let data = format!(r#", "postData": {{"mimeType": "x", "text": {}, "params": []}}"#, json_string(sent.body));
    format!(
        r#"{{"startedDateTime": "x", "request": {{"method": "{}", "url": "https://{HOST}{TARGET}", "headers": [{}{content_type}]{}}},
           "response": {{"status": 401, "headers": [{}], "content": {{"text": "NO SALT"}}}}}}"#,
        sent.method,
        header("Host", HOST),
        if sent.body.is_empty() { "" } else { &data },
        header("Content-Type", "text/html"),
    )
}

fn reading<'a>(text: &'a str, what: &str) -> Transcript<'a> {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}\n{text}"))
}

#[test]
fn every_form_gives_the_same_reading() {
    for (name, form, shape) in SHAPES {
        for (number, sent) in REQUESTS.iter().enumerate() {
            let Some(text) = shape(sent) else { continue };
            let what = format!("{name}, request {number}");
            let transcript = reading(&text, &what);
            assert_eq!(transcript.method(), sent.method, "{what}");
            assert_eq!(transcript.url(), format!("https://{HOST}{TARGET}"), "{what}");
            assert_eq!(transcript.content_type(), sent.content_type, "{what}");
            assert_eq!(str::from_utf8(transcript.body()).unwrap(), sent.body, "{what}\n{text}");
            assert_eq!(transcript.form(), *form, "{what}");
            assert_eq!(transcript.body_missing(), None, "{what}");
            let remarks: Vec<_> = transcript.remarks().iter().filter(|remark| **remark != Remark::Variable).collect();
            assert!(remarks.is_empty(), "{what}: {remarks:?}");
        }
    }
}

#[test]
fn every_plain_piece_of_a_value_is_found_where_it_is_written() {
    for (name, _, shape) in SHAPES {
        for sent in &REQUESTS {
            let Some(text) = shape(sent) else { continue };
            let transcript = reading(&text, name);
            for (part, value) in [(Part::Method, sent.method), (Part::Url, TARGET), (Part::Body, sent.body)] {
                let start = if part == Part::Url { transcript.url().len() - TARGET.len() } else { 0 };
                for word in ["salt", "index.php", "GET", "POST"] {
                    let Some(at) = value.find(word).filter(|_| !name.contains("trace")) else { continue };
                    let places = transcript.locate(part, start + at..start + at + word.len());
                    let found: String = places.into_iter().map(|place| &text[place]).collect();
                    assert_eq!(found, word, "{name}");
                }
            }
        }
    }
}

#[test]
fn url_stands_alone_in_whatever_is_around_it() {
    let url = "https://help.example.com/api/index.php?/Base/User/1&a=b";
    for text in [
        format!("  {url}\n"),
        format!("<{url}>"),
        format!("\"{url}\""),
        format!("`{url}`"),
        format!("`GET {url}`"),
        format!("GET {url}"),
        url[8..].to_owned(),
    ] {
        let transcript = reading(&text, &text);
        assert_eq!((transcript.method(), transcript.url(), transcript.host()), ("GET", url, HOST), "{text}");
    }
    assert_eq!(reading(&url[24..], "path").url(), &url[24..]);
}

#[test]
fn log_line_tells_method_and_url_and_no_body() {
    let common =
        r#"10.0.0.1 - - [27/Nov/2026:10:00:00 +0000] "POST /api/index.php?/Base/User&a=\x22\"b\\ HTTP/1.1" 401 17"#;
    let combined = format!(r#"{common} "-" "curl/7.88.1""#);
    for text in [common.to_owned(), combined.clone(), format!("help.example.com:443 {combined}\n")] {
        let transcript = reading(&text, &text);
        assert_eq!((transcript.method(), transcript.url()), ("POST", "/api/index.php?/Base/User&a=\"\"b\\"), "{text}");
        assert_eq!((transcript.form(), transcript.body_missing()), (Form::AccessLog, Some(Missing::Log)));
    }
    let get = common.replace("POST", "GET");
    assert_eq!(reading(&get, "GET").body_missing(), None);
    assert_eq!(reading(&format!("{get}\n{get}\n"), "two").remarks(), [Remark::Several]);
}

#[test]
fn lines_of_a_body_that_look_like_curls_are_kept_where_the_length_tells() {
    let body = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n* one\r\n< two\r\n> GET /a HTTP/1.1\r\n{ [5 bytes data]\r\n--X--\r\n";
    let sent = Sent { method: "POST", content_type: FORM, body: "" };
    let head = verbose(&sent, "", "").replace("Content-Length: 0", &format!("Content-Length: {}", body.len()));
    let after = "\n* Closing connection 0\n< HTTP/1.1 200 OK\n< \n{}";
    for text in
        [format!("{head}{body}"), format!("{head}{body}{after}"), format!("{head}* We are sent off\n{body}{after}")]
    {
        let transcript = reading(&text, &text);
        assert_eq!(str::from_utf8(transcript.body()).unwrap(), body);
        assert_eq!(transcript.remarks(), []);
    }
}

#[test]
fn what_a_user_should_know_is_remarked() {
    let url = "'https://h/api/index.php?/A/B'";
    for (text, remark) in [
        ("GET /a HTTP/1.1\nContent-Type: a/b\nContent-Type: c/d\n\n".to_owned(), Remark::ContentTypes),
        (format!("curl -H 'content-type: a' -H 'Content-Type: b' {url}"), Remark::ContentTypes),
        ("POST /a HTTP/1.1\nContent-Length: 2\n\nabc".to_owned(), Remark::Longer { length: 2, shown: 3 }),
        ("POST /a HTTP/1.1\nContent-Length: 4\n\nabc".to_owned(), Remark::Shorter { length: 4, shown: 3 }),
        ("> GET /a HTTP/1.1\n> \n< HTTP/1.1 302\n< \n* x\n> GET /b HTTP/1.1\n> \n".to_owned(), Remark::Several),
        (format!("curl {url} --next https://other/"), Remark::Several),
        ("curl https://h/api/index.php?/A/B&salt=1".to_owned(), Remark::Unquoted),
        (format!("curl {url} -d \"salt=$SALT\""), Remark::Variable),
        (format!("curl {url} -d “salt=1”"), Remark::Typography),
        (format!("curl {url} --request=POST"), Remark::Equals),
        (format!("curl {url} -F contents=@a.txt"), Remark::File("-F")),
    ] {
        assert_eq!(reading(&text, &text).remarks(), [remark], "{text}");
    }
    assert_eq!(reading("curl https://h/i.php?/A/B&salt=1 && echo", "&").url(), "https://h/i.php?/A/B&salt=1");
}

#[test]
fn missing_body_is_told_with_its_reason() {
    let url = "https://h/api/index.php?/A/B";
    for (text, missing) in [
        (
            "> POST /a HTTP/1.1\n> Content-Length: 99\n> \n* upload sent off\n< HTTP/1.1 401\n".to_owned(),
            Missing::Headers,
        ),
        ("POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n".to_owned(), Missing::Headers),
        (format!("curl -d @body {url}"), Missing::File("-d")),
        (format!("curl --json @body {url}"), Missing::File("--json")),
        (format!("curl --data-urlencode salt@f {url}"), Missing::File("--data-urlencode")),
        (format!("curl -F 'salt=<f' {url}"), Missing::File("-F")),
        (format!("curl -T f {url}"), Missing::File("-T")),
        (format!("fetch('{url}', {{method: 'POST', body: JSON.stringify(a)}})"), Missing::Expression),
        (format!("fetch('{url}', {{method: 'POST', body: 'a' + b}})"), Missing::Expression),
        (format!("Invoke-RestMethod {url} -Method Post -Body $body"), Missing::Expression),
    ] {
        assert_eq!(reading(&text, &text).body_missing(), Some(missing), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_told_without_quoting_it() {
    let cases: &[(&[u8], Error)] = &[
        (b"", Error::NoRequest),
        (b"my api does not work", Error::NoRequest),
        (b"HTTP/1.1 200 OK\n\n", Error::NoRequest),
        ("GET\u{a0}/a HTTP/1.1".as_bytes(), Error::Typography),
        (b"GET /a b HTTP/1.1\n\n", Error::RequestLine),
        (b"POST /a HTTP/1.1\nHost: x\na=1", Error::Header { line: 3 }),
        (b"GET /a HTTP/1.1\nA B: c\n\n", Error::HeaderName { line: 2 }),
        (b"GET /\xff HTTP/1.1\n\n", Error::NotText),
        (b"POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n5\r\nab", Error::Chunks),
        (b"curl -d 'a https://h/", Error::Quote),
        (b"curl -s -d a=b", Error::NoUrl),
        (b"curl -K config", Error::Option("-K")),
        (b"curl -F '=(;type=multipart/mixed' https://h/", Error::Option("-F")),
        (b"curl -G -d @f https://h/", Error::File("-d")),
        (b"fetch(url, {})", Error::Expression),
        (b"{\"a\": [1, 2]}", Error::Json),
        (b"\xff\xfeG\0E\0T\0", Error::Utf16),
    ];
    for (text, error) in cases {
        let text_shown = String::from_utf8_lossy(text);
        assert_eq!(read(text).err(), Some(*error), "{text_shown}");
    }
    assert_eq!(read(&vec![b'a'; kayako_sign_transcript::INPUT_MAX + 1]).err(), Some(Error::TooLong));
}

#[test]
fn debug_shows_no_value() {
    let transcript = reading("https://h/api/index.php?/A/B&signature=secret", "URL");
    assert_eq!(format!("{transcript:?}"), "Transcript { form: Url, .. }");
}
