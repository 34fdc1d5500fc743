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
 *   buffer is too small, KAYAKO_BUFFER_TOO_SMALL comes with the length the text needs; give it one byte more.
 * - Unless a call returns KAYAKO_OK, it has written nothing but the length that comes with KAYAKO_BUFFER_TOO_SMALL.
 * - Nothing needs to be initialised. No call writes to a stream or ends the process, and no message quotes a key, a
 *   salt or a signature.
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
   * A defect of the library. Nothing was written; the signer is still good.
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
   * The salt is not UTF-8 text, which JSON must be.
   */
  KAYAKO_SALT_NOT_UTF8 = 18,
  /**
   * `count` is more than KAYAKO_BATCH_MAX.
   */
  KAYAKO_BATCH_TOO_LARGE = 19,
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
} kayako_status;

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
 * # Safety
 *
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
 * # Safety
 *
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
 * # Safety
 *
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
 * # Safety
 *
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
 * Writes credentials for one request, with a fresh salt: `apikey=...&salt=...&signature=...`, encoded as in a query string
 * or a form. Make new ones for each request.
 *
 * `out`: kayako_signer_insertion_max() + 1 bytes always suffice. `out_cap`: its size in bytes. It must not overlap
 * another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
 * KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK,
 * `out` is untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * # Safety
 *
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
 * `out`, `out_cap`: the buffer and its size in bytes. With a salt of up to KAYAKO_SALT_LEN characters that need no
 * escape, kayako_signer_insertion_max() + 1 bytes suffice. It must not overlap another argument.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_EMPTY_SALT,
 * KAYAKO_ZERO_SALT, KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN;
 * KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer.
 *
 * # Safety
 *
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
 * Writes credentials for `count` requests, each with a fresh salt, each on a line of its own that ends in `\n`. The
 * operating system is asked for randomness once for all, which makes this the fastest way to get many.
 *
 * `count`: 0 to KAYAKO_BATCH_MAX.
 * `out`: count * kayako_signer_insertion_max() + 1 bytes always suffice. `out_cap`: its size in bytes. It must not
 * overlap another argument. What stands in it behind the text is of no use.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length of the longest such text in `*out_len`;
 * KAYAKO_BATCH_TOO_LARGE; KAYAKO_NO_RANDOMNESS; KAYAKO_NULL_SIGNER, KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC.
 * Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any number of threads may share the signer. Salts stay distinct after fork().
 *
 * # Safety
 *
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
 * `signature`: the base64 text, any length.
 *
 * Returns KAYAKO_OK: it is. KAYAKO_REFUSED: it is not. KAYAKO_SALT_TOO_LONG, KAYAKO_NULL_SALT,
 * KAYAKO_NULL_SIGNATURE, KAYAKO_NULL_SIGNER, KAYAKO_PANIC: treat them as a refusal.
 *
 * Any number of threads may share the signer.
 *
 * # Safety
 *
 * Each pointer that is not NULL is valid: `signer` alive, `salt` and `signature` readable for their lengths.
 */
KAYAKO_MUST_USE
kayako_status kayako_signer_verify(const kayako_signer *signer,
                                   const void *salt,
                                   size_t salt_len,
                                   const char *signature,
                                   size_t signature_len);

/**
 * Length of the longest text that any call with a fresh salt adds, in bytes: what credentials need, and a line of a
 * batch. The buffer must have one byte more. 0 where `signer` is NULL.
 *
 * Any number of threads may share the signer.
 *
 * # Safety
 *
 * `signer` is NULL or alive.
 */
size_t kayako_signer_insertion_max(const kayako_signer *signer);

/* ---- Salts ---- */

/**
 * Writes a fresh salt: KAYAKO_SALT_LEN lower-case hexadecimal digits, 128 bits straight from the operating system.
 *
 * `out`: at least KAYAKO_SALT_LEN + 1 bytes. `out_cap`: its size in bytes.
 * `out_len`: receives the length of the text, in bytes, without the NUL that stands behind it.
 *
 * Returns KAYAKO_OK; KAYAKO_BUFFER_TOO_SMALL with the length needed in `*out_len`; KAYAKO_NO_RANDOMNESS;
 * KAYAKO_NULL_OUT, KAYAKO_NULL_OUT_LEN; KAYAKO_PANIC. Unless it is KAYAKO_OK, `out` is untouched.
 *
 * Any thread may call it at any time. Salts stay distinct after fork().
 *
 * # Safety
 *
 * Each pointer that is not NULL is valid: `out` writable for `out_cap` bytes, `out_len` writable.
 */
kayako_status kayako_salt_generate(char *out,
                                   size_t out_cap,
                                   size_t *out_len);

/* ---- Texts and sizes ---- */

/**
 * The sentence for a status: the argument that it is about, and the rule. Never NULL, static, ASCII; never quotes a key,
 * a salt or a signature.
 *
 * `status`: any number; what is not a status has a sentence too.
 *
 * Any thread may call it at any time.
 */
const char *kayako_status_message(int32_t status);

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
 * KAYAKO_BATCH_MAX, for languages that see no macros.
 */
size_t kayako_batch_max(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KAYAKO_SIGN_H */
