/* The input that residue.c, which searches from outside, gives to observed.c, whose memory is searched. */
#ifndef OBSERVED_H
#define OBSERVED_H

#include <stdint.h>

/* The only page besides the signer that may hold the secret, until observed.c wipes it. Its address is fixed, so that
   residue.c knows it. */
#define INPUT_AT ((void *)0x200000000000)
enum { INPUT_FD = 3, SECRET_MAX = 200, WRONG_MAX = 20, TEXT_MAX = 300 };

/* The last step of observed.c. The input is wiped by then, so its page is searched, too. */
#define LAST_STEP "freed: the input is wiped"

/* Ways to leave something behind on purpose. */
enum leak { LEAK_NOTHING, LEAK_HEAP, LEAK_STACK, LEAK_THREAD, LEAK_GENERAL, LEAK_VECTOR, LEAK_HIGH_VECTOR, LEAKS };

struct input {
    uint32_t secret_len, wrong_count, leak;
    char leaked[16]; /* the piece of a pattern that a control leaves behind */
    char secret[SECRET_MAX];
    /* Requests with the two keys swapped: the URL of one, the body of another. */
    uint32_t swapped_len, swapped_json_len;
    char swapped[TEXT_MAX + 3 * SECRET_MAX], swapped_json[TEXT_MAX + 6 * SECRET_MAX];
    /* Signatures of SALT, each made in another wrong way. */
    struct {
        uint32_t len;
        char text[TEXT_MAX];
    } wrong[WRONG_MAX];
};

#define API_KEY "f3a5ba5d-3a5c-4c5e-9f4d-0f6a1d2b3c4d"
#define SALT "1234567890"

#endif
