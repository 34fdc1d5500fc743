//! Defines the C ABI of kayako-sign: the functions of `include/kayako_sign.h`, in its order.
//!
//! `make header` writes the comments into the header, without the sections on safety, so they are written for C
//! programmers.

#![allow(clippy::doc_markdown, reason = "the comments are read in C's header, without Markdown")]
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

/// The functions that exports are made of. Public for the page, which adds exports of its own.
///
/// cbindgen:ignore
#[doc(hidden)]
pub mod boundary;
mod c_text;
mod diagnosis;
mod registers;
mod status;
/// cbindgen:ignore
#[cfg(target_arch = "wasm32")]
mod wasm;

// The types of C. The crate libc has none for WebAssembly.
#[cfg(target_arch = "wasm32")]
use core::ffi::{c_char, c_int, c_void};
use core::fmt;
#[cfg(not(target_arch = "wasm32"))]
use libc::{c_char, c_int, c_void};

use kayako_sign_core::{Error, InsertionPoint, Request, Salt, Signature, Signer, Target, Upload, UrlEncodedBuffer};

use boundary::{
    API_KEY, DEEP, DEEPEST, FORM, MEDIUM, Output, PIECE, Pieces, SALT, SECRET_KEY, SHALLOW, SIGNATURE, URL, drop_raw,
    guard, guard_and_wipe, into_raw, request as read_request, require_non_null, signer_ref, upload_mut, write_out,
};
use diagnosis::kayako_diagnosis;
pub use status::kayako_status;
use status::kayako_status::KAYAKO_REFUSED;

/// Length of a base64 signature, in bytes.
pub const KAYAKO_SIGNATURE_LEN: usize = 44;
/// Length of the longest URL-encoded signature, in bytes.
pub const KAYAKO_SIGNATURE_URLENCODED_MAX: usize = 132;
/// Length of a fresh salt, in bytes.
pub const KAYAKO_SALT_LEN: usize = 32;
/// Length of the longest given salt, in bytes.
pub const KAYAKO_SALT_MAX: usize = 65_536;
/// Length of the longest API key, in bytes.
pub const KAYAKO_API_KEY_MAX: usize = 1_024;
/// Length of the longest secret key, in bytes.
pub const KAYAKO_SECRET_KEY_MAX: usize = 65_536;
/// Length of the longest URL, in bytes: 1 MiB.
pub const KAYAKO_URL_MAX: usize = 1_048_576;
/// The most credentials that one batch makes.
pub const KAYAKO_BATCH_MAX: usize = 1_000_000;

const _: () = {
    assert!(KAYAKO_SIGNATURE_LEN == Signature::LEN);
    assert!(KAYAKO_SIGNATURE_URLENCODED_MAX == Signature::URL_ENCODED_MAX);
    assert!(KAYAKO_SALT_LEN == Salt::LEN);
    assert!(KAYAKO_SALT_MAX == Salt::MAX_LEN);
    assert!(KAYAKO_API_KEY_MAX == Signer::API_KEY_MAX);
    assert!(KAYAKO_SECRET_KEY_MAX == Signer::SECRET_KEY_MAX);
    assert!(KAYAKO_URL_MAX == Request::URL_MAX);
    assert!(KAYAKO_BATCH_MAX == Signer::BATCH_MAX);
};

/// An API key and a prepared secret key.
///
/// It never changes, so any number of threads may use it at the same time. Free it only after every call that uses it
/// has returned.
#[allow(non_camel_case_types, reason = "the name that C sees")]
#[derive(Debug)]
pub struct kayako_signer(Signer);

/// The check of a body while it is sent.
///
/// Only one thread at a time may use it. It holds no key, so it may outlive the signer.
#[allow(non_camel_case_types, reason = "the name that C sees")]
#[derive(Debug)]
pub struct kayako_upload(Upload);

/// The part of a request that an insertion goes into.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names that C sees")]
pub enum kayako_target {
    /// The URL.
    KAYAKO_TARGET_URL = 0,
    /// The body.
    KAYAKO_TARGET_BODY = 1,
}

impl From<Target> for kayako_target {
    fn from(target: Target) -> Self {
        match target {
            Target::Url => kayako_target::KAYAKO_TARGET_URL,
            Target::Body => kayako_target::KAYAKO_TARGET_BODY,
        }
    }
}

/// @name Signers
///
/// Makes a signer from the keys that the helpdesk shows in its admin panel, under REST API, API Information.
///
/// `api_key`: UTF-8 text of 1 to KAYAKO_API_KEY_MAX bytes.
/// `secret_key`: 1 to KAYAKO_SECRET_KEY_MAX bytes, exactly as shown there. It looks like base64, but must not be
/// decoded, and with a newline after it it is another key. The signer keeps a copy; wipe your own.
/// `signer`: receives the signer. Free it with kayako_signer_free().
///
/// Returns KAYAKO_OK; KAYAKO_EMPTY_API_KEY, KAYAKO_API_KEY_TOO_LONG, KAYAKO_API_KEY_NOT_UTF8; KAYAKO_EMPTY_SECRET_KEY,
/// KAYAKO_SECRET_KEY_TOO_LONG; KAYAKO_OUT_OF_MEMORY.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `api_key` and `secret_key` readable for their lengths, `signer` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_new(
    api_key: *const c_char,
    api_key_len: usize,
    secret_key: *const c_char,
    secret_key_len: usize,
    signer: *mut *mut kayako_signer,
) -> kayako_status {
    guard_and_wipe::<MEDIUM>(|| {
        let output = require_non_null(signer, kayako_status::KAYAKO_NULL_SIGNER)?;
        // SAFETY: the caller has both keys readable for their lengths.
        let (api_key, secret_key) =
            unsafe { (API_KEY.read(api_key, api_key_len)?, SECRET_KEY.read(secret_key, secret_key_len)?) };
        let made = into_raw(kayako_signer(Signer::new(api_key, secret_key)?))?;
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { write_out(output, made) };
        Ok(())
    })
}

/// Frees a signer and wipes its secret key. NULL is a no-op.
///
/// `signer`: from kayako_signer_new(), not freed yet, and not in use by any thread.
///
/// # Safety
///
/// `signer` is NULL or a signer that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_free(signer: *mut kayako_signer) {
    // The signer is gone either way, so there is no status to report.
    let _ = guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: NULL or a signer that the caller does not use again.
        unsafe { drop_raw(signer) };
        Ok(())
    });
}

/// @name Signatures and credentials
///
/// Writes the signature of a salt as base64. Use it in JSON, and with HTTP libraries that encode parameters themselves.
///
/// `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
/// `out`: KAYAKO_SIGNATURE_LEN + 1 bytes.
///
/// Returns KAYAKO_OK; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG; KAYAKO_BUFFER_TOO_SMALL.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, the salt readable and the output writable for their lengths.
        let (signer, salt, out) =
            unsafe { (signer_ref(signer)?, SALT.read(salt, salt_len)?, Output::new(out, out_cap, out_len)?) };
        out.write_exact(signer.sign(salt)?.write_base64(&mut [0; Signature::LEN]))
    })
}

/// Writes the signature of a salt as base64, with `+`, `/` and `=` escaped. Use it after `signature=` in a URL or a
/// form that is sent as it is. A library that encodes parameters itself would escape it twice: give it the text of
/// kayako_signer_sign().
///
/// `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
/// `out`: KAYAKO_SIGNATURE_URLENCODED_MAX + 1 bytes always suffice.
///
/// Returns KAYAKO_OK; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG; KAYAKO_BUFFER_TOO_SMALL.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_urlencoded(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, the salt readable and the output writable for their lengths.
        let (signer, salt, out) =
            unsafe { (signer_ref(signer)?, SALT.read(salt, salt_len)?, Output::new(out, out_cap, out_len)?) };
        out.write_exact(signer.sign(salt)?.write_url_encoded(&mut UrlEncodedBuffer::new()))
    })
}

/// Writes credentials for one request, with a fresh salt: `apikey=...&salt=...&signature=...`, encoded for a query or a
/// form. Make new ones for each request.
///
/// `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
///
/// Returns KAYAKO_OK; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_credentials(
    signer: *const kayako_signer,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive and the output writable for its length.
        let (signer, out) = unsafe { (signer_ref(signer)?, Output::new(out, out_cap, out_len)?) };
        out.write_up_to(signer.query_max(), |text| {
            // By reference, because moving credentials out of a result takes longer than writing them.
            Ok(signer.credentials().as_ref().map_err(|error| *error)?.write_query(|piece| text.write_bytes(piece))?)
        })
    })
}

/// Writes credentials with a given salt: `apikey=...&salt=...&signature=...`, encoded for a query or a form.
///
/// `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
/// `out`: kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice.
///
/// Returns KAYAKO_OK; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG; KAYAKO_BUFFER_TOO_SMALL.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_credentials_with_salt(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, the salt readable and the output writable for their lengths.
        let (signer, salt, out) =
            unsafe { (signer_ref(signer)?, SALT.read(salt, salt_len)?, Output::new(out, out_cap, out_len)?) };
        let credentials = signer.credentials_with_salt(Salt::new(salt)?);
        out.write_measured(signer.query_max() + 3 * salt.len(), |write| credentials.write_query(write))
    })
}

/// Writes credentials for `count` requests, each with a fresh salt. Each is a line that ends in a newline. It asks the
/// operating system for randomness only once, so this is the fastest way to make many.
///
/// `count`: 0 to KAYAKO_BATCH_MAX.
/// `out`: count * kayako_signer_insertion_max() + 1 bytes always suffice.
///
/// Returns KAYAKO_OK; KAYAKO_BATCH_TOO_LARGE; KAYAKO_NO_RANDOMNESS; KAYAKO_OUT_OF_MEMORY, because it allocates 16 bytes
/// for each; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_credentials_batch(
    signer: *const kayako_signer,
    count: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive and the output writable for its length.
        let (signer, out) = unsafe { (signer_ref(signer)?, Output::new(out, out_cap, out_len)?) };
        if count > Signer::BATCH_MAX {
            return Err(Error::BatchTooLarge.into());
        }
        let longest = count.saturating_mul(signer.query_max() + 1);
        out.write_up_to(longest, |text| {
            for salt in Salt::random_batch(count)? {
                signer.credentials_with_salt(salt).write_query(|piece| text.write_bytes(piece))?;
                text.write_bytes(b"\n")?;
            }
            Ok(())
        })
    })
}

/// Checks whether a signature is that of a salt, in constant time.
///
/// It is strict: the signature must be KAYAKO_SIGNATURE_LEN characters of base64's standard alphabet, padded and
/// canonical, not URL-encoded.
///
/// `salt`: 0 to KAYAKO_SALT_MAX bytes of any kind. An empty salt and the salt 0 have no signature.
/// `signature`: the base64 text, of any length. It is refused unless it is KAYAKO_SIGNATURE_LEN bytes long.
///
/// Returns KAYAKO_OK, which is 0, if it is; KAYAKO_REFUSED if it is not; KAYAKO_SALT_TOO_LONG. Treat every status but
/// KAYAKO_OK as a refusal.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` and `signature` readable for their lengths.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_verify(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    signature: *const c_char,
    signature_len: usize,
) -> kayako_status {
    guard_and_wipe::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, and salt and signature readable for their lengths.
        let (signer, salt, signature) =
            unsafe { (signer_ref(signer)?, SALT.read(salt, salt_len)?, SIGNATURE.read(signature, signature_len)?) };
        if signer.verify(salt, signature) { Ok(()) } else { Err(KAYAKO_REFUSED) }
    })
}

/// @name Requests
///
/// Writes the URL of a GET or DELETE request with credentials in it, with a fresh salt. They go after the first piece
/// of the query, which may be the route. Everything else stays byte for byte.
///
/// `url`: absolute, http or https, up to KAYAKO_URL_MAX bytes, with a route, as in
/// `https://help.example.com/api/index.php?/Base/User/1`.
/// `out`: url_len + kayako_signer_insertion_max() + 1 bytes always suffice.
///
/// Returns KAYAKO_OK; for a URL that cannot be sent, KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE,
/// KAYAKO_URL_CHARACTER; if the server finds no route in it, KAYAKO_ROUTE_MISSING, KAYAKO_ROUTE_ENCODED,
/// KAYAKO_ROUTE_SLASH, KAYAKO_ROUTE_QUESTION_MARK, KAYAKO_ROUTE_CHARACTER, KAYAKO_PATH_URL, KAYAKO_HOSTED_KAYAKO,
/// KAYAKO_STAFF_API; if something in it would replace a credential or the route, KAYAKO_API_KEY_PARAMETER,
/// KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER; KAYAKO_TOO_MANY_PARAMETERS;
/// KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `url` readable for its length, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_url(
    signer: *const kayako_signer,
    url: *const c_char,
    url_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, url, out) =
            unsafe { (signer_ref(signer)?, URL.read(url, url_len)?, Output::new(out, out_cap, out_len)?) };
        let url = core::str::from_utf8(url).map_err(|_| Error::UrlCharacter)?;
        let point = signer.insertion_point(&Request::new("GET", url))?;
        write_inserted(out, &point, url.as_bytes())
    })
}

/// Does what kayako_signer_sign_url() does, with a given salt.
///
/// `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
/// `out`: url_len + kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice.
///
/// Returns what kayako_signer_sign_url() returns, but never KAYAKO_NO_RANDOMNESS; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT,
/// KAYAKO_SALT_TOO_LONG.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` and `url` readable for their lengths, `out` writable
/// for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_url_with_salt(
    signer: *const kayako_signer,
    url: *const c_char,
    url_len: usize,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, url, salt, out) = unsafe {
            (
                signer_ref(signer)?,
                URL.read(url, url_len)?,
                SALT.read(salt, salt_len)?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let url = core::str::from_utf8(url).map_err(|_| Error::UrlCharacter)?;
        let point = signer.insertion_point(&Request::new("GET", url))?;
        write_inserted_with_salt(out, &point, url.as_bytes(), salt)
    })
}

/// Writes the encoded form in the body of a POST or PUT request with credentials before it, with a fresh salt. The form
/// itself stays byte for byte. Send it with Content-Type: application/x-www-form-urlencoded.
///
/// `form`: parameters like `a=1&b=2`, each name and value URL-encoded; a length of 0 if there are none. It may hold the
/// route once, as `e`, if the URL has none.
/// `out`: form_len + kayako_signer_insertion_max() + 1 bytes always suffice.
///
/// Returns KAYAKO_OK; if something in the form would replace a credential or the route, KAYAKO_API_KEY_PARAMETER,
/// KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER; if its `e` is not a route,
/// KAYAKO_ROUTE_SLASH, KAYAKO_ROUTE_MISSING, KAYAKO_ROUTE_QUESTION_MARK, KAYAKO_ROUTE_CHARACTER;
/// KAYAKO_TOO_MANY_PARAMETERS; KAYAKO_BODY_TOO_LONG; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the length of
/// the longest such text.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `form` readable for its length, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_form(
    signer: *const kayako_signer,
    form: *const c_char,
    form_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, form, out) =
            unsafe { (signer_ref(signer)?, FORM.read(form, form_len)?, Output::new(out, out_cap, out_len)?) };
        let point = signer.insertion_point_in_form(form)?;
        write_inserted(out, &point, form)
    })
}

/// Does what kayako_signer_sign_form() does, with a given salt.
///
/// `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
/// `out`: form_len + kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice.
///
/// Returns what kayako_signer_sign_form() returns, but never KAYAKO_NO_RANDOMNESS; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT,
/// KAYAKO_SALT_TOO_LONG.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` and `form` readable for their lengths, `out` writable
/// for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_form_with_salt(
    signer: *const kayako_signer,
    form: *const c_char,
    form_len: usize,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, form, salt, out) = unsafe {
            (
                signer_ref(signer)?,
                FORM.read(form, form_len)?,
                SALT.read(salt, salt_len)?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let point = signer.insertion_point_in_form(form)?;
        write_inserted_with_salt(out, &point, form, salt)
    })
}

/// Signs a whole request with a fresh salt: writes the text to insert, and the place where it goes. Insert the text
/// there and add its length to Content-Length; then the request carries credentials in the part that the server reads.
/// Everything else stays byte for byte.
///
/// The server reads fields only in the form or multipart body of a POST and in the form body of a PUT. It accepts a
/// request with a JSON body and a PUT of multipart, but reads no fields in them.
///
/// `method`: GET, POST, PUT or DELETE, in capitals; at most 64 bytes.
/// `content_type`: the value of the Content-Type header, at most 65536 bytes; a length of 0 if the request has none.
/// `url`: as in kayako_signer_sign_url(). It needs no route if a form or multipart body has one, as `e`.
/// `body`: at most PTRDIFF_MAX bytes of any kind; a length of 0 if the request has none. It is not copied.
/// `target`: receives KAYAKO_TARGET_URL or KAYAKO_TARGET_BODY.
/// `offset`: receives the place in the target where the text goes, in bytes from its start.
/// `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
///
/// Returns what kayako_signer_sign_url() returns; if the server would not read the credentials,
/// KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED, KAYAKO_JSON_WITHOUT_BODY, KAYAKO_JSON_NOT_OBJECT,
/// KAYAKO_JSON_INVALID, KAYAKO_MULTIPART_BOUNDARY, KAYAKO_MULTIPART_NOT_PLAIN, KAYAKO_BODY_TOO_LONG.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive; the inputs readable for their lengths; `target`, `offset`
/// and `out_len` writable, `out` for `out_cap` bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_request(
    signer: *const kayako_signer,
    method: *const c_char,
    method_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_void,
    body_len: usize,
    target: *mut i32,
    offset: *mut usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        let target = require_non_null(target, kayako_status::KAYAKO_NULL_TARGET)?;
        let offset = require_non_null(offset, kayako_status::KAYAKO_NULL_OFFSET)?;
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, request, out) = unsafe {
            (
                signer_ref(signer)?,
                read_request((method, method_len), (content_type, content_type_len), (url, url_len), (body, body_len))?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let point = signer.insertion_point(&request)?;
        out.write_up_to(point.text_max(), |text| Ok(point.write(text)?))?;
        // SAFETY: neither is NULL, so the caller has them writable.
        unsafe {
            write_out(target, kayako_target::from(point.target()) as i32);
            write_out(offset, point.offset());
        }
        Ok(())
    })
}

/// Does what kayako_signer_sign_request() does, with a given salt.
///
/// `salt`: 1 to KAYAKO_SALT_MAX bytes, but not the one character 0; UTF-8 text if it goes into JSON or multipart.
/// `out`: kayako_signer_insertion_max() + 6 * salt_len + 1 bytes always suffice.
///
/// Returns what kayako_signer_sign_request() returns, but never KAYAKO_NO_RANDOMNESS; KAYAKO_EMPTY_SALT,
/// KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_SALT_NOT_UTF8; KAYAKO_MULTIPART_NOT_PLAIN if the boundary is in the
/// salt.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive; the inputs readable for their lengths; `target`, `offset`
/// and `out_len` writable, `out` for `out_cap` bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_sign_request_with_salt(
    signer: *const kayako_signer,
    method: *const c_char,
    method_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_void,
    body_len: usize,
    salt: *const c_void,
    salt_len: usize,
    target: *mut i32,
    offset: *mut usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        let target = require_non_null(target, kayako_status::KAYAKO_NULL_TARGET)?;
        let offset = require_non_null(offset, kayako_status::KAYAKO_NULL_OFFSET)?;
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, request, salt, out) = unsafe {
            (
                signer_ref(signer)?,
                read_request((method, method_len), (content_type, content_type_len), (url, url_len), (body, body_len))?,
                SALT.read(salt, salt_len)?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let point = signer.insertion_point(&request)?;
        let salt = checked_salt(&point, salt)?;
        let longest = point.text_max() + 6 * salt.as_bytes().len();
        out.write_measured(longest, |write| write_with_salt(&point, &salt, write))?;
        // SAFETY: neither is NULL, so the caller has them writable.
        unsafe {
            write_out(target, kayako_target::from(point.target()) as i32);
            write_out(offset, point.offset());
        }
        Ok(())
    })
}

/// Writes a URL or a form with an insertion in it, with a fresh salt.
fn write_inserted(out: Output, point: &InsertionPoint<'_>, text: &[u8]) -> Result<(), kayako_status> {
    let (before, after) = text.split_at(point.offset());
    out.write_up_to(text.len().saturating_add(point.text_max()), |cursor| {
        // Before anything is written, because there may be no randomness.
        let salt = Salt::random()?;
        cursor.write_bytes(before)?;
        point.write_with_salt(salt, cursor)?;
        Ok(cursor.write_bytes(after)?)
    })
}

/// Writes a URL or a form with an insertion in it, with a given salt.
fn write_inserted_with_salt(
    out: Output,
    point: &InsertionPoint<'_>,
    text: &[u8],
    salt: &[u8],
) -> Result<(), kayako_status> {
    let (before, after) = text.split_at(point.offset());
    let salt = checked_salt(point, salt)?;
    let longest = text.len().saturating_add(point.text_max() + 3 * salt.as_bytes().len());
    out.write_measured(longest, |write| {
        write(before)?;
        write_with_salt(point, &salt, write)?;
        write(after)
    })
}

/// Refuses a salt that cannot be written at this place.
fn checked_salt<'a>(point: &InsertionPoint<'_>, salt: &'a [u8]) -> Result<Salt<'a>, kayako_status> {
    let salt = Salt::new(salt)?;
    point.check_salt(&salt)?;
    Ok(salt)
}

/// Passes the insertion with a checked salt to `write`.
fn write_with_salt(
    point: &InsertionPoint<'_>,
    salt: &Salt<'_>,
    write: &mut dyn FnMut(&[u8]) -> fmt::Result,
) -> fmt::Result {
    point.write_with_salt(salt.clone(), &mut Pieces(write)).map_err(|_| fmt::Error)
}

/// Returns the length of the longest text that any call with a fresh salt adds, in bytes: credentials, a line of a
/// batch, or an insertion. The buffer must have one byte more. Returns 0 if `signer` is NULL.
///
/// # Safety
///
/// `signer` is NULL or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_insertion_max(signer: *const kayako_signer) -> usize {
    // SAFETY: NULL or a live signer, by the caller's word.
    unsafe { signer_ref(signer) }.map_or(0, Signer::insertion_max)
}

/// @name Bodies that are not held in memory
///
/// Finds the part of a request that credentials will go into, before its body is read. If that is the URL, sign the
/// request without its body with kayako_signer_sign_request(), and send the body as it is.
///
/// `method`, `content_type`, `url`: as in kayako_signer_sign_request().
/// `has_body`: 1 if the request has a body, 0 if it has none.
/// `target`: receives KAYAKO_TARGET_URL or KAYAKO_TARGET_BODY.
///
/// Returns what kayako_signer_sign_request() returns for the method, the URL and the content type.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: the inputs readable for their lengths, `target` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_request_target(
    method: *const c_char,
    method_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    url: *const c_char,
    url_len: usize,
    has_body: c_int,
    target: *mut i32,
) -> kayako_status {
    guard(|| {
        let output = require_non_null(target, kayako_status::KAYAKO_NULL_TARGET)?;
        // SAFETY: the caller has the inputs readable for their lengths.
        let request = unsafe {
            read_request(
                (method, method_len),
                (content_type, content_type_len),
                (url, url_len),
                (core::ptr::null(), 0),
            )?
        };
        let target = kayako_target::from(request.target(has_body != 0)?) as i32;
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { write_out(output, target) };
        Ok(())
    })
}

/// Begins a request whose form or multipart body is too large for memory: writes the credentials to send before it,
/// with a fresh salt. Add their length to Content-Length. Give every piece of the body to kayako_upload_check() before
/// you send it, and call kayako_upload_end() before you send the last byte.
///
/// `method`, `content_type`, `url`: as in kayako_signer_sign_request().
/// `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
/// `upload`: receives the upload. Free it with kayako_upload_free().
///
/// Returns what kayako_signer_sign_request() returns for the method, the URL and the content type;
/// KAYAKO_UPLOAD_UNSUPPORTED if the credentials do not go before a form or multipart body; KAYAKO_MULTIPART_NOT_PLAIN
/// if the API key holds the boundary; KAYAKO_OUT_OF_MEMORY; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the
/// length of the longest such text.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive; the inputs readable for their lengths; `out_len` and
/// `upload` writable, `out` for `out_cap` bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_upload_new(
    signer: *const kayako_signer,
    method: *const c_char,
    method_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    url: *const c_char,
    url_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    upload: *mut *mut kayako_upload,
) -> kayako_status {
    guard_and_wipe::<DEEP>(|| {
        let output = require_non_null(upload, kayako_status::KAYAKO_NULL_UPLOAD)?;
        // SAFETY: the caller has the signer alive, the inputs readable and the output writable for their lengths.
        let (signer, request, out) = unsafe {
            (
                signer_ref(signer)?,
                read_request(
                    (method, method_len),
                    (content_type, content_type_len),
                    (url, url_len),
                    (core::ptr::null(), 0),
                )?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let (point, upload) = signer.upload(&request)?;
        let made = into_raw(kayako_upload(upload))?;
        let written = out.write_up_to(point.text_max(), |text| Ok(point.write(text)?));
        if written.is_ok() {
            // SAFETY: not NULL, so the caller has it writable.
            unsafe { write_out(output, made) };
        } else {
            // SAFETY: just made, and given to nobody else.
            unsafe { drop_raw(made) };
        }
        written
    })
}

/// Checks the next piece of a body. Give it the pieces in the order in which they are sent. If it does not return
/// KAYAKO_OK, break the request off before its last byte, so that the server never receives all of it. Later calls
/// return the same status.
///
/// `piece`: at most PTRDIFF_MAX bytes of any kind. Only an unfinished boundary, name, route or header line of it is
/// kept.
///
/// Returns KAYAKO_OK; KAYAKO_MULTIPART_NOT_PLAIN; if something in the body would replace a credential or the route,
/// KAYAKO_API_KEY_PARAMETER, KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER;
/// KAYAKO_ROUTE_SLASH; KAYAKO_TOO_MANY_PARAMETERS; KAYAKO_BODY_TOO_LONG.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `upload` alive and used by nothing else, `piece` readable for its length.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_upload_check(
    upload: *mut kayako_upload,
    piece: *const c_void,
    piece_len: usize,
) -> kayako_status {
    guard(|| {
        // SAFETY: the caller has the upload alive for this call alone, and the piece readable for its length.
        let (upload, piece) = unsafe { (upload_mut(upload)?, PIECE.read(piece, piece_len)?) };
        Ok(upload.check(piece)?)
    })
}

/// Checks the end of a body, after its last piece. Call it before you send the last byte.
///
/// Returns what kayako_upload_check() returns; KAYAKO_MULTIPART_NOT_PLAIN if a multipart body ended too early; if
/// neither the URL nor the body has a route that the server takes, the status that kayako_signer_sign_url() returns for
/// it.
///
/// # Safety
///
/// `upload` is NULL, or alive and used by nothing else.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_upload_end(upload: *mut kayako_upload) -> kayako_status {
    guard(|| {
        // SAFETY: the caller has the upload alive for this call alone.
        Ok(unsafe { upload_mut(upload)? }.end()?)
    })
}

/// Frees an upload. NULL is a no-op.
///
/// `upload`: from kayako_upload_new(), not freed yet, and not in use by any thread.
///
/// # Safety
///
/// `upload` is NULL or an upload that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_upload_free(upload: *mut kayako_upload) {
    // The upload is gone either way, so there is no status to report.
    let _ = guard(|| {
        // SAFETY: NULL or an upload that the caller does not use again.
        unsafe { drop_raw(upload) };
        Ok(())
    });
}

/// @name Diagnosis
///
/// Finds out whether the server accepts a signature of a salt, and why it refuses it.
///
/// `salt`: 0 to KAYAKO_SALT_MAX bytes of any kind.
/// `signature`: bytes of any kind, as the server has them after it decoded the parameter once. More than 65536 bytes
/// are not a signature, and are not read.
/// `diagnosis`: receives a kayako_diagnosis.
///
/// Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_SALT_TOO_LONG.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` and `signature` readable for their lengths,
/// `diagnosis` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_diagnose(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    signature: *const c_char,
    signature_len: usize,
    diagnosis: *mut i32,
) -> kayako_status {
    guard_and_wipe::<DEEPEST>(|| {
        let output = require_non_null(diagnosis, kayako_status::KAYAKO_NULL_DIAGNOSIS)?;
        // SAFETY: the caller has the signer alive, and salt and signature readable for their lengths.
        let (signer, salt, signature) =
            unsafe { (signer_ref(signer)?, SALT.read(salt, salt_len)?, SIGNATURE.read(signature, signature_len)) };
        let code = match signature {
            Err(KAYAKO_REFUSED) => kayako_diagnosis::KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE as i32,
            signature => signer.diagnose(salt, signature?).code(),
        };
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { write_out(output, code) };
        Ok(())
    })
}

/// Finds out whether the server accepts a request, and why it refuses it: the cause at the first stage where the
/// request fails.
///
/// `method`, `content_type`, `url`, `body`: the request as it was sent, with the bounds of
/// kayako_signer_sign_request(). The URL may be a path.
/// `diagnosis`: receives a kayako_diagnosis.
///
/// Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED,
/// KAYAKO_URL_TOO_LONG, KAYAKO_URL_CHARACTER or KAYAKO_BODY_TOO_LONG if an argument is too long or not UTF-8.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive; the inputs readable for their lengths; `diagnosis` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_signer_diagnose_request(
    signer: *const kayako_signer,
    method: *const c_char,
    method_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_void,
    body_len: usize,
    diagnosis: *mut i32,
) -> kayako_status {
    guard_and_wipe::<DEEPEST>(|| {
        let output = require_non_null(diagnosis, kayako_status::KAYAKO_NULL_DIAGNOSIS)?;
        // SAFETY: the caller has the signer alive and the request readable for its lengths.
        let (signer, request) = unsafe {
            (
                signer_ref(signer)?,
                read_request((method, method_len), (content_type, content_type_len), (url, url_len), (body, body_len))?,
            )
        };
        let code = signer.diagnose_request(&request).code();
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { write_out(output, code) };
        Ok(())
    })
}

/// @name Salts
///
/// Writes a fresh salt: KAYAKO_SALT_LEN lower-case hexadecimal digits, 128 bits from the operating system.
///
/// `out`: KAYAKO_SALT_LEN + 1 bytes.
///
/// Returns KAYAKO_OK; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn kayako_salt_generate(out: *mut c_char, out_cap: usize, out_len: *mut usize) -> kayako_status {
    guard(|| {
        // SAFETY: the caller has the output writable for its length.
        let out = unsafe { Output::new(out, out_cap, out_len)? };
        out.write_up_to(Salt::LEN, |text| Ok(text.write_bytes(Salt::random()?.as_bytes())?))
    })
}

/// @name Messages and sizes
///
/// Returns the message of a status: the argument that it is about, and the rule. It is static ASCII text and never
/// NULL.
///
/// `status`: any number; one that is not a status has a message too.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_status_message(status: i32) -> *const c_char {
    status::message(status).as_ptr()
}

/// Returns the message of a diagnosis: the part that it is about, the cause, and what to change. It is static ASCII
/// text and never NULL.
///
/// `diagnosis`: any number; one that is not a diagnosis has a message too.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_message(diagnosis: i32) -> *const c_char {
    diagnosis::message(diagnosis).as_ptr()
}

/// Returns whether the server accepts a signature or a request with this diagnosis: 1 if it is good, forgiven or
/// accepted with a reservation, 0 if it is refused.
///
/// `diagnosis`: any number; returns 0 for one that is not a diagnosis.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_is_accepted(diagnosis: i32) -> c_int {
    c_int::from(diagnosis::is_accepted(diagnosis))
}

/// Returns the HTTP status of the server's answer to a request with this diagnosis: 200, 400, 401, 403 or 404. Some
/// refusals are a page with status 200; use kayako_diagnosis_is_accepted() to find out whether a request is accepted.
///
/// `diagnosis`: any number; returns 0 for one that is not a diagnosis.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_answer_status(diagnosis: i32) -> c_int {
    c_int::from(diagnosis::answer_status(diagnosis))
}

/// Returns the version of the loaded library, for example "1.2.3". It is static ASCII text and never NULL.
/// KAYAKO_SIGN_VERSION is the version of the header.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_version() -> *const c_char {
    c_text::c_text!(env!("CARGO_PKG_VERSION")).as_ptr()
}

/// Returns KAYAKO_SIGNATURE_LEN, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_signature_len() -> usize {
    KAYAKO_SIGNATURE_LEN
}

/// Returns KAYAKO_SIGNATURE_URLENCODED_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_signature_urlencoded_max() -> usize {
    KAYAKO_SIGNATURE_URLENCODED_MAX
}

/// Returns KAYAKO_SALT_LEN, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_salt_len() -> usize {
    KAYAKO_SALT_LEN
}

/// Returns KAYAKO_SALT_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_salt_max() -> usize {
    KAYAKO_SALT_MAX
}

/// Returns KAYAKO_API_KEY_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_api_key_max() -> usize {
    KAYAKO_API_KEY_MAX
}

/// Returns KAYAKO_SECRET_KEY_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_secret_key_max() -> usize {
    KAYAKO_SECRET_KEY_MAX
}

/// Returns KAYAKO_URL_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_url_max() -> usize {
    KAYAKO_URL_MAX
}

/// Returns KAYAKO_BATCH_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_batch_max() -> usize {
    KAYAKO_BATCH_MAX
}
