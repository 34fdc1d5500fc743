//! Checks a text that shows a request.
#![no_main]

use kayako_sign_fuzz::signer;
use kayako_sign_transcript::{Explanation, Part, Transcript, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(transcript) = read(text) else { return };
    for part in [Part::Method, Part::Url, Part::ContentType, Part::Body] {
        let mut spans = transcript.spans(part);
        assert!(spans.iter().all(|span| span.start < span.end && span.end <= text.len()), "a span is not in the text");
        // They are in the order of the value, and the host of a URL may be after its path in the input.
        spans.sort_by_key(|span| span.start);
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "two spans overlap");
    }
    let explanation = Explanation::of(&transcript, signer(), b"secretkey");
    for (label, text) in &explanation.lines {
        assert!(!text.is_empty() && !text.contains(char::is_control), "the text of {label} is not plain");
        assert!(!text.contains("secretke"), "the text of {label} shows a secret");
    }
    if let Some(raw) = as_raw(&transcript) {
        let again = read(&raw).expect("raw HTTP is read");
        assert!(again.method() == transcript.method() && again.url() == transcript.url(), "request line differs");
        assert!(again.content_type() == transcript.content_type() && again.body() == transcript.body(), "body differs");
    }
});

/// Returns the request as raw HTTP, or `None` if it cannot be written that way.
fn as_raw(transcript: &Transcript<'_>) -> Option<Vec<u8>> {
    let (method, url) = (transcript.method(), transcript.url());
    let content_type = transcript.content_type();
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_url = !url.is_empty() && url.bytes().all(|byte| !byte.is_ascii_control() && byte != b' ');
    let is_type = content_type
        .is_none_or(|value| value.trim_ascii() == value && !value.bytes().any(|byte| byte == b'\n' || byte == b'\r'));
    let header = content_type.map(|value| format!("Content-Type: {value}\r\n")).unwrap_or_default();
    let head = format!("{method} {url} HTTP/1.1\r\n{header}Content-Length: {}\r\n\r\n", transcript.body().len());
    (is_method && is_url && is_type).then(|| [head.as_bytes(), transcript.body()].concat())
}
