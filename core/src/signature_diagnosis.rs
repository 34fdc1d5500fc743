//! Finds out why the server refuses a signature: it was written wrongly, or made wrongly.
//!
//! It allocates nothing, so no answer is wrong for lack of memory. It never copies the secret key, and no branch and no
//! table index depends on it. So the key is decoded from base64 by arithmetic, and not with the tables of the `base64`
//! crate.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode;
use subtle::{ConditionallySelectable, ConstantTimeEq};

use crate::encoded::{Encoded, hex_value};
use crate::hmac::{self, STATE_LEN, Wiped};
use crate::php;
use crate::value::Value;
use crate::{Diagnosis, Salt, Signer};

use Diagnosis as D;

/// The 32 bytes of a signature.
type Mac = [u8; STATE_LEN];

impl Signer {
    /// Diagnoses a signature of a salt: returns the server's verdict on it, with the cause.
    ///
    /// Give both as the server has them, after it decoded each parameter once. Allocates nothing.
    ///
    /// ```
    /// # use kayako_sign_core::{Diagnosis, Signer};
    /// let signer = Signer::new("apikey", "secretkey")?;
    /// let twice = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D";
    /// assert_eq!(signer.diagnose("1234567890", twice), Diagnosis::UrlEncoded);
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    #[must_use]
    pub fn diagnose(&self, salt: impl AsRef<[u8]>, signature: impl AsRef<[u8]>) -> Diagnosis {
        let sent = |text| Value::Sent(Encoded::plain(text));
        self.diagnose_values(sent(salt.as_ref()), sent(signature.as_ref()))
    }

    pub(crate) fn diagnose_values(&self, salt: Value<'_>, signature: Value<'_>) -> Diagnosis {
        if salt.is_empty() {
            return if salt.bytes().next().is_none() { D::SaltEmpty } else { D::SaltZero };
        }
        if signature.bytes().next().is_none() {
            return D::SignatureEmpty;
        }
        let (shape, bytes) = match shape(signature) {
            Shape::Mac(shape, bytes) => (shape, bytes),
            Shape::OtherHash => return D::AnotherHash,
            Shape::Unknown => return D::NotASignature,
        };
        let fallback = if shape.is_accepted() { D::AnotherSignature } else { shape };
        let mut code = fallback.code();
        // Every mistake is computed and compared, even after one fits: only the answer may depend on the secret. A salt
        // longer than those we sign is left out, because no client sends one and hashing it so often takes long.
        if salt.bytes().nth(Salt::MAX_LEN).is_none() {
            for (diagnosis, made) in self.mistaken_signatures(salt) {
                code.conditional_assign(&diagnosis.code(), made.as_slice().ct_eq(&bytes));
            }
        }
        let right = hmac::mac_of(self.states(), salt.bytes());
        code.conditional_assign(&shape.code(), right.as_slice().ct_eq(&bytes));
        D::from_code(code).unwrap_or(fallback)
    }

    /// Returns the signatures of a salt that the known mistakes give.
    fn mistaken_signatures(&self, salt: Value<'_>) -> [(Diagnosis, Wiped<u8, STATE_LEN>); 8] {
        let secret_key = self.secret_key().iter().copied();
        let salt = || salt.bytes();
        let keyed = |key_len, key: &mut dyn Iterator<Item = u8>| hmac::mac_once(key_len, key, salt());
        let len = self.secret_key().len();
        let data = unpadded(self.secret_key());
        [
            (D::PlainHash, hmac::hash(salt().chain(secret_key.clone()))),
            (D::PlainHash, hmac::hash(secret_key.clone().chain(salt()))),
            (D::SecretDecoded, keyed(decoded_len(data), &mut base64_decoded(data))),
            (D::NewlineBehindSecret, keyed(len + 1, &mut secret_key.clone().chain(*b"\n"))),
            (D::NewlineBehindSecret, keyed(len + 2, &mut secret_key.clone().chain(*b"\r\n"))),
            (
                D::ByteOrderMarkBeforeSecret,
                keyed(len + 3, &mut b"\xef\xbb\xbf".iter().copied().chain(secret_key.clone())),
            ),
            (D::KeysSwapped, keyed(self.api_key().len(), &mut self.api_key().bytes())),
            (D::SaltAsKey, hmac::mac_once(salt().count(), &mut salt(), secret_key)),
        ]
    }
}

/// Returns the data of a base64 text: everything before the padding. Branches here show no more of the key than this
/// length.
fn unpadded(secret_key: &[u8]) -> &[u8] {
    let padding = secret_key.iter().rev().take_while(|byte| **byte == b'=').count();
    &secret_key[..secret_key.len() - padding]
}

/// Returns the number of bytes that [`base64_decoded`] gives. A last character that completes no byte is dropped.
fn decoded_len(data: &[u8]) -> usize {
    data.len() * 3 / 4
}

/// Returns the secret key decoded as base64, as PHP decodes it. If it is not base64, the result is a key that nobody
/// has.
///
/// No branch and no table index depends on the key.
fn base64_decoded(data: &[u8]) -> impl Iterator<Item = u8> {
    let mut bits = 0;
    data.iter().enumerate().filter_map(move |(at, character)| {
        bits = bits << 6 | sextet(*character);
        // Of four characters the first completes no byte, and each of the others leaves two bits fewer.
        let left = 6 - 2 * (at % 4);
        (left < 6).then(|| (bits >> left).to_le_bytes()[0])
    })
}

/// Returns the six bits of a base64 character. A table would leave a trace in the processor's cache.
fn sextet(character: u8) -> u32 {
    const RANGES: [(u8, u8, u32); 5] =
        [(b'A', b'Z', 0), (b'a', b'z', 26), (b'0', b'9', 52), (b'+', b'+', 62), (b'/', b'/', 63)];
    let character = u32::from(character);
    RANGES.iter().fold(0, |bits, (first, last, value)| {
        let (first, last) = (u32::from(*first), u32::from(*last));
        // Both differences are below zero if the character is in the range, so their top bits are set.
        let is_among = (first - 1).wrapping_sub(character) & character.wrapping_sub(last + 1);
        bits | 0_u32.wrapping_sub(is_among >> 31) & (character + value).wrapping_sub(first)
    })
}

/// The content of a text that should be a signature.
enum Shape {
    /// 32 bytes, and the mistake in the way they are written.
    Mac(Diagnosis, Mac),
    /// A digest of another length.
    OtherHash,
    Unknown,
}

/// Length of the longest text that may be a signature: the base64 of the hexadecimal digest, escaped twice.
const TEXT_MAX: usize = 5 * 88;

/// A text of at most [`TEXT_MAX`] bytes.
struct ShortText {
    bytes: [u8; TEXT_MAX],
    len: usize,
}

impl ShortText {
    /// Collects a text. Returns `None` if it is too long.
    fn of(bytes: impl Iterator<Item = u8>) -> Option<Self> {
        let mut text = ShortText { bytes: [0; TEXT_MAX], len: 0 };
        for byte in bytes {
            *text.bytes.get_mut(text.len)? = byte;
            text.len += 1;
        }
        Some(text)
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Finds the mistake in the form of a signature, and its 32 bytes.
///
/// The text was sent by somebody and is not secret, so the time may depend on it.
fn shape(signature: Value<'_>) -> Shape {
    let plus = |byte| if byte == b' ' { b'+' } else { byte };
    // As the server does: it turns spaces into pluses before it trims.
    let forgiven = php::trimmed(signature.bytes(), |byte| byte != b' ' && php::is_trimmed(byte));
    if let Some(text) = ShortText::of(forgiven.map(plus)) {
        if let Some(bytes) = canonical(text.as_slice()) {
            let is_spaced = signature.bytes().any(|byte| byte == b' ');
            let is_whole = signature.bytes().count() == text.len;
            return Shape::Mac(
                if is_spaced {
                    D::PlusLost
                } else if is_whole {
                    D::Good
                } else {
                    D::WhitespaceAround
                },
                bytes,
            );
        }
        if let Some((diagnosis, bytes)) = read_mac(text.as_slice()) {
            return Shape::Mac(diagnosis, bytes);
        }
    }
    let Some(mut text) = ShortText::of(php::trimmed(signature.bytes(), php::is_trimmed)) else { return Shape::Unknown };
    let spaced = ShortText::of(text.as_slice().iter().copied().map(plus));
    if let Some(found) = spaced.and_then(|spaced| read_mac(spaced.as_slice())) {
        return inner_mistake(D::SpaceAround, found);
    }
    if is_other_hash(text.as_slice()) {
        return Shape::OtherHash;
    }
    for _ in 0..2 {
        let Some(decoded) = ShortText::of(percent_decode(text.as_slice())) else { break };
        if let Some(found) = read_mac(php::trim(decoded.as_slice())) {
            return inner_mistake(D::UrlEncoded, found);
        }
        if is_other_hash(php::trim(decoded.as_slice())) {
            return Shape::OtherHash;
        }
        text = decoded;
    }
    Shape::Unknown
}

/// Returns the inner of two mistakes, which must be corrected first.
fn inner_mistake(outer: Diagnosis, (inner, bytes): (Diagnosis, Mac)) -> Shape {
    Shape::Mac(if inner == D::Good { outer } else { inner }, bytes)
}

/// Length of the longest text of a digest: 128 hexadecimal digits, as base64.
const FORM_MAX: usize = 172;

/// Decodes base64 of either alphabet, with or without padding. Returns `None` if the text is not base64 or too long.
fn decoded(text: &[u8]) -> Option<([u8; FORM_MAX], usize)> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let mut standard = [0; FORM_MAX];
    for (to, from) in standard.get_mut(..text.len())?.iter_mut().zip(text) {
        *to = match from {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        };
    }
    let mut bytes = [0; FORM_MAX];
    let len = LENIENT.decode_slice(&standard[..text.len()], &mut bytes).ok()?;
    Some((bytes, len))
}

/// Reads 32 bytes in any of their known forms, and returns them with the mistake in that form. Returns `None` for any
/// other text.
fn read_mac(text: &[u8]) -> Option<(Diagnosis, Mac)> {
    if let Some(bytes) = from_hex(text) {
        return Some((D::HexDigest, bytes));
    }
    let (bytes, len) = decoded(text)?;
    let bytes = &bytes[..len];
    if let Some(bytes) = from_hex(bytes) {
        return Some((D::Base64OfHex, bytes));
    }
    let diagnosis = match text {
        text if text.contains(&b'-') || text.contains(&b'_') => D::UrlSafeAlphabet,
        text if !text.ends_with(b"=") => D::PaddingMissing,
        _ => D::Good,
    };
    Some((diagnosis, bytes.try_into().ok()?))
}

/// Returns whether a text has the length of an MD5, SHA-1 or SHA-512 digest: in hexadecimal, in base64, or in base64 of
/// the hexadecimal digits.
fn is_other_hash(text: &[u8]) -> bool {
    const LENGTHS: [usize; 3] = [16, 20, 64];
    let is_hex = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
    let is_hex_digest = |text: &[u8]| is_hex(text) && LENGTHS.iter().any(|len| text.len() == 2 * len);
    // Only with padding, because many words are base64 without it.
    let is_digest = |(bytes, len): ([u8; FORM_MAX], usize)| LENGTHS.contains(&len) || is_hex_digest(&bytes[..len]);
    is_hex_digest(text) || text.ends_with(b"=") && decoded(text).is_some_and(is_digest)
}

fn canonical(text: &[u8]) -> Option<Mac> {
    let mut bytes = [0; FORM_MAX];
    let len = BASE64_STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes[..len].try_into().ok()
}

/// Reads 64 hexadecimal digits of either case. Returns `None` for anything else.
fn from_hex(digits: &[u8]) -> Option<Mac> {
    let mut bytes = [0; STATE_LEN];
    if digits.len() != 2 * STATE_LEN {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
    }
    Some(bytes)
}
