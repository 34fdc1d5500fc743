//! How the server's PHP reads names and values (8.2, with its default settings).
//!
//! PHP changes names as it parses them: leading spaces fall away, a name ends at a NUL, and `salt[]` or `salt[x]`
//! replaces `salt`. What such a name becomes decides what overrides a credential or the route.

use core::iter;

use crate::encoded::Encoded;

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

/// How many parameters PHP takes from a query or from a text that a program gives it (`max_input_vars`).
pub(crate) const PARAMETERS_MAX: usize = 1_000;
/// How many levels of brackets a name may have (`max_input_nesting_level`).
const LEVELS_MAX: usize = 64;

/// A name that lands on a field once PHP has read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldMatch {
    pub(crate) field: Field,
    pub(crate) effect: Effect,
}

/// What a parameter does to the field that its name lands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Gives it a text.
    Text,
    /// Makes it an array, so that its text is lost.
    Array,
    /// Deletes it: the name has too many brackets.
    Deletion,
}

/// Returns the field that a decoded name lands on, if any.
///
/// Dots and spaces within a name become underscores, which no field has, so they cannot land there.
pub(crate) fn field_match(name: impl Iterator<Item = u8>) -> Option<FieldMatch> {
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
    let effect = if bracket { brackets(rest)? } else { Effect::Text };
    Some(FieldMatch { field, effect })
}

/// Returns what the brackets of a name do; `rest` is what follows the first one.
fn brackets(mut rest: impl Iterator<Item = u8>) -> Option<Effect> {
    // A bracket that is never closed is no index: PHP makes it an underscore, and so the name another one.
    rest.find(|byte| *byte == b']')?;
    for _ in 1..LEVELS_MAX {
        if rest.next() != Some(b'[') || !rest.any(|byte| byte == b']') {
            return Some(Effect::Array);
        }
    }
    Some(if rest.next() == Some(b'[') { Effect::Deletion } else { Effect::Array })
}

/// A parameter of a query or a form.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: Encoded<'a>,
    pub(crate) value: Encoded<'a>,
}

/// Returns the pieces between the `&` of a query or a form. The last one is left out if it is empty.
pub(crate) fn pieces(text: Encoded<'_>) -> impl Iterator<Item = Encoded<'_>> + Clone {
    let mut rest = text;
    iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_before(b'&');
        rest = after;
        Some(piece)
    })
}

/// Returns the parameters of a query or a form. An empty piece is none.
pub(crate) fn parameters(text: Encoded<'_>) -> impl Iterator<Item = Parameter<'_>> + Clone {
    pieces(text).filter(|piece| !piece.is_empty()).map(Parameter::new)
}

impl<'a> Parameter<'a> {
    pub(crate) fn new(piece: Encoded<'a>) -> Self {
        let (name, value) = piece.split_before(b'=');
        Parameter { name: name.form_decoded(), value: value.form_decoded() }
    }

    pub(crate) fn field_match(self) -> Option<FieldMatch> {
        field_match(self.name.bytes())
    }

    /// Whether PHP drops it: its name is nothing, or begins with a bracket.
    pub(crate) fn is_dropped(self) -> bool {
        matches!(visible(self.name.bytes()).next(), None | Some(b'['))
    }
}

/// Returns a name without the leading spaces and the end after a NUL, which PHP does not see.
pub(crate) fn visible(name: impl Iterator<Item = u8> + Clone) -> impl Iterator<Item = u8> + Clone {
    name.skip_while(|byte| *byte == b' ').take_while(|byte| *byte != 0)
}

/// Whether PHP's `trim` takes a byte off the ends of a text.
pub(crate) fn is_trimmed(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b)
}

/// Trims a text as PHP's `trim` does.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_trimmed(*byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_trimmed(*byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Trims the bytes that `is_trimmed` tells off both ends of a text that is not in one piece.
pub(crate) fn trimmed(
    bytes: impl Iterator<Item = u8> + Clone,
    is_trimmed: impl Fn(u8) -> bool,
) -> impl Iterator<Item = u8> + Clone {
    let (mut start, mut end) = (None, 0);
    for (index, byte) in bytes.clone().enumerate() {
        if !is_trimmed(byte) {
            start = start.or(Some(index));
            end = index + 1;
        }
    }
    let start = start.unwrap_or(end);
    bytes.skip(start).take(end - start)
}

/// Returns what PHP takes for the type in a Content-Type header: everything before the first separator.
pub(crate) fn media_type(content_type: &str) -> &str {
    content_type.split([';', ',', ' ']).next().unwrap_or_default()
}
