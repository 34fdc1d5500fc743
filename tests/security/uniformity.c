/*
 * At each place of a salt, all digits are equally likely: Pearson's chi-squared over many salts.
 *
 *     kayako-sign salt --ten-digits --count N | uniformity N
 *
 * This reads N salts of ten digits, and takes N salts of hexadecimal digits from the library.
 */
#include "check.h"

#include <kayako_sign.h>

#include <string.h>
#include <sys/random.h>

enum { TEN = 10, SIXTEEN = 16, BATCH = 1000 };

/* One chi-squared in about a billion is larger by chance, for 9 and for 15 degrees of freedom. */
static const double LIMIT_TEN = 62, LIMIT_SIXTEEN = 74;

static unsigned long counts[KAYAKO_SALT_LEN][SIXTEEN], salts;

static void start(void) {
    memset(counts, 0, sizeof counts);
    salts = 0;
}

static int value(char digit) {
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static bool add(const char *salt, int len, int values) {
    for (int place = 0; place < len; place++) {
        int digit = value(salt[place]);
        if (digit < 0 || digit >= values) {
            return false;
        }
        counts[place][digit]++;
    }
    salts++;
    return true;
}

/* Returns the largest chi-squared of all places. */
static double chi_squared(int len, int values) {
    double largest = 0, expected = (double)salts / values;
    for (int place = 0; place < len; place++) {
        double sum = 0;
        for (int digit = 0; digit < values; digit++) {
            double off = (double)counts[place][digit] - expected;
            sum += off * off / expected;
        }
        largest = sum > largest ? sum : largest;
    }
    return largest;
}

static void hexadecimal(const kayako_signer *signer, unsigned long wanted) {
    static char lines[BATCH * 512];
    size_t len;
    bool well_formed = true;
    start();
    while (salts < wanted && well_formed) {
        need(kayako_signer_credentials_batch(signer, BATCH, lines, sizeof lines, &len) == KAYAKO_OK, "a batch");
        for (char *at = lines; (at = strstr(at, "&salt=")) != NULL && well_formed; at++) {
            well_formed = add(at + 6, KAYAKO_SALT_LEN, SIXTEEN);
        }
    }
    CHECK(well_formed && salts >= wanted, "%lu salts of %d hexadecimal digits", salts, KAYAKO_SALT_LEN);
    double found = chi_squared(KAYAKO_SALT_LEN, SIXTEEN);
    CHECK(found < LIMIT_SIXTEEN, "hexadecimal digits are equally likely: chi-squared %.1f", found);
    printf("%lu hexadecimal salts: chi-squared %.1f at most, below %.0f\n", salts, found, LIMIT_SIXTEEN);
}

static int compare(const void *one, const void *other) {
    unsigned long a = *(const unsigned long *)one, b = *(const unsigned long *)other;
    return (a > b) - (a < b);
}

static void ten_digits(unsigned long wanted) {
    unsigned long *numbers = malloc(wanted * sizeof *numbers), repeats = 0;
    need(numbers != NULL, "memory");
    char line[64];
    bool well_formed = true;
    start();
    while (well_formed && salts < wanted && fgets(line, sizeof line, stdin) != NULL) {
        well_formed = strspn(line, "0123456789") == TEN && line[TEN] == '\n' && add(line, TEN, TEN);
        numbers[salts - 1] = strtoul(line, NULL, 10);
    }
    CHECK(well_formed && salts == wanted, "%lu salts of ten digits", wanted);
    double found = chi_squared(TEN, TEN);
    CHECK(found < LIMIT_TEN, "the ten digits are equally likely: chi-squared %.1f", found);
    /* Of n numbers below ten billion, about n * n / 2 / 10^10 repeat. */
    qsort(numbers, salts, sizeof *numbers, compare);
    for (unsigned long i = 1; i < salts; i++) {
        repeats += numbers[i - 1] == numbers[i];
    }
    double expected = (double)salts * (double)salts / 2e10;
    CHECK((double)repeats < expected + 20 + expected, "ten-digit salts repeat only by chance: %lu", repeats);
    printf("%lu ten-digit salts: chi-squared %.1f at most, below %.0f; %lu repeat, %.0f expected\n", salts, found,
           LIMIT_TEN, repeats, expected);
    free(numbers);
}

/* The control: each digit is a byte modulo ten, so the digits are not equally likely. */
static void biased(unsigned long wanted) {
    start();
    while (salts < wanted) {
        unsigned char bytes[TEN];
        char salt[TEN];
        need(getrandom(bytes, sizeof bytes, 0) == sizeof bytes, "getrandom");
        for (int i = 0; i < TEN; i++) {
            salt[i] = (char)('0' + bytes[i] % 10);
        }
        add(salt, TEN, TEN);
    }
    double found = chi_squared(TEN, TEN);
    CHECK(found > LIMIT_TEN, "control: a bias of two in a hundred is found");
    printf("control: digits by a byte modulo ten: chi-squared %.1f\n", found);
}

int main(int argc, char **argv) {
    unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    kayako_signer *signer = NULL;
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    hexadecimal(signer, wanted);
    ten_digits(wanted);
    biased(1000000);
    kayako_signer_free(signer);
    return report();
}
