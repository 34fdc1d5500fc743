//! Reads a URL alone, with quotes or brackets around it, and finds the host of a URL.

use crate::http::is_http;
use crate::mapped::{Mapped, Slice};
use crate::{Form, Found, Outcome};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let mut url = text.trim();
    let around: [(&[u8], &[u8]); 7] = [
        (b"<", b">"),
        (b"\"", b"\""),
        (b"'", b"'"),
        (b"`", b"`"),
        (b"\xe2\x80\x9c", b"\xe2\x80\x9d"),
        (b"\xe2\x80\x98", b"\xe2\x80\x99"),
        (b"(", b")"),
    ];
    for (before, after) in around {
        url = url.strip_prefix(before).and_then(|url| url.strip_suffix(after)).unwrap_or(url).trim();
    }
    let mut found = Found::of(Form::Url);
    found.method = Mapped::made("GET");
    if let Some(method) = url.text.iter().position(u8::is_ascii_whitespace) {
        let (word, rest) = (url.to(method), url.from(method).trim());
        if word.text.is_empty()
            || !word.text.iter().all(u8::is_ascii_uppercase)
            || !is_http(rest.text) && !rest.text.starts_with(b"/")
        {
            return None;
        }
        found.method = word.mapped();
        url = rest;
    }
    if url.is_empty() || url.text.iter().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
        return None;
    }
    found.url = absolute(url)?;
    Some(Ok(found))
}

/// Returns a text that is certainly a URL: absolute, a path, or a host with a path. Returns `None` for any other.
fn absolute(url: Slice<'_>) -> Option<Mapped<'_>> {
    if is_http(url.text) || url.text.starts_with(b"/") {
        return Some(url.mapped());
    }
    let host = url.to(url.find(|byte| byte == b'/')?);
    let known = host.text.contains(&b'.') || host.text.starts_with(b"localhost");
    (known && is_host(host.text)).then(|| {
        let mut whole = Mapped::made("https://");
        whole.append(&url.mapped(), 0..url.text.len());
        whole
    })
}

/// Returns whether this is a host, with or without a port. Other characters could make another URL of it.
pub(crate) fn is_host(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(byte))
}

/// Returns the host of an absolute URL, with its port. Empty if there is none.
pub(crate) fn host(url: &str) -> &str {
    if !is_http(url.as_bytes()) {
        return "";
    }
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    // A user's password may be before the host.
    authority.rsplit('@').next().unwrap_or_default()
}
