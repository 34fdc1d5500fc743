//! Reads the request in a text that people paste when they ask why it fails.
//!
//! [`read`] recognises each [`Form`] without being told, and takes the first one that fits:
//!
//! - a request as it was on the wire, whole or without its carriage returns, its version or its host, which a copy may
//!   lose;
//! - the output of `curl -v`, `--trace` and `--trace-ascii`, with or without the progress meter; the body may be added
//!   by hand or be in the command above;
//! - headers of HTTP/2, and the list of a browser's network panel;
//! - a curl command for a POSIX shell, Windows' cmd or PowerShell, also as a browser copies it;
//! - a call of `fetch`, or `Invoke-WebRequest`, as a browser copies it;
//! - an entry of a HAR file, a line of an access log, a URL.
//!
//! If there are several requests, it reads the first one and adds a remark; a `CONNECT` to a proxy does not count. It
//! also reads a request between code fences, and one whose lines are all quoted as in mail or indented.
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
//! [`Explanation`] says what the server sees in the request, what it answers, and what to change.
//!
//! Time is linear in the length of the input, and memory is bounded by a small multiple of it. The crate does no I/O,
//! is `no_std` with `alloc`, and has no unsafe code.
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
mod header_list;
mod http;
mod json;
mod log;
mod mapped;
mod posix;
mod powershell;
mod quoted;
mod remark;
mod secrets;
mod trace;
mod url;
mod verbose;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use kayako_sign_core::Request;

pub use curl_form::file_type;
pub use error::Error;
pub use explanation::{Explanation, Verdict};
use mapped::{Mapped, Slice};
pub use remark::{Missing, Remark};
pub use secrets::Secrets;

/// Length of the longest input that is read, in bytes. If a body is larger, its credentials are near its beginning, so
/// the rest can be cut.
pub const INPUT_MAX: usize = 16 * 1024 * 1024;

/// The form in which a request is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// A request as it was on the wire.
    Raw,
    /// The output of `curl -v`.
    CurlVerbose,
    /// The output of `curl --trace` or `--trace-ascii`.
    CurlTrace,
    /// Headers of HTTP/2.
    PseudoHeaders,
    /// The list of a browser's network panel.
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
/// `Debug` shows none of its values, because they may be keys and signatures.
pub struct Transcript<'a> {
    found: Found<'a>,
    method: String,
    url: String,
    content_type: Option<String>,
    host: String,
}

/// The parts of a request that a reader finds, each made of pieces of the input.
#[derive(Default)]
pub(crate) struct Found<'a> {
    form: Option<Form>,
    method: Mapped<'a>,
    /// A target as in a request line, or a URL.
    url: Mapped<'a>,
    /// The scheme, if it is shown apart from the URL.
    scheme: Mapped<'a>,
    host: Mapped<'a>,
    content_type: Option<Mapped<'a>>,
    body: Mapped<'a>,
    missing: Option<Missing>,
    remarks: Vec<Remark>,
}

/// The result of a reader: `None` if the input has another form.
pub(crate) type Outcome<'a> = Option<Result<Found<'a>, Error>>;

/// Reads the request in a text.
///
/// # Errors
///
/// If there is no request that can be read. The message says what is missing and what to paste.
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

/// Reads a request whose form is known from its first line.
pub(crate) fn read_by_first_line(text: Slice<'_>) -> Outcome<'_> {
    [http::read, har::read, url::read].iter().find_map(|read| read(text))
}

/// Reads a request that may come after other text.
pub(crate) fn read_anywhere(text: Slice<'_>) -> Outcome<'_> {
    let readers = [
        trace::read,
        verbose::read,
        fetch::read,
        powershell::read,
        curl::read,
        log::read,
        header_list::read,
        http::read_within,
    ];
    readers.iter().find_map(|read| read(text))
}

/// Returns whether there are quotes or spaces that a word processor puts in.
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

    /// Returns the request in the type of the core.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        let request = Request::new(&self.method, &self.url).body(self.body());
        match self.content_type() {
            Some(content_type) => request.content_type(content_type),
            None => request,
        }
    }

    /// Returns the method, as it is written.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the URL. It is absolute if the host is known, and otherwise a target as in a request line. If the scheme
    /// is not shown, it is https.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the host, with its port if that is shown. Empty if the host is not known.
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

    /// Returns the reason why the body or a part of it is missing, or `None` if the text does not show that there was
    /// one.
    #[must_use]
    pub fn body_missing(&self) -> Option<Missing> {
        self.found.missing
    }

    /// Returns the form in which the request is shown.
    #[must_use]
    pub fn form(&self) -> Form {
        self.found.form.unwrap_or(Form::Raw)
    }

    /// Returns the remarks that a user should know about the input.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.found.remarks
    }

    /// Returns the ranges of the input that a part was read from, in bytes, in the order of the value. There is none if
    /// the part is not in the input, for example the method of a URL.
    #[must_use]
    pub fn spans(&self, part: Part) -> Vec<Range<usize>> {
        self.locate(part, 0..usize::MAX)
    }

    /// Returns the ranges of the input that a range of a part's value was read from, both in bytes. An escape is always
    /// included as a whole.
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

    /// Returns the same request with places in the input, if it was read from `view`, a text that was made from the
    /// input.
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
