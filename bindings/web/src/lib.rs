//! The core as a WebAssembly module, for the page that signs in a browser.
//!
//! The exports follow the conventions of the C ABI: a pointer and a length for every byte string, inputs first, outputs
//! last. They differ in two things, because the page is outside of the memory that both use:
//!
//! - A call that can be refused returns NULL when it is done, and else the sentence that says why not.
//! - A text that is written stays where the module put it. Nothing is freed: the page makes an instance for one
//!   operation, wipes its whole memory, and drops it, so nothing of a secret is left in any corner of it.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod boundary;
mod marks;
#[cfg(target_arch = "wasm32")]
mod runtime;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ffi::c_char;
use core::{ptr, str};

use kayako_sign_core::{Diagnosis, Error, Salt, Signer};
use kayako_sign_transcript::{Explanation, Transcript, Verdict};

use boundary::{Bytes, answer, c_text, read, store};
pub use boundary::{Refusal, Text};
use marks::marks;

/// Room for an input of `len` bytes, or NULL where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_alloc(len: usize) -> *mut u8 {
    let mut room = Vec::<u8>::new();
    match room.try_reserve_exact(len) {
        Ok(()) => room.leak().as_mut_ptr(),
        Err(_) => ptr::null_mut(),
    }
}

/// Writes a fresh salt of 32 hexadecimal digits.
///
/// # Safety
///
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_salt_random(out: *mut Text) -> Refusal {
    // SAFETY: writable, by the caller's word.
    unsafe { write_salt(Salt::random, out) }
}

/// Writes a fresh salt of ten digits, as the vendor's sample has it.
///
/// # Safety
///
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_salt_ten_digits(out: *mut Text) -> Refusal {
    // SAFETY: writable, by the caller's word.
    unsafe { write_salt(Salt::ten_digits, out) }
}

/// # Safety
///
/// `out` is writable.
unsafe fn write_salt(draw: fn() -> Result<Salt<'static>, Error>, out: *mut Text) -> Refusal {
    answer(|| {
        let salt = draw()?.to_str()?.to_string();
        // SAFETY: writable, by the caller's word.
        unsafe { store(out, salt) };
        Ok(())
    })
}

/// Makes a signer.
///
/// # Safety
///
/// The keys are readable for their lengths, and `signer` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_new(
    api_key: *const u8,
    api_key_len: usize,
    secret_key: *const u8,
    secret_key_len: usize,
    signer: *mut *const Signer,
) -> Refusal {
    answer(|| {
        // SAFETY: readable for their lengths, by the caller's word.
        let (api_key, secret_key) = unsafe { (read(api_key, api_key_len), read(secret_key, secret_key_len)) };
        let api_key = str::from_utf8(api_key).map_err(|_| Error::ApiKeyNotUtf8)?;
        let made = Box::leak(Box::new(Signer::new(api_key, secret_key)?));
        // SAFETY: writable, by the caller's word.
        unsafe { store(signer, ptr::from_ref(made)) };
        Ok(())
    })
}

/// Writes what `make` makes of a signer and a salt.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`], `salt` is readable for its length, and `out` is writable.
unsafe fn write_of_salt(
    signer: *const Signer,
    salt: Bytes,
    out: *mut Text,
    make: impl FnOnce(&Signer, &[u8]) -> Result<String, Error>,
) -> Refusal {
    answer(|| {
        // SAFETY: a signer and a readable salt, by the caller's word.
        let (signer, salt) = unsafe { (&*signer, read(salt.0, salt.1)) };
        let text = make(signer, salt)?;
        // SAFETY: writable, by the caller's word.
        unsafe { store(out, text) };
        Ok(())
    })
}

/// Writes the signature of a salt as base64.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`], `salt` is readable for `salt_len` bytes, and `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign(
    signer: *const Signer,
    salt: *const u8,
    salt_len: usize,
    out: *mut Text,
) -> Refusal {
    // SAFETY: a signer, a readable salt and a writable output, by the caller's word.
    unsafe { write_of_salt(signer, (salt, salt_len), out, |signer, salt| Ok(signer.sign(salt)?.to_base64())) }
}

/// Writes the signature of a salt as base64, with `+`, `/` and `=` escaped.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`], `salt` is readable for `salt_len` bytes, and `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign_urlencoded(
    signer: *const Signer,
    salt: *const u8,
    salt_len: usize,
    out: *mut Text,
) -> Refusal {
    // SAFETY: a signer, a readable salt and a writable output, by the caller's word.
    unsafe { write_of_salt(signer, (salt, salt_len), out, |signer, salt| Ok(signer.sign(salt)?.to_url_encoded())) }
}

/// Writes the three parameters as a query string.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`], `salt` is readable for `salt_len` bytes, and `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_query(
    signer: *const Signer,
    salt: *const u8,
    salt_len: usize,
    out: *mut Text,
) -> Refusal {
    let query = |signer: &Signer, salt: &[u8]| Ok(signer.credentials_with_salt(Salt::new(salt)?).to_query());
    // SAFETY: a signer, a readable salt and a writable output, by the caller's word.
    unsafe { write_of_salt(signer, (salt, salt_len), out, query) }
}

/// Writes the address of a GET or DELETE request with credentials in it.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`], `salt` and `url` are readable for their lengths, and `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign_url(
    signer: *const Signer,
    salt: *const u8,
    salt_len: usize,
    url: *const u8,
    url_len: usize,
    out: *mut Text,
) -> Refusal {
    let signed_url = |signer: &Signer, salt: &[u8]| {
        // SAFETY: readable, by the caller's word.
        let url = str::from_utf8(unsafe { read(url, url_len) }).map_err(|_| Error::UrlCharacter)?;
        signer.sign_url_with_salt(url, Salt::new(salt)?)
    };
    // SAFETY: a signer, a readable salt and a writable output, by the caller's word.
    unsafe { write_of_salt(signer, (salt, salt_len), out, signed_url) }
}

/// Tells what the server thinks of a signature of a salt, as they arrive there: the code of a diagnosis.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`], `salt` and `signature` are readable for their lengths.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_diagnose(
    signer: *const Signer,
    salt: *const u8,
    salt_len: usize,
    signature: *const u8,
    signature_len: usize,
) -> i32 {
    // SAFETY: a signer, and salt and signature readable, by the caller's word.
    let (signer, salt, signature) = unsafe { (&*signer, read(salt, salt_len), read(signature, signature_len)) };
    signer.diagnose(salt, signature).code()
}

/// Explains the request in a pasted text, as the command's `check` does, and marks it.
///
/// Writes four groups with U+0001 between them, and U+0000 between the texts of each: the verdict, the diagnosis and the
/// message; labels and texts; remarks; and the marks. Those texts hold no control characters.
///
/// # Safety
///
/// `signer` is one of [`kayako_signer_new`] for this secret key, or NULL. `secret_key` and `pasted` are readable for
/// their lengths, and `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_explain(
    signer: *const Signer,
    secret_key: *const u8,
    secret_key_len: usize,
    pasted: *const u8,
    pasted_len: usize,
    out: *mut Text,
) -> Refusal {
    // SAFETY: a signer or NULL, and readable texts, by the caller's word.
    let (signer, secret_key, pasted) =
        unsafe { (signer.as_ref(), read(secret_key, secret_key_len), read(pasted, pasted_len)) };
    let Ok(pasted) = str::from_utf8(pasted) else { return c_text("request: it must be UTF-8 text") };
    let transcript = match kayako_sign_transcript::read(pasted.as_bytes()) {
        Ok(transcript) => transcript,
        Err(error) => return c_text(&error.to_string()),
    };
    let explained = explained(signer, secret_key, pasted, &transcript);
    // SAFETY: writable, by the caller's word.
    unsafe { store(out, explained) };
    ptr::null()
}

fn explained(signer: Option<&Signer>, secret_key: &[u8], pasted: &str, transcript: &Transcript<'_>) -> String {
    let Explanation { verdict, diagnosis, lines, mut remarks, .. } = match signer {
        Some(signer) => Explanation::of(transcript, signer, secret_key),
        None => Explanation::without_keys(transcript),
    };
    let message = match verdict {
        Verdict::Undecided if signer.is_some() => remarks.pop().unwrap_or_default(),
        Verdict::Undecided => String::new(),
        Verdict::Accepted | Verdict::Refused => diagnosis.to_string(),
    };
    // What the message says already.
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
    let groups: [Vec<String>; 4] = [head, lines, remarks, [marks(pasted, transcript, decided)].into()];
    groups.map(|group| group.join("\0")).join("\u{1}")
}

/// The sentence of a diagnosis, with a NUL behind it. NULL for a code that is none.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_message(diagnosis: i32) -> *const c_char {
    Diagnosis::from_code(diagnosis).map_or(ptr::null(), |diagnosis| c_text(diagnosis.message()))
}

/// Whether a server takes what has this diagnosis.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_is_accepted(diagnosis: i32) -> bool {
    Diagnosis::from_code(diagnosis).is_some_and(Diagnosis::is_accepted)
}
