//! Where the page's pointers become Rust's slices and back.

use alloc::ffi::CString;
use alloc::string::String;
use core::ffi::c_char;
use core::{ptr, slice};

use kayako_sign_core::Error;

/// NULL, or the sentence of the error that a call was refused with, with a NUL behind it.
pub type Refusal = *const c_char;

/// Runs the body of an export.
pub(crate) fn answer(body: impl FnOnce() -> Result<(), Error>) -> Refusal {
    body().map_or_else(|error| c_text(error.message()), |()| ptr::null())
}

/// A text that the module wrote, in UTF-8.
#[repr(C)]
#[derive(Debug)]
pub struct Text {
    start: *const u8,
    len: usize,
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let text = text.leak();
        Text { start: text.as_ptr(), len: text.len() }
    }
}

/// Writes an output.
///
/// # Safety
///
/// `place` is writable for one `T`. It may be misaligned.
pub(crate) unsafe fn store<T>(place: *mut T, value: impl Into<T>) {
    // SAFETY: writable, by the caller's word.
    unsafe { place.write_unaligned(value.into()) }
}

/// The bytes at `start`.
///
/// # Safety
///
/// `start` is readable for `len` bytes for as long as the slice lives, unless `len` is 0.
pub(crate) unsafe fn read<'a>(start: *const u8, len: usize) -> &'a [u8] {
    match len {
        0 => &[],
        // SAFETY: readable, by the caller's word.
        _ => unsafe { slice::from_raw_parts(start, len) },
    }
}

/// A pointer and a length, as an export takes them.
pub(crate) type Bytes = (*const u8, usize);

/// A message with a NUL behind it, which stays where it is as all texts do.
pub(crate) fn c_text(message: &str) -> *const c_char {
    CString::new(message).map_or(ptr::null(), |text| text.into_raw().cast_const())
}
