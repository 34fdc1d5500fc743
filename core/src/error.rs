use core::{ffi::CStr, fmt};

/// Why a signer, a salt or credentials could not be made.
///
/// The text of an error names the argument and the rule it broke. It never quotes a key, a salt or a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// The API key is empty.
    EmptyApiKey,
    /// The API key is longer than [`Signer::API_KEY_MAX`](crate::Signer::API_KEY_MAX) bytes.
    ApiKeyTooLong,
    /// The API key is not UTF-8 text.
    ApiKeyNotUtf8,
    /// The secret key is empty.
    EmptySecretKey,
    /// The secret key is longer than [`Signer::SECRET_KEY_MAX`](crate::Signer::SECRET_KEY_MAX) bytes.
    SecretKeyTooLong,
    /// The salt is empty. The server takes it for a missing one.
    EmptySalt,
    /// The salt is `0`, which the server takes for a missing one.
    ZeroSalt,
    /// The salt is longer than [`Salt::MAX_LEN`](crate::Salt::MAX_LEN) bytes.
    SaltTooLong,
    /// The salt is not UTF-8 text, which JSON must be.
    SaltNotUtf8,
    /// The batch has more than [`Signer::BATCH_MAX`](crate::Signer::BATCH_MAX) credentials.
    BatchTooLarge,
    /// The operating system gave no random bytes for a salt.
    NoRandomness,
    /// There is not enough memory.
    OutOfMemory,
}

impl Error {
    /// The text of the error, with a NUL behind it for callers from C.
    #[must_use]
    pub const fn message(self) -> &'static CStr {
        match self {
            Error::EmptyApiKey => c"API key: must not be empty",
            Error::ApiKeyTooLong => c"API key: must not be longer than 1024 bytes",
            Error::ApiKeyNotUtf8 => c"API key: must be UTF-8 text",
            Error::EmptySecretKey => c"secret key: must not be empty",
            Error::SecretKeyTooLong => c"secret key: must not be longer than 65536 bytes",
            Error::EmptySalt => c"salt: must not be empty, because the server takes that for a missing salt",
            Error::ZeroSalt => c"salt: must not be 0, because the server takes that for a missing salt",
            Error::SaltTooLong => c"salt: must not be longer than 65536 bytes",
            Error::SaltNotUtf8 => c"salt: must be UTF-8 text to stand in JSON",
            Error::BatchTooLarge => c"count: must not be more than 1000000 credentials at once",
            Error::NoRandomness => c"salt: the operating system gave no random bytes for a fresh one",
            Error::OutOfMemory => c"memory: not enough of it is free",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().to_str().map_err(|_| fmt::Error)?)
    }
}

impl core::error::Error for Error {}
