//! A body that is too large to be held, looked at piece by piece as it is sent.

use core::fmt;

use crate::Error;
use crate::form::Form;
use crate::insertion::route_in_body;
use crate::plain::Plain;

/// A look at each piece of a body, after credentials were sent before it: a form or multipart form data.
///
/// It refuses what signing the whole body refuses, at the piece in which that shows. It holds no key and no signature.
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
/// assert_eq!(upload.check(b"lt=1"), Err(Error::SaltParameter));
/// assert_eq!(upload.end(), Err(Error::SaltParameter));
/// # Ok::<(), Error>(())
/// ```
pub struct Upload {
    judge: Judge,
    /// Why the URL has no route, if so.
    url_route: Result<(), Error>,
    /// What was wrong with an earlier piece.
    refused: Option<Error>,
}

// An upload is made once for a body and never moved after that.
#[allow(clippy::large_enum_variant)]
enum Judge {
    Form(Form),
    Multipart(Plain),
}

impl Upload {
    pub(crate) fn form(url_route: Result<(), Error>) -> Self {
        Upload { judge: Judge::Form(Form::new(url_route.is_ok())), url_route, refused: None }
    }

    pub(crate) fn multipart(boundary: &str, url_route: Result<(), Error>) -> Result<Self, Error> {
        Ok(Upload { judge: Judge::Multipart(Plain::new(boundary, url_route.is_ok())?), url_route, refused: None })
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
    /// Those of [`check`](Self::check). A multipart body that ended too early is not plain. If neither the URL nor the
    /// body has a route that the server takes, [`Error::RouteMissing`] and the like.
    pub fn end(&mut self) -> Result<(), Error> {
        let url_route = self.url_route;
        self.keep(|judge| {
            match judge {
                Judge::Form(form) => form.end()?,
                Judge::Multipart(plain) => plain.end()?,
            }
            judge.route().map_or(url_route, route_in_body)
        })
    }

    fn keep(&mut self, look: impl FnOnce(&mut Judge) -> Result<(), Error>) -> Result<(), Error> {
        self.refused.map_or(Ok(()), Err)?;
        look(&mut self.judge).inspect_err(|error| self.refused = Some(*error))
    }
}

impl Judge {
    fn route(&self) -> Option<&[u8]> {
        match self {
            Judge::Form(form) => form.route(),
            Judge::Multipart(plain) => plain.route(),
        }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("refused", &self.refused).finish_non_exhaustive()
    }
}
