/* Every export, as a call that several tests make in bad circumstances. */
#ifndef EXPORTS_H
#define EXPORTS_H

#include <kayako_sign.h>

#include <stdbool.h>
#include <string.h>

enum { EXPORT_ROOM = 4096, EXPORT_BATCH = 4 };

/* The inputs of a call, and its buffer for a text. */
struct arguments {
    const kayako_signer *signer;
    const char *salt, *signature, *url, *body;
    size_t salt_len, url_len, body_len;
    char *out;
    size_t out_cap;
};

static const char good_salt[] = "1234567890", good_signature[] = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=";
static const char good_url[] = "https://help.example.com/api/index.php?/Base/User/1";
static const char good_json[] = "{\"\\u0061\":[1,{\"b\":\"\\u00e9\"}]}";

static inline struct arguments good_arguments(const kayako_signer *signer, char *out) {
    return (struct arguments){signer, good_salt, good_signature, good_url, good_json, sizeof good_salt - 1,
                          sizeof good_url - 1, sizeof good_json - 1, out, EXPORT_ROOM};
}

static inline kayako_status call_new_and_free(const struct arguments *p) {
    kayako_signer *signer = NULL;
    kayako_status status = kayako_signer_new("apikey", 6, "secretkey", 9, &signer);
    kayako_signer_free(signer);
    return p->out == NULL ? KAYAKO_NULL_OUT : status;
}

static inline kayako_status call_sign(const struct arguments *p) {
    size_t len;
    return kayako_signer_sign(p->signer, p->salt, p->salt_len, p->out, p->out_cap, &len);
}

static inline kayako_status call_sign_urlencoded(const struct arguments *p) {
    size_t len;
    return kayako_signer_sign_urlencoded(p->signer, p->salt, p->salt_len, p->out, p->out_cap, &len);
}

static inline kayako_status call_credentials(const struct arguments *p) {
    size_t len;
    return kayako_signer_credentials(p->signer, p->out, p->out_cap, &len);
}

static inline kayako_status call_with_salt(const struct arguments *p) {
    size_t len;
    return kayako_signer_credentials_with_salt(p->signer, p->salt, p->salt_len, p->out, p->out_cap, &len);
}

static inline kayako_status call_batch(const struct arguments *p) {
    size_t len;
    return kayako_signer_credentials_batch(p->signer, EXPORT_BATCH, p->out, p->out_cap, &len);
}

static inline kayako_status call_verify(const struct arguments *p) {
    return kayako_signer_verify(p->signer, p->salt, p->salt_len, p->signature, KAYAKO_SIGNATURE_LEN);
}

static inline kayako_status call_sign_url(const struct arguments *p) {
    size_t len;
    return kayako_signer_sign_url(p->signer, p->url, p->url_len, p->out, p->out_cap, &len);
}

static inline kayako_status call_sign_form(const struct arguments *p) {
    size_t len;
    return kayako_signer_sign_form(p->signer, "a=1&b=2", 7, p->out, p->out_cap, &len);
}

static inline kayako_status sign_request(const struct arguments *p, const char *type, const char *body,
                                         size_t body_len) {
    size_t len, offset;
    int32_t target;
    return kayako_signer_sign_request(p->signer, "POST", 4, type, strlen(type), p->url, p->url_len, body, body_len,
                                      &target, &offset, p->out, p->out_cap, &len);
}

static inline kayako_status call_sign_json(const struct arguments *p) {
    return sign_request(p, "application/json", p->body, p->body_len);
}

static inline kayako_status call_sign_multipart(const struct arguments *p) {
    static const char body[] = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n";
    return sign_request(p, "multipart/form-data; boundary=X", body, sizeof body - 1);
}

static inline kayako_status call_sign_url_with_salt(const struct arguments *p) {
    size_t len;
    return kayako_signer_sign_url_with_salt(p->signer, p->url, p->url_len, p->salt, p->salt_len, p->out, p->out_cap,
                                            &len);
}

static inline kayako_status call_sign_form_with_salt(const struct arguments *p) {
    size_t len;
    return kayako_signer_sign_form_with_salt(p->signer, "a=1&b=2", 7, p->salt, p->salt_len, p->out, p->out_cap, &len);
}

static inline kayako_status call_sign_json_with_salt(const struct arguments *p) {
    size_t len, offset;
    int32_t target;
    return kayako_signer_sign_request_with_salt(p->signer, "POST", 4, "application/json", 16, p->url, p->url_len,
                                                p->body, p->body_len, p->salt, p->salt_len, &target, &offset, p->out,
                                                p->out_cap, &len);
}

static inline kayako_status call_request_target(const struct arguments *p) {
    int32_t target;
    return kayako_request_target("POST", 4, "application/json", 16, p->url, p->url_len, 1, &target);
}

/* A whole upload, in two pieces. */
static inline kayako_status call_upload(const struct arguments *p, const char *type, const char *body) {
    size_t len, half = strlen(body) / 2;
    kayako_upload *upload;
    kayako_status status = kayako_upload_new(p->signer, "POST", 4, type, strlen(type), p->url, p->url_len, p->out,
                                             p->out_cap, &len, &upload);
    if (status == KAYAKO_OK) {
        status = kayako_upload_check(upload, body, half);
        status = status == KAYAKO_OK ? kayako_upload_check(upload, body + half, strlen(body) - half) : status;
        status = status == KAYAKO_OK ? kayako_upload_end(upload) : status;
        kayako_upload_free(upload);
    }
    return status;
}

static inline kayako_status call_upload_form(const struct arguments *p) {
    return call_upload(p, "application/x-www-form-urlencoded", "a=1&b=2");
}

static inline kayako_status call_upload_multipart(const struct arguments *p) {
    return call_upload(p, "multipart/form-data; boundary=X",
                       "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n");
}

static inline kayako_status call_diagnose(const struct arguments *p) {
    int32_t diagnosis;
    return kayako_signer_diagnose(p->signer, p->salt, p->salt_len, p->signature, KAYAKO_SIGNATURE_LEN, &diagnosis);
}

static inline kayako_status call_diagnose_request(const struct arguments *p) {
    int32_t diagnosis;
    return kayako_signer_diagnose_request(p->signer, "POST", 4, "application/json", 16, p->url, p->url_len, p->body,
                                          p->body_len, &diagnosis);
}

static inline kayako_status diagnose_post(const struct arguments *p, const char *type, const char *body) {
    int32_t diagnosis;
    return kayako_signer_diagnose_request(p->signer, "POST", 4, type, strlen(type), p->url, p->url_len, body,
                                          strlen(body), &diagnosis);
}

static inline kayako_status call_diagnose_form(const struct arguments *p) {
    return diagnose_post(p, "application/x-www-form-urlencoded",
                         "apikey=apikey&salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D");
}

static inline kayako_status call_diagnose_multipart(const struct arguments *p) {
    return diagnose_post(p, "multipart/form-data; boundary=X",
                         "--X\r\nContent-Disposition: form-data; name=\"salt\"\r\n\r\n1\r\n--X--\r\n");
}

static inline kayako_status call_salt_generate(const struct arguments *p) {
    size_t len;
    return kayako_salt_generate(p->out, p->out_cap, &len);
}

static inline kayako_status call_texts(const struct arguments *p) {
    return kayako_signer_insertion_max(p->signer) > 0 && *kayako_status_message(KAYAKO_REFUSED) != '\0' &&
                   *kayako_diagnosis_message(KAYAKO_DIAGNOSIS_GOOD) != '\0' &&
                   kayako_diagnosis_is_accepted(KAYAKO_DIAGNOSIS_GOOD) == 1 &&
                   kayako_diagnosis_is_accepted(KAYAKO_DIAGNOSIS_URL_ENCODED) == 0 &&
                   kayako_diagnosis_answer_status(KAYAKO_DIAGNOSIS_URL_ENCODED) == 401 && *kayako_version() != '\0'
               ? KAYAKO_OK
               : KAYAKO_PANIC;
}

static const struct export {
    const char *name;
    kayako_status (*call)(const struct arguments *);
    bool allocates;
} exports[] = {
    {"kayako_signer_new and _free", call_new_and_free, true},
    {"kayako_signer_sign", call_sign, false},
    {"kayako_signer_sign_urlencoded", call_sign_urlencoded, false},
    {"kayako_signer_credentials", call_credentials, false},
    {"kayako_signer_credentials_with_salt", call_with_salt, false},
    {"kayako_signer_credentials_batch", call_batch, true},
    {"kayako_signer_verify", call_verify, false},
    {"kayako_signer_sign_url", call_sign_url, false},
    {"kayako_signer_sign_form", call_sign_form, false},
    {"kayako_signer_sign_request, JSON", call_sign_json, false},
    {"kayako_signer_sign_request, multipart", call_sign_multipart, false},
    {"kayako_signer_sign_url_with_salt", call_sign_url_with_salt, false},
    {"kayako_signer_sign_form_with_salt", call_sign_form_with_salt, false},
    {"kayako_signer_sign_request_with_salt, JSON", call_sign_json_with_salt, false},
    {"kayako_request_target", call_request_target, false},
    {"kayako_upload, form", call_upload_form, true},
    {"kayako_upload, multipart", call_upload_multipart, true},
    {"kayako_signer_diagnose", call_diagnose, false},
    {"kayako_signer_diagnose_request, JSON", call_diagnose_request, false},
    {"kayako_signer_diagnose_request, form", call_diagnose_form, false},
    {"kayako_signer_diagnose_request, multipart", call_diagnose_multipart, false},
    {"kayako_salt_generate", call_salt_generate, false},
    {"the texts and sizes", call_texts, false},
};

enum { EXPORTS = sizeof exports / sizeof exports[0] };

#endif
