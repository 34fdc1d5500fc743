//! Finds the route as the server does (stages 1 and 2).
//!
//! The server looks for the route before anything else in a request, and answers 404 if there is none. It takes the
//! first of three: the parameter `e`, the path-info, and the query as it was sent.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::encoded::Encoded;
use crate::url::holds_escaped_slash;
use crate::{controllers, php};

/// The place in a request where the server found the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RouteSource {
    /// The parameter `e` of the query.
    Query,
    /// The parameter `e` of the body.
    Body,
    /// The path-info: the path after `index.php`.
    PathInfo,
    /// The query as it was sent. Use this one.
    RawQuery,
    /// The path, after rewrite rules turned it into a query.
    RewrittenPath,
}

/// The route of a request: the app, the controller and the arguments that the server takes from it.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    source: RouteSource,
    text: Encoded<'a>,
    /// The text after the first `&`. The server reads it as parameters.
    pub(crate) parameters: Encoded<'a>,
}

/// The reason why the server does not take a text as a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not name an app and a controller.
    Missing,
    /// It would name them, if it were not percent-encoded.
    Encoded,
    /// There is a `?` in the app or the controller.
    QuestionMark,
    /// An argument holds a character that the server answers 400 to.
    Character,
}

impl<'a> Route<'a> {
    /// Splits the text that the server found into the route and its parameters.
    pub(crate) fn new(source: RouteSource, found: Encoded<'a>) -> Self {
        let (text, parameters) = found.split_before(b'&');
        Route { source, text, parameters }
    }

    /// Returns the route in the value of a parameter `e`, or `None` if the value, decoded again, does not begin with a
    /// slash.
    pub(crate) fn of_parameter(source: RouteSource, value: Encoded<'a>) -> Option<Self> {
        let found = value.form_decoded();
        (found.bytes().next() == Some(b'/')).then(|| Route::new(source, found))
    }

    /// Returns the place in the request where the server found the route.
    #[must_use]
    pub fn source(&self) -> RouteSource {
        self.source
    }

    /// Returns the app as it is written, or an empty text if there is none. Its case does not matter to the server.
    #[must_use]
    pub fn app(&self) -> String {
        self.piece(0)
    }

    /// Returns the controller, or an empty text if there is none. Its case matters to the server.
    #[must_use]
    pub fn controller(&self) -> String {
        self.piece(1)
    }

    /// Returns the pieces after the controller.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        self.pieces().skip(2).map(|piece| text_of(&piece)).collect()
    }

    /// Returns whether the vendor's API has the app and the controller. An installation may have more.
    #[must_use]
    pub fn is_known(&self) -> bool {
        controllers::is_known(&self.app(), &self.controller())
    }

    /// Returns the app and the controller of the vendor's API whose names are nearest to those of the route.
    #[must_use]
    pub fn nearest(&self) -> (&'static str, &'static str) {
        controllers::nearest(&self.app(), &self.controller())
    }

    /// Returns whether the route is the first piece of the query that PHP reads.
    pub(crate) fn is_raw_query(&self) -> bool {
        matches!(self.source, RouteSource::RawQuery | RouteSource::RewrittenPath)
    }

    fn piece(&self, index: usize) -> String {
        self.pieces().nth(index).map(|piece| text_of(&piece)).unwrap_or_default()
    }

    fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        let decoded: Vec<u8> = Slashes { bytes: self.text.bytes() }.collect();
        let pieces: Vec<_> = decoded.split(|byte| *byte == b'/').map(|piece| php::trim(piece).to_vec()).collect();
        pieces.into_iter().filter(|piece| !piece.is_empty())
    }

    /// Returns the reason why the server does not take the route, or `None` if it does. It takes any well-formed app
    /// and controller, because an installation may have its own.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let mut pieces = 0_usize;
        let mut fault = None;
        // The piece so far: whether it has begun, and the fault of the white space at its end, which counts only if the
        // piece continues. Otherwise the server trims it.
        let (mut begun, mut gap) = (false, None);
        for byte in (Slashes { bytes: self.text.bytes() }) {
            if byte == b'/' {
                pieces += usize::from(begun);
                (begun, gap) = (false, None);
            } else if php::is_trimmed(byte) {
                gap = gap.or(begun.then(|| character_fault(pieces, byte)).flatten());
            } else {
                fault = fault.or(gap).or(character_fault(pieces, byte));
                (begun, gap) = (true, None);
            }
        }
        pieces += usize::from(begun);
        match fault {
            Some(fault) => Some(fault),
            None => (pieces < 2).then_some(Fault::Missing),
        }
    }
}

/// Returns the fault of a character in the piece at `index`, or `None` if it is allowed there.
fn character_fault(index: usize, byte: u8) -> Option<Fault> {
    let is_name = byte.is_ascii_alphanumeric() || byte == b'_';
    match index {
        0 | 1 if byte == b'?' => Some(Fault::QuestionMark),
        0 | 1 => (!is_name).then_some(Fault::Missing),
        _ => (!is_name && !b",~%.:=- \t\n\x0b\x0c\r".contains(&byte)).then_some(Fault::Character),
    }
}

/// Returns the reason why a raw query is not a route, or `None` if it is one.
pub(crate) fn raw_query_fault(query: &str) -> Option<Fault> {
    let fault = Route::new(RouteSource::RawQuery, Encoded::plain(query.as_bytes())).fault()?;
    let first_piece = query.split('&').next().unwrap_or_default();
    let decoded = Encoded::plain(first_piece.as_bytes()).path_decoded();
    // Many HTTP clients put an `=` after a parameter without a value.
    let (name, value) = decoded.split_before(b'=');
    let is_route = Route::new(RouteSource::RawQuery, name).fault().is_none() && value.is_empty();
    Some(if is_route && holds_escaped_slash(first_piece) { Fault::Encoded } else { fault })
}

/// Shows the route in its recommended form, with a leading slash.
impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| write!(f, "/{}", text_of(&piece)))
    }
}

impl fmt::Debug for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the text: if a request is written wrongly, a secret may be in it.
        f.debug_struct("Route").field("source", &self.source).finish_non_exhaustive()
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The bytes of a route, with a slash for each `%252`. The server replaces these, to undo the encoding of some clients.
#[derive(Clone)]
struct Slashes<I> {
    bytes: I,
}

impl<I: Iterator<Item = u8> + Clone> Iterator for Slashes<I> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.next()?;
        Some(if byte == b'%' && self.skip() { b'/' } else { byte })
    }
}

impl<I: Iterator<Item = u8> + Clone> Slashes<I> {
    /// Skips `252`, if it is next.
    fn skip(&mut self) -> bool {
        let mut ahead = self.bytes.clone();
        let is_next = b"252".iter().all(|expected| ahead.next() == Some(*expected));
        if is_next {
            self.bytes = ahead;
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Route, RouteSource, raw_query_fault};
    use crate::encoded::Encoded;
    use std::string::ToString;

    #[test]
    fn a_raw_query_is_a_route_or_has_one_fault() {
        for (query, fault) in [
            ("/Base/User/1", None),
            ("Base/User/1&a=1", None),
            ("//Base//User", None),
            ("/Base%252User", None),
            ("/tickets/TicketSearch/a b/x=%20y", None),
            ("", Some(Fault::Missing)),
            ("/Tickets", Some(Fault::Missing)),
            ("apikey=a&salt=b", Some(Fault::Missing)),
            ("e=/Base/User", Some(Fault::Missing)),
            ("/Base/User-1", Some(Fault::Missing)),
            ("/Base/Us er/1", Some(Fault::Missing)),
            ("%2FBase%2FUser%2F1=&apikey=a", Some(Fault::Encoded)),
            ("%2FBase%2fUser", Some(Fault::Encoded)),
            ("/Base%2FUser", Some(Fault::Encoded)),
            ("%2FBase=a", Some(Fault::Missing)),
            ("/Tickets/TicketCustomField?7", Some(Fault::QuestionMark)),
            ("/Base?/User", Some(Fault::QuestionMark)),
            ("/Base/User/1?apikey=a", Some(Fault::Character)),
            ("/Base/User/ada@example.com", Some(Fault::Character)),
        ] {
            assert_eq!(raw_query_fault(query), fault, "{query}");
        }
    }

    #[test]
    fn the_pieces_of_a_route_are_trimmed_and_empty_ones_are_left_out() {
        let route = Route::new(RouteSource::RawQuery, Encoded::plain(b"Tickets // Ticket/ 7 //%2528&a=1"));
        assert_eq!((route.app(), route.controller()), ("Tickets".into(), "Ticket".into()));
        assert_eq!(
            (route.arguments(), route.to_string()),
            (["7", "8"].map(Into::into).into(), "/Tickets/Ticket/7/8".to_string())
        );
    }
}
