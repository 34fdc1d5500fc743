/* Makes signatures in each wrong way that the diagnosis knows, outside the process whose memory is searched. */
#ifndef MISTAKES_H
#define MISTAKES_H

#include "observed.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

static inline void put(struct input *input, const char *text) {
    uint32_t len = (uint32_t)strlen(text);
    memcpy(input->wrong[input->wrong_count].text, text, len);
    input->wrong[input->wrong_count++].len = len;
}

static inline void put_base64(struct input *input, const void *bytes, int len) {
    char text[TEXT_MAX];
    EVP_EncodeBlock((unsigned char *)text, bytes, len);
    put(input, text);
}

static inline void put_mac(struct input *input, const void *key, size_t key_len, const void *message, size_t len) {
    unsigned char mac[32];
    HMAC(EVP_sha256(), key, (int)key_len, message, len, mac, NULL);
    put_base64(input, mac, sizeof mac);
}

static inline void replace(char *text, char from, const char *to) {
    char other[TEXT_MAX], *end = other;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == from) {
            end = stpcpy(end, to);
        } else {
            *end++ = *at;
        }
    }
    *end = '\0';
    strcpy(text, other);
}

static inline void put_wrong_texts(struct input *input) {
    unsigned char mac[32];
    char text[TEXT_MAX], hex[65];
    HMAC(EVP_sha256(), input->secret, (int)input->secret_len, (const unsigned char *)SALT, 10, mac, NULL);
    for (int i = 0; i < 32; i++) {
        sprintf(hex + 2 * i, "%02x", mac[i]);
    }
    put(input, hex);
    put_base64(input, hex, 64);
    EVP_EncodeBlock((unsigned char *)text, mac, 32);
    replace(text, '=', "%3D");
    put(input, text);
    replace(text, '%', "%25");
    put(input, text);
    EVP_EncodeBlock((unsigned char *)text, mac, 32);
    text[43] = '\0';
    put(input, text);
    strcpy(text + 43, "= ");
    put(input, text);
    strcpy(text + 44, "");
    replace(text, '+', "-");
    replace(text, '/', "_");
    if (strpbrk(text, "-_") != NULL) {
        put(input, text);
    }
}

/* Keys with bytes around the secret, as files hold them. The diagnosis tries each. */
struct key {
    unsigned char bytes[SECRET_MAX + 3];
    size_t len;
};
enum { MISTAKEN_KEYS = 3 };

static inline void mistaken_keys(struct key keys[MISTAKEN_KEYS], const char *secret, size_t len) {
    static const struct {
        const char *before, *after;
    } around[MISTAKEN_KEYS] = {{"", "\n"}, {"", "\r\n"}, {"\xef\xbb\xbf", ""}};
    for (int i = 0; i < MISTAKEN_KEYS; i++) {
        unsigned char *end = mempcpy(keys[i].bytes, around[i].before, strlen(around[i].before));
        end = mempcpy(end, secret, len);
        end = mempcpy(end, around[i].after, strlen(around[i].after));
        keys[i].len = (size_t)(end - keys[i].bytes);
    }
}

static inline void put_wrong_ways(struct input *input) {
    const char *secret = input->secret;
    size_t len = input->secret_len;
    unsigned char digest[32], both[SECRET_MAX + 10], decoded[SECRET_MAX];
    memcpy(both, SALT, 10);
    memcpy(both + 10, secret, len);
    put_base64(input, SHA256(both, len + 10, digest), 32);
    memcpy(both, secret, len);
    memcpy(both + len, SALT, 10);
    put_base64(input, SHA256(both, len + 10, digest), 32);
    struct key keys[MISTAKEN_KEYS];
    mistaken_keys(keys, secret, len);
    for (int i = 0; i < MISTAKEN_KEYS; i++) {
        put_mac(input, keys[i].bytes, keys[i].len, SALT, 10);
    }
    put_mac(input, API_KEY, sizeof API_KEY - 1, SALT, 10);
    put_mac(input, SALT, 10, secret, len);
    if (len % 4 == 0) {
        int decoded_len = EVP_DecodeBlock(decoded, (const unsigned char *)secret, (int)len);
        put_mac(input, decoded, (size_t)decoded_len, SALT, 10);
    }
    put_mac(input, "another secret", 14, SALT, 10);
}

/* Requests that hold the secret in place of the API key, in a query and in JSON. */
static inline void put_swapped(struct input *input) {
    char *end = stpcpy(input->swapped, "/api/index.php?/Base/User&apikey=");
    char *end_of_json = stpcpy(input->swapped_json, "{\"apikey\":\"");
    for (uint32_t i = 0; i < input->secret_len; i++) {
        end += sprintf(end, "%%%02X", (unsigned char)input->secret[i]);
        end_of_json += sprintf(end_of_json, "\\u%04x", (unsigned char)input->secret[i]);
    }
    end = stpcpy(end, "&salt=" SALT "&signature=x");
    end_of_json = stpcpy(end_of_json, "\",\"salt\":\"" SALT "\",\"signature\":\"x\"}");
    input->swapped_len = (uint32_t)(end - input->swapped);
    input->swapped_json_len = (uint32_t)(end_of_json - input->swapped_json);
}

#endif
