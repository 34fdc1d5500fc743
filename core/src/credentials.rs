use alloc::string::String;
use core::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;

use crate::signature::text_of;
use crate::{Error, Salt, Signature};

/// What RFC 3986 calls unreserved is left as it is; all else is escaped, as the server's PHP writes it.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The three parameters that every request carries: `apikey`, `salt` and `signature`.
///
/// Good for one request: make new ones for the next. `Debug` leaves the signature out.
#[derive(Clone)]
pub struct Credentials<'a> {
    api_key: &'a str,
    salt: Salt<'a>,
    signature: Signature,
}

impl<'a> Credentials<'a> {
    pub(crate) fn new(api_key: &'a str, salt: Salt<'a>, signature: Signature) -> Self {
        Credentials { api_key, salt, signature }
    }

    /// The value of `apikey`, not encoded.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.api_key
    }

    /// The value of `salt`, not encoded.
    #[must_use]
    pub fn salt(&self) -> &Salt<'a> {
        &self.salt
    }

    /// The value of `signature`.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The three parameters as they stand in a query string or an encoded form: `apikey=…&salt=…&signature=…`.
    #[must_use]
    pub fn to_query(&self) -> String {
        text_of(|out| self.write_query(out))
    }

    /// Writes what [`to_query`](Self::to_query) returns.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_query(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str("apikey=")?;
        write_percent_encoded(self.api_key.as_bytes(), out)?;
        out.write_str("&salt=")?;
        write_percent_encoded(self.salt.as_bytes(), out)?;
        out.write_str("&signature=")?;
        self.signature.write_url_encoded(out)
    }

    /// Length of the longest query string with this API key and a drawn salt, in bytes.
    pub(crate) fn query_max(api_key: &str) -> usize {
        let api_key: usize = percent_encode(api_key.as_bytes(), ESCAPED).map(str::len).sum();
        "apikey=&salt=&signature=".len() + api_key + Salt::LEN + Signature::URL_ENCODED_MAX
    }

    /// Writes the three parameters as multipart form data: three parts, each behind its boundary.
    pub(crate) fn write_parts(&self, boundary: &str, out: &mut dyn fmt::Write) -> fmt::Result {
        let salt = self.salt.to_str().map_err(|_| fmt::Error)?;
        for (name, value) in [("apikey", self.api_key), ("salt", salt)] {
            write_part_head(boundary, name, out)?;
            write!(out, "{value}\r\n")?;
        }
        write_part_head(boundary, "signature", out)?;
        self.signature.write_base64(out)?;
        out.write_str("\r\n")
    }

    /// Writes the three parameters as the members of a JSON object, without its braces.
    pub(crate) fn write_members(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let salt = self.salt.to_str().map_err(|_| fmt::Error)?;
        write!(out, "\"apikey\":{},\"salt\":{},\"signature\":\"", Value::from(self.api_key), Value::from(salt))?;
        self.signature.write_base64(out)?;
        out.write_char('"')
    }

    /// Length of the longest text of [`write_parts`](Self::write_parts) with this API key and a drawn salt, in bytes.
    pub(crate) fn parts_max(api_key: &str, boundary_len: usize) -> usize {
        let part = "--\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n".len() + boundary_len;
        3 * part + "apikeysaltsignature".len() + api_key.len() + Salt::LEN + Signature::LEN
    }

    /// Length of the longest text of [`write_members`](Self::write_members) with this API key and a drawn salt, in
    /// bytes.
    pub(crate) fn members_max(api_key: &str) -> usize {
        /// What JSON makes of one byte at most, as in `\u0000`.
        const ESCAPE: usize = 6;
        r#""apikey":"","salt":"","signature":"""#.len() + ESCAPE * api_key.len() + Salt::LEN + Signature::LEN
    }

    /// The three parameters as a JSON object.
    ///
    /// # Errors
    ///
    /// [`Error::SaltNotUtf8`] for a salt of the caller's that is not UTF-8.
    pub fn to_json(&self) -> Result<String, Error> {
        self.salt.to_str()?;
        Ok(text_of(|out| {
            out.write_char('{')?;
            self.write_members(out)?;
            out.write_char('}')
        }))
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("api_key", &self.api_key).field("salt", &self.salt).finish_non_exhaustive()
    }
}

fn write_part_head(boundary: &str, name: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    write!(out, "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n")
}

pub(crate) fn write_percent_encoded(bytes: &[u8], out: &mut dyn fmt::Write) -> fmt::Result {
    percent_encode(bytes, ESCAPED).try_for_each(|piece| out.write_str(piece))
}
