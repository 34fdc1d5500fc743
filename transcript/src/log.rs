//! A line of an access log: a request line in quotes, and the status of the answer.

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

/// The request line within a line of a log.
fn logged(line: Slice<'_>) -> Option<Slice<'_>> {
    let mut rest = line;
    loop {
        let opening = rest.find(|byte| byte == b'"')?;
        let inner = rest.from(opening + 1);
        let end = closing(inner.text)?;
        let (inside, behind) = (inner.to(end), inner.from(end + 1));
        let is_whole = matches!(words(inside), [_, Some(_), Some(version), None] if is_version(version.text));
        if is_whole && is_request_line(inside.text) && is_status(behind.text) {
            return Some(inside);
        }
        rest = behind;
    }
}

/// Where the quotes end. A quote within them has a backslash before it.
fn closing(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    })
}

fn is_status(behind: &[u8]) -> bool {
    matches!(behind, [b' ', a, b, c, rest @ ..] if [a, b, c].iter().all(|byte| byte.is_ascii_digit()) && !rest.first().is_some_and(u8::is_ascii_digit))
}

/// The text that a server wrote into its log, with `\"`, `\\` and `\xHH`.
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
