//! Checks that a multipart body is plain: written so that every reader reads it as PHP does.
//!
//! It takes pieces of any size, keeps no more of them than a header line or the length of a boundary, and stops at the
//! first thing that is not plain. `multipart` reads bodies that are not plain as PHP does.

use memchr::memmem::Finder;

use crate::Error;
use crate::body_fields::BodyFields;
use crate::multipart::{BOUNDARY, boundary_value, names_of_boundary};
use crate::php::{self, FieldMatch, is_space};

/// Length of the longest plain boundary, in bytes (RFC 2046).
pub(crate) const BOUNDARY_MAX: usize = 70;
/// Length of the longest plain header line, in bytes, without its line break. A line may come in two pieces, so there
/// is a buffer for it. It is small, because signing must need little stack.
const LINE_MAX: usize = 1_024;
/// Two dashes and the boundary.
const DELIMITER_MAX: usize = BOUNDARY_MAX + 2;

/// Returns the boundary if the header is plain: it names one boundary, once, of at most 70 characters that need no
/// quotes. Returns `None` otherwise.
///
/// The boundary itself may contain the word `boundary`, as browsers' boundaries do.
pub(crate) fn plain_boundary(content_type: &str) -> Option<&str> {
    let (start, boundary) = boundary_value(content_type)?;
    let value = start..start + boundary.len();
    let once = names_of_boundary(content_type).filter(|at| !value.contains(at)).count() == 1;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"()+_-./:=?".contains(&byte);
    let parameter = content_type.split(';').skip(1).any(|parameter| {
        parameter.trim().split_once('=').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case(BOUNDARY)
                && (value == boundary || value.len() == boundary.len() + 2 && value.starts_with('"'))
        })
    });
    (once && parameter && (1..=BOUNDARY_MAX).contains(&boundary.len()) && boundary.bytes().all(is_plain))
        .then_some(boundary)
}

/// Returns whether a value holds the boundary after two dashes, so that it may end there.
pub(crate) fn holds(value: &str, boundary: &str) -> bool {
    let delimiter = Delimiter::new(boundary);
    delimiter.is_none_or(|delimiter| Finder::new(delimiter.bytes()).find(value.as_bytes()).is_some())
}

/// Two dashes and a boundary.
#[derive(Clone, Copy)]
struct Delimiter {
    bytes: [u8; DELIMITER_MAX],
    len: usize,
}

impl Delimiter {
    /// Returns `None` for a boundary that is too long.
    fn new(boundary: &str) -> Option<Self> {
        let mut bytes = [b'-'; DELIMITER_MAX];
        let len = boundary.len() + 2;
        bytes.get_mut(2..len)?.copy_from_slice(boundary.as_bytes());
        Some(Delimiter { bytes, len })
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The check of a multipart body, after the pieces so far.
pub(crate) struct MultipartCheck {
    delimiter: Delimiter,
    place: Place,
    /// Bytes from earlier pieces: the beginning of a header line, or the end of a value.
    held: [u8; LINE_MAX + 1],
    held_len: usize,
    /// The name of this part, if its Content-Disposition was read.
    named: Option<Named>,
    fields: BodyFields,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// In the first boundary, after this many of its bytes.
    First(usize),
    /// After a boundary.
    Boundary,
    /// After a boundary and a carriage return.
    BoundaryReturn,
    /// After a boundary and a dash.
    BoundaryDash,
    Headers,
    Value {
        is_route: bool,
    },
    /// After the closing boundary.
    Closed,
    /// After the closing boundary and a carriage return.
    ClosedReturn,
    /// After the closing boundary and a line break.
    End,
}

impl MultipartCheck {
    /// Begins the check of a body with a [plain boundary](plain_boundary).
    pub(crate) fn new(boundary: &str, url_has_route: bool) -> Result<Self, Error> {
        Ok(MultipartCheck {
            delimiter: Delimiter::new(boundary).ok_or(Error::MultipartBoundary)?,
            place: Place::First(0),
            held: [0; LINE_MAX + 1],
            held_len: 0,
            named: None,
            fields: BodyFields::new(url_has_route),
        })
    }

    /// Checks the next piece of the body. After an error the check must not be used again.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Result<(), Error> {
        let delimiter = self.delimiter;
        let finder = Finder::new(delimiter.bytes());
        let mut rest = piece;
        while let Some((byte, after)) = rest.split_first() {
            rest = match self.place {
                Place::Headers => self.take_header(rest)?,
                Place::Value { is_route } => self.take_value(rest, is_route, &finder)?,
                place => {
                    self.place = step(place, *byte, delimiter.bytes()).ok_or(Error::MultipartNotPlain)?;
                    after
                }
            };
        }
        Ok(())
    }

    /// Refuses a body that did not end with its closing boundary and at most one line break.
    pub(crate) fn end(&self) -> Result<(), Error> {
        if matches!(self.place, Place::Closed | Place::End) { Ok(()) } else { Err(Error::MultipartNotPlain) }
    }

    #[cfg(test)]
    pub(crate) fn fields(&self) -> &BodyFields {
        &self.fields
    }

    /// Returns the route, or `None` if the body has none.
    pub(crate) fn route(&self) -> Option<&[u8]> {
        self.fields.route()
    }

    fn take_header<'p>(&mut self, piece: &'p [u8]) -> Result<&'p [u8], Error> {
        let end = memchr::memchr(b'\n', piece);
        let line = &piece[..end.unwrap_or(piece.len())];
        // A whole line needs no copy.
        let Some(end) = end.filter(|_| self.held_len == 0) else {
            self.hold(line)?;
            let Some(end) = end else { return Ok(&[]) };
            let len = core::mem::replace(&mut self.held_len, 0);
            self.take_line(&Line::of(&self.held[..len])?)?;
            return Ok(&piece[end + 1..]);
        };
        self.take_line(&Line::of(line)?)?;
        Ok(&piece[end + 1..])
    }

    fn hold(&mut self, more: &[u8]) -> Result<(), Error> {
        let end = self.held_len + more.len();
        self.held.get_mut(self.held_len..end).ok_or(Error::MultipartNotPlain)?.copy_from_slice(more);
        self.held_len = end;
        Ok(())
    }

    /// Checks a header line, or the empty line after the headers.
    fn take_line(&mut self, line: &Line) -> Result<(), Error> {
        match *line {
            Line::Empty => {
                let named = self.named.take().ok_or(Error::MultipartNotPlain)?;
                self.place = Place::Value { is_route: self.fields.check_field(named.found)? };
                Ok(())
            }
            Line::Disposition { found, file } if self.named.is_none() => {
                self.named = Some(Named { found });
                if file { Ok(()) } else { self.fields.count() }
            }
            Line::Disposition { .. } => Err(Error::MultipartNotPlain),
            Line::Other => Ok(()),
        }
    }

    /// Consumes a piece of a value, up to the end of the boundary.
    fn take_value<'p>(&mut self, piece: &'p [u8], is_route: bool, boundary: &Finder<'_>) -> Result<&'p [u8], Error> {
        let found = self.find_boundary(piece, boundary)?;
        let (value, rest) = piece.split_at(found.map_or(piece.len(), |found| found.end));
        if is_route {
            self.fields.push_route(value)?;
        }
        let Some(found) = found else {
            self.keep_end(piece, boundary.needle().len());
            return Ok(rest);
        };
        if !found.begins_a_line {
            return Err(Error::MultipartNotPlain);
        }
        if is_route {
            self.fields.end_route_before_line(boundary.needle().len())?;
        }
        (self.place, self.held_len) = (Place::Boundary, 0);
        Ok(rest)
    }

    /// Finds the first boundary that ends in a piece of a value. Returns `None` if there is none.
    fn find_boundary(&mut self, piece: &[u8], boundary: &Finder<'_>) -> Result<Option<FoundBoundary>, Error> {
        let len = boundary.needle().len();
        let held_len = self.held_len;
        if held_len > 0 {
            // The boundary may begin in the held bytes.
            self.hold(&piece[..piece.len().min(len - 1)])?;
            let both = &self.held[..self.held_len];
            let found = boundary.find(both);
            self.held_len = held_len;
            if let Some(at) = found {
                return Ok(Some(FoundBoundary {
                    end: at + len - held_len,
                    begins_a_line: both[..at].ends_with(b"\n"),
                }));
            }
        }
        Ok(boundary.find(piece).map(|at| {
            let before = if at > 0 { &piece[..at] } else { &self.held[..held_len] };
            FoundBoundary { end: at + len, begins_a_line: before.ends_with(b"\n") }
        }))
    }

    /// Keeps the end of a value: the bytes in which a boundary may begin, and one byte before them.
    fn keep_end(&mut self, piece: &[u8], len: usize) {
        let piece = &piece[piece.len().saturating_sub(len)..];
        let dropped = (self.held_len + piece.len()).saturating_sub(len);
        self.held.copy_within(dropped..self.held_len, 0);
        let kept = self.held_len - dropped;
        self.held_len = kept + piece.len();
        self.held[kept..self.held_len].copy_from_slice(piece);
    }
}

/// The name of a part.
struct Named {
    /// The field that the name lands on.
    found: Option<FieldMatch>,
}

/// A boundary in a value.
#[derive(Clone, Copy)]
struct FoundBoundary {
    /// Its end in the last piece.
    end: usize,
    begins_a_line: bool,
}

/// Returns the place after one more byte around a boundary, or `None` if the byte is not plain there.
fn step(place: Place, byte: u8, boundary: &[u8]) -> Option<Place> {
    Some(match (place, byte) {
        (Place::First(at), byte) if boundary.get(at) == Some(&byte) => {
            if at + 1 == boundary.len() {
                Place::Boundary
            } else {
                Place::First(at + 1)
            }
        }
        (Place::Boundary, b'\r') => Place::BoundaryReturn,
        (Place::Boundary | Place::BoundaryReturn, b'\n') => Place::Headers,
        (Place::Boundary, b'-') => Place::BoundaryDash,
        (Place::BoundaryDash, b'-') => Place::Closed,
        (Place::Closed, b'\r') => Place::ClosedReturn,
        (Place::Closed | Place::ClosedReturn, b'\n') => Place::End,
        _ => return None,
    })
}

/// The contents of a plain line.
enum Line {
    /// The end of the headers.
    Empty,
    Disposition {
        /// The field that the name lands on. A file is not a field, so it cannot replace one.
        found: Option<FieldMatch>,
        file: bool,
    },
    Other,
}

impl Line {
    fn of(line: &[u8]) -> Result<Self, Error> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return Ok(Line::Empty);
        }
        Ok(match Header::of(line).ok_or(Error::MultipartNotPlain)? {
            Header::Disposition { name, file } => {
                let found = if file { None } else { php::field_match(name.iter().copied()) };
                Line::Disposition { found, file }
            }
            Header::Other => Line::Other,
        })
    }
}

/// A plain header line.
enum Header<'a> {
    Disposition { name: &'a [u8], file: bool },
    Other,
}

impl<'a> Header<'a> {
    /// Returns `None` for a line that is not plain.
    fn of(line: &'a [u8]) -> Option<Self> {
        let folded = line.first().copied().is_some_and(is_space);
        if folded || line.len() > LINE_MAX || line.contains(&0) {
            return None;
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        if !line[..colon].eq_ignore_ascii_case(b"content-disposition") {
            return Some(Header::Other);
        }
        let (kind, mut rest) = word(past_spaces(&line[colon + 1..]), b';');
        let (mut name, mut file) = (None, false);
        while !rest.is_empty() {
            let (pair, after) = word(past_spaces(rest), b';');
            rest = after;
            let (key, text) = plain_pair(pair)?;
            if key.eq_ignore_ascii_case(b"name") {
                let is_new = name.replace(text).is_none();
                (is_new && !text.iter().any(|byte| matches!(byte, b'\\' | b'"'))).then_some(())?;
            } else if key.eq_ignore_ascii_case(b"filename") {
                (!file).then_some(())?;
                file = true;
            }
        }
        let name = name.filter(|_| kind.trim_ascii().eq_ignore_ascii_case(b"form-data"))?;
        Some(Header::Disposition { name, file })
    }
}

/// Splits a parameter (`name="a"`) into its name and its text. Returns `None` if it is not plain.
fn plain_pair(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, value) = word(pair, b'=');
    let text = value.strip_prefix(b"\"").and_then(|quoted| quoted.strip_suffix(b"\""))?;
    (!key.iter().any(|byte| matches!(byte, b'\'' | b'"'))).then_some((key, text))
}

/// Splits at the first `stop` outside of quotes (PHP knows both kinds), and skips those that follow it directly.
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

fn past_spaces(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    &text[start..]
}
