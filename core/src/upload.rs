//! A body that is too large to be held, looked at piece by piece as it is sent.

use core::fmt;

use crate::Error;
use crate::form::Form;
use crate::insertion::check_count;
use crate::plain::Plain;

/// A look at each piece of a body, after credentials were sent before it: a form or multipart form data.
///
/// It refuses what signing the whole body refuses, at the piece in which that shows. It holds no key and no signature.
/// The route must be in the URL, as whether it is in the body shows too late.
///
/// ```
/// # use kayako_sign_core::{Error, Request, Signer};
/// let signer = Signer::new("apikey", "secretkey")?;
/// let request = Request::new("POST", "https://help.example.com/api/index.php?/Base/User")
///     .content_type("application/x-www-form-urlencoded");
/// let (point, mut upload) = signer.upload(&request)?;
/// let first = point.insert()?.text;
/// assert!(first.starts_with("apikey=apikey&salt=") && first.ends_with('&'));
/// upload.check(b"subject=Hello&sa")?;
/// assert_eq!(upload.check(b"lt=1"), Ok(()));
/// assert_eq!(upload.end(), Err(Error::SaltParameter));
/// # Ok::<(), Error>(())
/// ```
pub struct Upload {
    judge: Judge,
    /// What was wrong with an earlier piece.
    refused: Option<Error>,
}

// Both are of constant size, and an upload costs one of them.
#[allow(clippy::large_enum_variant)]
enum Judge {
    Form(Form),
    Multipart(Plain),
}

impl Upload {
    pub(crate) fn form() -> Self {
        Upload { judge: Judge::Form(Form::new()), refused: None }
    }

    pub(crate) fn multipart(boundary: &str) -> Result<Self, Error> {
        Ok(Upload { judge: Judge::Multipart(Plain::new(boundary)?), refused: None })
    }

    /// Looks at the next piece, of any size. After an error the body must not be sent any further, and every later call
    /// returns that error again.
    ///
    /// # Errors
    ///
    /// [`Error::MultipartNotPlain`]; [`Error::TooManyParameters`]; if something in the body would replace a credential or
    /// the route, [`Error::ApiKeyParameter`], [`Error::SaltParameter`], [`Error::SignatureParameter`],
    /// [`Error::RouteParameter`].
    pub fn check(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.keep(|judge| match judge {
            Judge::Form(form) => form.feed(piece),
            Judge::Multipart(plain) => plain.feed(piece),
        })
    }

    /// Looks at the end of the body.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Self::check). A multipart body that ended too early is not plain.
    pub fn end(&mut self) -> Result<(), Error> {
        self.keep(|judge| match judge {
            Judge::Form(form) => form.end(),
            Judge::Multipart(plain) => plain.end(),
        })
    }

    fn keep(&mut self, look: impl FnOnce(&mut Judge) -> Result<(), Error>) -> Result<(), Error> {
        self.refused.map_or(Ok(()), Err)?;
        let looked = look(&mut self.judge).and_then(|()| self.judge.check());
        looked.inspect_err(|error| self.refused = Some(*error))
    }
}

impl Judge {
    /// Refuses a route beside that of the URL, and more fields than PHP takes.
    fn check(&self) -> Result<(), Error> {
        let (route, count) = match self {
            Judge::Form(form) => (form.route(), form.count()),
            Judge::Multipart(plain) => (plain.route(), plain.count()),
        };
        if route.is_some() { Err(Error::RouteParameter) } else { check_count(count) }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("refused", &self.refused).finish_non_exhaustive()
    }
}
