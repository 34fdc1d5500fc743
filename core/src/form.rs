//! Judging the encoded form that is a body, in pieces of any size.
//!
//! It keeps of a name what decides on which field it lands, and of a value nothing but the route. So memory is constant
//! and time linear. Decoding is by hand, because a piece may end amid an escape; PHP is its referee in the tests.

use crate::Error;
use crate::body_fields::BodyFields;
use crate::php;

/// A form, as far as it was seen.
pub(crate) struct Form {
    place: Place,
    name: Name,
    escape: Escape,
    fields: BodyFields,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Where a parameter begins.
    Start,
    Name,
    Value,
    /// In the value of the route.
    Route,
}

impl Form {
    pub(crate) const fn new(url_has_route: bool) -> Self {
        Form { place: Place::Start, name: Name::NEW, escape: Escape::None, fields: BodyFields::new(url_has_route) }
    }

    /// Looks at the next piece of the form. Of no use after an error.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Result<(), Error> {
        let mut rest = piece;
        while !rest.is_empty() {
            rest = match self.place {
                Place::Start => {
                    self.name = Name::NEW;
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

    /// Returns the route, if it is a field.
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
            self.fields.push(decoded.as_slice())?;
        }
        Ok(&[])
    }

    fn end_name(&mut self) -> Result<(), Error> {
        self.escape.end().bytes().for_each(|byte| self.name.push(byte));
        let is_route = self.fields.take_in(self.name.field_match())?;
        self.place = if is_route { Place::Route } else { Place::Value };
        Ok(())
    }

    fn end_parameter(&mut self) -> Result<(), Error> {
        if self.place == Place::Name {
            self.end_name()?;
        }
        if self.place == Place::Route {
            let rest = self.escape.end();
            self.fields.push(rest.as_slice())?;
            self.fields.end()?;
        }
        self.place = Place::Start;
        // Empty ones too, as PHP does for a POST.
        self.fields.count()
    }
}

/// What decides on which field a name lands.
struct Name {
    /// It, or its beginning.
    text: [u8; 9],
    len: usize,
    brackets: Brackets,
    /// It is no field, or ended at a NUL: what follows changes nothing.
    ended: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Brackets {
    None,
    Open,
    Closed,
}

impl Name {
    const NEW: Self = Name { text: [0; 9], len: 0, brackets: Brackets::None, ended: false };

    /// Whether nothing that follows changes on which field it lands.
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

/// An escape such as `%2F`, as far as it was seen.
#[derive(Clone, Copy)]
enum Escape {
    None,
    Percent,
    /// With its first digit.
    Digit(u8),
}

impl Escape {
    /// Decodes one more byte.
    fn take(&mut self, byte: u8) -> Decoded {
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let mut decoded = Decoded { bytes: [0; 3], len: 0 };
        match (*self, value(byte)) {
            (Escape::Percent, Some(_)) => {
                *self = Escape::Digit(byte);
                return decoded;
            }
            (Escape::Digit(first), Some(second)) => {
                *self = Escape::None;
                decoded.push(value(first).unwrap_or_default() << 4 | second);
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

    /// Returns what was seen of an escape that is none.
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
