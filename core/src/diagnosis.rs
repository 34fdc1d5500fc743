//! Lists the causes that a diagnosis can name, with their codes, messages and answers.

use core::fmt;

use crate::message::messages;

/// The server's verdict on a signature or a request, with its cause.
///
/// After the first release a [`code`](Self::code) never changes; new ones may be added. `Display` shows the
/// [`message`](Self::message).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Diagnosis {
    /// The server accepts it.
    Good = 0,
    /// A `+` arrived as a space. The server forgives it.
    PlusLost = 1,
    /// A newline or a tab is around the signature. The server trims it.
    WhitespaceAround = 2,
    /// The URL has the route in its path, which works only with rewrite rules.
    PathUrl = 3,
    /// The request carries fields where no controller reads them.
    FieldsNotRead = 4,

    /// The signature arrives URL-encoded.
    UrlEncoded = 10,
    /// The signature is in base64's URL-safe alphabet.
    UrlSafeAlphabet = 11,
    /// The signature lacks its padding.
    PaddingMissing = 12,
    /// A space is before or after the signature.
    SpaceAround = 13,
    /// The signature is the base64 of the hexadecimal digest.
    Base64OfHex = 14,
    /// The signature is the hexadecimal digest.
    HexDigest = 15,
    /// The signature is a plain SHA-256 of salt and secret key.
    PlainHash = 16,
    /// The signature was made with the secret key base64-decoded.
    SecretDecoded = 17,
    /// The signature was made with a newline after the secret key.
    NewlineBehindSecret = 18,
    /// The API key and the secret key are swapped.
    KeysSwapped = 19,
    /// The signature was made with the salt as the key and the secret key as the message.
    SaltAsKey = 20,
    /// The signature is not the base64 of 32 bytes.
    NotASignature = 21,
    /// The signature is well-formed, but belongs to another salt or another secret key.
    AnotherSignature = 22,
    /// The signature has the length of another hash: MD5, SHA-1 or SHA-512.
    AnotherHash = 23,
    /// The signature was made with a byte order mark before the secret key.
    ByteOrderMarkBeforeSecret = 24,

    /// There are no credentials.
    CredentialsMissing = 30,
    /// The credentials are in the query, but the server reads the body.
    CredentialsInQuery = 31,
    /// The credentials are in the body, but the server reads the query.
    CredentialsInBody = 32,
    /// The credentials are in the body, but the server reads it as another type.
    CredentialsInOtherType = 33,
    /// The URL has no question mark, so the credentials are part of the path.
    CredentialsInPath = 34,
    /// The credentials are after a `#`, which is never sent.
    CredentialsInFragment = 35,
    /// The content type is JSON, but there is no body, and the server does not look into the query.
    JsonWithoutBody = 36,
    /// The body is not a JSON object that PHP can read.
    JsonUnreadable = 37,
    /// The credentials come after the last parameter that PHP takes.
    TooManyParameters = 38,
    /// The parameters are separated by `&amp;`, so `amp;` is part of their names.
    AmpersandEscaped = 39,

    /// `apikey` is missing.
    ApiKeyMissing = 40,
    /// `apikey` is empty.
    ApiKeyEmpty = 41,
    /// `apikey` is replaced by an array.
    ApiKeyArray = 42,
    /// `apikey` is repeated, and the last one is wrong.
    ApiKeyRepeated = 43,
    /// `apikey` is not that of the signer.
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

    /// The server finds no route.
    RouteMissing = 70,
    /// The route is percent-encoded.
    RouteEncoded = 71,
    /// The parameter `e` does not begin with a slash.
    RouteSlash = 72,
    /// There is a `?` in the app or the controller of the route.
    RouteQuestionMark = 73,
    /// An argument of the route holds a character that the server refuses.
    RouteCharacter = 74,
    /// The credentials are in the query of a path URL, which the rewrite rule drops.
    PathUrlQuery = 75,
    /// The path holds `%2F`, which web servers refuse.
    PathEscape = 76,
    /// The path, once decoded, holds a space or a control character, which rewriting refuses.
    PathControl = 77,
    /// The URL belongs to the API of the hosted Kayako, which takes no signatures.
    HostedKayako = 78,
    /// The URL belongs to the Staff API, which takes no signatures.
    StaffApi = 79,
    /// The server does not know the method.
    MethodUnknown = 80,
}

use Diagnosis as D;

messages! {
    Diagnosis,
    "Returns the message: what it is about, the cause, and what to change. It \
     quotes no key, no salt and no signature.";
    Good => "good": "the server accepts this",
    PlusLost => "signature": "accepted, but a + arrived as a space; write + as %2B in a URL or a form",
    WhitespaceAround => "signature": "accepted, but a newline or a tab is around it; leave that out",
    PathUrl => "URL":
        "accepted, but only if the web server rewrites such paths; write /api/index.php?/App/Controller instead, \
         which works on every server",
    FieldsNotRead => "fields":
        "accepted, but the server reads no fields there; send them as a form in the body of a POST or PUT",
    UrlEncoded => "signature":
        "it arrives URL-encoded, so it was encoded once too often; give the raw base64 to the code that encodes \
         the parameters",
    UrlSafeAlphabet => "signature": "it has - and _ of base64's URL-safe alphabet; use the standard one, with + and /",
    PaddingMissing => "signature": "the = at its end is missing; keep the base64 padding",
    SpaceAround => "signature": "a space is before or after it; leave that out",
    Base64OfHex => "signature":
        "it is the base64 of the hexadecimal digest; encode the 32 raw bytes (in PHP, hash_hmac with true as its \
         last argument)",
    HexDigest => "signature": "it is the hexadecimal digest; send the base64 of the 32 raw bytes",
    PlainHash => "signature":
        "it is a plain SHA-256 of salt and secret key; make it with HMAC-SHA256, keyed with the secret key",
    SecretDecoded => "signature":
        "it was made with the secret key base64-decoded; use the secret key as it is shown, byte for byte",
    NewlineBehindSecret => "signature":
        "it was made with a newline after the secret key; cut that off when you read the key from a file",
    KeysSwapped => "API key and secret key": "they are swapped; send the API key and sign with the secret key",
    SaltAsKey => "signature":
        "it was made with the salt as the key; the secret key is the key, and the salt is the message",
    NotASignature => "signature": "it is not a signature; it must be the base64 of 32 bytes, which is 44 characters",
    AnotherSignature => "signature":
        "it belongs to another salt or another secret key; send the very salt that was signed, and check the \
         secret key",
    AnotherHash => "signature":
        "it has the length of another hash, such as MD5, SHA-1 or SHA-512; make it with HMAC-SHA256",
    ByteOrderMarkBeforeSecret => "signature":
        "it was made with a byte order mark before the secret key; save the file of the key without one",
    CredentialsMissing => "credentials": "the request has none; it needs apikey, salt and signature",
    CredentialsInQuery => "credentials":
        "they are in the query, but the server reads the body of such a request; put them into the body",
    CredentialsInBody => "credentials":
        "they are in the body, but the server reads the query of such a request; put them into the query",
    CredentialsInOtherType => "credentials":
        "they are in the body, but the server reads it as something else; make method and Content-Type header fit \
         the body",
    CredentialsInPath => "URL":
        "it has no ?, so the credentials are part of the path, where nothing reads them; put a ? before the route",
    CredentialsInFragment => "URL":
        "the credentials are after a #, and that part is never sent; put them before it, or write # as %23",
    JsonWithoutBody => "content type":
        "it is application/json, so the server reads a body, and there is none; send that header only with a body",
    JsonUnreadable => "body":
        "PHP cannot read it as a JSON object; look for a byte order mark, a comma before a closing bracket, \
         single quotes or text that is not UTF-8",
    TooManyParameters => "credentials":
        "they come after more than 1000 parameters, and PHP drops those; put them first",
    AmpersandEscaped => "credentials":
        "the parameters are separated by &amp;, so their names begin with amp;; write & (in PHP, give \
         http_build_query the separator & itself)",
    ApiKeyMissing => "apikey": "it is missing; send the API key beside salt and signature",
    ApiKeyEmpty => "apikey": "it is empty; send the API key",
    ApiKeyArray => "apikey": "a parameter such as apikey[] replaces it with an array; rename that parameter",
    ApiKeyRepeated => "apikey": "it is there more than once, and the last one, which counts, is wrong; send it once",
    AnotherApiKey => "apikey": "it is not the one of this signer; send the API key that belongs to the secret key",
    SaltMissing => "salt": "it is missing; send the salt that was signed",
    SaltEmpty => "salt": "it is empty, which the server takes for missing; send the salt that was signed",
    SaltArray => "salt": "a parameter such as salt[] replaces it with an array; rename that parameter",
    SaltRepeated => "salt": "it is there more than once, and the last one, which counts, is wrong; send it once",
    SaltZero => "salt": "it is 0, which the server takes for missing; sign another salt",
    SignatureMissing => "signature": "it is missing; send the signature of the salt",
    SignatureEmpty => "signature": "it is empty; send the signature of the salt",
    SignatureArray => "signature": "a parameter such as signature[] replaces it with an array; rename that parameter",
    SignatureRepeated => "signature":
        "it is there more than once, and the last one, which counts, is wrong; send it once",
    RouteMissing => "URL":
        "the server finds no route in it; write the route first in the query, as in \
         https://HOST/api/index.php?/Base/User/1",
    RouteEncoded => "URL":
        "its route is percent-encoded, and the server does not decode it; write / and not %2F in the route, and \
         append it by hand if a library encodes it",
    RouteSlash => "parameter e": "it does not begin with a slash, so it is no route; write e=/Base/User/1",
    RouteQuestionMark => "URL":
        "a second ? is part of the route; write / before an identifier and & before a parameter",
    RouteCharacter => "URL":
        "an argument in its route holds a character that the server refuses; only letters, digits, spaces and \
         ,~%.:=_- may be there, and & goes before a parameter",
    PathUrlQuery => "URL":
        "a rewrite rule drops the query of such a path, credentials and all; write /api/index.php?/App/Controller \
         instead",
    PathEscape => "URL":
        "its path holds %2F, which web servers answer 404 to; put route and credentials into the query, after \
         /api/index.php?",
    PathControl => "URL":
        "its path holds a space or a control character, which rewrite rules refuse; put route and credentials \
         into the query, after /api/index.php?",
    HostedKayako => "URL":
        "/api/v1/ is the API of the hosted Kayako, which takes no signature but HTTP Basic or OAuth; Kayako \
         Classic has /api/index.php?/App/Controller",
    StaffApi => "URL":
        "/staffapi/ takes the session of a staff user and no signature; the REST API has \
         /api/index.php?/App/Controller",
    MethodUnknown => "method": "the server knows GET, POST, PUT and DELETE alone, in capitals; use one of these",
}

impl Diagnosis {
    /// Returns the diagnosis with this code, or `None` if there is none.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::all().find(|diagnosis| diagnosis.code() == code)
    }

    /// Returns the number of the diagnosis, which is the same in every language. 0 is good.
    #[must_use]
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// Returns whether the server accepts the signature or the request: it is good, forgiven, or accepted with a
    /// reservation that the message names.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        self.code() < D::UrlEncoded.code()
    }

    /// Returns the server's answer. [`Reading::answer`](crate::Reading::answer) is more exact, because it knows the
    /// request: a server that finds no salt says so, whatever else is wrong.
    #[must_use]
    pub const fn answer(self) -> Answer {
        match self {
            D::SaltMissing | D::SaltEmpty | D::SaltZero => Answer::NO_SALT,
            D::CredentialsInPath
            | D::RouteMissing
            | D::RouteEncoded
            | D::RouteSlash
            | D::RouteQuestionMark
            | D::PathEscape
            | D::HostedKayako
            | D::StaffApi => Answer::NOT_FOUND,
            D::ApiKeyArray | D::SaltArray | D::SignatureArray => Answer::ARRAY,
            D::RouteCharacter => Answer { status: 400, text: "" },
            D::PathControl => Answer { status: 403, text: "" },
            D::MethodUnknown => Answer::UNCAUGHT,
            _ if self.is_accepted() => Answer { status: 200, text: "" },
            _ => Answer::FAILED,
        }
    }
}

/// The server's answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// A text in the body. It is empty if the body is an HTML page or the document that was asked for.
    pub text: &'static str,
}

impl Answer {
    pub(crate) const NO_SALT: Self = Answer { status: 401, text: "NO SALT PROVIDED!" };
    pub(crate) const FAILED: Self = Answer { status: 401, text: "FAILED TO AUTHENTICATE" };
    pub(crate) const NOT_FOUND: Self = Answer { status: 404, text: "" };
    pub(crate) const UNCAUGHT: Self = Answer { status: 200, text: "Uncaught Exception" };
    /// The end of PHP's complaint. Its beginning differs between versions.
    pub(crate) const ARRAY: Self = Answer { status: 200, text: " given" };
}

/// Shows the status, and the text or the kind of body.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.text) {
            (200, "") => f.write_str("200"),
            (405, "") => f.write_str("405, from the web server"),
            (status, "") => write!(f, "{status} with a page of HTML"),
            (200, " given") => f.write_str("200 with PHP's complaint about an array"),
            (200, text) => write!(f, "200 with a text that begins with {text}"),
            (status, text) => write!(f, "{status} {text}"),
        }
    }
}
