/* What passes between residue.c, which looks from outside, and observed.c, which is looked at. */
#ifndef OBSERVED_H
#define OBSERVED_H

#include <stdint.h>

/* The one page that may hold the secret besides the signer, until the observed program wipes it. Its address is fixed, so that
   residue.c knows it. */
#define INPUT_AT ((void *)0x200000000000)
enum { INPUT_FD = 3, SECRET_MAX = 200, WRONG_MAX = 20, TEXT_MAX = 300 };

/* Ways to leave something behind on purpose. */
enum leak { LEAK_NOTHING, LEAK_HEAP, LEAK_STACK, LEAK_THREAD, LEAK_GENERAL, LEAK_VECTOR, LEAK_HIGH_VECTOR, LEAKS };

struct input {
    uint32_t secret_len, wrong_count, leak;
    char leaked[16]; /* what the leaks leave: a piece of what must not remain */
    char secret[SECRET_MAX];
    /* The requests of somebody who swapped the two keys: the address of one, the body of another. */
    uint32_t swapped_len, swapped_json_len;
    char swapped[TEXT_MAX + 3 * SECRET_MAX], swapped_json[TEXT_MAX + 6 * SECRET_MAX];
    /* Signatures of SALT, each made wrong in another way. */
    struct {
        uint32_t len;
        char text[TEXT_MAX];
    } wrong[WRONG_MAX];
};

#define API_KEY "f3a5ba5d-3a5c-4c5e-9f4d-0f6a1d2b3c4d"
#define SALT "1234567890"

#endif
