//! Finds out why the server refuses a whole request: the first stage at which it fails, and the cause there.

use subtle::{ConditionallySelectable, ConstantTimeEq};

use crate::container::Container;
use crate::contents::{Contents, KeptField, KeptValue, Limit};
use crate::encoded::Encoded;
use crate::multipart_check;
use crate::php;
use crate::route::{Fault, RouteSource, raw_query_fault};
use crate::url::{Path, Url};
use crate::value::Value;
use crate::{Diagnosis, Reading, Request, Signer};

use Diagnosis as D;

impl Signer {
    /// Diagnoses a request: returns the server's verdict on it, with the cause.
    ///
    /// It follows the server's stages in order, and a request is diagnosed for the first one at which it fails.
    /// Allocates nothing.
    #[must_use]
    pub fn diagnose_request(&self, request: &Request<'_>) -> Diagnosis {
        self.diagnose_reading(&Reading::of(request))
    }

    /// Diagnoses the request of a reading, as [`diagnose_request`](Self::diagnose_request) does.
    #[must_use]
    pub fn diagnose_reading(&self, reading: &Reading<'_>) -> Diagnosis {
        let refused =
            reading.stopped().or_else(|| replaced_by_array(reading)).or_else(|| credentials_elsewhere(reading));
        match refused.unwrap_or_else(|| self.diagnose_credentials(reading)) {
            D::Good if matches!(reading.path, Path::Rewritten(_)) => D::PathUrl,
            D::Good if reading.has_unread_fields() => D::FieldsNotRead,
            diagnosis => diagnosis,
        }
    }

    fn diagnose_credentials(&self, reading: &Reading<'_>) -> Diagnosis {
        let [api_key, salt, signature] = reading.read().credentials();
        let salt_text = match salt.value {
            KeptValue::Nothing => return D::SaltMissing,
            KeptValue::Array => return D::SaltArray,
            KeptValue::Text(text) => text,
        };
        match api_key.value {
            KeptValue::Nothing => return D::ApiKeyMissing,
            KeptValue::Array => return D::ApiKeyArray,
            KeptValue::Text(text) => match self.diagnose_api_key(text) {
                D::Good => {}
                D::AnotherApiKey if api_key.times > 1 => return D::ApiKeyRepeated,
                refused => return refused,
            },
        }
        match signature.value {
            KeptValue::Nothing => D::SignatureMissing,
            KeptValue::Array => D::SignatureArray,
            KeptValue::Text(text) => match self.diagnose_values(salt_text, text) {
                // If another cause was recognised, it says more than that the wrong one counts.
                D::AnotherSignature | D::NotASignature if signature.times > 1 => D::SignatureRepeated,
                D::AnotherSignature if salt.times > 1 => D::SaltRepeated,
                diagnosis => diagnosis,
            },
        }
    }

    fn diagnose_api_key(&self, api_key: Value<'_>) -> Diagnosis {
        let given = php::trimmed(api_key.bytes(), php::is_trimmed);
        if given.clone().next().is_none() {
            return D::ApiKeyEmpty;
        }
        if given.clone().eq(php::trim(self.api_key().as_bytes()).iter().copied()) {
            return D::Good;
        }
        let mut code = D::AnotherApiKey.code();
        let is_as_long = given.clone().count() == self.secret_key().len();
        let difference = given.zip(self.secret_key()).fold(0, |difference, (one, other)| difference | (one ^ other));
        code.conditional_assign(&D::KeysSwapped.code(), difference.ct_eq(&0) & u8::from(is_as_long).ct_eq(&1));
        D::from_code(code).unwrap_or(D::AnotherApiKey)
    }
}

/// The stages before the credentials.
impl Reading<'_> {
    /// Returns the cause if the server stops before the credentials: at the web server, at the route or at the method.
    /// Returns `None` if it does not.
    #[must_use]
    pub fn stopped(&self) -> Option<Diagnosis> {
        match self.path {
            Path::Staff => return Some(D::StaffApi),
            Path::Hosted => return Some(D::HostedKayako),
            Path::EscapedSlash => return Some(D::PathEscape),
            Path::Rewritten(text) if has_control(text) => return Some(D::PathControl),
            _ => {}
        }
        match self.route_fault() {
            Some(Fault::Missing) => return Some(self.route_missing_cause()),
            Some(Fault::Encoded) => return Some(D::RouteEncoded),
            Some(Fault::QuestionMark) => return Some(D::RouteQuestionMark),
            Some(Fault::Character) => return Some(D::RouteCharacter),
            None => {}
        }
        self.method.is_none().then_some(D::MethodUnknown)
    }

    fn route_fault(&self) -> Option<Fault> {
        let Some(route) = &self.route else { return Some(Fault::Missing) };
        match route.source() {
            RouteSource::RawQuery => raw_query_fault(Url::of(self.request.url).query.unwrap_or_default()),
            _ => route.fault(),
        }
    }

    fn route_missing_cause(&self) -> Diagnosis {
        let path = Encoded::plain(Url::of(self.request.url).path.as_bytes());
        match self.parameter_e.value {
            // JSON has no route, so this one is in a query, a form or multipart.
            KeptValue::Text(text) if text.bytes().next().is_some() => D::RouteSlash,
            _ if Contents::of_form(path, Limit::QUERY).holds([true; 3]) => D::CredentialsInPath,
            _ => D::RouteMissing,
        }
    }
}

/// Returns whether a rewritten path, once decoded, holds a character that Apache refuses to put into a query.
fn has_control(path: &str) -> bool {
    Encoded::plain(path.as_bytes()).path_decoded().bytes().any(|byte| byte == b' ' || byte.is_ascii_control())
}

/// Returns the credential that is an array, or the salt that counts as missing. If there is a salt, PHP complains about
/// arrays before it compares anything.
fn replaced_by_array(reading: &Reading<'_>) -> Option<Diagnosis> {
    let [api_key, salt, signature] = reading.read().credentials();
    let is_array = |kept: &KeptField<'_>| matches!(kept.value, KeptValue::Array);
    match salt.value {
        KeptValue::Nothing => None,
        KeptValue::Text(text) if text.is_empty() => {
            Some(if text.bytes().next().is_none() { D::SaltEmpty } else { D::SaltZero })
        }
        _ if is_array(salt) => Some(D::SaltArray),
        _ if is_array(api_key) => Some(D::ApiKeyArray),
        _ => is_array(signature).then_some(D::SignatureArray),
    }
}

/// Finds credentials outside of the part that the server reads, or says that there are none at all. Returns `None` if
/// that part has all three, or if only some are missing and these are nowhere.
fn credentials_elsewhere(reading: &Reading<'_>) -> Option<Diagnosis> {
    let missing = reading.read().missing();
    if missing == [false; 3] {
        return None;
    }
    let is_missing = |marks: [bool; 3]| marks.iter().zip(missing).any(|(marked, missing)| *marked && missing);
    let request = &reading.request;
    let container = reading.container();
    let is_json = container == Some(Container::Json);
    let url = Url::of(request.url);
    let of_form = |text: &'_ str| Contents::of_form(Encoded::plain(text.as_bytes()), Limit::QUERY).holds(missing);
    let guessed = guessed_body(request).holds(missing);
    let in_query = reading.query().holds(missing);
    let is_bodyless = request.body.trim_ascii().is_empty();
    let looks_like_json = matches!(without_byte_order_mark(request.body).trim_ascii_start().first(), Some(b'{' | b'['));
    let in_body = reading.body().holds(missing) || guessed;
    [
        (D::TooManyParameters, is_missing(reading.read().beyond_limit)),
        (D::AmpersandEscaped, is_missing(reading.read().after_amp)),
        (D::PathUrlQuery, matches!(reading.path, Path::Rewritten(_)) && of_form(url.query.unwrap_or_default())),
        (D::JsonWithoutBody, is_json && is_bodyless && in_query),
        (D::JsonUnreadable, is_json && reading.is_json_unreadable && looks_like_json),
        (D::CredentialsInBody, container == Some(Container::Query) && in_body),
        (D::CredentialsInOtherType, guessed),
        (D::CredentialsInQuery, in_query),
        (D::CredentialsInFragment, of_form(url.fragment.rsplit('?').next().unwrap_or_default())),
        (D::CredentialsMissing, missing == [true; 3]),
    ]
    .into_iter()
    .find_map(|(diagnosis, found)| found.then_some(diagnosis))
}

/// Returns a body without the byte order mark at its beginning.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Reads the body as the type that it looks like, whatever its content type says.
fn guessed_body<'a>(request: &Request<'a>) -> Contents<'a> {
    let trimmed = without_byte_order_mark(request.body).trim_ascii_start();
    let first_line = trimmed.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    match first_line.strip_prefix(b"--").map(core::str::from_utf8) {
        Some(Ok(boundary)) if boundary.len() <= multipart_check::BOUNDARY_MAX => {
            Contents::of_multipart(boundary, trimmed)
        }
        _ if trimmed.starts_with(b"{") => Contents::of_json(trimmed).unwrap_or_default(),
        _ => Contents::of_form(Encoded::plain(request.body), Limit::QUERY),
    }
}
