//! Lists the reasons why something could not be made or signed, with their messages.

use crate::message::messages;

/// The reason why a signer, a salt or credentials could not be made, or a request could not be signed.
///
/// `Display` shows the [`message`](Self::message).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
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
    /// The salt is empty, which the server takes for a missing one.
    EmptySalt,
    /// The salt is `0`, which the server takes for a missing one.
    ZeroSalt,
    /// The salt is longer than [`Salt::MAX_LEN`](crate::Salt::MAX_LEN) bytes.
    SaltTooLong,
    /// The salt is not UTF-8 text, as JSON and multipart must be.
    SaltNotUtf8,
    /// The batch has more than [`Signer::BATCH_MAX`](crate::Signer::BATCH_MAX) credentials.
    BatchTooLarge,
    /// The URL is longer than [`Request::URL_MAX`](crate::Request::URL_MAX) bytes.
    UrlTooLong,
    /// The URL is not absolute, not http or https, or has no host.
    UrlNotAbsolute,
    /// The URL holds a space, a control character, a backslash or a byte outside ASCII.
    UrlCharacter,
    /// The server does not know the method.
    MethodUnsupported,
    /// The server reads no credentials in a POST with this content type.
    ContentTypeUnsupported,
    /// A parameter of the request would replace `apikey`.
    ApiKeyParameter,
    /// A parameter of the request would replace `salt`.
    SaltParameter,
    /// A parameter of the request would replace `signature`.
    SignatureParameter,
    /// A parameter of the request would replace its route.
    RouteParameter,
    /// The content type is JSON, but there is no body.
    JsonWithoutBody,
    /// The JSON body is not an object.
    JsonNotObject,
    /// The JSON body is not valid, not UTF-8, or holds half a surrogate pair or a name that begins with NUL.
    JsonInvalid,
    /// The content type does not name one plain multipart boundary.
    MultipartBoundary,
    /// The multipart body is not plain, so PHP may read it differently.
    MultipartNotPlain,
    /// The server finds no route in the request.
    RouteMissing,
    /// The route is percent-encoded, or `%2F` is in the path.
    RouteEncoded,
    /// The parameter `e` does not begin with a slash.
    RouteSlash,
    /// There is a `?` in the app or the controller of the route.
    RouteQuestionMark,
    /// An argument of the route holds a character that the server answers 400 to.
    RouteCharacter,
    /// The URL has its route in the path.
    PathUrl,
    /// The URL belongs to the API of the hosted Kayako.
    HostedKayako,
    /// The URL belongs to the Staff API.
    StaffApi,
    /// There are more parameters than PHP takes beside the credentials.
    TooManyParameters,
    /// The credentials of this request do not go before its body.
    UploadUnsupported,
    /// The operating system gave no random bytes for a fresh salt.
    NoRandomness,
    /// There is not enough memory.
    OutOfMemory,
}

messages! {
    Error,
    "Returns the message: the argument and the rule that it broke. It \
     quotes no key, no salt and no signature.";
    EmptyApiKey => "API key": "must not be empty",
    ApiKeyTooLong => "API key": "must not be longer than 1024 bytes",
    ApiKeyNotUtf8 => "API key": "must be UTF-8 text",
    EmptySecretKey => "secret key": "must not be empty",
    SecretKeyTooLong => "secret key": "must not be longer than 65536 bytes",
    EmptySalt => "salt": "must not be empty, because the server takes that for a missing salt",
    ZeroSalt => "salt": "must not be 0, because the server takes that for a missing salt",
    SaltTooLong => "salt": "must not be longer than 65536 bytes",
    SaltNotUtf8 => "salt": "must be UTF-8 text to go into JSON or multipart",
    BatchTooLarge => "count": "must not be more than 1000000 credentials at once",
    UrlTooLong => "URL": "must not be longer than 1048576 bytes",
    UrlNotAbsolute => "URL": "must be absolute, begin with http:// or https://, and name a host",
    UrlCharacter => "URL":
        "must not hold a space, a control character, a backslash or a byte outside ASCII; percent-encode it",
    MethodUnsupported => "method": "must be GET, POST, PUT or DELETE, in capitals, because the server knows no others",
    ContentTypeUnsupported => "content type":
        "must be application/x-www-form-urlencoded, multipart/form-data or application/json for a POST, because \
         the server reads no credentials in others",
    ApiKeyParameter => "parameter apikey":
        "must not be in the request already, because PHP would let it replace the credential",
    SaltParameter => "parameter salt":
        "must not be in the request already, because PHP would let it replace the credential",
    SignatureParameter => "parameter signature":
        "must not be in the request already, because PHP would let it replace the credential",
    RouteParameter => "parameter e":
        "must be there once, and only if the URL has no other route, because the server would take it for the \
         route",
    JsonWithoutBody => "body":
        "must be a JSON object for the content type application/json; send that header only with a body",
    JsonNotObject => "body": "must be a JSON object, because the credentials are members of it",
    JsonInvalid => "body":
        "must be valid JSON in UTF-8, at most 511 levels deep, without half a surrogate pair and without a name \
         that begins with NUL",
    MultipartBoundary => "content type":
        "must name one multipart boundary, once, of 1 to 70 letters, digits or ()+_-./:=?",
    MultipartNotPlain => "body":
        "must be plain multipart, because PHP reads other forms in its own way: it begins with the boundary, each \
         part has one Content-Disposition: form-data with one quoted name, no header line is folded, the boundary \
         is in no value, and nothing follows the closing boundary",
    RouteMissing => "URL":
        "must name a route, as in https://HOST/api/index.php?/Base/User/1, because the server answers 404 without \
         one",
    RouteEncoded => "URL":
        "must hold its route as it is, with / and not %2F, as in https://HOST/api/index.php?/Base/User/1; append \
         it by hand if a library encodes it",
    RouteSlash => "parameter e": "must begin with a slash to be a route, as in e=/Base/User/1",
    RouteQuestionMark => "URL":
        "must have no second ? in its route; write / before an identifier and & before a parameter, as in \
         https://HOST/api/index.php?/Base/User/1&a=1",
    RouteCharacter => "URL":
        "must hold only letters, digits, spaces and ,~%.:=_- in the arguments of its route, because the server \
         answers 400 to others",
    PathUrl => "URL":
        "must not have its route in the path, which works only where rewrite rules are set, and they may drop the \
         query; write https://HOST/api/index.php?/Base/User/1",
    HostedKayako => "URL":
        "must not be of the hosted Kayako (/api/v1/), which takes no signature but HTTP Basic or OAuth; Kayako \
         Classic has https://HOST/api/index.php?/Base/User/1",
    StaffApi => "URL":
        "must not be of the Staff API (/staffapi/), which takes the session of a staff user and no signature; the \
         REST API has https://HOST/api/index.php?/Base/User/1",
    TooManyParameters => "parameters":
        "must not be more than 997, because PHP takes 1000 with the credentials and drops the others without a \
         word",
    UploadUnsupported => "content type":
        "must be that of a form or of multipart for a body that is signed piece by piece: JSON must be held in \
         memory, and other bodies need no signing",
    NoRandomness => "salt": "the operating system gave no random bytes for a fresh one",
    OutOfMemory => "memory": "not enough of it is free",
}

impl core::error::Error for Error {}
