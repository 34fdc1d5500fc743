//! Contains everything that differs between operating systems and goes beyond Rust's portable library.

pub(crate) use system::*;

/// The kind of input that was opened for a key.
#[cfg_attr(not(unix), expect(dead_code, reason = "there is no device there, and no mode"))]
pub(crate) enum Kind {
    Usable,
    Directory,
    Device,
    /// Users other than the owner have access, by this mode. `allowed` is the widest mode that the file of a secret may
    /// have.
    Shared {
        mode: u32,
        allowed: u32,
    },
}

#[cfg(unix)]
mod system {
    use std::ffi::OsStr;
    use std::fs::{self, File, Metadata};
    use std::io;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::fs::{OFlags, fcntl_getfl};
    use rustix::stdio::stdout;

    use super::Kind;

    static STDOUT_IS_CLOSED: AtomicBool = AtomicBool::new(false);

    // Rust's runtime opens /dev/null for a closed standard stream, so `main` cannot see that it was closed. This runs
    // before, and asks the kernel without the standard library.
    ctor::declarative::ctor! {
        #[ctor(unsafe)]
        fn look_at_stdout() {
            STDOUT_IS_CLOSED.store(fcntl_getfl(stdout()).is_err(), Ordering::Relaxed);
        }
    }

    /// Returns the reason why standard output cannot be written, or `None` if none is known yet. Rust's `stdout()`
    /// reports no error for a descriptor that cannot be written.
    pub(crate) fn stdout_fault() -> Option<&'static str> {
        if STDOUT_IS_CLOSED.load(Ordering::Relaxed) {
            return Some("it is closed");
        }
        let access = fcntl_getfl(stdout()).map_or(OFlags::RDWR, |flags| flags & OFlags::ACCMODE);
        (access == OFlags::RDONLY).then_some("it is open for reading only")
    }

    /// Keeps the kernel from writing a core dump of this process, which holds keys. If that fails, the command still
    /// works.
    pub(crate) fn forbid_core_dumps() {
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }

    /// Returns the path that these bytes of an argument name. It is never `None` on Unix.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes are a name")]
    pub(crate) fn path(name: &[u8]) -> Option<&Path> {
        Some(Path::new(OsStr::from_bytes(name)))
    }

    pub(crate) fn kind_of(file: &File) -> io::Result<Kind> {
        let metadata = file.metadata()?;
        let (kind, mode) = (metadata.file_type(), metadata.mode() & 0o777);
        // A service's group may read a file that root owns.
        let allowed = if metadata.uid() == 0 { 0o640 } else { 0o600 };
        Ok(match () {
            () if kind.is_dir() => Kind::Directory,
            () if kind.is_char_device() || kind.is_block_device() => Kind::Device,
            () if mode & 0o077 & !allowed != 0 => Kind::Shared { mode, allowed },
            () => Kind::Usable,
        })
    }

    /// The files that this process was started with. Their names (`/dev/stdin`, `/dev/fd/5` and links to them) mean
    /// other files in another process.
    pub(crate) struct Inherited(Vec<(u64, u64)>);

    impl Inherited {
        pub(crate) fn list() -> Self {
            let descriptors = fs::read_dir("/dev/fd").into_iter().flatten().flatten();
            Inherited(descriptors.filter_map(|entry| fs::metadata(entry.path()).ok()).map(|file| id(&file)).collect())
        }

        /// Returns whether another process finds the same content under the same name. A pipe can be read only once.
        pub(crate) fn can_be_read_again(&self, file: &Metadata) -> bool {
            file.is_file() && !self.0.contains(&id(file))
        }
    }

    fn id(file: &Metadata) -> (u64, u64) {
        (file.dev(), file.ino())
    }

    /// Returns whether a file is in `/proc`, where each process may see another content.
    pub(crate) fn is_in_proc(file: &Metadata) -> bool {
        file.is_file() && fs::metadata("/proc/self/stat").is_ok_and(|stat| stat.dev() == file.dev())
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    use super::Kind;

    /// Returns `None`: here an error appears only when something is written.
    pub(crate) fn stdout_fault() -> Option<&'static str> {
        None
    }

    pub(crate) fn forbid_core_dumps() {}

    /// Returns the path that these bytes of an argument name, or `None` if they are not Unicode text.
    pub(crate) fn path(name: &[u8]) -> Option<&Path> {
        std::str::from_utf8(name).ok().map(Path::new)
    }

    /// Distinguishes only directories from other inputs. Windows has no metadata of a pipe, and its access lists are
    /// not read.
    pub(crate) fn kind_of(file: &File) -> io::Result<Kind> {
        Ok(if file.metadata().is_ok_and(|metadata| metadata.is_dir()) { Kind::Directory } else { Kind::Usable })
    }

    /// Empty, because here no file name is valid for one process only.
    pub(crate) struct Inherited;

    impl Inherited {
        pub(crate) fn list() -> Self {
            Inherited
        }

        pub(crate) fn can_be_read_again(&self, file: &Metadata) -> bool {
            file.is_file()
        }
    }

    pub(crate) fn is_in_proc(_: &Metadata) -> bool {
        false
    }
}
