use alloc::string::String;
use core::fmt;

use crate::container::Container;
use crate::form::Form;
use crate::json;
use crate::php::{self, Field, Landing};
use crate::plain::{self, Plain};
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

impl<'a> Request<'a> {
    /// Length of the longest address that is signed, in bytes.
    pub const URL_MAX: usize = 1_048_576;

    /// The GET request of an address.
    #[must_use]
    pub const fn get(url: &'a str) -> Self {
        Request { method: "GET", url, content_type: None, body: b"" }
    }

    /// The content type as it arrives: without the white space around it, which is no part of a header's value.
    pub(crate) fn sent_type(&self) -> &'a str {
        self.content_type.unwrap_or_default().trim_matches([' ', '\t'])
    }
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
    /// Those of [`place_in`](Self::place_in); [`Error::NoRandomness`] where the operating system gives none;
    /// [`Error::OutOfMemory`].
    pub fn sign_request(&self, request: &Request<'_>) -> Result<Insertion, Error> {
        // Before a salt is drawn: a request that is refused uses none up.
        let place = self.place_in(request)?;
        place.insert(&self.credentials()?)
    }

    /// Signs the address of a GET or DELETE request with a fresh salt, and returns it whole.
    ///
    /// # Errors
    ///
    /// Those of [`sign_request`](Self::sign_request) that concern an address.
    pub fn sign_url(&self, url: &str) -> Result<String, Error> {
        let place = self.place_in(&Request::get(url))?;
        Ok(place.in_url(url, &self.credentials()?))
    }

    /// Signs the encoded form that is the body of a POST or PUT request with a fresh salt, and returns it whole.
    ///
    /// # Errors
    ///
    /// Those of [`place_in_form`](Self::place_in_form); [`Error::NoRandomness`]; [`Error::OutOfMemory`].
    pub fn sign_form(&self, form: &str) -> Result<String, Error> {
        let place = self.place_in_form(form.as_bytes())?;
        Ok(place.insert(&self.credentials()?)?.text + form)
    }
}

impl Signer {
    /// Signs the address of a GET or DELETE request with a salt of the caller's, and returns it whole.
    ///
    /// ```
    /// # use kayako_sign_core::{Salt, Signer};
    /// let signer = Signer::new("apikey", "secretkey")?;
    /// let signed = signer.sign_url_with_salt("https://help.example.com/?/Base/User/1", Salt::new("1234567890")?)?;
    /// assert!(signed.starts_with("https://help.example.com/?/Base/User/1&apikey=apikey&salt=1234567890&signature="));
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`place_in`](Self::place_in) that concern an address.
    pub fn sign_url_with_salt(&self, url: &str, salt: Salt<'_>) -> Result<String, Error> {
        let place = self.place_in(&Request::get(url))?;
        Ok(place.in_url(url, &self.credentials_with_salt(salt)))
    }

    /// Finds where credentials go in a request, for callers that have a salt of their own.
    ///
    /// # Errors
    ///
    /// Where the server would not read the credentials: [`Error::UrlTooLong`], [`Error::UrlNotAbsolute`],
    /// [`Error::UrlCharacter`], [`Error::MethodUnsupported`], [`Error::ContentTypeUnsupported`],
    /// [`Error::JsonWithoutBody`], [`Error::JsonNotObject`], [`Error::JsonInvalid`], [`Error::MultipartBoundary`],
    /// [`Error::MultipartNotPlain`]. Where something in the request would replace them or its route:
    /// [`Error::ApiKeyParameter`], [`Error::SaltParameter`], [`Error::SignatureParameter`], [`Error::RouteParameter`].
    pub fn place_in<'a>(&self, request: &Request<'a>) -> Result<Place<'a>, Error> {
        let Request { method, url, body, .. } = *request;
        let content_type = request.sent_type();
        let query = Query::of(url)?;
        let landing = query.landing()?;
        // A line break would end the header, and what follows be another one.
        if content_type.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(Error::ContentTypeUnsupported);
        }
        let kind = match Container::of(method, content_type, body) {
            Container::Query => return landing.map_or(Ok(()), refuse).map(|()| query.place(self)),
            Container::Form => return self.place_in_form(body),
            Container::Multipart => Kind::in_multipart(self.api_key(), content_type, body)?,
            Container::Json if method.is_empty() || method.bytes().any(|byte| !byte.is_ascii_uppercase()) => {
                return Err(Error::MethodUnsupported);
            }
            Container::Json => Kind::in_json(body)?,
            Container::Raw if method == "POST" => return Err(Error::ContentTypeUnsupported),
            Container::Raw => return Err(Error::MethodUnsupported),
        };
        Ok(Place::new(self, kind))
    }

    /// Finds where credentials go in an encoded form, which may be empty.
    ///
    /// # Errors
    ///
    /// Where a parameter of the form would replace one of them or the route: [`Error::ApiKeyParameter`],
    /// [`Error::SaltParameter`], [`Error::SignatureParameter`], [`Error::RouteParameter`].
    pub fn place_in_form<'a>(&self, form: &[u8]) -> Result<Place<'a>, Error> {
        let mut judge = Form::new();
        judge.feed(form)?;
        judge.end()?;
        if judge.route().is_some() {
            return Err(Error::RouteParameter);
        }
        Ok(Place::new(self, Kind::Form { behind: if form.is_empty() { "" } else { "&" } }))
    }
}

/// Where the credentials go in a request, and what stands beside them there.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    kind: Kind<'a>,
    text_max: usize,
}

#[derive(Clone, Copy, Debug)]
enum Kind<'a> {
    Query { offset: usize, before: &'static str },
    Form { behind: &'static str },
    Multipart { boundary: &'a str },
    Json { offset: usize, behind: &'static str },
}

impl<'a> Place<'a> {
    fn new(signer: &Signer, kind: Kind<'a>) -> Self {
        let text_max = match kind {
            Kind::Query { before, .. } => signer.query_max() + before.len(),
            Kind::Form { behind } => signer.query_max() + behind.len(),
            Kind::Multipart { boundary } => signer.parts_max(boundary.len()),
            Kind::Json { behind, .. } => signer.members_max() + behind.len(),
        };
        Place { kind, text_max }
    }

    /// What the credentials go into.
    #[must_use]
    pub fn target(&self) -> Target {
        match self.kind {
            Kind::Query { .. } => Target::Url,
            Kind::Form { .. } | Kind::Multipart { .. } | Kind::Json { .. } => Target::Body,
        }
    }

    /// Where in it they go, in bytes from the start.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self.kind {
            Kind::Query { offset, .. } | Kind::Json { offset, .. } => offset,
            Kind::Form { .. } | Kind::Multipart { .. } => 0,
        }
    }

    /// The address that this is a place in, with credentials there. Apart from what goes into bodies, so that a program
    /// that signs addresses alone need not hold that.
    fn in_url(&self, url: &str, credentials: &Credentials<'_>) -> String {
        let (before, behind) = url.split_at(self.offset());
        let separator = if let Kind::Query { before, .. } = self.kind { before } else { "" };
        [before, separator, &credentials.to_query(), behind].concat()
    }

    /// Length of the longest text with a drawn salt that goes there, in bytes.
    #[must_use]
    pub fn text_max(&self) -> usize {
        self.text_max
    }

    /// The insertion of credentials there.
    ///
    /// # Errors
    ///
    /// For a salt of the caller's, [`Error::SaltNotUtf8`] in multipart and JSON, and [`Error::MultipartNotPlain`] where
    /// it holds the boundary; [`Error::OutOfMemory`].
    pub fn insert(&self, credentials: &Credentials<'_>) -> Result<Insertion, Error> {
        self.check(credentials)?;
        let mut text = String::new();
        text.try_reserve_exact(self.text_max).map_err(|_| Error::OutOfMemory)?;
        self.write(credentials, &mut text).map_err(|_| Error::OutOfMemory)?;
        Ok(Insertion { target: self.target(), offset: self.offset(), text })
    }

    /// Writes the text that [`insert`](Self::insert) returns.
    ///
    /// # Errors
    ///
    /// Those of `out`, and where [`insert`](Self::insert) refuses the salt.
    pub fn write(&self, credentials: &Credentials<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
        self.check(credentials).map_err(|_| fmt::Error)?;
        match self.kind {
            Kind::Query { before, .. } => {
                out.write_str(before)?;
                credentials.write_query_text(out)
            }
            Kind::Form { behind } => {
                credentials.write_query_text(out)?;
                out.write_str(behind)
            }
            Kind::Multipart { boundary } => credentials.write_parts(boundary, out),
            Kind::Json { behind, .. } => {
                credentials.write_members(out)?;
                out.write_str(behind)
            }
        }
    }

    fn check(&self, credentials: &Credentials<'_>) -> Result<(), Error> {
        match self.kind {
            Kind::Multipart { boundary } if plain::holds(credentials.salt().to_str()?, boundary) => {
                Err(Error::MultipartNotPlain)
            }
            Kind::Json { .. } => credentials.salt().to_str().map(|_| ()),
            _ => Ok(()),
        }
    }
}

impl<'a> Kind<'a> {
    fn in_multipart(api_key: &str, content_type: &'a str, body: &[u8]) -> Result<Self, Error> {
        let boundary = plain::plain_boundary(content_type).ok_or(Error::MultipartBoundary)?;
        let mut plain = Plain::new(boundary)?;
        plain.feed(body)?;
        plain.end()?;
        if plain.route().is_some() {
            return Err(Error::RouteParameter);
        }
        // A value ends at the boundary, and nothing in it can be escaped.
        if plain::holds(api_key, boundary) {
            return Err(Error::MultipartNotPlain);
        }
        Ok(Kind::Multipart { boundary })
    }

    fn in_json(body: &[u8]) -> Result<Self, Error> {
        let start = body.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        let offset = match start.map(|start| (start, body[start])) {
            None => return Err(Error::JsonWithoutBody),
            Some((start, b'{')) => start + 1,
            Some(_) => return Err(Error::JsonNotObject),
        };
        let mut refused = Ok(());
        let members = json::members(body, |name, _| {
            let landing = name.field().map(|field| Landing { field, array: false });
            refused = refused.and_then(|()| landing.map_or(Ok(()), refuse));
        });
        let members = members.ok_or(Error::JsonInvalid)?;
        refused?;
        Ok(Kind::Json { offset, behind: if members == 0 { "" } else { "," } })
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
        // To the end, whatever is found: without a way out the compiler looks at many bytes together.
        let unfit = |byte: u8| !byte.is_ascii_graphic() || byte == b'\\';
        if url.bytes().fold(false, |found, byte| found | unfit(byte)) {
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

    /// Refuses a second route: the first may be `e`, or the first piece without a name. Finds the first parameter that
    /// would replace a credential.
    fn landing(&self) -> Result<Option<Landing>, Error> {
        let text = self.text.unwrap_or_default();
        let mut routes = usize::from(php::is_route(self.first_piece()));
        let mut first = None;
        for landing in php::parameters(text.as_bytes()).filter_map(php::Parameter::landing) {
            match landing.field {
                Field::Route if landing.array => return Err(Error::RouteParameter),
                Field::Route => routes += 1,
                _ => first = first.or(Some(landing)),
            }
        }
        if routes > 1 { Err(Error::RouteParameter) } else { Ok(first) }
    }

    fn place<'p>(&self, signer: &Signer) -> Place<'p> {
        let first = self.first_piece().len();
        let before = match self.text {
            None => "?",
            Some(_) if first == 0 => "",
            Some(_) => "&",
        };
        Place::new(signer, Kind::Query { offset: self.offset + first, before })
    }

    fn first_piece(&self) -> &'a str {
        self.text.unwrap_or_default().split('&').next().unwrap_or_default()
    }
}
