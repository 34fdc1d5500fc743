//! Writes a request in the ways in which people show one.
#![allow(clippy::format_collect, clippy::format_push_string, reason = "texts this short are written as they read")]

use kayako_sign_transcript::Form;

/// A request to show.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: &'static str,
}

pub(crate) const HOST: &str = "help.example.com";
pub(crate) const TARGET: &str = "/api/index.php?/Base/User/1&a=%2B%27&b[]=2";
pub(crate) const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json");

pub(crate) const REQUESTS: [Sent; 6] = [
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

/// A way to write a request: its name, the form that it must be recognised as, and a function that writes a request, or
/// returns `None` if this one cannot be written so.
pub(crate) type Shape = (&'static str, Form, fn(&Sent) -> Option<String>);

pub(crate) const SHAPES: &[Shape] = &[
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

pub(crate) fn prefixed(text: &str, prefix: &str) -> String {
    text.split_inclusive('\n').map(|line| format!("{prefix}{line}")).collect()
}

pub(crate) fn verbose(sent: &Sent, before_body: &str, after: &str) -> String {
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
                shown += &format!("{at:04x}: {}\n", String::from_utf8_lossy(row));
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

/// Writes a word for cmd as Chrome does.
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
