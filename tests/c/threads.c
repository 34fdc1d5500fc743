/*
 * Eight threads use one signer at the same time, and each call returns the same as in one thread. The argument is the
 * number of rounds of all calls; the default is 500.
 */
#include "check.h"
#include "credentials.h"

#include <pthread.h>

enum { THREADS = 8, SALTS = 16, BATCH = 4, TEXT = 512 };

/* The texts for each salt, made before the threads start. */
static struct {
    char salt[16];
    char base64[TEXT], url_encoded[TEXT], query[TEXT];
} expected[SALTS];

static size_t rounds = 500;
static pthread_barrier_t start;

typedef kayako_status writer(const kayako_signer *, const void *, size_t, char *, size_t, size_t *);

static bool gives(const kayako_signer *signer, writer *write, const char *salt, const char *text) {
    char out[TEXT];
    size_t len = 0;
    return write(signer, salt, strlen(salt), out, sizeof out, &len) == KAYAKO_OK && len == strlen(text) &&
           strcmp(out, text) == 0;
}

static bool fresh_is_right(const kayako_signer *signer) {
    char out[TEXT];
    size_t len = 0;
    return kayako_signer_credentials(signer, out, sizeof out, &len) == KAYAKO_OK && credentials_are_right(signer, out);
}

static bool batch_is_right(const kayako_signer *signer) {
    char out[BATCH * TEXT];
    size_t len = 0;
    int right = 0;
    if (kayako_signer_credentials_batch(signer, BATCH, out, sizeof out, &len) == KAYAKO_OK) {
        for (char *rest = NULL, *line = strtok_r(out, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
            right += credentials_are_right(signer, line);
        }
    }
    return right == BATCH;
}

static bool request_is_right(const kayako_signer *signer) {
    const char url[] = "https://help.example.com/api/index.php?/Base/User";
    const char body[] = "{}", type[] = "application/json";
    char out[TEXT], whole[2 * TEXT];
    size_t len = 0, offset = 0;
    int32_t target = -1, diagnosis = -1;
    if (kayako_signer_sign_request(signer, "POST", 4, type, sizeof type - 1, url, sizeof url - 1, body, sizeof body - 1,
                                   &target, &offset, out, sizeof out, &len) != KAYAKO_OK ||
        target != KAYAKO_TARGET_BODY || offset != 1) {
        return false;
    }
    size_t size = (size_t)snprintf(whole, sizeof whole, "{%s}", out);
    return kayako_signer_diagnose_request(signer, "POST", 4, type, sizeof type - 1, url, sizeof url - 1, whole, size,
                                          &diagnosis) == KAYAKO_OK &&
           diagnosis == KAYAKO_DIAGNOSIS_GOOD;
}

static bool diagnosis_is(const kayako_signer *signer, const char *salt, const char *base64, int32_t expected) {
    int32_t diagnosis = -1;
    return kayako_signer_diagnose(signer, salt, strlen(salt), base64, KAYAKO_SIGNATURE_LEN, &diagnosis) == KAYAKO_OK &&
           diagnosis == expected;
}

/* Returns the number of rounds in which every call was right. */
static void *work(void *signer) {
    size_t right = 0;
    pthread_barrier_wait(&start);
    for (size_t round = 0; round < rounds; round++) {
        size_t salt = round % SALTS;
        const char *given = expected[salt].salt;
        const char *other = expected[(salt + 1) % SALTS].base64;
        right += gives(signer, kayako_signer_sign, given, expected[salt].base64) &&
                 gives(signer, kayako_signer_sign_urlencoded, given, expected[salt].url_encoded) &&
                 gives(signer, kayako_signer_credentials_with_salt, given, expected[salt].query) &&
                 kayako_signer_verify(signer, given, strlen(given), expected[salt].base64, KAYAKO_SIGNATURE_LEN) ==
                     KAYAKO_OK &&
                 kayako_signer_verify(signer, given, strlen(given), other, KAYAKO_SIGNATURE_LEN) == KAYAKO_REFUSED &&
                 diagnosis_is(signer, given, expected[salt].base64, KAYAKO_DIAGNOSIS_GOOD) &&
                 diagnosis_is(signer, given, other, KAYAKO_DIAGNOSIS_ANOTHER_SIGNATURE) && fresh_is_right(signer) &&
                 batch_is_right(signer) && request_is_right(signer);
    }
    return (void *)right;
}

static void make_expected(const kayako_signer *signer) {
    for (int salt = 0; salt < SALTS; salt++) {
        char *text = expected[salt].salt;
        size_t len = (size_t)snprintf(text, sizeof expected[salt].salt, "%d", 1234567890 + salt);
        size_t written;
        CHECK(kayako_signer_sign(signer, text, len, expected[salt].base64, TEXT, &written) == KAYAKO_OK &&
                  kayako_signer_sign_urlencoded(signer, text, len, expected[salt].url_encoded, TEXT, &written) ==
                      KAYAKO_OK &&
                  kayako_signer_credentials_with_salt(signer, text, len, expected[salt].query, TEXT, &written) ==
                      KAYAKO_OK,
              "salt %d is signed before the threads start", salt);
    }
    CHECK(strcmp(expected[0].base64, "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=") == 0,
          "the first salt has the signature of the vendor's sample");
}

int main(int argc, char **argv) {
    rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : rounds;
    kayako_signer *signer = NULL;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    make_expected(signer);
    pthread_t threads[THREADS];
    pthread_barrier_init(&start, NULL, THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
        need(pthread_create(&threads[thread], NULL, work, signer) == 0, "a thread");
    }
    for (int thread = 0; thread < THREADS; thread++) {
        void *right = NULL;
        pthread_join(threads[thread], &right);
        CHECK((size_t)right == rounds, "thread %d: every round is right", thread);
    }
    pthread_barrier_destroy(&start);
    kayako_signer_free(signer);
    return report();
}
