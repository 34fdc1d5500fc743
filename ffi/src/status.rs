//! Lists the statuses that calls return, with their messages.

use core::{ffi::CStr, fmt};

use kayako_sign_core::Error;

use crate::c_text::c_text;

/// The result of a call. KAYAKO_OK is 0. After the first release the values never change, and new ones may be added.
///
/// kayako_status_message() returns the message of each.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names that C sees")]
pub enum kayako_status {
    /// Done.
    KAYAKO_OK = 0,
    /// The signature is not that of the salt.
    KAYAKO_REFUSED = 1,
    /// `out` is too small. `*out_len` holds the length of the text, without the NUL after it.
    KAYAKO_BUFFER_TOO_SMALL = 2,
    /// A defect of the library. The contents of `out` are undefined; the signer can still be used.
    KAYAKO_PANIC = 3,
    /// There is not enough memory.
    KAYAKO_OUT_OF_MEMORY = 4,
    /// The operating system gave no random bytes for a fresh salt.
    KAYAKO_NO_RANDOMNESS = 5,

    /// The API key is empty.
    KAYAKO_EMPTY_API_KEY = 10,
    /// The API key is longer than KAYAKO_API_KEY_MAX bytes.
    KAYAKO_API_KEY_TOO_LONG = 11,
    /// The API key is not UTF-8 text.
    KAYAKO_API_KEY_NOT_UTF8 = 12,
    /// The secret key is empty.
    KAYAKO_EMPTY_SECRET_KEY = 13,
    /// The secret key is longer than KAYAKO_SECRET_KEY_MAX bytes.
    KAYAKO_SECRET_KEY_TOO_LONG = 14,
    /// The salt is empty, which the server takes for a missing one.
    KAYAKO_EMPTY_SALT = 15,
    /// The salt is the one character 0, which the server takes for a missing one.
    KAYAKO_ZERO_SALT = 16,
    /// The salt is longer than KAYAKO_SALT_MAX bytes.
    KAYAKO_SALT_TOO_LONG = 17,
    /// The given salt is not UTF-8 text, as JSON and multipart must be.
    KAYAKO_SALT_NOT_UTF8 = 18,
    /// `count` is more than KAYAKO_BATCH_MAX.
    KAYAKO_BATCH_TOO_LARGE = 19,

    /// The URL is longer than KAYAKO_URL_MAX bytes.
    KAYAKO_URL_TOO_LONG = 30,
    /// The URL is not absolute, not http or https, or has no host.
    KAYAKO_URL_NOT_ABSOLUTE = 31,
    /// The URL holds a space, a control character, a backslash or a byte outside ASCII.
    KAYAKO_URL_CHARACTER = 32,
    /// The server does not know the method.
    KAYAKO_METHOD_UNSUPPORTED = 33,
    /// The server reads no credentials in a POST with this content type.
    KAYAKO_CONTENT_TYPE_UNSUPPORTED = 34,
    /// A parameter of the request would replace apikey.
    KAYAKO_API_KEY_PARAMETER = 35,
    /// A parameter of the request would replace salt.
    KAYAKO_SALT_PARAMETER = 36,
    /// A parameter of the request would replace signature.
    KAYAKO_SIGNATURE_PARAMETER = 37,
    /// A parameter of the request would replace its route.
    KAYAKO_ROUTE_PARAMETER = 38,
    /// The content type is JSON, but there is no body.
    KAYAKO_JSON_WITHOUT_BODY = 39,
    /// The JSON body is not an object.
    KAYAKO_JSON_NOT_OBJECT = 40,
    /// The JSON body is not valid, not UTF-8, more than 511 levels deep, or holds half a surrogate pair or a name that
    /// begins with NUL.
    KAYAKO_JSON_INVALID = 41,
    /// The content type does not name one plain multipart boundary.
    KAYAKO_MULTIPART_BOUNDARY = 42,
    /// The multipart body is not plain, so PHP may read it differently.
    KAYAKO_MULTIPART_NOT_PLAIN = 43,
    /// The body, form or piece is longer than any object can be: PTRDIFF_MAX bytes.
    KAYAKO_BODY_TOO_LONG = 44,
    /// The server finds no route in the request.
    KAYAKO_ROUTE_MISSING = 45,
    /// The route is percent-encoded, or %2F is in the path.
    KAYAKO_ROUTE_ENCODED = 46,
    /// The parameter e does not begin with a slash.
    KAYAKO_ROUTE_SLASH = 47,
    /// There is a ? in the app or the controller of the route.
    KAYAKO_ROUTE_QUESTION_MARK = 48,
    /// An argument of the route holds a character that the server answers 400 to.
    KAYAKO_ROUTE_CHARACTER = 49,
    /// The URL has its route in the path, which works only with rewrite rules.
    KAYAKO_PATH_URL = 50,
    /// The URL belongs to the API of the hosted Kayako, which takes no signatures.
    KAYAKO_HOSTED_KAYAKO = 51,
    /// The URL belongs to the Staff API, which takes no signatures.
    KAYAKO_STAFF_API = 52,
    /// There are more parameters than PHP takes beside the credentials.
    KAYAKO_TOO_MANY_PARAMETERS = 53,
    /// The credentials of this request do not go before a form or multipart body.
    KAYAKO_UPLOAD_UNSUPPORTED = 54,

    /// `signer` is NULL.
    KAYAKO_NULL_SIGNER = 100,
    /// `api_key` is NULL and its length is not 0.
    KAYAKO_NULL_API_KEY = 101,
    /// `secret_key` is NULL and its length is not 0.
    KAYAKO_NULL_SECRET_KEY = 102,
    /// `salt` is NULL and its length is not 0.
    KAYAKO_NULL_SALT = 103,
    /// `signature` is NULL and its length is not 0.
    KAYAKO_NULL_SIGNATURE = 104,
    /// `out` is NULL and `out_cap` is not 0.
    KAYAKO_NULL_OUT = 105,
    /// `out_len` is NULL.
    KAYAKO_NULL_OUT_LEN = 106,
    /// `method` is NULL and its length is not 0.
    KAYAKO_NULL_METHOD = 107,
    /// `content_type` is NULL and its length is not 0.
    KAYAKO_NULL_CONTENT_TYPE = 108,
    /// `url` is NULL and its length is not 0.
    KAYAKO_NULL_URL = 109,
    /// `body` is NULL and its length is not 0.
    KAYAKO_NULL_BODY = 110,
    /// `form` is NULL and its length is not 0.
    KAYAKO_NULL_FORM = 111,
    /// `target` is NULL.
    KAYAKO_NULL_TARGET = 112,
    /// `offset` is NULL.
    KAYAKO_NULL_OFFSET = 113,
    /// `diagnosis` is NULL.
    KAYAKO_NULL_DIAGNOSIS = 114,
    /// `upload` is NULL.
    KAYAKO_NULL_UPLOAD = 115,
    /// `piece` is NULL and its length is not 0.
    KAYAKO_NULL_PIECE = 116,
}

use kayako_status::*;

impl From<Error> for kayako_status {
    fn from(error: Error) -> Self {
        match error {
            Error::OutOfMemory => KAYAKO_OUT_OF_MEMORY,
            Error::NoRandomness => KAYAKO_NO_RANDOMNESS,
            Error::EmptyApiKey => KAYAKO_EMPTY_API_KEY,
            Error::ApiKeyTooLong => KAYAKO_API_KEY_TOO_LONG,
            Error::ApiKeyNotUtf8 => KAYAKO_API_KEY_NOT_UTF8,
            Error::EmptySecretKey => KAYAKO_EMPTY_SECRET_KEY,
            Error::SecretKeyTooLong => KAYAKO_SECRET_KEY_TOO_LONG,
            Error::EmptySalt => KAYAKO_EMPTY_SALT,
            Error::ZeroSalt => KAYAKO_ZERO_SALT,
            Error::SaltTooLong => KAYAKO_SALT_TOO_LONG,
            Error::SaltNotUtf8 => KAYAKO_SALT_NOT_UTF8,
            Error::BatchTooLarge => KAYAKO_BATCH_TOO_LARGE,
            Error::UrlTooLong => KAYAKO_URL_TOO_LONG,
            Error::UrlNotAbsolute => KAYAKO_URL_NOT_ABSOLUTE,
            Error::UrlCharacter => KAYAKO_URL_CHARACTER,
            Error::MethodUnsupported => KAYAKO_METHOD_UNSUPPORTED,
            Error::ContentTypeUnsupported => KAYAKO_CONTENT_TYPE_UNSUPPORTED,
            Error::ApiKeyParameter => KAYAKO_API_KEY_PARAMETER,
            Error::SaltParameter => KAYAKO_SALT_PARAMETER,
            Error::SignatureParameter => KAYAKO_SIGNATURE_PARAMETER,
            Error::RouteParameter => KAYAKO_ROUTE_PARAMETER,
            Error::JsonWithoutBody => KAYAKO_JSON_WITHOUT_BODY,
            Error::JsonNotObject => KAYAKO_JSON_NOT_OBJECT,
            Error::JsonInvalid => KAYAKO_JSON_INVALID,
            Error::MultipartBoundary => KAYAKO_MULTIPART_BOUNDARY,
            Error::MultipartNotPlain => KAYAKO_MULTIPART_NOT_PLAIN,
            Error::RouteMissing => KAYAKO_ROUTE_MISSING,
            Error::RouteEncoded => KAYAKO_ROUTE_ENCODED,
            Error::RouteSlash => KAYAKO_ROUTE_SLASH,
            Error::RouteQuestionMark => KAYAKO_ROUTE_QUESTION_MARK,
            Error::RouteCharacter => KAYAKO_ROUTE_CHARACTER,
            Error::PathUrl => KAYAKO_PATH_URL,
            Error::HostedKayako => KAYAKO_HOSTED_KAYAKO,
            Error::StaffApi => KAYAKO_STAFF_API,
            Error::TooManyParameters => KAYAKO_TOO_MANY_PARAMETERS,
            Error::UploadUnsupported => KAYAKO_UPLOAD_UNSUPPORTED,
            // The enum may grow; a test finds a missing variant.
            _ => KAYAKO_PANIC,
        }
    }
}

/// Texts are never longer than announced, so a text that does not fit is a defect of the library.
impl From<fmt::Error> for kayako_status {
    fn from(_: fmt::Error) -> Self {
        KAYAKO_PANIC
    }
}

/// Every status with its message, which is that of core if core has one.
const MESSAGES: &[(kayako_status, &CStr)] = &[
    (KAYAKO_OK, c"done"),
    (KAYAKO_REFUSED, c"signature: not the one of this salt"),
    (KAYAKO_BUFFER_TOO_SMALL, c"out: too small; *out_len holds the length it needs, without the NUL after the text"),
    (KAYAKO_PANIC, c"a defect of kayako-sign; the output is of no use"),
    (KAYAKO_OUT_OF_MEMORY, c_text!(Error::OutOfMemory.message())),
    (KAYAKO_NO_RANDOMNESS, c_text!(Error::NoRandomness.message())),
    (KAYAKO_EMPTY_API_KEY, c_text!(Error::EmptyApiKey.message())),
    (KAYAKO_API_KEY_TOO_LONG, c_text!(Error::ApiKeyTooLong.message())),
    (KAYAKO_API_KEY_NOT_UTF8, c_text!(Error::ApiKeyNotUtf8.message())),
    (KAYAKO_EMPTY_SECRET_KEY, c_text!(Error::EmptySecretKey.message())),
    (KAYAKO_SECRET_KEY_TOO_LONG, c_text!(Error::SecretKeyTooLong.message())),
    (KAYAKO_EMPTY_SALT, c_text!(Error::EmptySalt.message())),
    (KAYAKO_ZERO_SALT, c_text!(Error::ZeroSalt.message())),
    (KAYAKO_SALT_TOO_LONG, c_text!(Error::SaltTooLong.message())),
    (KAYAKO_SALT_NOT_UTF8, c_text!(Error::SaltNotUtf8.message())),
    (KAYAKO_BATCH_TOO_LARGE, c_text!(Error::BatchTooLarge.message())),
    (KAYAKO_URL_TOO_LONG, c_text!(Error::UrlTooLong.message())),
    (KAYAKO_URL_NOT_ABSOLUTE, c_text!(Error::UrlNotAbsolute.message())),
    (KAYAKO_URL_CHARACTER, c_text!(Error::UrlCharacter.message())),
    (KAYAKO_METHOD_UNSUPPORTED, c_text!(Error::MethodUnsupported.message())),
    (KAYAKO_CONTENT_TYPE_UNSUPPORTED, c_text!(Error::ContentTypeUnsupported.message())),
    (KAYAKO_API_KEY_PARAMETER, c_text!(Error::ApiKeyParameter.message())),
    (KAYAKO_SALT_PARAMETER, c_text!(Error::SaltParameter.message())),
    (KAYAKO_SIGNATURE_PARAMETER, c_text!(Error::SignatureParameter.message())),
    (KAYAKO_ROUTE_PARAMETER, c_text!(Error::RouteParameter.message())),
    (KAYAKO_JSON_WITHOUT_BODY, c_text!(Error::JsonWithoutBody.message())),
    (KAYAKO_JSON_NOT_OBJECT, c_text!(Error::JsonNotObject.message())),
    (KAYAKO_JSON_INVALID, c_text!(Error::JsonInvalid.message())),
    (KAYAKO_MULTIPART_BOUNDARY, c_text!(Error::MultipartBoundary.message())),
    (KAYAKO_MULTIPART_NOT_PLAIN, c_text!(Error::MultipartNotPlain.message())),
    (KAYAKO_BODY_TOO_LONG, c"body: must not be longer than PTRDIFF_MAX bytes"),
    (KAYAKO_ROUTE_MISSING, c_text!(Error::RouteMissing.message())),
    (KAYAKO_ROUTE_ENCODED, c_text!(Error::RouteEncoded.message())),
    (KAYAKO_ROUTE_SLASH, c_text!(Error::RouteSlash.message())),
    (KAYAKO_ROUTE_QUESTION_MARK, c_text!(Error::RouteQuestionMark.message())),
    (KAYAKO_ROUTE_CHARACTER, c_text!(Error::RouteCharacter.message())),
    (KAYAKO_PATH_URL, c_text!(Error::PathUrl.message())),
    (KAYAKO_HOSTED_KAYAKO, c_text!(Error::HostedKayako.message())),
    (KAYAKO_STAFF_API, c_text!(Error::StaffApi.message())),
    (KAYAKO_TOO_MANY_PARAMETERS, c_text!(Error::TooManyParameters.message())),
    (KAYAKO_UPLOAD_UNSUPPORTED, c_text!(Error::UploadUnsupported.message())),
    (KAYAKO_NULL_SIGNER, c"signer: must not be NULL"),
    (KAYAKO_NULL_API_KEY, c"api_key: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_SECRET_KEY, c"secret_key: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_SALT, c"salt: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_SIGNATURE, c"signature: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_OUT, c"out: must not be NULL unless out_cap is 0"),
    (KAYAKO_NULL_OUT_LEN, c"out_len: must not be NULL"),
    (KAYAKO_NULL_METHOD, c"method: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_CONTENT_TYPE, c"content_type: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_URL, c"url: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_BODY, c"body: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_FORM, c"form: must not be NULL unless its length is 0"),
    (KAYAKO_NULL_TARGET, c"target: must not be NULL"),
    (KAYAKO_NULL_OFFSET, c"offset: must not be NULL"),
    (KAYAKO_NULL_DIAGNOSIS, c"diagnosis: must not be NULL"),
    (KAYAKO_NULL_UPLOAD, c"upload: must not be NULL"),
    (KAYAKO_NULL_PIECE, c"piece: must not be NULL unless its length is 0"),
];

/// Returns the message of a status, which may be any number.
pub(crate) fn message(status: i32) -> &'static CStr {
    MESSAGES.iter().find(|(known, _)| *known as i32 == status).map_or(c"unknown status", |(_, message)| message)
}

#[cfg(test)]
mod tests {
    use super::{Error, kayako_status, message};

    #[test]
    fn every_error_of_core_has_a_status_with_its_message() {
        for error in Error::all() {
            let status = kayako_status::from(error);
            assert_eq!(message(status as i32).to_str(), Ok(error.message()), "{error:?}");
        }
    }
}
