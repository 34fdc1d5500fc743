//! Checks that any input is read in linear time, and that every place is within the input.

use std::ops::Range;
use std::time::{Duration, Instant};

use kayako_sign_transcript::{Part, read};

mod support {
    #[allow(dead_code, reason = "the other tests use all of it")]
    pub(crate) mod shapes;
}

use support::shapes::{REQUESTS, SHAPES};

/// Hostile inputs: a beginning, a text that is repeated, and an ending.
const HOSTILE: [(&str, &str, &str); 52] = [
    ("", "\n", ""),
    ("", "a", ""),
    ("", " ", ""),
    ("", "> ", ""),
    ("", "> \n", ""),
    ("", ">\n", ""),
    ("", "```\n", ""),
    ("", "```\nGET\n", ""),
    ("", "curl ", ""),
    ("", "curl \n", ""),
    ("", "fetch(", ""),
    ("", "fetch\n", ""),
    ("", "Invoke-WebReques ", ""),
    ("", "\"GET /a HTTP/1.1\" ", ""),
    ("", "\\\"", ""),
    ("", "a: b\n", ""),
    ("", "GET /a HTTP/1.1\n", ""),
    ("", "> GET /a HTTP/1.1\n", ""),
    ("", "* x\n", ""),
    ("", "<html>", ""),
    ("{\"a\": ", "[", ""),
    ("{\"a\": ", "{\"a\": ", ""),
    ("{\"request\": ", "{\"request\": ", ""),
    ("[", "{\"method\": \"a\", \"url\": \"b\"},", ""),
    ("{\"url\": \"", "\\u0041a", "\"}"),
    ("{\"url\": \"/\", \"postData\": {\"text\": \"", "\\n", "\"}}"),
    ("GET /a HTTP/1.1\nContent-Type: a\n", " b\n", ""),
    ("GET /a HTTP/1.1\n", "Content-Type: a\n", ""),
    ("POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n", "1\na\n", "0\n\n"),
    ("POST /a HTTP/1.1\nContent-Length: 9\n\n", "\r\n", ""),
    ("POST /a HTTP/1.1\n\n", "HTTP/1\n", ""),
    ("> POST /a HTTP/1.1\n> Content-Length: 900000\n> \n", "* a\nb\n", ""),
    ("> POST /a HTTP/1.1\n> Content-Length: 900000\n> \n< \n", "a\n\n", ""),
    ("> POST /a HTTP/1.1\n> Transfer-Encoding: chunked\n> \n", "1\na\n* \n", "0\n\n"),
    ("curl -v -d a \n> POST /a HTTP/1.1\n> Content-Length: 1\n> \n", "* a\n", ""),
    ("> POST /a HTTP/1.1\n", "\r--:--:-- ", ""),
    ("=> Send header, 9 bytes\n0000: GET /a HTTP/1.1\n=> Send data, 9 bytes\n", "0000: a\n", ""),
    ("=> Send header, 9 bytes\n", "=> Send header, 9 bytes\n", ""),
    (":method: GET\n:path: /\n\n", "* a\nb\n", ""),
    (":method: GET\n", ":path:\n", ""),
    ("curl https://h/ ", "-d a ", ""),
    ("curl https://h/ ", "-d '' --json a ", ""),
    ("curl https://h/ -G ", "--data-urlencode =/ --url-query a ", ""),
    ("curl https://h/ ", "-F a=b;c ", ""),
    ("curl https://h/ -F a=", "\"\\\"", "\""),
    ("curl https://h/ -F 'a=b;type=a", ";b=c", "'"),
    ("curl https://h/ ", "\\a", ""),
    ("curl https://h/ $'", "\\n\\u0041a", "'"),
    ("curl https://h/ ", "1> ", ""),
    ("curl ^\"https://h/", "^a\\b", "^\""),
    ("curl https://h/ `\n", "`\n", ""),
    ("curl https://h/ `\n-d \"", "$([char]233)", "\""),
];

fn text((beginning, repeated, ending): (&str, &str, &str), length: usize) -> Vec<u8> {
    let mut text = beginning.as_bytes().to_vec();
    text.extend(repeated.bytes().cycle().take(length / repeated.len() * repeated.len()));
    text.extend_from_slice(ending.as_bytes());
    text
}

/// Returns the shortest time of three runs, so that other load on the machine counts little.
fn time_of(text: &[u8]) -> Duration {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        let _ = std::hint::black_box(read(text));
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

#[test]
fn time_grows_with_the_length_of_the_input() {
    const LENGTH: usize = 2_000;
    const TIMES: u16 = 32;
    for hostile in HOSTILE {
        let (short, long) = (text(hostile, LENGTH), text(hostile, usize::from(TIMES) * LENGTH));
        // If the time were quadratic, the ratio would be 32. Other load on the machine counts too.
        let ratio = || time_of(&long).as_secs_f64() / time_of(&short).as_secs_f64() / f64::from(TIMES);
        // A loaded machine may need another try.
        let is_linear = (0..5).any(|_| ratio() < 8.0);
        assert!(is_linear, "{hostile:?}: {:.0} times the time for a byte", ratio());
    }
}

/// Checks that every place is within the input, and that no two overlap.
fn check_places(text: &[u8]) {
    let Ok(transcript) = read(text) else { return };
    for part in [Part::Method, Part::Url, Part::ContentType, Part::Body] {
        let mut spans = transcript.spans(part);
        let is_within = |span: &Range<usize>| span.start < span.end && span.end <= text.len();
        assert!(spans.iter().all(is_within), "{part:?}: {spans:?}");
        // They are in the order of the value, and the host of a URL may be after its path in the input.
        spans.sort_by_key(|span| span.start);
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{part:?}: {spans:?}");
    }
}

#[test]
fn every_place_is_within_the_input() {
    for hostile in HOSTILE {
        check_places(&text(hostile, 500));
    }
    for (_, _, shape) in SHAPES {
        for sent in &REQUESTS {
            let Some(text) = shape(sent) else { continue };
            let text = text.into_bytes();
            check_places(&text);
            // Cut off, and with a byte lost, at every place.
            for at in 0..text.len() {
                check_places(&text[..at]);
                check_places(&[&text[..at], &text[at + 1..]].concat());
            }
        }
    }
}

#[test]
fn pieces_above_the_limit_are_joined_into_one() {
    let body = "a\\n".repeat(200_000);
    let text = format!("fetch('https://h/', {{method: 'POST', body: '{body}'}})");
    let transcript = read(text.as_bytes()).unwrap();
    assert_eq!(transcript.body().len(), 400_000);
    assert_eq!(transcript.locate(Part::Body, 2..3).len(), 1);
    let (first, last) = (&transcript.locate(Part::Body, 0..1)[0], &transcript.locate(Part::Body, 399_999..400_000)[0]);
    assert_eq!(&text[first.clone()], "a");
    assert!(last.end <= text.len() && text[last.clone()].ends_with("a\\n"));
}
