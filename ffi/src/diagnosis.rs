use core::ffi::CStr;

use kayako_sign_core::Diagnosis;

/// What the server thinks of a signature or a request. KAYAKO_DIAGNOSIS_GOOD is 0; the values never change, and new
/// ones are added.
///
/// kayako_diagnosis_message() has a sentence for each, and kayako_diagnosis_is_accepted() tells which a server takes.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names that C sees")]
pub enum kayako_diagnosis {
    /// All is as it should be.
    KAYAKO_DIAGNOSIS_GOOD = 0,
    /// A plus arrived as a space. The server forgives it.
    KAYAKO_DIAGNOSIS_PLUS_LOST = 1,
    /// White space that the server trims stands around the signature: a newline or a tab.
    KAYAKO_DIAGNOSIS_WHITESPACE_AROUND = 2,

    /// The signature arrives URL-encoded.
    KAYAKO_DIAGNOSIS_URL_ENCODED = 10,
    /// The signature is of base64's URL-safe alphabet.
    KAYAKO_DIAGNOSIS_URL_SAFE_ALPHABET = 11,
    /// The signature lacks its padding.
    KAYAKO_DIAGNOSIS_PADDING_MISSING = 12,
    /// A space stands before or behind the signature.
    KAYAKO_DIAGNOSIS_SPACE_AROUND = 13,
    /// The signature is the base64 of the hexadecimal digest.
    KAYAKO_DIAGNOSIS_BASE64_OF_HEX = 14,
    /// The signature is the hexadecimal digest.
    KAYAKO_DIAGNOSIS_HEX_DIGEST = 15,
    /// The signature is a plain SHA-256 of salt and secret key.
    KAYAKO_DIAGNOSIS_PLAIN_HASH = 16,
    /// The signature was made with the secret key base64-decoded.
    KAYAKO_DIAGNOSIS_SECRET_DECODED = 17,
    /// The signature was made with a newline behind the secret key.
    KAYAKO_DIAGNOSIS_NEWLINE_BEHIND_SECRET = 18,
    /// The API key and the secret key are swapped.
    KAYAKO_DIAGNOSIS_KEYS_SWAPPED = 19,
    /// The signature was made with the salt for the key and the secret key for the message.
    KAYAKO_DIAGNOSIS_SALT_AS_KEY = 20,
    /// The signature is not the base64 of 32 bytes.
    KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE = 21,
    /// The signature is well-formed, and of another salt or another secret key.
    KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE = 22,

    /// There are no credentials.
    KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING = 30,
    /// The credentials are in the query, and the server reads the body.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_QUERY = 31,
    /// The credentials are in the body, and the server reads the query.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_BODY = 32,
    /// The credentials are in the body, and the server reads it as something else.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_OTHER_TYPE = 33,
    /// The address has no question mark, so that the credentials are part of the path.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH = 34,
    /// The credentials are behind a `#`, which is never sent.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_FRAGMENT = 35,
    /// The content type is JSON, and there is no body: the server does not look into the query.
    KAYAKO_DIAGNOSIS_JSON_WITHOUT_BODY = 36,

    /// `apikey` is missing.
    KAYAKO_DIAGNOSIS_API_KEY_MISSING = 40,
    /// `apikey` is empty.
    KAYAKO_DIAGNOSIS_API_KEY_EMPTY = 41,
    /// `apikey` is replaced by an array.
    KAYAKO_DIAGNOSIS_API_KEY_ARRAY = 42,
    /// `apikey` is repeated, and the last one is wrong.
    KAYAKO_DIAGNOSIS_API_KEY_REPEATED = 43,
    /// `apikey` is another one.
    KAYAKO_DIAGNOSIS_ANOTHER_API_KEY = 44,

    /// `salt` is missing.
    KAYAKO_DIAGNOSIS_SALT_MISSING = 50,
    /// `salt` is empty.
    KAYAKO_DIAGNOSIS_SALT_EMPTY = 51,
    /// `salt` is replaced by an array.
    KAYAKO_DIAGNOSIS_SALT_ARRAY = 52,
    /// `salt` is repeated, and the last one is wrong.
    KAYAKO_DIAGNOSIS_SALT_REPEATED = 53,
    /// `salt` is `0`.
    KAYAKO_DIAGNOSIS_SALT_ZERO = 54,

    /// `signature` is missing.
    KAYAKO_DIAGNOSIS_SIGNATURE_MISSING = 60,
    /// `signature` is empty.
    KAYAKO_DIAGNOSIS_SIGNATURE_EMPTY = 61,
    /// `signature` is replaced by an array.
    KAYAKO_DIAGNOSIS_SIGNATURE_ARRAY = 62,
    /// `signature` is repeated, and the last one is wrong.
    KAYAKO_DIAGNOSIS_SIGNATURE_REPEATED = 63,
}

use kayako_diagnosis::*;

impl From<Diagnosis> for kayako_diagnosis {
    fn from(diagnosis: Diagnosis) -> Self {
        match diagnosis {
            Diagnosis::Good => KAYAKO_DIAGNOSIS_GOOD,
            Diagnosis::PlusLost => KAYAKO_DIAGNOSIS_PLUS_LOST,
            Diagnosis::WhitespaceAround => KAYAKO_DIAGNOSIS_WHITESPACE_AROUND,
            Diagnosis::UrlEncoded => KAYAKO_DIAGNOSIS_URL_ENCODED,
            Diagnosis::UrlSafeAlphabet => KAYAKO_DIAGNOSIS_URL_SAFE_ALPHABET,
            Diagnosis::PaddingMissing => KAYAKO_DIAGNOSIS_PADDING_MISSING,
            Diagnosis::SpaceAround => KAYAKO_DIAGNOSIS_SPACE_AROUND,
            Diagnosis::Base64OfHex => KAYAKO_DIAGNOSIS_BASE64_OF_HEX,
            Diagnosis::HexDigest => KAYAKO_DIAGNOSIS_HEX_DIGEST,
            Diagnosis::PlainHash => KAYAKO_DIAGNOSIS_PLAIN_HASH,
            Diagnosis::SecretDecoded => KAYAKO_DIAGNOSIS_SECRET_DECODED,
            Diagnosis::NewlineBehindSecret => KAYAKO_DIAGNOSIS_NEWLINE_BEHIND_SECRET,
            Diagnosis::KeysSwapped => KAYAKO_DIAGNOSIS_KEYS_SWAPPED,
            Diagnosis::SaltAsKey => KAYAKO_DIAGNOSIS_SALT_AS_KEY,
            Diagnosis::NotASignature => KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE,
            Diagnosis::AnotherSignature => KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE,
            Diagnosis::CredentialsMissing => KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING,
            Diagnosis::CredentialsInQuery => KAYAKO_DIAGNOSIS_CREDENTIALS_IN_QUERY,
            Diagnosis::CredentialsInBody => KAYAKO_DIAGNOSIS_CREDENTIALS_IN_BODY,
            Diagnosis::CredentialsInOtherType => KAYAKO_DIAGNOSIS_CREDENTIALS_IN_OTHER_TYPE,
            Diagnosis::CredentialsInPath => KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH,
            Diagnosis::CredentialsInFragment => KAYAKO_DIAGNOSIS_CREDENTIALS_IN_FRAGMENT,
            Diagnosis::JsonWithoutBody => KAYAKO_DIAGNOSIS_JSON_WITHOUT_BODY,
            Diagnosis::ApiKeyMissing => KAYAKO_DIAGNOSIS_API_KEY_MISSING,
            Diagnosis::ApiKeyEmpty => KAYAKO_DIAGNOSIS_API_KEY_EMPTY,
            Diagnosis::ApiKeyArray => KAYAKO_DIAGNOSIS_API_KEY_ARRAY,
            Diagnosis::ApiKeyRepeated => KAYAKO_DIAGNOSIS_API_KEY_REPEATED,
            Diagnosis::AnotherApiKey => KAYAKO_DIAGNOSIS_ANOTHER_API_KEY,
            Diagnosis::SaltMissing => KAYAKO_DIAGNOSIS_SALT_MISSING,
            Diagnosis::SaltEmpty => KAYAKO_DIAGNOSIS_SALT_EMPTY,
            Diagnosis::SaltArray => KAYAKO_DIAGNOSIS_SALT_ARRAY,
            Diagnosis::SaltRepeated => KAYAKO_DIAGNOSIS_SALT_REPEATED,
            Diagnosis::SaltZero => KAYAKO_DIAGNOSIS_SALT_ZERO,
            Diagnosis::SignatureMissing => KAYAKO_DIAGNOSIS_SIGNATURE_MISSING,
            Diagnosis::SignatureEmpty => KAYAKO_DIAGNOSIS_SIGNATURE_EMPTY,
            Diagnosis::SignatureArray => KAYAKO_DIAGNOSIS_SIGNATURE_ARRAY,
            Diagnosis::SignatureRepeated => KAYAKO_DIAGNOSIS_SIGNATURE_REPEATED,
        }
    }
}

/// The sentence for a diagnosis as C passes it: any number.
pub(crate) fn message(diagnosis: i32) -> &'static CStr {
    Diagnosis::from_code(diagnosis).map_or(c"unknown diagnosis", Diagnosis::message)
}

/// Whether a server takes what has this diagnosis. It takes nothing with an unknown one.
pub(crate) fn is_accepted(diagnosis: i32) -> bool {
    Diagnosis::from_code(diagnosis).is_some_and(Diagnosis::is_accepted)
}

#[cfg(test)]
mod tests {
    use super::{Diagnosis, kayako_diagnosis};

    #[test]
    fn every_diagnosis_has_the_code_it_has_in_core() {
        for diagnosis in Diagnosis::all() {
            assert_eq!(kayako_diagnosis::from(diagnosis) as i32, diagnosis.code());
        }
    }
}
