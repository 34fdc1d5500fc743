use alloc::string::String;
use core::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use subtle::ConstantTimeEq;

use crate::hmac::{STATE_LEN, Wiped};

/// A signature: the 32 bytes of HMAC-SHA256 over a salt.
///
/// It has two texts, and which one is right depends on who encodes. [`to_base64`](Self::to_base64) goes where the value
/// will still be encoded: an HTTP library's parameters or form fields, JSON. [`to_url_encoded`](Self::to_url_encoded)
/// goes where the text is sent as it stands: behind `signature=` in a URL or in a form written by hand.
///
/// Comparing takes the same time wherever two signatures differ. `Debug` shows nothing of the signature.
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

    /// Reads 44 characters of the standard alphabet with their padding, in canonical form. Anything else is `None`.
    pub(crate) fn from_base64(text: &[u8]) -> Option<Self> {
        if text.len() != Self::LEN {
            return None;
        }
        // The decoder asks for room for 44 characters without padding.
        let mut decoded = [0; 33];
        let len = BASE64_STANDARD.decode_slice(text, &mut decoded).ok()?;
        let bytes = decoded[..len].try_into().ok()?;
        Some(Signature(Wiped(bytes)))
    }

    /// The signature as base64: 44 characters, the last one `=`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        self.base64().as_str().into()
    }

    /// The signature as base64, with `+`, `/` and `=` escaped for a URL or an encoded form.
    #[must_use]
    pub fn to_url_encoded(&self) -> String {
        self.url_encoded().as_str().into()
    }

    /// What [`to_base64`](Self::to_base64) returns, without an allocation.
    #[must_use]
    pub fn base64(&self) -> SignatureText {
        let mut text = SignatureText { bytes: [0; SignatureText::ROOM], len: Self::LEN };
        self.write_base64(&mut text.bytes);
        text
    }

    /// What [`to_url_encoded`](Self::to_url_encoded) returns, without an allocation.
    #[must_use]
    pub fn url_encoded(&self) -> SignatureText {
        // Room behind the text, to take all of its length from wherever a piece of it begins.
        let mut plain = [0; 2 * Self::LEN];
        self.write_base64(&mut plain);
        let mut text = SignatureText { bytes: [0; SignatureText::ROOM], len: Self::LEN };
        text.bytes[..Self::LEN].copy_from_slice(&plain[..Self::LEN]);
        let mut marks = to_be_escaped(&plain[..TEXT_IN_WORDS]);
        while marks != 0 {
            let at = marks.trailing_zeros() as usize;
            // Each escape before this one has moved it on by two. All that stands behind moves on in one piece.
            let place = text.len - Self::LEN + at;
            text.bytes[place..][..3].copy_from_slice(&escape(plain[at]));
            text.bytes[place + 3..][..Self::LEN].copy_from_slice(&plain[at + 1..][..Self::LEN]);
            text.len += 2;
            marks &= marks - 1;
        }
        text
    }

    fn write_base64(&self, text: &mut [u8]) {
        let written = BASE64_STANDARD.encode_slice(*self.0, text);
        debug_assert_eq!(written, Ok(Self::LEN), "32 bytes are 44 characters");
    }
}

/// Length of the base64 text in whole words, in bytes.
const TEXT_IN_WORDS: usize = Signature::LEN.next_multiple_of(8);

/// Sets a bit for each character that is `+`, `/` or `=`, the lowest for the first. A word of eight is looked at in a
/// few operations: one character after the other would take longer than making the signature.
fn to_be_escaped(characters: &[u8]) -> u64 {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const LOW: u64 = 0x7f * EACH;
    /// Moves the lowest bit of byte i to bit 56 + i, for each byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut bits = 0;
    for (index, word) in characters.chunks_exact(8).enumerate() {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
        let marks = |character: u8| {
            let differing = word ^ (EACH * u64::from(character));
            // The highest bit of a byte stays clear where no bit of it is set.
            !(((differing & LOW) + LOW) | differing | LOW)
        };
        let marked = (marks(b'+') | marks(b'/') | marks(b'=')) >> 7;
        bits |= (marked.wrapping_mul(GATHER) >> 56) << (8 * index);
    }
    bits
}

/// `%2B`, `%2F` or `%3D`: the first digit is 2 or 3, and the second a letter.
fn escape(character: u8) -> [u8; 3] {
    [b'%', b'0' + (character >> 4), b'A' - 10 + (character & 15)]
}

/// A signature as text.
#[derive(Clone)]
pub struct SignatureText {
    bytes: [u8; Self::ROOM],
    len: usize,
}

impl SignatureText {
    /// With room behind the longest text for what is moved on there.
    const ROOM: usize = Signature::URL_ENCODED_MAX + Signature::LEN;

    /// The text's bytes, all of them ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Debug for SignatureText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureText(..)")
    }
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
