//! Reads the two keys: each from the file that an option names, or else from the environment.

use std::env;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use kayako_sign_core::{Error, Signer};
use zeroize::Zeroizing;

use crate::args::Keys;
use crate::files::{Inputs, Role, is_stdin, shown, unreadable};
use crate::platform::{self, Kind};
use crate::{Failure, fail};

/// A key's bytes, wiped when they are dropped.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

struct Key {
    role: Role,
    variable: &'static str,
    option: &'static str,
    max: usize,
    private: bool,
}

const API_KEY: Key = Key {
    role: Role::ApiKey,
    variable: "KAYAKO_API_KEY",
    option: "--api-key-file",
    max: Signer::API_KEY_MAX,
    private: false,
};

const SECRET_KEY: Key = Key {
    role: Role::SecretKey,
    variable: "KAYAKO_SECRET_KEY",
    option: "--secret-key-file",
    max: Signer::SECRET_KEY_MAX,
    private: true,
};

impl Keys {
    /// Returns the signer of both keys.
    pub(crate) fn signer(&self, inputs: &mut Inputs) -> Result<Signer, Failure> {
        Ok(self.read(inputs)?.0)
    }

    /// Returns the signer of both keys, and the secret key.
    pub(crate) fn read(&self, inputs: &mut Inputs) -> Result<(Signer, Bytes), Failure> {
        let (api_file, secret_file) = (self.api_key_file.as_deref(), self.secret_key_file.as_deref());
        let api_key = API_KEY.read(api_file, inputs)?;
        let secret_key = SECRET_KEY.read(secret_file, inputs)?;
        let signer = Signer::new(&*api_key, &*secret_key).map_err(|error| match error.subject() {
            "API key" => API_KEY.unfit(error, api_file),
            "secret key" => SECRET_KEY.unfit(error, secret_file),
            _ => error.into(),
        })?;
        Ok((signer, secret_key))
    }
}

impl Key {
    fn read(&self, file: Option<&Path>, inputs: &mut Inputs) -> Result<Bytes, Failure> {
        let mut key = match file {
            Some(path) => self.read_file(path, inputs)?,
            None => Zeroizing::new(env::var_os(self.variable).ok_or_else(|| self.missing())?.into_encoded_bytes()),
        };
        self.check_encoding(&key, file)?;
        drop_newline(&mut key);
        Ok(key)
    }

    fn read_file(&self, path: &Path, inputs: &mut Inputs) -> Result<Bytes, Failure> {
        let failed = |error| unreadable(path, self.role, &error);
        let file = inputs.open(path, self.role)?;
        self.check_kind(&platform::kind_of(&file).map_err(failed)?, path)?;
        read(file, self.max).map_err(failed)
    }

    /// Refuses an input that holds no key, and a file of the secret key that other users can read or change.
    fn check_kind(&self, kind: &Kind, path: &Path) -> Result<(), Failure> {
        let (name, place) = (self.role.name(), shown(path));
        match kind {
            Kind::Directory => fail(format!("cannot read the {name} from {place}: it is a directory")),
            Kind::Device => fail(format!(
                "cannot read the {name} from {place}: it is a terminal or another device. Use a file or a pipe."
            )),
            Kind::Shared { mode, allowed } if self.private && !is_stdin(path) => fail(format!(
                "the {name} in {place} is open to others (mode {mode:03o}). Run: chmod {allowed:o} {place}"
            )),
            Kind::Shared { .. } | Kind::Usable => Ok(()),
        }
    }

    /// Refuses a byte order mark and UTF-16, which editors and PowerShell write: the signature would be wrong.
    fn check_encoding(&self, key: &[u8], file: Option<&Path>) -> Result<(), Failure> {
        let (name, place) = (self.role.name(), self.place(file));
        match key {
            [0xef, 0xbb, 0xbf, ..] => fail(format!(
                "the {name} in {place} begins with a byte order mark, which is no part of it. Save it as UTF-8 without one."
            )),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => fail(format!(
                "the {name} in {place} is UTF-16, as PowerShell writes it with >. Save it as UTF-8 without a byte order \
                 mark; in PowerShell: Set-Content -Encoding ascii"
            )),
            _ => Ok(()),
        }
    }

    fn missing(&self) -> Failure {
        let Key { role, variable, option, .. } = self;
        Failure::Message(format!("no {}. Set {variable}, or name a file with {option}.", role.name()))
    }

    /// Returns core's message, and the place where the key was found.
    fn unfit(&self, error: Error, file: Option<&Path>) -> Failure {
        Failure::Message(format!("{error} (it was read from {})", self.place(file)))
    }

    fn place(&self, file: Option<&Path>) -> String {
        file.map_or_else(|| self.variable.to_owned(), shown)
    }
}

/// Reads all of `file`, or one byte more than `max` bytes and a newline, which is enough to refuse it.
fn read(file: File, max: usize) -> io::Result<Bytes> {
    let limit = max + "\r\n".len() + 1;
    // With room to spare, because a buffer that grows leaves a copy of the key in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * limit));
    file.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Drops one newline at the end, which an editor or `echo` adds.
fn drop_newline(key: &mut Bytes) {
    let line = key.strip_suffix(b"\r\n").or_else(|| key.strip_suffix(b"\n")).unwrap_or(key);
    let len = line.len();
    key.truncate(len);
}
