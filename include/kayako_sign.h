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
 * Link with -lkayako_sign. These rules hold for every function:
 *
 * - Arguments are inputs first, then outputs. An input string is a pointer and a length in bytes. It needs no NUL after
 *   it, and may be NULL if the length is 0. Outputs must not overlap each other or an input.
 * - The caller owns every buffer, and the library keeps no pointer to it after the call. Returned pointers to static
 *   text must not be freed.
 * - A text is written to `out`, which has room for `out_cap` bytes, with a NUL after it. `*out_len` receives its length
 *   in bytes, without the NUL.
 * - If the buffer is too small, the call returns KAYAKO_BUFFER_TOO_SMALL, and `*out_len` receives the length of the
 *   text; the buffer must have one byte more. To ask only for that length, pass NULL and 0.
 * - Unless a call returns KAYAKO_OK, it has written nothing but that length.
 * - If a pointer must not be NULL and is, the call returns the KAYAKO_NULL_... status of that argument. KAYAKO_PANIC
 *   means a defect of the library, and then the outputs are undefined. Every function that returns a status can return
 *   these, so they are not listed below. If several arguments are wrong, the status names one of them.
 * - Any thread may call any function at any time. But two threads must not use one kayako_upload at the same time, and
 *   nothing may be used after it was freed. Fresh salts stay distinct after fork().
 * - A call uses at most 10 KiB of stack, and its time is linear in the length of its input. It allocates memory only if
 *   KAYAKO_OUT_OF_MEMORY is listed. No call ends the process.
 * - Nothing needs to be initialised. No message quotes a key, a salt or a signature.
 *
 * Generated from the library's source by `make header`. Do not edit.
 */

#ifndef KAYAKO_SIGN_H
#define KAYAKO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define KAYAKO_MUST_USE __attribute__((warn_unused_result))
#elif defined(_MSC_VER)
#define KAYAKO_MUST_USE _Check_return_
#else
#define KAYAKO_MUST_USE
#endif

/**
 * The version of this header. kayako_version() returns that of the library.
 */
#define KAYAKO_SIGN_VERSION "0.1.0"
#define KAYAKO_SIGN_VERSION_MAJOR 0
#define KAYAKO_SIGN_VERSION_MINOR 1
#define KAYAKO_SIGN_VERSION_PATCH 0

/**
 * Length of a base64 signature, in bytes.
 */
#define KAYAKO_SIGNATURE_LEN 44

/**
 * Length of the longest URL-encoded signature, in bytes.
 */
#define KAYAKO_SIGNATURE_URLENCODED_MAX 132

/**
 * Length of a fresh salt, in bytes.
 */
#define KAYAKO_SALT_LEN 32

/**
 * Length of the longest given salt, in bytes.
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
 * Length of the longest URL, in bytes: 1 MiB.
 */
#define KAYAKO_URL_MAX 1048576

/**
 * The most credentials that one batch makes.
 */
#define KAYAKO_BATCH_MAX 1000000

/**
 * The result of a call. KAYAKO_OK is 0. After the first release the values never change, and new ones may be added.
 *
 * kayako_status_message() returns the message of each.
 */
typedef int32_t kayako_status;
enum
#ifdef __cplusplus
    : int32_t
#endif
{
  /**
   * Done.
   */
  KAYAKO_OK = 0,
  /**
   * The signature is not that of the salt.
   */
  KAYAKO_REFUSED = 1,
  /**
   * `out` is too small. `*out_len` holds the length of the text, without the NUL after it.
   */
  KAYAKO_BUFFER_TOO_SMALL = 2,
  /**
   * A defect of the library. The contents of `out` are undefined; the signer can still be used.
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
   * The salt is empty, which the server takes for a missing one.
   */
  KAYAKO_EMPTY_SALT = 15,
  /**
   * The salt is the one character 0, which the server takes for a missing one.
   */
  KAYAKO_ZERO_SALT = 16,
  /**
   * The salt is longer than KAYAKO_SALT_MAX bytes.
   */
  KAYAKO_SALT_TOO_LONG = 17,
  /**
   * The given salt is not UTF-8 text, as JSON and multipart must be.
   */
  KAYAKO_SALT_NOT_UTF8 = 18,
  /**
   * `count` is more than KAYAKO_BATCH_MAX.
   */
  KAYAKO_BATCH_TOO_LARGE = 19,
  /**
   * The URL is longer than KAYAKO_URL_MAX bytes.
   */
  KAYAKO_URL_TOO_LONG = 30,
  /**
   * The URL is not absolute, not http or https, or has no host.
   */
  KAYAKO_URL_NOT_ABSOLUTE = 31,
  /**
   * The URL holds a space, a control character, a backslash or a byte outside ASCII.
   */
  KAYAKO_URL_CHARACTER = 32,
  /**
   * The server does not know the method.
   */
  KAYAKO_METHOD_UNSUPPORTED = 33,
  /**
   * The server reads no credentials in a POST with this content type.
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
   * The content type is JSON, but there is no body.
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
   * The multipart body is not plain, so PHP may read it differently.
   */
  KAYAKO_MULTIPART_NOT_PLAIN = 43,
  /**
   * The body, form or piece is longer than any object can be: PTRDIFF_MAX bytes.
   */
  KAYAKO_BODY_TOO_LONG = 44,
  /**
   * The server finds no route in the request.
   */
  KAYAKO_ROUTE_MISSING = 45,
  /**
   * The route is percent-encoded, or %2F is in the path.
   */
  KAYAKO_ROUTE_ENCODED = 46,
  /**
   * The parameter e does not begin with a slash.
   */
  KAYAKO_ROUTE_SLASH = 47,
  /**
   * There is a ? in the app or the controller of the route.
   */
  KAYAKO_ROUTE_QUESTION_MARK = 48,
  /**
   * An argument of the route holds a character that the server answers 400 to.
   */
  KAYAKO_ROUTE_CHARACTER = 49,
  /**
   * The URL has its route in the path, which works only with rewrite rules.
   */
  KAYAKO_PATH_URL = 50,
  /**
   * The URL belongs to the API of the hosted Kayako, which takes no signatures.
   */
  KAYAKO_HOSTED_KAYAKO = 51,
  /**
   * The URL belongs to the Staff API, which takes no signatures.
   */
  KAYAKO_STAFF_API = 52,
  /**
   * There are more parameters than PHP takes beside the credentials.
   */
  KAYAKO_TOO_MANY_PARAMETERS = 53,
  /**
   * The credentials of this request do not go before a form or multipart body.
   */
  KAYAKO_UPLOAD_UNSUPPORTED = 54,
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
  /**
   * `upload` is NULL.
   */
  KAYAKO_NULL_UPLOAD = 115,
  /**
   * `piece` is NULL and its length is not 0.
   */
  KAYAKO_NULL_PIECE = 116,
};

/**
 * The server's verdict on a signature or a request, with its cause. KAYAKO_DIAGNOSIS_GOOD is 0. After the first
 * release the values never change, and new ones may be added.
 *
 * kayako_diagnosis_message() returns the message of each, and kayako_diagnosis_is_accepted() says whether the server
 * accepts it.
 */
typedef int32_t kayako_diagnosis;
enum
#ifdef __cplusplus
    : int32_t
#endif
{
  /**
   * The server accepts it.
   */
  KAYAKO_DIAGNOSIS_GOOD = 0,
  /**
   * A `+` arrived as a space. The server forgives it.
   */
  KAYAKO_DIAGNOSIS_PLUS_LOST = 1,
  /**
   * A newline or a tab is around the signature. The server trims it.
   */
  KAYAKO_DIAGNOSIS_WHITESPACE_AROUND = 2,
  /**
   * The URL has the route in its path, which works only with rewrite rules.
   */
  KAYAKO_DIAGNOSIS_PATH_URL = 3,
  /**
   * The request carries fields where no controller reads them.
   */
  KAYAKO_DIAGNOSIS_FIELDS_NOT_READ = 4,
  /**
   * The signature arrives URL-encoded.
   */
  KAYAKO_DIAGNOSIS_URL_ENCODED = 10,
  /**
   * The signature is in base64's URL-safe alphabet.
   */
  KAYAKO_DIAGNOSIS_URL_SAFE_ALPHABET = 11,
  /**
   * The signature lacks its padding.
   */
  KAYAKO_DIAGNOSIS_PADDING_MISSING = 12,
  /**
   * A space is before or after the signature.
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
   * The signature was made with a newline after the secret key.
   */
  KAYAKO_DIAGNOSIS_NEWLINE_BEHIND_SECRET = 18,
  /**
   * The API key and the secret key are swapped.
   */
  KAYAKO_DIAGNOSIS_KEYS_SWAPPED = 19,
  /**
   * The signature was made with the salt as the key and the secret key as the message.
   */
  KAYAKO_DIAGNOSIS_SALT_AS_KEY = 20,
  /**
   * The signature is not the base64 of 32 bytes.
   */
  KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE = 21,
  /**
   * The signature is well-formed, but belongs to another salt or another secret key.
   */
  KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE = 22,
  /**
   * The signature has the length of another hash: MD5, SHA-1 or SHA-512.
   */
  KAYAKO_DIAGNOSIS_ANOTHER_HASH = 23,
  /**
   * The signature was made with a byte order mark before the secret key.
   */
  KAYAKO_DIAGNOSIS_BYTE_ORDER_MARK_BEFORE_SECRET = 24,
  /**
   * There are no credentials.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING = 30,
  /**
   * The credentials are in the query, but the server reads the body.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_QUERY = 31,
  /**
   * The credentials are in the body, but the server reads the query.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_BODY = 32,
  /**
   * The credentials are in the body, but the server reads it as another type.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_OTHER_TYPE = 33,
  /**
   * The URL has no question mark, so the credentials are part of the path.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH = 34,
  /**
   * The credentials are after a `#`, which is never sent.
   */
  KAYAKO_DIAGNOSIS_CREDENTIALS_IN_FRAGMENT = 35,
  /**
   * The content type is JSON, but there is no body, and the server does not look into the query.
   */
  KAYAKO_DIAGNOSIS_JSON_WITHOUT_BODY = 36,
  /**
   * The body is not a JSON object that PHP can read.
   */
  KAYAKO_DIAGNOSIS_JSON_UNREADABLE = 37,
  /**
   * The credentials come after the last parameter that PHP takes.
   */
  KAYAKO_DIAGNOSIS_TOO_MANY_PARAMETERS = 38,
  /**
   * The parameters are separated by `&amp;`, so `amp;` is part of their names.
   */
  KAYAKO_DIAGNOSIS_AMPERSAND_ESCAPED = 39,
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
   * `apikey` is not that of the signer.
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
  /**
   * The server finds no route.
   */
  KAYAKO_DIAGNOSIS_ROUTE_MISSING = 70,
  /**
   * The route is percent-encoded.
   */
  KAYAKO_DIAGNOSIS_ROUTE_ENCODED = 71,
  /**
   * The parameter `e` does not begin with a slash.
   */
  KAYAKO_DIAGNOSIS_ROUTE_SLASH = 72,
  /**
   * There is a `?` in the app or the controller of the route.
   */
  KAYAKO_DIAGNOSIS_ROUTE_QUESTION_MARK = 73,
  /**
   * An argument of the route holds a character that the server refuses.
   */
  KAYAKO_DIAGNOSIS_ROUTE_CHARACTER = 74,
  /**
   * The credentials are in the query of a path URL, which the rewrite rule drops.
   */
  KAYAKO_DIAGNOSIS_PATH_URL_QUERY = 75,
  /**
   * The path holds `%2F`, which web servers refuse.
   */
  KAYAKO_DIAGNOSIS_PATH_ESCAPE = 76,
  /**
   * The path, once decoded, holds a space or a control character, which rewriting refuses.
   */
  KAYAKO_DIAGNOSIS_PATH_CONTROL = 77,
  /**
   * The URL belongs to the API of the hosted Kayako, which takes no signatures.
   */
  KAYAKO_DIAGNOSIS_HOSTED_KAYAKO = 78,
  /**
   * The URL belongs to the Staff API, which takes no signatures.
   */
  KAYAKO_DIAGNOSIS_STAFF_API = 79,
  /**
   * The server does not know the method.
   */
  KAYAKO_DIAGNOSIS_METHOD_UNKNOWN = 80,
};

/**
 * The part of a request that an insertion goes into.
 */
typedef int32_t kayako_target;
enum
#ifdef __cplusplus
    : int32_t
#endif
{
  /**
   * The URL.
   */
  KAYAKO_TARGET_URL = 0,
  /**
   * The body.
   */
  KAYAKO_TARGET_BODY = 1,
};

/**
 * An API key and a prepared secret key.
 *
 * It never changes, so any number of threads may use it at the same time. Free it only after every call that uses it
 * has returned.
 */
typedef struct kayako_signer kayako_signer;

/**
 * The check of a body while it is sent.
 *
 * Only one thread at a time may use it. It holds no key, so it may outlive the signer.
 */
typedef struct kayako_upload kayako_upload;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- Signers ---- */

/**
 * Makes a signer from the keys that the helpdesk shows in its admin panel, under REST API, API Information.
 *
 * `api_key`: UTF-8 text of 1 to KAYAKO_API_KEY_MAX bytes.
 * `secret_key`: 1 to KAYAKO_SECRET_KEY_MAX bytes, exactly as shown there. It looks like base64, but must not be
 * decoded, and with a newline after it it is another key. The signer keeps a copy; wipe your own.
 * `signer`: receives the signer. Free it with kayako_signer_free().
 *
 * Returns KAYAKO_OK; KAYAKO_EMPTY_API_KEY, KAYAKO_API_KEY_TOO_LONG, KAYAKO_API_KEY_NOT_UTF8; KAYAKO_EMPTY_SECRET_KEY,
 * KAYAKO_SECRET_KEY_TOO_LONG; KAYAKO_OUT_OF_MEMORY.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_new(const char *api_key,
                                size_t api_key_len,
                                const char *secret_key,
                                size_t secret_key_len,
                                kayako_signer **signer);

/**
 * Frees a signer and wipes its secret key. NULL is a no-op.
 *
 * `signer`: from kayako_signer_new(), not freed yet, and not in use by any thread.
 */
void kayako_signer_free(kayako_signer *signer);

/* ---- Signatures and credentials ---- */

/**
 * Writes the signature of a salt as base64. Use it in JSON, and with HTTP libraries that encode parameters themselves.
 *
 * `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
 * `out`: KAYAKO_SIGNATURE_LEN + 1 bytes.
 *
 * Returns KAYAKO_OK; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG; KAYAKO_BUFFER_TOO_SMALL.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign(const kayako_signer *signer,
                                 const void *salt,
                                 size_t salt_len,
                                 char *out,
                                 size_t out_cap,
                                 size_t *out_len);

/**
 * Writes the signature of a salt as base64, with `+`, `/` and `=` escaped. Use it after `signature=` in a URL or a
 * form that is sent as it is. A library that encodes parameters itself would escape it twice: give it the text of
 * kayako_signer_sign().
 *
 * `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
 * `out`: KAYAKO_SIGNATURE_URLENCODED_MAX + 1 bytes always suffice.
 *
 * Returns KAYAKO_OK; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG; KAYAKO_BUFFER_TOO_SMALL.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign_urlencoded(const kayako_signer *signer,
                                            const void *salt,
                                            size_t salt_len,
                                            char *out,
                                            size_t out_cap,
                                            size_t *out_len);

/**
 * Writes credentials for one request, with a fresh salt: `apikey=...&salt=...&signature=...`, encoded for a query or a
 * form. Make new ones for each request.
 *
 * `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
 *
 * Returns KAYAKO_OK; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_credentials(const kayako_signer *signer,
                                        char *out,
                                        size_t out_cap,
                                        size_t *out_len);

/**
 * Writes credentials with a given salt: `apikey=...&salt=...&signature=...`, encoded for a query or a form.
 *
 * `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
 * `out`: kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice.
 *
 * Returns KAYAKO_OK; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG; KAYAKO_BUFFER_TOO_SMALL.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_credentials_with_salt(const kayako_signer *signer,
                                                  const void *salt,
                                                  size_t salt_len,
                                                  char *out,
                                                  size_t out_cap,
                                                  size_t *out_len);

/**
 * Writes credentials for `count` requests, each with a fresh salt. Each is a line that ends in a newline. It asks the
 * operating system for randomness only once, so this is the fastest way to make many.
 *
 * `count`: 0 to KAYAKO_BATCH_MAX.
 * `out`: count * kayako_signer_insertion_max() + 1 bytes always suffice.
 *
 * Returns KAYAKO_OK; KAYAKO_BATCH_TOO_LARGE; KAYAKO_NO_RANDOMNESS; KAYAKO_OUT_OF_MEMORY, because it allocates 16 bytes
 * for each; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_credentials_batch(const kayako_signer *signer,
                                              size_t count,
                                              char *out,
                                              size_t out_cap,
                                              size_t *out_len);

/**
 * Checks whether a signature is that of a salt, in constant time.
 *
 * It is strict: the signature must be KAYAKO_SIGNATURE_LEN characters of base64's standard alphabet, padded and
 * canonical, not URL-encoded.
 *
 * `salt`: 0 to KAYAKO_SALT_MAX bytes of any kind. An empty salt and the salt 0 have no signature.
 * `signature`: the base64 text, of any length. It is refused unless it is KAYAKO_SIGNATURE_LEN bytes long.
 *
 * Returns KAYAKO_OK, which is 0, if it is; KAYAKO_REFUSED if it is not; KAYAKO_SALT_TOO_LONG. Treat every status but
 * KAYAKO_OK as a refusal.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_verify(const kayako_signer *signer,
                                   const void *salt,
                                   size_t salt_len,
                                   const char *signature,
                                   size_t signature_len);

/* ---- Requests ---- */

/**
 * Writes the URL of a GET or DELETE request with credentials in it, with a fresh salt. They go after the first piece
 * of the query, which may be the route. Everything else stays byte for byte.
 *
 * `url`: absolute, http or https, up to KAYAKO_URL_MAX bytes, with a route, as in
 * `https://help.example.com/api/index.php?/Base/User/1`.
 * `out`: url_len + kayako_signer_insertion_max() + 1 bytes always suffice.
 *
 * Returns KAYAKO_OK; for a URL that cannot be sent, KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE,
 * KAYAKO_URL_CHARACTER; if the server finds no route in it, KAYAKO_ROUTE_MISSING, KAYAKO_ROUTE_ENCODED,
 * KAYAKO_ROUTE_SLASH, KAYAKO_ROUTE_QUESTION_MARK, KAYAKO_ROUTE_CHARACTER, KAYAKO_PATH_URL, KAYAKO_HOSTED_KAYAKO,
 * KAYAKO_STAFF_API; if something in it would replace a credential or the route, KAYAKO_API_KEY_PARAMETER,
 * KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER; KAYAKO_TOO_MANY_PARAMETERS;
 * KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign_url(const kayako_signer *signer,
                                     const char *url,
                                     size_t url_len,
                                     char *out,
                                     size_t out_cap,
                                     size_t *out_len);

/**
 * Does what kayako_signer_sign_url() does, with a given salt.
 *
 * `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
 * `out`: url_len + kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice.
 *
 * Returns what kayako_signer_sign_url() returns, but never KAYAKO_NO_RANDOMNESS; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT,
 * KAYAKO_SALT_TOO_LONG.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign_url_with_salt(const kayako_signer *signer,
                                               const char *url,
                                               size_t url_len,
                                               const void *salt,
                                               size_t salt_len,
                                               char *out,
                                               size_t out_cap,
                                               size_t *out_len);

/**
 * Writes the encoded form in the body of a POST or PUT request with credentials before it, with a fresh salt. The form
 * itself stays byte for byte. Send it with Content-Type: application/x-www-form-urlencoded.
 *
 * `form`: parameters like `a=1&b=2`, each name and value URL-encoded; a length of 0 if there are none. It may hold the
 * route once, as `e`, if the URL has none.
 * `out`: form_len + kayako_signer_insertion_max() + 1 bytes always suffice.
 *
 * Returns KAYAKO_OK; if something in the form would replace a credential or the route, KAYAKO_API_KEY_PARAMETER,
 * KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER; if its `e` is not a route,
 * KAYAKO_ROUTE_SLASH, KAYAKO_ROUTE_MISSING, KAYAKO_ROUTE_QUESTION_MARK, KAYAKO_ROUTE_CHARACTER;
 * KAYAKO_TOO_MANY_PARAMETERS; KAYAKO_BODY_TOO_LONG; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the length of
 * the longest such text.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign_form(const kayako_signer *signer,
                                      const char *form,
                                      size_t form_len,
                                      char *out,
                                      size_t out_cap,
                                      size_t *out_len);

/**
 * Does what kayako_signer_sign_form() does, with a given salt.
 *
 * `salt`: 1 to KAYAKO_SALT_MAX bytes of any kind, but not the one character 0.
 * `out`: form_len + kayako_signer_insertion_max() + 3 * salt_len + 1 bytes always suffice.
 *
 * Returns what kayako_signer_sign_form() returns, but never KAYAKO_NO_RANDOMNESS; KAYAKO_EMPTY_SALT, KAYAKO_ZERO_SALT,
 * KAYAKO_SALT_TOO_LONG.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign_form_with_salt(const kayako_signer *signer,
                                                const char *form,
                                                size_t form_len,
                                                const void *salt,
                                                size_t salt_len,
                                                char *out,
                                                size_t out_cap,
                                                size_t *out_len);

/**
 * Signs a whole request with a fresh salt: writes the text to insert, and the place where it goes. Insert the text
 * there and add its length to Content-Length; then the request carries credentials in the part that the server reads.
 * Everything else stays byte for byte.
 *
 * The server reads fields only in the form or multipart body of a POST and in the form body of a PUT. It accepts a
 * request with a JSON body and a PUT of multipart, but reads no fields in them.
 *
 * `method`: GET, POST, PUT or DELETE, in capitals; at most 64 bytes.
 * `content_type`: the value of the Content-Type header, at most 65536 bytes; a length of 0 if the request has none.
 * `url`: as in kayako_signer_sign_url(). It needs no route if a form or multipart body has one, as `e`.
 * `body`: at most PTRDIFF_MAX bytes of any kind; a length of 0 if the request has none. It is not copied.
 * `target`: receives KAYAKO_TARGET_URL or KAYAKO_TARGET_BODY.
 * `offset`: receives the place in the target where the text goes, in bytes from its start.
 * `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
 *
 * Returns what kayako_signer_sign_url() returns; if the server would not read the credentials,
 * KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED, KAYAKO_JSON_WITHOUT_BODY, KAYAKO_JSON_NOT_OBJECT,
 * KAYAKO_JSON_INVALID, KAYAKO_MULTIPART_BOUNDARY, KAYAKO_MULTIPART_NOT_PLAIN, KAYAKO_BODY_TOO_LONG.
 */
KAYAKO_MUST_USE
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
 * Does what kayako_signer_sign_request() does, with a given salt.
 *
 * `salt`: 1 to KAYAKO_SALT_MAX bytes, but not the one character 0; UTF-8 text if it goes into JSON or multipart.
 * `out`: kayako_signer_insertion_max() + 6 * salt_len + 1 bytes always suffice.
 *
 * Returns what kayako_signer_sign_request() returns, but never KAYAKO_NO_RANDOMNESS; KAYAKO_EMPTY_SALT,
 * KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_SALT_NOT_UTF8; KAYAKO_MULTIPART_NOT_PLAIN if the boundary is in the
 * salt.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_sign_request_with_salt(const kayako_signer *signer,
                                                   const char *method,
                                                   size_t method_len,
                                                   const char *content_type,
                                                   size_t content_type_len,
                                                   const char *url,
                                                   size_t url_len,
                                                   const void *body,
                                                   size_t body_len,
                                                   const void *salt,
                                                   size_t salt_len,
                                                   int32_t *target,
                                                   size_t *offset,
                                                   char *out,
                                                   size_t out_cap,
                                                   size_t *out_len);

/**
 * Returns the length of the longest text that any call with a fresh salt adds, in bytes: credentials, a line of a
 * batch, or an insertion. The buffer must have one byte more. Returns 0 if `signer` is NULL.
 */
size_t kayako_signer_insertion_max(const kayako_signer *signer);

/* ---- Bodies that are not held in memory ---- */

/**
 * Finds the part of a request that credentials will go into, before its body is read. If that is the URL, sign the
 * request without its body with kayako_signer_sign_request(), and send the body as it is.
 *
 * `method`, `content_type`, `url`: as in kayako_signer_sign_request().
 * `has_body`: 1 if the request has a body, 0 if it has none.
 * `target`: receives KAYAKO_TARGET_URL or KAYAKO_TARGET_BODY.
 *
 * Returns what kayako_signer_sign_request() returns for the method, the URL and the content type.
 */
KAYAKO_MUST_USE
kayako_status kayako_request_target(const char *method,
                                    size_t method_len,
                                    const char *content_type,
                                    size_t content_type_len,
                                    const char *url,
                                    size_t url_len,
                                    int has_body,
                                    int32_t *target);

/**
 * Begins a request whose form or multipart body is too large for memory: writes the credentials to send before it,
 * with a fresh salt. Add their length to Content-Length. Give every piece of the body to kayako_upload_check() before
 * you send it, and call kayako_upload_end() before you send the last byte.
 *
 * `method`, `content_type`, `url`: as in kayako_signer_sign_request().
 * `out`: kayako_signer_insertion_max() + 1 bytes always suffice.
 * `upload`: receives the upload. Free it with kayako_upload_free().
 *
 * Returns what kayako_signer_sign_request() returns for the method, the URL and the content type;
 * KAYAKO_UPLOAD_UNSUPPORTED if the credentials do not go before a form or multipart body; KAYAKO_MULTIPART_NOT_PLAIN
 * if the API key holds the boundary; KAYAKO_OUT_OF_MEMORY; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL with the
 * length of the longest such text.
 */
KAYAKO_MUST_USE
kayako_status kayako_upload_new(const kayako_signer *signer,
                                const char *method,
                                size_t method_len,
                                const char *content_type,
                                size_t content_type_len,
                                const char *url,
                                size_t url_len,
                                char *out,
                                size_t out_cap,
                                size_t *out_len,
                                kayako_upload **upload);

/**
 * Checks the next piece of a body. Give it the pieces in the order in which they are sent. If it does not return
 * KAYAKO_OK, break the request off before its last byte, so that the server never receives all of it. Later calls
 * return the same status.
 *
 * `piece`: at most PTRDIFF_MAX bytes of any kind. Only an unfinished boundary, name, route or header line of it is
 * kept.
 *
 * Returns KAYAKO_OK; KAYAKO_MULTIPART_NOT_PLAIN; if something in the body would replace a credential or the route,
 * KAYAKO_API_KEY_PARAMETER, KAYAKO_SALT_PARAMETER, KAYAKO_SIGNATURE_PARAMETER, KAYAKO_ROUTE_PARAMETER;
 * KAYAKO_ROUTE_SLASH; KAYAKO_TOO_MANY_PARAMETERS; KAYAKO_BODY_TOO_LONG.
 */
KAYAKO_MUST_USE
kayako_status kayako_upload_check(kayako_upload *upload,
                                  const void *piece,
                                  size_t piece_len);

/**
 * Checks the end of a body, after its last piece. Call it before you send the last byte.
 *
 * Returns what kayako_upload_check() returns; KAYAKO_MULTIPART_NOT_PLAIN if a multipart body ended too early; if
 * neither the URL nor the body has a route that the server takes, the status that kayako_signer_sign_url() returns for
 * it.
 */
KAYAKO_MUST_USE
kayako_status kayako_upload_end(kayako_upload *upload);

/**
 * Frees an upload. NULL is a no-op.
 *
 * `upload`: from kayako_upload_new(), not freed yet, and not in use by any thread.
 */
void kayako_upload_free(kayako_upload *upload);

/* ---- Diagnosis ---- */

/**
 * Finds out whether the server accepts a signature of a salt, and why it refuses it.
 *
 * `salt`: 0 to KAYAKO_SALT_MAX bytes of any kind.
 * `signature`: bytes of any kind, as the server has them after it decoded the parameter once. More than 65536 bytes
 * are not a signature, and are not read.
 * `diagnosis`: receives a kayako_diagnosis.
 *
 * Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_SALT_TOO_LONG.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_diagnose(const kayako_signer *signer,
                                     const void *salt,
                                     size_t salt_len,
                                     const char *signature,
                                     size_t signature_len,
                                     int32_t *diagnosis);

/**
 * Finds out whether the server accepts a request, and why it refuses it: the cause at the first stage where the
 * request fails.
 *
 * `method`, `content_type`, `url`, `body`: the request as it was sent, with the bounds of
 * kayako_signer_sign_request(). The URL may be a path.
 * `diagnosis`: receives a kayako_diagnosis.
 *
 * Returns KAYAKO_OK, whatever the diagnosis; KAYAKO_METHOD_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED,
 * KAYAKO_URL_TOO_LONG, KAYAKO_URL_CHARACTER or KAYAKO_BODY_TOO_LONG if an argument is too long or not UTF-8.
 */
KAYAKO_MUST_USE
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
 * Writes a fresh salt: KAYAKO_SALT_LEN lower-case hexadecimal digits, 128 bits from the operating system.
 *
 * `out`: KAYAKO_SALT_LEN + 1 bytes.
 *
 * Returns KAYAKO_OK; KAYAKO_NO_RANDOMNESS; KAYAKO_BUFFER_TOO_SMALL.
 */
KAYAKO_MUST_USE
kayako_status kayako_salt_generate(char *out,
                                   size_t out_cap,
                                   size_t *out_len);

/* ---- Messages and sizes ---- */

/**
 * Returns the message of a status: the argument that it is about, and the rule. It is static ASCII text and never
 * NULL.
 *
 * `status`: any number; one that is not a status has a message too.
 */
const char *kayako_status_message(int32_t status);

/**
 * Returns the message of a diagnosis: the part that it is about, the cause, and what to change. It is static ASCII
 * text and never NULL.
 *
 * `diagnosis`: any number; one that is not a diagnosis has a message too.
 */
const char *kayako_diagnosis_message(int32_t diagnosis);

/**
 * Returns whether the server accepts a signature or a request with this diagnosis: 1 if it is good, forgiven or
 * accepted with a reservation, 0 if it is refused.
 *
 * `diagnosis`: any number; returns 0 for one that is not a diagnosis.
 */
int kayako_diagnosis_is_accepted(int32_t diagnosis);

/**
 * Returns the HTTP status of the server's answer to a request with this diagnosis: 200, 400, 401, 403 or 404. Some
 * refusals are a page with status 200; use kayako_diagnosis_is_accepted() to find out whether a request is accepted.
 *
 * `diagnosis`: any number; returns 0 for one that is not a diagnosis.
 */
int kayako_diagnosis_answer_status(int32_t diagnosis);

/**
 * Returns the version of the loaded library, for example "1.2.3". It is static ASCII text and never NULL.
 * KAYAKO_SIGN_VERSION is the version of the header.
 */
const char *kayako_version(void);

/**
 * Returns KAYAKO_SIGNATURE_LEN, for languages that see no macros.
 */
size_t kayako_signature_len(void);

/**
 * Returns KAYAKO_SIGNATURE_URLENCODED_MAX, for languages that see no macros.
 */
size_t kayako_signature_urlencoded_max(void);

/**
 * Returns KAYAKO_SALT_LEN, for languages that see no macros.
 */
size_t kayako_salt_len(void);

/**
 * Returns KAYAKO_SALT_MAX, for languages that see no macros.
 */
size_t kayako_salt_max(void);

/**
 * Returns KAYAKO_API_KEY_MAX, for languages that see no macros.
 */
size_t kayako_api_key_max(void);

/**
 * Returns KAYAKO_SECRET_KEY_MAX, for languages that see no macros.
 */
size_t kayako_secret_key_max(void);

/**
 * Returns KAYAKO_URL_MAX, for languages that see no macros.
 */
size_t kayako_url_max(void);

/**
 * Returns KAYAKO_BATCH_MAX, for languages that see no macros.
 */
size_t kayako_batch_max(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KAYAKO_SIGN_H */
