//! Checks a body that is too large for memory, piece by piece as it is sent.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use crate::Error;
use crate::form_check::FormCheck;
use crate::insertion::route_in_body;
use crate::multipart_check::MultipartCheck;

/// The check of a form or multipart body while it is sent, after the credentials before it.
///
/// It refuses every body that signing would refuse, at the piece where the fault appears. It holds no key and no
/// signature.
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
    /// On the heap, because moving it on the stack would need more stack than a call may take.
    check: Box<[BodyCheck; 1]>,
    /// The error if the URL has no route.
    url_route: Result<(), Error>,
    /// The error of an earlier piece.
    refused: Option<Error>,
}

#[allow(clippy::large_enum_variant, reason = "it is made once for a body, and never moved after that")]
enum BodyCheck {
    Form(FormCheck),
    Multipart(MultipartCheck),
}

impl Upload {
    #[inline(never)]
    pub(crate) fn form(url_route: Result<(), Error>) -> Result<Self, Error> {
        Upload::new(url_route, BodyCheck::Form(FormCheck::new(url_route.is_ok())))
    }

    #[inline(never)]
    pub(crate) fn multipart(boundary: &str, url_route: Result<(), Error>) -> Result<Self, Error> {
        Upload::new(url_route, BodyCheck::Multipart(MultipartCheck::new(boundary, url_route.is_ok())?))
    }

    fn new(url_route: Result<(), Error>, check: BodyCheck) -> Result<Self, Error> {
        let mut one = Vec::new();
        one.try_reserve_exact(1).map_err(|_| Error::OutOfMemory)?;
        one.push(check);
        let check = one.into_boxed_slice().try_into().map_err(|_| Error::OutOfMemory)?;
        Ok(Upload { check, url_route, refused: None })
    }

    /// Checks the next piece, of any size. After an error you must not send the rest of the body, and every later call
    /// returns the same error.
    ///
    /// # Errors
    ///
    /// [`Error::MultipartNotPlain`]; [`Error::TooManyParameters`]; [`Error::RouteSlash`] if a route in the body does
    /// not begin with a slash; if something in the body would replace a credential or the route,
    /// [`Error::ApiKeyParameter`], [`Error::SaltParameter`], [`Error::SignatureParameter`], [`Error::RouteParameter`].
    pub fn check(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.remember_error(|check| match check {
            BodyCheck::Form(form) => form.feed(piece),
            BodyCheck::Multipart(plain) => plain.feed(piece),
        })
    }

    /// Checks the end of the body. Call it before you send the last byte.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Self::check); a multipart body that ended too early is not plain. If neither the URL nor the
    /// body has a route that the server takes: [`Error::RouteMissing`], [`Error::RouteEncoded`],
    /// [`Error::RouteQuestionMark`], [`Error::RouteCharacter`].
    pub fn end(&mut self) -> Result<(), Error> {
        let url_route = self.url_route;
        self.remember_error(|check| {
            match check {
                BodyCheck::Form(form) => form.end()?,
                BodyCheck::Multipart(plain) => plain.end()?,
            }
            check.route().map_or(url_route, route_in_body)
        })
    }

    fn remember_error(&mut self, action: impl FnOnce(&mut BodyCheck) -> Result<(), Error>) -> Result<(), Error> {
        self.refused.map_or(Ok(()), Err)?;
        let [check] = &mut *self.check;
        action(check).inspect_err(|error| self.refused = Some(*error))
    }
}

impl BodyCheck {
    fn route(&self) -> Option<&[u8]> {
        match self {
            BodyCheck::Form(form) => form.route(),
            BodyCheck::Multipart(plain) => plain.route(),
        }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("refused", &self.refused).finish_non_exhaustive()
    }
}
