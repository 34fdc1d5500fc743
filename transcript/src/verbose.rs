//! What `curl -v` prints: `> ` before what it sends, `< ` before what it receives, and `* ` before what it says itself.

use crate::http::{Head, is_request_line};
use crate::mapped::{Mapped, Slice};
use crate::{Error, Form, Found, Outcome, Remark, body, curl};

#[derive(Clone, Copy, PartialEq)]
enum At {
    Head,
    Body,
    Response,
}

/// What was gathered from the lines.
struct Shown<'a> {
    head: Head<'a>,
    at: At,
    body: Mapped<'a>,
    /// The text from the first line of the body on, whatever its lines are.
    from_body: Option<Slice<'a>>,
    /// What stands after the response that curl shows: the response's body, or the request's, added by hand.
    behind: Mapped<'a>,
    several: bool,
}

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let mut lines = text.lines();
    // A proxy is asked for a tunnel first.
    let first = lines.by_ref().find_map(|line| sent(line).filter(|sent| is_sent_request(*sent)))?;
    let before = text.to(first.at - text.at);
    let gathered = gather(first, lines);
    Some(gathered.and_then(Shown::found).map(|found| with_body_of_command(found, before)))
}

fn gather<'a>(first: Slice<'a>, mut lines: impl Iterator<Item = Slice<'a>> + Rest<'a>) -> Result<Shown<'a>, Error> {
    let head = Head::of(first)?;
    let (body, behind) = (Mapped::default(), Mapped::default());
    let mut shown = Shown { head, at: At::Head, body, from_body: None, behind, several: false };
    loop {
        let from_line = lines.rest();
        let Some(line) = lines.next() else { return Ok(shown) };
        match sent(line) {
            Some(sent) if is_sent_request(sent) => {
                shown.several = true;
                return Ok(shown);
            }
            Some(sent) if shown.at == At::Head && sent.trim().is_empty() => shown.at = At::Body,
            Some(sent) if shown.at == At::Head => shown.head.line(sent)?,
            _ => shown.other_line(line, from_line),
        }
    }
}

/// Lines that can give what is left of their text.
trait Rest<'a> {
    fn rest(&self) -> Slice<'a>;
}

impl<'a> Rest<'a> for crate::mapped::Lines<'a> {
    fn rest(&self) -> Slice<'a> {
        self.rest
    }
}

impl<'a> Shown<'a> {
    /// Takes a line that is not of the head.
    fn other_line(&mut self, line: Slice<'a>, from_line: Slice<'a>) {
        let text = without_meter(line.content()).text;
        if text == b"<" || text.starts_with(b"< ") {
            self.at = At::Response;
        } else if is_said_by_curl(text) {
        } else if self.at == At::Response {
            self.behind.push_slice(line);
        } else if self.body.is_empty() && text.is_empty() {
            // Empty lines before a body are there for the eye.
            self.at = At::Body;
        } else {
            self.at = At::Body;
            self.from_body.get_or_insert(from_line);
            self.body.push_slice(line);
        }
    }

    fn found(mut self) -> Result<Found<'a>, Error> {
        let length = self.head.headers.length.filter(|_| !self.head.headers.chunked);
        if let (Some(length), Some(from_body)) = (length, self.from_body) {
            // Lines of a body may look as if curl said them.
            if let Some(body) = (!body::fits(self.body.value(), length)).then(|| of_length(from_body, length)).flatten()
            {
                self.body = body.mapped();
                self.several = false;
            }
        }
        let mut found = self.head.found(Form::CurlVerbose, self.body, &self.behind)?;
        if self.several {
            found.remark(Remark::Several);
        }
        Ok(found)
    }
}

/// The body that begins a text and ends at the end of a line, if there is one of this length, with line feeds that may
/// have been pairs.
fn of_length(text: Slice<'_>, length: usize) -> Option<Slice<'_>> {
    let (mut as_is, mut with_pairs) = (0, 0);
    for line in text.lines() {
        let content = line.content().text.len();
        if as_is + content == length || with_pairs + content == length {
            return Some(text.to(as_is + content));
        }
        as_is += line.text.len();
        with_pairs += content + 2;
        if as_is == length || with_pairs == length {
            return Some(text.to(as_is));
        }
        if as_is > length {
            break;
        }
    }
    None
}

/// Takes a body that is not shown from the command that printed all this, if the command is shown.
fn with_body_of_command<'a>(mut found: Found<'a>, before: Slice<'a>) -> Found<'a> {
    if found.missing.is_some() {
        if let Some(Ok(command)) = curl::read(before) {
            if command.missing.is_none() && !command.body.is_empty() && command.method.value() == found.method.value() {
                found.body = command.body;
                found.missing = None;
            }
        }
    }
    found
}

/// What curl sends in a line.
fn sent(line: Slice<'_>) -> Option<Slice<'_>> {
    let line = without_meter(line.content());
    if line.text == b">" { Some(line.from(1)) } else { line.strip_prefix(b"> ") }
}

fn is_sent_request(sent: Slice<'_>) -> bool {
    is_request_line(sent.text) && !sent.text.starts_with(b"CONNECT ")
}

/// Whether curl says this line itself.
pub(crate) fn is_said_by_curl(line: &[u8]) -> bool {
    let data = line.strip_prefix(b"{ [").or_else(|| line.strip_prefix(b"} ["));
    line == b"*"
        || line.starts_with(b"* ")
        || data.is_some_and(|rest| rest.ends_with(b" bytes data]") || rest == b"data not shown]")
        || line.starts_with(b"  % Total ")
        || line.trim_ascii_start().starts_with(b"Dload ")
        || is_meter(line)
}

/// Whether this is a line of curl's progress meter: numbers, and three times.
fn is_meter(line: &[u8]) -> bool {
    let line = line.rsplit(|byte| *byte == b'\r').next().unwrap_or_default();
    let words = || line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let is_time = |word: &&[u8]| word.split(|byte| *byte == b':').count() == 3;
    line.iter().all(|byte| byte.is_ascii_digit() || b" .:-kMGTP".contains(byte))
        && words().count() >= 10
        && words().filter(is_time).count() == 3
}

/// A line without curl's progress meter, which stands before what else it prints and ends with a time and a speed.
fn without_meter(line: Slice<'_>) -> Slice<'_> {
    const NO_TIME: &[u8] = b"--:--:--";
    if line.first() != Some(b'\r') {
        return line;
    }
    let Some(at) = line.text.windows(NO_TIME.len()).rposition(|window| window == NO_TIME) else { return line };
    let rest = line.from(at + NO_TIME.len()).trim_start();
    let speed = rest.find(|byte| !byte.is_ascii_alphanumeric() && byte != b'.').unwrap_or(rest.text.len());
    rest.from(speed)
}
