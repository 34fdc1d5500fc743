/*
 * Verifying takes the same time for a signature that is wrong in its first byte and for one that is wrong in its last.
 * This is the statistical test of dudect (Reparaz, Balasch, Verbauwhede 2016): both classes are measured in random
 * order, and their times are compared by Welch's t.
 *
 *     timing MEASUREMENTS
 */
#include "check.h"

#include <kayako_sign.h>

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <x86intrin.h>

enum { BATCH = 10000, CUTS = 20, TRIES = 5, SALTS = 256 };
static const double LIMIT = 4.5;

static kayako_signer *signer;

/* Signatures of many salts. With one salt, the two classes would differ in their characters. These are public, but
   reading and decoding them may take different times. */
static struct {
    char salt[KAYAKO_SALT_LEN + 1], right[KAYAKO_SIGNATURE_LEN + 1];
    char wrong[2][KAYAKO_SIGNATURE_LEN + 1]; /* in the first of 32 bytes, and in the last */
} signatures[SALTS];

struct given {
    const char *salt, *right;
    char signature[KAYAKO_SIGNATURE_LEN];
};

typedef int measured(const struct given *given);

static int verify(const struct given *given) {
    return kayako_signer_verify(signer, given->salt, KAYAKO_SALT_LEN, given->signature, KAYAKO_SIGNATURE_LEN);
}

/* The control: a comparison that ends at the first difference. */
static int ends_early(const struct given *given) {
    for (const volatile char *one = given->signature, *other = given->right; *other != '\0'; one++, other++) {
        if (*one != *other) {
            return 1;
        }
    }
    return 0;
}

/* Returns another character of base64. If the step is a multiple of four, its last two bits stay the same. */
static char other(char character, int step) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return alphabet[((size_t)(strchr(alphabet, character) - alphabet) + (size_t)step) % 64];
}

static void prepare(void) {
    for (int i = 0; i < SALTS; i++) {
        size_t len;
        need(kayako_salt_generate(signatures[i].salt, sizeof signatures[i].salt, &len) == KAYAKO_OK &&
                 kayako_signer_sign(signer, signatures[i].salt, KAYAKO_SALT_LEN, signatures[i].right,
                                    sizeof signatures[i].right, &len) == KAYAKO_OK,
             "a signature");
        strcpy(signatures[i].wrong[0], signatures[i].right);
        strcpy(signatures[i].wrong[1], signatures[i].right);
        signatures[i].wrong[0][0] = other(signatures[i].right[0], 4 * (1 + i % 15));
        signatures[i].wrong[1][42] = other(signatures[i].right[42], 4 * (1 + i % 15));
    }
}

/* ---- Welch's t, of all times and of those below each of several cuts, which have less noise ---- */

struct sums {
    double n[2], mean[2], squares[2];
};

static void take(struct sums *sums, int class, double time) {
    sums->n[class]++;
    double delta = time - sums->mean[class];
    sums->mean[class] += delta / sums->n[class];
    sums->squares[class] += delta * (time - sums->mean[class]);
}

static double welch(const struct sums *sums) {
    double variance = 0;
    for (int class = 0; class < 2; class++) {
        if (sums->n[class] < 5000) {
            return 0;
        }
        variance += sums->squares[class] / (sums->n[class] - 1) / sums->n[class];
    }
    return variance > 0 ? fabs(sums->mean[0] - sums->mean[1]) / sqrt(variance) : 0;
}

static int ascending(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static void fill_randomly(uint8_t *bytes, size_t count) {
    for (size_t at = 0; at < count; at += 256) {
        size_t len = count - at < 256 ? count - at : 256;
        need(getrandom(bytes + at, len, 0) == (ssize_t)len, "getrandom");
    }
}

static void measure_batch(measured *call, uint8_t *classes, uint64_t *times) {
    static struct given given[BATCH];
    static uint8_t picks[BATCH];
    fill_randomly(classes, BATCH);
    fill_randomly(picks, BATCH);
    /* All inputs are laid out before the first call, so that both classes are read in the same way. */
    for (int i = 0; i < BATCH; i++) {
        classes[i] &= 1;
        given[i].salt = signatures[picks[i]].salt;
        given[i].right = signatures[picks[i]].right;
        memcpy(given[i].signature, signatures[picks[i]].wrong[classes[i]], KAYAKO_SIGNATURE_LEN);
    }
    int answers = 0;
    for (int i = 0; i < BATCH; i++) {
        unsigned processor;
        _mm_lfence();
        uint64_t start = __rdtsc();
        _mm_lfence();
        answers += call(&given[i]);
        times[i] = __rdtscp(&processor) - start;
    }
    CHECK(answers == BATCH, "every wrong signature is refused");
}

static double largest_t(measured *call, long measurements) {
    static uint8_t classes[BATCH];
    static uint64_t times[BATCH], sorted[BATCH];
    uint64_t cuts[CUTS];
    struct sums sums[CUTS + 1];
    memset(sums, 0, sizeof sums);
    /* A first batch warms up and sets the cuts. */
    measure_batch(call, classes, times);
    memcpy(sorted, times, sizeof sorted);
    qsort(sorted, BATCH, sizeof *sorted, ascending);
    for (int cut = 0; cut < CUTS; cut++) {
        cuts[cut] = sorted[(size_t)(BATCH * (1 - pow(0.5, 10.0 * (cut + 1) / CUTS)))];
    }
    for (long done = 0; done < measurements; done += BATCH) {
        measure_batch(call, classes, times);
        for (int i = 0; i < BATCH; i++) {
            take(&sums[CUTS], classes[i], (double)times[i]);
            for (int cut = 0; cut < CUTS; cut++) {
                if (times[i] < cuts[cut]) {
                    take(&sums[cut], classes[i], (double)times[i]);
                }
            }
        }
    }
    double largest = 0;
    for (int cut = 0; cut <= CUTS; cut++) {
        largest = fmax(largest, welch(&sums[cut]));
    }
    return largest;
}

int main(int argc, char **argv) {
    long measurements = argc > 1 ? atol(argv[1]) : 200000;
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    prepare();

    /* The noise of a busy machine passes, a leak does not. So t must be small in one of several tries. */
    double t = 0;
    for (int try = 0; try < TRIES && (try == 0 || t >= LIMIT); try++) {
        t = largest_t(verify, measurements);
        printf("verify: t = %.2f after %ld measurements\n", t, measurements);
    }
    CHECK(t < LIMIT, "verify takes the same time for each wrong byte");
    double control = largest_t(ends_early, 10 * BATCH);
    printf("control: a comparison that ends early: t = %.2f\n", control);
    CHECK(control > LIMIT, "control: a comparison that ends early is found");
    kayako_signer_free(signer);
    return report();
}
