/*
 * Calls every export in wrong ways. It returns a status, reads nothing beyond its inputs, and writes nothing that it
 * should not. Inputs and buffers end right before a page that cannot be read or written.
 *
 * The argument is the largest batch that is really written; the default is KAYAKO_BATCH_MAX.
 */
#include "calls.h"

#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* The limits that the header does not name, and the longest body that is really read here. */
enum { METHOD_MAX = 64, TEXT_MAX = 65536, BODY_READ = 65536 };

/* The rules of the inputs: the status for too many bytes, for none, and for many of the letter x after `start`. */
static const struct {
    size_t max;
    kayako_status too_long, empty, filled;
    const char *start;
} inputs[INPUTS] = {
    [API_KEY] = {KAYAKO_API_KEY_MAX, KAYAKO_API_KEY_TOO_LONG, KAYAKO_EMPTY_API_KEY, KAYAKO_OK, ""},
    [SECRET_KEY] = {KAYAKO_SECRET_KEY_MAX, KAYAKO_SECRET_KEY_TOO_LONG, KAYAKO_EMPTY_SECRET_KEY, KAYAKO_OK, ""},
    [SALT] = {KAYAKO_SALT_MAX, KAYAKO_SALT_TOO_LONG, KAYAKO_EMPTY_SALT, KAYAKO_OK, ""},
    [SIGNATURE] = {TEXT_MAX, KAYAKO_REFUSED, KAYAKO_REFUSED, KAYAKO_REFUSED, ""},
    [METHOD] = {METHOD_MAX, KAYAKO_METHOD_UNSUPPORTED, KAYAKO_METHOD_UNSUPPORTED, KAYAKO_METHOD_UNSUPPORTED, ""},
    [CONTENT_TYPE] = {TEXT_MAX, KAYAKO_CONTENT_TYPE_UNSUPPORTED, KAYAKO_CONTENT_TYPE_UNSUPPORTED,
                      KAYAKO_CONTENT_TYPE_UNSUPPORTED, ""},
    [URL] = {KAYAKO_URL_MAX, KAYAKO_URL_TOO_LONG, KAYAKO_URL_NOT_ABSOLUTE, KAYAKO_OK, "http://h?/Base/User/"},
    [BODY] = {PTRDIFF_MAX, KAYAKO_BODY_TOO_LONG, KAYAKO_OK, KAYAKO_OK, ""},
    [FORM] = {PTRDIFF_MAX, KAYAKO_BODY_TOO_LONG, KAYAKO_OK, KAYAKO_OK, ""},
    [PIECE] = {PTRDIFF_MAX, KAYAKO_BODY_TOO_LONG, KAYAKO_OK, KAYAKO_OK, ""},
};

/* Returns the status of an export for an input that breaks a rule. Three exports report it in their own way. */
static kayako_status answer(const struct export *export, kayako_status rule) {
    switch (export - exports) {
    case VERIFY: return KAYAKO_REFUSED;
    case DIAGNOSE:
    case DIAGNOSE_REQUEST: return KAYAKO_OK;
    default: return rule;
    }
}

/* A signature that is too long is refused like any other wrong one. */
static kayako_status answer_to_too_long(const struct export *export, int input) {
    return input == SIGNATURE ? answer(export, KAYAKO_REFUSED) : inputs[input].too_long;
}

static void on_crash(int signal) {
    dprintf(STDERR_FILENO, "misuse.c: signal %d in call %lu, %s\n", signal, calls, current);
    _exit(EXIT_FAILURE);
}

/* ---- Memory that ends at a fence ---- */

/* Returns the end of at least `room` bytes. The page after them cannot be read or written. */
static char *fenced(size_t room) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t usable = (room + page - 1) / page * page;
    char *start = mmap(NULL, usable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(start != MAP_FAILED && mprotect(start + usable, page, PROT_NONE) == 0, "memory");
    return start + usable;
}

/* ---- The cases ---- */

/* Passes NULL for each pointer, and for each set of pointers. */
static void null_pointers(const struct export *export) {
    for (unsigned set = export->takes; set > 0; set = (set - 1) & export->takes) {
        struct call call = good_call();
        char names[100] = "";
        for (int pointer = 0; pointer < POINTERS; pointer++) {
            if (set & TAKES(pointer)) {
                call.at[pointer] = NULL;
                strcat(strcat(names, names[0] == '\0' ? "" : ", "), pointers[pointer].name);
            }
        }
        kayako_status status = attempt(export, &call, "NULL for", names);
        bool named = false;
        for (int pointer = 0; pointer < POINTERS; pointer++) {
            named = named || (set & TAKES(pointer) && status == pointers[pointer].null);
        }
        CHECK(named, "%s: the status names one of them", current);
    }
}

/* Inputs of no bytes are not read, and inputs that are too long are refused before they are read. */
static void lengths(const struct export *export, int input, char *unreadable) {
    kayako_status empty = answer(export, inputs[input].empty);
    const char *name = pointers[input].name;
    struct call call = good_call();
    call.len[input] = 0;
    expect(empty, export, &call, "no bytes of", name);
    call.at[input] = unreadable;
    expect(empty, export, &call, "no bytes of an unreadable", name);
    call.at[input] = NULL;
    expect(empty, export, &call, "no bytes at NULL for", name);

    kayako_status too_long = answer_to_too_long(export, input);
    const size_t lens[] = {inputs[input].max + 1, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 2, SIZE_MAX - 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        call.len[input] = lens[i];
        call.at[input] = unreadable;
        expect(too_long, export, &call, "too many bytes of an unreadable", name);
        call.at[input] = NULL;
        kayako_status status = attempt(export, &call, "too many bytes at NULL for", name);
        CHECK(status == too_long || status == pointers[input].null, "%s: is refused", current);
    }
    call.len[input] = inputs[input].max;
    expect(pointers[input].null, export, &call, "the most bytes at NULL for", name);
}

/* Returns whether an export writes this input into its output. */
static bool copies(const struct export *export, int input) {
    switch (input) {
    case SALT: return export != &exports[SIGN] && export != &exports[SIGN_URLENCODED];
    case URL: return export == &exports[SIGN_URL] || export == &exports[SIGN_URL_WITH_SALT];
    default: return input == FORM;
    }
}

/* Passes inputs of each length that end right before the fence, up to the longest. */
static void inputs_at_the_fence(const struct export *export, int input, char *end) {
    size_t start_len = strlen(inputs[input].start);
    size_t max = inputs[input].max == PTRDIFF_MAX ? BODY_READ : inputs[input].max;
    for (size_t n = start_len + 1; n <= max; n += n == 150 ? max - n : 1) {
        struct call call = good_call();
        call.at[input] = memset(end - n, 'x', n);
        memcpy(end - n, inputs[input].start, start_len);
        call.len[input] = n;
        kayako_status expected = copies(export, input) && n >= WINDOW ? KAYAKO_BUFFER_TOO_SMALL : inputs[input].filled;
        expect(answer(export, expected), export, &call, "an unreadable page right after", pointers[input].name);
    }
}

/* Passes text that ends within a character, right before the fence. */
static void cut_characters(char *end) {
    const char character[] = "\xf0\x9f\x98\x80";
    for (size_t n = 1; n < 4; n++) {
        struct call call = good_call();
        call.at[API_KEY] = memcpy(end - n, character, n);
        call.len[API_KEY] = n;
        expect(KAYAKO_API_KEY_NOT_UTF8, &exports[NEW], &call, "a character cut short in", "api_key");
    }
}

/* Cuts each input of a request after each of its bytes, right before the fence. */
static void cut_requests(char *end) {
    static const struct {
        char *content_type, *body;
    } kinds[] = {
        {"application/x-www-form-urlencoded", "a%5B%5D=%C3%A9+1&b[c]=2&d"},
        {"multipart/form-data; boundary=\"kayako\"",
         "--kayako\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\n--\r\n--kayak\r\n--kayako\r\n"
         "Content-Disposition: form-data; name=\"f\"; filename=\"f\"\r\nContent-Type: text/plain\r\n\r\n2\r\n"
         "--kayako--\r\n"},
        {"application/json; charset=utf-8",
         " {\"a\": [1.5e3, true, null], \"b\": {\"c\": \"\\u00e9\\ud83d\\ude00\xc3\xa9\"}}\n"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct call whole = good_call();
        whole.at[CONTENT_TYPE] = kinds[i].content_type;
        whole.len[CONTENT_TYPE] = strlen(kinds[i].content_type);
        whole.at[BODY] = kinds[i].body;
        whole.len[BODY] = strlen(kinds[i].body);
        expect(KAYAKO_OK, &exports[SIGN_REQUEST], &whole, "a complete body of", kinds[i].content_type);
        for (int input = METHOD; input <= BODY; input++) {
            for (size_t n = 0; n < whole.len[input]; n++) {
                struct call call = whole;
                call.at[input] = memcpy(end - n, whole.at[input], n);
                call.len[input] = n;
                attempt(&exports[SIGN_REQUEST], &call, "too few bytes of", pointers[input].name);
                expect(KAYAKO_OK, &exports[DIAGNOSE_REQUEST], &call, "too few bytes of", pointers[input].name);
            }
        }
    }
}

/* Returns the upper bound that the header gives for the text of good_call(). */
static size_t longest(const struct export *export) {
    size_t insertion = kayako_signer_insertion_max(signer);
    switch (export - exports) {
    case SIGN: return KAYAKO_SIGNATURE_LEN;
    case SIGN_URLENCODED: return KAYAKO_SIGNATURE_URLENCODED_MAX;
    case SALT_GENERATE: return KAYAKO_SALT_LEN;
    case BATCH: return good_call().count * insertion;
    case SIGN_URL: return good_call().len[URL] + insertion;
    case SIGN_FORM: return good_call().len[FORM] + insertion;
    case WITH_SALT: return insertion + 3 * good_call().len[SALT];
    case SIGN_URL_WITH_SALT: return good_call().len[URL] + insertion + 3 * good_call().len[SALT];
    case SIGN_FORM_WITH_SALT: return good_call().len[FORM] + insertion + 3 * good_call().len[SALT];
    case SIGN_REQUEST_WITH_SALT: return insertion + 6 * good_call().len[SALT];
    default: return insertion;
    }
}

/* Passes buffers of each size from none to more than enough, right before the fence. */
static void buffer_sizes(const struct export *export) {
    struct call call = good_call();
    call.at[OUT] = NULL;
    call.out_cap = 0;
    expect(KAYAKO_BUFFER_TOO_SMALL, export, &call, "NULL and no room for", "out");
    size_t needed = len;
    CHECK(needed <= longest(export), "%s: the length is within the header's bound", current);
    for (size_t cap = 0; cap <= WINDOW; cap++) {
        call.at[OUT] = fence - cap;
        call.out_cap = cap;
        bool fits = cap > needed;
        expect(fits ? KAYAKO_OK : KAYAKO_BUFFER_TOO_SMALL, export, &call, fits ? "enough room in" : "a small", "out");
        CHECK(fits ? len <= needed && strlen(fence - cap) == len : len == needed,
              "%s: a complete text is written, or its length is returned, always the same", current);
    }
}

/* A size that no buffer can have is no error, because only the bytes of the text are written. */
static void impossible_buffer_sizes(const struct export *export) {
    const size_t huge[] = {SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX - 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        struct call call = good_call();
        call.out_cap = huge[i];
        expect(KAYAKO_OK, export, &call, "more room than there can be in", "out");
    }
}

/* Outputs need no alignment, and nothing beside them is written. */
static void misaligned_outputs(const struct export *export) {
    enum { ROOM = 3 * sizeof(size_t) };
    static char odd[POINTERS][ROOM];
    struct call call = good_call();
    memset(odd, FILL, sizeof odd);
    for (int output = OUT_LEN; output < POINTERS; output++) {
        call.at[output] = odd[output] + 1;
    }
    /* attempt() looks at the usual outputs, so it cannot make this call. */
    begin(export->name, "misaligned", "outputs");
    CHECK(export->call(&call) == KAYAKO_OK, "%s: returns KAYAKO_OK", current);
    for (int output = OUT_LEN; output < POINTERS; output++) {
        size_t size = export->takes & TAKES(output) ? outputs[output].size : 0;
        CHECK(untouched(odd[output], odd[output] + 1) && untouched(odd[output] + 1 + size, odd[output] + ROOM),
              "%s: nothing is written beside %s", current, pointers[output].name);
        memcpy(outputs[output].start, odd[output] + 1, size);
    }
    free_new_handles(export);
    CHECK(!(export->takes & TAKES(OUT_LEN)) || len == strlen(call.at[OUT]), "%s: the length is right", current);
    CHECK(!(export->takes & TAKES(TARGET)) || target == KAYAKO_TARGET_BODY, "%s: the target is right", current);
    CHECK(!(export->takes & TAKES(OFFSET)) || offset == 0, "%s: the offset is right", current);
    CHECK(!(export->takes & TAKES(DIAGNOSIS)) || diagnosis_name(diagnosis) != NULL, "%s: it is a diagnosis", current);
}

static void batches(size_t largest) {
    const struct export *export = &exports[BATCH];
    size_t line = kayako_signer_insertion_max(signer);
    struct call call = good_call();
    call.count = 0;
    expect(KAYAKO_OK, export, &call, "0 for", "count");
    CHECK(len == 0 && fence[-WINDOW] == '\0', "%s: writes an empty text", current);
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
    CHECK(len <= KAYAKO_BATCH_MAX * line, "%s: the length is within the header's bound", current);

    const char *text = fence - (largest * line + 1);
    call.count = largest;
    call.at[OUT] = fence - (largest * line + 1);
    call.out_cap = largest * line + 1;
    expect(KAYAKO_OK, export, &call, "the largest, and room for it, in", "count");
    size_t lines = 0;
    for (const char *end = text; (end = strchr(end, '\n')) != NULL; end++) {
        lines++;
    }
    CHECK(lines == largest && strlen(text) == len, "%s: writes that many lines", current);
}

/* Every number has a message. A status or a diagnosis has its own, all other numbers share one. */
static void messages(const char *function, const char *(*message)(int32_t), const char *(*name)(int32_t)) {
    const int32_t far[] = {INT32_MIN, INT32_MIN + 1, -65536, 65536, INT32_MAX - 1, INT32_MAX};
    begin(function, "all kinds of", "numbers");
    const char *unknown = message(-1);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        CHECK(strcmp(message(far[i]), unknown) == 0, "%s(%d): is the message of unknown numbers", function, far[i]);
    }
    for (int32_t number = -1000; number <= 10000; number++) {
        const char *text = message(number);
        calls++;
        CHECK((strcmp(text, unknown) != 0) == (name(number) != NULL), "%s(%d): is unknown if it has no name", function,
              number);
        for (int32_t other = 0; name(number) != NULL && other < number; other++) {
            CHECK(strcmp(text, message(other)) != 0, "%s(%d): no other number has this message", function, number);
        }
    }
}

/* The server accepts five diagnoses: good ones, those that it forgives, and those with a reservation. */
static void accepted(void) {
    begin("kayako_diagnosis_is_accepted", "all kinds of", "numbers");
    const int32_t far[] = {INT32_MIN, INT32_MIN + 1, -65536, 65536, INT32_MAX - 1, INT32_MAX};
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        CHECK(kayako_diagnosis_is_accepted(far[i]) == 0, "%d: is no diagnosis and not accepted", far[i]);
        CHECK(kayako_diagnosis_answer_status(far[i]) == 0, "%d: is no diagnosis and has no answer", far[i]);
    }
    for (int32_t number = -1000; number <= 10000; number++) {
        calls++;
        bool takes = number == KAYAKO_DIAGNOSIS_GOOD || number == KAYAKO_DIAGNOSIS_PLUS_LOST ||
                     number == KAYAKO_DIAGNOSIS_WHITESPACE_AROUND || number == KAYAKO_DIAGNOSIS_PATH_URL ||
                     number == KAYAKO_DIAGNOSIS_FIELDS_NOT_READ;
        CHECK(kayako_diagnosis_is_accepted(number) == (takes ? 1 : 0), "%d: is %s", number,
              takes ? "accepted" : "not accepted");
        int answer = kayako_diagnosis_answer_status(number);
        CHECK((answer == 0) == (diagnosis_name(number) == NULL), "%d: has an answer if it is a diagnosis", number);
        CHECK(!takes || answer == 200, "%d: is accepted, so the answer is 200", number);
    }
}

static void null_handles(void) {
    begin("kayako_signer_free", "NULL for", "signer");
    kayako_signer_free(NULL);
    begin("kayako_signer_insertion_max", "NULL for", "signer");
    CHECK(kayako_signer_insertion_max(NULL) == 0, "%s: returns 0", current);
    begin("kayako_upload_free", "NULL for", "upload");
    kayako_upload_free(NULL);
}

int main(int argc, char **argv) {
    size_t largest = argc > 1 ? strtoul(argv[1], NULL, 10) : KAYAKO_BATCH_MAX;
    const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        signal(crashes[i], on_crash);
    }
    begin_calls(fenced((largest + 1) * WINDOW));
    char *end = fenced(KAYAKO_URL_MAX);

    for (const struct export *export = exports; export < exports + EXPORTS; export++) {
        null_pointers(export);
        for (int input = 0; input < INPUTS; input++) {
            if (export->takes & TAKES(input)) {
                lengths(export, input, end);
                inputs_at_the_fence(export, input, end);
            }
        }
        if (export->takes & TAKES(OUT)) {
            buffer_sizes(export);
            impossible_buffer_sizes(export);
        }
        misaligned_outputs(export);
    }
    cut_characters(end);
    cut_requests(end);
    batches(largest);
    messages("kayako_status_message", kayako_status_message, status_name);
    messages("kayako_diagnosis_message", kayako_diagnosis_message, diagnosis_name);
    accepted();
    null_handles();
    end_calls();
    printf("%lu calls, 0 crashes\n", calls);
    return report();
}
