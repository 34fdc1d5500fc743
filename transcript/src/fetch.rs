//! Reads a call of `fetch`, as a browser copies it.

use crate::har::read_headers;
use crate::http::Headers;
use crate::json::Reader;
use crate::mapped::{Mapped, Slice};
use crate::{Error, Form, Found, Missing, Outcome};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    const CALL: &[u8] = b"fetch(";
    let mut rest = text;
    loop {
        let at = rest.find(|byte| byte == b'f')?;
        let before = at.checked_sub(1).and_then(|before| rest.text.get(before));
        let is_name = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(byte));
        rest = rest.from(at);
        match rest.strip_prefix(CALL) {
            Some(arguments) if !is_name => return Some(read_call(Reader::of(arguments))),
            // The text up to the next one may hold a call too.
            _ => rest = rest.from(1),
        }
    }
}

fn read_call(mut reader: Reader<'_>) -> Result<Found<'_>, Error> {
    let mut found = Found::of(Form::Fetch);
    found.url = reader.string().ok_or(Error::Expression)?;
    if reader.skip() {
        return Err(Error::Expression);
    }
    let mut headers = Headers::default();
    let mut body = None;
    reader.take(b',');
    reader.members(|reader, name| match name {
        b"method" => found.method = reader.string().unwrap_or_default(),
        b"headers" => read_headers(reader, &mut headers),
        b"body" => {
            body = reader.string();
            let nothing = body.is_none() && matches!(reader.name().text, b"null" | b"undefined");
            if reader.skip() || body.is_none() && !nothing {
                body = None;
                found.missing = Some(Missing::Expression);
            }
        }
        _ => {}
    });
    if found.method.is_empty() {
        found.method = Mapped::made("GET");
    }
    // `fetch` writes these methods in capitals.
    if [&b"get"[..], b"post", b"put", b"delete", b"head", b"options"]
        .iter()
        .any(|known| found.method.value().eq_ignore_ascii_case(known))
    {
        found.method = found.method.in_capitals();
    }
    let default = body.is_some().then(|| Mapped::made("text/plain;charset=UTF-8"));
    found.content_type = headers.content_type.or(default);
    found.body = body.unwrap_or_default();
    Ok(found)
}
