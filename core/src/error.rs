use core::{ffi::CStr, fmt};

/// Why a signer, a salt or credentials could not be made, or a request not be signed.
///
/// The text of an error names the argument and the rule it broke. It never quotes a key, a salt or a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// The API key is empty.
    EmptyApiKey,
    /// The API key is longer than [`Signer::API_KEY_MAX`](crate::Signer::API_KEY_MAX) bytes.
    ApiKeyTooLong,
    /// The API key is not UTF-8 text.
    ApiKeyNotUtf8,
    /// The secret key is empty.
    EmptySecretKey,
    /// The secret key is longer than [`Signer::SECRET_KEY_MAX`](crate::Signer::SECRET_KEY_MAX) bytes.
    SecretKeyTooLong,
    /// The salt is empty. The server takes it for a missing one.
    EmptySalt,
    /// The salt is `0`, which the server takes for a missing one.
    ZeroSalt,
    /// The salt is longer than [`Salt::MAX_LEN`](crate::Salt::MAX_LEN) bytes.
    SaltTooLong,
    /// The salt is not UTF-8 text, which JSON and multipart must be.
    SaltNotUtf8,
    /// The batch has more than [`Signer::BATCH_MAX`](crate::Signer::BATCH_MAX) credentials.
    BatchTooLarge,
    /// The address is longer than [`Request::URL_MAX`](crate::Request::URL_MAX) bytes.
    UrlTooLong,
    /// The address is not absolute, not of http or https, or has no host.
    UrlNotAbsolute,
    /// The address holds a space, a control character, a backslash or a byte outside of ASCII.
    UrlCharacter,
    /// The server reads no credentials in a request of this method.
    MethodUnsupported,
    /// The server reads no credentials in a request of this method and content type.
    ContentTypeUnsupported,
    /// A parameter of the request would replace `apikey`.
    ApiKeyParameter,
    /// A parameter of the request would replace `salt`.
    SaltParameter,
    /// A parameter of the request would replace `signature`.
    SignatureParameter,
    /// A parameter of the request would replace its route.
    RouteParameter,
    /// The content type is JSON, and there is no body.
    JsonWithoutBody,
    /// The JSON body is not an object.
    JsonNotObject,
    /// The JSON body is not valid, not UTF-8, or holds half a surrogate pair or a name that begins with NUL.
    JsonInvalid,
    /// The content type does not name one plain multipart boundary.
    MultipartBoundary,
    /// The multipart body is not plain, so that PHP may read it in another way.
    MultipartNotPlain,
    /// The operating system gave no random bytes for a salt.
    NoRandomness,
    /// There is not enough memory.
    OutOfMemory,
}

impl Error {
    /// The text of the error, with a NUL behind it for callers from C.
    #[must_use]
    pub const fn message(self) -> &'static CStr {
        match self {
            Error::EmptyApiKey => c"API key: must not be empty",
            Error::ApiKeyTooLong => c"API key: must not be longer than 1024 bytes",
            Error::ApiKeyNotUtf8 => c"API key: must be UTF-8 text",
            Error::EmptySecretKey => c"secret key: must not be empty",
            Error::SecretKeyTooLong => c"secret key: must not be longer than 65536 bytes",
            Error::EmptySalt => c"salt: must not be empty, because the server takes that for a missing salt",
            Error::ZeroSalt => c"salt: must not be 0, because the server takes that for a missing salt",
            Error::SaltTooLong => c"salt: must not be longer than 65536 bytes",
            Error::SaltNotUtf8 => c"salt: must be UTF-8 text to stand in JSON or multipart",
            Error::BatchTooLarge => c"count: must not be more than 1000000 credentials at once",
            Error::UrlTooLong => c"URL: must not be longer than 1048576 bytes",
            Error::UrlNotAbsolute => c"URL: must be absolute, of http or https, and name a host",
            Error::UrlCharacter => {
                c"URL: must not hold a space, a control character, a backslash or a byte outside of ASCII; \
                  percent-encode it"
            }
            Error::MethodUnsupported => {
                c"method: must be GET, POST, PUT or DELETE, in capitals, because the server reads no credentials in \
                  others"
            }
            Error::ContentTypeUnsupported => {
                c"content type: must be application/x-www-form-urlencoded, multipart/form-data or application/json for \
                  a POST, because the server reads no credentials in others"
            }
            Error::ApiKeyParameter => {
                c"parameter apikey: must not stand in the request already, because PHP would let it replace the \
                  credential"
            }
            Error::SaltParameter => {
                c"parameter salt: must not stand in the request already, because PHP would let it replace the \
                  credential"
            }
            Error::SignatureParameter => {
                c"parameter signature: must not stand in the request already, because PHP would let it replace the \
                  credential"
            }
            Error::RouteParameter => {
                c"parameter e: must stand once, in the query, because PHP would let another one replace the route"
            }
            Error::JsonWithoutBody => {
                c"body: must be a JSON object for the content type application/json; send that header only with a body"
            }
            Error::JsonNotObject => c"body: must be a JSON object, because the credentials are members of it",
            Error::JsonInvalid => {
                c"body: must be valid JSON in UTF-8, at most 511 levels deep, without half a surrogate pair and \
                  without a name that begins with NUL"
            }
            Error::MultipartBoundary => {
                c"content type: must name one multipart boundary, once, of 1 to 70 letters, digits or ()+_-./:=?"
            }
            Error::MultipartNotPlain => {
                c"body: must be plain multipart, because PHP reads other forms in its own way: it begins with the \
                  boundary, each part has one Content-Disposition: form-data with one quoted name, no header line is \
                  folded, the boundary stands in no value, and nothing follows the closing boundary"
            }
            Error::NoRandomness => c"salt: the operating system gave no random bytes for a fresh one",
            Error::OutOfMemory => c"memory: not enough of it is free",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().to_str().map_err(|_| fmt::Error)?)
    }
}

impl core::error::Error for Error {}
