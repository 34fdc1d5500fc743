//! Checks an encoded form that will be signed, in pieces of any size.
//!
//! It keeps only the part of a name that decides which field it lands on, and no value but the route. So memory is
//! constant and time is linear. It decodes by hand, because a piece may end within an escape; the tests compare it with
//! PHP.

use crate::Error;
use crate::body_fields::BodyFields;
use crate::encoded::hex_value;
use crate::php;

/// The check of a form, after the pieces so far.
pub(crate) struct FormCheck {
    place: Place,
    name: NamePrefix,
    escape: Escape,
    fields: BodyFields,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// At the beginning of a parameter.
    Start,
    Name,
    Value,
    /// In the value of the route.
    Route,
}

impl FormCheck {
    pub(crate) const fn new(url_has_route: bool) -> Self {
        FormCheck {
            place: Place::Start,
            name: NamePrefix::NEW,
            escape: Escape::None,
            fields: BodyFields::new(url_has_route),
        }
    }

    /// Checks the next piece of the form. After an error the check must not be used again.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Result<(), Error> {
        let mut rest = piece;
        while !rest.is_empty() {
            rest = match self.place {
                Place::Start => {
                    self.name = NamePrefix::NEW;
                    self.place = Place::Name;
                    rest
                }
                Place::Name => self.take_name(rest)?,
                Place::Route => self.take_route(rest)?,
                Place::Value => {
                    let end = memchr::memchr(b'&', rest);
                    if end.is_some() {
                        self.end_parameter()?;
                    }
                    end.map_or(&[], |end| &rest[end + 1..])
                }
            };
        }
        Ok(())
    }

    pub(crate) fn end(&mut self) -> Result<(), Error> {
        if self.place == Place::Start { Ok(()) } else { self.end_parameter() }
    }

    /// Returns the route, or `None` if the form has none.
    pub(crate) fn route(&self) -> Option<&[u8]> {
        self.fields.route()
    }

    fn take_name<'p>(&mut self, piece: &'p [u8]) -> Result<&'p [u8], Error> {
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            match byte {
                b'=' => {
                    self.end_name()?;
                    return Ok(&piece[at + 1..]);
                }
                b'&' => {
                    self.end_parameter()?;
                    return Ok(&piece[at + 1..]);
                }
                _ if self.name.is_settled() => {
                    at += memchr::memchr2(b'=', b'&', &piece[at..]).unwrap_or(piece.len() - at);
                }
                byte => {
                    let decoded = self.escape.take(*byte);
                    decoded.bytes().for_each(|byte| self.name.push(byte));
                    at += 1;
                }
            }
        }
        Ok(&[])
    }

    fn take_route<'p>(&mut self, piece: &'p [u8]) -> Result<&'p [u8], Error> {
        for (at, byte) in piece.iter().enumerate() {
            if *byte == b'&' {
                self.end_parameter()?;
                return Ok(&piece[at + 1..]);
            }
            let decoded = self.escape.take(*byte);
            self.fields.push_route(decoded.as_slice())?;
        }
        Ok(&[])
    }

    fn end_name(&mut self) -> Result<(), Error> {
        self.escape.end().bytes().for_each(|byte| self.name.push(byte));
        let is_route = self.fields.check_field(self.name.field_match())?;
        self.place = if is_route { Place::Route } else { Place::Value };
        Ok(())
    }

    fn end_parameter(&mut self) -> Result<(), Error> {
        if self.place == Place::Name {
            self.end_name()?;
        }
        if self.place == Place::Route {
            let rest = self.escape.end();
            self.fields.push_route(rest.as_slice())?;
            self.fields.end_route()?;
        }
        self.place = Place::Start;
        // An empty one counts too, as it does for a POST in PHP.
        self.fields.count()
    }
}

/// The part of a name that decides which field it lands on.
struct NamePrefix {
    /// The name, or its beginning.
    text: [u8; 9],
    len: usize,
    brackets: Brackets,
    /// Whether the name ended at a NUL, or cannot be a field any more.
    ended: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Brackets {
    None,
    Open,
    Closed,
}

impl NamePrefix {
    const NEW: Self = NamePrefix { text: [0; 9], len: 0, brackets: Brackets::None, ended: false };

    /// Returns whether no further byte can change which field the name lands on.
    fn is_settled(&self) -> bool {
        self.ended || self.brackets == Brackets::Closed
    }

    fn push(&mut self, byte: u8) {
        if self.is_settled() || byte == b' ' && self.len == 0 && self.brackets == Brackets::None {
            return;
        }
        match (self.brackets, byte) {
            (_, 0) => self.ended = true,
            (Brackets::Open, b']') => self.brackets = Brackets::Closed,
            (Brackets::Open | Brackets::Closed, _) => {}
            (Brackets::None, b'[') => self.brackets = Brackets::Open,
            (Brackets::None, _) => self.push_text(byte),
        }
    }

    fn push_text(&mut self, byte: u8) {
        let len = self.len + 1;
        let Some(last) = self.text.get_mut(self.len) else {
            (self.len, self.ended) = (0, true);
            return;
        };
        *last = byte;
        let begins_a_field = |(field, _): &(&str, php::Field)| field.as_bytes().starts_with(&self.text[..len]);
        (self.len, self.ended) = if php::FIELDS.iter().any(begins_a_field) { (len, false) } else { (0, true) };
    }

    fn field_match(&self) -> Option<php::FieldMatch> {
        if self.len == 0 {
            return None;
        }
        let brackets: &[u8] = match self.brackets {
            Brackets::None => b"",
            Brackets::Open => b"[",
            Brackets::Closed => b"[]",
        };
        php::field_match(self.text[..self.len].iter().chain(brackets).copied())
    }
}

/// The part of an escape (`%2F`) that was read.
#[derive(Clone, Copy)]
enum Escape {
    None,
    Percent,
    /// The first digit was read.
    Digit(u8),
}

impl Escape {
    /// Consumes one more byte and returns the decoded bytes, if any.
    fn take(&mut self, byte: u8) -> Decoded {
        let mut decoded = Decoded { bytes: [0; 3], len: 0 };
        match (*self, hex_value(byte)) {
            (Escape::Percent, Some(_)) => {
                *self = Escape::Digit(byte);
                return decoded;
            }
            (Escape::Digit(first), Some(second)) => {
                *self = Escape::None;
                decoded.push(hex_value(first).unwrap_or_default() << 4 | second);
                return decoded;
            }
            (Escape::None, _) => {}
            (Escape::Percent | Escape::Digit(_), None) => decoded = self.end(),
        }
        match byte {
            b'%' => *self = Escape::Percent,
            b'+' => decoded.push(b' '),
            byte => decoded.push(byte),
        }
        decoded
    }

    /// Returns the bytes of an incomplete escape, which mean themselves.
    fn end(&mut self) -> Decoded {
        let mut decoded = Decoded { bytes: [0; 3], len: 0 };
        match core::mem::replace(self, Escape::None) {
            Escape::None => {}
            Escape::Percent => decoded.push(b'%'),
            Escape::Digit(first) => {
                decoded.push(b'%');
                decoded.push(first);
            }
        }
        decoded
    }
}

/// Up to three decoded bytes.
struct Decoded {
    bytes: [u8; 3],
    len: usize,
}

impl Decoded {
    fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.as_slice().iter().copied()
    }
}
