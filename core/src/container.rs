//! Which part of a request the server reads (stage 4).

use crate::php;

/// The part of a request in which the server looks for the three parameters. It reads exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Container {
    /// The query.
    Query,
    /// The body, as an encoded form.
    Form,
    /// The body, as multipart form data.
    Multipart,
    /// The body, as a JSON object.
    Json,
    /// The body, read as an encoded form whatever its type is. The server falls back on it if the container that it
    /// would read is empty. Accepted in a request that was sent, never used for signing.
    Raw,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// The methods that the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// Returns the method with this name, which is in capitals. The server knows no others.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "DELETE" => Method::Delete,
            _ => return None,
        })
    }
}

/// What the server, or PHP before it, makes of a body by the Content-Type header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyType {
    Form,
    Multipart,
    Json,
    Other,
}

impl BodyType {
    /// Returns what is made of a body with this method and type.
    ///
    /// The server looks for its two types as a case-sensitive part of the header. The body of a POST is PHP's to read,
    /// by the type before the header's first separator, in any case.
    pub(crate) fn of(method: Option<Method>, content_type: &str) -> Self {
        let is_of_php = |name: &str| php::media_type(content_type).eq_ignore_ascii_case(name);
        match method {
            _ if content_type.contains(JSON) => BodyType::Json,
            Some(Method::Post) if is_of_php(MULTIPART) => BodyType::Multipart,
            Some(Method::Post) if is_of_php(FORM) => BodyType::Form,
            Some(Method::Put) if content_type.contains(FORM) => BodyType::Form,
            _ => BodyType::Other,
        }
    }
}

/// Whether PHP reads the body of a POST as multipart, so that nothing of it is left for the server.
pub(crate) fn is_multipart(content_type: &str) -> bool {
    php::media_type(content_type).eq_ignore_ascii_case(MULTIPART)
}
