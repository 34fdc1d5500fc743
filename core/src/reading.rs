use alloc::{string::String, vec::Vec};
use core::fmt;

use zeroize::Zeroizing;

use crate::container::{Container, is_json, is_multipart};
use crate::json::{self, Value};
use crate::multipart::{self, Parts};
use crate::php::{self, Field, Landing};
use crate::{Diagnosis, Request};

/// What the server sees in a request: which names stand in which part, and which part it reads.
///
/// It shows no values: those of the credentials are kept for the diagnosis, and none else.
#[derive(Debug)]
pub struct Reading {
    container: Container,
    query: Contents,
    body: Contents,
    raw: Contents,
    /// The path of an address without a question mark, and what stands behind its `#`.
    pub(crate) path: Contents,
    pub(crate) fragment: Contents,
    /// The body as what it looks like, whatever its type says.
    pub(crate) look: Contents,
}

impl Reading {
    /// Reads a request as the server does.
    #[must_use]
    pub fn of(request: &Request<'_>) -> Self {
        let Request { method, url, body, .. } = *request;
        let content_type = request.sent_type();
        let (sent, fragment) = url.split_once('#').unwrap_or((url, ""));
        let (path, query) = sent.split_once('?').map_or((sent, ""), |(_, query)| ("", query));
        let mut reading = Reading {
            container: Container::of(method, content_type, body),
            query: Contents::of_form(query.as_bytes()),
            body: Contents::of_body(content_type, body),
            raw: Contents::default(),
            path: Contents::of_form(path.as_bytes()),
            fragment: Contents::of_form(fragment.rsplit('?').next().unwrap_or_default().as_bytes()),
            look: Contents::of_look(body),
        };
        // PHP has no raw body left where it has read one as multipart, which takes a boundary.
        let taken = method == "POST" && is_multipart(content_type) && multipart::boundary(content_type).is_some();
        if !taken && reading.is_empty() {
            let raw = Contents::of_form(body);
            if raw.has_credentials() {
                reading.container = Container::Raw;
                reading.raw = raw;
            }
        }
        reading
    }

    /// Whether the server finds nothing in the part that it reads. It takes the route out of a query.
    fn is_empty(&self) -> bool {
        let read = self.read();
        read.count == if self.container == Container::Query { read.routes } else { 0 }
    }

    /// The part in which the server looks for the credentials.
    #[must_use]
    pub fn container(&self) -> Container {
        self.container
    }

    /// What stands in that part.
    #[must_use]
    pub fn read(&self) -> &Contents {
        match self.container {
            Container::Query => &self.query,
            Container::Raw => &self.raw,
            Container::Form | Container::Multipart | Container::Json => &self.body,
        }
    }

    /// What the server answers where it refuses the request, with the status 401.
    #[must_use]
    pub fn answer(&self, diagnosis: Diagnosis) -> Option<&'static str> {
        let salt = &self.read().salt;
        let is_empty = salt.text.as_ref().is_some_and(|text| matches!(text.as_slice(), b"" | b"0"));
        match diagnosis.is_accepted() {
            true => None,
            false if salt.times == 0 || is_empty => Some("NO SALT PROVIDED!"),
            false => Some("FAILED TO AUTHENTICATE"),
        }
    }

    /// What stands in the query string.
    #[must_use]
    pub fn query(&self) -> &Contents {
        &self.query
    }

    /// What stands in the body, read as what its type says it is.
    #[must_use]
    pub fn body(&self) -> &Contents {
        &self.body
    }
}

/// How much of a name is kept. Where a body is read as what it is not, all of it may be a name, signature and all.
const NAME_MAX: usize = 32;
/// How many names are kept of one part: as many as PHP takes parameters unless it is told otherwise.
const NAMES_MAX: usize = 1_000;

/// The parameters in one part of a request, as PHP keeps them.
#[derive(Default)]
pub struct Contents {
    names: Vec<String>,
    /// How many parameters there are, and how many of them are called `e`.
    count: usize,
    routes: usize,
    api_key: Kept,
    salt: Kept,
    signature: Kept,
}

/// What PHP keeps of a credential.
#[derive(Default)]
pub(crate) struct Kept {
    /// How often it is there. The last one counts.
    pub(crate) times: usize,
    /// The text, unless it is an array. It is the secret key where somebody sends that in place of the API key.
    pub(crate) text: Option<Zeroizing<Vec<u8>>>,
}

impl Contents {
    /// The first 1,000 names, decoded, in the order in which they stand there. A name that stands there twice is there
    /// twice. One of more than 32 bytes is cut, and `...` put behind it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    pub(crate) fn credentials(&self) -> [&Kept; 3] {
        [&self.api_key, &self.salt, &self.signature]
    }

    fn has_credentials(&self) -> bool {
        self.credentials().iter().any(|kept| kept.times > 0)
    }

    fn of_form(encoded: &[u8]) -> Self {
        let mut contents = Contents::default();
        for parameter in php::parameters(encoded) {
            if let Some(name) = parameter.name() {
                contents.add(&name, parameter.landing(), || parameter.value());
            }
        }
        contents
    }

    fn of_multipart(boundary: &str, body: &[u8]) -> Self {
        let mut contents = Contents::default();
        for part in Parts::new(body, boundary) {
            // A file is no field, and so cannot replace one.
            if let Some(name) = part.name.filter(|_| !part.file) {
                let landing = php::landing(name.bytes());
                contents.add(&name.bytes().collect::<Vec<_>>(), landing, || part.value.to_vec());
            }
        }
        contents
    }

    fn of_json(body: &[u8]) -> Self {
        let mut contents = Contents::default();
        let members = json::members(body, |name, value| {
            let array = matches!(value, Value::Compound);
            let landing = name.field().map(|field| Landing { field, array });
            contents.add(name.decoded().as_bytes(), landing, || value.text().into_owned().into_bytes());
        });
        if members.is_some() { contents } else { Contents::default() }
    }

    fn of_body(content_type: &str, body: &[u8]) -> Self {
        if is_json(content_type) {
            Self::of_json(body)
        } else if is_multipart(content_type) {
            multipart::boundary(content_type).map(|boundary| Self::of_multipart(boundary, body)).unwrap_or_default()
        } else {
            Self::of_form(body)
        }
    }

    /// A body that begins like JSON or multipart is read as that.
    fn of_look(body: &[u8]) -> Self {
        let trimmed = body.trim_ascii_start();
        let first_line = trimmed.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
        match first_line.strip_prefix(b"--").map(core::str::from_utf8) {
            Some(Ok(boundary)) => Self::of_multipart(boundary, trimmed),
            _ if trimmed.starts_with(b"{") => Self::of_json(body),
            _ => Self::of_form(body),
        }
    }

    fn add(&mut self, name: &[u8], landing: Option<Landing>, value: impl FnOnce() -> Vec<u8>) {
        self.count += 1;
        if self.count <= NAMES_MAX {
            let shown = String::from_utf8_lossy(name.get(..NAME_MAX).unwrap_or(name));
            self.names.push(if name.len() > NAME_MAX { shown + "..." } else { shown }.into_owned());
        }
        let Some(Landing { field, array }) = landing else { return };
        let kept = match field {
            Field::ApiKey => &mut self.api_key,
            Field::Salt => &mut self.salt,
            Field::Signature => &mut self.signature,
            Field::Route => {
                self.routes += 1;
                return;
            }
        };
        kept.times += 1;
        kept.text = (!array).then(|| Zeroizing::new(value()));
    }
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.names).finish()
    }
}
