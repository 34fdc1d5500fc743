use alloc::string::String;
use core::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::credentials::write_percent_encoded;

/// A signature: the 32 bytes of HMAC-SHA256 over a salt.
///
/// It has two texts, and which one is right depends on who encodes. [`to_base64`](Self::to_base64) goes where the value
/// will still be encoded: an HTTP library's parameters or form fields, JSON. [`to_url_encoded`](Self::to_url_encoded)
/// goes where the text is sent as it stands: behind `signature=` in a URL or in a form written by hand.
///
/// Comparing takes the same time wherever two signatures differ. `Debug` shows nothing of the signature.
#[derive(Clone)]
pub struct Signature(Zeroizing<[u8; 32]>);

impl Signature {
    /// Length of the base64 text, in bytes.
    pub const LEN: usize = 44;
    /// Length of the longest URL-encoded text, in bytes: each character escaped as three.
    pub const URL_ENCODED_MAX: usize = 3 * Self::LEN;

    pub(crate) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Signature(bytes)
    }

    /// Reads 44 characters of the standard alphabet with their padding, in canonical form. Anything else is `None`.
    pub(crate) fn from_base64(text: &[u8]) -> Option<Self> {
        if text.len() != Self::LEN {
            return None;
        }
        // The decoder asks for room for 44 characters without padding.
        let mut decoded = [0; 33];
        let len = BASE64_STANDARD.decode_slice(text, &mut decoded).ok()?;
        let bytes = decoded[..len].try_into().ok()?;
        Some(Signature(Zeroizing::new(bytes)))
    }

    /// The signature as base64: 44 characters, the last one `=`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        text_of(|out| self.write_base64(out))
    }

    /// The signature as base64, with `+`, `/` and `=` escaped for a URL or an encoded form.
    #[must_use]
    pub fn to_url_encoded(&self) -> String {
        text_of(|out| self.write_url_encoded(out))
    }

    /// Writes what [`to_base64`](Self::to_base64) returns.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_base64(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let text = self.base64();
        out.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }

    /// Writes what [`to_url_encoded`](Self::to_url_encoded) returns.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_url_encoded(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write_percent_encoded(&self.base64(), out)
    }

    fn base64(&self) -> [u8; Self::LEN] {
        let mut text = [0; Self::LEN];
        let written = BASE64_STANDARD.encode_slice(*self.0, &mut text);
        debug_assert_eq!(written, Ok(Self::LEN), "32 bytes are 44 characters");
        text
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&*other.0).into()
    }
}

impl Eq for Signature {}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// Collects what `write` writes. A string takes everything, so there is no error to report.
pub(crate) fn text_of(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::new();
    let written = write(&mut text);
    debug_assert_eq!(written, Ok(()), "a string takes everything");
    text
}
