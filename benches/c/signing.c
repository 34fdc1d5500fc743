/*
 * Times the C ABI and OpenSSL. Prints a line for each thing measured: its name, and the nanoseconds that one takes in
 * each round. A round measures everything in turn, so that a ratio compares times of the same moment.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <kayako_sign.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { ROUNDS = 300, BATCH = 1000 };

static const char *const api_key = "f0e1d2c3-a5b4-4697-8879-6a5b4c3d2e1f";
/* It has the length of the helpdesk's own keys. */
static const char *const secret_key =
    "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo3ODkwYWJjZGVm";
static const char *const salt = "1234567890";

static kayako_signer *signer;
static EVP_MAC_CTX *mac;
static SHA256_CTX state;
static char out[BATCH * 512];
static size_t length;

static void need(int good) {
    if (!good) {
        fputs("bench: a call failed\n", stderr);
        exit(1);
    }
}

static void compress_twice(void) {
    static const unsigned char block[64];
    SHA256_Transform(&state, block);
    SHA256_Transform(&state, block);
}

static void sign(void) {
    need(kayako_signer_sign(signer, salt, strlen(salt), out, sizeof out, &length) == KAYAKO_OK);
}

static void sign_urlencoded(void) {
    need(kayako_signer_sign_urlencoded(signer, salt, strlen(salt), out, sizeof out, &length) == KAYAKO_OK);
}

static void new_sign_free(void) {
    kayako_signer *fresh;
    need(kayako_signer_new(api_key, strlen(api_key), secret_key, strlen(secret_key), &fresh) == KAYAKO_OK);
    need(kayako_signer_sign(fresh, salt, strlen(salt), out, sizeof out, &length) == KAYAKO_OK);
    kayako_signer_free(fresh);
}

static void credentials(void) {
    need(kayako_signer_credentials(signer, out, sizeof out, &length) == KAYAKO_OK);
}

static void credentials_with_salt(void) {
    static const char digits[] = "0123456789abcdef0123456789abcdef";
    need(kayako_signer_credentials_with_salt(signer, digits, 32, out, sizeof out, &length) == KAYAKO_OK);
}

static void random_16(void) {
    need(getrandom(out, 16, 0) == 16);
}

static void batch(void) {
    need(kayako_signer_credentials_batch(signer, BATCH, out, sizeof out, &length) == KAYAKO_OK);
}

/* Encodes a digest as a user of OpenSSL would: as base64, with its three special characters escaped for a URL. */
static void encode(const unsigned char digest[32]) {
    char text[45];
    EVP_EncodeBlock((unsigned char *)text, digest, 32);
    char *to = out;
    for (const char *from = text; *from != '\0'; from++) {
        const char *escape = *from == '+' ? "%2B" : *from == '/' ? "%2F" : *from == '=' ? "%3D" : NULL;
        if (escape != NULL) {
            memcpy(to, escape, 3);
            to += 3;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

static void evp_mac(void) {
    unsigned char digest[32];
    size_t written;
    need(EVP_MAC_init(mac, NULL, 0, NULL));
    need(EVP_MAC_update(mac, (const unsigned char *)salt, strlen(salt)));
    need(EVP_MAC_final(mac, digest, &written, sizeof digest));
    encode(digest);
}

static void hmac(void) {
    unsigned char digest[32];
    unsigned int written;
    need(HMAC(EVP_sha256(), secret_key, (int)strlen(secret_key), (const unsigned char *)salt, strlen(salt), digest,
              &written) != NULL);
    encode(digest);
}

static const struct {
    const char *name;
    void (*function)(void);
    int calls;
    int each; /* how many signatures or credentials one call makes */
} measured[] = {
    {"L", compress_twice, 3000, 1},
    {"sign", sign, 3000, 1},
    {"sign_urlencoded", sign_urlencoded, 3000, 1},
    {"EVP_MAC", evp_mac, 1000, 1},
    {"new_sign_free", new_sign_free, 1000, 1},
    {"HMAC", hmac, 1000, 1},
    {"credentials", credentials, 1000, 1},
    {"credentials_with_salt", credentials_with_salt, 3000, 1},
    {"getrandom", random_16, 1000, 1},
    {"batch", batch, 2, BATCH},
};
enum { MEASURED = sizeof measured / sizeof *measured };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void prepare(void) {
    need(kayako_signer_new(api_key, strlen(api_key), secret_key, strlen(secret_key), &signer) == KAYAKO_OK);
    EVP_MAC *fetched = EVP_MAC_fetch(NULL, "HMAC", NULL);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
    mac = EVP_MAC_CTX_new(fetched);
    EVP_MAC_free(fetched);
    need(mac != NULL && EVP_MAC_init(mac, (const unsigned char *)secret_key, strlen(secret_key), params));
    SHA256_Init(&state);
    /* Times are comparable only if the results are the same. */
    char ours[KAYAKO_SIGNATURE_URLENCODED_MAX + 1];
    sign_urlencoded();
    memcpy(ours, out, length + 1);
    evp_mac();
    need(strcmp(ours, out) == 0);
    hmac();
    need(strcmp(ours, out) == 0);
}

int main(void) {
    static double times[MEASURED][ROUNDS];
    prepare();
    for (int round = 0; round < ROUNDS; round++) {
        for (int index = 0; index < MEASURED; index++) {
            double start = now();
            for (int call = 0; call < measured[index].calls; call++) {
                measured[index].function();
            }
            times[index][round] = (now() - start) / measured[index].calls / measured[index].each;
        }
    }
    printf("peer\t%s\n", OpenSSL_version(OPENSSL_VERSION));
    for (int index = 0; index < MEASURED; index++) {
        printf("%s\t", measured[index].name);
        for (int round = 0; round < ROUNDS; round++) {
            printf("%.2f ", times[index][round]);
        }
        putchar('\n');
    }
    EVP_MAC_CTX_free(mac);
    kayako_signer_free(signer);
}
