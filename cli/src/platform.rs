//! What differs between operating systems: all that goes beyond Rust's portable library is here.

pub(crate) use system::*;

/// What was opened for a key.
pub(crate) enum Kind {
    Fit,
    Directory,
    Device,
    /// Users other than the owner have access, by this mode; `allowed` is the widest mode that a secret's file may have.
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

    // Rust's runtime opens /dev/null for a standard stream that is closed, so that cannot be seen from `main` any more.
    // This runs before, and asks the kernel without the help of the standard library.
    ctor::declarative::ctor! {
        #[ctor(unsafe)]
        fn look_at_stdout() {
            STDOUT_IS_CLOSED.store(fcntl_getfl(stdout()).is_err(), Ordering::Relaxed);
        }
    }

    /// Returns why nothing can be written to standard output, if that is known before. Rust's `stdout()` takes a
    /// descriptor that cannot be written to for one that nobody reads, and reports no error.
    pub(crate) fn stdout_fault() -> Option<&'static str> {
        if STDOUT_IS_CLOSED.load(Ordering::Relaxed) {
            return Some("it is closed");
        }
        let access = fcntl_getfl(stdout()).map_or(OFlags::RDWR, |flags| flags & OFlags::ACCMODE);
        (access == OFlags::RDONLY).then_some("it is open for reading only")
    }

    /// Keeps the kernel from writing a core of this process, which holds keys. Where that fails, the command can still
    /// do its work.
    pub(crate) fn forbid_core_dumps() {
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }

    /// Returns the path that these bytes of an argument name.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes are a name")]
    pub(crate) fn path(name: &[u8]) -> Option<&Path> {
        Some(Path::new(OsStr::from_bytes(name)))
    }

    pub(crate) fn kind_of(file: &File) -> io::Result<Kind> {
        let metadata = file.metadata()?;
        let (kind, mode) = (metadata.file_type(), metadata.mode() & 0o777);
        // The group of a service may read what root has put there for it.
        let allowed = if metadata.uid() == 0 { 0o640 } else { 0o600 };
        Ok(match () {
            () if kind.is_dir() => Kind::Directory,
            () if kind.is_char_device() || kind.is_block_device() => Kind::Device,
            () if mode & 0o077 & !allowed != 0 => Kind::Shared { mode, allowed },
            () => Kind::Fit,
        })
    }

    /// The files that this process was started with. Names such as `/dev/stdin` and `/dev/fd/5`, and links to them,
    /// mean something else in another process.
    pub(crate) struct Inherited(Vec<(u64, u64)>);

    impl Inherited {
        pub(crate) fn list() -> Self {
            let descriptors = fs::read_dir("/dev/fd").into_iter().flatten().flatten();
            Inherited(descriptors.filter_map(|entry| fs::metadata(entry.path()).ok()).map(|file| id(&file)).collect())
        }

        /// Returns whether another process finds the same content under the same name. What a pipe holds is read once.
        pub(crate) fn can_be_read_again(&self, file: &Metadata) -> bool {
            file.is_file() && !self.0.contains(&id(file))
        }
    }

    fn id(file: &Metadata) -> (u64, u64) {
        (file.dev(), file.ino())
    }

    /// Returns whether a file is one of those in `/proc`, which tell each process something else.
    pub(crate) fn is_of_proc(file: &Metadata) -> bool {
        file.is_file() && fs::metadata("/proc/self/stat").is_ok_and(|stat| stat.dev() == file.dev())
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    use super::Kind;

    /// Returns `None`: what cannot be written to is seen when it is written to.
    pub(crate) fn stdout_fault() -> Option<&'static str> {
        None
    }

    pub(crate) fn forbid_core_dumps() {}

    /// Returns the path that these bytes of an argument name, if they are Unicode text.
    pub(crate) fn path(name: &[u8]) -> Option<&Path> {
        std::str::from_utf8(name).ok().map(Path::new)
    }

    /// Tells directories from the rest. Windows has no metadata of a pipe, and its access lists are not looked at.
    pub(crate) fn kind_of(file: &File) -> io::Result<Kind> {
        Ok(if file.metadata().is_ok_and(|metadata| metadata.is_dir()) { Kind::Directory } else { Kind::Fit })
    }

    /// No file has a name that is good for one process only.
    pub(crate) struct Inherited;

    impl Inherited {
        pub(crate) fn list() -> Self {
            Inherited
        }

        pub(crate) fn can_be_read_again(&self, file: &Metadata) -> bool {
            file.is_file()
        }
    }

    pub(crate) fn is_of_proc(_: &Metadata) -> bool {
        false
    }
}
