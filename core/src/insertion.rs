//! Finds the place where credentials go in a request, and puts them there.
//!
//! In every container they are one run of text at one place, so signing never rebuilds the caller's text.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use crate::container::{BodyType, Method, is_form, is_multipart};
use crate::contents::{KeptField, KeptValue};
use crate::encoded::Encoded;
use crate::form_check::FormCheck;
use crate::multipart_check::{self, MultipartCheck};
use crate::php::{self, Effect, Field, FieldMatch, Parameter};
use crate::route::{Fault, Route, RouteSource, raw_query_fault};
use crate::url::{Path, Url};
use crate::value::Value;
use crate::{Credentials, Error, Request, Salt, Signer, Upload, json};

/// The part of a request that an [`Insertion`] goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The URL.
    Url,
    /// The body.
    Body,
}

/// The text that signs a request, and the place where it goes. Everything else in the request stays as it is.
///
/// `Debug` leaves the text out, because it holds a signature.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Insertion {
    /// The part that the text goes into.
    pub target: Target,
    /// The place in that part, in bytes from its start.
    pub offset: usize,
    /// The text.
    pub text: String,
}

impl Insertion {
    /// Returns the URL of the signed request: with the text inserted, or unchanged if the text goes into the body.
    ///
    /// # Panics
    ///
    /// If the URL is not the one that was signed and is shorter than the offset.
    #[must_use]
    pub fn apply_to_url<'u>(&self, url: &'u str) -> Cow<'u, str> {
        match self.target {
            Target::Url => {
                let (before, after) = url.split_at(self.offset);
                Cow::Owned([before, &self.text, after].concat())
            }
            Target::Body => Cow::Borrowed(url),
        }
    }

    /// Returns the body of the signed request: with the text inserted, or unchanged if the text goes into the URL.
    ///
    /// # Panics
    ///
    /// If the body is not the one that was signed and is shorter than the offset.
    #[must_use]
    pub fn apply_to_body<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        match self.target {
            Target::Url => Cow::Borrowed(body),
            Target::Body => {
                let (before, after) = body.split_at(self.offset);
                Cow::Owned([before, self.text.as_bytes(), after].concat())
            }
        }
    }
}

impl fmt::Debug for Insertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Insertion").field("target", &self.target).field("offset", &self.offset).finish_non_exhaustive()
    }
}

#[cfg(feature = "os-rng")]
impl Signer {
    /// Signs a request with a fresh salt, and returns the text to insert and its place.
    ///
    /// ```
    /// # use kayako_sign_core::{Request, Signer, Target};
    /// let signer = Signer::new("apikey", "secretkey")?;
    /// let request = Request::new("POST", "https://help.example.com/api/index.php?/Base/User")
    ///     .content_type("application/x-www-form-urlencoded")
    ///     .body(b"fullname=Ada");
    /// let insertion = signer.sign_request(&request)?;
    /// let body = insertion.apply_to_body(request.body);
    /// assert!(body.starts_with(b"apikey=apikey&salt=") && body.ends_with(b"%3D&fullname=Ada"));
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`insertion_point`](Self::insertion_point); [`Error::NoRandomness`] if the operating system gives no
    /// random bytes; [`Error::OutOfMemory`].
    pub fn sign_request(&self, request: &Request<'_>) -> Result<Insertion, Error> {
        self.insertion_point(request)?.insert()
    }

    /// Signs the URL of a GET or DELETE request with a fresh salt, and returns the whole URL.
    ///
    /// # Errors
    ///
    /// Those of [`sign_request`](Self::sign_request) that concern a URL or the salt.
    pub fn sign_url(&self, url: &str) -> Result<String, Error> {
        let point = self.insertion_point(&Request::new("GET", url))?;
        Ok(point.in_url(url, &self.credentials()?))
    }

    /// Signs the encoded form in the body of a POST or PUT request with a fresh salt, and returns the whole form.
    ///
    /// # Errors
    ///
    /// Those of [`insertion_point_in_form`](Self::insertion_point_in_form); [`Error::NoRandomness`];
    /// [`Error::OutOfMemory`].
    pub fn sign_form(&self, form: &str) -> Result<String, Error> {
        Ok(self.insertion_point_in_form(form.as_bytes())?.insert()?.text + form)
    }
}

impl Signer {
    /// Signs a request with a given salt, and returns the text to insert and its place.
    ///
    /// # Errors
    ///
    /// Those of [`insertion_point`](Self::insertion_point) and [`InsertionPoint::insert_with_salt`].
    pub fn sign_request_with_salt(&self, request: &Request<'_>, salt: Salt<'_>) -> Result<Insertion, Error> {
        self.insertion_point(request)?.insert_with_salt(salt)
    }

    /// Signs the URL of a GET or DELETE request with a given salt, and returns the whole URL.
    ///
    /// ```
    /// # use kayako_sign_core::{Salt, Signer};
    /// let signer = Signer::new("apikey", "secretkey")?;
    /// let signed = signer.sign_url_with_salt("https://help.example.com/api/?/Base/User/1", Salt::new("1234567890")?)?;
    /// assert!(signed.starts_with("https://help.example.com/api/?/Base/User/1&apikey=apikey&salt=1234567890&"));
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`insertion_point`](Self::insertion_point) that concern a URL.
    pub fn sign_url_with_salt(&self, url: &str, salt: Salt<'_>) -> Result<String, Error> {
        let point = self.insertion_point(&Request::new("GET", url))?;
        Ok(point.in_url(url, &self.credentials_with_salt(salt)))
    }

    /// Signs the encoded form in the body of a POST or PUT request with a given salt, and returns the whole form.
    ///
    /// # Errors
    ///
    /// Those of [`insertion_point_in_form`](Self::insertion_point_in_form); [`Error::OutOfMemory`].
    pub fn sign_form_with_salt(&self, form: &str, salt: Salt<'_>) -> Result<String, Error> {
        Ok(self.insertion_point_in_form(form.as_bytes())?.insert_with_salt(salt)?.text + form)
    }

    /// Finds the place where credentials go in a request.
    ///
    /// # Errors
    ///
    /// If the server would answer 404 or 400 to the URL: [`Error::UrlTooLong`], [`Error::UrlNotAbsolute`],
    /// [`Error::UrlCharacter`], [`Error::RouteMissing`], [`Error::RouteEncoded`], [`Error::RouteSlash`],
    /// [`Error::RouteQuestionMark`], [`Error::RouteCharacter`], [`Error::PathUrl`], [`Error::HostedKayako`],
    /// [`Error::StaffApi`]. If the server would not read the credentials: [`Error::MethodUnsupported`],
    /// [`Error::ContentTypeUnsupported`], [`Error::JsonWithoutBody`], [`Error::JsonNotObject`], [`Error::JsonInvalid`],
    /// [`Error::MultipartBoundary`], [`Error::MultipartNotPlain`], [`Error::TooManyParameters`]. If something in the
    /// request would replace a credential or the route: [`Error::ApiKeyParameter`], [`Error::SaltParameter`],
    /// [`Error::SignatureParameter`], [`Error::RouteParameter`].
    pub fn insertion_point<'a>(&'a self, request: &Request<'a>) -> Result<InsertionPoint<'a>, Error> {
        let body = request.body;
        let Head { route, part } = Head::of(request, !body.is_empty())?;
        let (placement, in_body) = match part {
            Part::Query(placement) => (placement, None),
            Part::Form => Placement::in_form(body, route.is_ok())?,
            Part::Multipart(boundary) => Placement::in_multipart(self.api_key(), boundary, body, route.is_ok())?,
            Part::Json => (Placement::in_json(body)?, None),
        };
        in_body.unwrap_or(route)?;
        Ok(InsertionPoint::new(self, placement))
    }

    /// Finds the place where credentials go in an encoded form, which may be empty. The form may hold a route once, as
    /// `e`.
    ///
    /// # Errors
    ///
    /// If a parameter of the form would replace a credential or the route: [`Error::ApiKeyParameter`],
    /// [`Error::SaltParameter`], [`Error::SignatureParameter`], [`Error::RouteParameter`]. If `e` is no route:
    /// [`Error::RouteSlash`], [`Error::RouteMissing`], [`Error::RouteQuestionMark`], [`Error::RouteCharacter`].
    /// [`Error::TooManyParameters`].
    pub fn insertion_point_in_form<'a>(&'a self, form: &'a [u8]) -> Result<InsertionPoint<'a>, Error> {
        let (placement, route) = Placement::in_form(form, false)?;
        route.unwrap_or(Ok(()))?;
        Ok(InsertionPoint::new(self, placement))
    }
}

impl Signer {
    /// Finds the place where credentials go if the body is too large for memory, or does not exist yet: before it.
    ///
    /// Ignores [`body`](Request::body). Send the insertion first, then the body, and check each piece with the
    /// [`Upload`] before you send it.
    ///
    /// # Errors
    ///
    /// Those of [`Request::target`]; [`Error::UploadUnsupported`] if the credentials do not go before a form or
    /// multipart body; [`Error::MultipartNotPlain`] if the API key holds the boundary; [`Error::OutOfMemory`].
    pub fn upload<'a>(&'a self, request: &Request<'a>) -> Result<(InsertionPoint<'a>, Upload), Error> {
        let Head { route, part } = Head::of(request, true)?;
        let (placement, upload) = match part {
            Part::Form => (Placement::Form { after: "&" }, Upload::form(route)?),
            Part::Multipart(boundary) if multipart_check::holds(self.api_key(), boundary) => {
                return Err(Error::MultipartNotPlain);
            }
            Part::Multipart(boundary) => (Placement::Multipart { boundary }, Upload::multipart(boundary, route)?),
            Part::Query(_) | Part::Json => return route.and(Err(Error::UploadUnsupported)),
        };
        Ok((InsertionPoint::new(self, placement), upload))
    }
}

impl Request<'_> {
    /// Returns the part that the credentials of this request go into, without a look at its body.
    ///
    /// `has_body` says whether it has one; [`body`](Self::body) is ignored. So a body that needs no credentials can be
    /// streamed. Signing may still refuse the request for the contents of its body.
    ///
    /// # Errors
    ///
    /// Those of [`Signer::insertion_point`] that concern the method, the URL and the content type.
    pub fn target(&self, has_body: bool) -> Result<Target, Error> {
        let Head { route, part } = Head::of(self, has_body)?;
        match part {
            Part::Form | Part::Multipart(_) if has_body => return Ok(Target::Body),
            Part::Json if !has_body => return Err(Error::JsonWithoutBody),
            _ => route?,
        }
        Ok(if matches!(part, Part::Query(_)) { Target::Url } else { Target::Body })
    }
}

/// The facts about a request that are known before its body.
struct Head<'a> {
    /// The error if the URL has no route.
    route: Result<(), Error>,
    part: Part<'a>,
}

/// The part that the server reads.
enum Part<'a> {
    Query(Placement<'a>),
    Form,
    Multipart(&'a str),
    Json,
}

impl<'a> Head<'a> {
    fn of(request: &Request<'a>, has_body: bool) -> Result<Self, Error> {
        let url = Url::checked(request.url)?;
        let query = Query::of(&url)?;
        let route = query.route;
        let part = Self::part(request, has_body, &url, &query);
        match &part {
            Ok(Part::Form | Part::Multipart(_)) if has_body => {}
            // The body cannot hold a route, and the server looks for the route first.
            _ => route?,
        }
        Ok(Head { route, part: part? })
    }

    fn part(request: &Request<'a>, has_body: bool, url: &Url<'a>, query: &Query<'_>) -> Result<Part<'a>, Error> {
        let content_type = request.sent_type();
        let method = Method::of(request.method).ok_or(Error::MethodUnsupported)?;
        // A line break would end the header and begin another one.
        if content_type.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(Error::ContentTypeUnsupported);
        }
        match BodyType::of(Some(method), content_type) {
            // PHP would parse this body before the server looks for JSON.
            BodyType::Json if method == Method::Post && (is_multipart(content_type) || is_form(content_type)) => {
                Err(Error::ContentTypeUnsupported)
            }
            BodyType::Json => Ok(Part::Json),
            BodyType::Form if method == Method::Post || has_body => Ok(Part::Form),
            BodyType::Multipart => {
                multipart_check::plain_boundary(content_type).map(Part::Multipart).ok_or(Error::MultipartBoundary)
            }
            BodyType::Other if method == Method::Post => Err(Error::ContentTypeUnsupported),
            BodyType::Form | BodyType::Other => {
                query.credential.map_or(Ok(()), Err)?;
                check_count(query.fields.count)?;
                Ok(Part::Query(Placement::in_query(url)))
            }
        }
    }
}

/// The facts about a query that matter to signing.
struct Query<'a> {
    /// The error if the URL has no route.
    route: Result<(), Error>,
    /// The error if a parameter would replace a credential.
    credential: Option<Error>,
    fields: Fields<'a>,
}

impl<'a> Query<'a> {
    fn of(url: &Url<'a>) -> Result<Self, Error> {
        let query = url.query.unwrap_or_default();
        let mut fields = Fields::default();
        let mut credential = None;
        for piece in php::pieces(Encoded::plain(query.as_bytes())).filter(|piece| !piece.is_empty()) {
            let parameter = php::may_be_field(piece).then(|| Parameter::new(piece));
            let found = parameter.and_then(Parameter::field_match);
            let value = || Value::Sent(parameter.map_or(piece, |parameter| parameter.value));
            if let Err(error) = fields.add(found, value) {
                if error == Error::RouteParameter {
                    return Err(error);
                }
                credential = credential.or(Some(error));
            }
        }
        let route = match url.path() {
            Path::Staff => return Err(Error::StaffApi),
            Path::Hosted => return Err(Error::HostedKayako),
            Path::EscapedSlash => return Err(Error::RouteEncoded),
            Path::Rewritten(_) => return Err(Error::PathUrl),
            Path::Info(text) => {
                let text = Encoded::plain(text.as_bytes()).path_decoded();
                route_error(Route::new(RouteSource::PathInfo, text).fault())
            }
            Path::Script => route_error(raw_query_fault(query)),
        };
        let route = match fields.route() {
            Some(_) if route.is_ok() => return Err(Error::RouteParameter),
            Some(route) => route,
            None => route,
        };
        Ok(Query { route, credential, fields })
    }
}

fn route_error(fault: Option<Fault>) -> Result<(), Error> {
    Err(match fault {
        None => return Ok(()),
        Some(Fault::Missing) => Error::RouteMissing,
        Some(Fault::Encoded) => Error::RouteEncoded,
        Some(Fault::QuestionMark) => Error::RouteQuestionMark,
        Some(Fault::Character) => Error::RouteCharacter,
    })
}

/// The parameters so far.
#[derive(Default)]
struct Fields<'a> {
    count: usize,
    parameter_e: KeptField<'a>,
}

impl<'a> Fields<'a> {
    /// Adds a parameter.
    ///
    /// # Errors
    ///
    /// If it would replace a credential, or is another route.
    fn add(&mut self, found: Option<FieldMatch>, value: impl FnOnce() -> Value<'a>) -> Result<(), Error> {
        self.count += 1;
        let Some(FieldMatch { field, effect }) = found else { return Ok(()) };
        match field {
            Field::ApiKey => Err(Error::ApiKeyParameter),
            Field::Salt => Err(Error::SaltParameter),
            Field::Signature => Err(Error::SignatureParameter),
            Field::Route if effect == Effect::Text && self.parameter_e.times == 0 => {
                self.parameter_e = KeptField { times: 1, value: KeptValue::Text(value()) };
                Ok(())
            }
            Field::Route => Err(Error::RouteParameter),
        }
    }

    /// Returns `None` if there is no `e`, and otherwise an error if it is not a route.
    fn route(&self) -> Option<Result<(), Error>> {
        let KeptValue::Text(Value::Sent(text)) = self.parameter_e.value else { return None };
        let route = Route::of_parameter(RouteSource::Query, text);
        Some(route.map_or(Err(Error::RouteSlash), |route| route_error(route.fault())))
    }
}

/// Refuses more parameters than PHP takes beside the credentials.
pub(crate) fn check_count(count: usize) -> Result<(), Error> {
    const FIELDS_MAX: usize = php::PARAMETERS_MAX - 3;
    if count > FIELDS_MAX { Err(Error::TooManyParameters) } else { Ok(()) }
}

/// Refuses the value of the field `e` in a body, as PHP has it, if it is not a route that the server takes.
pub(crate) fn route_in_body(value: &[u8]) -> Result<(), Error> {
    let route = Route::of_parameter(RouteSource::Body, Encoded::plain(value)).ok_or(Error::RouteSlash)?;
    route_error(route.fault())
}

/// The place where one signer's credentials go in a request. It makes credentials of that signer only, because another
/// API key may hold the multipart boundary.
#[derive(Clone, Copy, Debug)]
pub struct InsertionPoint<'a> {
    signer: &'a Signer,
    placement: Placement<'a>,
    text_max: usize,
}

/// The container of an insertion point, and the separator that the credentials need.
#[derive(Clone, Copy, Debug)]
enum Placement<'a> {
    Query { offset: usize, before: &'static str },
    Form { after: &'static str },
    Multipart { boundary: &'a str },
    Json { offset: usize, after: &'static str },
}

/// `None` if a body has no route, and otherwise an error if the server does not take it.
type BodyRoute = Option<Result<(), Error>>;

impl<'a> Placement<'a> {
    fn in_query(url: &Url<'_>) -> Self {
        let first = url.first_piece().len();
        let before = match url.query {
            None => "?",
            Some(_) if first == 0 => "",
            Some(_) => "&",
        };
        Placement::Query { offset: url.query_offset + first, before }
    }

    // Functions that check bodies have their own frame, which is gone before anything is signed: a call must need
    // little stack, and the stack that signing used is wiped.
    #[inline(never)]
    fn in_form(form: &[u8], url_has_route: bool) -> Result<(Self, BodyRoute), Error> {
        let mut check = FormCheck::new(url_has_route);
        check.feed(form)?;
        check.end()?;
        Ok((Placement::Form { after: if form.is_empty() { "" } else { "&" } }, check.route().map(route_in_body)))
    }

    #[inline(never)]
    fn in_multipart(
        api_key: &str,
        boundary: &'a str,
        body: &[u8],
        url_has_route: bool,
    ) -> Result<(Self, BodyRoute), Error> {
        let mut check = MultipartCheck::new(boundary, url_has_route)?;
        check.feed(body)?;
        check.end()?;
        // A value ends at the boundary, and cannot escape it.
        if multipart_check::holds(api_key, boundary) {
            return Err(Error::MultipartNotPlain);
        }
        Ok((Placement::Multipart { boundary }, check.route().map(route_in_body)))
    }

    #[inline(never)]
    fn in_json(body: &[u8]) -> Result<Self, Error> {
        let start = body.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        let offset = match start.map(|start| (start, body[start])) {
            None => return Err(Error::JsonWithoutBody),
            Some((start, b'{')) => start + 1,
            Some(_) => return Err(Error::JsonNotObject),
        };
        let mut fields = Fields::default();
        let mut refused = Ok(());
        let members = json::members(body, |name, _| {
            // The server finds no route in JSON, so `e` is a member like any other.
            let field = name.field().filter(|field| *field != Field::Route);
            let found = field.map(|field| FieldMatch { field, effect: Effect::Text });
            refused = refused.and_then(|()| fields.add(found, || Value::Sent(Encoded::plain(b""))));
        });
        let members = members.ok_or(Error::JsonInvalid)?;
        refused?;
        Ok(Placement::Json { offset, after: if members == 0 { "" } else { "," } })
    }
}

impl<'a> InsertionPoint<'a> {
    fn new(signer: &'a Signer, placement: Placement<'a>) -> Self {
        let text_max = match placement {
            Placement::Query { before, .. } => signer.query_max() + before.len(),
            Placement::Form { after } => signer.query_max() + after.len(),
            Placement::Multipart { boundary } => signer.parts_max(boundary.len()),
            Placement::Json { after, .. } => signer.members_max() + after.len(),
        };
        InsertionPoint { signer, placement, text_max }
    }

    /// Returns the part that the credentials go into.
    #[must_use]
    pub fn target(&self) -> Target {
        match self.placement {
            Placement::Query { .. } => Target::Url,
            Placement::Form { .. } | Placement::Multipart { .. } | Placement::Json { .. } => Target::Body,
        }
    }

    /// Returns the place in that part, in bytes from its start.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self.placement {
            Placement::Query { offset, .. } | Placement::Json { offset, .. } => offset,
            Placement::Form { .. } | Placement::Multipart { .. } => 0,
        }
    }

    /// Returns the length of the longest insertion with a fresh salt, in bytes.
    #[must_use]
    pub fn text_max(&self) -> usize {
        self.text_max
    }

    /// Makes credentials with a fresh salt, and returns them as an insertion.
    ///
    /// # Errors
    ///
    /// [`Error::NoRandomness`] if the operating system gives no random bytes; [`Error::OutOfMemory`].
    #[cfg(feature = "os-rng")]
    pub fn insert(&self) -> Result<Insertion, Error> {
        self.insertion_of(self.signer.credentials().as_ref().map_err(|error| *error)?, 0)
    }

    /// Makes credentials with a given salt, and returns them as an insertion.
    ///
    /// # Errors
    ///
    /// Those of [`check_salt`](Self::check_salt); [`Error::OutOfMemory`].
    pub fn insert_with_salt(&self, salt: Salt<'_>) -> Result<Insertion, Error> {
        self.check_salt(&salt)?;
        let room = json::ESCAPE_MAX * salt.as_bytes().len();
        self.insertion_of(&self.signer.credentials_with_salt(salt), room)
    }

    /// Refuses a given salt that cannot be written at this place.
    ///
    /// # Errors
    ///
    /// [`Error::SaltNotUtf8`] in multipart and JSON; [`Error::MultipartNotPlain`] if the salt holds the multipart
    /// boundary.
    pub fn check_salt(&self, salt: &Salt<'_>) -> Result<(), Error> {
        match self.placement {
            Placement::Multipart { boundary } if multipart_check::holds(salt.to_str()?, boundary) => {
                Err(Error::MultipartNotPlain)
            }
            Placement::Json { .. } => salt.to_str().map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Writes the text of an insertion with a fresh salt, without an allocation.
    ///
    /// # Errors
    ///
    /// [`Error::NoRandomness`] if the operating system gives no random bytes; [`Error::OutOfMemory`] if `out` takes no
    /// more.
    #[cfg(feature = "os-rng")]
    pub fn write(&self, out: &mut dyn fmt::Write) -> Result<(), Error> {
        let credentials = self.signer.credentials();
        self.write_text(credentials.as_ref().map_err(|error| *error)?, out).map_err(|_| Error::OutOfMemory)
    }

    /// Writes the text of an insertion with a given salt, without an allocation.
    ///
    /// # Errors
    ///
    /// Those of [`check_salt`](Self::check_salt); [`Error::OutOfMemory`] if `out` takes no more.
    pub fn write_with_salt(&self, salt: Salt<'_>, out: &mut dyn fmt::Write) -> Result<(), Error> {
        self.check_salt(&salt)?;
        self.write_text(&self.signer.credentials_with_salt(salt), out).map_err(|_| Error::OutOfMemory)
    }

    fn insertion_of(&self, credentials: &Credentials<'_>, more: usize) -> Result<Insertion, Error> {
        let mut text = String::new();
        text.try_reserve_exact(self.text_max + more).map_err(|_| Error::OutOfMemory)?;
        self.write_text(credentials, &mut text).map_err(|_| Error::OutOfMemory)?;
        Ok(Insertion { target: self.target(), offset: self.offset(), text })
    }

    /// Returns the URL of this insertion point with credentials in it. It shares no code with insertions into bodies,
    /// so a program that signs only URLs does not contain that.
    fn in_url(&self, url: &str, credentials: &Credentials<'_>) -> String {
        let (before, after) = url.split_at(self.offset());
        let separator = if let Placement::Query { before, .. } = self.placement { before } else { "" };
        [before, separator, &credentials.to_query(), after].concat()
    }

    fn write_text(&self, credentials: &Credentials<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
        match self.placement {
            Placement::Query { before, .. } => {
                out.write_str(before)?;
                credentials.write_query_text(out)
            }
            Placement::Form { after } => {
                credentials.write_query_text(out)?;
                out.write_str(after)
            }
            Placement::Multipart { boundary } => credentials.write_parts(boundary, out),
            Placement::Json { after, .. } => {
                credentials.write_members(out)?;
                out.write_str(after)
            }
        }
    }
}
