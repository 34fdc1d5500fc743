//! A body that is too large to be held, looked at piece by piece as it is sent.

use core::fmt;

use crate::Error;
use crate::form::Form;
use crate::plain::{self, Plain};

/// A look at each piece of a body, after credentials were sent before it: a form or multipart form data.
///
/// It refuses what signing the whole body refuses, at the piece in which that shows. It holds no key and no signature.
///
/// ```
/// # use kayako_sign_core::{Error, Upload};
/// let mut upload = Upload::form();
/// upload.check(b"subject=Hello&sa")?;
/// assert_eq!(upload.check(b"lt=1"), Err(Error::SaltParameter));
/// assert_eq!(upload.end(), Err(Error::SaltParameter));
/// # Ok::<(), Error>(())
/// ```
pub struct Upload {
    judge: Judge,
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
    /// Starts with an encoded form.
    #[must_use]
    pub fn form() -> Self {
        Upload { judge: Judge::Form(Form::new()), refused: None }
    }

    /// Starts with multipart form data of a Content-Type.
    ///
    /// # Errors
    ///
    /// [`Error::MultipartBoundary`] if the type does not name one plain boundary.
    pub fn multipart(content_type: &str) -> Result<Self, Error> {
        let boundary = plain::plain_boundary(content_type).ok_or(Error::MultipartBoundary)?;
        Ok(Upload { judge: Judge::Multipart(Plain::new(boundary)?), refused: None })
    }

    /// Looks at the next piece, of any size. After an error the body must not be sent any further, and every later call
    /// returns that error again.
    ///
    /// # Errors
    ///
    /// [`Error::MultipartNotPlain`]; if something in the body would replace a credential or the route,
    /// [`Error::ApiKeyParameter`], [`Error::SaltParameter`], [`Error::SignatureParameter`], [`Error::RouteParameter`].
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

    /// Returns the route among the fields, if there is one: the value of `e` as PHP has it. It is whole once the body
    /// has ended.
    #[must_use]
    pub fn route(&self) -> Option<&[u8]> {
        match &self.judge {
            Judge::Form(form) => form.route(),
            Judge::Multipart(plain) => plain.route(),
        }
    }

    /// Returns how many parameters or fields have been seen. PHP takes the first 1,000, of which the credentials are
    /// three.
    #[must_use]
    pub fn count(&self) -> usize {
        match &self.judge {
            Judge::Form(form) => form.count(),
            Judge::Multipart(plain) => plain.count(),
        }
    }

    fn keep(&mut self, look: impl FnOnce(&mut Judge) -> Result<(), Error>) -> Result<(), Error> {
        self.refused.map_or(Ok(()), Err)?;
        look(&mut self.judge).inspect_err(|error| self.refused = Some(*error))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("refused", &self.refused).finish_non_exhaustive()
    }
}
