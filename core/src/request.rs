//! A request, as it is about to be sent or as it was sent.

/// A request, as it is about to be sent or as it was sent.
///
/// ```
/// # use kayako_sign_core::Request;
/// let request = Request::new("POST", "https://help.example.com/api/index.php?/Base/User")
///     .content_type("application/x-www-form-urlencoded")
///     .body(b"fullname=Ada");
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The method. The server knows GET, POST, PUT and DELETE, in capitals.
    pub method: &'a str,
    /// The URL. A diagnosis also takes a path alone, as in the first line of a request.
    pub url: &'a str,
    /// The value of the Content-Type header, or `None` if there is no such header.
    pub content_type: Option<&'a str>,
    /// The body. Empty if there is none.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Length of the longest URL that is signed, in bytes.
    pub const URL_MAX: usize = 1_048_576;

    /// Returns a request without a Content-Type header and without a body.
    #[must_use]
    pub const fn new(method: &'a str, url: &'a str) -> Self {
        Request { method, url, content_type: None, body: b"" }
    }

    /// Returns the request with this value of the Content-Type header.
    #[must_use]
    pub const fn content_type(mut self, content_type: &'a str) -> Self {
        self.content_type = Some(content_type);
        self
    }

    /// Returns the request with this body.
    #[must_use]
    pub fn body(mut self, body: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.body = body.as_ref();
        self
    }

    /// Returns the content type as it arrives: without the white space around it, which is not part of a header's
    /// value. Empty if there is none.
    pub(crate) fn sent_type(&self) -> &'a str {
        self.content_type.unwrap_or_default().trim_matches([' ', '\t'])
    }
}

/// Shows the method and the content type, but only the lengths of the URL and the body, which may hold a secret.
impl core::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url_len", &self.url.len())
            .field("content_type", &self.content_type)
            .field("body_len", &self.body.len())
            .finish()
    }
}
