//! Multipart form data, as PHP reads it.
//!
//! PHP reads more than the standard allows, so there are bodies that it understands in another way than whoever wrote
//! them. This reader does what PHP does, and says beside each part whether it was plain: written so that nobody reads
//! it in another way.

use alloc::{borrow::Cow, vec::Vec};
use core::iter;

use memchr::memmem::Finder;

const BOUNDARY: &str = "boundary";
/// Length of the longest plain boundary, in bytes, as the standard has it.
pub(crate) const BOUNDARY_MAX: usize = 70;

/// The boundary in a Content-Type header, as PHP finds it: behind the first `boundary` and the next `=`.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let at = content_type.find(BOUNDARY).or_else(|| names_of_boundary(content_type).next())?;
    let (_, value) = content_type[at..].split_once('=')?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(boundary, _)| boundary),
        None => value.split([',', ';']).next(),
    }
}

/// Where `boundary` stands, in any case.
fn names_of_boundary(content_type: &str) -> impl Iterator<Item = usize> {
    let windows = content_type.as_bytes().windows(BOUNDARY.len()).enumerate();
    windows.filter(|(_, window)| window.eq_ignore_ascii_case(BOUNDARY.as_bytes())).map(|(at, _)| at)
}

/// The boundary, where the header is plain: it names one boundary, once, of at most 70 characters that need no quotes.
pub(crate) fn plain_boundary(content_type: &str) -> Option<&str> {
    let boundary = boundary(content_type)?;
    let once = names_of_boundary(content_type).count() == 1;
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || b"()+_-./:=?".contains(&byte);
    let parameter = content_type.split(';').skip(1).any(|parameter| {
        parameter.trim().split_once('=').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case(BOUNDARY)
                && (value == boundary || value.len() == boundary.len() + 2 && value.starts_with('"'))
        })
    });
    (once && parameter && (1..=BOUNDARY_MAX).contains(&boundary.len()) && boundary.bytes().all(characters))
        .then_some(boundary)
}

/// A part of a body.
pub(crate) struct Part<'a> {
    /// The name, where PHP finds one.
    pub(crate) name: Option<Cow<'a, [u8]>>,
    /// PHP puts it among the files, so it is no field.
    pub(crate) file: bool,
    pub(crate) value: &'a [u8],
    /// It and the boundaries around it are written as everybody reads them.
    pub(crate) plain: bool,
}

/// The parts of a body, as PHP finds them.
pub(crate) struct Parts<'a> {
    rest: &'a [u8],
    boundary: Finder<'a>,
    /// Nothing but what was read stood before `rest`.
    plain: bool,
}

/// What a header line may hold: PHP reads longer ones in pieces.
const LINE_MAX: usize = 4_096;

impl<'a> Parts<'a> {
    pub(crate) fn new(body: &'a [u8], boundary: &'a str) -> Self {
        Parts { rest: body, boundary: Finder::new(boundary), plain: true }
    }

    /// Whether the body ended where a plain one does: at its closing boundary and a line break at most. To be asked
    /// when there are no more parts.
    pub(crate) fn ended_plain(&self) -> bool {
        let closing = self.rest.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(self.boundary.needle()));
        self.plain && matches!(closing, Some(b"--" | b"--\n" | b"--\r\n"))
    }

    /// Goes behind the next line that is a boundary. PHP passes over all before it.
    fn enter(&mut self) -> Option<()> {
        let mut rest = self.rest;
        let mut plain = true;
        loop {
            let (line, after) = split_line(rest)?;
            let seen = until_nul(line);
            plain &= seen.len() == line.len();
            if seen.strip_prefix(b"--") == Some(self.boundary.needle()) {
                self.plain &= plain;
                self.rest = after;
                return Some(());
            }
            plain = false;
            rest = after;
        }
    }

    /// Takes the headers of a part: its Content-Disposition, and whether all of them are plain.
    fn headers(&mut self) -> (Option<Cow<'a, [u8]>>, bool) {
        let mut disposition: Option<Cow<'a, [u8]>> = None;
        // The header before was the Content-Disposition, and may go on in the next line.
        let mut open = false;
        let (mut plain, mut ended) = (true, false);
        while !ended {
            let Some((line, after)) = split_line(self.rest) else { break };
            self.rest = after;
            let seen = until_nul(line);
            plain &= seen.len() == line.len() && line.len() <= LINE_MAX;
            ended = seen.is_empty();
            if let Some(name) = header_name(seen) {
                let is_disposition = name.eq_ignore_ascii_case(b"content-disposition");
                open = is_disposition && disposition.is_none();
                plain &= open || !is_disposition;
                disposition = disposition.or(open.then_some(Cow::Borrowed(&seen[name.len() + 1..])));
            } else if !ended {
                plain = false;
                if let Some(value) = disposition.as_mut().filter(|_| open) {
                    value.to_mut().extend_from_slice(seen);
                }
            }
        }
        (disposition, plain && ended)
    }

    /// Takes the value of a part: all before a line break and the boundary, whatever follows on that line.
    ///
    /// A boundary amid a line, or at once behind the headers, ends no value. But where PHP passes over a file, for its
    /// size or its place, it may take one for the start of the next part.
    fn value(&mut self) -> &'a [u8] {
        let body = self.rest;
        for at in boundaries(&self.boundary, body) {
            if let Some(before) = body[..at].strip_suffix(b"\n") {
                self.rest = &body[at..];
                return before.strip_suffix(b"\r").unwrap_or(before);
            }
            self.plain = false;
        }
        (self.rest, self.plain) = (&[], false);
        body
    }
}

/// Where a boundary stands in a text, behind its two dashes. The places are those of the dashes.
fn boundaries(boundary: &Finder<'_>, text: &[u8]) -> impl Iterator<Item = usize> {
    let mut from = 0;
    iter::from_fn(move || {
        loop {
            let at = from + boundary.find(text.get(from..)?)?;
            // Not behind the match: a boundary of dashes may stand within it.
            from = at + 1;
            if text[..at].ends_with(b"--") {
                return Some(at - 2);
            }
        }
    })
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let before = self.rest;
        if self.enter().is_none() {
            self.rest = before;
            return None;
        }
        let (disposition, headers_plain) = self.headers();
        let read = |header| match header {
            Cow::Borrowed(header) => Disposition::read(header),
            Cow::Owned(header) => Disposition::read(&header).into_owned(),
        };
        let Some(Disposition { name, file, plain }) = disposition.map(read) else {
            // PHP goes on to the next boundary.
            self.plain = false;
            return Some(Part { name: None, file: false, value: &[], plain: false });
        };
        if name.is_none() && !file {
            // Here PHP gives up.
            (self.rest, self.plain) = (&[], false);
            return None;
        }
        let value = self.value();
        Some(Part { name, file, value, plain: self.plain && headers_plain && plain })
    }
}

/// The name of the header that a line is. `None` where it goes on with the header before, as PHP has it.
fn header_name(line: &[u8]) -> Option<&[u8]> {
    let folded = line.first().copied().is_some_and(is_space);
    line.iter().position(|byte| *byte == b':').filter(|_| !folded).map(|colon| &line[..colon])
}

/// Whether a value holds the boundary, so that it may end there.
pub(crate) fn holds(value: &str, boundary: &str) -> bool {
    boundaries(&Finder::new(boundary), value.as_bytes()).next().is_some()
}

/// What a Content-Disposition header says.
#[derive(Default)]
struct Disposition<'a> {
    name: Option<Cow<'a, [u8]>>,
    file: bool,
    plain: bool,
}

impl<'a> Disposition<'a> {
    fn read(header: &'a [u8]) -> Self {
        let (kind, mut rest) = word(past_spaces(header), b';');
        let mut read = Disposition { plain: kind.trim_ascii().eq_ignore_ascii_case(b"form-data"), ..Self::default() };
        // PHP takes the kind for a pair where it looks like one.
        if kind.contains(&b'=') {
            read.take(kind);
        }
        while !rest.is_empty() {
            let (pair, after) = word(past_spaces(rest), b';');
            rest = after;
            read.take(pair);
        }
        read.plain &= read.name.is_some();
        read
    }

    /// Takes in a pair such as `name="a"`. The last one of a kind counts.
    fn take(&mut self, pair: &'a [u8]) {
        let is_pair = pair.contains(&b'=');
        let (key, value) = word(pair, b'=');
        let text = value.strip_prefix(b"\"").and_then(|quoted| quoted.strip_suffix(b"\""));
        self.plain &= text.is_some() && !key.contains(&b'\'') && !key.contains(&b'"');
        if is_pair && key.eq_ignore_ascii_case(b"name") {
            let needs_care = |text: &[u8]| text.contains(&b'\\') || text.contains(&b'"');
            self.plain &= self.name.is_none() && !text.is_some_and(needs_care);
            self.name = Some(unquoted(value));
        } else if is_pair && key.eq_ignore_ascii_case(b"filename") {
            self.plain &= !self.file;
            self.file = true;
        }
    }

    fn into_owned(self) -> Disposition<'static> {
        let name = self.name.map(|name| Cow::Owned(name.into_owned()));
        Disposition { name, file: self.file, plain: self.plain }
    }
}

/// Splits at the first `stop` outside of quotes, of which PHP knows both kinds, and passes over those that follow it.
fn word(text: &[u8], stop: u8) -> (&[u8], &[u8]) {
    let mut quote = None;
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        match quote {
            Some(open) if byte == b'\\' && text.get(at + 1) == Some(&open) => at += 1,
            Some(open) if byte == open => quote = None,
            None if byte == stop => break,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
        at += 1;
    }
    let (word, rest) = text.split_at(at);
    let stops = rest.iter().take_while(|byte| **byte == stop).count();
    (word, &rest[stops..])
}

/// The text within quotes of either kind, or up to the first white space, without the escapes that PHP knows.
fn unquoted(value: &[u8]) -> Cow<'_, [u8]> {
    let value = past_spaces(value);
    let quote = value.first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let text = &value[usize::from(quote.is_some())..];
    let ends = |byte: u8| quote.map_or(is_space(byte), |quote| byte == quote);
    let end = |text: &[u8]| text.iter().position(|byte| ends(*byte)).unwrap_or(text.len());
    if !text.contains(&b'\\') {
        return Cow::Borrowed(&text[..end(text)]);
    }
    let mut unescaped = Vec::new();
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next_if(|byte| !ends(*byte)) {
        let escaped = bytes.next_if(|next| byte == b'\\' && (*next == b'\\' || Some(*next) == quote));
        unescaped.push(escaped.unwrap_or(byte));
    }
    Cow::Owned(unescaped)
}

/// C's white space, by which PHP goes. It has the vertical tab, which ASCII's does not.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn past_spaces(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    &text[start..]
}

/// A line as PHP sees it: it ends at a NUL.
fn until_nul(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Splits behind the next line, and takes the line break from it: a line feed, or a carriage return before one.
fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'\n', text)?;
    let line = &text[..end];
    Some((line.strip_suffix(b"\r").unwrap_or(line), &text[end + 1..]))
}
