/*
 * A call takes at most 10 KiB of stack, for any input, and leaves the same bytes there for any secret key. Every
 * export, and every row of the shared tables, is called on a stack that was filled with one byte before. Every byte
 * that has changed was taken by the call.
 *
 *     stack REQUESTS DIAGNOSES SIGNATURES
 *
 * The arguments are the paths of the tables, whose heads explain the columns.
 */
#include "check.h"
#include "exports.h"
#include "table.h"

#include <stdbool.h>

enum { PROMISED = 10 * 1024, STACK = 64 * 1024, FILL = 0xa5 };

/* With both, every answer is the same, and so is the length of every output. Neither is the key of a row. */
static const char *const secrets[] = {"one secret key", "the second key"};

static const char *secret;
static kayako_signer *signer;
static char out[EXPORT_ROOM];
static uintptr_t top;             /* the end of the filled stack */
static unsigned char left[STACK]; /* a copy of the filled stack from just after a call */

static void make_signer(const char *secret_key) {
    kayako_signer_free(signer);
    secret = secret_key;
    need(kayako_signer_new("apikey", 6, secret, strlen(secret), &signer) == KAYAKO_OK, "a signer");
}

/* ---- Calls on the filled stack ---- */

typedef kayako_status call(const void *of);

/* Fills the stack below the caller's frame. */
__attribute__((noinline)) static void fill_stack(void) {
    unsigned char filled[STACK];
    top = (uintptr_t)filled + sizeof filled;
    memset(filled, FILL, sizeof filled);
    __asm__ volatile("" : : "r"(filled) : "memory");
}

/* Makes the call, and returns how many bytes of stack it took. */
__attribute__((noinline)) static size_t taken_by(call *make, const void *of) {
    fill_stack();
    make(of);
    memcpy(left, (const void *)(top - STACK), STACK);
    for (size_t i = 0; i < STACK; i++) {
        if (left[i] != FILL) {
            return STACK - i;
        }
    }
    return 0;
}

/* Returns whether the call leaves the same bytes with each secret key. The signers have the same address. */
static bool leaves_the_same(call *make, const void *of) {
    static unsigned char first_left[STACK];
    make_signer(secrets[0]);
    const kayako_signer *first = signer;
    taken_by(make, of);
    memcpy(first_left, left, STACK);
    make_signer(secrets[1]);
    need(signer == first, "a signer at the address of a freed one");
    taken_by(make, of);
    return memcmp(first_left, left, STACK) == 0;
}

/* ---- The calls ---- */

static kayako_status call_export(const void *export) {
    struct arguments arguments = good_arguments(signer, out);
    return ((const struct export *)export)->call(&arguments);
}

static kayako_status call_nothing(const void *unused) {
    (void)unused;
    return KAYAKO_OK;
}

static kayako_status take_much(const void *unused) {
    volatile char much[2 * PROMISED];
    for (size_t i = sizeof much; i > 0; i -= 64) {
        much[i - 1] = 1;
    }
    (void)unused;
    return KAYAKO_OK;
}

static kayako_status leave_secret(const void *unused) {
    volatile char copy[64];
    for (size_t i = 0; i < strlen(secret); i++) {
        copy[i] = secret[i];
    }
    (void)copy[0];
    (void)unused;
    return KAYAKO_OK;
}

static kayako_status sign_row(const void *request) {
    const struct request *r = request;
    size_t len, offset;
    int32_t target;
    return kayako_signer_sign_request_with_salt(signer, PARTS_OF(r), "1234567890", 10, &target, &offset, out,
                                                sizeof out, &len);
}

static kayako_status diagnose_row(const void *request) {
    const struct request *r = request;
    int32_t diagnosis;
    return kayako_signer_diagnose_request(signer, PARTS_OF(r), &diagnosis);
}

static kayako_status upload_row(const void *request) {
    const struct request *r = request;
    size_t len;
    kayako_upload *upload;
    kayako_status status = kayako_upload_new(signer, HEAD_OF(r), out, sizeof out, &len, &upload);
    if (status == KAYAKO_OK) {
        status = kayako_upload_check(upload, r->body.start, r->body.len);
        status = kayako_upload_end(upload);
        kayako_upload_free(upload);
    }
    return status;
}

struct sent {
    struct bytes salt, signature;
};

static kayako_status sign_salt(const void *sent) {
    const struct sent *s = sent;
    size_t len;
    return kayako_signer_sign(signer, s->salt.start, s->salt.len, out, sizeof out, &len);
}

static kayako_status verify_signature(const void *sent) {
    const struct sent *s = sent;
    return kayako_signer_verify(signer, s->salt.start, s->salt.len, s->signature.start, s->signature.len);
}

static kayako_status diagnose_signature(const void *sent) {
    const struct sent *s = sent;
    int32_t diagnosis;
    return kayako_signer_diagnose(signer, s->salt.start, s->salt.len, s->signature.start, s->signature.len,
                                  &diagnosis);
}

static size_t most;
static char most_of[200];

static size_t measure(const char *name, call *make, const void *of) {
    make(of); /* In the first call the loader takes stack, too. It does not count. */
    size_t taken = taken_by(make, of);
    CHECK(taken <= PROMISED, "%s: takes at most %d bytes of stack, not %zu", name, PROMISED, taken);
    if (taken > most) {
        most = taken;
        snprintf(most_of, sizeof most_of, "%s", name);
    }
    return taken;
}

static void compare(const char *name, const char *operation, call *make, const void *of) {
    CHECK(leaves_the_same(make, of), "%s, %s: the stack holds the same bytes after it for any secret key", name,
          operation);
}

static void take_request(char **column) {
    struct request request = request_of(column);
    measure(column[0], sign_row, &request);
    measure(column[0], diagnose_row, &request);
    measure(column[0], upload_row, &request);
    compare(column[0], "sign", sign_row, &request);
    compare(column[0], "diagnose", diagnose_row, &request);
    free_request(&request);
}

static void take_signature(char **column) {
    struct sent sent = {value(column[1]), value(column[2])};
    measure(column[0], diagnose_signature, &sent);
    compare(column[0], "sign", sign_salt, &sent);
    compare(column[0], "verify", verify_signature, &sent);
    compare(column[0], "diagnose", diagnose_signature, &sent);
    free(sent.salt.start);
    free(sent.signature.start);
}

int main(int argc, char **argv) {
    need(argc == 4, "usage: stack REQUESTS DIAGNOSES SIGNATURES");
    make_signer(secrets[0]);
    for (int i = 0; i < EXPORTS; i++) {
        printf("%-45s %5zu\n", exports[i].name, measure(exports[i].name, call_export, &exports[i]));
    }
    int rows = each_row(argv[1], 8, take_request) + each_row(argv[2], 6, take_request) +
               each_row(argv[3], 4, take_signature);
    CHECK(rows > 0, "the tables have rows");
    size_t nothing = taken_by(call_nothing, NULL), much = taken_by(take_much, NULL);
    CHECK(nothing < 512, "control: a call that takes nearly no stack is found to take %zu bytes", nothing);
    CHECK(much > PROMISED, "control: a call that takes more is found to take %zu bytes", much);
    CHECK(!leaves_the_same(leave_secret, NULL), "control: a secret key that a call leaves is found");
    printf("at most %zu bytes of stack in %d rows: %s; control: an empty call %zu, a large frame %zu\n", most, rows,
           most_of, nothing, much);
    kayako_signer_free(signer);
    return report();
}
