//! Reads a request as the server does, stage by stage.

use alloc::vec::Vec;
use core::fmt;

use crate::container::{BodyType, Container, Method, is_form, is_multipart};
use crate::contents::{Contents, KeptField, KeptValue, Limit};
use crate::encoded::Encoded;
use crate::multipart;
use crate::php;
use crate::route::{Route, RouteSource};
use crate::url::{Path, Url};
use crate::value::Value;
use crate::{Answer, Diagnosis, Name, Request};

/// A request as the server sees it: the route, the part that the server reads, and the names there.
///
/// A path URL is read as the vendor's rewrite rule passes it on. A reading borrows the request and shows no values;
/// only the methods that return names or texts allocate.
#[derive(Clone)]
pub struct Reading<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) method: Option<Method>,
    pub(crate) path: Path<'a>,
    pub(crate) route: Option<Route<'a>>,
    /// The `e` that counts: the one in the body, or else the one in the query.
    pub(crate) parameter_e: KeptField<'a>,
    container: Option<Container>,
    query: Contents<'a>,
    body: Contents<'a>,
    /// Whether the body is JSON by its type, but PHP reads no object in it.
    pub(crate) is_json_unreadable: bool,
}

impl<'a> Reading<'a> {
    /// Reads a request as the server does.
    #[must_use]
    pub fn of(request: &Request<'a>) -> Self {
        let url = Url::of(request.url);
        let path = url.path();
        let method = Method::of(request.method);
        let posted = posted(request, method);
        let query_text = query_text(&url, path);
        let mut query = Contents::of_form(query_text, Limit::QUERY);
        let (route, parameter_e) = find_route(path, query_text, &query, &posted);
        let is_raw = route.is_some_and(|route| route.is_raw_query());
        if let Some(route) = &route {
            query.add_missing(route.parameters, !is_raw);
        }
        let container = method.map(|method| container(request, method, &posted, &query));
        if is_raw && route.is_some_and(|route| route.fault().is_none()) {
            query.set_opens_with_route();
        }
        let (body, is_json_unreadable) = body(request, container, posted);
        Reading { request: *request, method, path, route, parameter_e, container, query, body, is_json_unreadable }
    }

    /// Returns the route that the server finds, or `None`. The server may still refuse it.
    #[must_use]
    pub fn route(&self) -> Option<&Route<'a>> {
        self.route.as_ref()
    }

    /// Returns the part in which the server looks for the credentials, or `None` if it does not know the method.
    #[must_use]
    pub fn container(&self) -> Option<Container> {
        self.container
    }

    /// Returns the parameters in the part that the server reads: those of the query if [`container`](Self::container)
    /// is `None`.
    #[must_use]
    pub fn read(&self) -> &Contents<'a> {
        match self.container {
            Some(Container::Query) | None => &self.query,
            Some(Container::Form | Container::Multipart | Container::Json | Container::Raw) => &self.body,
        }
    }

    /// Returns the parameters in the query, and those after a route that is not in the query.
    #[must_use]
    pub fn query(&self) -> &Contents<'a> {
        &self.query
    }

    /// Returns the parameters in the body, read as the server reads it, or as its type says if the server does not.
    #[must_use]
    pub fn body(&self) -> &Contents<'a> {
        &self.body
    }

    /// Returns whether a controller finds the fields of the request. It takes them only from PHP's `$_POST`.
    #[must_use]
    pub fn reads_fields(&self) -> bool {
        match (self.method, self.container) {
            (Some(Method::Post), Some(Container::Form | Container::Multipart)) => true,
            (Some(Method::Put), container) => matches!(container, Some(Container::Form | Container::Raw)),
            _ => false,
        }
    }

    /// Returns the names of the fields that a controller finds: the first 1,000 names in the part that is read, without
    /// the credentials. Returns none if the server [reads no fields](Self::reads_fields) there.
    #[must_use]
    pub fn fields(&self) -> Vec<Name<'a>> {
        if !self.reads_fields() {
            return Vec::new();
        }
        let names = self.read().names().into_iter();
        names.filter(|name| php::field_match(name.to_bytes().into_iter()).is_none()).collect()
    }

    /// Returns whether the request carries fields that no controller finds.
    pub(crate) fn has_unread_fields(&self) -> bool {
        match (self.method, self.container) {
            _ if self.reads_fields() => false,
            (_, Some(Container::Json)) | (Some(Method::Post), _) => self.body.has_fields(),
            (Some(Method::Put), _) => self.has_unread_body() || self.query.has_fields(),
            _ => false,
        }
    }

    /// Returns whether a PUT whose query is read has a body that holds more than a route.
    fn has_unread_body(&self) -> bool {
        let is_form = BodyType::of(self.method, self.request.sent_type()) == BodyType::Form;
        !is_form && !self.request.body.is_empty()
    }

    /// Returns the server's answer to the request, whose diagnosis is given.
    #[must_use]
    pub fn answer(&self, diagnosis: Diagnosis) -> Answer {
        let answer = diagnosis.answer();
        let [_, salt, _] = self.read().credentials();
        let has_salt = match salt.value {
            KeptValue::Nothing => false,
            KeptValue::Text(text) => !text.is_empty(),
            KeptValue::Array => true,
        };
        if answer == Answer::FAILED && !has_salt { Answer::NO_SALT } else { answer }
    }

    /// Returns the answer of a web server without the vendor's rewrite rule, or `None` if the URL does not need that
    /// rule.
    #[must_use]
    pub fn answer_without_rewriting(&self) -> Option<Answer> {
        matches!(self.path, Path::Rewritten(_)).then_some(match self.request.method {
            "PUT" | "DELETE" | "PATCH" => Answer { status: 405, text: "" },
            "OPTIONS" => Answer { status: 200, text: "" },
            _ => Answer::NOT_FOUND,
        })
    }
}

/// Returns the contents of PHP's `$_POST` for a POST, and those of the body for a PUT of form type.
fn posted<'a>(request: &Request<'a>, method: Option<Method>) -> Contents<'a> {
    // PHP reads the body of a POST before the server looks for JSON in the header.
    match method {
        Some(Method::Post) if is_multipart(request.sent_type()) => of_multipart(request),
        Some(Method::Post) if is_form(request.sent_type()) => {
            Contents::of_form(Encoded::plain(request.body), Limit::POST)
        }
        _ if BodyType::of(method, request.sent_type()) == BodyType::Form => Contents::of_body(request.body),
        _ => Contents::default(),
    }
}

fn of_multipart<'a>(request: &Request<'a>) -> Contents<'a> {
    let boundary = multipart::boundary(request.sent_type());
    boundary.map(|boundary| Contents::of_multipart(boundary, request.body)).unwrap_or_default()
}

/// Returns the query that reaches PHP.
fn query_text<'a>(url: &Url<'a>, path: Path<'a>) -> Encoded<'a> {
    match path {
        Path::Rewritten(text) => Encoded::plain(text.as_bytes()).path_decoded(),
        _ => Encoded::plain(url.query.unwrap_or_default().as_bytes()),
    }
}

/// Finds the route, and the parameter `e` that counts.
fn find_route<'a>(
    path: Path<'a>,
    query_text: Encoded<'a>,
    query: &Contents<'a>,
    posted: &Contents<'a>,
) -> (Option<Route<'a>>, KeptField<'a>) {
    let is_posted = !posted.route.is_missing();
    let (e, source) = if is_posted { (posted.route, RouteSource::Body) } else { (query.route, RouteSource::Query) };
    if let KeptValue::Text(Value::Sent(text)) = e.value {
        if let Some(route) = Route::of_parameter(source, text) {
            return (Some(route), e);
        }
    }
    let route = match path {
        Path::Info(text) => Some(Route::new(RouteSource::PathInfo, Encoded::plain(text.as_bytes()).path_decoded())),
        _ if query_text.is_empty() => None,
        Path::Rewritten(_) => Some(Route::new(RouteSource::RewrittenPath, query_text)),
        _ => Some(Route::new(RouteSource::RawQuery, query_text)),
    };
    (route, e)
}

/// Returns the part that the server reads.
fn container(request: &Request<'_>, method: Method, posted: &Contents<'_>, query: &Contents<'_>) -> Container {
    let is_raw_read = || {
        // PHP leaves no raw body if it read one as multipart, which needs a boundary.
        let is_taken = method == Method::Post
            && is_multipart(request.sent_type())
            && multipart::boundary(request.sent_type()).is_some();
        !is_taken && Contents::of_body(request.body).holds([true; 3])
    };
    match BodyType::of(Some(method), request.sent_type()) {
        BodyType::Json => Container::Json,
        BodyType::Form if method == Method::Post || !posted.is_empty() => Container::Form,
        BodyType::Multipart if posted.is_empty() && is_raw_read() => Container::Raw,
        BodyType::Multipart => Container::Multipart,
        BodyType::Other if method == Method::Post => Container::Raw,
        BodyType::Form | BodyType::Other if query.is_empty() && is_raw_read() => Container::Raw,
        BodyType::Form | BodyType::Other => Container::Query,
    }
}

/// Returns the contents of the body, and whether it should be JSON and is not.
fn body<'a>(request: &Request<'a>, container: Option<Container>, posted: Contents<'a>) -> (Contents<'a>, bool) {
    match container {
        Some(Container::Json) => {
            // PHP parsed this body before the server looks for JSON, and leaves none.
            let is_taken = request.method == "POST" && is_multipart(request.sent_type());
            let json = if is_taken { None } else { Contents::of_json(request.body) };
            let is_unreadable = json.is_none();
            (json.unwrap_or_default(), is_unreadable)
        }
        Some(Container::Form | Container::Multipart) => (posted, false),
        Some(Container::Query) | None if is_multipart(request.sent_type()) => (of_multipart(request), false),
        _ => (Contents::of_body(request.body), false),
    }
}

/// Shows the parts, but none of their text.
impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("route", &self.route)
            .field("container", &self.container)
            .field("query", &self.query)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
