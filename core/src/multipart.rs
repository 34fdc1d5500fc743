//! Multipart form data, as PHP reads it.
//!
//! PHP reads more than the standard allows: headers that go on over several lines, quotes of both kinds, text around the
//! boundaries. This reader does what PHP 8.2 does with its default limits, in time linear in the body, and borrows all
//! that it returns. Whether a body may be sent is not asked here but in `plain`.
//!
//! Where PHP gives up on a file for its size (`upload_max_filesize`), it goes on amid the file. That limit is the
//! installation's and is not known here, so such a file is read to its end.

use core::iter;

/// Length of the longest boundary that is read. PHP reads longer ones too, but the size of its buffer grows with them.
const BOUNDARY_MAX: usize = BUFFER - 6;
/// Size of PHP's buffer: it reads longer lines in pieces of this size.
const BUFFER: usize = 5_120;
/// How many parts with a Content-Disposition PHP reads: `max_input_vars` and `max_file_uploads` together.
const PARTS_MAX: usize = 1_000 + UPLOADS_MAX;
/// How many files PHP takes. It passes over the others.
const UPLOADS_MAX: usize = 20;

/// The boundary in a Content-Type header, as PHP finds it: after the first `boundary` and the next `=`.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    boundary_value(content_type).map(|(_, boundary)| boundary)
}

/// The boundary in a Content-Type header, and where it begins.
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

/// Where `boundary` occurs, in any case.
pub(crate) fn names_of_boundary(content_type: &str) -> impl Iterator<Item = usize> {
    let windows = content_type.as_bytes().windows(BOUNDARY.len()).enumerate();
    windows.filter(|(_, window)| window.eq_ignore_ascii_case(BOUNDARY.as_bytes())).map(|(at, _)| at)
}

/// A part of a body.
pub(crate) struct Part<'a> {
    /// The name, if PHP finds one.
    pub(crate) name: Option<Name<'a>>,
    /// PHP puts it among the files, so it is no field.
    pub(crate) file: bool,
    /// The value. Empty for a file that PHP passes over.
    pub(crate) value: &'a [u8],
}

/// The parts of a body that PHP reads.
///
/// It stops where PHP does. Of the fields among the parts PHP takes the first 1,000 (`max_input_vars`), and this
/// iterator returns all of them.
pub(crate) struct Parts<'a> {
    rest: &'a [u8],
    boundary: &'a [u8],
    left: usize,
    uploads_left: usize,
    /// What the field `MAX_FILE_SIZE` says. 0 is no limit.
    file_size_max: i64,
}

impl<'a> Parts<'a> {
    /// A boundary that cannot be in a header, or a longer one than is read here, is found nowhere.
    pub(crate) fn new(body: &'a [u8], boundary: &'a str) -> Self {
        let boundary = boundary.as_bytes();
        let unread = boundary.len() > BOUNDARY_MAX || boundary.iter().any(|byte| matches!(byte, b'\n' | 0));
        let rest = if unread { &[] } else { body };
        Parts { rest, boundary, left: PARTS_MAX, uploads_left: UPLOADS_MAX, file_size_max: 0 }
    }

    /// Goes on after the next line that is a boundary. PHP passes over all before it.
    fn enter(&mut self) -> Option<()> {
        loop {
            let (line, after) = split_line(self.rest)?;
            self.rest = after;
            if line.strip_prefix(b"--") == Some(self.boundary) {
                return Some(());
            }
        }
    }

    /// Takes the headers of a part, and returns the value of its first Content-Disposition.
    fn headers(&mut self) -> Option<Text<'a>> {
        let mut disposition = None;
        while let Some((line, after)) = split_line(self.rest) {
            self.rest = after;
            if line.is_empty() {
                break;
            }
            let name = header_name(line).filter(|name| name.eq_ignore_ascii_case(b"content-disposition"));
            if let Some(name) = name.filter(|_| disposition.is_none()) {
                disposition = Some(Text { line: &line[name.len() + 1..], rest: after, at: 0 });
            }
        }
        disposition
    }

    /// Takes the value of a part: all before a line break and the boundary, whatever follows on that line. At the end
    /// of the body the beginning of a boundary is enough.
    ///
    /// No line break is in the boundary, so a comparison never goes beyond the next one in the body. This is why the
    /// time is linear, for whatever boundary.
    fn value(&mut self) -> &'a [u8] {
        let body = self.rest;
        for at in memchr::memchr_iter(b'\n', body) {
            if self.agrees(&body[at + 1..]) {
                self.rest = &body[at..];
                return body[..at].strip_suffix(b"\r").unwrap_or(&body[..at]);
            }
        }
        self.rest = &[];
        body
    }

    /// Whether a line begins with the boundary, as far as there is a line.
    fn agrees(&self, line: &[u8]) -> bool {
        let (dashes, rest) = line.split_at(line.len().min(2));
        b"--".starts_with(dashes) && rest.iter().zip(self.boundary).all(|(one, other)| one == other)
    }

    /// Takes a file, or as much of it as PHP reads before it gives the file up.
    fn file(&mut self, disposition: &Disposition<'a>) -> &'a [u8] {
        let balanced = disposition.name.is_none_or(has_balanced_brackets);
        let named = disposition.file.is_some_and(|file| file.bytes().next().is_some());
        if self.uploads_left == 0 || !balanced || !named {
            // PHP goes on to the next line that is a boundary.
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

    /// Takes the pieces of a file that PHP reads until the file is too large, and one more.
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

    /// Length of the piece of a file that PHP reads at once.
    fn piece(&self) -> usize {
        let buffer = &self.rest[..self.rest.len().min(BUFFER)];
        let boundary = memchr::memchr_iter(b'\n', buffer).find(|at| self.agrees(&buffer[at + 1..]));
        boundary.unwrap_or(buffer.len().min(BUFFER - 1))
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        self.enter()?;
        let Some(disposition) = self.headers() else {
            // PHP goes on to the next boundary.
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

/// The name of the header that a line is. `None` if it goes on with the header before, as PHP has it.
fn header_name(line: &[u8]) -> Option<&[u8]> {
    let folded = line.first().copied().is_some_and(is_space);
    if folded { None } else { memchr::memchr(b':', line).map(|colon| &line[..colon]) }
}

/// The text of a header from one place on. It may go on over lines of the body.
#[derive(Clone, Copy)]
struct Text<'a> {
    line: &'a [u8],
    /// What follows the line in the body.
    rest: &'a [u8],
    /// How many bytes of the text come before this place.
    at: usize,
}

impl Text<'_> {
    /// Takes the next byte.
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

    /// Goes after the first `stop` outside of quotes, of which PHP knows both kinds, and after those that follow it,
    /// but not after `end`, where a word of `;` ended. Returns where the stop was.
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

    /// The bytes up to a place.
    fn until(mut self, end: usize) -> impl Iterator<Item = u8> {
        iter::from_fn(move || if self.at < end { self.advance() } else { None })
    }
}

/// The value of a pair in a header such as `name="a"`.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    text: Text<'a>,
    end: usize,
    quote: Option<u8>,
}

impl<'a> Name<'a> {
    fn of(mut text: Text<'a>, end: usize) -> Self {
        text.skip_spaces();
        let quote = text.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        if quote.is_some() {
            text.advance();
        }
        Name { text, end, quote }
    }

    /// Returns the text within quotes of either kind, or up to the first white space, without the escapes that PHP
    /// knows.
    pub(crate) fn bytes(self) -> impl Iterator<Item = u8> + Clone + 'a {
        Bytes(self)
    }
}

#[derive(Clone)]
struct Bytes<'a>(Name<'a>);

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let Name { text, end, quote } = &mut self.0;
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

/// What a Content-Disposition header says.
#[derive(Default)]
struct Disposition<'a> {
    name: Option<Name<'a>>,
    /// The file's name.
    file: Option<Name<'a>>,
}

impl<'a> Disposition<'a> {
    /// PHP takes the kind for a pair if it looks like one.
    fn read(mut text: Text<'a>) -> Self {
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

    /// Takes in a pair such as `name="a"`. The last one of a kind counts.
    fn take(&mut self, pair: Text<'a>, end: usize) {
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
            self.name = Some(Name::of(value, end));
        } else if is_key("filename") {
            self.file = Some(Name::of(value, end));
        }
    }
}

/// Whether PHP takes a file of this name. It passes over one whose brackets do not pair.
fn has_balanced_brackets(name: Name<'_>) -> bool {
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

/// Whether a field sets the limit for the files that follow it.
fn is_file_size_max(name: Name<'_>) -> bool {
    name.bytes().map(|byte| byte.to_ascii_uppercase()).eq(*b"MAX_FILE_SIZE")
}

/// C's `strtoll`.
fn leading_number(text: &[u8]) -> i64 {
    let start = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    let (sign, digits) = match &text[start..] {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] | digits => (1, digits),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number: i64, digit| number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0')))
}

/// C's white space, by which PHP goes. It has the vertical tab, which ASCII's does not.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Splits after the next line as PHP sees it: it ends at a NUL, a line feed, or a carriage return before one, and one
/// that fills PHP's buffer is cut there.
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
