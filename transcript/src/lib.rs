//! Gets the request out of what people paste when they ask why it fails.
//!
//! [`read`] recognises the forms of [`Form`] by themselves, and takes the first that fits:
//!
//! - a request as it was on the wire, whole or without what a copy loses: its carriage returns, its version, its host;
//! - what `curl -v`, `--trace` and `--trace-ascii` print, with or without the progress meter, and the body where it was
//!   added by hand or is in the command above;
//! - headers of HTTP/2, and what a browser's network panel lists;
//! - a curl command in the quotes of a POSIX shell, of Windows' cmd or of PowerShell, also as a browser copies it;
//! - a call of `fetch`, or `Invoke-WebRequest`, as a browser copies it;
//! - an entry of a HAR file, a line of an access log, a URL.
//!
//! Of several requests the first is read, and a remark says so; a `CONNECT` to a proxy is none. A block between code
//! fences, and lines that are all quoted as in mail or indented, are read as what they hold.
//!
//! ```
//! use kayako_sign_transcript::{Form, Part};
//!
//! let text = "curl -d 'salt=1' \\\n  'https://help.example.com/api/index.php?/Base/User'";
//! let transcript = kayako_sign_transcript::read(text.as_bytes())?;
//! assert_eq!(transcript.form(), Form::Curl);
//! assert_eq!((transcript.method(), transcript.body()), ("POST", &b"salt=1"[..]));
//! assert_eq!(&text[transcript.locate(Part::Body, 0..4)[0].clone()], "salt");
//! # Ok::<(), kayako_sign_transcript::Error>(())
//! ```
//!
//! [`Explanation`] says what the server makes of it, and what to change.
//!
//! Time grows with the length of the input, and memory is bounded by a small multiple of it. The crate does no I/O, is
//! `no_std` with `alloc`, and has no unsafe code.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod body;
mod cmd;
mod curl;
mod curl_form;
mod curl_options;
mod error;
mod explanation;
mod fetch;
mod har;
mod http;
mod json;
mod listed;
mod log;
mod mapped;
mod posix;
mod powershell;
mod quoted;
mod remark;
mod shown;
mod trace;
mod url;
mod verbose;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use kayako_sign_core::Request;

pub use error::Error;
pub use explanation::{Explanation, Verdict};
use mapped::{Mapped, Slice};
pub use remark::{Missing, Remark};
pub use shown::Secrets;

/// Length of the longest input that is read, in bytes. The credentials stand before a larger body.
pub const INPUT_MAX: usize = 16 * 1024 * 1024;

/// What a request was recognised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// A request as it was on the wire.
    Raw,
    /// What `curl -v` prints.
    CurlVerbose,
    /// What `curl --trace` or `--trace-ascii` prints.
    CurlTrace,
    /// Headers of HTTP/2.
    PseudoHeaders,
    /// What a browser's network panel lists.
    NetworkPanel,
    /// A curl command.
    Curl,
    /// A call of `fetch`.
    Fetch,
    /// A call of PowerShell's `Invoke-WebRequest` or `Invoke-RestMethod`.
    PowerShell,
    /// An entry of a HAR file.
    Har,
    /// A line of an access log.
    AccessLog,
    /// A URL alone.
    Url,
}

/// Names the form, as in "read as a URL".
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Raw => "a request as it was sent",
            Form::CurlVerbose => "what curl -v prints",
            Form::CurlTrace => "what curl --trace prints",
            Form::PseudoHeaders => "headers of HTTP/2",
            Form::NetworkPanel => "headers in a browser's network panel",
            Form::Curl => "a curl command",
            Form::Fetch => "a call of fetch",
            Form::PowerShell => "a call of Invoke-WebRequest",
            Form::Har => "an entry of a HAR file",
            Form::AccessLog => "a line of an access log",
            Form::Url => "a URL alone",
        })
    }
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The method.
    Method,
    /// The URL.
    Url,
    /// The value of the Content-Type header.
    ContentType,
    /// The body.
    Body,
}

/// A request that was read.
///
/// `Debug` shows none of its values: they may be keys and signatures.
pub struct Transcript<'a> {
    found: Found<'a>,
    method: String,
    url: String,
    content_type: Option<String>,
    host: String,
}

/// What a reader finds, in pieces of the input.
#[derive(Default)]
pub(crate) struct Found<'a> {
    form: Option<Form>,
    method: Mapped<'a>,
    /// A target as in a request line, or a URL.
    url: Mapped<'a>,
    /// The scheme, where it is told apart from the URL.
    scheme: Mapped<'a>,
    host: Mapped<'a>,
    content_type: Option<Mapped<'a>>,
    body: Mapped<'a>,
    missing: Option<Missing>,
    remarks: Vec<Remark>,
}

/// What a reader makes of an input: `None` where it is of another form.
pub(crate) type Outcome<'a> = Option<Result<Found<'a>, Error>>;

/// Reads the request in a text.
///
/// # Errors
///
/// There is none that can be read. The message says what is missing and what to paste.
pub fn read(text: &[u8]) -> Result<Transcript<'_>, Error> {
    if text.len() > INPUT_MAX {
        return Err(Error::TooLong);
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(Error::Utf16);
    }
    let whole = Slice { text, at: 0 };
    let text = whole.strip_prefix(b"\xef\xbb\xbf").unwrap_or(whole);
    match quoted::read(text) {
        Some(found) => Transcript::of(found?),
        None if holds_typography(text.text) => Err(Error::Typography),
        None => Err(Error::NoRequest),
    }
}

/// Reads a request whose first line tells what it is.
pub(crate) fn read_by_first_line(text: Slice<'_>) -> Outcome<'_> {
    [http::read, har::read, url::read].iter().find_map(|read| read(text))
}

/// Reads a request that other text may stand before.
pub(crate) fn read_anywhere(text: Slice<'_>) -> Outcome<'_> {
    let readers = [
        trace::read,
        verbose::read,
        fetch::read,
        powershell::read,
        curl::read,
        log::read,
        listed::read,
        http::read_within,
    ];
    readers.iter().find_map(|read| read(text))
}

/// Whether there are quotes or spaces that a word processor puts in.
pub(crate) fn holds_typography(text: &[u8]) -> bool {
    // A no-break space, and the quotes from U+2018 to U+201F.
    text.windows(3).any(|window| matches!(window, [0xe2, 0x80, 0x98..=0x9f]) || window.starts_with(b"\xc2\xa0"))
}

impl<'a> Transcript<'a> {
    fn of(mut found: Found<'a>) -> Result<Self, Error> {
        let text = |part: &Mapped<'_>| String::from_utf8(part.value().to_vec()).map_err(|_| Error::NotText);
        found.content_type = found.content_type.map(Mapped::lossy);
        found.host = found.host.lossy();
        if found.url.value().starts_with(b"/") && url::is_host(found.host.value()) {
            let mut whole = Mapped::default();
            if found.scheme.is_empty() {
                whole.push_made(b"https");
            } else {
                whole.append(&found.scheme, 0..found.scheme.len());
            }
            whole.push_made(b"://");
            whole.append(&found.host, 0..found.host.len());
            whole.append(&found.url, 0..found.url.len());
            found.url = whole;
        }
        let (method, url, host) = (text(&found.method)?, text(&found.url)?, text(&found.host)?);
        let content_type = found.content_type.as_ref().map(text).transpose()?;
        let host = if host.is_empty() { url::host(&url).to_owned() } else { host };
        Ok(Transcript { found, method, url, content_type, host })
    }

    /// The request, as the core takes it.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        let request = Request::new(&self.method, &self.url).body(self.body());
        match self.content_type() {
            Some(content_type) => request.content_type(content_type),
            None => request,
        }
    }

    /// The method, as it is written.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL. It is absolute where the host is known, and a target as in a request line where it is not. Where the
    /// scheme is not told it is https.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host, and its port where it is told. Empty where it is not known.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The value of the Content-Type header.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.found.body.value()
    }

    /// Why the body is missing, or a part of it, where the text shows that there was one.
    #[must_use]
    pub fn body_missing(&self) -> Option<Missing> {
        self.found.missing
    }

    /// What the request was recognised as.
    #[must_use]
    pub fn form(&self) -> Form {
        self.found.form.unwrap_or(Form::Raw)
    }

    /// What a user should know about the input.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.found.remarks
    }

    /// The ranges of the input that a part was read from, in bytes, in the order of the value. There is none where the
    /// part is not in the input, as the method of a URL.
    #[must_use]
    pub fn spans(&self, part: Part) -> Vec<Range<usize>> {
        self.locate(part, 0..usize::MAX)
    }

    /// The ranges of the input that a range of a part's value was read from, both in bytes. An escape counts whole.
    #[must_use]
    pub fn locate(&self, part: Part, range: Range<usize>) -> Vec<Range<usize>> {
        let mapped = match part {
            Part::Method => Some(&self.found.method),
            Part::Url => Some(&self.found.url),
            Part::ContentType => self.found.content_type.as_ref(),
            Part::Body => Some(&self.found.body),
        };
        mapped.map(|mapped| mapped.locate(range)).unwrap_or_default()
    }
}

impl fmt::Debug for Transcript<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transcript").field("form", &self.form()).finish_non_exhaustive()
    }
}

impl Found<'_> {
    fn of(form: Form) -> Self {
        Found { form: Some(form), ..Found::default() }
    }

    /// Adds a remark once.
    fn remark(&mut self, remark: Remark) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// The same request, read from a text that itself was made from the input.
    fn through(self, view: &Mapped<'_>) -> Found<'static> {
        Found {
            form: self.form,
            method: self.method.through(view),
            url: self.url.through(view),
            scheme: self.scheme.through(view),
            host: self.host.through(view),
            content_type: self.content_type.map(|part| part.through(view)),
            body: self.body.through(view),
            missing: self.missing,
            remarks: self.remarks,
        }
    }
}
