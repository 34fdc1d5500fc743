use crate::php;

/// The part of a request in which the server looks for the three parameters. It reads exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Container {
    /// The query string.
    Query,
    /// The body, as an encoded form.
    Form,
    /// The body, as multipart form data.
    Multipart,
    /// The body, as a JSON object.
    Json,
    /// The body, read as an encoded form whatever its type says. What the server falls back on where it finds the
    /// container empty, or knows none for the method. Seen in answers, not relied on when signing.
    Raw,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl Container {
    /// The container that the server reads for a method and a content type.
    ///
    /// It compares methods in capitals, and looks for its two types as a case-sensitive part of the header. The body of
    /// a POST is PHP's to read, by the type before the header's first separator, in any case.
    pub(crate) fn of(method: &str, content_type: &str, body: &[u8]) -> Self {
        match method {
            // PHP takes this body apart before the server looks for JSON, and leaves none.
            "POST" if is_multipart(content_type) && is_json(content_type) => Container::Raw,
            "POST" if is_multipart(content_type) => Container::Multipart,
            _ if is_json(content_type) => Container::Json,
            "POST" if php::media_type(content_type).eq_ignore_ascii_case(FORM) => Container::Form,
            "PUT" if content_type.contains(FORM) && !body.is_empty() => Container::Form,
            "GET" | "DELETE" | "PUT" => Container::Query,
            _ => Container::Raw,
        }
    }
}

/// Whether PHP reads the body of a POST as multipart.
pub(crate) fn is_multipart(content_type: &str) -> bool {
    php::media_type(content_type).eq_ignore_ascii_case(MULTIPART)
}

/// Whether the server reads the body as JSON, unless PHP takes it.
pub(crate) fn is_json(content_type: &str) -> bool {
    content_type.contains(JSON)
}
