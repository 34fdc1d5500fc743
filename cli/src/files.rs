//! What a user names as a file: `-` is standard input.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use crate::Failure;

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

pub(crate) fn open(path: &Path) -> io::Result<File> {
    if is_stdin(path) {
        // Not through io::stdin(), whose buffer would keep a copy of a key.
        Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    } else {
        File::open(path)
    }
}

/// All that a file holds.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_at_most(path, u64::MAX)
}

/// All that a file holds, but no more than `max` bytes of it.
pub(crate) fn read_at_most(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    open(path).and_then(|file| file.take(max).read_to_end(&mut bytes)).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// Whether another process can read the file too. What a pipe holds is read once.
pub(crate) fn is_regular(path: &Path) -> bool {
    !is_stdin(path) && path.is_file()
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::Said(format!("cannot read {}: {error}", shown(path)))
}

/// A file's name, quoted as a shell takes it, with control characters escaped.
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
