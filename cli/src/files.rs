//! Opens the inputs of a command: files, pipes and standard input, which is `-`. An input with a key is used for
//! nothing else.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use same_file::Handle;

use crate::platform::{self, Inherited};
use crate::{Failure, fail};

/// Length of the longest body that is read, in bytes. curl's limit for a form from a file is the same.
const BODY_MAX: u64 = 256 * 1024 * 1024;

/// The purpose of an input.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Role {
    ApiKey,
    SecretKey,
    Body,
    Request,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::ApiKey => "API key",
            Role::SecretKey => "secret key",
            Role::Body => "body",
            Role::Request => "request",
        }
    }
}

/// The inputs that a command has opened.
pub(crate) struct Inputs {
    /// Listed before the first input is opened.
    inherited: Option<Inherited>,
    opened: Vec<Opened>,
}

struct Opened {
    handle: Handle,
    shown: String,
    role: Role,
}

impl Inputs {
    pub(crate) fn new() -> Self {
        Inputs { inherited: None, opened: Vec::new() }
    }

    /// Opens an input. Refuses one that is open already, under this name or another, if either use is for a key: the
    /// key would be printed, or nothing would be left to read.
    pub(crate) fn open(&mut self, path: &Path, role: Role) -> Result<File, Failure> {
        let failed = |error| unreadable(path, role, &error);
        self.inherited.get_or_insert_with(Inherited::list);
        let handle = open(path).map_err(failed)?;
        let file = handle.as_file().try_clone().map_err(failed)?;
        let opened = Opened { handle, shown: shown(path), role };
        let gives_key = |role| matches!(role, Role::ApiKey | Role::SecretKey);
        let mut same = self.opened.iter().filter(|other| other.handle == opened.handle);
        if let Some(other) = same.find(|other| gives_key(other.role) || gives_key(role)) {
            return Err(used_twice(other, &opened));
        }
        self.opened.push(opened);
        Ok(file)
    }

    /// Opens an input and reads all of it, but at most `max` bytes.
    pub(crate) fn read(&mut self, path: &Path, role: Role, max: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let read = self.open(path, role)?.take(max).read_to_end(&mut bytes);
        read.map(|_| bytes).map_err(|error| unreadable(path, role, &error))
    }

    /// Opens a source of the body by the file name in an argument.
    pub(crate) fn source(&mut self, name: &[u8]) -> Result<Source, Failure> {
        let Some(path) = platform::path(name) else { return fail("a file's name must be Unicode text") };
        let file = self.open(path, Role::Body)?;
        let curl_can_read = if is_stdin(path) {
            false
        } else {
            let metadata = file.metadata().map_err(|error| unreadable(path, Role::Body, &error))?;
            if platform::is_in_proc(&metadata) {
                return fail(format!(
                    "cannot read {}: a file in /proc differs for each process, so curl would send something else. \
                     Copy it to another place first.",
                    shown(path)
                ));
            }
            self.inherited.as_ref().is_some_and(|inherited| inherited.can_be_read_again(&metadata))
        };
        Ok(Source { path: path.to_owned(), file, curl_can_read })
    }
}

fn used_twice(first: &Opened, second: &Opened) -> Failure {
    let both = format!("cannot give both the {} and the {}", first.role.name(), second.role.name());
    let (one, other) = (&first.shown, &second.shown);
    Failure::Message(if one == other {
        format!("{one} {both}. Name another file for one of them.")
    } else {
        format!("{one} and {other} are the same input, which {both}. Name another file for one of them.")
    })
}

/// An open source of the body.
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    /// Whether curl finds the same content under the same name.
    pub(crate) curl_can_read: bool,
}

impl Source {
    pub(crate) fn shown(&self) -> String {
        shown(&self.path)
    }

    pub(crate) fn read(self) -> Result<Vec<u8>, Failure> {
        let mut content = Vec::new();
        let read = self.file.take(BODY_MAX + 1).read_to_end(&mut content);
        read.map_err(|error| unreadable(&self.path, Role::Body, &error))?;
        if content.len() as u64 > BODY_MAX {
            return fail(format!("{} is longer than 256 MiB, the most that a request takes here", shown(&self.path)));
        }
        Ok(content)
    }
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn open(path: &Path) -> io::Result<Handle> {
    // Not with io::stdin(), whose buffer would keep a copy of a key.
    if is_stdin(path) { Handle::stdin() } else { Handle::from_path(path) }
}

pub(crate) fn unreadable(path: &Path, role: Role, error: &io::Error) -> Failure {
    let place = shown(path);
    Failure::Message(match role {
        Role::Body | Role::Request => format!("cannot read {place}: {error}"),
        key => format!("cannot read the {} from {place}: {error}", key.name()),
    })
}

/// Returns a file's name, quoted for a shell, with control characters escaped.
pub(crate) fn shown(path: &Path) -> String {
    if is_stdin(path) {
        return "standard input".to_owned();
    }
    let mut text = String::from("'");
    for c in path.to_string_lossy().chars() {
        match c {
            '\'' => text.push_str(r"'\''"),
            '"' | '\\' => text.push(c),
            _ => text.extend(c.escape_debug()),
        }
    }
    text + "'"
}
