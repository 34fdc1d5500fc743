//! Reads names and values as the server's PHP does (8.2, with its default settings).
//!
//! PHP changes names as it parses them: it drops leading spaces, ends a name at a NUL, and lets `salt[]` or `salt[x]`
//! replace `salt`. So another name can override a credential or the route.

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

/// The name of each field.
pub(crate) const FIELDS: [(&str, Field); 4] =
    [("apikey", Field::ApiKey), ("salt", Field::Salt), ("signature", Field::Signature), ("e", Field::Route)];

/// The number of parameters that PHP takes from a query or from a call of `parse_str` (`max_input_vars`).
pub(crate) const PARAMETERS_MAX: usize = 1_000;
/// The number of levels of brackets that a name may have (`max_input_nesting_level`).
const LEVELS_MAX: usize = 64;

/// A name that lands on a field once PHP has read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldMatch {
    pub(crate) field: Field,
    pub(crate) effect: Effect,
}

/// The effect of a parameter on the field that its name lands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Gives it a text.
    Text,
    /// Makes it an array, so that its text is lost.
    Array,
    /// Deletes it: the name has too many brackets.
    Deletion,
}

/// Returns whether a piece of a query or a form may land on a field. Most pieces begin with another letter, and need no
/// further look.
pub(crate) fn may_be_field(piece: Encoded<'_>) -> bool {
    let is_first = |byte| FIELDS.iter().any(|(name, _)| name.as_bytes()[0] == byte);
    piece.first_raw().is_some_and(|byte| is_first(byte) || matches!(byte, b' ' | b'+' | b'%'))
}

/// Returns the field that a decoded name lands on, or `None`.
///
/// Dots and spaces within a name become underscores. No field has an underscore, so such a name is not a field.
pub(crate) fn field_match(name: impl Iterator<Item = u8>) -> Option<FieldMatch> {
    let mut rest = name.skip_while(|byte| *byte == b' ').take_while(|byte| *byte != 0);
    // One byte longer than the longest field: a name that does not fit is another one.
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

/// Returns the effect of a name with brackets, or `None` if they make it another name. `rest` follows the first
/// bracket.
fn brackets(mut rest: impl Iterator<Item = u8>) -> Option<Effect> {
    // PHP turns a bracket that is never closed into an underscore, which makes another name.
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

/// Returns the parameters of a query or a form, without empty pieces.
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

    /// Returns whether PHP drops the parameter: its name is empty, or begins with a bracket.
    pub(crate) fn is_dropped(self) -> bool {
        matches!(visible(self.name.bytes()).next(), None | Some(b'['))
    }
}

/// Returns a name without leading spaces and without everything from a NUL on, which PHP ignores.
pub(crate) fn visible(name: impl Iterator<Item = u8> + Clone) -> impl Iterator<Item = u8> + Clone {
    name.skip_while(|byte| *byte == b' ').take_while(|byte| *byte != 0)
}

/// Returns whether PHP's `trim` removes a byte from the ends of a text.
pub(crate) fn is_trimmed(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b)
}

/// Returns whether a byte is white space in C and PHP, which includes the vertical tab.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Trims a text as PHP's `trim` does.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_trimmed(*byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_trimmed(*byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Trims the bytes that `is_trimmed` accepts from both ends of a text that is not in one piece.
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

/// Returns the type that PHP reads in a Content-Type header: everything before the first separator.
pub(crate) fn media_type(content_type: &str) -> &str {
    content_type.split([';', ',', ' ']).next().unwrap_or_default()
}
