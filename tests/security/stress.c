/*
 * Calls every export in bad circumstances: on the smallest stack that a thread can have, without the standard
 * descriptors, with buffers that overlap, and interrupted by a signal handler that signs, too. Each call returns a
 * status, and nothing crashes.
 *
 * Each case runs in a process of its own, so that a crash is a failed check.
 */
#include "check.h"
#include "exports.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALLEST_STACK = 16 * 1024, DEEPEST = 511, ROUNDS = 3 };

static kayako_signer *signer;
static char out[EXPORT_ROOM];
static unsigned long calls;

/* Runs `holds` in a child. Returns 0 if it holds, 1 if not, and 128 plus the signal's number if the child crashed. */
static int in_child(bool (*holds)(const struct export *), const struct export *export) {
    pid_t child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        _exit(holds(export) ? 0 : 1);
    }
    int status;
    need(waitpid(child, &status, 0) == child, "waitpid");
    calls++;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- Stacks ---- */

struct job {
    const struct export *export;
    struct arguments arguments;
    kayako_status expected;
    bool good;
};

static void *run(void *argument) {
    struct job *job = argument;
    for (int round = 0; round < ROUNDS; round++) {
        job->good = job->export->call(&job->arguments) == job->expected && job->good;
    }
    return NULL;
}

static bool on_small_stack(struct job *job, void *(*body)(void *)) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    return pthread_attr_setstacksize(&attributes, SMALLEST_STACK) == 0 &&
           pthread_create(&thread, &attributes, body, job) == 0 && pthread_join(thread, NULL) == 0 && job->good;
}

static bool small_stack(const struct export *export) {
    struct job job = {export, good_arguments(signer, out), KAYAKO_OK, true};
    return on_small_stack(&job, run);
}

/* Returns an object of this many levels. `inner` begins every second level: an array or an object. */
static const char *nested(size_t levels, const char *inner) {
    static char body[8 * (DEEPEST + 1)];
    char *end = body;
    for (size_t level = 0; level < levels; level++) {
        end = stpcpy(end, level % 2 == 0 ? "{\"\":" : inner);
    }
    end = stpcpy(end, "\"\\u00e9\"");
    for (size_t level = levels; level > 0; level--) {
        *end++ = level % 2 == 0 && *inner == '[' ? ']' : '}';
    }
    *end = '\0';
    return body;
}

static bool nested_json(const struct export *export, size_t levels) {
    static const char *const inner[] = {"[", "{\"\\u00e9\":"};
    bool good = true;
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        bool signs = export->call == call_sign_json || export->call == call_sign_json_with_salt;
        bool refuses = levels > DEEPEST && signs;
        struct job job = {export, good_arguments(signer, out), refuses ? KAYAKO_JSON_INVALID : KAYAKO_OK, true};
        job.arguments.body = nested(levels, inner[i]);
        job.arguments.body_len = strlen(job.arguments.body);
        good = on_small_stack(&job, run) && good;
    }
    return good;
}

static bool small_stack_and_deepest_json(const struct export *export) {
    return nested_json(export, DEEPEST);
}

static bool small_stack_and_deeper_json(const struct export *export) {
    return nested_json(export, DEEPEST + 1);
}

static void *overflow(void *argument) {
    volatile char more[2 * SMALLEST_STACK];
    for (size_t i = sizeof more; i > 0; i -= 1024) {
        more[i - 1] = 1;
    }
    return argument;
}

static bool small_stack_is_small(const struct export *export) {
    struct job job = {export, good_arguments(signer, out), KAYAKO_OK, true};
    return on_small_stack(&job, overflow);
}

/* ---- Descriptors ---- */

static bool without_descriptors(const struct export *export) {
    struct arguments arguments = good_arguments(signer, out);
    close(0);
    close(1);
    close(2);
    bool good = true;
    for (int round = 0; round < ROUNDS; round++) {
        good = export->call(&arguments) == KAYAKO_OK && good;
    }
    /* A descriptor that the call opened and did not close would now be one of the three. */
    return good && close(0) != 0 && close(1) != 0 && close(2) != 0;
}

/* ---- Buffers that overlap, right before a page that cannot be read or written ---- */

static char *fence;

/* Puts the output at many distances from an input, in the same memory. Any status except KAYAKO_PANIC is right. */
static bool overlapping(const struct export *export) {
    enum { SPAN = 320 };
    for (size_t input = 1; input <= SPAN; input += 7) {
        for (size_t cap = 1; cap <= SPAN; cap += 13) {
            memset(fence - 2 * SPAN, 'a', 2 * SPAN);
            struct arguments arguments = good_arguments(signer, fence - cap);
            arguments.out_cap = cap;
            arguments.salt = fence - input;
            arguments.salt_len = input;
            if (input > sizeof good_url) {
                arguments.url = memcpy(fence - input, good_url, sizeof good_url);
                arguments.signature = fence - input;
            }
            kayako_status status = export->call(&arguments);
            if (status == KAYAKO_PANIC || *kayako_status_message((int32_t)status) == 'u') {
                return false;
            }
            for (const char *at = fence - 2 * SPAN; at < fence - SPAN; at++) {
                if (*at != 'a') {
                    return false;
                }
            }
        }
    }
    return true;
}

static bool write_after_the_fence(const struct export *export) {
    (void)export;
    *(volatile char *)fence = 1;
    return true;
}

/* ---- Signals ---- */

static volatile sig_atomic_t handled, wrong_in_handler;
static struct arguments in_handler;
static char handler_out[EXPORT_ROOM];

static void handle(int number) {
    (void)number;
    handled++;
    bool good = call_sign(&in_handler) == KAYAKO_OK && memcmp(handler_out, good_signature, KAYAKO_SIGNATURE_LEN) == 0 &&
                call_verify(&in_handler) == KAYAKO_OK && call_credentials(&in_handler) == KAYAKO_OK &&
                call_salt_generate(&in_handler) == KAYAKO_OK;
    wrong_in_handler += !good;
}

static bool interrupted(const struct export *export) {
    enum { ENOUGH = 300, MICROSECONDS = 50 };
    struct arguments arguments = good_arguments(signer, out);
    in_handler = good_arguments(signer, handler_out);
    struct sigaction action = {.sa_handler = handle};
    struct itimerval timer = {{0, MICROSECONDS}, {0, MICROSECONDS}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    bool good = true;
    while (handled < ENOUGH && good) {
        good = export->call(&arguments) == KAYAKO_OK && (export->call != call_sign || strcmp(out, good_signature) == 0);
    }
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
    return good && wrong_in_handler == 0;
}

int main(void) {
    static const struct {
        const char *what;
        bool (*holds)(const struct export *);
    } circumstances[] = {
        {"on a stack of 16 KiB", small_stack},
        {"on a stack of 16 KiB with the deepest JSON", small_stack_and_deepest_json},
        {"on a stack of 16 KiB with JSON that is too deep", small_stack_and_deeper_json},
        {"without the descriptors 0 to 2", without_descriptors},
        {"with buffers that overlap", overlapping},
        {"interrupted by a handler that signs", interrupted},
    };
    need(PTHREAD_STACK_MIN <= SMALLEST_STACK, "this system's smallest stack is larger");
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(pages != MAP_FAILED && mprotect(pages + page, page, PROT_NONE) == 0, "pages");
    fence = pages + page;

    for (size_t i = 0; i < sizeof circumstances / sizeof circumstances[0]; i++) {
        for (int export = 0; export < EXPORTS; export++) {
            int result = in_child(circumstances[i].holds, &exports[export]);
            CHECK(result == 0, "%s %s: %d", exports[export].name, circumstances[i].what, result);
        }
    }
    bool overflows = in_child(small_stack_is_small, &exports[0]) == 128 + SIGSEGV;
    CHECK(overflows, "control: a call that needs a larger stack crashes");
    bool guarded = in_child(write_after_the_fence, &exports[0]) == 128 + SIGSEGV;
    CHECK(guarded, "control: a write after the buffer crashes");
    printf("%lu processes; control: too large a frame %s, a write after the buffer %s\n", calls,
           overflows ? "crashes" : "passes", guarded ? "crashes" : "passes");
    kayako_signer_free(signer);
    return report();
}
