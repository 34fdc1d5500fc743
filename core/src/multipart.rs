//! Reads multipart form data as PHP reads it.
//!
//! PHP reads more than the standard allows: headers over several lines, quotes of both kinds, text around the
//! boundaries. This reader does what PHP 8.2 does with its default limits, in time linear in the body, and borrows
//! everything that it returns. `multipart_check` decides whether a body may be sent.
//!
//! If a file is larger than `upload_max_filesize`, PHP stops within the file and goes on from there. That limit is a
//! setting of the installation and unknown here, so such a file is read to its end.

use core::iter;

use crate::php::is_space;

/// Length of the longest boundary that is read, in bytes. PHP reads longer ones too, but with a larger buffer.
const BOUNDARY_MAX: usize = BUFFER - 6;
/// Size of PHP's buffer, in bytes. PHP reads longer lines in pieces of this size.
const BUFFER: usize = 5_120;
/// The number of parts with a Content-Disposition that PHP reads: `max_input_vars` plus `max_file_uploads`.
const PARTS_MAX: usize = 1_000 + UPLOADS_MAX;
/// The number of files that PHP takes. It skips the others.
const UPLOADS_MAX: usize = 20;

/// Returns the boundary in a Content-Type header as PHP finds it: after the first `boundary` and the next `=`. Returns
/// `None` if there is none.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    boundary_value(content_type).map(|(_, boundary)| boundary)
}

/// Returns the offset of the boundary in a Content-Type header, and the boundary.
pub(crate) fn boundary_value(content_type: &str) -> Option<(usize, &str)> {
    let at = content_type.find(BOUNDARY).or_else(|| names_of_boundary(content_type).next())?;
    let start = at + content_type[at..].find('=')? + 1;
    let value = &content_type[start..];
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(boundary, _)| (start + 1, boundary)),
        None => value.split([',', ';']).next().map(|boundary| (start, boundary)),
    }
}

pub(crate) const BOUNDARY: &str = "boundary";

/// Returns the offset of each `boundary` in a Content-Type header, in any case.
pub(crate) fn names_of_boundary(content_type: &str) -> impl Iterator<Item = usize> {
    let windows = content_type.as_bytes().windows(BOUNDARY.len()).enumerate();
    windows.filter(|(_, window)| window.eq_ignore_ascii_case(BOUNDARY.as_bytes())).map(|(at, _)| at)
}

/// A part of a body.
pub(crate) struct Part<'a> {
    /// The name, or `None` if PHP finds none.
    pub(crate) name: Option<ParameterText<'a>>,
    /// Whether it is a file and not a field.
    pub(crate) file: bool,
    /// The value. Empty for a file that PHP skips.
    pub(crate) value: &'a [u8],
}

/// The parts of a body that PHP reads.
///
/// It stops where PHP stops. PHP takes only the first 1,000 fields among them (`max_input_vars`); this iterator returns
/// all.
pub(crate) struct Parts<'a> {
    rest: &'a [u8],
    boundary: &'a [u8],
    left: usize,
    uploads_left: usize,
    /// The value of the field `MAX_FILE_SIZE`, in bytes. 0 is no limit.
    file_size_max: i64,
}

impl<'a> Parts<'a> {
    /// Returns no parts for a boundary that cannot be in a header or is longer than [`BOUNDARY_MAX`].
    pub(crate) fn new(body: &'a [u8], boundary: &'a str) -> Self {
        let boundary = boundary.as_bytes();
        let unread = boundary.len() > BOUNDARY_MAX || boundary.iter().any(|byte| matches!(byte, b'\n' | 0));
        let rest = if unread { &[] } else { body };
        Parts { rest, boundary, left: PARTS_MAX, uploads_left: UPLOADS_MAX, file_size_max: 0 }
    }

    /// Moves after the next line that is a boundary. PHP skips everything before it. Returns `None` if there is none.
    fn skip_boundary(&mut self) -> Option<()> {
        loop {
            let (line, after) = split_line(self.rest)?;
            self.rest = after;
            if line.strip_prefix(b"--") == Some(self.boundary) {
                return Some(());
            }
        }
    }

    /// Consumes the headers of a part, and returns the value of its first Content-Disposition, or `None`.
    fn headers(&mut self) -> Option<HeaderText<'a>> {
        let mut disposition = None;
        while let Some((line, after)) = split_line(self.rest) {
            self.rest = after;
            if line.is_empty() {
                break;
            }
            let name = header_name(line).filter(|name| name.eq_ignore_ascii_case(b"content-disposition"));
            if let Some(name) = name.filter(|_| disposition.is_none()) {
                disposition = Some(HeaderText { line: &line[name.len() + 1..], rest: after, at: 0 });
            }
        }
        disposition
    }

    /// Consumes the value of a part: everything before a line break and the boundary, whatever follows on that line. At
    /// the end of the body the beginning of a boundary is enough.
    ///
    /// The boundary has no line break, so a comparison never reads beyond the next one in the body. So time is linear
    /// for every boundary.
    fn value(&mut self) -> &'a [u8] {
        let body = self.rest;
        for at in memchr::memchr_iter(b'\n', body) {
            if self.begins_with_boundary(&body[at + 1..]) {
                self.rest = &body[at..];
                return body[..at].strip_suffix(b"\r").unwrap_or(&body[..at]);
            }
        }
        self.rest = &[];
        body
    }

    /// Returns whether a line begins with the boundary, or is the beginning of one.
    fn begins_with_boundary(&self, line: &[u8]) -> bool {
        let (dashes, rest) = line.split_at(line.len().min(2));
        b"--".starts_with(dashes) && rest.iter().zip(self.boundary).all(|(one, other)| one == other)
    }

    /// Consumes a file, or the part of it that PHP reads before it gives up.
    fn file(&mut self, disposition: &Disposition<'a>) -> &'a [u8] {
        let balanced = disposition.name.is_none_or(has_balanced_brackets);
        let named = disposition.file.is_some_and(|file| file.bytes().next().is_some());
        if self.uploads_left == 0 || !balanced || !named {
            // PHP moves to the next line that is a boundary.
            return &[];
        }
        self.uploads_left -= 1;
        let before = self.rest;
        let value = self.value();
        let limit = u64::try_from(self.file_size_max).unwrap_or(0);
        if self.file_size_max != 0 && value.len() as u64 > limit {
            self.rest = before;
            self.give_up(limit);
        }
        value
    }

    /// Consumes the pieces of a file that PHP reads until the file is too large, and one more.
    fn give_up(&mut self, limit: u64) {
        let mut total = 0;
        loop {
            let read = self.piece();
            self.rest = &self.rest[read..];
            if total > limit || read == 0 {
                return;
            }
            total += read as u64;
        }
    }

    /// Returns the length of the piece of a file that PHP reads at once.
    fn piece(&self) -> usize {
        let buffer = &self.rest[..self.rest.len().min(BUFFER)];
        let boundary = memchr::memchr_iter(b'\n', buffer).find(|at| self.begins_with_boundary(&buffer[at + 1..]));
        boundary.unwrap_or(buffer.len().min(BUFFER - 1))
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        self.skip_boundary()?;
        let Some(disposition) = self.headers() else {
            // PHP moves to the next boundary.
            return Some(Part { name: None, file: false, value: &[] });
        };
        let disposition = Disposition::read(disposition);
        let is_nothing = disposition.name.is_none() && disposition.file.is_none();
        if self.left == 0 || is_nothing {
            // Here PHP gives up.
            self.rest = &[];
            return None;
        }
        self.left -= 1;
        let file = disposition.file.is_some();
        let value = if file { self.file(&disposition) } else { self.value() };
        if !file && disposition.name.is_some_and(is_file_size_max) {
            self.file_size_max = leading_number(value);
        }
        Some(Part { name: disposition.name, file, value })
    }
}

/// Returns the name of the header in a line, or `None` if PHP takes the line for a continuation of the header before.
fn header_name(line: &[u8]) -> Option<&[u8]> {
    let folded = line.first().copied().is_some_and(is_space);
    if folded { None } else { memchr::memchr(b':', line).map(|colon| &line[..colon]) }
}

/// The rest of a header, which may continue over further lines.
#[derive(Clone, Copy)]
struct HeaderText<'a> {
    line: &'a [u8],
    /// The body after the line.
    rest: &'a [u8],
    /// The number of bytes of the header before this place.
    at: usize,
}

impl HeaderText<'_> {
    /// Consumes and returns the next byte, or `None` at the end of the header.
    fn advance(&mut self) -> Option<u8> {
        loop {
            if let Some((byte, line)) = self.line.split_first() {
                self.line = line;
                self.at += 1;
                return Some(*byte);
            }
            let (line, rest) = split_line(self.rest)?;
            if line.is_empty() || header_name(line).is_some() {
                self.rest = &[];
                return None;
            }
            (self.line, self.rest) = (line, rest);
        }
    }

    fn peek(mut self) -> Option<u8> {
        self.advance()
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.advance();
        }
    }

    /// Moves after the first `stop` outside of quotes (PHP knows both kinds) and after those that follow it directly,
    /// but not beyond `end`, the end of the enclosing word. Returns the place of the stop.
    fn skip_word(&mut self, stop: u8, end: usize) -> usize {
        let mut quote = None;
        while self.at < end {
            let Some(byte) = self.peek() else { break };
            if quote.is_none() && byte == stop {
                break;
            }
            self.advance();
            match quote {
                Some(open) if byte == b'\\' && self.peek() == Some(open) => drop(self.advance()),
                Some(open) if byte == open => quote = None,
                None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                _ => {}
            }
        }
        let at = self.at;
        while self.peek() == Some(stop) {
            self.advance();
        }
        at
    }

    /// Returns the bytes up to a place.
    fn until(mut self, end: usize) -> impl Iterator<Item = u8> {
        iter::from_fn(move || if self.at < end { self.advance() } else { None })
    }
}

/// The value of a parameter in a header: the `"a"` of `name="a"`.
#[derive(Clone, Copy)]
pub(crate) struct ParameterText<'a> {
    text: HeaderText<'a>,
    end: usize,
    quote: Option<u8>,
}

impl<'a> ParameterText<'a> {
    fn of(mut text: HeaderText<'a>, end: usize) -> Self {
        text.skip_spaces();
        let quote = text.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        if quote.is_some() {
            text.advance();
        }
        ParameterText { text, end, quote }
    }

    /// Returns the decoded text: within quotes of either kind, or up to the first white space.
    pub(crate) fn bytes(self) -> impl Iterator<Item = u8> + Clone + 'a {
        Bytes(self)
    }
}

#[derive(Clone)]
struct Bytes<'a>(ParameterText<'a>);

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let ParameterText { text, end, quote } = &mut self.0;
        if text.at >= *end {
            return None;
        }
        let byte = text.advance()?;
        if quote.map_or(is_space(byte), |quote| byte == quote) {
            *end = 0;
            return None;
        }
        let is_escaped = |next: &u8| *next == b'\\' || Some(*next) == *quote;
        let escaped = if byte == b'\\' { text.peek().filter(is_escaped) } else { None };
        if escaped.is_some() {
            text.advance();
        }
        Some(escaped.unwrap_or(byte))
    }
}

/// The contents of a Content-Disposition header.
#[derive(Default)]
struct Disposition<'a> {
    name: Option<ParameterText<'a>>,
    /// The file's name.
    file: Option<ParameterText<'a>>,
}

impl<'a> Disposition<'a> {
    /// Reads the parameters. PHP takes the type before them for one too, if it looks like one.
    fn read(mut text: HeaderText<'a>) -> Self {
        let mut read = Disposition::default();
        text.skip_spaces();
        while text.peek().is_some() {
            let pair = text;
            let end = text.skip_word(b';', usize::MAX);
            text.skip_spaces();
            read.take(pair, end);
        }
        read
    }

    /// Adds a parameter (`name="a"`). If its name is repeated, the last one counts.
    fn take(&mut self, pair: HeaderText<'a>, end: usize) {
        if !pair.until(end).any(|byte| byte == b'=') {
            return;
        }
        let mut value = pair;
        let key_end = value.skip_word(b'=', end);
        let is_key = |key: &str| {
            key_end - pair.at == key.len()
                && pair.until(key_end).zip(key.bytes()).all(|(one, other)| one.eq_ignore_ascii_case(&other))
        };
        if is_key("name") {
            self.name = Some(ParameterText::of(value, end));
        } else if is_key("filename") {
            self.file = Some(ParameterText::of(value, end));
        }
    }
}

/// Returns whether PHP takes a file with this field name. It skips one whose brackets do not pair.
fn has_balanced_brackets(name: ParameterText<'_>) -> bool {
    let mut depth = 0_usize;
    let mut bytes = name.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'[' {
            depth += 1;
        } else if byte == b']' {
            let Some(less) = depth.checked_sub(1) else { return false };
            depth = less;
            if bytes.peek().is_some_and(|next| *next != b'[') {
                return false;
            }
        }
    }
    depth == 0
}

/// Returns whether a field of this name sets the limit for the files after it.
fn is_file_size_max(name: ParameterText<'_>) -> bool {
    name.bytes().map(|byte| byte.to_ascii_uppercase()).eq(*b"MAX_FILE_SIZE")
}

/// Returns the number at the start of a text, as C's `strtoll` does.
fn leading_number(text: &[u8]) -> i64 {
    let start = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    let (sign, digits) = match &text[start..] {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] | digits => (1, digits),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number: i64, digit| number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0')))
}

/// Splits after the next line as PHP sees it: it ends at a NUL or a line break, and is cut where it fills PHP's buffer.
/// Returns `None` if no line is complete.
fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let buffer = &text[..text.len().min(BUFFER)];
    let (line, after) = match memchr::memchr(b'\n', buffer) {
        Some(end) => (buffer[..end].strip_suffix(b"\r").unwrap_or(&buffer[..end]), end + 1),
        None if buffer.len() == BUFFER => (buffer, BUFFER),
        None => return None,
    };
    Some((&line[..memchr::memchr(0, line).unwrap_or(line.len())], &text[after..]))
}

#[cfg(test)]
mod tests;
