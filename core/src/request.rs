use alloc::string::String;
use core::fmt;

use crate::container::Container;
use crate::json::{self, Checked};
use crate::multipart::{self, Parts};
use crate::php::{self, Field, Landing};
use crate::{Credentials, Error, Salt, Signer};

/// A request as it is about to be sent, or as it was.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The address.
    pub url: &'a str,
    /// The value of the Content-Type header, where there is one.
    pub content_type: Option<&'a str>,
    /// The body. Empty where there is none.
    pub body: &'a [u8],
}

impl Request<'_> {
    /// Length of the longest address that is signed, in bytes.
    pub const URL_MAX: usize = 1_048_576;
}

/// What an [`Insertion`] goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The address.
    Url,
    /// The body.
    Body,
}

/// The text that makes a request a signed one, and where it goes. All else stays as it is.
///
/// `Debug` leaves the text out: it holds a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Insertion {
    /// What it goes into.
    pub target: Target,
    /// Where, in bytes from the start.
    pub offset: usize,
    /// The text.
    pub text: String,
}

impl fmt::Debug for Insertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Insertion").field("target", &self.target).field("offset", &self.offset).finish_non_exhaustive()
    }
}

#[cfg(feature = "os-rng")]
impl Signer {
    /// Signs a request with a fresh salt: says what to insert, and where.
    ///
    /// ```
    /// # use kayako_sign_core::{Request, Signer, Target};
    /// let signer = Signer::new("apikey", "secretkey")?;
    /// let request = Request {
    ///     method: "POST",
    ///     url: "https://help.example.com/api/index.php?/Base/User",
    ///     content_type: Some("application/x-www-form-urlencoded"),
    ///     body: b"fullname=Ada",
    /// };
    /// let insertion = signer.sign_request(&request)?;
    /// assert_eq!((insertion.target, insertion.offset), (Target::Body, 0));
    /// assert!(insertion.text.starts_with("apikey=apikey&salt=") && insertion.text.ends_with("%3D&"));
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the server would not read the credentials, or something in the request would replace them or its route:
    /// [`Error::UrlTooLong`], [`Error::UrlNotAbsolute`], [`Error::UrlCharacter`], [`Error::MethodUnsupported`],
    /// [`Error::ContentTypeUnsupported`], [`Error::ApiKeyParameter`], [`Error::SaltParameter`],
    /// [`Error::SignatureParameter`], [`Error::RouteParameter`], [`Error::JsonWithoutBody`], [`Error::JsonNotObject`],
    /// [`Error::JsonInvalid`], [`Error::MultipartBoundary`], [`Error::MultipartNotPlain`]. [`Error::NoRandomness`]
    /// where the operating system gives none; [`Error::OutOfMemory`].
    pub fn sign_request(&self, request: &Request<'_>) -> Result<Insertion, Error> {
        let place = Place::find(self.api_key(), request)?;
        place.insert(self, &self.credentials()?)
    }

    /// Signs the address of a GET or DELETE request with a fresh salt, and returns it whole.
    ///
    /// # Errors
    ///
    /// Those of [`sign_request`](Self::sign_request) that concern an address.
    pub fn sign_url(&self, url: &str) -> Result<String, Error> {
        let Insertion { offset, text, .. } =
            self.sign_request(&Request { method: "GET", url, content_type: None, body: b"" })?;
        let (before, behind) = url.split_at(offset);
        Ok([before, &text, behind].concat())
    }

    /// Signs the encoded form that is the body of a POST or PUT request with a fresh salt, and returns it whole.
    ///
    /// # Errors
    ///
    /// [`Error::ApiKeyParameter`], [`Error::SaltParameter`], [`Error::SignatureParameter`], [`Error::RouteParameter`];
    /// [`Error::NoRandomness`].
    pub fn sign_form(&self, form: &str) -> Result<String, Error> {
        let Insertion { text, .. } = self.insertion_into_form(form.as_bytes())?;
        Ok(text + form)
    }

    /// What [`sign_form`](Self::sign_form) puts before a form of any bytes.
    ///
    /// # Errors
    ///
    /// Those of [`sign_form`](Self::sign_form).
    pub fn insertion_into_form(&self, form: &[u8]) -> Result<Insertion, Error> {
        let place = Place::in_form(form)?;
        place.insert(self, &self.credentials()?)
    }
}

impl Signer {
    /// Signs a request with a given salt, for targets that draw their own and for tests.
    ///
    /// # Errors
    ///
    /// Those of `sign_request`, but [`Error::NoRandomness`]; [`Error::SaltNotUtf8`] for a salt that is not UTF-8 in
    /// multipart and JSON.
    pub fn sign_request_with_salt(&self, request: &Request<'_>, salt: Salt<'_>) -> Result<Insertion, Error> {
        let place = Place::find(self.api_key(), request)?;
        if matches!(place, Place::Multipart { .. } | Place::Json { .. }) {
            salt.to_str()?;
        }
        place.insert(self, &self.credentials_with_salt(salt))
    }
}

/// Where the credentials go in a request, and what stands beside them there.
enum Place<'a> {
    Query { offset: usize, before: &'static str },
    Form { behind: &'static str },
    Multipart { boundary: &'a str },
    Json { offset: usize, behind: &'static str },
}

impl<'a> Place<'a> {
    fn find(api_key: &str, request: &Request<'a>) -> Result<Self, Error> {
        let Request { method, url, content_type, body } = *request;
        let content_type = content_type.unwrap_or_default();
        let query = Query::of(url)?;
        query.check_route()?;
        match Container::of(method, content_type, body) {
            Container::Query => query.place(),
            Container::Form => Place::in_form(body),
            Container::Multipart => Place::in_multipart(api_key, content_type, body),
            Container::Json if method.is_empty() || method.bytes().any(|byte| !byte.is_ascii_uppercase()) => {
                Err(Error::MethodUnsupported)
            }
            Container::Json => Place::in_json(body),
            Container::Raw if method == "POST" => Err(Error::ContentTypeUnsupported),
            Container::Raw => Err(Error::MethodUnsupported),
        }
    }

    fn in_form(body: &[u8]) -> Result<Self, Error> {
        php::parameters(body).filter_map(php::Parameter::landing).try_for_each(refuse)?;
        Ok(Place::Form { behind: if body.is_empty() { "" } else { "&" } })
    }

    fn in_multipart(api_key: &str, content_type: &'a str, body: &[u8]) -> Result<Self, Error> {
        let boundary = multipart::plain_boundary(content_type).ok_or(Error::MultipartBoundary)?;
        let mut parts = Parts::new(body, boundary);
        for part in &mut parts {
            if !part.plain {
                return Err(Error::MultipartNotPlain);
            }
            let name = part.name.filter(|_| !part.file).unwrap_or_default();
            php::landing(name.iter().copied()).map_or(Ok(()), refuse)?;
        }
        // A value ends at the boundary, and nothing in it can be escaped.
        let ends_early = api_key.split("\n--").skip(1).any(|line| line.starts_with(boundary));
        if !parts.ended_plain() || ends_early {
            return Err(Error::MultipartNotPlain);
        }
        Ok(Place::Multipart { boundary })
    }

    fn in_json(body: &[u8]) -> Result<Self, Error> {
        let start = body.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        let offset = match start.map(|start| (start, body[start])) {
            None => return Err(Error::JsonWithoutBody),
            Some((start, b'{')) => start + 1,
            Some(_) => return Err(Error::JsonNotObject),
        };
        let mut refused = Ok(());
        let members = json::members(body, |_, field, _: Checked| {
            let landing = field.map(|field| Landing { field, array: false });
            refused = refused.and_then(|()| landing.map_or(Ok(()), refuse));
        });
        let members = members.ok_or(Error::JsonInvalid)?;
        refused?;
        Ok(Place::Json { offset, behind: if members == 0 { "" } else { "," } })
    }

    fn insert(&self, signer: &Signer, credentials: &Credentials<'_>) -> Result<Insertion, Error> {
        let (target, offset) = match *self {
            Place::Query { offset, .. } => (Target::Url, offset),
            Place::Json { offset, .. } => (Target::Body, offset),
            Place::Form { .. } | Place::Multipart { .. } => (Target::Body, 0),
        };
        let mut text = String::new();
        text.try_reserve_exact(signer.insertion_max()).map_err(|_| Error::OutOfMemory)?;
        let written = self.write(credentials, &mut text);
        debug_assert_eq!(written, Ok(()), "a string takes everything");
        Ok(Insertion { target, offset, text })
    }

    fn write(&self, credentials: &Credentials<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
        match *self {
            Place::Query { before, .. } => {
                out.write_str(before)?;
                credentials.write_query(out)
            }
            Place::Form { behind } => {
                credentials.write_query(out)?;
                out.write_str(behind)
            }
            Place::Multipart { boundary } => credentials.write_parts(boundary, out),
            Place::Json { behind, .. } => {
                credentials.write_members(out)?;
                out.write_str(behind)
            }
        }
    }
}

/// What a parameter of the request's own that lands on a credential or the route is refused with.
fn refuse(landing: Landing) -> Result<(), Error> {
    Err(match landing.field {
        Field::ApiKey => Error::ApiKeyParameter,
        Field::Salt => Error::SaltParameter,
        Field::Signature => Error::SignatureParameter,
        Field::Route => Error::RouteParameter,
    })
}

/// The query of an address that is fit to be signed.
struct Query<'a> {
    /// What stands between the question mark and the fragment, where there is a question mark.
    text: Option<&'a str>,
    /// Where it starts, or where it would.
    offset: usize,
}

impl<'a> Query<'a> {
    fn of(url: &'a str) -> Result<Self, Error> {
        if url.len() > Request::URL_MAX {
            return Err(Error::UrlTooLong);
        }
        if url.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\') {
            return Err(Error::UrlCharacter);
        }
        let (scheme, rest) = url.split_once("://").ok_or(Error::UrlNotAbsolute)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        if !is_web || host.is_empty() || host.starts_with(':') {
            return Err(Error::UrlNotAbsolute);
        }
        let (sent, _fragment) = url.split_once('#').unwrap_or((url, ""));
        Ok(match sent.split_once('?') {
            Some((path, text)) => Query { text: Some(text), offset: path.len() + 1 },
            None => Query { text: None, offset: sent.len() },
        })
    }

    /// Refuses a second route. The first may be `e`, or the first piece without a name.
    fn check_route(&self) -> Result<(), Error> {
        let text = self.text.unwrap_or_default();
        let unnamed = usize::from(text.starts_with('/'));
        let routes = php::parameters(text.as_bytes())
            .filter_map(php::Parameter::landing)
            .filter(|landing| landing.field == Field::Route);
        let (named, arrays) = routes.fold((0, false), |(count, arrays), route| (count + 1, arrays || route.array));
        if unnamed + named > 1 || arrays { Err(Error::RouteParameter) } else { Ok(()) }
    }

    fn place<'p>(&self) -> Result<Place<'p>, Error> {
        let Some(text) = self.text else { return Ok(Place::Query { offset: self.offset, before: "?" }) };
        php::parameters(text.as_bytes())
            .filter_map(php::Parameter::landing)
            .filter(|landing| landing.field != Field::Route)
            .try_for_each(refuse)?;
        let first = text.split('&').next().unwrap_or_default().len();
        Ok(Place::Query { offset: self.offset + first, before: if first == 0 { "" } else { "&" } })
    }
}
