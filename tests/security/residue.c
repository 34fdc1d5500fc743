/*
 * No part of a secret stays in memory. This starts observed.c. After each call there, it searches all of its memory and
 * the registers of all of its threads from outside, through /proc/PID/mem and ptrace.
 *
 * While the signer is alive, everything that is found must be in one place of the signer's size: two states and the
 * secret. After it is freed, nothing may be found. Controls leave a piece behind on purpose, which must be found.
 *
 *     residue OBSERVED
 */
#include "check.h"
#include "patterns.h"
#include "mistakes.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS_MAX = 16, STATES = 64, HITS_SHOWN = 6 };

static const char *observed;
static struct input input;
static unsigned long stops, searched_bytes;

/* ---- Searching at one stop ---- */

static struct {
    unsigned hits, in_registers, in_stacks;
    uint64_t first, last; /* addresses of the hits in memory */
    char where[HITS_SHOWN][160];
} seen;

static void saw(const struct window *window, const char *place, uint64_t at) {
    if (seen.hits < HITS_SHOWN) {
        snprintf(seen.where[seen.hits], sizeof seen.where[0], "%s in %s at %#llx", window->of, place,
                 (unsigned long long)at);
    }
    seen.hits++;
}

static void search_registers(pid_t thread) {
    static const struct {
        unsigned type;
        const char *name;
    } sets[] = {{NT_PRSTATUS, "the general registers"}, {NT_X86_XSTATE, "the vector registers"}};
    static uint8_t bytes[16384];
    for (int set = 0; set < 2; set++) {
        struct iovec all = {bytes, sizeof bytes};
        need(ptrace(PTRACE_GETREGSET, thread, (void *)(uintptr_t)sets[set].type, &all) == 0, sets[set].name);
        for (size_t at = 0; at + WINDOW <= all.iov_len; at++) {
            uint64_t value;
            memcpy(&value, bytes + at, WINDOW);
            const struct window *window = found(value);
            if (window != NULL) {
                saw(window, sets[set].name, at);
                seen.in_registers++;
            }
        }
        searched_bytes += all.iov_len;
    }
}

static void search_piece(const uint8_t *bytes, size_t len, uint64_t start, const char *name, bool is_stack) {
    for (size_t at = 0; at + WINDOW <= len; at++) {
        uint64_t value;
        memcpy(&value, bytes + at, WINDOW);
        const struct window *window = found(value);
        if (window != NULL) {
            saw(window, *name != '\0' ? name : "memory", start + at);
            seen.in_stacks += is_stack;
            seen.first = seen.first == 0 || start + at < seen.first ? start + at : seen.first;
            seen.last = start + at > seen.last ? start + at : seen.last;
        }
    }
}

static void search_memory(pid_t process, bool input_too, const uint64_t *stacks, int stack_count) {
    static uint8_t piece[1 << 20];
    char path[64], line[512], rights[8], name[256];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = open(path, O_RDONLY);
    snprintf(path, sizeof path, "/proc/%d/maps", process);
    FILE *maps = fopen(path, "r");
    need(memory >= 0 && maps != NULL, path);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long long start, end;
        *name = '\0';
        need(sscanf(line, "%llx-%llx %7s %*s %*s %*s %255[^\n]", &start, &end, rights, name) >= 3, "maps");
        if (rights[0] != 'r' || (!input_too && start == (uint64_t)(uintptr_t)INPUT_AT) || strstr(name, "[v") != NULL) {
            continue; /* [vvar] cannot be read, [vsyscall] and [vdso] are the kernel's. */
        }
        bool is_stack = false;
        for (int i = 0; i < stack_count; i++) {
            is_stack = is_stack || (stacks[i] >= start && stacks[i] < end);
        }
        /* The pieces overlap, so that each window is whole in one of them. */
        for (uint64_t at = start; at < end; at += sizeof piece - WINDOW) {
            size_t len = end - at < sizeof piece ? (size_t)(end - at) : sizeof piece;
            need(pread(memory, piece, len, (off_t)at) == (ssize_t)len, name);
            search_piece(piece, len, at, name, is_stack);
            searched_bytes += len;
        }
    }
    fclose(maps);
    close(memory);
}

/* ---- The observed process ---- */

static struct {
    pid_t process, threads[THREADS_MAX];
    bool stopped[THREADS_MAX];
    int count;
} traced;

static int index_of(pid_t thread) {
    for (int i = 0; i < traced.count; i++) {
        if (traced.threads[i] == thread) {
            return i;
        }
    }
    need(traced.count < THREADS_MAX, "too many threads");
    traced.threads[traced.count] = thread;
    traced.stopped[traced.count] = false;
    return traced.count++;
}

static void start(bool now) {
    int ends[2];
    need(pipe(ends) == 0, "pipe");
    traced.count = 0;
    traced.process = fork();
    need(traced.process >= 0, "fork");
    if (traced.process == 0) {
        dup2(ends[0], INPUT_FD);
        now ? setenv("LD_BIND_NOW", "1", 1) : unsetenv("LD_BIND_NOW");
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execl(observed, observed, (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    int status;
    need(waitpid(traced.process, &status, 0) == traced.process && WIFSTOPPED(status), observed);
    need(ptrace(PTRACE_SETOPTIONS, traced.process, NULL,
                (void *)(uintptr_t)(PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL)) == 0, "ptrace");
    need(write(ends[1], &input, sizeof input) == (ssize_t)sizeof input, "write");
    close(ends[1]);
    index_of(traced.process);
    ptrace(PTRACE_CONT, traced.process, NULL, NULL);
}

/* Continues until all threads have stopped. Returns false, and the exit status, if the process has ended. */
static bool next_stop(int *exit_status, char *step, size_t room) {
    for (int i = 0; i < traced.count; i++) {
        if (traced.stopped[i]) {
            traced.stopped[i] = false;
            ptrace(PTRACE_CONT, traced.threads[i], NULL, NULL);
        }
    }
    for (int stopped = 0; stopped < traced.count;) {
        int status;
        pid_t thread = waitpid(-1, &status, __WALL);
        need(thread > 0, "waitpid");
        int index = index_of(thread);
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            traced.threads[index] = traced.threads[--traced.count];
            traced.stopped[index] = traced.stopped[traced.count];
            if (thread == traced.process) {
                *exit_status = status;
                return false;
            }
        } else if (WSTOPSIG(status) == SIGTRAP && status >> 16 == 0) {
            traced.stopped[index] = true;
            stopped++;
        } else {
            /* The thread continues. A signal is passed on to it, unless it only reports a new thread. */
            bool is_new_thread = status >> 16 != 0 || WSTOPSIG(status) == SIGSTOP;
            unsigned long born;
            if (status >> 16 == PTRACE_EVENT_CLONE && ptrace(PTRACE_GETEVENTMSG, thread, NULL, &born) == 0) {
                index_of((pid_t)born); /* It counts as running from now on. */
            }
            ptrace(PTRACE_CONT, thread, NULL, (void *)(uintptr_t)(is_new_thread ? 0 : WSTOPSIG(status)));
        }
    }
    uint64_t general[27];
    struct iovec all = {general, sizeof general};
    need(ptrace(PTRACE_GETREGSET, traced.threads[0], (void *)NT_PRSTATUS, &all) == 0, "registers");
    const int rax = 10;
    struct iovec here = {step, room}, there = {(void *)(uintptr_t)general[rax], room};
    ssize_t len = process_vm_readv(traced.process, &here, 1, &there, 1, 0);
    need(len > 0, "the step's name");
    step[room - 1] = '\0';
    return true;
}

static void search(const char *step) {
    uint64_t stacks[THREADS_MAX];
    memset(&seen, 0, sizeof seen);
    for (int i = 0; i < traced.count; i++) {
        uint64_t general[27];
        struct iovec all = {general, sizeof general};
        need(ptrace(PTRACE_GETREGSET, traced.threads[i], (void *)NT_PRSTATUS, &all) == 0, "registers");
        const int rsp = 19;
        stacks[i] = general[rsp];
        search_registers(traced.threads[i]);
    }
    search_memory(traced.process, strcmp(step, LAST_STEP) == 0, stacks, traced.count);
    stops++;
}

static void show_hits(void) {
    for (unsigned i = 0; i < seen.hits && i < HITS_SHOWN; i++) {
        fprintf(stderr, "    %s\n", seen.where[i]);
    }
}

/* Makes a random secret of base64's characters, as the helpdesk does, and everything that is derived from it. */
static void make_secret(size_t len) {
    static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    memset(&input, 0, sizeof input);
    need(getrandom(input.secret, len, 0) == (ssize_t)len, "getrandom");
    for (size_t i = 0; i < len; i++) {
        input.secret[i] = characters[input.secret[i] & 63];
    }
    input.secret_len = (uint32_t)len;
    put_wrong_texts(&input);
    put_wrong_ways(&input);
    put_swapped(&input);
    patterns((uint8_t *)input.secret, len);
    struct key keys[MISTAKEN_KEYS];
    mistaken_keys(keys, input.secret, len);
    for (int i = 0; i < MISTAKEN_KEYS; i++) {
        add_key(keys[i].bytes, keys[i].len);
    }
}

/* ---- The tests ---- */

static void nothing_remains(size_t len, bool now) {
    const size_t own = 2 * SHA256_DIGEST_LENGTH + len;
    uint64_t home = 0;
    int status;
    char step[64];
    make_secret(len);
    start(now);
    while (next_stop(&status, step, sizeof step)) {
        search(step);
        const char *when = now ? "bound at once" : "bound lazily";
        bool alive = strncmp(step, "alive", 5) == 0;
        bool right;
        if (alive) {
            home = home != 0 ? home : seen.first;
            right = seen.hits > 0 && seen.in_registers == 0 && seen.in_stacks == 0 && seen.first >= home &&
                    seen.last + WINDOW <= home + own;
        } else {
            home = 0;
            right = seen.hits == 0;
        }
        CHECK(right, "a secret of %zu bytes, %s, %s: %u pieces %s", len, when, step, seen.hits,
              alive ? "are found, and all must be in the signer's own place" : "are found, and none must be");
        if (!right) {
            show_hits();
        }
    }
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a secret of %zu bytes: every status is right", len);
}

/* A piece that the observed program leaves on purpose is found at its place. */
static void leak_is_found(enum leak leak, const struct window *window) {
    static const char *const names[LEAKS] = {
        [LEAK_HEAP] = "in freed heap memory", [LEAK_STACK] = "below the stack",
        [LEAK_THREAD] = "on the stack of a thread that has ended",
        [LEAK_GENERAL] = "in a general register", [LEAK_VECTOR] = "in a vector register",
        [LEAK_HIGH_VECTOR] = "in a vector register above 15",
    };
    int status;
    char step[64];
    unsigned pieces = 0, in_registers = 0;
    input.leak = leak;
    memcpy(input.leaked, &window->bytes, WINDOW);
    start(false);
    while (next_stop(&status, step, sizeof step)) {
        search(step);
        pieces = pieces > seen.hits ? pieces : seen.hits;
        in_registers = in_registers > seen.in_registers ? in_registers : seen.in_registers;
    }
    CHECK(pieces > 0 && (in_registers > 0) >= (leak >= LEAK_GENERAL),
          "control: eight bytes of %s left %s are found", window->of, names[leak]);
    printf("control: eight bytes of %s left %s: %u found\n", window->of, names[leak], pieces);
}

static void controls(void) {
    make_secret(96);
    const char *of = NULL;
    int leak = LEAK_HEAP;
    const int leaks = __builtin_cpu_supports("avx512vl") ? LEAKS : LEAK_HIGH_VECTOR;
    /* Each pattern is left once, in one place after another. */
    for (unsigned i = 0; i < windows_count; i++) {
        if (of == NULL || strcmp(of, windows[i].of) != 0) {
            of = windows[i].of;
            leak_is_found((enum leak)leak, &windows[i]);
            leak = leak + 1 < leaks ? leak + 1 : LEAK_HEAP;
        }
    }
}

int main(int argc, char **argv) {
    static const size_t lengths[] = {9, 32, 64, 65, 96, 200};
    need(argc >= 2, "usage: residue OBSERVED");
    observed = argv[1];
    controls();
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        nothing_remains(lengths[i], false);
        nothing_remains(lengths[i], true);
    }
    printf("%lu stops, %lu MiB searched, %u windows\n", stops, searched_bytes >> 20, windows_count);
    return report();
}
