/*
 * No branch and no memory address depends on the secret, up to the one public answer. This runs under Valgrind: the
 * secret is marked undefined, and Valgrind reports each jump and each address that is computed from it.
 *
 * base64 looks up the characters of a signature in a table, by the signature. A signature is no secret once it is sent,
 * so constant_time.supp leaves these reports out.
 */
#include "check.h"

#include <kayako_sign.h>

#include <string.h>
#include <valgrind/memcheck.h>

enum { SECRET_LEN = 96 };

static char secret[SECRET_LEN + 1] =
    "MjkzOTU2ZWYtZjdiYy00YzE0LTg5YjMtOWY1ZDU1ZTc1ZTQ2YzA5MjUzYzktMjFjMy00Y2VhLTk4YTgtMTdjZDRlNTZhYzQ0";
static const char salt[] = "1234567890";
/* The signature that the base64-decoded secret gives. */
static const char decoded[] = "8Bev/G2jWDgYKXBJJ+OR7AdcGoh6qPy/VA9T+/ReGow=";

static void mark(void *start, size_t len) {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(start, len);
}

static void unmark(void *start, size_t len) {
    (void)VALGRIND_MAKE_MEM_DEFINED(start, len);
}

static unsigned reports(void) {
    return VALGRIND_COUNT_ERRORS;
}

/* The control: a comparison that ends at the first difference. */
__attribute__((noinline)) static bool ends_early(const volatile char *one, const volatile char *other, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (one[i] != other[i]) {
            return false;
        }
    }
    return true;
}

/* Returns the number of Valgrind's reports while `signature` is verified. */
static unsigned reports_of_verify(const kayako_signer *signer, const char *signature, kayako_status expected) {
    unsigned before = reports();
    kayako_status status = kayako_signer_verify(signer, salt, sizeof salt - 1, signature, KAYAKO_SIGNATURE_LEN);
    unsigned after = reports();
    unsigned char unknown[sizeof status];
    (void)VALGRIND_GET_VBITS(&status, unknown, sizeof status);
    bool followed = unknown[0] != 0;
    unmark(&status, sizeof status);
    unmark(&followed, sizeof followed);
    CHECK(followed || after > before, "Valgrind has followed the secret up to the answer");
    CHECK(status == expected, "verify returns the right status");
    return after - before;
}

/* Returns the number of Valgrind's reports while `signature` is diagnosed. */
static unsigned reports_of_diagnose(const kayako_signer *signer, const char *signature, int32_t expected) {
    unsigned before = reports();
    int32_t diagnosis = -1;
    kayako_status status =
        kayako_signer_diagnose(signer, salt, sizeof salt - 1, signature, strlen(signature), &diagnosis);
    unsigned after = reports();
    unmark(&status, sizeof status);
    unmark(&diagnosis, sizeof diagnosis);
    CHECK(after > before, "Valgrind has followed the secret up to the answer");
    CHECK(status == KAYAKO_OK && diagnosis == expected, "the diagnosis is right");
    return after - before;
}

int main(void) {
    need(RUNNING_ON_VALGRIND, "Valgrind");
    char right[64], wrong[64], given[64];
    size_t len;
    kayako_signer *signer = NULL;
    need(kayako_signer_new("apikey", 6, secret, SECRET_LEN, &signer) == KAYAKO_OK, "a signer");
    need(kayako_signer_sign(signer, salt, sizeof salt - 1, right, sizeof right, &len) == KAYAKO_OK, "a signature");
    kayako_signer_free(signer);

    mark(secret, SECRET_LEN);
    unsigned before = reports();
    kayako_status status = kayako_signer_new("apikey", 6, secret, SECRET_LEN, &signer);
    CHECK(reports() == before && status == KAYAKO_OK, "making a signer: %u reports", reports() - before);

    before = reports();
    status = kayako_signer_sign(signer, salt, sizeof salt - 1, given, sizeof given, &len);
    CHECK(reports() == before && status == KAYAKO_OK, "signing: %u reports", reports() - before);

    unsigned answer = reports_of_verify(signer, right, KAYAKO_OK);
    CHECK(answer <= 1, "verifying a right signature: %u reports, one may be for the answer", answer);
    unsigned most = answer;
    for (int at = 0; at < KAYAKO_SIGNATURE_LEN - 2; at++) {
        memcpy(wrong, right, sizeof wrong);
        wrong[at] = wrong[at] == 'A' ? 'B' : 'A';
        unsigned here = reports_of_verify(signer, wrong, KAYAKO_REFUSED);
        CHECK(here <= 1, "verifying one that is wrong at %d: %u reports, one may be for the answer", at, here);
        most = here > most ? here : most;
    }
    printf("at most %u report for each of 43 verifications\n", most);

    const struct {
        const char *signature;
        int32_t expected;
    } diagnosed[] = {
        {right, KAYAKO_DIAGNOSIS_GOOD},
        {wrong, KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE},
        {decoded, KAYAKO_DIAGNOSIS_SECRET_DECODED},
    };
    for (size_t i = 0; i < sizeof diagnosed / sizeof diagnosed[0]; i++) {
        unsigned here = reports_of_diagnose(signer, diagnosed[i].signature, diagnosed[i].expected);
        CHECK(here <= 3, "a diagnosis: %u reports, one may be for padding, two for the answer and its lookup", here);
        printf("%u reports for a diagnosis\n", here);
    }

    memcpy(given, right, sizeof given);
    mark(right, KAYAKO_SIGNATURE_LEN);
    before = reports();
    bool same = ends_early(right, given, KAYAKO_SIGNATURE_LEN);
    unsigned early = reports() - before;
    unmark(&same, sizeof same);
    CHECK(early == KAYAKO_SIGNATURE_LEN, "control: a comparison that ends early is reported: %u times", early);
    printf("control: a comparison that ends early: %u reports\n", early);
    before = reports();
    static const volatile char table[256];
    volatile char looked_up = table[(unsigned char)right[0]];
    (void)looked_up;
    CHECK(reports() == before + 1, "control: an address that depends on a secret is reported");
    printf("control: an address that depends on a secret: %u report\n", reports() - before);
    kayako_signer_free(signer);
    return report();
}
