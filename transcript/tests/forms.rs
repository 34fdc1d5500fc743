//! Checks that the same request is read from every form that can show it.

use std::str;

use kayako_sign_transcript::{Error, Form, Missing, Part, Remark, Transcript, read};

mod support {
    pub(crate) mod shapes;
}

use support::shapes::{FORM, HOST, REQUESTS, SHAPES, Sent, TARGET, verbose};

fn reading<'a>(text: &'a str, what: &str) -> Transcript<'a> {
    let transcript = read(text.as_bytes());
    assert!(transcript.is_ok(), "{what}: {:?}\n{text}", transcript.err());
    transcript.unwrap_or_else(|_| unreachable!())
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
fn a_word_of_a_value_is_located_where_it_is_written() {
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
fn a_url_alone_is_read_without_the_quotes_and_brackets_around_it() {
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
fn the_method_is_upper_case_if_the_client_sends_it_in_upper_case() {
    for (text, method) in [
        ("fetch('https://h/', {method: 'post'})", "POST"),
        ("fetch('https://h/', {method: 'patch'})", "patch"),
        ("> Invoke-RestMethod https://h/ -Method Put", "PUT"),
        ("curl -X put https://h/", "put"),
        ("get /api/index.php?/A/B HTTP/1.1", "get"),
    ] {
        assert_eq!(reading(text, text).method(), method, "{text}");
    }
}

#[test]
fn a_log_line_gives_method_and_url_and_no_body() {
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
fn body_lines_that_look_like_curls_own_are_kept_if_the_length_fits() {
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
fn an_unusual_input_gives_a_remark() {
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
fn a_missing_body_gives_its_reason() {
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
fn an_input_that_cannot_be_read_gives_its_error() {
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
