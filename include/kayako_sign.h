/*
 * kayako_sign.h - signatures for the REST API of Kayako Classic
 *
 *     kayako_signer *signer;
 *     char out[KAYAKO_SIGNATURE_URLENCODED_MAX + 1];
 *     size_t len;
 *     kayako_status status = kayako_signer_new("apikey", 6, "secretkey", 9, &signer);
 *     if (status == KAYAKO_OK) {
 *         status = kayako_signer_sign_urlencoded(signer, "1234567890", 10, out, sizeof out, &len);
 *         kayako_signer_free(signer);
 *     }
 *     puts(status == KAYAKO_OK ? out : kayako_status_message(status));
 *
 * Link with -lkayako_sign. What holds for every function:
 *
 * - Arguments are inputs first, then outputs. A string is a pointer and a length in bytes; no NUL is needed behind it.
 *   With a length of 0 the pointer may be NULL.
 * - The caller owns every buffer. A text is written with a NUL behind it, which the length does not count. Where the
 *   buffer is too small, KAYAKO_BUFFER_TOO_SMALL comes with the length the text needs; give it one byte more. To ask
 *   for that length alone, pass NULL and 0.
 * - Unless a call returns KAYAKO_OK, it has written nothing but the length that comes with KAYAKO_BUFFER_TOO_SMALL.
 *   KAYAKO_PANIC alone, which tells of a defect of the library, promises nothing about the outputs.
 * - Where several arguments are wrong, the status names one of them. Outputs must not overlap each other or an input.
 * - A call takes at most 8 KiB of stack, whatever it is given.
 * - Nothing needs to be initialised, and no message quotes a key, a salt or a signature. No call ends the process,
 *   unless it is kayako_signer_sign_request() with multipart, kayako_signer_diagnose() or
 *   kayako_signer_diagnose_request() and the little memory that they need for themselves is not to be had.
 *
 * Generated from the library's source by `make header`. Do not edit.
 */

#ifndef KAYAKO_SIGN_H
#define KAYAKO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define KAYAKO_MUST_USE __attribute__((warn_unused_result))
#else
#define KAYAKO_MUST_USE
#endif

/**
 * Length of a base64 signature, in bytes.
 */
#define KAYAKO_SIGNATURE_LEN 44

/**
 * Length of the longest URL-encoded signature, in bytes.
 */
#define KAYAKO_SIGNATURE_URLENCODED_MAX 132

/**
 * Length of a salt that the library draws, in bytes.
 */
#define KAYAKO_SALT_LEN 32

/**
 * Length of the longest salt of your own, in bytes.
 */
#define KAYAKO_SALT_MAX 65536

/**
 * Length of the longest API key, in bytes.
 */
#define KAYAKO_API_KEY_MAX 1024

/**
 * Length of the longest secret key, in bytes.
 */
#define KAYAKO_SECRET_KEY_MAX 65536

/**
 * Length of the longest address, in bytes.
 */
#define KAYAKO_URL_MAX 1048576

/**
 * The most credentials that one batch makes.
 */
#define KAYAKO_BATCH_MAX 1000000

/**
 * What a call answers. KAYAKO_OK is 0; the values never change, and new ones are added behind the old.
 *
 * kayako_status_message() has a sentence for each.
 */
typedef enum {
  /**
   * Done.
   */
  KAYAKO_OK = 0,
  /**
   * The signature is not the one of this salt.
   */
  KAYAKO_REFUSED = 1,
  /**
   * `out` is too small. `*out_len` holds the length it needs, without the NUL behind the text.
   */
  KAYAKO_BUFFER_TOO_SMALL = 2,
  /**
   * A defect of the library. What stands in `out` is of no use; the signer is still good.
   */
  KAYAKO_PANIC = 3,
  /**
   * There is not enough memory.
   */
  KAYAKO_OUT_OF_MEMORY = 4,
  /**
   * The operating system gave no random bytes for a fresh salt.
   */
  KAYAKO_NO_RANDOMNESS = 5,
  /**
   * The API key is empty.
   */
  KAYAKO_EMPTY_API_KEY = 10,
  /**
   * The API key is longer than KAYAKO_API_KEY_MAX bytes.
   */
  KAYAKO_API_KEY_TOO_LONG = 11,
  /**
   * The API key is not UTF-8 text.
   */
  KAYAKO_API_KEY_NOT_UTF8 = 12,
  /**
   * The secret key is empty.
   */
  KAYAKO_EMPTY_SECRET_KEY = 13,
  /**
   * The secret key is longer than KAYAKO_SECRET_KEY_MAX bytes.
   */
  KAYAKO_SECRET_KEY_TOO_LONG = 14,
  /**
   * The salt is empty. The server takes that for a missing salt.
   */
  KAYAKO_EMPTY_SALT = 15,
  /**
   * The salt is the one character 0. The server takes that for a missing salt.
   */
  KAYAKO_ZERO_SALT = 16,
  /**
   * The salt is longer than KAYAKO_SALT_MAX bytes.
   */
  KAYAKO_SALT_TOO_LONG = 17,
  /**
   * The salt is not UTF-8 text, which JSON must be. No function of this header writes JSON with a salt of yours.
   */
  KAYAKO_SALT_NOT_UTF8 = 18,
  /**
   * `count` is more than KAYAKO_BATCH_MAX.
   */
  KAYAKO_BATCH_TOO_LARGE = 19,
  /**
   * The address is longer than KAYAKO_URL_MAX bytes.
   */
  KAYAKO_URL_TOO_LONG = 30,
  /**
   * The address is not absolute, not of http or https, or has no host.
   */
  KAYAKO_URL_NOT_ABSOLUTE = 31,
  /**
   * The address holds a space, a control character, a backslash or a byte outside of ASCII.
   */
  KAYAKO_URL_CHARACTER = 32,
  /**
   * The server reads no credentials in a request of this method.
   */
  KAYAKO_METHOD_UNSUPPORTED = 33,
  /**
   * The server reads no credentials in a request of this method and content type.
   */
  KAYAKO_CONTENT_TYPE_UNSUPPORTED = 34,
  /**
   * A parameter of the request would replace apikey.
   */
  KAYAKO_API_KEY_PARAMETER = 35,
  /**
   * A parameter of the request would replace salt.
   */
  KAYAKO_SALT_PARAMETER = 36,
  /**
   * A parameter of the request would replace signature.
   */
  KAYAKO_SIGNATURE_PARAMETER = 37,
  /**
   * A parameter of the request would replace its route.
   */
  KAYAKO_ROUTE_PARAMETER = 38,
  /**
   * The content type is JSON, and there is no body.
   */
  KAYAKO_JSON_WITHOUT_BODY = 39,
  /**
   * The JSON body is not an object.
   */
  KAYAKO_JSON_NOT_OBJECT = 40,
  /**
   * The JSON body is not valid, not UTF-8, more than 511 levels deep, or holds half a surrogate pair or a name that
   * begins with NUL.
   */
  KAYAKO_JSON_INVALID = 41,
  /**
   * The content type does not name one plain multipart boundary.
   */
  KAYAKO_MULTIPART_BOUNDARY = 42,
  /**
   * The multipart body is not plain, so that PHP may read it in another way.
   */
  KAYAKO_MULTIPART_NOT_PLAIN = 43,
  /**
   * The body or form is longer than any object can be: PTRDIFF_MAX bytes.
   */
  KAYAKO_BODY_TOO_LONG = 44,
  /**
   * `signer` is NULL.
   */
  KAYAKO_NULL_SIGNER = 100,
  /**
   * `api_key` is NULL and its length is not 0.
   */
  KAYAKO_NULL_API_KEY = 101,
  /**
   * `secret_key` is NULL and its length is not 0.
   */
  KAYAKO_NULL_SECRET_KEY = 102,
  /**
   * `salt` is NULL and its length is not 0.
   */
  KAYAKO_NULL_SALT = 103,
  /**
   * `signature` is NULL and its length is not 0.
   */
  KAYAKO_NULL_SIGNATURE = 104,
  /**
   * `out` is NULL and `out_cap` is not 0.
   */
  KAYAKO_NULL_OUT = 105,
  /**
   * `out_len` is NULL.
   */
  KAYAKO_NULL_OUT_LEN = 106,
  /**
   * `method` is NULL and its length is not 0.
   */
  KAYAKO_NULL_METHOD = 107,
  /**
   * `content_type` is NULL and its length is not 0.
   */
  KAYAKO_NULL_CONTENT_TYPE = 108,
  /**
   * `url` is NULL and its length is not 0.
   */
  KAYAKO_NULL_URL = 109,
  /**
   * `body` is NULL and its length is not 0.
   */
  KAYAKO_NULL_BODY = 110,
  /**
   * `form` is NULL and its length is not 0.
   */
  KAYAKO_NULL_FORM = 111,
  /**
   * `target` is NULL.
   */
  KAYAKO_NULL_TARGET = 112,
  /**
   * `offset` is NULL.
   */
  KAYAKO_NULL_OFFSET = 113,
  /**
   * `diagnosis` is NULL.
   */
  KAYAKO_NULL_DIAGNOSIS = 114,
} kayako_status;

/**
 * What the server thinks of a signature or a request. KAYAKO_DIAGNOSIS_GOOD is 0; the values never change, and new
 * ones are added.
 *
 * kayako_diagnosis_message() has a sentence for each, and kayako_diagnosis_is_accepted() tells which a server takes.
 */
typedef enum {
  /**
   * All is as it should be.
   */
  KAYAKO_DIAGNOSIS_GOOD = 0,
  /**
   * A plus arrived as a space. The server forgives it.
   */
  KAYAKO_DIAGNOSIS_PLUS_LOST = 1,
  /**
   * White space that the server trims stands around the signature: a newline or a tab.
   */
  KAYAKO_DIAGNOSIS_WHITESPACE_AROUND = 2,
  /**
   * The signature arrives URL-encoded.
   */
  KAYAKO_DIAGNOSIS_URL_ENCODED = 10,
  /**
   * The signature is of base64's URL-safe alphabet.
   */
  KAYAKO_DIAGNOSIS_URL_SAFE_ALPHABET = 11,
  /**
   * The signature lacks its padding.
   */
  KAYAKO_DIAGNOSIS_PADDING_MISSING = 12,
  /**
   * A space stands before or behind the signature.
   */
  KAYAKO_DIAGNOSIS_SPACE_AROUND = 13,
  /**
   * The signature is the base64 of the hexadecimal digest.
   */
  KAYAKO_DIAGNOSIS_BASE64_OF_HEX = 14,
  /**
   * The signature is the hexadecimal digest.
   */
  KAYAKO_DIAGNOSIS_HEX_DIGEST = 15,
  /**
   * The signature is a plain SHA-256 of salt and secret key.
   */
  KAYAKO_DIAGNOSIS_PLAIN_HASH = 16,
  /**
   * The signature was made with the secret key base64-decoded.
   */
  KAYAKO_DIAGNOSIS_SECRET_DECODED = 17,
  /**
   * The signature was made with a newline behind the secret key.
   */
  KAYAKO_DIAGNOSIS_NEWLINE_BEHIND_SECRET = 18,
  /**
   * The API key and the secret key are swapped.
   */
  KAYAKO_DIAGNOSIS_KEYS_SWAPPED = 19,
  /**
   * The signature was made with the salt for the key and the secret key for the message.
   */
  KAYAKO_DIAGNOSIS_SALT_AS_KEY = 20,
  /**
   * The signature is not the base64 of 32 bytes.
   */
  KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE = 21,
  /**
   * The signature is well-formed, and of another salt or another secret key.
   */
  KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE = 22,
  /**
   * There are no credentials.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING = 30,
  /**
   * The credentials are in the query, and the server reads the body.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_QUERY = 31,
  /**
   * The credentials are in the body, and the server reads the query.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_BODY = 32,
  /**
   * The credentials are in the body, and the server reads it as something else.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_OTHER_TYPE = 33,
  /**
   * The address has no question mark, so that the credentials are part of the path.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH = 34,
  /**
   * The credentials are behind a `#`, which is never sent.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_FRAGMENT = 35,
  /**
   * The content type is JSON, and there is no body: the server does not look into the query.
   */
  KAYAKO_DIAGNOSIS_JSON_WITHOUT_BODY = 36,
  /**
   * `apikey` is missing.
   */
  KAYAKO_DIAGNOSIS_API_KEY_MISSING = 40,
  /**
   * `apikey` is empty.
   */
  KAYAKO_DIAGNOSIS_API_KEY_EMPTY = 41,
  /**
   * `apikey` is replaced by an array.
   */
  KAYAKO_DIAGNOSIS_API_KEY_ARRAY = 42,
  /**
   * `apikey` is repeated, and the last one is wrong.
   */
  KAYAKO_DIAGNOSIS_API_KEY_REPEATED = 43,
  /**
   * `apikey` is another one.
   */
  KAYAKO_DIAGNOSIS_ANOTHER_API_KEY = 44,
  /**
   * `salt` is missing.
   */
  KAYAKO_DIAGNOSIS_SALT_MISSING = 50,
  /**
   * `salt` is empty.
   */
  KAYAKO_DIAGNOSIS_SALT_EMPTY = 51,
  /**
   * `salt` is replaced by an array.
   */
  KAYAKO_DIAGNOSIS_SALT_ARRAY = 52,
  /**
   * `salt` is repeated, and the last one is wrong.
   */
  KAYAKO_DIAGNOSIS_SALT_REPEATED = 53,
  /**
   * `salt` is `0`.
   */
  KAYAKO_DIAGNOSIS_SALT_ZERO = 54,
  /**
   * `signature` is missing.
   */
  KAYAKO_DIAGNOSIS_SIGNATURE_MISSING = 60,
  /**
   * `signature` is empty.
   */
  KAYAKO_DIAGNOSIS_SIGNATURE_EMPTY = 61,
  /**
   * `signature` is replaced by an array.
   */
  KAYAKO_DIAGNOSIS_SIGNATURE_ARRAY = 62,
  /**
   * `signature` is repeated, and the last one is wrong.
   */
  KAYAKO_DIAGNOSIS_SIGNATURE_REPEATED = 63,
} kayako_diagnosis;

/**
 * What an insertion goes into.
 */
typedef enum {
  /**
   * The address.
   */
  KAYAKO_TARGET_URL = 0,
  /**
   * The body.
   */
  KAYAKO_TARGET_BODY = 1,
} kayako_target;

/**
 * An API key and a prepared secret key.
 *
 * It never changes, so any number of threads may use one at the same time. Freeing it is for the caller to order:
 * after every call that uses it has returned.
 */
typedef struct kayako_signer kayako_signer;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- Signers ---- */

/**
 * Makes a signer from the keys that the helpdesk shows in its admin panel under REST API, API Information.
 *
 * `api_key`: UTF-8 text of 1 to KAYAKO_API_KEY_MAX bytes.
 * `secret_key`: any bytes, 1 to KAYAKO_SECRET_KEY_MAX of them, exactly as shown there: it looks like base64, but is
 * not to be decoded, and a newline behind it makes it another key. It is copied; wipe your own.
 * `signer`: receives the signer, to be freed with kayako_signer_free(). Untouched on error.
 *
 * Returns KAYAKO_OK; KAYAKO_EMPTY_API_KEY, KAYAKO_API_KEY_TOO_LONG, KAYAKO_API_KEY_NOT_UTF8, KAYAKO_NULL_API_KEY;
 * KAYAKO_EMPTY_SECRET_KEY, KAYAKO_SECRET_KEY_TOO_LONG, KAYAKO_NULL_SECRET_KEY; KAYAKO_NULL_SIGNER where `signer` is
 * NULL; KAYAKO_OUT_OF_MEMORY; KAYAKO_PANIC.
 *
 * Any thread may call it at any time.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `api_key` and `secret_key` readable for their lengths, `signer` writable.
 */
kayako_status kayako_signer_new(const char *api_key,
                                size_t api_key_len,
                                const char *secret_key,
                                size_t secret_key_len,
                                kayako_signer **signer);

/**
 * Frees a signer and wipes its keys. NULL is a no-op.
 *
 * `signer`: from kayako_signer_new(), not freed yet, in use by no other thread.
 *
 * Requires:
 * `signer` is NULL or a signer that is not used again.
 */
void kayako_signer_free(kayako_signer *signer);

/* ---- Signatures and credentials ---- */

/**
 * Writes the signature of a salt as base64: for JSON, and for HTTP libraries that encode parameters themselves.
 *
 * `salt`: any bytes, 1 to KAYAKO_SALT_MAX of them, but not the one character 0.
 * `out`: at least KAYAKO_SIGNATURE_LEN + 1 bytes. `out_cap`: its size in bytes. It must not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
 * KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
 * KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
 * `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_sign(const kayako_signer *signer,
                                 const void *salt,
                                 size_t salt_len,
                                 char *out,
                                 size_t out_cap,
                                 size_t *out_len);

/**
 * Writes the signature of a salt as base64, with `+`, `/` and `=` escaped: to stand behind `signature=` in a URL or a
 * form that is sent as it is. A library that encodes parameters itself would escape it twice: give that
 * kayako_signer_sign().
 *
 * `salt`: any bytes, 1 to KAYAKO_SALT_MAX of them, but not the one character 0.
 * `out`: KAYAKO_SIGNATURE_URLENCODED_MAX + 1 bytes always suffice. `out_cap`: its size in bytes. It must not overlap
 * another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
 * KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
 * KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
 * `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_sign_urlencoded(const kayako_signer *signer,
                                            const void *salt,
                                            size_t salt_len,
                                            char *out,
                                            size_t out_cap,
                                            size_t *out_len);

/**
 * Writes credentials for one request, with a fresh salt: `apikey=...&salt=...&signature=...`, encoded as in a query
 * string or a form. Make new ones for each request.
 *
 * `out`: kayako_signer_insertion_max() + 1 bytes always suffice. `out_cap`: its size in bytes. It must not overlap
 * another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
 * KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is
 * KAYAKO_OK,
 * `out` is untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `out` writable for `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_credentials(const kayako_signer *signer,
                                        char *out,
                                        size_t out_cap,
                                        size_t *out_len);

/**
 * Writes credentials with a given salt: `apikey=...&salt=...&signature=...`, encoded as in a query string or a form.
 *
 * `salt`: any bytes, 1 to KAYAKO_SALT_MAX of them, but not the one character 0.
 * `out`: kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice. `out_cap`: its size in bytes. It must
 * not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
 * KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
 * KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `salt` readable for `salt_len` bytes, `out` writable for
 * `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_credentials_with_salt(const kayako_signer *signer,
                                                  const void *salt,
                                                  size_t salt_len,
                                                  char *out,
                                                  size_t out_cap,
                                                  size_t *out_len);

/**
 * Writes credentials for `count` requests, each with a fresh salt, each on a line of its own that ends in a newline.
 * The operating system is asked for randomness once for all, which makes this the fastest way to get many.
 *
 * `count`: 0 to KAYAKO_BATCH_MAX.
 * `out`: count * kayako_signer_insertion_max() + 1 bytes always suffice. `out_cap`: its size in bytes. It must not
 * overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
 * KAYAKO_BATCH_TOO_LARGE; KAYAKO_NO_RANDOMNESS; KAYAKO_OUT_OF_MEMORY: it allocates 16 bytes for each;
 * KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `out` writable for `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_credentials_batch(const kayako_signer *signer,
                                              size_t count,
                                              char *out,
                                              size_t out_cap,
                                              size_t *out_len);

/**
 * Tells whether a signature is the one of a salt, in constant time.
 *
 * Strict: KAYAKO_SIGNATURE_LEN characters of base64's standard alphabet, padded and canonical, not URL-encoded.
 *
 * `salt`: any bytes, up to KAYAKO_SALT_MAX of them. An empty salt and the salt 0 have no signature.
 * `signature`: the base64 text, any length. One that is not KAYAKO_SIGNATURE_LEN bytes long is refused.
 *
 * Returns KAYAKO_OK, which is 0: it is. KAYAKO_REFUSED: it is not. KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT,
 * KAYAKO_NULL_SIGNATURE, KAYAKO_NULL_SIGNER, KAYAKO_PANIC: treat them as a refusal.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `salt` and `signature` readable for their lengths.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_verify(const kayako_signer *signer,
                                   const void *salt,
                                   size_t salt_len,
                                   const char *signature,
                                   size_t signature_len);

/* ---- Requests ---- */

/**
 * Writes the address of a GET or DELETE request with credentials in it, with a fresh salt. They go behind the first
 * piece of the query, which may be the route; all else stays byte for byte.
 *
 * `url`: absolute, of http or https, up to KAYAKO_URL_MAX bytes.
 * `out`: url_len + kayako_signer_insertion_max() + 1 bytes always suffice.
 * `out_cap`: the size of `out` in bytes. It must not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
 * KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE, KAYAKO_URL_CHARACTER; where something in the address would replace a
 * credential or the route, KAYAKO_API_KEY_PARAMETER, KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER,
 * KAYAKO_ROUTE_PARAMETER; KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER, KAYAKO_NULL_URL, KAYAKO_NULL_OUT,
 * KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `url` readable for `url_len` bytes, `out` writable for
 * `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_sign_url(const kayako_signer *signer,
                                     const char *url,
                                     size_t url_len,
                                     char *out,
                                     size_t out_cap,
                                     size_t *out_len);

/**
 * Writes the encoded form that is the body of a POST or PUT request with credentials before it, with a fresh salt. The
 * form itself stays byte for byte.
 *
 * `form`: parameters as in `a=1&b=2`, each name and value URL-encoded; a length of 0 where there are none.
 * `out`: form_len + kayako_signer_insertion_max() + 1 bytes always suffice.
 * `out_cap`: the size of `out` in bytes. It must not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
 * KAYAKO_BODY_TOO_LONG; where something in the form would replace a credential or the route, KAYAKO_API_KEY_PARAMETER,
 * KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER; KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER,
 * KAYAKO_NULL_FORM, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `form` readable for `form_len` bytes, `out` writable for
 * `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_signer_sign_form(const kayako_signer *signer,
                                      const char *form,
                                      size_t form_len,
                                      char *out,
                                      size_t out_cap,
                                      size_t *out_len);

/**
 * Signs a whole request with a fresh salt: writes the text to insert, and tells where. With the text inserted there,
 * and Content-Length made to fit, the request carries credentials in the part that the server reads; all else stays
 * byte for byte. Where that part is the query, of a GET, a DELETE or a PUT of multipart, the server reads no
 * parameters in the body.
 *
 * `method`: GET, POST, PUT or DELETE, in capitals; with JSON any in capitals. Up to 64 bytes.
 * `content_type`: the value of the Content-Type header, up to 65536 bytes; a length of 0 where the request has none.
 * `url`: absolute, of http or https, up to KAYAKO_URL_MAX bytes.
 * `body`: any bytes; a length of 0 where the request has none. Nothing of it is copied.
 * `target`: receives KAYAKO_TARGET_URL or KAYAKO_TARGET_BODY. Declare an int32_t, not the enum.
 * `offset`: receives where in it the text goes, in bytes from its start.
 * `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
 * `out_cap`: the size of `out` in bytes. It must not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with a length that suffices for every such text in `*out_len`.
 * Where the server would not read the credentials: KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE, KAYAKO_URL_CHARACTER,
 * KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED, KAYAKO_BODY_TOO_LONG, KAYAKO_JSON_WITHOUT_BODY,
 * KAYAKO_JSON_NOT_OBJECT, KAYAKO_JSON_INVALID, KAYAKO_MULTIPART_BOUNDARY, KAYAKO_MULTIPART_NOT_PLAIN.
 * Where something in the request would replace a credential or the route: KAYAKO_API_KEY_PARAMETER,
 * KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER.
 * KAYAKO_NO_RANDOMNESS; KAYAKO_OUT_OF_MEMORY; KAYAKO_NULL_SIGNER, KAYAKO_NULL_METHOD, KAYAKO_NULL_CONTENT_TYPE,
 * KAYAKO_NULL_URL, KAYAKO_NULL_BODY, KAYAKO_NULL_TARGET, KAYAKO_NULL_OFFSET, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
 * KAYAKO_PANIC. Unless it is KAYAKO_OK, `target`, `offset` and `out` are untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive; `method`, `content_type`, `url` and `body` readable for
 * their lengths; `target`, `offset` and `out_len` writable, `out` for `out_cap` bytes.
 */
kayako_status kayako_signer_sign_request(const kayako_signer *signer,
                                         const char *method,
                                         size_t method_len,
                                         const char *content_type,
                                         size_t content_type_len,
                                         const char *url,
                                         size_t url_len,
                                         const void *body,
                                         size_t body_len,
                                         int32_t *target,
                                         size_t *offset,
                                         char *out,
                                         size_t out_cap,
                                         size_t *out_len);

/**
 * Length of the longest text that any call with a fresh salt adds, in bytes: credentials, a line of a batch, and what
 * goes into a request. The buffer must have one byte more. 0 where `signer` is NULL.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * `signer` is NULL or alive.
 */
size_t kayako_signer_insertion_max(const kayako_signer *signer);

/* ---- Diagnosis ---- */

/**
 * Tells what the server thinks of a signature of a salt, as they arrive there, and so why it refuses it.
 *
 * `salt`: any bytes, up to KAYAKO_SALT_MAX of them.
 * `signature`: any bytes, as they arrived: decoded once, as the server decodes a parameter. One of more than 65536
 * bytes is none, and is not looked at.
 * `diagnosis`: receives a kayako_diagnosis. Declare an int32_t, not the enum.
 *
 * Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_SALT_TOO_LONG; KAYAKO_NULL_SIGNER, KAYAKO_NULL_SALT,
 * KAYAKO_NULL_SIGNATURE, KAYAKO_NULL_DIAGNOSIS; KAYAKO_PANIC. Unless it is KAYAKO_OK, `diagnosis` is untouched.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive, `salt` and `signature` readable for their lengths,
 * `diagnosis` writable.
 */
kayako_status kayako_signer_diagnose(const kayako_signer *signer,
                                     const void *salt,
                                     size_t salt_len,
                                     const char *signature,
                                     size_t signature_len,
                                     int32_t *diagnosis);

/**
 * Tells what the server would answer to a request, and why: which part of it is read, and what is wrong there.
 *
 * `method`, `content_type`, `url`, `body`: the request as it was sent, as in kayako_signer_sign_request(). The address
 * may be a path.
 * `diagnosis`: receives a kayako_diagnosis. Declare an int32_t, not the enum.
 *
 * Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED,
 * KAYAKO_URL_TOO_LONG, KAYAKO_URL_CHARACTER or KAYAKO_BODY_TOO_LONG for what is too long or not UTF-8;
 * KAYAKO_NULL_SIGNER, KAYAKO_NULL_METHOD, KAYAKO_NULL_CONTENT_TYPE, KAYAKO_NULL_URL, KAYAKO_NULL_BODY,
 * KAYAKO_NULL_DIAGNOSIS; KAYAKO_PANIC. Unless it is KAYAKO_OK, `diagnosis` is untouched.
 *
 * Any number of threads may share the signer.
 *
 * Requires:
 * Each pointer that is not NULL is valid: `signer` alive; `method`, `content_type`, `url` and `body` readable for
 * their lengths; `diagnosis` writable.
 */
kayako_status kayako_signer_diagnose_request(const kayako_signer *signer,
                                             const char *method,
                                             size_t method_len,
                                             const char *content_type,
                                             size_t content_type_len,
                                             const char *url,
                                             size_t url_len,
                                             const void *body,
                                             size_t body_len,
                                             int32_t *diagnosis);

/* ---- Salts ---- */

/**
 * Writes a fresh salt: KAYAKO_SALT_LEN lower-case hexadecimal digits, 128 bits straight from the operating system.
 *
 * `out`: at least KAYAKO_SALT_LEN + 1 bytes. `out_cap`: its size in bytes. It must not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_NO_RANDOMNESS;
 * KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any thread may call it at any time. Salts stay distinct after fork().
 *
 * Requires:
 * Each pointer that is not NULL is valid: `out` writable for `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_salt_generate(char *out,
                                   size_t out_cap,
                                   size_t *out_len);

/* ---- Texts and sizes ---- */

/**
 * The sentence for a status: the argument that it is about, and the rule. Never NULL, static, ASCII; never quotes a
 * key, a salt or a signature.
 *
 * `status`: any number; what is not a status has a sentence too.
 *
 * Any thread may call it at any time.
 */
const char *kayako_status_message(int32_t status);

/**
 * The sentence for a diagnosis: the cause, and what to change. Never NULL, static, ASCII; never quotes a key, a salt
 * or a signature.
 *
 * `diagnosis`: any number; what is not a diagnosis has a sentence too.
 *
 * Any thread may call it at any time.
 */
const char *kayako_diagnosis_message(int32_t diagnosis);

/**
 * Whether a server takes what has this diagnosis: 1 where it is good or forgiven, 0 where it is refused.
 *
 * `diagnosis`: any number; what is not a diagnosis is refused.
 *
 * Any thread may call it at any time.
 */
int kayako_diagnosis_is_accepted(int32_t diagnosis);

/**
 * The version of the library that is loaded, such as "1.2.3". Never NULL, static.
 *
 * Any thread may call it at any time.
 */
const char *kayako_version(void);

/**
 * KAYAKO_SIGNATURE_LEN, for languages that see no macros.
 */
size_t kayako_signature_len(void);

/**
 * KAYAKO_SIGNATURE_URLENCODED_MAX, for languages that see no macros.
 */
size_t kayako_signature_urlencoded_max(void);

/**
 * KAYAKO_SALT_LEN, for languages that see no macros.
 */
size_t kayako_salt_len(void);

/**
 * KAYAKO_SALT_MAX, for languages that see no macros.
 */
size_t kayako_salt_max(void);

/**
 * KAYAKO_API_KEY_MAX, for languages that see no macros.
 */
size_t kayako_api_key_max(void);

/**
 * KAYAKO_SECRET_KEY_MAX, for languages that see no macros.
 */
size_t kayako_secret_key_max(void);

/**
 * KAYAKO_URL_MAX, for languages that see no macros.
 */
size_t kayako_url_max(void);

/**
 * KAYAKO_BATCH_MAX, for languages that see no macros.
 */
size_t kayako_batch_max(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KAYAKO_SIGN_H */
