//! Why a signature or a whole request was refused.

use alloc::vec::Vec;
use core::ffi::CStr;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode;
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::container::Container;
use crate::hmac::{self, STATE_LEN, Wiped};
use crate::reading::{Contents, Kept};
use crate::{Reading, Request, Signer, php};

/// What the server thinks of a signature or a request, and what to change.
///
/// The numbers of [`code`](Self::code) never change; new ones are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Diagnosis {
    /// All is as it should be.
    Good = 0,
    /// A plus arrived as a space. The server forgives it.
    PlusLost = 1,
    /// White space that the server trims stands around the signature: a newline or a tab.
    WhitespaceAround = 2,

    /// The signature arrives URL-encoded.
    UrlEncoded = 10,
    /// The signature is of base64's URL-safe alphabet.
    UrlSafeAlphabet = 11,
    /// The signature lacks its padding.
    PaddingMissing = 12,
    /// A space stands before or behind the signature.
    SpaceAround = 13,
    /// The signature is the base64 of the hexadecimal digest.
    Base64OfHex = 14,
    /// The signature is the hexadecimal digest.
    HexDigest = 15,
    /// The signature is a plain SHA-256 of salt and secret key.
    PlainHash = 16,
    /// The signature was made with the secret key base64-decoded.
    SecretDecoded = 17,
    /// The signature was made with a newline behind the secret key.
    NewlineBehindSecret = 18,
    /// The API key and the secret key are swapped.
    KeysSwapped = 19,
    /// The signature was made with the salt for the key and the secret key for the message.
    SaltAsKey = 20,
    /// The signature is not the base64 of 32 bytes.
    NotASignature = 21,
    /// The signature is well-formed, and of another salt or another secret key.
    AnotherSignature = 22,

    /// There are no credentials.
    CredentialsMissing = 30,
    /// The credentials are in the query, and the server reads the body.
    CredentialsInQuery = 31,
    /// The credentials are in the body, and the server reads the query.
    CredentialsInBody = 32,
    /// The credentials are in the body, and the server reads it as something else.
    CredentialsInOtherType = 33,
    /// The address has no question mark, so that the credentials are part of the path.
    CredentialsInPath = 34,
    /// The credentials are behind a `#`, which is never sent.
    CredentialsInFragment = 35,
    /// The content type is JSON, and there is no body: the server does not look into the query.
    JsonWithoutBody = 36,

    /// `apikey` is missing.
    ApiKeyMissing = 40,
    /// `apikey` is empty.
    ApiKeyEmpty = 41,
    /// `apikey` is replaced by an array.
    ApiKeyArray = 42,
    /// `apikey` is repeated, and the last one is wrong.
    ApiKeyRepeated = 43,
    /// `apikey` is another one.
    AnotherApiKey = 44,

    /// `salt` is missing.
    SaltMissing = 50,
    /// `salt` is empty.
    SaltEmpty = 51,
    /// `salt` is replaced by an array.
    SaltArray = 52,
    /// `salt` is repeated, and the last one is wrong.
    SaltRepeated = 53,
    /// `salt` is `0`.
    SaltZero = 54,

    /// `signature` is missing.
    SignatureMissing = 60,
    /// `signature` is empty.
    SignatureEmpty = 61,
    /// `signature` is replaced by an array.
    SignatureArray = 62,
    /// `signature` is repeated, and the last one is wrong.
    SignatureRepeated = 63,
}

use Diagnosis as D;

/// Every diagnosis and its sentence, which names the cause and what to change.
const MESSAGES: &[(Diagnosis, &CStr)] = &[
    (D::Good, c"good: a server takes this"),
    (D::PlusLost, c"signature: accepted, but a + arrived as a space; write + as %2B in a URL or a form"),
    (D::WhitespaceAround, c"signature: accepted, but a newline or tab stands around it; leave that out"),
    (
        D::UrlEncoded,
        c"signature: it arrives URL-encoded, so it was encoded once too often; give the raw base64 to \
          whatever encodes the parameters",
    ),
    (
        D::UrlSafeAlphabet,
        c"signature: it has - and _ of base64's URL-safe alphabet; use the standard one, with + and /",
    ),
    (D::PaddingMissing, c"signature: the = at its end is missing; keep the base64 padding"),
    (D::SpaceAround, c"signature: a space stands before or behind it; leave that out"),
    (
        D::Base64OfHex,
        c"signature: it is the base64 of the hexadecimal digest; encode the 32 raw bytes (in PHP, \
          hash_hmac with true as its last argument)",
    ),
    (D::HexDigest, c"signature: it is the hexadecimal digest; send the base64 of the 32 raw bytes"),
    (
        D::PlainHash,
        c"signature: it is a plain SHA-256 of salt and secret key; make it with HMAC-SHA256, keyed with \
          the secret key",
    ),
    (
        D::SecretDecoded,
        c"signature: it was made with the secret key base64-decoded; use the secret key as it is shown, \
          byte for byte",
    ),
    (
        D::NewlineBehindSecret,
        c"signature: it was made with a newline behind the secret key; cut that off when you read the key \
          from a file",
    ),
    (D::KeysSwapped, c"API key and secret key: they are swapped; send the API key and sign with the secret key"),
    (
        D::SaltAsKey,
        c"signature: it was made with the salt as the key; the secret key is the key, and the salt is the \
          message",
    ),
    (D::NotASignature, c"signature: it is not a signature; it must be the base64 of 32 bytes, which is 44 characters"),
    (
        D::AnotherSignature,
        c"signature: it is one of another salt or another secret key; send the very salt that was signed, \
          and check the secret key",
    ),
    (D::CredentialsMissing, c"credentials: the request has none; it needs apikey, salt and signature"),
    (
        D::CredentialsInQuery,
        c"credentials: they are in the query, but the server reads the body of such a request; put them \
          into the body",
    ),
    (
        D::CredentialsInBody,
        c"credentials: they are in the body, but the server reads the query of such a request; put them \
          into the query",
    ),
    (
        D::CredentialsInOtherType,
        c"credentials: they are in the body, but the server reads it as something else; make method and \
          Content-Type header fit the body",
    ),
    (
        D::CredentialsInPath,
        c"URL: it has no ?, so the credentials are part of the path, where nothing reads them; put a ? \
          before the first parameter",
    ),
    (
        D::CredentialsInFragment,
        c"URL: the credentials are behind a #, and what is there is never sent; put them before it, or \
          write # as %23",
    ),
    (
        D::JsonWithoutBody,
        c"content type: it is application/json, so the server reads a body, and there is none; send that \
          header only with a body",
    ),
    (D::ApiKeyMissing, c"apikey: it is missing; send the API key beside salt and signature"),
    (D::ApiKeyEmpty, c"apikey: it is empty; send the API key"),
    (D::ApiKeyArray, c"apikey: a parameter such as apikey[] replaces it with an array; rename that parameter"),
    (D::ApiKeyRepeated, c"apikey: it is there more than once, and the last one, which counts, is wrong; send it once"),
    (D::AnotherApiKey, c"apikey: it is not the one of this signer; send the API key that belongs to the secret key"),
    (D::SaltMissing, c"salt: it is missing; send the salt that was signed"),
    (D::SaltEmpty, c"salt: it is empty, which the server takes for missing; send the salt that was signed"),
    (D::SaltArray, c"salt: a parameter such as salt[] replaces it with an array; rename that parameter"),
    (D::SaltRepeated, c"salt: it is there more than once, and the last one, which counts, is wrong; send it once"),
    (D::SaltZero, c"salt: it is 0, which the server takes for missing; sign another salt"),
    (D::SignatureMissing, c"signature: it is missing; send the signature of the salt"),
    (D::SignatureEmpty, c"signature: it is empty; send the signature of the salt"),
    (D::SignatureArray, c"signature: a parameter such as signature[] replaces it with an array; rename that parameter"),
    (
        D::SignatureRepeated,
        c"signature: it is there more than once, and the last one, which counts, is wrong; send it once",
    ),
];

impl Diagnosis {
    /// Every diagnosis there is.
    pub fn all() -> impl Iterator<Item = Self> {
        MESSAGES.iter().map(|(diagnosis, _)| *diagnosis)
    }

    /// The diagnosis with this code.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::all().find(|diagnosis| diagnosis.code() == code)
    }

    /// Its number in every language. 0 is good.
    #[must_use]
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// The sentence that names the cause and what to change, with a NUL behind it for callers from C.
    #[must_use]
    pub fn message(self) -> &'static CStr {
        MESSAGES.iter().find(|(known, _)| *known == self).map_or(c"", |(_, message)| message)
    }

    /// Whether a server takes it: where it is good, or forgiven.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        self.code() < D::UrlEncoded.code()
    }
}

impl Signer {
    /// What the server thinks of a signature of a salt, as they arrive there, and what to change.
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
        let (salt, signature) = (salt.as_ref(), signature.as_ref());
        match (salt, signature) {
            ([], _) => return D::SaltEmpty,
            ([b'0'], _) => return D::SaltZero,
            (_, []) => return D::SignatureEmpty,
            _ => {}
        }
        let Some((shape, bytes)) = shape(signature) else { return D::NotASignature };
        let otherwise = if shape.is_accepted() { D::AnotherSignature } else { shape };
        let mut code = otherwise.code();
        // Every way is computed and compared, whichever fits: only the answer may depend on the secret.
        for (diagnosis, made) in self.other_ways(salt) {
            code.conditional_assign(&diagnosis.code(), made.as_slice().ct_eq(&bytes));
        }
        code.conditional_assign(&shape.code(), self.mac(salt).as_slice().ct_eq(&bytes));
        D::from_code(code).unwrap_or(otherwise)
    }

    /// What the server answers to a request, and why.
    #[must_use]
    pub fn diagnose_request(&self, request: &Request<'_>) -> Diagnosis {
        let reading = Reading::of(request);
        if let Some(elsewhere) = elsewhere(request, &reading) {
            return elsewhere;
        }
        let [api_key, salt, signature] = reading.read().credentials();
        let salt_text = match salt {
            Kept { times: 0, .. } => return D::SaltMissing,
            Kept { text: None, .. } => return D::SaltArray,
            Kept { text: Some(text), .. } => match text.as_slice() {
                [] => return D::SaltEmpty,
                [b'0'] => return D::SaltZero,
                salt => salt,
            },
        };
        match api_key {
            Kept { times: 0, .. } => return D::ApiKeyMissing,
            Kept { text: None, .. } => return D::ApiKeyArray,
            Kept { text: Some(text), .. } if text.is_empty() => return D::ApiKeyEmpty,
            Kept { text: Some(text), times } => match self.diagnose_api_key(php::trim(text)) {
                D::Good => {}
                D::AnotherApiKey if *times > 1 => return D::ApiKeyRepeated,
                refused => return refused,
            },
        }
        match signature {
            Kept { times: 0, .. } => D::SignatureMissing,
            Kept { text: None, .. } => D::SignatureArray,
            Kept { text: Some(text), times } => match self.diagnose(salt_text, text) {
                // A cause that was recognised says more than that the wrong one counts.
                D::AnotherSignature | D::NotASignature if *times > 1 => D::SignatureRepeated,
                D::AnotherSignature if salt.times > 1 => D::SaltRepeated,
                diagnosis => diagnosis,
            },
        }
    }

    fn diagnose_api_key(&self, api_key: &[u8]) -> Diagnosis {
        let swapped = api_key.ct_eq(self.secret_key());
        let mut code = D::AnotherApiKey.code();
        code.conditional_assign(&D::KeysSwapped.code(), swapped);
        if api_key == php::trim(self.api_key().as_bytes()) {
            D::Good
        } else {
            D::from_code(code).unwrap_or(D::AnotherApiKey)
        }
    }
}

/// The mistakes in how a signature is made.
impl Signer {
    /// What the ways to make a signature wrong give for a salt.
    fn other_ways(&self, salt: &[u8]) -> [(Diagnosis, Wiped<u8, STATE_LEN>); 7] {
        let secret_key = self.secret_key();
        [
            (D::PlainHash, hash(salt, secret_key)),
            (D::PlainHash, hash(secret_key, salt)),
            (D::SecretDecoded, hmac::mac_once(&base64_decoded(secret_key), salt)),
            (D::NewlineBehindSecret, hmac::mac_once(&joined(secret_key, b"\n"), salt)),
            (D::NewlineBehindSecret, hmac::mac_once(&joined(secret_key, b"\r\n"), salt)),
            (D::KeysSwapped, hmac::mac_once(self.api_key().as_bytes(), salt)),
            (D::SaltAsKey, hmac::mac_once(salt, secret_key)),
        ]
    }
}

fn hash(first: &[u8], second: &[u8]) -> Wiped<u8, STATE_LEN> {
    Wiped(Sha256::new().chain_update(first).chain_update(second).finalize().into())
}

/// The two texts as one, or nothing where there is no memory for it, which then is no signature's key.
fn joined(first: &[u8], second: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::new());
    // Reserved whole: growing would leave a copy of the secret behind.
    if both.try_reserve_exact(first.len() + second.len()).is_ok() {
        both.extend_from_slice(first);
        both.extend_from_slice(second);
    }
    both
}

/// What PHP makes of the secret key where it is taken for base64: a last character that completes no byte is dropped.
/// What is no base64 gives a key that nobody has.
///
/// It takes no branch and no look-up by the key, but for its length without padding.
fn base64_decoded(secret_key: &[u8]) -> Zeroizing<Vec<u8>> {
    let padding = secret_key.iter().rev().take_while(|byte| **byte == b'=').count();
    let characters = &secret_key[..secret_key.len() - padding];
    let mut decoded = Zeroizing::new(Vec::new());
    // Reserved whole: growing would leave a copy of the secret behind.
    if decoded.try_reserve_exact(characters.len()).is_ok() {
        let mut bits = 0;
        for (at, character) in characters.iter().enumerate() {
            bits = bits << 6 | sextet(*character);
            // Of four characters the first completes no byte, and each of the others leaves two bits fewer for the next.
            let left = 6 - 2 * (at % 4);
            if left < 6 {
                decoded.push((bits >> left).to_le_bytes()[0]);
            }
        }
    }
    decoded
}

/// The six bits that a character of base64 stands for. A look-up would leave a trace in the processor's cache.
fn sextet(character: u8) -> u32 {
    const RANGES: [(u8, u8, u32); 5] =
        [(b'A', b'Z', 0), (b'a', b'z', 26), (b'0', b'9', 52), (b'+', b'+', 62), (b'/', b'/', 63)];
    let character = u32::from(character);
    RANGES.iter().fold(0, |bits, (first, last, value)| {
        let (first, last) = (u32::from(*first), u32::from(*last));
        // Both differences are below zero where the character is among them, and so have their top bits set.
        let is_among = (first - 1).wrapping_sub(character) & character.wrapping_sub(last + 1);
        bits | 0_u32.wrapping_sub(is_among >> 31) & (character + value).wrapping_sub(first)
    })
}

/// What is wrong with the form of a signature, and the 32 bytes that it stands for. `None` where it stands for none.
///
/// The text is what somebody sent, so it may be looked at without care for time.
fn shape(text: &[u8]) -> Option<(Diagnosis, [u8; STATE_LEN])> {
    let pluses: Vec<u8> = text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
    let forgiven = php::trim(&pluses);
    if let Some(bytes) = canonical(forgiven) {
        let diagnosis = match text {
            text if text == forgiven => D::Good,
            text if text.contains(&b' ') => D::PlusLost,
            _ => D::WhitespaceAround,
        };
        return Some((diagnosis, bytes));
    }
    if let Some(found) = form(forgiven) {
        return Some(found);
    }
    let inner = php::trim(text);
    let spaced: Vec<u8> = inner.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
    if let Some(found) = form(&spaced) {
        return Some(within(D::SpaceAround, found));
    }
    let once: Vec<u8> = percent_decode(inner).collect();
    let twice: Vec<u8> = percent_decode(&once).collect();
    [once, twice].iter().find_map(|decoded| form(php::trim(decoded))).map(|found| within(D::UrlEncoded, found))
}

/// The deeper of two mistakes is the one to mend first.
fn within(outer: Diagnosis, (inner, bytes): (Diagnosis, [u8; STATE_LEN])) -> (Diagnosis, [u8; STATE_LEN]) {
    (if inner == D::Good { outer } else { inner }, bytes)
}

/// The ways to write 32 bytes, each with what is wrong about it.
fn form(text: &[u8]) -> Option<(Diagnosis, [u8; STATE_LEN])> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let standard: Vec<u8> = text
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    if let Some(bytes) = from_hex(text) {
        return Some((D::HexDigest, bytes));
    }
    let decoded = LENIENT.decode(&standard).ok()?;
    if let Some(bytes) = from_hex(&decoded) {
        return Some((D::Base64OfHex, bytes));
    }
    let bytes = decoded.try_into().ok()?;
    let diagnosis = match text {
        text if text != standard => D::UrlSafeAlphabet,
        text if !text.ends_with(b"=") => D::PaddingMissing,
        _ => D::Good,
    };
    Some((diagnosis, bytes))
}

fn canonical(text: &[u8]) -> Option<[u8; STATE_LEN]> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

/// 64 hexadecimal digits of either case.
fn from_hex(digits: &[u8]) -> Option<[u8; STATE_LEN]> {
    let mut bytes = [0; STATE_LEN];
    if digits.len() != 2 * STATE_LEN {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// Where the credentials are, if the server does not read that part: one of them is there, and not in what it reads.
fn elsewhere(request: &Request<'_>, reading: &Reading) -> Option<Diagnosis> {
    let missing: [bool; 3] = reading.read().credentials().map(|kept| kept.times == 0);
    if missing == [false; 3] {
        return None;
    }
    let holds =
        |contents: &Contents| contents.credentials().iter().zip(missing).any(|(kept, gone)| gone && kept.times > 0);
    let reads_query = reading.container() == Container::Query;
    let json_without_body = reading.container() == Container::Json && request.body.trim_ascii().is_empty();
    [
        (D::JsonWithoutBody, json_without_body && holds(reading.query())),
        (D::CredentialsInBody, reads_query && (holds(reading.body()) || holds(&reading.look))),
        (D::CredentialsInOtherType, holds(&reading.look)),
        (D::CredentialsInQuery, holds(reading.query())),
        (D::CredentialsInPath, holds(&reading.path)),
        (D::CredentialsInFragment, holds(&reading.fragment)),
        (D::CredentialsMissing, missing == [true; 3]),
    ]
    .into_iter()
    .find_map(|(diagnosis, found)| found.then_some(diagnosis))
}
