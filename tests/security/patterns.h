/* The patterns that must not remain in memory: each eight bytes of the secret and of what HMAC computes from it. */
#ifndef PATTERNS_H
#define PATTERNS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <openssl/sha.h>

enum { WINDOW = 8, BLOCK = 64, WINDOWS_MAX = 8192, SLOTS = 1 << 15 };

struct window {
    uint64_t bytes;
    const char *of;
};

static struct window windows[WINDOWS_MAX], *slots[SLOTS];
static unsigned windows_count;
/* A bit for each hash that may be in a slot. It is small enough to stay in the cache while megabytes are searched. */
static uint8_t filter[1 << 13];

static inline uint64_t mixed(uint64_t bytes) {
    return bytes * 0x9e3779b97f4a7c15u;
}

static inline const struct window *found(uint64_t bytes) {
    uint64_t hash = mixed(bytes) >> 48;
    if (!(filter[hash >> 3] >> (hash & 7) & 1)) {
        return NULL;
    }
    for (unsigned slot = hash % SLOTS; slots[slot] != NULL; slot = (slot + 1) % SLOTS) {
        if (slots[slot]->bytes == bytes) {
            return slots[slot];
        }
    }
    return NULL;
}

static inline void add_window(const uint8_t *bytes, const char *of) {
    uint64_t value;
    memcpy(&value, bytes, WINDOW);
    if (found(value) != NULL || windows_count == WINDOWS_MAX) {
        return;
    }
    struct window *window = &windows[windows_count++];
    *window = (struct window){value, of};
    uint64_t hash = mixed(value) >> 48;
    filter[hash >> 3] |= (uint8_t)(1 << (hash & 7));
    unsigned slot = hash % SLOTS;
    while (slots[slot] != NULL) {
        slot = (slot + 1) % SLOTS;
    }
    slots[slot] = window;
}

/* Adds each window of `bytes` of which at least half is before `secret_len`: the padding after it is no secret. */
static inline void add(const uint8_t *bytes, size_t len, size_t secret_len, const char *of) {
    for (size_t at = 0; at + WINDOW <= len && at + WINDOW / 2 <= secret_len; at++) {
        add_window(bytes + at, of);
    }
}

/* Adds the bytes as they are, and as the words that the compression function works on. */
static inline void add_both(const uint8_t *bytes, size_t len, size_t secret_len, const char *of,
                            const char *swapped_of) {
    uint8_t swapped[512];
    add(bytes, len, secret_len, of);
    size_t words = len / 4;
    for (size_t i = 0; i < 4 * words; i++) {
        swapped[i] = bytes[i ^ 3];
    }
    add(swapped, 4 * words, secret_len / 4 * 4, swapped_of);
}

/* Adds a state in three orders of its words: the processor's, the digest's, and that of the SHA extensions. */
static inline void add_state(const SHA256_CTX *context, const char *of, const char *of_swapped, const char *of_paired) {
    static const int paired[8] = {5, 4, 1, 0, 7, 6, 3, 2};
    uint32_t words[8], other[8];
    memcpy(words, context->h, sizeof words);
    add((uint8_t *)words, sizeof words, sizeof words, of);
    for (int i = 0; i < 8; i++) {
        other[i] = __builtin_bswap32(words[i]);
    }
    add((uint8_t *)other, sizeof other, sizeof other, of_swapped);
    for (int i = 0; i < 8; i++) {
        other[i] = words[paired[i]];
    }
    add((uint8_t *)other, sizeof other, sizeof other, of_paired);
}

/* Adds the key with each byte XORed with `padding`, and the state after it. */
static inline void add_pad(const uint8_t *key, size_t key_len, uint8_t padding, const char *const names[5]) {
    uint8_t pad[BLOCK];
    SHA256_CTX state;
    for (int i = 0; i < BLOCK; i++) {
        pad[i] = key[i] ^ padding;
    }
    add_both(pad, BLOCK, key_len, names[0], names[1]);
    SHA256_Init(&state);
    SHA256_Transform(&state, pad);
    add_state(&state, names[2], names[3], names[4]);
}

/* Adds a key as HMAC takes it: hashed if it is longer than a block, and with its two pads. */
static inline void add_key(const uint8_t *bytes, size_t len) {
    static const char *const inner[] = {"the inner pad", "the inner pad in words", "the inner state",
                                        "the inner state, swapped", "the inner state, in pairs"};
    static const char *const outer[] = {"the outer pad", "the outer pad in words", "the outer state",
                                        "the outer state, swapped", "the outer state, in pairs"};
    uint8_t key[BLOCK] = {0};
    size_t key_len = len;
    if (len <= BLOCK) {
        memcpy(key, bytes, len);
    } else {
        SHA256(bytes, len, key);
        key_len = SHA256_DIGEST_LENGTH;
        add_both(key, key_len, key_len, "the hashed key", "the hashed key in words");
        SHA256_CTX state;
        SHA256_Init(&state);
        for (size_t at = 0; at + BLOCK <= len; at += BLOCK) {
            SHA256_Transform(&state, bytes + at);
            add_state(&state, "a state of the key's hash", "a state of the key's hash, swapped",
                      "a state of the key's hash, in pairs");
        }
    }
    add_pad(key, key_len, 0x36, inner);
    add_pad(key, key_len, 0x5c, outer);
}

/* Adds the base64-decoded secret, which the diagnosis tries as a key. An incomplete group at its end is left out. */
static inline void add_decoded(const uint8_t *secret, size_t secret_len) {
    static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t decoded[256];
    size_t len = 0;
    for (size_t at = 0; at + 4 <= secret_len; at += 4) {
        uint32_t bits = 0;
        for (size_t i = at; i < at + 4; i++) {
            bits = bits << 6 | (uint32_t)(strchr(characters, secret[i]) - characters);
        }
        decoded[len++] = (uint8_t)(bits >> 16);
        decoded[len++] = (uint8_t)(bits >> 8);
        decoded[len++] = (uint8_t)bits;
    }
    add_both(decoded, len, len, "the decoded secret", "the decoded secret in words");
    add_key(decoded, len);
}

/* Fills the table for one secret. */
static inline void patterns(const uint8_t *secret, size_t secret_len) {
    memset(slots, 0, sizeof slots);
    memset(filter, 0, sizeof filter);
    windows_count = 0;
    add_both(secret, secret_len, secret_len, "the secret", "the secret in words");
    add_decoded(secret, secret_len);
    add_key(secret, secret_len);
}

#endif
