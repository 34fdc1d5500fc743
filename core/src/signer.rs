//! Holds the two keys, prepared for signing.

use alloc::vec::Vec;
use core::{fmt, str};

use zeroize::Zeroizing;

use crate::credentials::ApiKey;
use crate::hmac::{self, STATE_LEN};
#[cfg(feature = "os-rng")]
use crate::salt::RANDOM_LEN;
use crate::{Credentials, Error, Salt, Signature, multipart_check};

/// An API key and a prepared secret key.
///
/// Make one and keep it: the key is prepared once, and each signature then costs two SHA-256 compressions and no
/// allocation. A signer never changes, so any number of threads may use one at the same time. The secret key is wiped
/// when the signer is dropped, and `Debug` does not show it.
pub struct Signer {
    api_key: ApiKey,
    /// The inner and the outer HMAC state, then the secret key: everything that must stay secret, in one allocation.
    secrets: Zeroizing<Vec<u8>>,
}

/// Asserts that any number of threads may use one signer.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Signer>();
};

impl Signer {
    /// Length of the longest API key, in bytes.
    pub const API_KEY_MAX: usize = 1_024;
    /// Length of the longest secret key, in bytes.
    pub const SECRET_KEY_MAX: usize = 65_536;
    /// The most credentials that one batch makes.
    pub const BATCH_MAX: usize = 1_000_000;

    /// Makes a signer from the keys that the helpdesk shows in its admin panel, under REST API, API Information.
    ///
    /// The API key is UTF-8 text of 1 to [`Signer::API_KEY_MAX`] bytes. The secret key is 1 to
    /// [`Signer::SECRET_KEY_MAX`] bytes, exactly as shown there: it looks like base64, but must not be decoded.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyApiKey`], [`Error::EmptySecretKey`], [`Error::ApiKeyNotUtf8`]; [`Error::ApiKeyTooLong`] above
    /// [`Signer::API_KEY_MAX`], [`Error::SecretKeyTooLong`] above [`Signer::SECRET_KEY_MAX`]; [`Error::OutOfMemory`].
    pub fn new(api_key: impl AsRef<[u8]>, secret_key: impl AsRef<[u8]>) -> Result<Self, Error> {
        let (api_key, secret_key) = (api_key.as_ref(), secret_key.as_ref());
        match api_key.len() {
            0 => return Err(Error::EmptyApiKey),
            1..=Self::API_KEY_MAX => {}
            _ => return Err(Error::ApiKeyTooLong),
        }
        let api_key = str::from_utf8(api_key).map_err(|_| Error::ApiKeyNotUtf8)?;
        match secret_key.len() {
            0 => return Err(Error::EmptySecretKey),
            1..=Self::SECRET_KEY_MAX => {}
            _ => return Err(Error::SecretKeyTooLong),
        }
        // Reserved in full, because growing would leave a copy in freed memory.
        let mut secrets = Zeroizing::new(Vec::new());
        secrets.try_reserve_exact(2 * STATE_LEN + secret_key.len()).map_err(|_| Error::OutOfMemory)?;
        secrets.resize(2 * STATE_LEN, 0);
        let (inner, outer) = secrets.split_at_mut(STATE_LEN);
        hmac::prepare(secret_key, inner, outer);
        secrets.extend_from_slice(secret_key);
        Ok(Signer { api_key: ApiKey::new(api_key)?, secrets })
    }

    /// Returns the API key.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key.text
    }

    /// Signs a salt.
    ///
    /// # Errors
    ///
    /// Those of [`Salt::new`].
    pub fn sign(&self, salt: impl AsRef<[u8]>) -> Result<Signature, Error> {
        Ok(self.signature(&Salt::new(&salt)?))
    }

    /// Makes credentials for one request, with a fresh salt.
    ///
    /// # Errors
    ///
    /// [`Error::NoRandomness`] if the operating system gives no random bytes.
    #[cfg(feature = "os-rng")]
    #[inline]
    pub fn credentials(&self) -> Result<Credentials<'_>, Error> {
        // Not with `Salt::random`: copying the salt out of its result would cost a fifth of a signature.
        let mut random = [0; RANDOM_LEN];
        Salt::draw(&mut random)?;
        Ok(self.credentials_with_salt(Salt::from_random_bytes(random)))
    }

    /// Makes credentials with a given salt.
    ///
    /// ```
    /// # use kayako_sign_core::{Salt, Signer};
    /// let signer = Signer::new("apikey", "secretkey")?;
    /// let credentials = signer.credentials_with_salt(Salt::new("1234567890")?);
    /// assert_eq!(
    ///     credentials.to_query(),
    ///     "apikey=apikey&salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D"
    /// );
    /// # Ok::<(), kayako_sign_core::Error>(())
    /// ```
    #[must_use]
    pub fn credentials_with_salt<'a>(&'a self, salt: Salt<'a>) -> Credentials<'a> {
        let signature = self.signature(&salt);
        Credentials::new(&self.api_key, salt, signature)
    }

    /// Makes credentials for `count` requests, each with a fresh salt, with one call to the operating system.
    ///
    /// # Errors
    ///
    /// [`Error::BatchTooLarge`] above [`Signer::BATCH_MAX`]; [`Error::NoRandomness`] if the operating system gives no
    /// random bytes; [`Error::OutOfMemory`].
    #[cfg(feature = "os-rng")]
    pub fn credentials_batch(&self, count: usize) -> Result<Vec<Credentials<'_>>, Error> {
        if count > Self::BATCH_MAX {
            return Err(Error::BatchTooLarge);
        }
        let mut batch = Vec::new();
        batch.try_reserve_exact(count).map_err(|_| Error::OutOfMemory)?;
        batch.extend(Salt::random_batch(count)?.map(|salt| self.credentials_with_salt(salt)));
        Ok(batch)
    }

    /// Returns the length of the longest text that signing with a fresh salt adds to any request, in bytes.
    #[must_use]
    pub fn insertion_max(&self) -> usize {
        let separator = 1;
        self.parts_max(multipart_check::BOUNDARY_MAX)
            .max(self.members_max() + separator)
            .max(self.query_max() + separator)
    }

    /// Returns the length of the longest query with a fresh salt, in bytes.
    #[must_use]
    pub fn query_max(&self) -> usize {
        Credentials::query_max(&self.api_key)
    }

    pub(crate) fn parts_max(&self, boundary_len: usize) -> usize {
        Credentials::parts_max(&self.api_key, boundary_len)
    }

    pub(crate) fn members_max(&self) -> usize {
        Credentials::members_max(&self.api_key)
    }

    /// Returns whether `signature` is the base64 signature of `salt`, in constant time.
    ///
    /// It is strict: the signature must be 44 characters of the standard alphabet, padded and canonical, not
    /// URL-encoded. Returns `false` for an empty salt, for `0` and for a salt above [`Salt::MAX_LEN`] bytes, which have
    /// no signature.
    #[must_use]
    pub fn verify(&self, salt: impl AsRef<[u8]>, signature: impl AsRef<[u8]>) -> bool {
        match (self.sign(salt), Signature::from_base64(signature.as_ref())) {
            (Ok(right), Some(given)) => right == given,
            _ => false,
        }
    }

    fn signature(&self, salt: &Salt<'_>) -> Signature {
        Signature::new(hmac::mac(self.states(), salt.as_bytes()))
    }

    /// Returns the inner and the outer HMAC state.
    pub(crate) fn states(&self) -> (&[u8], &[u8]) {
        let (inner, rest) = self.secrets.split_at(STATE_LEN);
        let (outer, _secret_key) = rest.split_at(STATE_LEN);
        (inner, outer)
    }

    pub(crate) fn secret_key(&self) -> &[u8] {
        &self.secrets[2 * STATE_LEN..]
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("api_key", &self.api_key()).finish_non_exhaustive()
    }
}
