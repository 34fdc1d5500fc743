use std::fmt;

use kayako_sign_core::{Insertion, Request, Target};

/// A request that owns its parts. Not to be printed once it is signed.
#[derive(Clone)]
pub struct Sent {
    pub method: String,
    pub url: String,
    /// Empty where there is none.
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
        Request {
            method: &self.method,
            url: &self.url,
            content_type: (!self.content_type.is_empty()).then_some(self.content_type.as_str()),
            body: &self.body,
        }
    }

    /// The request with the insertion in it.
    pub fn with(&self, insertion: &Insertion) -> Self {
        let mut signed = self.clone();
        match insertion.target {
            Target::Url => signed.url.insert_str(insertion.offset, &insertion.text),
            Target::Body => {
                signed.body.splice(insertion.offset..insertion.offset, insertion.text.bytes());
            }
        }
        signed
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?} \"{}\"", self.method, self.url, self.content_type, self.body.escape_ascii())
    }
}
