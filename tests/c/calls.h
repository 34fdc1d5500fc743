/* Every export that returns a status: its arguments, and what a call of it may write. */
#ifndef CALLS_H
#define CALLS_H

#include "buffer.h"
#include "check.h"
#include "names.h"

#include <string.h>

/* ---- The arguments of a call ---- */

/* Byte strings first, then the other pointers: handles and outputs. */
enum {
    API_KEY, SECRET_KEY, SALT, SIGNATURE, METHOD, CONTENT_TYPE, URL, BODY, FORM, PIECE, INPUTS,
    SIGNER = INPUTS, UPLOAD, OUT, OUT_LEN, NEW_SIGNER, TARGET, OFFSET, DIAGNOSIS, NEW_UPLOAD, POINTERS
};

struct call {
    void *at[POINTERS];
    size_t len[INPUTS];
    size_t count, out_cap;
};

#define IN(input) c->at[input], c->len[input]
#define HEAD IN(METHOD), IN(CONTENT_TYPE), IN(URL)
#define REQUEST HEAD, IN(BODY)
#define TEXT c->at[OUT], c->out_cap, c->at[OUT_LEN]

static kayako_status signer_new(const struct call *c) {
    return kayako_signer_new(IN(API_KEY), IN(SECRET_KEY), c->at[NEW_SIGNER]);
}

static kayako_status sign(const struct call *c) {
    return kayako_signer_sign(c->at[SIGNER], IN(SALT), TEXT);
}

static kayako_status sign_urlencoded(const struct call *c) {
    return kayako_signer_sign_urlencoded(c->at[SIGNER], IN(SALT), TEXT);
}

static kayako_status credentials(const struct call *c) {
    return kayako_signer_credentials(c->at[SIGNER], TEXT);
}

static kayako_status with_salt(const struct call *c) {
    return kayako_signer_credentials_with_salt(c->at[SIGNER], IN(SALT), TEXT);
}

static kayako_status batch(const struct call *c) {
    return kayako_signer_credentials_batch(c->at[SIGNER], c->count, TEXT);
}

static kayako_status verify(const struct call *c) {
    return kayako_signer_verify(c->at[SIGNER], IN(SALT), IN(SIGNATURE));
}

static kayako_status sign_url(const struct call *c) {
    return kayako_signer_sign_url(c->at[SIGNER], IN(URL), TEXT);
}

static kayako_status sign_url_with_salt(const struct call *c) {
    return kayako_signer_sign_url_with_salt(c->at[SIGNER], IN(URL), IN(SALT), TEXT);
}

static kayako_status sign_form(const struct call *c) {
    return kayako_signer_sign_form(c->at[SIGNER], IN(FORM), TEXT);
}

static kayako_status sign_form_with_salt(const struct call *c) {
    return kayako_signer_sign_form_with_salt(c->at[SIGNER], IN(FORM), IN(SALT), TEXT);
}

static kayako_status sign_request(const struct call *c) {
    return kayako_signer_sign_request(c->at[SIGNER], REQUEST, c->at[TARGET], c->at[OFFSET], TEXT);
}

static kayako_status sign_request_with_salt(const struct call *c) {
    return kayako_signer_sign_request_with_salt(c->at[SIGNER], REQUEST, IN(SALT), c->at[TARGET], c->at[OFFSET], TEXT);
}

static kayako_status request_target(const struct call *c) {
    return kayako_request_target(HEAD, 1, c->at[TARGET]);
}

static kayako_status upload_new(const struct call *c) {
    return kayako_upload_new(c->at[SIGNER], HEAD, TEXT, c->at[NEW_UPLOAD]);
}

static kayako_status upload_check(const struct call *c) {
    return kayako_upload_check(c->at[UPLOAD], IN(PIECE));
}

static kayako_status upload_end(const struct call *c) {
    return kayako_upload_end(c->at[UPLOAD]);
}

static kayako_status diagnose(const struct call *c) {
    return kayako_signer_diagnose(c->at[SIGNER], IN(SALT), IN(SIGNATURE), c->at[DIAGNOSIS]);
}

static kayako_status diagnose_request(const struct call *c) {
    return kayako_signer_diagnose_request(c->at[SIGNER], REQUEST, c->at[DIAGNOSIS]);
}

static kayako_status salt_generate(const struct call *c) {
    return kayako_salt_generate(TEXT);
}

#undef IN
#undef HEAD
#undef REQUEST
#undef TEXT

#define TAKES(pointer) (1u << (pointer))
#define TAKES_HEAD (TAKES(METHOD) | TAKES(CONTENT_TYPE) | TAKES(URL))
#define TAKES_REQUEST (TAKES_HEAD | TAKES(BODY))
#define TAKES_TEXT (TAKES(OUT) | TAKES(OUT_LEN))

struct export {
    const char *name;
    kayako_status (*call)(const struct call *);
    unsigned takes;
};

enum {
    NEW, SIGN, SIGN_URLENCODED, CREDENTIALS, WITH_SALT, BATCH, VERIFY,
    SIGN_URL, SIGN_URL_WITH_SALT, SIGN_FORM, SIGN_FORM_WITH_SALT, SIGN_REQUEST, SIGN_REQUEST_WITH_SALT,
    REQUEST_TARGET, UPLOAD_NEW, UPLOAD_CHECK, UPLOAD_END, DIAGNOSE, DIAGNOSE_REQUEST, SALT_GENERATE, EXPORTS
};

static const struct export exports[EXPORTS] = {
    [NEW] = {"kayako_signer_new", signer_new, TAKES(API_KEY) | TAKES(SECRET_KEY) | TAKES(NEW_SIGNER)},
    [SIGN] = {"kayako_signer_sign", sign, TAKES(SIGNER) | TAKES(SALT) | TAKES_TEXT},
    [SIGN_URLENCODED] = {"kayako_signer_sign_urlencoded", sign_urlencoded, TAKES(SIGNER) | TAKES(SALT) | TAKES_TEXT},
    [CREDENTIALS] = {"kayako_signer_credentials", credentials, TAKES(SIGNER) | TAKES_TEXT},
    [WITH_SALT] = {"kayako_signer_credentials_with_salt", with_salt, TAKES(SIGNER) | TAKES(SALT) | TAKES_TEXT},
    [BATCH] = {"kayako_signer_credentials_batch", batch, TAKES(SIGNER) | TAKES_TEXT},
    [VERIFY] = {"kayako_signer_verify", verify, TAKES(SIGNER) | TAKES(SALT) | TAKES(SIGNATURE)},
    [SIGN_URL] = {"kayako_signer_sign_url", sign_url, TAKES(SIGNER) | TAKES(URL) | TAKES_TEXT},
    [SIGN_URL_WITH_SALT] = {"kayako_signer_sign_url_with_salt", sign_url_with_salt,
                            TAKES(SIGNER) | TAKES(URL) | TAKES(SALT) | TAKES_TEXT},
    [SIGN_FORM] = {"kayako_signer_sign_form", sign_form, TAKES(SIGNER) | TAKES(FORM) | TAKES_TEXT},
    [SIGN_FORM_WITH_SALT] = {"kayako_signer_sign_form_with_salt", sign_form_with_salt,
                             TAKES(SIGNER) | TAKES(FORM) | TAKES(SALT) | TAKES_TEXT},
    [SIGN_REQUEST] = {"kayako_signer_sign_request", sign_request,
                      TAKES(SIGNER) | TAKES_REQUEST | TAKES(TARGET) | TAKES(OFFSET) | TAKES_TEXT},
    [SIGN_REQUEST_WITH_SALT] = {"kayako_signer_sign_request_with_salt", sign_request_with_salt,
                                TAKES(SIGNER) | TAKES_REQUEST | TAKES(SALT) | TAKES(TARGET) | TAKES(OFFSET) |
                                    TAKES_TEXT},
    [REQUEST_TARGET] = {"kayako_request_target", request_target, TAKES_HEAD | TAKES(TARGET)},
    [UPLOAD_NEW] = {"kayako_upload_new", upload_new, TAKES(SIGNER) | TAKES_HEAD | TAKES_TEXT | TAKES(NEW_UPLOAD)},
    [UPLOAD_CHECK] = {"kayako_upload_check", upload_check, TAKES(UPLOAD) | TAKES(PIECE)},
    [UPLOAD_END] = {"kayako_upload_end", upload_end, TAKES(UPLOAD)},
    [DIAGNOSE] = {"kayako_signer_diagnose", diagnose,
                  TAKES(SIGNER) | TAKES(SALT) | TAKES(SIGNATURE) | TAKES(DIAGNOSIS)},
    [DIAGNOSE_REQUEST] = {"kayako_signer_diagnose_request", diagnose_request,
                          TAKES(SIGNER) | TAKES_REQUEST | TAKES(DIAGNOSIS)},
    [SALT_GENERATE] = {"kayako_salt_generate", salt_generate, TAKES_TEXT},
};

static const struct {
    const char *name;
    kayako_status null;
} pointers[POINTERS] = {
    [API_KEY] = {"api_key", KAYAKO_NULL_API_KEY},
    [SECRET_KEY] = {"secret_key", KAYAKO_NULL_SECRET_KEY},
    [SALT] = {"salt", KAYAKO_NULL_SALT},
    [SIGNATURE] = {"signature", KAYAKO_NULL_SIGNATURE},
    [METHOD] = {"method", KAYAKO_NULL_METHOD},
    [CONTENT_TYPE] = {"content_type", KAYAKO_NULL_CONTENT_TYPE},
    [URL] = {"url", KAYAKO_NULL_URL},
    [BODY] = {"body", KAYAKO_NULL_BODY},
    [FORM] = {"form", KAYAKO_NULL_FORM},
    [PIECE] = {"piece", KAYAKO_NULL_PIECE},
    [SIGNER] = {"signer", KAYAKO_NULL_SIGNER},
    [UPLOAD] = {"upload", KAYAKO_NULL_UPLOAD},
    [OUT] = {"out", KAYAKO_NULL_OUT},
    [OUT_LEN] = {"out_len", KAYAKO_NULL_OUT_LEN},
    [NEW_SIGNER] = {"signer", KAYAKO_NULL_SIGNER},
    [TARGET] = {"target", KAYAKO_NULL_TARGET},
    [OFFSET] = {"offset", KAYAKO_NULL_OFFSET},
    [DIAGNOSIS] = {"diagnosis", KAYAKO_NULL_DIAGNOSIS},
    [NEW_UPLOAD] = {"upload", KAYAKO_NULL_UPLOAD},
};

/* ---- A call that succeeds ---- */

enum { WINDOW = 1024 };

/* begin_calls() makes the signer and the upload, and sets the fence: the end of the buffer for texts. */
static kayako_signer *signer;
static kayako_upload *upload;
static char *fence;

static size_t len, offset;
static int32_t target, diagnosis;
static kayako_signer *new_signer;
static kayako_upload *new_upload;

/* The outputs other than the text. */
static const struct {
    void *start;
    size_t size;
} outputs[POINTERS] = {
    [OUT_LEN] = {&len, sizeof len},               [NEW_SIGNER] = {&new_signer, sizeof new_signer},
    [TARGET] = {&target, sizeof target},          [OFFSET] = {&offset, sizeof offset},
    [DIAGNOSIS] = {&diagnosis, sizeof diagnosis}, [NEW_UPLOAD] = {&new_upload, sizeof new_upload},
};

#define INPUT(text) (void *)(text), sizeof(text) - 1

static const struct {
    void *start;
    size_t len;
} good_inputs[INPUTS] = {
    [API_KEY] = {INPUT("apikey")},
    [SECRET_KEY] = {INPUT("secretkey")},
    [SALT] = {INPUT("1234567890")},
    [SIGNATURE] = {INPUT("VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=")},
    [METHOD] = {INPUT("POST")},
    [CONTENT_TYPE] = {INPUT("application/x-www-form-urlencoded")},
    [URL] = {INPUT("https://help.example.com/api/index.php?/Base/User")},
    [BODY] = {INPUT("fullname=Ada")},
    [FORM] = {INPUT("fullname=Ada")},
    [PIECE] = {INPUT("fullname=Ada")},
};

#undef INPUT

/* Returns a call that succeeds with any export. Every other call is this one with something wrong. */
static struct call good_call(void) {
    struct call call = {
        .at = {[SIGNER] = signer, [UPLOAD] = upload, [OUT] = fence - WINDOW}, .count = 2, .out_cap = WINDOW};
    for (int input = 0; input < INPUTS; input++) {
        call.at[input] = good_inputs[input].start;
        call.len[input] = good_inputs[input].len;
    }
    for (int output = OUT_LEN; output < POINTERS; output++) {
        call.at[output] = outputs[output].start;
    }
    return call;
}

/* `end` is the end of a buffer of at least WINDOW bytes. All calls share one upload, which refuses none of them. */
static void begin_calls(char *end) {
    size_t credentials_len;
    fence = end;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    struct call c = good_call();
    CHECK(kayako_upload_new(signer, c.at[METHOD], c.len[METHOD], c.at[CONTENT_TYPE], c.len[CONTENT_TYPE], c.at[URL],
                            c.len[URL], c.at[OUT], WINDOW, &credentials_len, &upload) == KAYAKO_OK,
          "an upload is begun");
}

static void end_calls(void) {
    kayako_upload_free(upload);
    kayako_signer_free(signer);
}

/* ---- Making a call, and checking what it writes ---- */

static char current[200];
static unsigned long calls;

/* Notes what is tried, in case it crashes. */
static void begin(const char *name, const char *how, const char *what) {
    calls++;
    snprintf(current, sizeof current, "%s with %s %s", name, how, what);
}

/* Frees the handle that a successful call has returned. */
static void free_new_handles(const struct export *export) {
    if (export->takes & TAKES(NEW_SIGNER)) {
        kayako_signer_free(new_signer);
    }
    if (export->takes & TAKES(NEW_UPLOAD)) {
        kayako_upload_free(new_upload);
    }
}

/* Makes the call, and checks that it writes each of its outputs if it may, and nothing else. Returns its status. */
static kayako_status attempt(const struct export *export, const struct call *call, const char *how, const char *what) {
    begin(export->name, how, what);
    memset(fence - WINDOW, FILL, WINDOW);
    for (int output = OUT_LEN; output < POINTERS; output++) {
        memset(outputs[output].start, FILL, outputs[output].size);
    }
    kayako_status status = export->call(call);
    bool ok = status == KAYAKO_OK;
    CHECK(ok || untouched(fence - WINDOW, fence), "%s: a text is written only with KAYAKO_OK", current);
    for (int output = OUT_LEN; output < POINTERS; output++) {
        const char *start = outputs[output].start;
        bool may = ok || (output == OUT_LEN && status == KAYAKO_BUFFER_TOO_SMALL);
        CHECK(untouched(start, start + outputs[output].size) != (may && (export->takes & TAKES(output))),
              "%s: %s is written if the status allows it, and only then", current, pointers[output].name);
    }
    if (ok) {
        free_new_handles(export);
    }
    return status;
}

static void expect(kayako_status expected, const struct export *export, const struct call *call, const char *how,
                   const char *what) {
    kayako_status status = attempt(export, call, how, what);
    CHECK(status == expected, "%s: returns %s", current, status_name(expected));
}

#endif
