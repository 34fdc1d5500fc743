//! Says which part of a request the server reads (stages 3 and 4).

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
    /// would read is empty. A diagnosis accepts it; signing never uses it.
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
    /// Returns the method with this name, or `None` if the server does not know it. The name must be in capitals.
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

/// The kind of body that the server, or PHP before it, takes it for by the Content-Type header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyType {
    Form,
    Multipart,
    Json,
    Other,
}

impl BodyType {
    /// Returns the kind of a body with this method and content type.
    ///
    /// The server looks for its two types anywhere in the header, and their case matters. PHP reads the body of a POST
    /// by the type before the header's first separator, in any case.
    pub(crate) fn of(method: Option<Method>, content_type: &str) -> Self {
        match method {
            _ if content_type.contains(JSON) => BodyType::Json,
            Some(Method::Post) if is_multipart(content_type) => BodyType::Multipart,
            Some(Method::Post) if is_form(content_type) => BodyType::Form,
            Some(Method::Put) if content_type.contains(FORM) => BodyType::Form,
            _ => BodyType::Other,
        }
    }
}

/// Returns whether PHP reads the body of a POST as multipart, so that nothing of it is left for the server.
pub(crate) fn is_multipart(content_type: &str) -> bool {
    php::media_type(content_type).eq_ignore_ascii_case(MULTIPART)
}

/// Returns whether PHP reads the body of a POST as an encoded form.
pub(crate) fn is_form(content_type: &str) -> bool {
    php::media_type(content_type).eq_ignore_ascii_case(FORM)
}
