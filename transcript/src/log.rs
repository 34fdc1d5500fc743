//! Reads a line of an access log: a request line in quotes, and the status of the answer.

use crate::http::{is_request_line, is_version, words};
use crate::mapped::{Mapped, Slice};
use crate::{Form, Found, Missing, Outcome, Remark};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let mut requests = text.lines().filter_map(|line| logged(line.content()));
    let request = requests.next()?;
    let [Some(method), Some(target), ..] = words(request) else { return None };
    let mut found = Found::of(Form::AccessLog);
    found.method = unescaped(method);
    found.url = unescaped(target);
    if !matches!(method.text, b"GET" | b"DELETE" | b"HEAD" | b"OPTIONS") {
        found.missing = Some(Missing::Log);
        found.remark(Remark::Log);
    }
    if requests.next().is_some() {
        found.remark(Remark::Several);
    }
    Some(Ok(found))
}

/// Returns the request line within a line of a log, or `None`.
fn logged(line: Slice<'_>) -> Option<Slice<'_>> {
    let mut rest = line;
    loop {
        let opening = rest.find(|byte| byte == b'"')?;
        let inner = rest.from(opening + 1);
        let end = closing(inner.text)?;
        let (inside, after) = (inner.to(end), inner.from(end + 1));
        let is_whole = matches!(words(inside), [_, Some(_), Some(version), None] if is_version(version.text));
        if is_whole && is_request_line(inside.text) && is_status(after.text) {
            return Some(inside);
        }
        rest = after;
    }
}

/// Returns the offset of the closing quote. A quote within the quotes has a backslash before it.
fn closing(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    })
}

fn is_status(after: &[u8]) -> bool {
    let [b' ', rest @ ..] = after else { return false };
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count() == 3
}

/// Decodes the escapes that a server writes into its log: `\"`, `\\` and `\xHH`.
fn unescaped(text: Slice<'_>) -> Mapped<'_> {
    let mut value = Mapped::default();
    let mut rest = text;
    while let Some(at) = rest.find(|byte| byte == b'\\') {
        value.push_slice(rest.to(at));
        let (byte, len) = match &rest.text[at + 1..] {
            [b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (nibble(*high) << 4 | nibble(*low), 4)
            }
            [byte, ..] => (*byte, 2),
            [] => (b'\\', 1),
        };
        value.push(&[byte], rest.at + at..rest.at + at + len);
        rest = rest.from(at + len);
    }
    value.push_slice(rest);
    value
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}
