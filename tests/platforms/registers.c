/*
 * Tests on aarch64 that a call with a secret leaves nothing of it in the registers that a call may change. They are
 * filled before the call and checked after it. Those that a call must restore must have their old values.
 */
#include "check.h"

#include <kayako_sign.h>

#include <stdint.h>
#include <string.h>

enum { GENERAL = 18, VECTORS = 32, PATTERN = 0xa5 };

struct registers {
    uint64_t general[GENERAL];
    uint64_t vector[VECTORS][2];
};

/* Fills the vector registers, calls the function with these arguments, and saves the registers after the call. */
int32_t call_and_look(void (*function)(void), const uint64_t arguments[6], struct registers *left);

__asm__(".text\n"
        ".global call_and_look\n"
        ".type call_and_look, %function\n"
        "call_and_look:\n"
        "stp x29, x30, [sp, #-96]!\n"
        "stp x19, x20, [sp, #16]\n"
        "stp d8, d9, [sp, #32]\n"
        "stp d10, d11, [sp, #48]\n"
        "stp d12, d13, [sp, #64]\n"
        "stp d14, d15, [sp, #80]\n"
        "mov x9, x0\n"
        "mov x10, x1\n"
        "mov x19, x2\n"
        "ldp x0, x1, [x10]\n"
        "ldp x2, x3, [x10, #16]\n"
        "ldp x4, x5, [x10, #32]\n"
        ".irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "movi v\\r\\().16b, #0xa5\n"
        ".endr\n"
        "blr x9\n"
        "stp x0, x1, [x19, #0]\n"
        "stp x2, x3, [x19, #16]\n"
        "stp x4, x5, [x19, #32]\n"
        "stp x6, x7, [x19, #48]\n"
        "stp x8, x9, [x19, #64]\n"
        "stp x10, x11, [x19, #80]\n"
        "stp x12, x13, [x19, #96]\n"
        "stp x14, x15, [x19, #112]\n"
        "stp x16, x17, [x19, #128]\n"
        "add x20, x19, #144\n"
        "stp q0, q1, [x20], #32\n"
        "stp q2, q3, [x20], #32\n"
        "stp q4, q5, [x20], #32\n"
        "stp q6, q7, [x20], #32\n"
        "stp q8, q9, [x20], #32\n"
        "stp q10, q11, [x20], #32\n"
        "stp q12, q13, [x20], #32\n"
        "stp q14, q15, [x20], #32\n"
        "stp q16, q17, [x20], #32\n"
        "stp q18, q19, [x20], #32\n"
        "stp q20, q21, [x20], #32\n"
        "stp q22, q23, [x20], #32\n"
        "stp q24, q25, [x20], #32\n"
        "stp q26, q27, [x20], #32\n"
        "stp q28, q29, [x20], #32\n"
        "stp q30, q31, [x20], #32\n"
        "ldp d14, d15, [sp, #80]\n"
        "ldp d12, d13, [sp, #64]\n"
        "ldp d10, d11, [sp, #48]\n"
        "ldp d8, d9, [sp, #32]\n"
        "ldp x19, x20, [sp, #16]\n"
        "ldp x29, x30, [sp], #96\n"
        "ret\n");

static const uint64_t pattern = PATTERN * (UINT64_MAX / 0xff);

static bool must_be_restored(int vector, int half) {
    return vector >= 8 && vector < 16 && half == 0;
}

/* Counts the halves of vector registers that are not wiped or, if they must be, restored. */
static int vectors_not_wiped(const struct registers *left) {
    int count = 0;
    for (int vector = 0; vector < VECTORS; vector++) {
        for (int half = 0; half < 2; half++) {
            count += left->vector[vector][half] != (must_be_restored(vector, half) ? pattern : 0);
        }
    }
    return count;
}

/* Counts the general registers that hold eight bytes of the secret. */
static int registers_with_secret(const struct registers *left, const char *secret, size_t len) {
    int count = 0;
    for (int at = 0; at < GENERAL; at++) {
        for (size_t from = 0; from + sizeof left->general[at] <= len; from++) {
            count += memcmp(&left->general[at], secret + from, sizeof left->general[at]) == 0;
        }
    }
    return count;
}

static void check_registers(const char *name, void (*function)(void), const uint64_t arguments[6], const char *secret) {
    struct registers left;
    memset(&left, PATTERN, sizeof left);
    CHECK(call_and_look(function, arguments, &left) == KAYAKO_OK, "%s succeeds", name);
    CHECK(vectors_not_wiped(&left) == 0, "%s leaves %d halves of vector registers unwiped", name,
          vectors_not_wiped(&left));
    CHECK(registers_with_secret(&left, secret, strlen(secret)) == 0, "%s leaves no secret in a register", name);
}

#define FUNCTION(name) ((void (*)(void))(name))
#define POINTER(start) ((uint64_t)(uintptr_t)(start))

int main(void) {
    static const char secret[] = "a secret key that is long enough to be seen in any register";
    static const char salt[] = "1234567890";
    static char out[256];
    size_t len = 0;
    kayako_signer *signer = NULL;

    const uint64_t make[] = {POINTER("apikey"), 6, POINTER(secret), sizeof secret - 1, POINTER(&signer), 0};
    check_registers("kayako_signer_new", FUNCTION(kayako_signer_new), make, secret);
    const uint64_t sign[] = {POINTER(signer), POINTER(salt), sizeof salt - 1, POINTER(out), sizeof out, POINTER(&len)};
    check_registers("kayako_signer_sign", FUNCTION(kayako_signer_sign), sign, secret);
    check_registers("kayako_signer_credentials_with_salt", FUNCTION(kayako_signer_credentials_with_salt), sign, secret);
    need(kayako_signer_sign(signer, salt, sizeof salt - 1, out, sizeof out, &len) == KAYAKO_OK, "a signature");
    const uint64_t verify[] = {POINTER(signer), POINTER(salt), sizeof salt - 1, POINTER(out), len, 0};
    check_registers("kayako_signer_verify", FUNCTION(kayako_signer_verify), verify, secret);

    /* Controls: a function that wipes nothing leaves the registers unchanged, and a secret in a register is found. */
    struct registers left;
    const uint64_t none[6] = {0};
    call_and_look(FUNCTION(kayako_signature_len), none, &left);
    CHECK(vectors_not_wiped(&left) == 2 * VECTORS - 8, "control: a function without a secret wipes nothing");
    memset(left.general, 0, sizeof left.general);
    memcpy(&left.general[9], secret + 3, sizeof left.general[9]);
    CHECK(registers_with_secret(&left, secret, sizeof secret - 1) == 1, "control: a secret in a register is found");

    kayako_signer_free(signer);
    return report();
}
