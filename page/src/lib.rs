//! What the page's module has beside the C ABI: it reads a pasted request, explains it and marks it.
//!
//! The exports follow the rules at the head of `kayako_sign.h`, as those of ffi do, which come along. They wipe no
//! memory: the page uses an instance for one operation, and wipes its whole memory afterwards.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;
// Its exports, its allocator and its panic handler.
extern crate kayako_sign_ffi;

mod marks;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ffi::{c_char, c_void};
use core::str;

use kayako_sign_core::{Salt, Signer};
use kayako_sign_ffi::boundary::{API_KEY, Input, Output, SECRET_KEY, guard};
use kayako_sign_ffi::kayako_status;
use kayako_sign_transcript::{Explanation, INPUT_MAX, Transcript, Verdict};

use marks::marks;

const PASTED: Input = Input::new(INPUT_MAX, kayako_status::KAYAKO_NULL_BODY, kayako_status::KAYAKO_BODY_TOO_LONG);

/// Explains the request in a pasted text, as the command's `check` does, and marks it.
///
/// `api_key`, `secret_key`: the keys, as in `kayako_signer_new`. If both are empty, it is left open what the server
/// answers.
/// `pasted`: up to 16 MiB of UTF-8 text.
/// `out`: receives four groups with U+0001 between them, and U+0000 between the texts of each: the verdict, the
/// diagnosis and the message; labels and texts; remarks; and the marks. Those texts hold no control characters. If
/// there is no request in the text, the verdict is `unread`, the message says why, and the other groups are empty.
///
/// Returns what `kayako_signer_new` returns; `KAYAKO_BODY_TOO_LONG`; `KAYAKO_BUFFER_TOO_SMALL`.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: the inputs readable for their lengths, `out` writable for `out_cap` bytes,
/// `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_explain(
    api_key: *const c_char,
    api_key_len: usize,
    secret_key: *const c_void,
    secret_key_len: usize,
    pasted: *const c_char,
    pasted_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard(|| {
        // SAFETY: the caller has the inputs readable for their lengths, and the output writable for its length.
        let (api_key, secret_key, pasted, out) = unsafe {
            (
                API_KEY.read(api_key, api_key_len)?,
                SECRET_KEY.read(secret_key, secret_key_len)?,
                PASTED.read(pasted, pasted_len)?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let keys = if api_key.is_empty() && secret_key.is_empty() {
            None
        } else {
            Some((Signer::new(api_key, secret_key)?, secret_key))
        };
        out.write_exact(explained(keys.as_ref(), pasted).as_bytes())
    })
}

/// Writes a fresh salt in the form of the vendor's sample: ten digits.
///
/// `out`: 11 bytes.
///
/// Returns `KAYAKO_OK`; `KAYAKO_NO_RANDOMNESS`; `KAYAKO_BUFFER_TOO_SMALL`.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_salt_generate_ten_digits(
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard(|| {
        // SAFETY: the caller has the output writable for its length.
        let out = unsafe { Output::new(out, out_cap, out_len)? };
        out.write_exact(Salt::ten_digits()?.as_bytes())
    })
}

/// Returns the groups of [`kayako_explain`].
fn explained(keys: Option<&(Signer, &[u8])>, pasted: &[u8]) -> String {
    let Ok(text) = str::from_utf8(pasted) else { return unread("request: must be UTF-8 text") };
    match kayako_sign_transcript::read(pasted) {
        Ok(transcript) => explanation(keys, text, &transcript),
        Err(error) => unread(&error.to_string()),
    }
}

fn unread(message: &str) -> String {
    joined([["unread", "0", message].map(String::from).into(), Vec::new(), Vec::new(), Vec::new()])
}

fn explanation(keys: Option<&(Signer, &[u8])>, pasted: &str, transcript: &Transcript<'_>) -> String {
    let Explanation { verdict, diagnosis, lines, mut remarks, .. } = match keys {
        Some((signer, secret_key)) => Explanation::of(transcript, signer, secret_key),
        None => Explanation::without_keys(transcript),
    };
    let message = match verdict {
        Verdict::Undecided if keys.is_some() => remarks.pop().unwrap_or_default(),
        Verdict::Undecided => String::new(),
        Verdict::Accepted | Verdict::Refused => diagnosis.to_string(),
    };
    // The message says it already.
    remarks.retain(|remark| *remark != message);
    let lines = lines.into_iter().filter(|(label, _)| *label != "change");
    let lines = lines.flat_map(|(label, text)| [label.to_string(), text]).collect();
    let word = match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Refused => "refused",
        Verdict::Undecided => "undecided",
    };
    let decided = (verdict != Verdict::Undecided).then_some(diagnosis);
    let head = [word.to_string(), diagnosis.code().to_string(), message].into();
    joined([head, lines, remarks, [marks(pasted, transcript, decided)].into()])
}

fn joined(groups: [Vec<String>; 4]) -> String {
    groups.map(|group| group.join("\0")).join("\u{1}")
}
