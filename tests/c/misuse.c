/*
 * Every export, called as it should not be: it answers with a status, reads nothing that it was not given, and writes
 * nothing that it should not. What it may not touch lies on a page that cannot be touched.
 *
 * The argument is the largest batch that is really written, KAYAKO_BATCH_MAX unless it is given.
 */
#include "check.h"
#include "names.h"

#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- What a call is made of ---- */

/* Inputs of bytes first, then the other pointers. */
enum { API_KEY, SECRET_KEY, SALT, SIGNATURE, INPUTS, SIGNER = INPUTS, MADE, OUT, OUT_LEN, POINTERS };

struct call {
    struct {
        const void *start;
        size_t len;
    } in[INPUTS];
    const kayako_signer *signer;
    kayako_signer **made;
    size_t count;
    char *out;
    size_t out_cap;
    size_t *out_len;
};

static kayako_status signer_new(const struct call *c) {
    return kayako_signer_new(c->in[API_KEY].start, c->in[API_KEY].len, c->in[SECRET_KEY].start, c->in[SECRET_KEY].len,
                             c->made);
}

static kayako_status sign(const struct call *c) {
    return kayako_signer_sign(c->signer, c->in[SALT].start, c->in[SALT].len, c->out, c->out_cap, c->out_len);
}

static kayako_status sign_urlencoded(const struct call *c) {
    return kayako_signer_sign_urlencoded(c->signer, c->in[SALT].start, c->in[SALT].len, c->out, c->out_cap, c->out_len);
}

static kayako_status credentials(const struct call *c) {
    return kayako_signer_credentials(c->signer, c->out, c->out_cap, c->out_len);
}

static kayako_status with_salt(const struct call *c) {
    return kayako_signer_credentials_with_salt(c->signer, c->in[SALT].start, c->in[SALT].len, c->out, c->out_cap,
                                               c->out_len);
}

static kayako_status batch(const struct call *c) {
    return kayako_signer_credentials_batch(c->signer, c->count, c->out, c->out_cap, c->out_len);
}

static kayako_status verify(const struct call *c) {
    return kayako_signer_verify(c->signer, c->in[SALT].start, c->in[SALT].len, c->in[SIGNATURE].start,
                                c->in[SIGNATURE].len);
}

static kayako_status salt_generate(const struct call *c) {
    return kayako_salt_generate(c->out, c->out_cap, c->out_len);
}

#define TAKES(pointer) (1u << (pointer))
#define TEXT (TAKES(OUT) | TAKES(OUT_LEN))

struct export {
    const char *name;
    kayako_status (*call)(const struct call *);
    unsigned takes;
};

enum { NEW, SIGN, SIGN_URLENCODED, CREDENTIALS, WITH_SALT, BATCH, VERIFY, SALT_GENERATE, EXPORTS };

static const struct export exports[EXPORTS] = {
    [NEW] = {"kayako_signer_new", signer_new, TAKES(API_KEY) | TAKES(SECRET_KEY) | TAKES(MADE)},
    [SIGN] = {"kayako_signer_sign", sign, TAKES(SIGNER) | TAKES(SALT) | TEXT},
    [SIGN_URLENCODED] = {"kayako_signer_sign_urlencoded", sign_urlencoded, TAKES(SIGNER) | TAKES(SALT) | TEXT},
    [CREDENTIALS] = {"kayako_signer_credentials", credentials, TAKES(SIGNER) | TEXT},
    [WITH_SALT] = {"kayako_signer_credentials_with_salt", with_salt, TAKES(SIGNER) | TAKES(SALT) | TEXT},
    [BATCH] = {"kayako_signer_credentials_batch", batch, TAKES(SIGNER) | TEXT},
    [VERIFY] = {"kayako_signer_verify", verify, TAKES(SIGNER) | TAKES(SALT) | TAKES(SIGNATURE)},
    [SALT_GENERATE] = {"kayako_salt_generate", salt_generate, TEXT},
};

static const struct {
    const char *name;
    kayako_status null;
} pointers[POINTERS] = {
    [API_KEY] = {"api_key", KAYAKO_NULL_API_KEY},       [SECRET_KEY] = {"secret_key", KAYAKO_NULL_SECRET_KEY},
    [SALT] = {"salt", KAYAKO_NULL_SALT},                [SIGNATURE] = {"signature", KAYAKO_NULL_SIGNATURE},
    [SIGNER] = {"signer", KAYAKO_NULL_SIGNER},          [MADE] = {"signer", KAYAKO_NULL_SIGNER},
    [OUT] = {"out", KAYAKO_NULL_OUT},                   [OUT_LEN] = {"out_len", KAYAKO_NULL_OUT_LEN},
};

/* The rules of the inputs. A signature of any other length than the right one is refused, too. */
static const struct {
    size_t max;
    kayako_status too_long, empty;
} inputs[INPUTS] = {
    [API_KEY] = {KAYAKO_API_KEY_MAX, KAYAKO_API_KEY_TOO_LONG, KAYAKO_EMPTY_API_KEY},
    [SECRET_KEY] = {KAYAKO_SECRET_KEY_MAX, KAYAKO_SECRET_KEY_TOO_LONG, KAYAKO_EMPTY_SECRET_KEY},
    [SALT] = {KAYAKO_SALT_MAX, KAYAKO_SALT_TOO_LONG, KAYAKO_EMPTY_SALT},
    [SIGNATURE] = {KAYAKO_SIGNATURE_LEN, KAYAKO_REFUSED, KAYAKO_REFUSED},
};

/* ---- Making a call, and what it may leave behind ---- */

enum { FILL = 0xa5, WINDOW = 1024 };

static kayako_signer *signer;
static char *fence; /* The end of the buffer for outputs: from here on nothing can be touched. */
static size_t len, unset = SIZE_MAX / 3;
static kayako_signer *made, *const unmade = (kayako_signer *)&made;

static char current[200];
static unsigned long calls;

/* A call in which all is well: every other one is this one with something wrong. */
static struct call well(void) {
    return (struct call){
        .in = {[API_KEY] = {"apikey", 6},
               [SECRET_KEY] = {"secretkey", 9},
               [SALT] = {"1234567890", 10},
               [SIGNATURE] = {"VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=", 44}},
        .signer = signer,
        .made = &made,
        .count = 2,
        .out = fence - WINDOW,
        .out_cap = WINDOW,
        .out_len = &len,
    };
}

static bool untouched(const char *start, const char *end) {
    while (start < end && (unsigned char)*start == FILL) {
        start++;
    }
    return start == end;
}

/* Says what is tried, in case it crashes. */
static void begin(const char *name, const char *how, const char *what) {
    calls++;
    snprintf(current, sizeof current, "%s with %s %s", name, how, what);
}

static kayako_status attempt(const struct export *export, const struct call *call, const char *how, const char *what) {
    begin(export->name, how, what);
    memset(fence - WINDOW, FILL, WINDOW);
    len = unset;
    made = unmade;
    kayako_status status = export->call(call);
    bool ok = status == KAYAKO_OK;
    CHECK(ok || untouched(fence - WINDOW, fence), "%s: no text is written but with KAYAKO_OK", current);
    CHECK(ok || status == KAYAKO_BUFFER_TOO_SMALL || len == unset, "%s: *out_len is left alone", current);
    CHECK((made != unmade) == (ok && (export->takes & TAKES(MADE))), "%s: a signer is written with KAYAKO_OK", current);
    if (made != unmade) {
        kayako_signer_free(made);
    }
    return status;
}

static void expect(kayako_status expected, const struct export *export, const struct call *call, const char *how,
                   const char *what) {
    kayako_status status = attempt(export, call, how, what);
    CHECK(status == expected, "%s: gives %s", current, status_name(expected));
}

static void on_crash(int signal) {
    dprintf(STDERR_FILENO, "misuse.c: signal %d in call %lu, %s\n", signal, calls, current);
    _exit(EXIT_FAILURE);
}

/* ---- Memory that ends at a fence ---- */

/* The end of at least `len` bytes that can be used. The page behind them cannot. */
static char *fenced(size_t room) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t usable = (room + page - 1) / page * page;
    char *start = mmap(NULL, usable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(start != MAP_FAILED && mprotect(start + usable, page, PROT_NONE) == 0, "memory");
    return start + usable;
}

/* ---- The cases ---- */

/* NULL for each pointer, and for each set of them. */
static void null_pointers(const struct export *export) {
    for (unsigned set = export->takes; set > 0; set = (set - 1) & export->takes) {
        struct call call = well();
        char names[100] = "";
        for (int pointer = 0; pointer < POINTERS; pointer++) {
            if (set & TAKES(pointer)) {
                strcat(strcat(names, names[0] == '\0' ? "" : ", "), pointers[pointer].name);
            }
        }
        for (int input = 0; input < INPUTS; input++) {
            call.in[input].start = set & TAKES(input) ? NULL : call.in[input].start;
        }
        call.signer = set & TAKES(SIGNER) ? NULL : call.signer;
        call.made = set & TAKES(MADE) ? NULL : call.made;
        call.out = set & TAKES(OUT) ? NULL : call.out;
        call.out_len = set & TAKES(OUT_LEN) ? NULL : call.out_len;

        kayako_status status = attempt(export, &call, "NULL for", names);
        bool named = false;
        for (int pointer = 0; pointer < POINTERS; pointer++) {
            named = named || (set & TAKES(pointer) && status == pointers[pointer].null);
        }
        CHECK(named, "%s: the status names one of them", current);
    }
}

/* Inputs of no bytes, which are not read; inputs too long, which are refused before they are read. */
static void lengths(const struct export *export, int input, char *unreadable) {
    kayako_status empty = export == &exports[VERIFY] ? KAYAKO_REFUSED : inputs[input].empty;
    const char *name = pointers[input].name;
    struct call call = well();
    call.in[input].len = 0;
    expect(empty, export, &call, "no bytes of", name);
    call.in[input].start = unreadable;
    expect(empty, export, &call, "no bytes of an unreadable", name);
    call.in[input].start = NULL;
    expect(empty, export, &call, "no bytes at NULL for", name);

    const size_t too_long[] = {inputs[input].max + 1, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX - 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof too_long / sizeof too_long[0]; i++) {
        call.in[input].len = too_long[i];
        call.in[input].start = unreadable;
        expect(inputs[input].too_long, export, &call, "too many bytes of an unreadable", name);
        call.in[input].start = NULL;
        kayako_status status = attempt(export, &call, "too many bytes at NULL for", name);
        CHECK(status == inputs[input].too_long || status == pointers[input].null, "%s: is refused", current);
    }
}

/* Inputs that end where nothing may be read any more, up to the longest. */
static void input_ends(const struct export *export, int input, char *end) {
    size_t max = inputs[input].max;
    for (size_t n = 1; n <= max; n += n == 150 ? max - n : 1) {
        struct call call = well();
        call.in[input].start = memset(end - n, 'x', n);
        call.in[input].len = n;
        kayako_status expected = KAYAKO_OK;
        if (export == &exports[VERIFY]) {
            expected = KAYAKO_REFUSED; /* Nothing here is the right signature, or the salt of one. */
        } else if (export == &exports[WITH_SALT] && n >= WINDOW) {
            expected = KAYAKO_BUFFER_TOO_SMALL;
        }
        expect(expected, export, &call, "an unreadable page right behind", pointers[input].name);
    }
}

/* Text that stops within a character, where nothing may be read any more. */
static void cut_characters(char *end) {
    const char character[] = "\xf0\x9f\x98\x80";
    for (size_t n = 1; n < 4; n++) {
        struct call call = well();
        call.in[API_KEY].start = memcpy(end - n, character, n);
        call.in[API_KEY].len = n;
        expect(KAYAKO_API_KEY_NOT_UTF8, &exports[NEW], &call, "a character cut short in", "api_key");
    }
}

/* What the header says is long enough for what well() asks for. */
static size_t longest(const struct export *export) {
    switch (export - exports) {
    case SIGN: return KAYAKO_SIGNATURE_LEN;
    case SIGN_URLENCODED: return KAYAKO_SIGNATURE_URLENCODED_MAX;
    case SALT_GENERATE: return KAYAKO_SALT_LEN;
    case BATCH: return well().count * kayako_signer_insertion_max(signer);
    default: return kayako_signer_insertion_max(signer);
    }
}

/* Buffers of each size from nothing to more than enough, right before a page that cannot be written. */
static void rooms(const struct export *export) {
    for (size_t cap = 0; cap <= WINDOW; cap++) {
        struct call call = well();
        call.out = fence - cap;
        call.out_cap = cap;
        kayako_status status = attempt(export, &call, "a small", "out");
        bool fits = status == KAYAKO_OK && len < cap && call.out[len] == '\0' && strlen(call.out) == len;
        bool told = status == KAYAKO_BUFFER_TOO_SMALL && len >= cap && len <= longest(export);
        CHECK(fits || told, "%s: a whole text is written, or the length needed told", current);
        call.out_cap = (told ? len : longest(export)) + 1;
        call.out = fence - call.out_cap;
        expect(KAYAKO_OK, export, &call, "one byte more than the length told, or in the header, for", "out");
    }
    struct call call = well();
    call.out = NULL;
    call.out_cap = 0;
    expect(KAYAKO_BUFFER_TOO_SMALL, export, &call, "NULL and no room for", "out");
    call.out = fence;
    expect(KAYAKO_BUFFER_TOO_SMALL, export, &call, "an unwritable and no room for", "out");
}

/* A room that no buffer can have is no reason to fail: only what the text needs is touched. */
static void huge_rooms(const struct export *export) {
    const size_t huge[] = {SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX - 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        struct call call = well();
        call.out_cap = huge[i];
        expect(KAYAKO_OK, export, &call, "more room than there can be in", "out");
    }
}

/* Places for a length or a signer need no alignment. */
static void misaligned(const struct export *export) {
    static char place[2 * sizeof(size_t)];
    struct call call = well();
    call.out_len = (void *)(place + 1);
    call.made = (void *)(place + 1);
    memset(place, 0, sizeof place);
    /* A signer that is made lands in `place`, so attempt() cannot look at it. */
    begin(export->name, "misaligned", "places");
    CHECK(export->call(&call) == KAYAKO_OK, "%s: gives KAYAKO_OK", current);
    if (export->takes & TAKES(MADE)) {
        memcpy(&made, place + 1, sizeof made);
        kayako_signer_free(made);
    }
    if (export->takes & TAKES(OUT_LEN)) {
        memcpy(&len, place + 1, sizeof len);
        CHECK(len == strlen(call.out), "%s: the length is right", current);
    }
}

static void batches(size_t largest) {
    const struct export *export = &exports[BATCH];
    size_t line = kayako_signer_insertion_max(signer);
    struct call call = well();
    call.count = 0;
    expect(KAYAKO_OK, export, &call, "0 for", "count");
    CHECK(len == 0 && call.out[0] == '\0', "%s: gives an empty text", current);
    call.out_cap = 1;
    expect(KAYAKO_OK, export, &call, "0 and one byte for", "count and out");

    const size_t too_many[] = {KAYAKO_BATCH_MAX + 1, SIZE_MAX / 16 + 1, SIZE_MAX / 2 + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof too_many / sizeof too_many[0]; i++) {
        call.count = too_many[i];
        call.out_cap = SIZE_MAX;
        expect(KAYAKO_BATCH_TOO_LARGE, export, &call, "too large a", "count");
    }

    call.count = KAYAKO_BATCH_MAX;
    call.out_cap = WINDOW;
    expect(KAYAKO_BUFFER_TOO_SMALL, export, &call, "the largest", "count");
    CHECK(len <= KAYAKO_BATCH_MAX * line, "%s: what is needed is within what the header says", current);

    call.count = largest;
    call.out = fence - (largest * line + 1);
    call.out_cap = largest * line + 1;
    expect(KAYAKO_OK, export, &call, "the largest, and room for it, in", "count");
    size_t lines = 0;
    for (const char *end = call.out; (end = strchr(end, '\n')) != NULL; end++) {
        lines++;
    }
    CHECK(lines == largest && strlen(call.out) == len, "%s: gives that many lines", current);
}

/* Every number has a sentence, and only a status one of its own. */
static void messages(void) {
    const int32_t far[] = {INT32_MIN, INT32_MIN + 1, -65536, 65536, INT32_MAX - 1, INT32_MAX};
    const char *unknown = kayako_status_message(-1);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        begin("kayako_status_message", "a number that is far from a", "status");
        CHECK(strcmp(kayako_status_message(far[i]), unknown) == 0, "%d: is no status, as its sentence says", far[i]);
    }
    for (int32_t number = -1000; number <= 10000; number++) {
        begin("kayako_status_message", "each number of", "status");
        const char *sentence = kayako_status_message(number);
        const char *name = number < 0 ? NULL : status_name((kayako_status)number);
        CHECK((strcmp(sentence, unknown) != 0) == (name != NULL), "%d: has a sentence if it is a status", number);
        for (int32_t other = 0; name != NULL && other < number; other++) {
            CHECK(strcmp(sentence, kayako_status_message(other)) != 0, "%d: its sentence is its own", number);
        }
    }
}

static void nothing_at_all(void) {
    begin("kayako_signer_free", "NULL for", "signer");
    kayako_signer_free(NULL);
    begin("kayako_signer_insertion_max", "NULL for", "signer");
    CHECK(kayako_signer_insertion_max(NULL) == 0, "%s: gives 0", current);
}

int main(int argc, char **argv) {
    size_t largest = argc > 1 ? strtoul(argv[1], NULL, 10) : KAYAKO_BATCH_MAX;
    const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        signal(crashes[i], on_crash);
    }
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    fence = fenced(largest * kayako_signer_insertion_max(signer) + WINDOW);
    char *end = fenced(KAYAKO_SALT_MAX);

    for (const struct export *export = exports; export < exports + EXPORTS; export++) {
        null_pointers(export);
        for (int input = 0; input < INPUTS; input++) {
            if (export->takes & TAKES(input)) {
                lengths(export, input, end);
                input_ends(export, input, end);
            }
        }
        if (export->takes & TAKES(OUT)) {
            rooms(export);
            huge_rooms(export);
        }
        misaligned(export);
    }
    cut_characters(end);
    batches(largest);
    messages();
    nothing_at_all();
    kayako_signer_free(signer);
    printf("%lu calls, 0 crashes\n", calls);
    return report();
}
