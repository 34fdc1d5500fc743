//! Lists the diagnoses as C sees them.

use core::ffi::CStr;

use kayako_sign_core::Diagnosis;

use crate::c_text::c_text;

/// The server's verdict on a signature or a request, with its cause. KAYAKO_DIAGNOSIS_GOOD is 0. After the first
/// release the values never change, and new ones may be added.
///
/// kayako_diagnosis_message() returns the message of each, and kayako_diagnosis_is_accepted() says whether the server
/// accepts it.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names that C sees")]
pub enum kayako_diagnosis {
    /// The server accepts it.
    KAYAKO_DIAGNOSIS_GOOD = 0,
    /// A `+` arrived as a space. The server forgives it.
    KAYAKO_DIAGNOSIS_PLUS_LOST = 1,
    /// A newline or a tab is around the signature. The server trims it.
    KAYAKO_DIAGNOSIS_WHITESPACE_AROUND = 2,
    /// The URL has the route in its path, which works only with rewrite rules.
    KAYAKO_DIAGNOSIS_PATH_URL = 3,
    /// The request carries fields where no controller reads them.
    KAYAKO_DIAGNOSIS_FIELDS_NOT_READ = 4,

    /// The signature arrives URL-encoded.
    KAYAKO_DIAGNOSIS_URL_ENCODED = 10,
    /// The signature is in base64's URL-safe alphabet.
    KAYAKO_DIAGNOSIS_URL_SAFE_ALPHABET = 11,
    /// The signature lacks its padding.
    KAYAKO_DIAGNOSIS_PADDING_MISSING = 12,
    /// A space is before or after the signature.
    KAYAKO_DIAGNOSIS_SPACE_AROUND = 13,
    /// The signature is the base64 of the hexadecimal digest.
    KAYAKO_DIAGNOSIS_BASE64_OF_HEX = 14,
    /// The signature is the hexadecimal digest.
    KAYAKO_DIAGNOSIS_HEX_DIGEST = 15,
    /// The signature is a plain SHA-256 of salt and secret key.
    KAYAKO_DIAGNOSIS_PLAIN_HASH = 16,
    /// The signature was made with the secret key base64-decoded.
    KAYAKO_DIAGNOSIS_SECRET_DECODED = 17,
    /// The signature was made with a newline after the secret key.
    KAYAKO_DIAGNOSIS_NEWLINE_BEHIND_SECRET = 18,
    /// The API key and the secret key are swapped.
    KAYAKO_DIAGNOSIS_KEYS_SWAPPED = 19,
    /// The signature was made with the salt as the key and the secret key as the message.
    KAYAKO_DIAGNOSIS_SALT_AS_KEY = 20,
    /// The signature is not the base64 of 32 bytes.
    KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE = 21,
    /// The signature is well-formed, but belongs to another salt or another secret key.
    KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE = 22,
    /// The signature has the length of another hash: MD5, SHA-1 or SHA-512.
    KAYAKO_DIAGNOSIS_ANOTHER_HASH = 23,
    /// The signature was made with a byte order mark before the secret key.
    KAYAKO_DIAGNOSIS_BYTE_ORDER_MARK_BEFORE_SECRET = 24,

    /// There are no credentials.
    KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING = 30,
    /// The credentials are in the query, but the server reads the body.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_QUERY = 31,
    /// The credentials are in the body, but the server reads the query.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_BODY = 32,
    /// The credentials are in the body, but the server reads it as another type.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_OTHER_TYPE = 33,
    /// The URL has no question mark, so the credentials are part of the path.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH = 34,
    /// The credentials are after a `#`, which is never sent.
    KAYAKO_DIAGNOSIS_CREDENTIALS_IN_FRAGMENT = 35,
    /// The content type is JSON, but there is no body, and the server does not look into the query.
    KAYAKO_DIAGNOSIS_JSON_WITHOUT_BODY = 36,
    /// The body is not a JSON object that PHP can read.
    KAYAKO_DIAGNOSIS_JSON_UNREADABLE = 37,
    /// The credentials come after the last parameter that PHP takes.
    KAYAKO_DIAGNOSIS_TOO_MANY_PARAMETERS = 38,
    /// The parameters are separated by `&amp;`, so `amp;` is part of their names.
    KAYAKO_DIAGNOSIS_AMPERSAND_ESCAPED = 39,

    /// `apikey` is missing.
    KAYAKO_DIAGNOSIS_API_KEY_MISSING = 40,
    /// `apikey` is empty.
    KAYAKO_DIAGNOSIS_API_KEY_EMPTY = 41,
    /// `apikey` is replaced by an array.
    KAYAKO_DIAGNOSIS_API_KEY_ARRAY = 42,
    /// `apikey` is repeated, and the last one is wrong.
    KAYAKO_DIAGNOSIS_API_KEY_REPEATED = 43,
    /// `apikey` is not that of the signer.
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

    /// The server finds no route.
    KAYAKO_DIAGNOSIS_ROUTE_MISSING = 70,
    /// The route is percent-encoded.
    KAYAKO_DIAGNOSIS_ROUTE_ENCODED = 71,
    /// The parameter `e` does not begin with a slash.
    KAYAKO_DIAGNOSIS_ROUTE_SLASH = 72,
    /// There is a `?` in the app or the controller of the route.
    KAYAKO_DIAGNOSIS_ROUTE_QUESTION_MARK = 73,
    /// An argument of the route holds a character that the server refuses.
    KAYAKO_DIAGNOSIS_ROUTE_CHARACTER = 74,
    /// The credentials are in the query of a path URL, which the rewrite rule drops.
    KAYAKO_DIAGNOSIS_PATH_URL_QUERY = 75,
    /// The path holds `%2F`, which web servers refuse.
    KAYAKO_DIAGNOSIS_PATH_ESCAPE = 76,
    /// The path, once decoded, holds a space or a control character, which rewriting refuses.
    KAYAKO_DIAGNOSIS_PATH_CONTROL = 77,
    /// The URL belongs to the API of the hosted Kayako, which takes no signatures.
    KAYAKO_DIAGNOSIS_HOSTED_KAYAKO = 78,
    /// The URL belongs to the Staff API, which takes no signatures.
    KAYAKO_DIAGNOSIS_STAFF_API = 79,
    /// The server does not know the method.
    KAYAKO_DIAGNOSIS_METHOD_UNKNOWN = 80,
}

use kayako_diagnosis::*;

/// Every diagnosis with its message.
const MESSAGES: &[(kayako_diagnosis, &CStr)] = &[
    (KAYAKO_DIAGNOSIS_GOOD, c_text!(Diagnosis::Good.message())),
    (KAYAKO_DIAGNOSIS_PLUS_LOST, c_text!(Diagnosis::PlusLost.message())),
    (KAYAKO_DIAGNOSIS_WHITESPACE_AROUND, c_text!(Diagnosis::WhitespaceAround.message())),
    (KAYAKO_DIAGNOSIS_PATH_URL, c_text!(Diagnosis::PathUrl.message())),
    (KAYAKO_DIAGNOSIS_FIELDS_NOT_READ, c_text!(Diagnosis::FieldsNotRead.message())),
    (KAYAKO_DIAGNOSIS_URL_ENCODED, c_text!(Diagnosis::UrlEncoded.message())),
    (KAYAKO_DIAGNOSIS_URL_SAFE_ALPHABET, c_text!(Diagnosis::UrlSafeAlphabet.message())),
    (KAYAKO_DIAGNOSIS_PADDING_MISSING, c_text!(Diagnosis::PaddingMissing.message())),
    (KAYAKO_DIAGNOSIS_SPACE_AROUND, c_text!(Diagnosis::SpaceAround.message())),
    (KAYAKO_DIAGNOSIS_BASE64_OF_HEX, c_text!(Diagnosis::Base64OfHex.message())),
    (KAYAKO_DIAGNOSIS_HEX_DIGEST, c_text!(Diagnosis::HexDigest.message())),
    (KAYAKO_DIAGNOSIS_PLAIN_HASH, c_text!(Diagnosis::PlainHash.message())),
    (KAYAKO_DIAGNOSIS_SECRET_DECODED, c_text!(Diagnosis::SecretDecoded.message())),
    (KAYAKO_DIAGNOSIS_NEWLINE_BEHIND_SECRET, c_text!(Diagnosis::NewlineBehindSecret.message())),
    (KAYAKO_DIAGNOSIS_KEYS_SWAPPED, c_text!(Diagnosis::KeysSwapped.message())),
    (KAYAKO_DIAGNOSIS_SALT_AS_KEY, c_text!(Diagnosis::SaltAsKey.message())),
    (KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE, c_text!(Diagnosis::NotASignature.message())),
    (KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE, c_text!(Diagnosis::AnotherSignature.message())),
    (KAYAKO_DIAGNOSIS_ANOTHER_HASH, c_text!(Diagnosis::AnotherHash.message())),
    (KAYAKO_DIAGNOSIS_BYTE_ORDER_MARK_BEFORE_SECRET, c_text!(Diagnosis::ByteOrderMarkBeforeSecret.message())),
    (KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING, c_text!(Diagnosis::CredentialsMissing.message())),
    (KAYAKO_DIAGNOSIS_CREDENTIALS_IN_QUERY, c_text!(Diagnosis::CredentialsInQuery.message())),
    (KAYAKO_DIAGNOSIS_CREDENTIALS_IN_BODY, c_text!(Diagnosis::CredentialsInBody.message())),
    (KAYAKO_DIAGNOSIS_CREDENTIALS_IN_OTHER_TYPE, c_text!(Diagnosis::CredentialsInOtherType.message())),
    (KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH, c_text!(Diagnosis::CredentialsInPath.message())),
    (KAYAKO_DIAGNOSIS_CREDENTIALS_IN_FRAGMENT, c_text!(Diagnosis::CredentialsInFragment.message())),
    (KAYAKO_DIAGNOSIS_JSON_WITHOUT_BODY, c_text!(Diagnosis::JsonWithoutBody.message())),
    (KAYAKO_DIAGNOSIS_JSON_UNREADABLE, c_text!(Diagnosis::JsonUnreadable.message())),
    (KAYAKO_DIAGNOSIS_TOO_MANY_PARAMETERS, c_text!(Diagnosis::TooManyParameters.message())),
    (KAYAKO_DIAGNOSIS_AMPERSAND_ESCAPED, c_text!(Diagnosis::AmpersandEscaped.message())),
    (KAYAKO_DIAGNOSIS_API_KEY_MISSING, c_text!(Diagnosis::ApiKeyMissing.message())),
    (KAYAKO_DIAGNOSIS_API_KEY_EMPTY, c_text!(Diagnosis::ApiKeyEmpty.message())),
    (KAYAKO_DIAGNOSIS_API_KEY_ARRAY, c_text!(Diagnosis::ApiKeyArray.message())),
    (KAYAKO_DIAGNOSIS_API_KEY_REPEATED, c_text!(Diagnosis::ApiKeyRepeated.message())),
    (KAYAKO_DIAGNOSIS_ANOTHER_API_KEY, c_text!(Diagnosis::AnotherApiKey.message())),
    (KAYAKO_DIAGNOSIS_SALT_MISSING, c_text!(Diagnosis::SaltMissing.message())),
    (KAYAKO_DIAGNOSIS_SALT_EMPTY, c_text!(Diagnosis::SaltEmpty.message())),
    (KAYAKO_DIAGNOSIS_SALT_ARRAY, c_text!(Diagnosis::SaltArray.message())),
    (KAYAKO_DIAGNOSIS_SALT_REPEATED, c_text!(Diagnosis::SaltRepeated.message())),
    (KAYAKO_DIAGNOSIS_SALT_ZERO, c_text!(Diagnosis::SaltZero.message())),
    (KAYAKO_DIAGNOSIS_SIGNATURE_MISSING, c_text!(Diagnosis::SignatureMissing.message())),
    (KAYAKO_DIAGNOSIS_SIGNATURE_EMPTY, c_text!(Diagnosis::SignatureEmpty.message())),
    (KAYAKO_DIAGNOSIS_SIGNATURE_ARRAY, c_text!(Diagnosis::SignatureArray.message())),
    (KAYAKO_DIAGNOSIS_SIGNATURE_REPEATED, c_text!(Diagnosis::SignatureRepeated.message())),
    (KAYAKO_DIAGNOSIS_ROUTE_MISSING, c_text!(Diagnosis::RouteMissing.message())),
    (KAYAKO_DIAGNOSIS_ROUTE_ENCODED, c_text!(Diagnosis::RouteEncoded.message())),
    (KAYAKO_DIAGNOSIS_ROUTE_SLASH, c_text!(Diagnosis::RouteSlash.message())),
    (KAYAKO_DIAGNOSIS_ROUTE_QUESTION_MARK, c_text!(Diagnosis::RouteQuestionMark.message())),
    (KAYAKO_DIAGNOSIS_ROUTE_CHARACTER, c_text!(Diagnosis::RouteCharacter.message())),
    (KAYAKO_DIAGNOSIS_PATH_URL_QUERY, c_text!(Diagnosis::PathUrlQuery.message())),
    (KAYAKO_DIAGNOSIS_PATH_ESCAPE, c_text!(Diagnosis::PathEscape.message())),
    (KAYAKO_DIAGNOSIS_PATH_CONTROL, c_text!(Diagnosis::PathControl.message())),
    (KAYAKO_DIAGNOSIS_HOSTED_KAYAKO, c_text!(Diagnosis::HostedKayako.message())),
    (KAYAKO_DIAGNOSIS_STAFF_API, c_text!(Diagnosis::StaffApi.message())),
    (KAYAKO_DIAGNOSIS_METHOD_UNKNOWN, c_text!(Diagnosis::MethodUnknown.message())),
];

/// Returns the message of a diagnosis, which may be any number.
pub(crate) fn message(diagnosis: i32) -> &'static CStr {
    MESSAGES.iter().find(|(known, _)| *known as i32 == diagnosis).map_or(c"unknown diagnosis", |(_, message)| message)
}

/// Returns whether the server accepts a signature or a request with this diagnosis; `false` for an unknown one.
pub(crate) fn is_accepted(diagnosis: i32) -> bool {
    Diagnosis::from_code(diagnosis).is_some_and(Diagnosis::is_accepted)
}

/// Returns the HTTP status of the server's answer to a request with this diagnosis, or 0 for an unknown one.
pub(crate) fn answer_status(diagnosis: i32) -> u16 {
    Diagnosis::from_code(diagnosis).map_or(0, |diagnosis| diagnosis.answer().status)
}

#[cfg(test)]
mod tests {
    use super::{Diagnosis, MESSAGES};

    #[test]
    fn every_diagnosis_has_its_code_and_its_message_in_c() {
        let in_c: Vec<_> = MESSAGES.iter().map(|(known, message)| (*known as i32, message.to_str().unwrap())).collect();
        let in_core: Vec<_> = Diagnosis::all().map(|diagnosis| (diagnosis.code(), diagnosis.message())).collect();
        assert_eq!(in_c, in_core);
    }
}
