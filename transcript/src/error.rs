//! Lists the reasons why no request could be read. The messages say what to paste instead, and none quotes the input.

use core::fmt;

/// The reason why no request was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The input is longer than [`INPUT_MAX`](crate::INPUT_MAX).
    TooLong,
    /// The input is UTF-16.
    Utf16,
    /// The input has no request in a known form.
    NoRequest,
    /// As [`Error::NoRequest`], but the input has typographic quotes or no-break spaces.
    Typography,
    /// The request line has too few or too many words, or a control character.
    RequestLine,
    /// A line of the head has no colon. The request line is line 1.
    Header {
        /// Its number.
        line: usize,
    },
    /// The name of a header has a character that HTTP does not allow. The request line is line 1.
    HeaderName {
        /// Its number.
        line: usize,
    },
    /// The chunks of the body are not as long as they say.
    Chunks,
    /// The method or the URL is not UTF-8.
    NotText,
    /// A quote in a command or in code is not closed.
    Quote,
    /// A command or a call has no URL.
    NoUrl,
    /// The URL is a variable or another expression.
    Expression,
    /// An option of curl reads the decisive text from a file. The option is given.
    File(&'static str),
    /// An option of curl makes a request that cannot be read from the command. The option is given.
    Option(&'static str),
    /// The input is JSON without a request.
    Json,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FORMS: &str = "paste it as it was sent, from a line such as GET /api/index.php?/Base/User/1 HTTP/1.1 on, \
                             or what curl -v prints, a curl command, a request copied from a browser's network panel, \
                             a line of an access log, or a URL";
        match self {
            Error::TooLong => f.write_str(
                "the request is longer than 16 MiB. Cut files out of its body: the credentials are not in them.",
            ),
            Error::Utf16 => f.write_str("the request is written in UTF-16: save it as UTF-8"),
            Error::NoRequest => write!(f, "there is no request here: {FORMS}"),
            Error::Typography => write!(
                f,
                "there is no request here, but there are typographic quotes or no-break spaces, which a word processor \
                 or a web page puts in: {FORMS}"
            ),
            Error::RequestLine => f.write_str(
                "the request line must be METHOD URL HTTP/1.1, and a server refuses another one; a space within the \
                 URL must be written as %20",
            ),
            Error::Header { line } => write!(
                f,
                "line {line} of the request is no header: it has no colon. An empty line must come before the body."
            ),
            Error::HeaderName { line } => write!(
                f,
                "line {line} of the request is no header: its name has a character that HTTP does not allow. An empty \
                 line must come before the body."
            ),
            Error::Chunks => f.write_str(
                "the chunks of the body are not as long as they say; show the body without them, or with its own line \
                 ends",
            ),
            Error::NotText => f.write_str("the method or the URL is not UTF-8: write such bytes as %XX"),
            Error::Quote => f.write_str("a quote that is opened is not closed: copy the whole command"),
            Error::NoUrl => f.write_str("there is no URL in it: copy the whole command"),
            Error::Expression => f.write_str("the URL is not written out: put it in place of the variable"),
            Error::File(option) => write!(
                f,
                "{option} reads a file that is not here: run the command with -v and paste what it prints, with the body"
            ),
            Error::Option(option) => write!(
                f,
                "the command does not show what the option {option} sends: run it with -v and paste what it prints, \
                 with the body"
            ),
            Error::Json => f.write_str(
                "there is no request in this JSON: paste an entry of a HAR file, with request, method and url",
            ),
        }
    }
}

impl core::error::Error for Error {}
