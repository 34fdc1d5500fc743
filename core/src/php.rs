//! How the server's PHP reads names and values.
//!
//! PHP changes names as it parses them: leading spaces fall away, a name ends at a NUL, and `salt[]` or `salt[x]`
//! replaces `salt`. What such a name becomes decides what overrides a credential or the route.

use alloc::vec::Vec;
use core::iter;

/// The parameters that a request must not carry twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    ApiKey,
    Salt,
    Signature,
    /// `e`, which carries the route.
    Route,
}

/// What each is called.
pub(crate) const FIELDS: [(&str, Field); 4] =
    [("apikey", Field::ApiKey), ("salt", Field::Salt), ("signature", Field::Signature), ("e", Field::Route)];

/// What PHP makes of a name that lands on a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Landing {
    pub(crate) field: Field,
    /// The field becomes an array, so that its text is lost.
    pub(crate) array: bool,
}

/// The field that a decoded name lands on, if any.
///
/// Dots and spaces within a name become underscores, which no field has, so they cannot land there.
pub(crate) fn landing(name: impl Iterator<Item = u8>) -> Option<Landing> {
    let mut rest = name.skip_while(|byte| *byte == b' ').take_while(|byte| *byte != 0);
    // One longer than the longest field: what does not fit is another name.
    let mut name = [0; 10];
    let mut len = 0;
    let mut bracket = false;
    for byte in &mut rest {
        if byte == b'[' {
            bracket = true;
            break;
        }
        *name.get_mut(len)? = byte;
        len += 1;
    }
    let (_, field) = FIELDS.into_iter().find(|(field, _)| field.as_bytes() == &name[..len])?;
    // A bracket that is never closed is no index: PHP makes it an underscore, and so the name another one.
    (!bracket || rest.any(|byte| byte == b']')).then_some(Landing { field, array: bracket })
}

/// A parameter of a query string or an encoded form, still encoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The parameters of a query string or an encoded form. An empty piece is none.
pub(crate) fn parameters(encoded: &[u8]) -> impl Iterator<Item = Parameter<'_>> {
    let mut rest = Some(encoded);
    // A value may be a whole file, so separators are looked for many bytes at a time.
    let pieces = iter::from_fn(move || {
        let text = rest?;
        let end = memchr::memchr(b'&', text);
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    });
    pieces.filter(|piece| !piece.is_empty()).map(|piece| {
        let mut halves = piece.splitn(2, |byte| *byte == b'=');
        Parameter { name: halves.next().unwrap_or_default(), value: halves.next().unwrap_or_default() }
    })
}

impl Parameter<'_> {
    pub(crate) fn landing(self) -> Option<Landing> {
        landing(decoded(self.name))
    }

    /// The name as PHP decodes it. `None` for a parameter that it drops: its name is nothing, or begins with a bracket.
    pub(crate) fn name(self) -> Option<Vec<u8>> {
        let name: Vec<u8> = decoded(self.name).skip_while(|byte| *byte == b' ').take_while(|byte| *byte != 0).collect();
        (!matches!(name.first(), None | Some(b'['))).then_some(name)
    }

    pub(crate) fn value(self) -> Vec<u8> {
        // Reserved whole: growing would leave a copy behind, and the value can be a secret key in the wrong place.
        let mut value = Vec::with_capacity(self.value.len());
        value.extend(decoded(self.value));
        value
    }
}

/// Whether the first piece of a query is the route. Its leading slash may be missing, unless it then is a parameter.
pub(crate) fn is_route(piece: &str) -> bool {
    let mut decoded = decoded(piece.as_bytes()).peekable();
    decoded.peek() == Some(&b'/') || !piece.contains('=') && decoded.any(|byte| byte == b'/')
}

fn decoded(encoded: &[u8]) -> impl Iterator<Item = u8> {
    // An escaped plus is a plus, so those that stand as themselves are taken out first.
    encoded.split(|byte| *byte == b'+').enumerate().flat_map(|(index, piece)| {
        let space = (index > 0).then_some(b' ');
        space.into_iter().chain(percent_encoding::percent_decode(piece))
    })
}

/// PHP's `trim`.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let white = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b);
    let start = text.iter().position(|byte| !white(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !white(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// What PHP takes for the type in a Content-Type header: all before the first separator.
pub(crate) fn media_type(content_type: &str) -> &str {
    content_type.split([';', ',', ' ']).next().unwrap_or_default()
}
