/*
 * Compares the signatures of random secrets and salts with OpenSSL's HMAC. The argument is their number; the default is
 * 10,000.
 */
#include "check.h"

#include <kayako_sign.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 200 };
static const uint64_t SEED = 20240229;

/* splitmix64 gives the same pairs in each run, so that a failure can be repeated. */
static uint64_t next(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

/* Writes 1 to LONGEST random bytes. Returns their number. */
static size_t fill(uint64_t *state, unsigned char *bytes) {
    size_t len = 1 + (size_t)(next(state) % LONGEST);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (unsigned char)next(state);
    }
    return len;
}

static void reference(const unsigned char *secret, size_t secret_len, const unsigned char *salt, size_t salt_len,
                      char *signature) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_len = 0;
    need(HMAC(EVP_sha256(), secret, (int)secret_len, salt, salt_len, mac, &mac_len) != NULL, "OpenSSL's HMAC");
    EVP_EncodeBlock((unsigned char *)signature, mac, (int)mac_len);
}

static void check_pair(unsigned long pair, uint64_t *state) {
    unsigned char secret[LONGEST], salt[LONGEST];
    size_t secret_len = fill(state, secret);
    size_t salt_len = fill(state, salt);
    if (salt_len == 1 && salt[0] == '0') {
        salt[0] = '1'; /* The salt 0 has no signature. */
    }
    char expected[KAYAKO_SIGNATURE_LEN + 1];
    reference(secret, secret_len, salt, salt_len, expected);

    kayako_signer *signer = NULL;
    char signature[KAYAKO_SIGNATURE_LEN + 1] = "";
    size_t len = 0;
    bool made = kayako_signer_new("apikey", 6, (const char *)secret, secret_len, &signer) == KAYAKO_OK;
    CHECK(made && kayako_signer_sign(signer, salt, salt_len, signature, sizeof signature, &len) == KAYAKO_OK &&
              strcmp(signature, expected) == 0,
          "pair %lu: the signature is the same as OpenSSL's", pair);
    CHECK(kayako_signer_verify(signer, salt, salt_len, expected, KAYAKO_SIGNATURE_LEN) == KAYAKO_OK,
          "pair %lu: OpenSSL's signature is accepted", pair);
    salt[next(state) % salt_len] ^= 0x80;
    CHECK(kayako_signer_verify(signer, salt, salt_len, expected, KAYAKO_SIGNATURE_LEN) == KAYAKO_REFUSED,
          "pair %lu: it is refused for another salt", pair);
    kayako_signer_free(signer);
}

int main(int argc, char **argv) {
    unsigned long pairs = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    uint64_t state = SEED;
    for (unsigned long pair = 1; pair <= pairs; pair++) {
        check_pair(pair, &state);
    }
    printf("%lu random pairs from the seed %llu\n", pairs, (unsigned long long)SEED);
    return report();
}
