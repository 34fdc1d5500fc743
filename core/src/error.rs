use core::fmt;

use crate::{Salt, Signer};

/// Why a signer, a salt or credentials could not be made.
///
/// The text of an error names the argument and the rule it broke. It never quotes a key, a salt or a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// The API key is empty.
    EmptyApiKey,
    /// The API key is longer than [`Signer::API_KEY_MAX`] bytes.
    ApiKeyTooLong,
    /// The secret key is empty.
    EmptySecretKey,
    /// The secret key is longer than [`Signer::SECRET_KEY_MAX`] bytes.
    SecretKeyTooLong,
    /// The salt is empty. The server takes it for a missing one.
    EmptySalt,
    /// The salt is `0`, which the server takes for a missing one.
    ZeroSalt,
    /// The salt is longer than [`Salt::MAX_LEN`] bytes.
    SaltTooLong,
    /// The salt is not UTF-8 text, which JSON must be.
    SaltNotUtf8,
    /// The operating system gave no random bytes for a salt.
    NoRandomness,
    /// There is not enough memory.
    OutOfMemory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::EmptyApiKey => f.write_str("API key: must not be empty"),
            Error::ApiKeyTooLong => write!(f, "API key: must not be longer than {} bytes", Signer::API_KEY_MAX),
            Error::EmptySecretKey => f.write_str("secret key: must not be empty"),
            Error::SecretKeyTooLong => {
                write!(f, "secret key: must not be longer than {} bytes", Signer::SECRET_KEY_MAX)
            }
            Error::EmptySalt => f.write_str("salt: must not be empty; the server takes that for a missing salt"),
            Error::ZeroSalt => f.write_str("salt: must not be 0; the server takes that for a missing salt"),
            Error::SaltTooLong => write!(f, "salt: must not be longer than {} bytes", Salt::MAX_LEN),
            Error::SaltNotUtf8 => f.write_str("salt: must be UTF-8 text to stand in JSON"),
            Error::NoRandomness => f.write_str("salt: the operating system gave no random bytes for a fresh one"),
            Error::OutOfMemory => f.write_str("signer: not enough memory"),
        }
    }
}

impl core::error::Error for Error {}
