//! Decides the outcome of a request: the answer that the server would give, and why.

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use kayako_sign_core::{Answer, Container, Diagnosis, Name, Reading, Request, Route};
use kayako_sign_transcript::Secrets;

use super::{Helpdesk, documents};
use crate::args::Web;

/// The outcome of one request.
pub(super) struct Outcome {
    pub(super) status: u16,
    pub(super) content: Content,
    pub(super) accepted: bool,
    pub(super) diagnosis: Option<Diagnosis>,
    pub(super) message: String,
    pub(super) seen: Seen,
}

/// The content of an answer.
pub(super) enum Content {
    Page,
    Text(String),
    Document(String),
}

/// The parts of a request that the server sees, only as names.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) route: Option<String>,
    pub(super) container: Option<Container>,
    pub(super) names: Vec<String>,
    pub(super) fields: Vec<String>,
}

/// An answer with its cause.
type Decision = (u16, Content, Diagnosis, String);

impl Outcome {
    /// Takes a request through the server's stages.
    pub(super) fn of(helpdesk: &Helpdesk, request: &Request<'_>) -> Self {
        let reading = Reading::of(request);
        let seen = Seen::of(&reading, &helpdesk.secrets(&reading));
        let diagnosis = helpdesk.signer.diagnose_reading(&reading);
        let refused = before_web(helpdesk.web, &reading)
            .or_else(|| without_controller(&reading, diagnosis))
            .or_else(|| refused(helpdesk, request, &reading, diagnosis));
        let accepted = refused.is_none();
        let (status, content, diagnosis, message) =
            refused.unwrap_or_else(|| accept(&reading, diagnosis, &seen.fields));
        Outcome { status, content, accepted, diagnosis: Some(diagnosis), message, seen }
    }

    /// Refuses something that was not read as a request.
    pub(super) fn not_taken(status: u16, message: &str) -> Self {
        let message = message.to_owned();
        let content = Content::Text(String::new());
        Outcome { status, content, accepted: false, diagnosis: None, message, seen: Seen::default() }
    }

    /// Returns the response for the client.
    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let (content_type, body) = match self.content {
            Content::Page => ("text/html", page(self.status)),
            Content::Text(text) => ("text/plain", text),
            Content::Document(document) => ("text/xml", document),
        };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = self.status.try_into().unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Some(diagnosis) = self.diagnosis {
            headers.insert("kayako-sign-diagnosis", diagnosis.code().into());
        }
        if let Ok(message) = HeaderValue::try_from(self.message) {
            headers.insert("kayako-sign-message", message);
        }
        response
    }
}

fn page(status: u16) -> String {
    let title = hyper::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let title = title.unwrap_or_default();
    format!("<!DOCTYPE html>\n<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>\n")
}

/// Returns the refusal at stage 1: a path URL on a web server without rewrite rules.
fn before_web(web: Web, reading: &Reading<'_>) -> Option<Decision> {
    let Answer { status, .. } = reading.answer_without_rewriting().filter(|_| web == Web::Plain)?;
    let content = if status == 200 { Content::Text(String::new()) } else { Content::Page };
    let message = "URL: its path names no file, and this web server has no rewrite rules; write \
                   /api/index.php?/App/Controller, or start the helpdesk with --web rewrite";
    Some((status, content, Diagnosis::PathUrl, message.to_owned()))
}

/// Returns the refusal at stage 2: a well-formed route without a controller.
fn without_controller(reading: &Reading<'_>, diagnosis: Diagnosis) -> Option<Decision> {
    let is_refused_before = matches!(diagnosis.answer().status, 403 | 404);
    let route = reading.route().filter(|route| !route.is_known() && !is_refused_before)?;
    let (app, controller) = route.nearest();
    let message =
        format!("URL: the vendor's API has no such controller, whose case matters; the nearest is /{app}/{controller}");
    Some((404, Content::Page, Diagnosis::RouteMissing, message))
}

/// Returns the refusal for core's diagnosis, at any stage.
fn refused(
    helpdesk: &Helpdesk,
    request: &Request<'_>,
    reading: &Reading<'_>,
    diagnosis: Diagnosis,
) -> Option<Decision> {
    if diagnosis.is_accepted() {
        return None;
    }
    let Answer { status, text, .. } = reading.answer(diagnosis);
    let content = match diagnosis {
        Diagnosis::MethodUnknown => {
            Content::Text(format!("{text}: there is no method {}", helpdesk.secrets(reading).masked(request.method)))
        }
        Diagnosis::SaltArray => Content::Text(complaint("hash_hmac", 2, "data")),
        Diagnosis::ApiKeyArray | Diagnosis::SignatureArray if status == 200 => {
            Content::Text(complaint("trim", 1, "string"))
        }
        _ if text.is_empty() => Content::Page,
        _ => Content::Text(text.to_owned()),
    };
    Some((status, content, diagnosis, diagnosis.message().to_owned()))
}

/// Returns PHP 8's complaint about an array instead of a text.
fn complaint(function: &str, number: u8, argument: &str) -> String {
    format!("{function}(): Argument #{number} (${argument}) must be of type string, array given")
}

/// Returns the answer of a controller (stage 6).
fn accept(reading: &Reading<'_>, diagnosis: Diagnosis, fields: &[String]) -> Decision {
    let route = reading.route().map(|route| (route.app(), route.controller())).unwrap_or_default();
    let document = documents::document(&route.0, &route.1, fields);
    (200, Content::Document(document), diagnosis, diagnosis.message().to_owned())
}

impl Seen {
    fn of(reading: &Reading<'_>, secrets: &Secrets) -> Self {
        let listed = |list: Vec<Name<'_>>| {
            // PHP ends a name at a NUL. If a body is read as the wrong type, all of it may be one name.
            let seen = list.iter().map(|name| name.to_string().split('\0').next().unwrap_or_default().to_owned());
            seen.map(|name| secrets.masked(&before_value(&name, "-_.[] "))).collect()
        };
        Seen {
            route: reading.route().and_then(|route| shown(route, secrets)),
            container: reading.container(),
            names: if reading.container().is_some() { listed(reading.read().names()) } else { Vec::new() },
            fields: listed(reading.fields()),
        }
    }
}

/// Returns the route if it is well-formed. Returns `None` otherwise, because credentials may be in the text.
fn shown(route: &Route<'_>, secrets: &Secrets) -> Option<String> {
    /// Shorter than a signature, which several arguments could form together.
    const ARGUMENTS_MAX: usize = 40;
    let pieces = [route.app(), route.controller()];
    let is_name = |piece: &String| !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !pieces.iter().all(is_name) {
        return None;
    }
    let arguments = route.arguments();
    let is_short = arguments.iter().map(String::len).sum::<usize>() < ARGUMENTS_MAX;
    let arguments = if is_short { arguments } else { vec!["…".to_owned()] };
    let shown = pieces.into_iter().chain(arguments).map(|piece| secrets.masked(&before_value(&piece, "-_.,~:…")));
    Some(shown.fold(String::new(), |route, piece| route + "/" + &piece))
}

/// Returns a text up to the first character that is not a letter, a digit or in `plain`: a value may follow.
fn before_value(text: &str, plain: &str) -> String {
    match text.find(|c: char| !c.is_alphanumeric() && !plain.contains(c)) {
        Some(at) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
