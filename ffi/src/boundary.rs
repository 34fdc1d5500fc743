//! Turns C's pointers into Rust's slices and back. It has nearly all of the crate's unsafe code.

use alloc::{boxed::Box, vec::Vec};
use core::fmt::{self, Write};
use core::{ptr, slice, str};

use kayako_sign_core::{Request, Salt, Signer, Upload};
use zeroize::zeroize_stack;

use crate::registers::wipe_registers;
use crate::status::kayako_status::{self, *};
use crate::{c_char, c_void, kayako_signer, kayako_upload};

/// Runs the body of an export and returns its status. A panic must not reach C, which cannot unwind, and must not end
/// the host.
pub fn guard(body: impl FnOnce() -> Result<(), kayako_status>) -> kayako_status {
    match caught(body) {
        Some(Ok(())) => KAYAKO_OK,
        Some(Err(status)) => status,
        None => KAYAKO_PANIC,
    }
}

/// Returns the body's result, or `None` if it panics.
#[cfg(not(target_arch = "wasm32"))]
fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    // Dropping what a panic carries could panic again.
    catch_unwind(AssertUnwindSafe(body)).map_err(core::mem::forget).ok()
}

/// Returns the body's result. A panic in WebAssembly ends with a trap, which the host catches.
#[cfg(target_arch = "wasm32")]
#[allow(clippy::unnecessary_wraps, reason = "its type is that of the other")]
fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    Some(body())
}

/// Runs the body of an export that uses a secret key, as [`guard`] does, and wipes the stack and the registers after
/// it. `DEPTH` is more stack, in bytes, than the body uses while it works with the key: [`SHALLOW`], [`MEDIUM`],
/// [`DEEP`] or [`DEEPEST`]. Tests search for traces of the key below it.
pub(crate) fn guard_and_wipe<const DEPTH: usize>(body: impl FnOnce() -> Result<(), kayako_status>) -> kayako_status {
    let status = guard(|| in_own_frame(body));
    zeroize_stack::<DEPTH>();
    wipe_registers();
    status
}

/// For the calls that make signatures.
pub(crate) const SHALLOW: usize =
    if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) { 1_024 } else { 2_048 };
/// For the call that prepares a secret key. On x86-64 it uses no more than signing.
pub(crate) const MEDIUM: usize = if cfg!(target_arch = "x86_64") { SHALLOW } else { 2_048 };
/// For the calls that put credentials into a request.
pub(crate) const DEEP: usize = 5_120;
/// For the calls that diagnose, which also try what may have been signed with instead of the key.
pub(crate) const DEEPEST: usize = 6_144;

/// Runs the body in its own frame, which is below the caller's and is wiped after it.
#[inline(never)]
fn in_own_frame<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// The bounds of one byte string, and the statuses for their violation.
#[derive(Debug)]
pub struct Input {
    max: usize,
    null: kayako_status,
    too_long: kayako_status,
}

pub const API_KEY: Input =
    Input { max: Signer::API_KEY_MAX, null: KAYAKO_NULL_API_KEY, too_long: KAYAKO_API_KEY_TOO_LONG };
pub const SECRET_KEY: Input =
    Input { max: Signer::SECRET_KEY_MAX, null: KAYAKO_NULL_SECRET_KEY, too_long: KAYAKO_SECRET_KEY_TOO_LONG };
pub(crate) const SALT: Input = Input { max: Salt::MAX_LEN, null: KAYAKO_NULL_SALT, too_long: KAYAKO_SALT_TOO_LONG };
/// A signature is 44 characters, so a much longer text is refused without being read.
pub(crate) const SIGNATURE: Input = Input { max: 65_536, null: KAYAKO_NULL_SIGNATURE, too_long: KAYAKO_REFUSED };

pub(crate) const METHOD: Input = Input { max: 64, null: KAYAKO_NULL_METHOD, too_long: KAYAKO_METHOD_UNSUPPORTED };
pub(crate) const CONTENT_TYPE: Input =
    Input { max: 65_536, null: KAYAKO_NULL_CONTENT_TYPE, too_long: KAYAKO_CONTENT_TYPE_UNSUPPORTED };
pub(crate) const URL: Input = Input { max: Request::URL_MAX, null: KAYAKO_NULL_URL, too_long: KAYAKO_URL_TOO_LONG };
pub(crate) const BODY: Input = Input { max: OBJECT_MAX, null: KAYAKO_NULL_BODY, too_long: KAYAKO_BODY_TOO_LONG };
pub(crate) const PIECE: Input = Input { max: OBJECT_MAX, null: KAYAKO_NULL_PIECE, too_long: KAYAKO_BODY_TOO_LONG };
pub(crate) const FORM: Input = Input { max: OBJECT_MAX, null: KAYAKO_NULL_FORM, too_long: KAYAKO_BODY_TOO_LONG };

/// Length of the longest slice, and of the longest object in C, in bytes.
const OBJECT_MAX: usize = isize::MAX.unsigned_abs();

impl Input {
    /// Returns an input of at most `max` bytes, with the statuses for NULL and for more bytes.
    #[must_use]
    pub const fn new(max: usize, null: kayako_status, too_long: kayako_status) -> Self {
        Input { max, null, too_long }
    }

    /// Returns the bytes at `start`, after a check of their length.
    ///
    /// # Safety
    ///
    /// Unless `start` is NULL, it is readable for `len` bytes for as long as the slice lives.
    pub unsafe fn read<'a, T>(&self, start: *const T, len: usize) -> Result<&'a [u8], kayako_status> {
        if len > self.max {
            return Err(self.too_long);
        }
        match (start.is_null(), len) {
            (_, 0) => Ok(&[]),
            (true, _) => Err(self.null),
            // SAFETY: not NULL, and the caller has `len` readable bytes there.
            (false, _) => Ok(unsafe { slice::from_raw_parts(start.cast(), len) }),
        }
    }
}

/// Returns the signer of a handle.
///
/// # Safety
///
/// `signer` is NULL, or came from `kayako_signer_new` and is not freed while the reference lives.
pub(crate) unsafe fn signer_ref<'a>(signer: *const kayako_signer) -> Result<&'a Signer, kayako_status> {
    // SAFETY: NULL or a live signer, by the caller's word.
    unsafe { signer.as_ref() }.map(|signer| &signer.0).ok_or(KAYAKO_NULL_SIGNER)
}

/// Moves `value` to the heap and gives up its ownership; `drop_raw` takes it back.
pub(crate) fn into_raw<T>(value: T) -> Result<*mut T, kayako_status> {
    // A vector of one element reports a failed allocation, on which `Box::new` would abort.
    let mut one = Vec::new();
    one.try_reserve_exact(1).map_err(|_| KAYAKO_OUT_OF_MEMORY)?;
    one.push(value);
    Ok(Box::into_raw(one.into_boxed_slice()).cast())
}

/// Drops a value that `into_raw` put on the heap.
///
/// # Safety
///
/// `start` is NULL, or came from `into_raw` and is not used again.
pub(crate) unsafe fn drop_raw<T>(start: *mut T) {
    if !start.is_null() {
        // SAFETY: from `into_raw`, whose slice of one has the layout of its element, and owned by nobody else.
        drop(unsafe { Box::from_raw(start) });
    }
}

/// Refuses NULL for an output that is not a text.
pub(crate) fn require_non_null<T>(output: *mut T, null: kayako_status) -> Result<*mut T, kayako_status> {
    if output.is_null() { Err(null) } else { Ok(output) }
}

/// Returns the request in the caller's arguments.
///
/// # Safety
///
/// Unless it is NULL, each pointer is readable for its length for as long as the request lives.
pub(crate) unsafe fn request<'a>(
    method: (*const c_char, usize),
    content_type: (*const c_char, usize),
    url: (*const c_char, usize),
    body: (*const c_void, usize),
) -> Result<Request<'a>, kayako_status> {
    // SAFETY: readable for their lengths, by the caller's word.
    let (method, content_type, url, body) = unsafe {
        (
            METHOD.read(method.0, method.1)?,
            CONTENT_TYPE.read(content_type.0, content_type.1)?,
            URL.read(url.0, url.1)?,
            BODY.read(body.0, body.1)?,
        )
    };
    let method = str::from_utf8(method).map_err(|_| KAYAKO_METHOD_UNSUPPORTED)?;
    let url = str::from_utf8(url).map_err(|_| KAYAKO_URL_CHARACTER)?;
    let content_type = str::from_utf8(content_type).map_err(|_| KAYAKO_CONTENT_TYPE_UNSUPPORTED)?;
    let request = Request::new(method, url).body(body);
    Ok(if content_type.is_empty() { request } else { request.content_type(content_type) })
}

/// Writes `value` to an output of the caller.
///
/// # Safety
///
/// `output` is writable for one `T`. It may be misaligned.
pub(crate) unsafe fn write_out<T>(output: *mut T, value: T) {
    // SAFETY: writable, by the caller's word.
    unsafe { output.write_unaligned(value) }
}

/// The caller's buffer for a text, and the place for its length.
#[derive(Debug)]
pub struct Output {
    start: *mut u8,
    cap: usize,
    len: *mut usize,
}

impl Output {
    /// # Safety
    ///
    /// Unless they are NULL, `start` is writable for `cap` bytes and `len` for one size, and nothing else uses them
    /// while this lives.
    pub unsafe fn new(start: *mut c_char, cap: usize, len: *mut usize) -> Result<Self, kayako_status> {
        match (start.is_null(), len.is_null()) {
            (_, true) => Err(KAYAKO_NULL_OUT_LEN),
            (true, _) if cap != 0 => Err(KAYAKO_NULL_OUT),
            _ => Ok(Output { start: start.cast(), cap, len }),
        }
    }

    /// Writes the text whose pieces `write` passes, and a NUL after it. `write` must pass the same text at each call,
    /// of at most `longest` bytes.
    pub(crate) fn write_measured(
        self,
        longest: usize,
        write: impl Fn(&mut dyn FnMut(&[u8]) -> fmt::Result) -> fmt::Result,
    ) -> Result<(), kayako_status> {
        // It is measured first only if it might not fit.
        let mut len = longest;
        if longest >= self.cap {
            len = 0;
            write(&mut |piece| {
                len += piece.len();
                Ok(())
            })?;
        }
        self.write_up_to(len, |out| Ok(write(&mut |piece| out.write_bytes(piece))?))
    }

    /// Writes an existing text, and a NUL after it.
    pub fn write_exact(self, text: &[u8]) -> Result<(), kayako_status> {
        self.write_up_to(text.len(), |out| Ok(out.write_bytes(text)?))
    }

    /// Writes a text that differs at each call and is at most `longest` bytes long, and a NUL after it.
    ///
    /// The buffer must have room for the longest text. A buffer that suffices for most texts would fail sometimes.
    pub(crate) fn write_up_to(
        self,
        longest: usize,
        write: impl FnOnce(&mut Cursor) -> Result<(), kayako_status>,
    ) -> Result<(), kayako_status> {
        if longest >= self.cap {
            // SAFETY: writable, by the word given to `new`.
            unsafe { write_out(self.len, longest) };
            return Err(KAYAKO_BUFFER_TOO_SMALL);
        }
        let mut cursor = Cursor { next: self.start, left: longest };
        write(&mut cursor)?;
        // SAFETY: the longest text leaves room for one byte after it.
        unsafe { cursor.next.write(0) };
        // SAFETY: writable, by the word given to `new`.
        unsafe { write_out(self.len, longest - cursor.left) };
        Ok(())
    }
}

/// Returns the upload of a handle.
///
/// # Safety
///
/// `upload` is NULL, or came from `kayako_upload_new`, is not freed, and nothing else uses it while the reference
/// lives.
pub(crate) unsafe fn upload_mut<'a>(upload: *mut kayako_upload) -> Result<&'a mut Upload, kayako_status> {
    // SAFETY: NULL or a live upload that nothing else uses, by the caller's word.
    unsafe { upload.as_mut() }.map(|upload| &mut upload.0).ok_or(KAYAKO_NULL_UPLOAD)
}

/// A place in the caller's buffer. It never writes beyond the end.
pub(crate) struct Cursor {
    next: *mut u8,
    left: usize,
}

impl Cursor {
    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) -> fmt::Result {
        self.left = self.left.checked_sub(bytes.len()).ok_or(fmt::Error)?;
        // SAFETY: `left` counts what is writable after `next`, and was just found to be enough.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.next, bytes.len()) };
        // SAFETY: still within the buffer, or one after it.
        self.next = unsafe { self.next.add(bytes.len()) };
        Ok(())
    }
}

impl Write for Cursor {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_bytes(text.as_bytes())
    }
}

/// Passes text on to a function that takes pieces.
pub(crate) struct Pieces<'w>(pub(crate) &'w mut dyn FnMut(&[u8]) -> fmt::Result);

impl Write for Pieces<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        (self.0)(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::guard;
    use crate::status::kayako_status::{KAYAKO_OK, KAYAKO_PANIC, KAYAKO_REFUSED};

    #[test]
    fn a_panic_becomes_a_status() {
        assert_eq!(guard(|| panic!("on purpose")), KAYAKO_PANIC);
    }

    #[test]
    fn a_body_that_returns_keeps_its_status() {
        assert_eq!(guard(|| Ok(())), KAYAKO_OK);
        assert_eq!(guard(|| Err(KAYAKO_REFUSED)), KAYAKO_REFUSED);
    }
}
