use std::fmt;

use kayako_sign_core::{Insertion, Request};

/// A request that owns its parts. Do not print it after it is signed.
#[derive(Clone)]
pub struct Sent {
    pub method: String,
    pub url: String,
    /// Empty if there is none.
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Sent {
    pub fn new(method: &str, url: &str, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Sent {
            method: method.to_owned(),
            url: url.to_owned(),
            content_type: content_type.to_owned(),
            body: body.as_ref().to_owned(),
        }
    }

    pub fn request(&self) -> Request<'_> {
        let request = Request::new(&self.method, &self.url).body(&self.body);
        if self.content_type.is_empty() { request } else { request.content_type(&self.content_type) }
    }

    /// The request with the insertion in it.
    pub fn with(&self, insertion: &Insertion) -> Self {
        Sent {
            url: insertion.apply_to_url(&self.url).into_owned(),
            body: insertion.apply_to_body(&self.body).into_owned(),
            ..self.clone()
        }
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?} \"{}\"", self.method, self.url, self.content_type, self.body.escape_ascii())
    }
}
