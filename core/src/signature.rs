//! Holds the signature of a salt, and writes its two texts.

use alloc::string::String;
use core::{fmt, str};

use base64::{Engine, prelude::BASE64_STANDARD};
use subtle::ConstantTimeEq;

use crate::hmac::{STATE_LEN, Wiped};

/// A signature: the 32 bytes of HMAC-SHA256 over a salt.
///
/// It has two texts. Use [`to_base64`](Self::to_base64) in JSON, and if an HTTP library still encodes the value:
/// parameters and form fields. Use [`to_url_encoded`](Self::to_url_encoded) if the text is sent as it is: after
/// `signature=` in a URL or a form that you write yourself.
///
/// A comparison takes the same time wherever two signatures differ. `Debug` shows nothing of the signature.
#[derive(Clone)]
pub struct Signature(Wiped<u8, STATE_LEN>);

impl Signature {
    /// Length of the base64 text, in bytes.
    pub const LEN: usize = 44;
    /// Length of the longest URL-encoded text, in bytes: each character escaped as three.
    pub const URL_ENCODED_MAX: usize = 3 * Self::LEN;

    pub(crate) fn new(bytes: Wiped<u8, STATE_LEN>) -> Self {
        Signature(bytes)
    }

    /// Reads 44 characters of the standard alphabet with their padding, in canonical form. Returns `None` for anything
    /// else.
    pub(crate) fn from_base64(text: &[u8]) -> Option<Self> {
        if text.len() != Self::LEN {
            return None;
        }
        // The decoder needs room for 44 characters without padding.
        let mut decoded = [0; 33];
        let len = BASE64_STANDARD.decode_slice(text, &mut decoded).ok()?;
        let bytes = decoded[..len].try_into().ok()?;
        Some(Signature(Wiped(bytes)))
    }

    /// Returns the signature as base64: 44 characters, the last one `=`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        text_of(self.write_base64(&mut [0; Self::LEN])).into()
    }

    /// Returns the signature as base64, with `+`, `/` and `=` escaped for a URL or an encoded form.
    #[must_use]
    pub fn to_url_encoded(&self) -> String {
        text_of(self.write_url_encoded(&mut UrlEncodedBuffer::new())).into()
    }

    /// Writes the text of [`to_base64`](Self::to_base64) into a buffer and returns it, as ASCII and without an
    /// allocation.
    pub fn write_base64<'b>(&self, buffer: &'b mut [u8; Self::LEN]) -> &'b [u8] {
        self.encode(buffer);
        buffer
    }

    /// Writes the text of [`to_url_encoded`](Self::to_url_encoded) into a buffer and returns it, as ASCII and without
    /// an allocation.
    ///
    /// ```
    /// # use kayako_sign_core::{Signer, UrlEncodedBuffer};
    /// let signature = Signer::new("apikey", "secretkey")?.sign("1234567890")?;
    /// let mut buffer = UrlEncodedBuffer::new();
    /// assert_eq!(signature.write_url_encoded(&mut buffer), b"VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D");
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    pub fn write_url_encoded<'b>(&self, buffer: &'b mut UrlEncodedBuffer) -> &'b [u8] {
        let buffer = &mut buffer.0;
        // Twice the size, so that a slice of the text's full length can begin anywhere in it.
        let mut plain = [0; 2 * Self::LEN];
        self.encode(&mut plain);
        buffer[..Self::LEN].copy_from_slice(&plain[..Self::LEN]);
        // Each escape moves everything after it by two bytes, in one piece. The last escape is that of the padding.
        let mut moved = 0;
        for (index, word) in plain[..TEXT_IN_WORDS].chunks_exact(8).enumerate() {
            let mut marks = to_be_escaped(u64::from_le_bytes(word.try_into().unwrap_or_default()));
            while marks != 0 {
                let at = 8 * index + marks.trailing_zeros() as usize / 8;
                buffer[at + moved..][..3].copy_from_slice(&escape(plain[at]));
                buffer[at + moved + 3..][..UNPADDED_LEN].copy_from_slice(&plain[at + 1..][..UNPADDED_LEN]);
                moved += 2;
                marks &= marks - 1;
            }
        }
        buffer[UNPADDED_LEN + moved..][..3].copy_from_slice(&escape(b'='));
        &buffer[..UNPADDED_LEN + moved + 3]
    }

    fn encode(&self, text: &mut [u8]) {
        let written = BASE64_STANDARD.encode_slice(&self.0[..], text);
        debug_assert_eq!(written, Ok(Self::LEN), "32 bytes are 44 characters");
    }
}

/// A buffer for a URL-encoded signature. It can be used again.
#[derive(Clone)]
pub struct UrlEncodedBuffer([u8; UrlEncodedBuffer::LEN]);

impl UrlEncodedBuffer {
    /// The longest text, and room for the bytes that are moved after it.
    const LEN: usize = Signature::URL_ENCODED_MAX + Signature::LEN;

    /// Returns an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        UrlEncodedBuffer([0; Self::LEN])
    }
}

impl Default for UrlEncodedBuffer {
    fn default() -> Self {
        Self::new()
    }
}

/// Leaves the text out, because it is a signature.
impl fmt::Debug for UrlEncodedBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UrlEncodedBuffer(..)")
    }
}

/// Returns ASCII bytes as text.
pub(crate) fn text_of(ascii: &[u8]) -> &str {
    str::from_utf8(ascii).unwrap_or_default()
}

/// Length of the base64 text without its padding, which is always one character.
const UNPADDED_LEN: usize = Signature::LEN - 1;
/// Length of the base64 text in whole words, in bytes.
const TEXT_IN_WORDS: usize = Signature::LEN.next_multiple_of(8);

/// Returns a mask with the highest bit of each byte that is `+` or `/`, for eight characters of base64. It compares
/// them together, because one after the other would take longer than making the signature.
fn to_be_escaped(characters: u64) -> u64 {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    /// The one bit in which the two differ.
    const EITHER: u64 = EACH * (b'+' ^ b'/') as u64;
    let differing = (characters | EITHER) ^ (EACH * u64::from(b'/'));
    // All are ASCII, so the highest bit of a byte stays clear if no bit of it differs.
    !(differing + 0x7f * EACH) & (0x80 * EACH)
}

/// Returns `%2B`, `%2F` or `%3D`. The first digit is 2 or 3, and the second a letter.
fn escape(character: u8) -> [u8; 3] {
    [b'%', b'0' + (character >> 4), b'A' - 10 + (character & 15)]
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for Signature {}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
