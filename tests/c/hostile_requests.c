/*
 * Requests that are made to be slow or to take memory. If one is twice as long, it takes about twice the time. One of
 * 50 MB takes no memory; the process may use as much as the input, and 24 MB more.
 *
 * The argument is the size of the larger body in KB; the default is 4,000. Processor time is measured, so that other
 * programs do not count.
 */
#include "check.h"
#include "names.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    REPEATS = 3,          /* The fastest run counts. */
    MOST_ROUNDS = 5,      /* A ratio that is too high is measured again: another program may have emptied the caches. */
    LARGE = 50 * 1000000, /* Bytes of a body when memory is measured. */
    ROOM = 24 * 1000000,  /* Bytes of memory that the process has beside URL and body. */
    MOST_GROWTH = 512     /* KiB, for the code that a child runs for the first time. */
};
static const double MOST_RATIO = 3.0;      /* Time that grows with the square has a ratio of 4. */
static const double LEAST_SECONDS = 0.004; /* Below it, the processor's caches count more. */

#define URL_START "https://help.example.com/api/index.php"
#define ROUTE URL_START "?/Base/User"
#define FORM "application/x-www-form-urlencoded"
#define DASHES "----------------------------------------------------------------------" /* 70 */
#define LETTERS "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SIGNATURE "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=" /* Of another salt. */
#define DISPOSITION "Content-Disposition: form-data; name=\"a\""

/* A URL or a body: `start`, then `unit` again and again, then `end`. */
struct text {
    const char *start, *unit, *end;
};

static const struct kind {
    const char *name, *method, *content_type;
    struct text url, body;
} kinds[] = {
    {"URL: slashes in the path", "GET", "", {"https://h/api", "/", "index.php?/Base/User"}, {"", "", ""}},
    {"URL: api in the path", "GET", "", {"https://h/", "api/", "index.php?/Base/User"}, {"", "", ""}},
    {"URL: a rewritten path of escapes", "GET", "", {"https://h/api/Base/User&e=", "%25252525", ""}, {"", "", ""}},
    {"URL: path-info of escapes", "GET", "", {URL_START "/Base/User/", "%2525", "&salt=1"}, {"", "", ""}},
    {"URL: &", "GET", "", {ROUTE, "&", "salt=1"}, {"", "", ""}},
    {"URL: a parameter in each 2 bytes", "GET", "", {ROUTE, "&a", ""}, {"", "", ""}},
    {"URL: amp;", "GET", "", {ROUTE, "&amp;amp;", "salt=1"}, {"", "", ""}},
    {"URL: percent signs", "GET", "", {ROUTE "&", "%", "=1"}, {"", "", ""}},
    {"URL: spaces before a name", "GET", "", {ROUTE "&", "+", "salt=1"}, {"", "", ""}},
    {"URL: brackets", "GET", "", {ROUTE "&salt", "[", "]=1"}, {"", "", ""}},
    {"URL: e, escaped four times", "GET", "", {URL_START "?e=/Base/User/", "%2525252531", ""}, {"", "", ""}},
    {"URL: a route of %252", "GET", "", {ROUTE, "%252", ""}, {"", "", ""}},
    {"URL: one salt", "GET", "", {ROUTE "&apikey=apikey&signature=" SIGNATURE "&salt=", "x", ""}, {"", "", ""}},
    {"form: one salt", "POST", FORM, {ROUTE, "", ""}, {"apikey=apikey&signature=" SIGNATURE "&salt=", "x", ""}},
    {"form: one salt of escapes", "POST", FORM, {ROUTE, "", ""},
     {"apikey=apikey&signature=" SIGNATURE "&salt=", "%41", ""}},
    {"form: one signature of spaces", "POST", FORM, {ROUTE, "", ""}, {"apikey=apikey&salt=1&signature=", "+", ""}},
    {"form: one name", "POST", FORM, {ROUTE, "", ""}, {"", "x", "=1"}},
    {"form: &", "POST", FORM, {ROUTE, "", ""}, {"", "&", "salt=1"}},
    {"form: a field in each 2 bytes", "POST", FORM, {ROUTE, "", ""}, {"", "a&", "salt=1"}},
    {"form: spaces before a name", "POST", FORM, {ROUTE, "", ""}, {"", "+", "salt=1"}},
    {"form: brackets", "POST", FORM, {ROUTE, "", ""}, {"salt", "[", "]=1"}},
    {"form: percent signs", "POST", FORM, {ROUTE, "", ""}, {"", "%", "=1"}},
    {"form: e", "POST", FORM, {URL_START, "", ""}, {"e=/Base/User/", "%2525", ""}},
    {"multipart: dashes for a boundary, and a body", "POST", "multipart/form-data; boundary=" DASHES, {ROUTE, "", ""},
     {"", "-", ""}},
    {"multipart: dashes after a boundary of dashes", "POST", "multipart/form-data; boundary=" DASHES, {ROUTE, "", ""},
     {"--" DASHES "\r\n" DISPOSITION "\r\n\r\n", "-", "\r\n--" DASHES "--\r\n"}},
    {"multipart: half boundaries", "POST", "multipart/form-data; boundary=" LETTERS, {ROUTE, "", ""},
     {"--" LETTERS "\r\n" DISPOSITION "\r\n\r\n", "\n--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "\r\n--" LETTERS "--\r\n"}},
    {"multipart: line feeds", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\n" DISPOSITION "\r\n\r\n", "\n", "--X--\r\n"}},
    {"multipart: folded lines", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\n" DISPOSITION ";\r\n", " x\r\n", "\r\n1\r\n--X--\r\n"}},
    {"multipart: folded lines of pairs", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\nContent-Disposition: form-data;\r\n", " name=a;\r\n", "\r\n1\r\n--X--\r\n"}},
    {"multipart: one header line", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\n" DISPOSITION "; x=\"", "\\\"", "\"\r\n\r\n1\r\n--X--\r\n"}},
    {"multipart: semicolons", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\n" DISPOSITION, ";", "\r\n\r\n1\r\n--X--\r\n"}},
    {"multipart: header lines", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\n" DISPOSITION "\r\n", "a:\r\n", "\r\n1\r\n--X--\r\n"}},
    {"multipart: parts without a name", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"", "--X\r\n\r\n\r\n", "--X--\r\n"}},
    {"multipart: fields", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"", "--X\r\n" DISPOSITION "\r\n\r\n1\r\n", "--X--\r\n"}},
    {"multipart: one salt", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\napikey\r\n"
      "--X\r\nContent-Disposition: form-data; name=\"signature\"\r\n\r\n" SIGNATURE "\r\n"
      "--X\r\nContent-Disposition: form-data; name=\"salt\"\r\n\r\n",
      "x", "\r\n--X--\r\n"}},
    {"multipart: a file beyond MAX_FILE_SIZE", "POST", "multipart/form-data; boundary=X", {ROUTE, "", ""},
     {"--X\r\nContent-Disposition: form-data; name=\"MAX_FILE_SIZE\"\r\n\r\n1\r\n--X\r\n" DISPOSITION
      "; filename=\"f\"\r\n\r\n", "\n--", "\r\n--X--\r\n"}},
    {"JSON: arrays", "POST", "application/json", {ROUTE, "", ""}, {"{\"a\":", "[", "}"}},
    {"JSON: arrays beside each other", "POST", "application/json", {ROUTE, "", ""}, {"{\"a\":[[]", ",[]", "]}"}},
    {"JSON: objects", "POST", "application/json", {ROUTE, "", ""}, {"{\"a\":", "{\"\":", "}"}},
    {"JSON: members", "POST", "application/json", {ROUTE, "", ""}, {"{\"a\":1", ",\"a\":1", "}"}},
    {"JSON: one name of escapes", "POST", "application/json", {ROUTE, "", ""}, {"{\"", "\\u0061", "\":1}"}},
    {"JSON: one salt", "POST", "application/json", {ROUTE, "", ""},
     {"{\"apikey\":\"apikey\",\"signature\":\"" SIGNATURE "\",\"salt\":\"", "x", "\"}"}},
    {"JSON: one salt of escapes", "POST", "application/json", {ROUTE, "", ""},
     {"{\"apikey\":\"apikey\",\"signature\":\"" SIGNATURE "\",\"salt\":\"", "\\u0061", "\"}"}},
    {"JSON: a number for a salt", "POST", "application/json", {ROUTE, "", ""},
     {"{\"apikey\":\"apikey\",\"signature\":\"" SIGNATURE "\",\"salt\":", "1", "}"}},
    {"JSON: a fraction for a salt", "POST", "application/json", {ROUTE, "", ""},
     {"{\"apikey\":\"apikey\",\"signature\":\"" SIGNATURE "\",\"salt\":0.", "0", "1}"}},
    {"JSON: white space", "POST", "application/json", {ROUTE, "", ""}, {"", " ", "{}"}},
    {"JSON: backslashes", "POST", "application/json", {ROUTE, "", ""}, {"{\"a\":\"", "\\\\", "\"}"}},
    {"text: dashes", "POST", "text/plain", {ROUTE, "", ""}, {"", "-", ""}},
    {"text: a form", "POST", "text/plain", {ROUTE, "", ""}, {"", "a&", "salt=1"}},
};

static kayako_signer *signer;

/* ---- Making them ---- */

struct bytes {
    char *start;
    size_t len;
};

/* The URL and the body that are measured. This program never copies them. */
static struct bytes url, body;

static void make(struct bytes *into, const struct text *text, size_t size) {
    size_t start = strlen(text->start), unit = strlen(text->unit), end = strlen(text->end);
    memcpy(into->start, text->start, start);
    into->len = start;
    size_t all = unit > 0 ? (size - start - end) / unit * unit : 0;
    for (size_t made = 0; made < all;) {
        /* Copies the unit, and after that everything made so far. */
        size_t more = made == 0 ? unit : made < all - made ? made : all - made;
        memcpy(into->start + start + made, made == 0 ? text->unit : into->start + start, more);
        made += more;
    }
    into->len += all;
    memcpy(into->start + into->len, text->end, end);
    into->len += end;
}

/* Makes a request with a body of about `size` bytes and a URL of about `url_size`. */
static void make_request(const struct kind *kind, size_t size, size_t url_size) {
    make(&url, &kind->url, url_size);
    make(&body, &kind->body, size);
}

/* ---- Signing and diagnosing them ---- */

static int32_t sign(const struct kind *kind) {
    char out[2048];
    size_t offset, len;
    int32_t target;
    return kayako_signer_sign_request(signer, kind->method, strlen(kind->method), kind->content_type,
                                      strlen(kind->content_type), url.start, url.len, body.start, body.len, &target,
                                      &offset, out, sizeof out, &len);
}

/* Returns a status, or 1,000 and a diagnosis. */
static int32_t diagnose(const struct kind *kind) {
    int32_t diagnosis = -1;
    kayako_status status = kayako_signer_diagnose_request(
        signer, kind->method, strlen(kind->method), kind->content_type, strlen(kind->content_type), url.start, url.len,
        body.start, body.len, &diagnosis);
    return status == KAYAKO_OK ? 1000 + diagnosis : status;
}

typedef int32_t work(const struct kind *);

static const char *name_of(int32_t answer) {
    const char *name = answer < 1000 ? status_name(answer) : diagnosis_name(answer - 1000);
    return name == NULL ? "a number without a name" : name + strlen("KAYAKO_");
}

static double least(double one, double other) {
    return one < other ? one : other;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Returns the seconds of the fastest run. */
static double seconds(work *works, const struct kind *kind) {
    double best = 1e9;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = now();
        works(kind);
        best = least(best, now() - start);
    }
    return best;
}

static long peak(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Works in a child with little more memory than the input. Returns its growth in KiB, or -1 if its answer differs. */
static long growth(work *works, const struct kind *kind, int32_t expected) {
    int ends[2];
    long grown = -1;
    need(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        const struct rlimit limit = {LARGE + KAYAKO_URL_MAX + ROOM, LARGE + KAYAKO_URL_MAX + ROOM};
        setrlimit(RLIMIT_AS, &limit);
        works(&kinds[0]); /* The first call of a process takes some memory with any input. */
        long before = peak();
        int32_t answer = works(kind);
        grown = answer == expected ? peak() - before : -1;
        _exit(write(ends[1], &grown, sizeof grown) == sizeof grown ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &grown, sizeof grown);
    close(ends[0]);
    int status;
    need(waitpid(child, &status, 0) == child, "waitpid");
    return got == sizeof grown && status == 0 ? grown : -1;
}

static bool grows_too_fast(double half, double whole) {
    return whole >= LEAST_SECONDS && whole / half >= MOST_RATIO;
}

static void check_work(const char *name, work *works, const struct kind *kind, size_t size) {
    double half = 1e9, whole = 1e9;
    int rounds = 0;
    do {
        make_request(kind, size / 2, KAYAKO_URL_MAX / 2);
        half = least(half, seconds(works, kind));
        make_request(kind, size, KAYAKO_URL_MAX);
        whole = least(whole, seconds(works, kind));
    } while (grows_too_fast(half, whole) && ++rounds < MOST_ROUNDS);
    int32_t answer = works(kind);
    make_request(kind, LARGE, KAYAKO_URL_MAX);
    long grown = growth(works, kind, answer);
    double ratio = whole / half;
    CHECK(!grows_too_fast(half, whole), "%s, %s: time doubles with the input, and is not %.1f times as long",
          kind->name, name, ratio);
    CHECK(grown >= 0, "%s, %s: with little memory the answer is the same", kind->name, name);
    CHECK(grown <= MOST_GROWTH, "%s, %s: takes no memory, but grew by %ld KiB", kind->name, name, grown);
    printf("%-45s %-8s %8.2f ms %8.2f ms ", kind->name, name, 1e3 * half, 1e3 * whole);
    printf(whole >= LEAST_SECONDS ? "%5.2f" : "    -", ratio);
    printf(" %5ld KiB  %s\n", grown, name_of(answer));
}

static struct bytes room(size_t size) {
    char *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(start != MAP_FAILED, "memory");
    return (struct bytes){start, 0};
}

int main(int argc, char **argv) {
    size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 4000) * 1000;
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    setvbuf(stdout, NULL, _IONBF, 0);
    url = room(KAYAKO_URL_MAX);
    body = room(LARGE);
    printf("bodies of %zu and %zu bytes, URLs of %d and %d; memory at %d bytes\n", size / 2, size, KAYAKO_URL_MAX / 2,
           KAYAKO_URL_MAX, LARGE);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        check_work("sign", sign, &kinds[i], size);
        check_work("diagnose", diagnose, &kinds[i], size);
    }
    kayako_signer_free(signer);
    return report();
}
