//! Reads a request as it was on the wire, and the request lines and headers of other forms.

use crate::mapped::{Mapped, Slice};
use crate::{Error, Form, Found, Missing, Outcome, Remark, body};

/// The parts of a request's head that are kept.
pub(crate) struct Head<'a> {
    method: Slice<'a>,
    target: Slice<'a>,
    pub(crate) headers: Headers<'a>,
    /// The number of the last line.
    line: usize,
}

/// The headers of a request that are kept.
#[derive(Default)]
pub(crate) struct Headers<'a> {
    pub(crate) content_type: Option<Mapped<'a>>,
    pub(crate) content_types: usize,
    pub(crate) host: Mapped<'a>,
    pub(crate) length: Option<usize>,
    pub(crate) chunked: bool,
    /// The header that a folded line continues.
    open: Open,
}

#[derive(Default, PartialEq)]
enum Open {
    #[default]
    Other,
    ContentType,
}

/// Reads a text that begins with a request line.
pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let first = text.lines().map(Slice::trim).find(|line| !line.is_empty())?;
    is_request_line(first.text).then(|| read_from(text.from(first.at - text.at)))
}

/// Reads a request after other text, if there is a whole request line.
pub(crate) fn read_within(text: Slice<'_>) -> Outcome<'_> {
    let mut lines = text.lines().map(Slice::trim);
    let line = lines.find(|line| {
        matches!(words(*line), [Some(_), Some(_), Some(version), None] if is_version(version.text))
            && is_request_line(line.text)
    })?;
    Some(read_from(text.from(line.at - text.at)))
}

fn read_from(text: Slice<'_>) -> Result<Found<'_>, Error> {
    let mut lines = text.lines();
    let mut head = Head::of(lines.next().unwrap_or(text).content())?;
    for line in lines.by_ref() {
        if line.trim().is_empty() {
            break;
        }
        head.line(line.content())?;
    }
    let after_head = lines.rest;
    head.found(Form::Raw, after_head.mapped(), &Mapped::default())
}

impl<'a> Head<'a> {
    pub(crate) fn of(line: Slice<'a>) -> Result<Self, Error> {
        let (method, target) = match words(line) {
            [Some(method), Some(target), None, None] => (method, target),
            [Some(method), Some(target), Some(version), None] if is_version(version.text) => (method, target),
            _ => return Err(Error::RequestLine),
        };
        if target.text.iter().any(u8::is_ascii_control) {
            return Err(Error::RequestLine);
        }
        Ok(Head { method, target, headers: Headers::default(), line: 1 })
    }

    /// Adds a header, or a line that continues the last one.
    pub(crate) fn line(&mut self, line: Slice<'a>) -> Result<(), Error> {
        self.line += 1;
        if matches!(line.first(), Some(b' ' | b'\t')) && self.line > 2 {
            self.headers.fold(line.trim());
            return Ok(());
        }
        let colon = line.find(|byte| byte == b':').ok_or(Error::Header { line: self.line })?;
        let name = line.to(colon);
        if name.is_empty() || !name.text.iter().copied().all(is_of_name) {
            return Err(Error::HeaderName { line: self.line });
        }
        self.headers.put(name.text, || line.from(colon + 1).trim().mapped());
        Ok(())
    }

    /// Returns the request with its body. The text after a response may be the body too.
    pub(crate) fn found(self, form: Form, shown: Mapped<'a>, after_response: &Mapped<'a>) -> Result<Found<'a>, Error> {
        let mut found = Found::of(form);
        found.method = self.method.mapped();
        found.url = self.target.mapped();
        self.headers.complete(&mut found, shown, after_response)?;
        Ok(found)
    }
}

impl<'a> Headers<'a> {
    /// Adds a header. If there are several Content-Type headers, the first one counts.
    pub(crate) fn put(&mut self, name: &[u8], value: impl FnOnce() -> Mapped<'a>) {
        self.open = Open::Other;
        if name.eq_ignore_ascii_case(b"content-type") {
            self.content_types += 1;
            if self.content_types == 1 {
                self.content_type = Some(value());
                self.open = Open::ContentType;
            }
        } else if name.eq_ignore_ascii_case(b"host") && self.host.is_empty() {
            self.host = value();
        } else if name.eq_ignore_ascii_case(b"content-length") && self.length.is_none() {
            self.length = number(value().value());
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.chunked |= value().value().to_ascii_lowercase().ends_with(b"chunked");
        }
    }

    fn fold(&mut self, line: Slice<'a>) {
        if let (Open::ContentType, Some(value)) = (&self.open, &mut self.content_type) {
            value.push_made(b" ");
            value.push_slice(line);
        }
    }

    /// Puts the headers and the body into a request.
    pub(crate) fn complete(
        self,
        found: &mut Found<'a>,
        shown: Mapped<'a>,
        after_response: &Mapped<'a>,
    ) -> Result<(), Error> {
        let nothing_shown = shown.is_empty();
        if self.content_types > 1 {
            found.remark(Remark::ContentTypes);
        }
        found.body = if self.chunked {
            body::without_chunks(shown)?
        } else {
            body::of_length(shown, after_response, self.length, &mut found.remarks)
        };
        let has_body = if self.chunked { nothing_shown } else { self.length.is_some_and(|length| length > 0) };
        found.missing = (found.body.is_empty() && has_body).then_some(Missing::Headers);
        found.content_type = self.content_type;
        found.host = self.host;
        Ok(())
    }
}

/// Returns the first words of a line, up to one more than a request line has.
pub(crate) fn words(line: Slice<'_>) -> [Option<Slice<'_>>; 4] {
    let mut rest = line.trim();
    [(); 4].map(|()| {
        let end = rest.find(is_blank).unwrap_or(rest.text.len());
        let word = rest.to(end);
        rest = rest.from(end).trim_start();
        (!word.is_empty()).then_some(word)
    })
}

/// Returns whether a line is, or begins like, `METHOD URL` or `METHOD URL HTTP/1.1`. If it only begins so, reading it
/// gives an error that says what is wrong.
pub(crate) fn is_request_line(line: &[u8]) -> bool {
    let [Some(method), Some(target), third, _] = words(Slice { text: line, at: 0 }) else { return false };
    let last = line.trim_ascii().rsplit(|byte| is_blank(*byte)).next().unwrap_or_default();
    let is_target = target.text.starts_with(b"/") || is_http(target.text);
    let capitals = method.text.iter().all(u8::is_ascii_uppercase);
    let known = [&b"get"[..], b"post", b"put", b"delete", b"patch", b"head", b"options"];
    let is_known = known.iter().any(|known| method.text.eq_ignore_ascii_case(known));
    method.text.iter().all(u8::is_ascii_alphabetic)
        && (is_version(last) && third.is_some() || is_target && (capitals || third.is_none() && is_known))
}

pub(crate) fn is_http(text: &[u8]) -> bool {
    [&b"http://"[..], b"https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

pub(crate) fn is_version(word: &[u8]) -> bool {
    word.starts_with(b"HTTP/")
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Returns a decimal number, or `None` if the text is not one or it is too large.
pub(crate) fn number(text: &[u8]) -> Option<usize> {
    let digits = text.trim_ascii();
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    core::str::from_utf8(digits).ok().filter(|_| all)?.parse().ok()
}
