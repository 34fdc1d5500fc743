//! Reads the output of `curl -v`: sent lines after `> `, received lines after `< `, and curl's own lines after `* `.

use crate::http::{Head, is_request_line};
use crate::mapped::{Mapped, Slice};
use crate::{Error, Form, Found, Outcome, Remark, body, curl};

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Head,
    Body,
    Response,
}

/// The parts that were gathered from the lines.
struct Shown<'a> {
    head: Head<'a>,
    section: Section,
    body: Mapped<'a>,
    /// The text from the first line of the body on, with lines of any kind.
    from_body: Option<Slice<'a>>,
    /// The text after the response that curl shows: the response's body, or the request's, added by hand.
    after_response: Mapped<'a>,
    several: bool,
}

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let mut lines = text.lines();
    // A `CONNECT` asks a proxy for a tunnel; the request comes after it.
    let first = lines.by_ref().find_map(|line| sent(line).filter(|sent| is_sent_request(*sent)))?;
    let before = text.to(first.at - text.at);
    let gathered = gather(first, lines);
    Some(gathered.and_then(Shown::found).map(|found| with_body_of_command(found, before)))
}

fn gather<'a>(first: Slice<'a>, mut lines: impl Iterator<Item = Slice<'a>> + Rest<'a>) -> Result<Shown<'a>, Error> {
    let head = Head::of(first)?;
    let (body, after_response) = (Mapped::default(), Mapped::default());
    let mut shown = Shown { head, section: Section::Head, body, from_body: None, after_response, several: false };
    loop {
        let from_line = lines.rest();
        let Some(line) = lines.next() else { return Ok(shown) };
        match sent(line) {
            Some(sent) if is_sent_request(sent) => {
                shown.several = true;
                return Ok(shown);
            }
            Some(sent) if shown.section == Section::Head && sent.trim().is_empty() => shown.section = Section::Body,
            Some(sent) if shown.section == Section::Head => shown.head.line(sent)?,
            _ => shown.other_line(line, from_line),
        }
    }
}

/// Lines that give access to the rest of their text.
trait Rest<'a> {
    fn rest(&self) -> Slice<'a>;
}

impl<'a> Rest<'a> for crate::mapped::Lines<'a> {
    fn rest(&self) -> Slice<'a> {
        self.rest
    }
}

impl<'a> Shown<'a> {
    /// Adds a line that is not part of the head.
    fn other_line(&mut self, line: Slice<'a>, from_line: Slice<'a>) {
        let text = without_meter(line.content()).text;
        if text == b"<" || text.starts_with(b"< ") {
            self.section = Section::Response;
        } else if is_line_of_curl(text) {
        } else if self.section == Section::Response {
            self.after_response.push_slice(line);
        } else if self.body.is_empty() && text.is_empty() {
            // Empty lines before a body are not part of it.
            self.section = Section::Body;
        } else {
            self.section = Section::Body;
            self.from_body.get_or_insert(from_line);
            self.body.push_slice(line);
        }
    }

    fn found(mut self) -> Result<Found<'a>, Error> {
        let length = self.head.headers.length.filter(|_| !self.head.headers.chunked);
        if let (Some(length), Some(from_body)) = (length, self.from_body) {
            // Lines of a body may look like curl's own.
            if let Some(body) = (!body::fits(self.body.value(), length)).then(|| of_length(from_body, length)).flatten()
            {
                self.body = body.mapped();
                self.several = false;
            }
        }
        let mut found = self.head.found(Form::CurlVerbose, self.body, &self.after_response)?;
        if self.several {
            found.remark(Remark::Several);
        }
        Ok(found)
    }
}

/// Returns the body of this length at the start of a text, or `None` if no line ends there. Its line feeds may have
/// been pairs with carriage returns.
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

/// Adds a body that is not shown, if the command that printed all this is shown and has it.
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

/// Returns the text that curl sends in a line, or `None` if it is another line.
fn sent(line: Slice<'_>) -> Option<Slice<'_>> {
    let line = without_meter(line.content());
    if line.text == b">" { Some(line.from(1)) } else { line.strip_prefix(b"> ") }
}

fn is_sent_request(sent: Slice<'_>) -> bool {
    is_request_line(sent.text) && !sent.text.starts_with(b"CONNECT ")
}

/// Returns whether this is one of curl's own lines.
pub(crate) fn is_line_of_curl(line: &[u8]) -> bool {
    let data = line.strip_prefix(b"{ [").or_else(|| line.strip_prefix(b"} ["));
    line == b"*"
        || line.starts_with(b"* ")
        || data.is_some_and(|rest| rest.ends_with(b" bytes data]") || rest == b"data not shown]")
        || line.starts_with(b"  % Total ")
        || line.trim_ascii_start().starts_with(b"Dload ")
        || is_meter(line)
}

/// Returns whether this is a line of curl's progress meter: numbers and three times.
fn is_meter(line: &[u8]) -> bool {
    let line = line.rsplit(|byte| *byte == b'\r').next().unwrap_or_default();
    let words = || line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let is_time = |word: &&[u8]| word.split(|byte| *byte == b':').count() == 3;
    line.iter().all(|byte| byte.is_ascii_digit() || b" .:-kMGTP".contains(byte))
        && words().count() >= 10
        && words().filter(is_time).count() == 3
}

/// Returns a line without curl's progress meter, which may be before other output and ends with a time and a speed.
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
