//! The route among the fields of a body: the field `e`, which may be there once.

use crate::Error;
use crate::php::{Effect, Field, FieldMatch};

/// Length of the longest route in a field, in bytes.
pub(crate) const ROUTE_MAX: usize = 1_024;
/// A multipart value is known to end only after its boundary: two dashes and 70 characters, and the line break.
const ROOM: usize = ROUTE_MAX + 74;

/// The field `e` of a body, if there is one.
pub(crate) struct BodyRoute {
    is_there: bool,
    len: usize,
    value: [u8; ROOM],
}

impl BodyRoute {
    pub(crate) const fn new() -> Self {
        BodyRoute { is_there: false, len: 0, value: [0; ROOM] }
    }

    /// Refuses a field that would replace a credential, or a route that is there or is an array. Returns whether this
    /// field is the route.
    pub(crate) fn take_in(&mut self, found: Option<FieldMatch>) -> Result<bool, Error> {
        let Some(FieldMatch { field, effect }) = found else { return Ok(false) };
        match field {
            Field::ApiKey => Err(Error::ApiKeyParameter),
            Field::Salt => Err(Error::SaltParameter),
            Field::Signature => Err(Error::SignatureParameter),
            Field::Route if self.is_there || effect != Effect::Text => Err(Error::RouteParameter),
            Field::Route => {
                self.is_there = true;
                Ok(true)
            }
        }
    }

    /// Takes in more of its value, and of what follows that.
    pub(crate) fn push(&mut self, more: &[u8]) -> Result<(), Error> {
        let end = self.len + more.len();
        self.value.get_mut(self.len..end).ok_or(Error::RouteParameter)?.copy_from_slice(more);
        self.len = end;
        if self.value[..end].first().is_none_or(|byte| *byte == b'/') { Ok(()) } else { Err(Error::RouteSlash) }
    }

    /// Ends its value before a line break and so many bytes, the last that were taken in.
    pub(crate) fn end_before_line(&mut self, len: usize) -> Result<(), Error> {
        self.len = self.len.saturating_sub(len + 1);
        self.len -= usize::from(self.value[..self.len].ends_with(b"\r"));
        self.end()
    }

    /// Ends its value.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        match self.len {
            0 => Err(Error::RouteSlash),
            1..=ROUTE_MAX => Ok(()),
            _ => Err(Error::RouteParameter),
        }
    }

    /// Returns the route as PHP has it in `$_POST`. It begins with `/`.
    pub(crate) fn get(&self) -> Option<&[u8]> {
        self.is_there.then(|| &self.value[..self.len])
    }
}
