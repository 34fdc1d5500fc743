//! Counts the fields of a body that will be signed, and collects the route among them, the field `e`.

use crate::Error;
use crate::insertion::check_count;
use crate::php::{Effect, Field, FieldMatch};

/// Length of the longest route in a field, in bytes.
pub(crate) const ROUTE_MAX: usize = 1_024;
/// Size of the route's buffer, in bytes. A multipart value is known to end only after its boundary, so there is room
/// for a line break, two dashes and 70 characters more.
const ROUTE_BUFFER_LEN: usize = ROUTE_MAX + 74;

/// The fields in the pieces of a body so far.
pub(crate) struct BodyFields {
    count: usize,
    /// Whether another route is refused: one is in the body already, or in the URL, which that of the body would
    /// override.
    is_route_taken: bool,
    has_route: bool,
    route_len: usize,
    route_bytes: [u8; ROUTE_BUFFER_LEN],
}

impl BodyFields {
    pub(crate) const fn new(url_has_route: bool) -> Self {
        BodyFields {
            count: 0,
            is_route_taken: url_has_route,
            has_route: false,
            route_len: 0,
            route_bytes: [0; ROUTE_BUFFER_LEN],
        }
    }

    #[cfg(test)]
    pub(crate) fn seen(&self) -> usize {
        self.count
    }

    /// Counts one more field. Refuses it if PHP does not take so many beside the credentials.
    pub(crate) fn count(&mut self) -> Result<(), Error> {
        self.count += 1;
        check_count(self.count)
    }

    /// Refuses a field that would replace a credential, a second route, and a route that is an array. Returns whether
    /// this field is the route.
    pub(crate) fn check_field(&mut self, found: Option<FieldMatch>) -> Result<bool, Error> {
        let Some(FieldMatch { field, effect }) = found else { return Ok(false) };
        match field {
            Field::ApiKey => Err(Error::ApiKeyParameter),
            Field::Salt => Err(Error::SaltParameter),
            Field::Signature => Err(Error::SignatureParameter),
            Field::Route if self.is_route_taken || effect != Effect::Text => Err(Error::RouteParameter),
            Field::Route => {
                (self.is_route_taken, self.has_route) = (true, true);
                Ok(true)
            }
        }
    }

    /// Appends bytes to the route's value. They may include the start of the boundary after it.
    pub(crate) fn push_route(&mut self, more: &[u8]) -> Result<(), Error> {
        let end = self.route_len + more.len();
        self.route_bytes.get_mut(self.route_len..end).ok_or(Error::RouteParameter)?.copy_from_slice(more);
        self.route_len = end;
        if self.route_bytes[..end].first().is_none_or(|byte| *byte == b'/') { Ok(()) } else { Err(Error::RouteSlash) }
    }

    /// Ends the route's value before a line break and the last `len` bytes.
    pub(crate) fn end_route_before_line(&mut self, len: usize) -> Result<(), Error> {
        self.route_len = self.route_len.saturating_sub(len + 1);
        self.route_len -= usize::from(self.route_bytes[..self.route_len].ends_with(b"\r"));
        self.end_route()
    }

    /// Ends the route's value. Refuses an empty one, and one of more than [`ROUTE_MAX`] bytes.
    pub(crate) fn end_route(&mut self) -> Result<(), Error> {
        match self.route_len {
            0 => Err(Error::RouteSlash),
            1..=ROUTE_MAX => Ok(()),
            _ => Err(Error::RouteParameter),
        }
    }

    /// Returns the route as PHP has it in `$_POST`, or `None` if the body has none. It begins with `/`.
    pub(crate) fn route(&self) -> Option<&[u8]> {
        self.has_route.then(|| &self.route_bytes[..self.route_len])
    }
}
