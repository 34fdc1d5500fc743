//! The C ABI of kayako-sign: the functions of `include/kayako_sign.h`, in its order.
//!
//! The comments here are what a C programmer reads in the header. `make header` writes it anew.

#![allow(clippy::doc_markdown, reason = "the comments are read in C's header, without Markdown")]

mod boundary;
mod diagnosis;
mod registers;
mod status;

use kayako_sign_core::{Diagnosis, Error, Request, Salt, Signature, Signer, Target};
use libc::{c_char, c_int, c_void};

use boundary::{
    API_KEY, DEEP, FORM, Output, SALT, SECRET_KEY, SHALLOW, SIGNATURE, URL, guard, place, release,
    request as read_request, retain, signer as borrow, store, wiped,
};
use diagnosis::kayako_diagnosis;
use status::kayako_status::{self, KAYAKO_REFUSED};

/// Length of a base64 signature, in bytes.
pub const KAYAKO_SIGNATURE_LEN: usize = 44;
/// Length of the longest URL-encoded signature, in bytes.
pub const KAYAKO_SIGNATURE_URLENCODED_MAX: usize = 132;
/// Length of a salt that the library draws, in bytes.
pub const KAYAKO_SALT_LEN: usize = 32;
/// Length of the longest salt of your own, in bytes.
pub const KAYAKO_SALT_MAX: usize = 65_536;
/// Length of the longest API key, in bytes.
pub const KAYAKO_API_KEY_MAX: usize = 1_024;
/// Length of the longest secret key, in bytes.
pub const KAYAKO_SECRET_KEY_MAX: usize = 65_536;
/// Length of the longest address, in bytes.
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
/// It never changes, so any number of threads may use one at the same time. Freeing it is for the caller to order:
/// after every call that uses it has returned.
#[allow(non_camel_case_types, reason = "the name that C sees")]
#[derive(Debug)]
pub struct kayako_signer(Signer);

/// What an insertion goes into.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names that C sees")]
pub enum kayako_target {
    /// The address.
    KAYAKO_TARGET_URL = 0,
    /// The body.
    KAYAKO_TARGET_BODY = 1,
}

/// @name Signers
///
/// Makes a signer from the keys that the helpdesk shows in its admin panel under REST API, API Information.
///
/// `api_key`: UTF-8 text of 1 to KAYAKO_API_KEY_MAX bytes.
/// `secret_key`: any bytes, 1 to KAYAKO_SECRET_KEY_MAX of them, exactly as shown there: it looks like base64, but is
/// not to be decoded, and a newline behind it makes it another key. It is copied; wipe your own.
/// `signer`: receives the signer, to be freed with kayako_signer_free(). Untouched on error.
///
/// Returns KAYAKO_OK; KAYAKO_EMPTY_API_KEY, KAYAKO_API_KEY_TOO_LONG, KAYAKO_API_KEY_NOT_UTF8, KAYAKO_NULL_API_KEY;
/// KAYAKO_EMPTY_SECRET_KEY, KAYAKO_SECRET_KEY_TOO_LONG, KAYAKO_NULL_SECRET_KEY; KAYAKO_NULL_SIGNER where `signer` is
/// NULL; KAYAKO_OUT_OF_MEMORY; KAYAKO_PANIC.
///
/// Any thread may call it at any time.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `api_key` and `secret_key` readable for their lengths, `signer` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_new(
    api_key: *const c_char,
    api_key_len: usize,
    secret_key: *const c_char,
    secret_key_len: usize,
    signer: *mut *mut kayako_signer,
) -> kayako_status {
    wiped::<SHALLOW>(|| {
        if signer.is_null() {
            return Err(kayako_status::KAYAKO_NULL_SIGNER);
        }
        // SAFETY: the caller has both keys readable for their lengths.
        let (api_key, secret_key) =
            unsafe { (API_KEY.read(api_key, api_key_len)?, SECRET_KEY.read(secret_key, secret_key_len)?) };
        let api_key = core::str::from_utf8(api_key).map_err(|_| Error::ApiKeyNotUtf8)?;
        let made = retain(kayako_signer(Signer::new(api_key, secret_key)?))?;
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { store(signer, made) };
        Ok(())
    })
}

/// Frees a signer and wipes its keys. NULL is a no-op.
///
/// `signer`: from kayako_signer_new(), not freed yet, in use by no other thread.
///
/// # Safety
///
/// `signer` is NULL or a signer that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_free(signer: *mut kayako_signer) {
    // The signer is gone either way, so there is no status to report.
    let _ = wiped::<SHALLOW>(|| {
        // SAFETY: NULL or a signer that the caller does not use again.
        unsafe { release(signer) };
        Ok(())
    });
}

/// @name Signatures and credentials
///
/// Writes the signature of a salt as base64: for JSON, and for HTTP libraries that encode parameters themselves.
///
/// `salt`: any bytes, 1 to KAYAKO_SALT_MAX of them, but not the one character 0.
/// `out`: at least KAYAKO_SIGNATURE_LEN + 1 bytes. `out_cap`: its size in bytes. It must not overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
/// KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
/// KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any number of threads may share the signer.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, the salt readable and the output writable for their lengths.
        let (signer, salt, out) =
            unsafe { (borrow(signer)?, SALT.read(salt, salt_len)?, Output::new(out, out_cap, out_len)?) };
        out.bytes(signer.sign(salt)?.write_base64(&mut [0; Signature::LEN]))
    })
}

/// Writes the signature of a salt as base64, with `+`, `/` and `=` escaped: to stand behind `signature=` in a URL or a
/// form that is sent as it is. A library that encodes parameters itself would escape it twice: give that
/// kayako_signer_sign().
///
/// `salt`: any bytes, 1 to KAYAKO_SALT_MAX of them, but not the one character 0.
/// `out`: KAYAKO_SIGNATURE_URLENCODED_MAX + 1 bytes always suffice. `out_cap`: its size in bytes. It must not overlap
/// another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
/// KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
/// KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any number of threads may share the signer.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign_urlencoded(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, the salt readable and the output writable for their lengths.
        let (signer, salt, out) =
            unsafe { (borrow(signer)?, SALT.read(salt, salt_len)?, Output::new(out, out_cap, out_len)?) };
        out.bytes(signer.sign(salt)?.write_url_encoded(&mut [0; Signature::URL_ENCODED_ROOM]))
    })
}

/// Writes credentials for one request, with a fresh salt: `apikey=...&salt=...&signature=...`, encoded as in a query
/// string or a form. Make new ones for each request.
///
/// `out`: kayako_signer_insertion_max() + 1 bytes always suffice. `out_cap`: its size in bytes. It must not overlap
/// another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
/// KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is
/// KAYAKO_OK,
/// `out` is untouched.
///
/// Any number of threads may share the signer. Salts stay distinct after fork().
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_credentials(
    signer: *const kayako_signer,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive and the output writable for its length.
        let (signer, out) = unsafe { (borrow(signer)?, Output::new(out, out_cap, out_len)?) };
        out.fresh_text(signer.query_max(), |text| {
            // By reference: to move credentials out of a result takes longer than to write them.
            Ok(signer.credentials().as_ref().map_err(|error| *error)?.write_query(|piece| text.write_bytes(piece))?)
        })
    })
}

/// Writes credentials with a given salt: `apikey=...&salt=...&signature=...`, encoded as in a query string or a form.
///
/// `salt`: any bytes, 1 to KAYAKO_SALT_MAX of them, but not the one character 0.
/// `out`: kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice. `out_cap`: its size in bytes. It must
/// not overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
/// KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
/// KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any number of threads may share the signer.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_credentials_with_salt(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, the salt readable and the output writable for their lengths.
        let (signer, salt, out) =
            unsafe { (borrow(signer)?, SALT.read(salt, salt_len)?, Output::new(out, out_cap, out_len)?) };
        let credentials = signer.credentials_with_salt(Salt::new(salt)?);
        out.text(signer.query_max() + 3 * salt.len(), |write| credentials.write_query(write))
    })
}

/// Writes credentials for `count` requests, each with a fresh salt, each on a line of its own that ends in a newline.
/// The operating system is asked for randomness once for all, which makes this the fastest way to get many.
///
/// `count`: 0 to KAYAKO_BATCH_MAX.
/// `out`: count * kayako_signer_insertion_max() + 1 bytes always suffice. `out_cap`: its size in bytes. It must not
/// overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
/// KAYAKO_BATCH_TOO_LARGE; KAYAKO_NO_RANDOMNESS; KAYAKO_OUT_OF_MEMORY: it allocates 16 bytes for each;
/// KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any number of threads may share the signer. Salts stay distinct after fork().
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_credentials_batch(
    signer: *const kayako_signer,
    count: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive and the output writable for its length.
        let (signer, out) = unsafe { (borrow(signer)?, Output::new(out, out_cap, out_len)?) };
        if count > Signer::BATCH_MAX {
            return Err(Error::BatchTooLarge.into());
        }
        let longest = count.saturating_mul(signer.query_max() + 1);
        out.fresh_text(longest, |text| {
            for salt in Salt::random_batch(count)? {
                signer.credentials_with_salt(salt).write_query(|piece| text.write_bytes(piece))?;
                text.write_bytes(b"\n")?;
            }
            Ok(())
        })
    })
}

/// Tells whether a signature is the one of a salt, in constant time.
///
/// Strict: KAYAKO_SIGNATURE_LEN characters of base64's standard alphabet, padded and canonical, not URL-encoded.
///
/// `salt`: any bytes, up to KAYAKO_SALT_MAX of them. An empty salt and the salt 0 have no signature.
/// `signature`: the base64 text, any length. One that is not KAYAKO_SIGNATURE_LEN bytes long is refused.
///
/// Returns KAYAKO_OK, which is 0: it is. KAYAKO_REFUSED: it is not. KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT,
/// KAYAKO_NULL_SIGNATURE, KAYAKO_NULL_SIGNER, KAYAKO_PANIC: treat them as a refusal.
///
/// Any number of threads may share the signer.
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
    wiped::<SHALLOW>(|| {
        // SAFETY: the caller has the signer alive, and salt and signature readable for their lengths.
        let (signer, salt, signature) =
            unsafe { (borrow(signer)?, SALT.read(salt, salt_len)?, SIGNATURE.read(signature, signature_len)?) };
        if signer.verify(salt, signature) { Ok(()) } else { Err(KAYAKO_REFUSED) }
    })
}

/// @name Requests
///
/// Writes the address of a GET or DELETE request with credentials in it, with a fresh salt. They go behind the first
/// piece of the query, which may be the route; all else stays byte for byte.
///
/// `url`: absolute, of http or https, up to KAYAKO_URL_MAX bytes.
/// `out`: url_len + kayako_signer_insertion_max() + 1 bytes always suffice.
/// `out_cap`: the size of `out` in bytes. It must not overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
/// KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE, KAYAKO_URL_CHARACTER; where something in the address would replace a
/// credential or the route, KAYAKO_API_KEY_PARAMETER, KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER,
/// KAYAKO_ROUTE_PARAMETER; KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER, KAYAKO_NULL_URL, KAYAKO_NULL_OUT,
/// KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any number of threads may share the signer. Salts stay distinct after fork().
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `url` readable for `url_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign_url(
    signer: *const kayako_signer,
    url: *const c_char,
    url_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<DEEP>(|| {
        // SAFETY: the caller has the signer alive, the address readable and the output writable for their lengths.
        let (signer, url, out) =
            unsafe { (borrow(signer)?, URL.read(url, url_len)?, Output::new(out, out_cap, out_len)?) };
        let url = core::str::from_utf8(url).map_err(|_| Error::UrlCharacter)?;
        let place = signer.place_in(&Request::get(url))?;
        let (before, behind) = url.as_bytes().split_at(place.offset());
        out.fresh_text(url.len() + place.text_max(), |text| {
            let credentials = signer.credentials()?;
            text.write_bytes(before)?;
            place.write(&credentials, text)?;
            Ok(text.write_bytes(behind)?)
        })
    })
}

/// Writes the encoded form that is the body of a POST or PUT request with credentials before it, with a fresh salt. The
/// form itself stays byte for byte.
///
/// `form`: parameters as in `a=1&b=2`, each name and value URL-encoded; a length of 0 where there are none.
/// `out`: form_len + kayako_signer_insertion_max() + 1 bytes always suffice.
/// `out_cap`: the size of `out` in bytes. It must not overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
/// KAYAKO_BODY_TOO_LONG; where something in the form would replace a credential or the route, KAYAKO_API_KEY_PARAMETER,
/// KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER; KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER,
/// KAYAKO_NULL_FORM, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any number of threads may share the signer. Salts stay distinct after fork().
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `form` readable for `form_len` bytes, `out` writable for
/// `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_sign_form(
    signer: *const kayako_signer,
    form: *const c_char,
    form_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> kayako_status {
    wiped::<DEEP>(|| {
        // SAFETY: the caller has the signer alive, the form readable and the output writable for their lengths.
        let (signer, form, out) =
            unsafe { (borrow(signer)?, FORM.read(form, form_len)?, Output::new(out, out_cap, out_len)?) };
        let place = signer.place_in_form(form)?;
        out.fresh_text(form.len().saturating_add(place.text_max()), |text| {
            place.write(&signer.credentials()?, text)?;
            Ok(text.write_bytes(form)?)
        })
    })
}

/// Signs a whole request with a fresh salt: writes the text to insert, and tells where. With the text inserted there,
/// and Content-Length made to fit, the request carries credentials in the part that the server reads; all else stays
/// byte for byte. Where that part is the query, of a GET, a DELETE or a PUT of multipart, the server reads no
/// parameters in the body.
///
/// `method`: GET, POST, PUT or DELETE, in capitals; with JSON any in capitals. Up to 64 bytes.
/// `content_type`: the value of the Content-Type header, up to 65536 bytes; a length of 0 where the request has none.
/// `url`: absolute, of http or https, up to KAYAKO_URL_MAX bytes.
/// `body`: any bytes; a length of 0 where the request has none. Nothing of it is copied.
/// `target`: receives KAYAKO_TARGET_URL or KAYAKO_TARGET_BODY. Declare an int32_t, not the enum.
/// `offset`: receives where in it the text goes, in bytes from its start.
/// `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
/// `out_cap`: the size of `out` in bytes. It must not overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with a length that suffices for every such text in `*out_len`.
/// Where the server would not read the credentials: KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE, KAYAKO_URL_CHARACTER,
/// KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED, KAYAKO_BODY_TOO_LONG, KAYAKO_JSON_WITHOUT_BODY,
/// KAYAKO_JSON_NOT_OBJECT, KAYAKO_JSON_INVALID, KAYAKO_MULTIPART_BOUNDARY, KAYAKO_MULTIPART_NOT_PLAIN.
/// Where something in the request would replace a credential or the route: KAYAKO_API_KEY_PARAMETER,
/// KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER.
/// KAYAKO_NO_RANDOMNESS; KAYAKO_OUT_OF_MEMORY; KAYAKO_NULL_SIGNER, KAYAKO_NULL_METHOD, KAYAKO_NULL_CONTENT_TYPE,
/// KAYAKO_NULL_URL, KAYAKO_NULL_BODY, KAYAKO_NULL_TARGET, KAYAKO_NULL_OFFSET, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
/// KAYAKO_PANIC. Unless it is KAYAKO_OK, `target`, `offset` and `out` are untouched.
///
/// Any number of threads may share the signer. Salts stay distinct after fork().
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive; `method`, `content_type`, `url` and `body` readable for
/// their lengths; `target`, `offset` and `out_len` writable, `out` for `out_cap` bytes.
#[unsafe(no_mangle)]
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
    wiped::<DEEP>(|| {
        let target = place(target, kayako_status::KAYAKO_NULL_TARGET)?;
        let offset = place(offset, kayako_status::KAYAKO_NULL_OFFSET)?;
        // SAFETY: the caller has the signer alive, the request readable and the output writable for their lengths.
        let (signer, request, out) = unsafe {
            (
                borrow(signer)?,
                read_request((method, method_len), (content_type, content_type_len), (url, url_len), (body, body_len))?,
                Output::new(out, out_cap, out_len)?,
            )
        };
        let found = signer.place_in(&request)?;
        out.fresh_text(found.text_max(), |text| Ok(found.write(&signer.credentials()?, text)?))?;
        let into = match found.target() {
            Target::Url => kayako_target::KAYAKO_TARGET_URL,
            Target::Body => kayako_target::KAYAKO_TARGET_BODY,
        };
        // SAFETY: neither is NULL, so the caller has them writable.
        unsafe {
            store(target, into as i32);
            store(offset, found.offset());
        }
        Ok(())
    })
}

/// Length of the longest text that any call with a fresh salt adds, in bytes: credentials, a line of a batch, and what
/// goes into a request. The buffer must have one byte more. 0 where `signer` is NULL.
///
/// Any number of threads may share the signer.
///
/// # Safety
///
/// `signer` is NULL or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_insertion_max(signer: *const kayako_signer) -> usize {
    // SAFETY: NULL or a live signer, by the caller's word.
    unsafe { borrow(signer) }.map_or(0, Signer::insertion_max)
}

/// @name Diagnosis
///
/// Tells what the server thinks of a signature of a salt, as they arrive there, and so why it refuses it.
///
/// `salt`: any bytes, up to KAYAKO_SALT_MAX of them.
/// `signature`: any bytes, as they arrived: decoded once, as the server decodes a parameter. One of more than 65536
/// bytes is none, and is not looked at.
/// `diagnosis`: receives a kayako_diagnosis. Declare an int32_t, not the enum.
///
/// Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_SALT_TOO_LONG; KAYAKO_NULL_SIGNER, KAYAKO_NULL_SALT,
/// KAYAKO_NULL_SIGNATURE, KAYAKO_NULL_DIAGNOSIS; KAYAKO_PANIC. Unless it is KAYAKO_OK, `diagnosis` is untouched.
///
/// Any number of threads may share the signer.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive, `salt` and `signature` readable for their lengths,
/// `diagnosis` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_signer_diagnose(
    signer: *const kayako_signer,
    salt: *const c_void,
    salt_len: usize,
    signature: *const c_char,
    signature_len: usize,
    diagnosis: *mut i32,
) -> kayako_status {
    wiped::<DEEP>(|| {
        let place = place(diagnosis, kayako_status::KAYAKO_NULL_DIAGNOSIS)?;
        // SAFETY: the caller has the signer alive, and salt and signature readable for their lengths.
        let (signer, salt, signature) =
            unsafe { (borrow(signer)?, SALT.read(salt, salt_len)?, SIGNATURE.read(signature, signature_len)) };
        let diagnosis = match signature {
            Err(KAYAKO_REFUSED) => Diagnosis::NotASignature,
            signature => signer.diagnose(salt, signature?),
        };
        let code = kayako_diagnosis::from(diagnosis) as i32;
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { store(place, code) };
        Ok(())
    })
}

/// Tells what the server would answer to a request, and why: which part of it is read, and what is wrong there.
///
/// `method`, `content_type`, `url`, `body`: the request as it was sent, as in kayako_signer_sign_request(). The address
/// may be a path.
/// `diagnosis`: receives a kayako_diagnosis. Declare an int32_t, not the enum.
///
/// Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED,
/// KAYAKO_URL_TOO_LONG, KAYAKO_URL_CHARACTER or KAYAKO_BODY_TOO_LONG for what is too long or not UTF-8;
/// KAYAKO_NULL_SIGNER, KAYAKO_NULL_METHOD, KAYAKO_NULL_CONTENT_TYPE, KAYAKO_NULL_URL, KAYAKO_NULL_BODY,
/// KAYAKO_NULL_DIAGNOSIS; KAYAKO_PANIC. Unless it is KAYAKO_OK, `diagnosis` is untouched.
///
/// Any number of threads may share the signer.
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `signer` alive; `method`, `content_type`, `url` and `body` readable for
/// their lengths; `diagnosis` writable.
#[unsafe(no_mangle)]
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
    wiped::<DEEP>(|| {
        let place = place(diagnosis, kayako_status::KAYAKO_NULL_DIAGNOSIS)?;
        // SAFETY: the caller has the signer alive and the request readable for its lengths.
        let (signer, request) = unsafe {
            (
                borrow(signer)?,
                read_request((method, method_len), (content_type, content_type_len), (url, url_len), (body, body_len))?,
            )
        };
        let code = kayako_diagnosis::from(signer.diagnose_request(&request)) as i32;
        // SAFETY: not NULL, so the caller has it writable.
        unsafe { store(place, code) };
        Ok(())
    })
}

/// @name Salts
///
/// Writes a fresh salt: KAYAKO_SALT_LEN lower-case hexadecimal digits, 128 bits straight from the operating system.
///
/// `out`: at least KAYAKO_SALT_LEN + 1 bytes. `out_cap`: its size in bytes. It must not overlap another argument.
/// `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
///
/// Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_NO_RANDOMNESS;
/// KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
///
/// Any thread may call it at any time. Salts stay distinct after fork().
///
/// # Safety
///
/// Each pointer that is not NULL is valid: `out` writable for `out_cap` bytes, `out_len` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_salt_generate(out: *mut c_char, out_cap: usize, out_len: *mut usize) -> kayako_status {
    guard(|| {
        // SAFETY: the caller has the output writable for its length.
        let out = unsafe { Output::new(out, out_cap, out_len)? };
        out.fresh_text(Salt::LEN, |text| Ok(text.write_bytes(Salt::random()?.as_bytes())?))
    })
}

/// @name Texts and sizes
///
/// The sentence for a status: the argument that it is about, and the rule. Never NULL, static, ASCII; never quotes a
/// key, a salt or a signature.
///
/// `status`: any number; what is not a status has a sentence too.
///
/// Any thread may call it at any time.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_status_message(status: i32) -> *const c_char {
    status::message(status).as_ptr()
}

/// The sentence for a diagnosis: the cause, and what to change. Never NULL, static, ASCII; never quotes a key, a salt
/// or a signature.
///
/// `diagnosis`: any number; what is not a diagnosis has a sentence too.
///
/// Any thread may call it at any time.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_message(diagnosis: i32) -> *const c_char {
    diagnosis::message(diagnosis).as_ptr()
}

/// Whether a server takes what has this diagnosis: 1 where it is good or forgiven, 0 where it is refused.
///
/// `diagnosis`: any number; what is not a diagnosis is refused.
///
/// Any thread may call it at any time.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_diagnosis_is_accepted(diagnosis: i32) -> c_int {
    c_int::from(diagnosis::is_accepted(diagnosis))
}

/// The version of the library that is loaded, such as "1.2.3". Never NULL, static.
///
/// Any thread may call it at any time.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// KAYAKO_SIGNATURE_LEN, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_signature_len() -> usize {
    KAYAKO_SIGNATURE_LEN
}

/// KAYAKO_SIGNATURE_URLENCODED_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_signature_urlencoded_max() -> usize {
    KAYAKO_SIGNATURE_URLENCODED_MAX
}

/// KAYAKO_SALT_LEN, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_salt_len() -> usize {
    KAYAKO_SALT_LEN
}

/// KAYAKO_SALT_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_salt_max() -> usize {
    KAYAKO_SALT_MAX
}

/// KAYAKO_API_KEY_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_api_key_max() -> usize {
    KAYAKO_API_KEY_MAX
}

/// KAYAKO_SECRET_KEY_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_secret_key_max() -> usize {
    KAYAKO_SECRET_KEY_MAX
}

/// KAYAKO_URL_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_url_max() -> usize {
    KAYAKO_URL_MAX
}

/// KAYAKO_BATCH_MAX, for languages that see no macros.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_batch_max() -> usize {
    KAYAKO_BATCH_MAX
}
