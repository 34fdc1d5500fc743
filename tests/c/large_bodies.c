/*
 * Signs large bodies. Memory does not grow with the body; the time is shown beside that of reading each byte once.
 *
 * The argument is the size of a body in MB; the default is 100.
 */
#include "check.h"

#include <kayako_sign.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    MOST_GROWTH = 1024, /* KiB */
    REPEATS = 3         /* The fastest run counts. */
};

static const char FORM[] = "application/x-www-form-urlencoded";
static const char MULTIPART[] = "multipart/form-data; boundary=kayako";
static const char JSON[] = "application/json";

#define ONE_FILE "--kayako\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
#define END "--kayako--\r\n"

/* A body is `start`, then `unit` again and again, then `end`. If `unit` is NULL, random bytes are in its place. */
static const struct kind {
    const char *name, *content_type, *start, *unit, *end;
} kinds[] = {
    {"multipart, one binary file", MULTIPART, ONE_FILE, NULL, "\r\n" END},
    {"multipart, one file of text", MULTIPART, ONE_FILE, "A line of text, as long as such lines are.\n", "\r\n" END},
    {"multipart, one file of half boundaries", MULTIPART, ONE_FILE, "\n--kayak", "\r\n" END},
    {"multipart, one file of empty lines", MULTIPART, ONE_FILE, "\r\n", "\r\n" END},
    {"form, one value", FORM, "text=", "x", ""},
    {"form, one value of escapes", FORM, "text=", "%C3%A9", ""},
    {"JSON, one text", JSON, "{\"text\": \"", "x", "\"}"},
    {"JSON, a number in each 10 bytes", JSON, "{\"list\": [1", ",123456789", "]}"},
};

static char *body;
static size_t body_len;

/* Makes a body of about `size` bytes, none of which is 0xff. */
static void make(const struct kind *kind, size_t size) {
    size_t unit = kind->unit == NULL ? 1 : strlen(kind->unit);
    unsigned random = 1;
    body_len = strlen(kind->start);
    memcpy(body, kind->start, body_len);
    for (; body_len + unit + strlen(kind->end) <= size; body_len += unit) {
        if (kind->unit == NULL) {
            random = random * 1664525 + 1013904223;
            body[body_len] = (char)((random >> 24) % 255);
        } else {
            memcpy(body + body_len, kind->unit, unit);
        }
    }
    memcpy(body + body_len, kind->end, strlen(kind->end));
    body_len += strlen(kind->end);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static bool read_once(const kayako_signer *signer, const char *content_type) {
    (void)signer, (void)content_type;
    return memchr(body, 0xff, body_len) == NULL;
}

static bool sign(const kayako_signer *signer, const char *content_type) {
    static const char url[] = "https://help.example.com/api/index.php?/Tickets/Ticket";
    char out[1024];
    size_t len, offset;
    int32_t target;
    return kayako_signer_sign_request(signer, "POST", 4, content_type, strlen(content_type), url, sizeof url - 1, body,
                                      body_len, &target, &offset, out, sizeof out, &len) == KAYAKO_OK;
}

/* Returns the seconds of the fastest run. */
static double time_of(bool (*work)(const kayako_signer *, const char *), const kayako_signer *signer,
                      const struct kind *kind, const char *what) {
    double best = 1e9;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = seconds();
        bool done = work(signer, kind->content_type);
        double taken = seconds() - start;
        CHECK(done, "%s: is %s", kind->name, what);
        best = taken < best ? taken : best;
    }
    return best;
}

int main(int argc, char **argv) {
    size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 100) * 1000000;
    kayako_signer *signer = NULL;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    printf("bodies of %zu bytes\n", size);
    body = malloc(size);
    need(body != NULL, "memory");
    printf("%-40s %9s %9s %6s %11s\n", "body", "memchr", "signing", "ratio", "more memory");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        make(&kinds[i], size);
        double reading = time_of(read_once, signer, &kinds[i], "read");
        long before = peak();
        double signing = time_of(sign, signer, &kinds[i], "signed");
        long growth = peak() - before;
        CHECK(growth <= MOST_GROWTH, "%s: memory does not grow with the body, but by %ld KiB", kinds[i].name, growth);
        printf("%-40s %6.1f ms %6.1f ms %6.2f %7ld KiB\n", kinds[i].name, 1e3 * reading, 1e3 * signing,
               signing / reading, growth);
    }
    free(body);
    kayako_signer_free(signer);
    return report();
}
