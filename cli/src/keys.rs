//! Where the two keys come from: a file that an option names, or else the environment.

use std::env;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use kayako_sign_core::{Error, Signer};
use zeroize::Zeroizing;

use crate::args::Keys;
use crate::files::{is_stdin, open, shown};
use crate::{Failure, fail};

/// A key's bytes, wiped when they are dropped.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

struct Key {
    name: &'static str,
    variable: &'static str,
    option: &'static str,
    max: usize,
    private: bool,
}

const API_KEY: Key = Key {
    name: "API key",
    variable: "KAYAKO_API_KEY",
    option: "--api-key-file",
    max: Signer::API_KEY_MAX,
    private: false,
};

const SECRET_KEY: Key = Key {
    name: "secret key",
    variable: "KAYAKO_SECRET_KEY",
    option: "--secret-key-file",
    max: Signer::SECRET_KEY_MAX,
    private: true,
};

impl Keys {
    pub(crate) fn reads_stdin(&self) -> bool {
        [&self.api_key_file, &self.secret_key_file].into_iter().flatten().any(|file| is_stdin(file))
    }

    /// The signer for both keys.
    pub(crate) fn signer(&self) -> Result<Signer, Failure> {
        Ok(self.load()?.0)
    }

    /// The signer for both keys, and the secret one.
    pub(crate) fn load(&self) -> Result<(Signer, Bytes), Failure> {
        let (api_file, secret_file) = (self.api_key_file.as_deref(), self.secret_key_file.as_deref());
        if [api_file, secret_file].iter().all(|file| file.is_some_and(is_stdin)) {
            return fail(
                "standard input can give one key only. Name a file for the other, or set it in the environment.",
            );
        }
        let api_key = API_KEY.read(api_file)?;
        let secret_key = SECRET_KEY.read(secret_file)?;
        let signer = std::str::from_utf8(&api_key)
            .map_err(|_| Error::ApiKeyNotUtf8)
            .and_then(|api_key| Signer::new(api_key, &*secret_key))
            .map_err(|error| match error {
                Error::EmptyApiKey | Error::ApiKeyTooLong | Error::ApiKeyNotUtf8 => API_KEY.unfit(error, api_file),
                Error::EmptySecretKey | Error::SecretKeyTooLong => SECRET_KEY.unfit(error, secret_file),
                other => other.into(),
            })?;
        Ok((signer, secret_key))
    }
}

impl Key {
    fn read(&self, file: Option<&Path>) -> Result<Bytes, Failure> {
        let Some(path) = file else {
            let value = env::var_os(self.variable).ok_or_else(|| self.missing())?;
            return Ok(Zeroizing::new(value.into_encoded_bytes()));
        };
        let failed = |error| Failure::Said(format!("cannot read the {} from {}: {error}", self.name, shown(path)));
        let file = open(path).map_err(failed)?;
        self.check(&file.metadata().map_err(failed)?, path)?;
        read_line(file, self.max).map_err(failed)
    }

    /// Refuses what holds no key, and a secret key that others can get at.
    fn check(&self, file: &Metadata, path: &Path) -> Result<(), Failure> {
        let (name, place, kind) = (self.name, shown(path), file.file_type());
        if kind.is_dir() {
            return fail(format!("cannot read the {name} from {place}: it is a directory"));
        }
        if kind.is_char_device() || kind.is_block_device() {
            return fail(format!(
                "cannot read the {name} from {place}: it is a terminal or another device. Use a file or a pipe."
            ));
        }
        // The group of a service may read what root has laid out for it.
        let allowed = if file.uid() == 0 { 0o640 } else { 0o600 };
        if self.private && !is_stdin(path) && file.mode() & 0o077 & !allowed != 0 {
            let mode = file.mode() & 0o777;
            return fail(format!(
                "the {name} in {place} is open to others (mode {mode:03o}). Run: chmod {allowed:o} {place}"
            ));
        }
        Ok(())
    }

    fn missing(&self) -> Failure {
        let Key { name, variable, option, .. } = self;
        Failure::Said(format!("no {name}. Set {variable}, or name a file with {option}."))
    }

    /// Core's sentence, and where the key was found.
    fn unfit(&self, error: Error, file: Option<&Path>) -> Failure {
        let place = file.map_or_else(|| self.variable.to_owned(), shown);
        Failure::Said(format!("{error} (it was read from {place})"))
    }
}

/// All that `file` holds but for one newline at its end; where that is more than `max` bytes, just enough to see it.
fn read_line(file: File, max: usize) -> io::Result<Bytes> {
    let limit = max + "\r\n".len() + 1;
    // Room to spare: a buffer that grows leaves a copy of the key behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * limit));
    file.take(limit as u64).read_to_end(&mut bytes)?;
    let line = bytes.strip_suffix(b"\r\n").or_else(|| bytes.strip_suffix(b"\n")).unwrap_or(&bytes);
    let len = line.len();
    bytes.truncate(len);
    Ok(bytes)
}
