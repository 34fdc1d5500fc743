//! The fields of a body that is judged: how many there are, and the route among them, the field `e`.

use crate::Error;
use crate::insertion::check_count;
use crate::php::{Effect, Field, FieldMatch};

/// Length of the longest route in a field, in bytes.
pub(crate) const ROUTE_MAX: usize = 1_024;
/// A multipart value is known to end only after its boundary: two dashes and 70 characters, and the line break.
const ROOM: usize = ROUTE_MAX + 74;

/// The fields of a body, as far as it was seen.
pub(crate) struct BodyFields {
    count: usize,
    /// Whether a route may not come any more: it is there already, or in the URL, which it would beat.
    has_route: bool,
    is_there: bool,
    len: usize,
    value: [u8; ROOM],
}

impl BodyFields {
    pub(crate) const fn new(url_has_route: bool) -> Self {
        BodyFields { count: 0, has_route: url_has_route, is_there: false, len: 0, value: [0; ROOM] }
    }

    #[cfg(test)]
    pub(crate) fn seen(&self) -> usize {
        self.count
    }

    /// Counts one more field. Refuses more than PHP takes beside the credentials.
    pub(crate) fn count(&mut self) -> Result<(), Error> {
        self.count += 1;
        check_count(self.count)
    }

    /// Refuses a field that would replace a credential, or a route that is there or is an array. Returns whether this
    /// field is the route.
    pub(crate) fn take_in(&mut self, found: Option<FieldMatch>) -> Result<bool, Error> {
        let Some(FieldMatch { field, effect }) = found else { return Ok(false) };
        match field {
            Field::ApiKey => Err(Error::ApiKeyParameter),
            Field::Salt => Err(Error::SaltParameter),
            Field::Signature => Err(Error::SignatureParameter),
            Field::Route if self.has_route || effect != Effect::Text => Err(Error::RouteParameter),
            Field::Route => {
                (self.has_route, self.is_there) = (true, true);
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
    pub(crate) fn route(&self) -> Option<&[u8]> {
        self.is_there.then(|| &self.value[..self.len])
    }
}
