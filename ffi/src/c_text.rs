//! Makes C strings of core's texts at compile time.

use core::ffi::CStr;

/// Makes a C string of a constant text.
macro_rules! c_text {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const BYTES: [u8; TEXT.len() + 1] = crate::c_text::with_nul(TEXT);
        const { crate::c_text::c_str(&BYTES) }
    }};
}

pub(crate) use c_text;

pub(crate) const fn with_nul<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < text.len() {
        bytes[at] = text.as_bytes()[at];
        at += 1;
    }
    bytes
}

pub(crate) const fn c_str(bytes: &'static [u8]) -> &'static CStr {
    match CStr::from_bytes_with_nul(bytes) {
        Ok(text) => text,
        // The text has a NUL in it. A test would find this.
        Err(_) => c"",
    }
}
