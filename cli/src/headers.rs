//! Reads the headers of `-H`.

use std::ffi::OsString;

use crate::{Failure, fail};

/// Headers as curl takes them: `Name: value`, `Name;` for one without a value, `Name:` for one that must not be sent.
#[derive(Default)]
pub(crate) struct Headers {
    lines: Vec<Vec<u8>>,
}

impl Headers {
    pub(crate) fn read(arguments: &[OsString]) -> Result<Self, Failure> {
        let lines: Vec<_> = arguments.iter().map(|argument| argument.as_encoded_bytes().to_vec()).collect();
        for (index, line) in lines.iter().enumerate() {
            check(line).or_else(|rule| fail(format!("header {} of -H: {rule}", index + 1)))?;
        }
        let headers = Headers { lines };
        if headers.named("Content-Type").count() > 1 {
            return fail("the header Content-Type: must be given once, because servers differ in which one they read");
        }
        Ok(headers)
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.iter().map(Vec::as_slice)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// Returns the Content-Type that curl sends: the given one, or else `own`, curl's type for this body.
    pub(crate) fn content_type(&self, own: Option<&str>) -> Result<Option<String>, Failure> {
        let Some(value) = self.named("Content-Type").next() else { return Ok(own.map(str::to_owned)) };
        match value {
            Value::NotSent => Ok(None),
            Value::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(_) => fail("the header Content-Type: must be UTF-8 text"),
            },
        }
    }

    /// Adds a header that curl would add, unless it is given.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        if !self.has(name) {
            self.lines.push(format!("{name}: {value}").into_bytes());
        }
    }

    fn named(&self, wanted: &str) -> impl Iterator<Item = Value<'_>> {
        self.lines
            .iter()
            .filter_map(|line| split(line))
            .filter_map(move |(name, value)| name.eq_ignore_ascii_case(wanted.as_bytes()).then_some(value))
    }
}

enum Value<'a> {
    NotSent,
    Text(&'a [u8]),
}

fn split(line: &[u8]) -> Option<(&[u8], Value<'_>)> {
    let at = line.iter().position(|byte| matches!(byte, b':' | b';'))?;
    let (name, value) = (&line[..at], line[at + 1..].trim_ascii());
    match (line[at], value) {
        (b':', []) => Some((name, Value::NotSent)),
        (b':', value) => Some((name, Value::Text(value))),
        (_, []) => Some((name, Value::Text(b""))),
        _ => None,
    }
}

const NAME: &str =
    "its name must be made of letters, digits and !#$%&'*+-.^_`|~, with nothing between it and the colon";

/// Returns whether this is a token of RFC 9110, as every header name must be.
fn is_token(name: &[u8]) -> bool {
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

fn check(line: &[u8]) -> Result<(), &'static str> {
    if line.starts_with(b"@") {
        return Err("must be in the argument; headers from a file are not read");
    }
    if line.iter().any(u8::is_ascii_control) {
        return Err("must hold no control character");
    }
    let (name, _) = split(line).filter(|(name, _)| !name.is_empty()).ok_or("must be 'Name: value'")?;
    if !is_token(name) {
        return Err(NAME);
    }
    if name.eq_ignore_ascii_case(b"content-length") {
        return Err("must not be Content-Length: the credentials make a body longer, and curl counts it");
    }
    Ok(())
}
