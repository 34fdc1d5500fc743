//! Holds the three parameters and writes them as a query, multipart parts or JSON members.

use alloc::string::String;
use core::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::signature::{UrlEncodedBuffer, text_of};
use crate::{Error, Salt, Signature, json};

/// All bytes but those that RFC 3986 calls unreserved are escaped, as by PHP's `rawurlencode`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An API key, and the start of a query with it: `apikey=…&salt=`.
pub(crate) struct ApiKey {
    pub(crate) text: String,
    query: String,
}

impl ApiKey {
    pub(crate) fn new(text: &str) -> Result<Self, Error> {
        let mut key = ApiKey { text: String::new(), query: String::new() };
        key.text.try_reserve_exact(text.len()).map_err(|_| Error::OutOfMemory)?;
        key.text.push_str(text);
        let len = |text: &str| percent_encode(text.as_bytes(), ESCAPED).map(str::len).sum::<usize>();
        key.query.try_reserve_exact("apikey=&salt=".len() + len(text)).map_err(|_| Error::OutOfMemory)?;
        key.query.push_str("apikey=");
        key.query.extend(percent_encode(text.as_bytes(), ESCAPED));
        key.query.push_str("&salt=");
        Ok(key)
    }
}

/// The three parameters that every request carries: `apikey`, `salt` and `signature`.
///
/// Use them for one request, and make new ones for the next. `Debug` leaves the signature out.
#[derive(Clone)]
pub struct Credentials<'a> {
    api_key: &'a ApiKey,
    salt: Salt<'a>,
    signature: Signature,
}

impl<'a> Credentials<'a> {
    pub(crate) fn new(api_key: &'a ApiKey, salt: Salt<'a>, signature: Signature) -> Self {
        Credentials { api_key, salt, signature }
    }

    /// Returns the value of `apikey`, not encoded.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key.text
    }

    /// Returns the value of `salt`, not encoded.
    #[must_use]
    pub fn salt(&self) -> &Salt<'a> {
        &self.salt
    }

    /// Returns the value of `signature`.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Returns the three parameters as a query or an encoded form has them: `apikey=…&salt=…&signature=…`.
    #[must_use]
    pub fn to_query(&self) -> String {
        collected(|out| self.write_query_text(out))
    }

    /// Passes the text of [`to_query`](Self::to_query) to `write` in pieces, as ASCII and without an allocation.
    ///
    /// # Errors
    ///
    /// Returns the first error of `write`, and does not call it again.
    pub fn write_query<E>(&self, mut write: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        write(self.api_key.query.as_bytes())?;
        if self.salt.is_fresh() {
            write(self.salt.as_bytes())?;
        } else {
            percent_encode(self.salt.as_bytes(), ESCAPED).try_for_each(|piece| write(piece.as_bytes()))?;
        }
        write(b"&signature=")?;
        write(self.signature.write_url_encoded(&mut UrlEncodedBuffer::new()))
    }

    /// Writes the text of [`to_query`](Self::to_query).
    pub(crate) fn write_query_text(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.write_query(|piece| out.write_str(text_of(piece)))
    }

    /// Returns the length of the longest query string with this API key and a fresh salt, in bytes.
    pub(crate) fn query_max(api_key: &ApiKey) -> usize {
        api_key.query.len() + Salt::LEN + "&signature=".len() + Signature::URL_ENCODED_MAX
    }

    /// Writes the three parameters as multipart form data: three parts, each after its boundary.
    pub(crate) fn write_parts(&self, boundary: &str, out: &mut dyn fmt::Write) -> fmt::Result {
        let salt = self.salt.to_str().map_err(|_| fmt::Error)?;
        for (name, value) in [("apikey", self.api_key()), ("salt", salt)] {
            write_part_head(boundary, name, out)?;
            write!(out, "{value}\r\n")?;
        }
        write_part_head(boundary, "signature", out)?;
        out.write_str(text_of(self.signature.write_base64(&mut [0; Signature::LEN])))?;
        out.write_str("\r\n")
    }

    /// Writes the three parameters as the members of a JSON object, without its braces.
    pub(crate) fn write_members(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let salt = self.salt.to_str().map_err(|_| fmt::Error)?;
        for (name, value) in [("apikey", self.api_key()), ("salt", salt)] {
            write!(out, "\"{name}\":")?;
            json::write_text(value, out)?;
            out.write_char(',')?;
        }
        out.write_str("\"signature\":\"")?;
        out.write_str(text_of(self.signature.write_base64(&mut [0; Signature::LEN])))?;
        out.write_char('"')
    }

    /// Returns the length of the longest text of [`write_parts`](Self::write_parts) with this API key and a fresh salt,
    /// in bytes.
    pub(crate) fn parts_max(api_key: &ApiKey, boundary_len: usize) -> usize {
        let part = "--\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n".len() + boundary_len;
        3 * part + "apikeysaltsignature".len() + api_key.text.len() + Salt::LEN + Signature::LEN
    }

    /// Returns the length of the longest text of [`write_members`](Self::write_members) with this API key and a fresh
    /// salt, in bytes.
    pub(crate) fn members_max(api_key: &ApiKey) -> usize {
        r#""apikey":"","salt":"","signature":"""#.len()
            + json::ESCAPE_MAX * api_key.text.len()
            + Salt::LEN
            + Signature::LEN
    }

    /// Returns the three parameters as a JSON object.
    ///
    /// # Errors
    ///
    /// [`Error::SaltNotUtf8`] for a given salt that is not UTF-8.
    pub fn to_json(&self) -> Result<String, Error> {
        self.salt.to_str()?;
        Ok(collected(|out| {
            out.write_char('{')?;
            self.write_members(out)?;
            out.write_char('}')
        }))
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("api_key", &self.api_key())
            .field("salt", &self.salt)
            .finish_non_exhaustive()
    }
}

fn write_part_head(boundary: &str, name: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    write!(out, "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n")
}

/// Returns the text that `write` writes. Writing to a string does not fail, so there is no error to report.
fn collected(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::new();
    let written = write(&mut text);
    debug_assert_eq!(written, Ok(()), "a string takes everything");
    text
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, Credentials};
    use crate::hmac::{STATE_LEN, Wiped};
    use crate::{Salt, Signature};
    use std::string::String;

    /// Returns credentials whose signature needs the most escapes, so that their texts are the longest.
    fn longest(api_key: &ApiKey) -> Credentials<'_> {
        Credentials::new(api_key, Salt::from_random_bytes([7; 16]), Signature::new(Wiped([0xff; STATE_LEN])))
    }

    #[test]
    fn query_max_is_the_length_of_the_longest_query() {
        let api_key = ApiKey::new("a key/").unwrap();
        // All but one of the 44 characters are escaped. The last one before the padding is never + or /.
        assert_eq!(longest(&api_key).to_query().len() + 2, Credentials::query_max(&api_key));
    }

    #[test]
    fn parts_max_is_the_length_of_the_parts() {
        let (api_key, boundary) = (ApiKey::new("key").unwrap(), "boundary");
        let mut parts = String::new();
        longest(&api_key).write_parts(boundary, &mut parts).unwrap();
        assert_eq!(parts.len(), Credentials::parts_max(&api_key, boundary.len()));
        assert!(
            parts.starts_with(
                "--boundary\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\nkey\r\n--boundary\r\n"
            )
        );
    }

    #[test]
    fn members_max_is_the_length_of_the_longest_members() {
        let api_key = ApiKey::new("\u{1}\u{2}").unwrap();
        let mut members = String::new();
        longest(&api_key).write_members(&mut members).unwrap();
        assert_eq!(members.len(), Credentials::members_max(&api_key));
    }
}
