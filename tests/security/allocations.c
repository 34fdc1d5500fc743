/*
 * Counts the allocations of each call, lets each allocation fail in turn, and checks that many calls leave none behind.
 *
 *     allocations CALLS
 *
 * This program is linked with -rdynamic, so that the library calls the functions below instead of libc's.
 */
#include "check.h"
#include "exports.h"

#include <malloc.h>
#include <stdint.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *start, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *start);

/* How many allocations were made and freed, and which one fails, counted from 1; 0 if none does. */
static volatile unsigned long made, freed, failing;

static bool granted(void) {
    made++;
    return made != failing;
}

void *malloc(size_t size) {
    return granted() ? __libc_malloc(size) : NULL;
}

void *calloc(size_t count, size_t size) {
    return granted() ? __libc_calloc(count, size) : NULL;
}

/* Counted as a malloc() and a free(), because the memory may move. */
void *realloc(void *start, size_t size) {
    freed += start != NULL;
    if (granted()) {
        return __libc_realloc(start, size);
    }
    freed -= start != NULL;
    return NULL;
}

int posix_memalign(void **place, size_t alignment, size_t size) {
    void *start = granted() ? __libc_memalign(alignment, size) : NULL;
    if (start == NULL) {
        return 12; /* ENOMEM */
    }
    *place = start;
    return 0;
}

void free(void *start) {
    freed += start != NULL;
    __libc_free(start);
}

static kayako_signer *signer;
static char out[EXPORT_ROOM];

static void begin(unsigned long fail_at) {
    made = freed = 0;
    failing = fail_at;
}

static void counts(void) {
    struct arguments arguments = good_arguments(signer, out);
    for (int i = 0; i < EXPORTS; i++) {
        exports[i].call(&arguments); /* The first call may allocate memory that the process then keeps. */
        begin(0);
        kayako_status status = exports[i].call(&arguments);
        unsigned long allocated = made, released = freed;
        CHECK(status == KAYAKO_OK, "%s succeeds", exports[i].name);
        CHECK(allocated == released, "%s frees each of its %lu allocations: %lu are freed", exports[i].name, allocated,
              released);
        CHECK(exports[i].allocates || allocated == 0, "%s allocates nothing: %lu", exports[i].name, allocated);
        if (exports[i].call == call_batch) {
            CHECK(allocated == 1, "a batch allocates once: %lu", allocated);
        }
        printf("%-40s %lu\n", exports[i].name, allocated);
    }
}

/* Makes a signer again and again; each time the next allocation fails. Returns the number of allocations. */
static unsigned long starve_new(void) {
    for (unsigned long fail_at = 1;; fail_at++) {
        kayako_signer *const unmade = (kayako_signer *)(uintptr_t)&made;
        kayako_signer *new = unmade;
        begin(fail_at);
        kayako_status status = kayako_signer_new("apikey", 6, "secretkey", 9, &new);
        unsigned long allocated = made, released = freed;
        failing = 0;
        if (allocated < fail_at) {
            CHECK(status == KAYAKO_OK, "with enough memory a signer is made");
            kayako_signer_free(new);
            return fail_at - 1;
        }
        CHECK(status == KAYAKO_OUT_OF_MEMORY, "if allocation %lu fails, it returns KAYAKO_OUT_OF_MEMORY", fail_at);
        CHECK(new == unmade, "if allocation %lu fails, *signer is not written", fail_at);
        CHECK(released == allocated - 1, "if allocation %lu fails, those before it are freed", fail_at);
    }
}

static void starve_batch(void) {
    size_t len;
    memset(out, 'x', sizeof out);
    begin(1);
    kayako_status status = kayako_signer_credentials_batch(signer, EXPORT_BATCH, out, sizeof out, &len);
    failing = 0;
    CHECK(status == KAYAKO_OUT_OF_MEMORY && out[0] == 'x', "without memory a batch returns KAYAKO_OUT_OF_MEMORY");
}

static void growth(unsigned long calls) {
    struct arguments arguments = good_arguments(signer, out);
    bool good = true;
    struct mallinfo2 before = mallinfo2();
    begin(0);
    for (unsigned long done = 0; done < calls; done += EXPORTS) {
        for (int i = 0; i < EXPORTS; i++) {
            good = exports[i].call(&arguments) == KAYAKO_OK && good;
        }
    }
    unsigned long left = made - freed;
    struct mallinfo2 after = mallinfo2();
    CHECK(good, "%lu calls succeed", calls);
    CHECK(left == 0, "after %lu calls every allocation is freed: %lu are not", calls, left);
    CHECK(after.arena == before.arena, "the heap is as large as before");
    printf("%lu calls: the heap has grown by %zu bytes\n", calls, after.arena - before.arena);
}

int main(int argc, char **argv) {
    unsigned long calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    setvbuf(stdout, NULL, _IONBF, 0);
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    begin(0);
    void *volatile ours = malloc(1);
    need(ours != NULL, "memory");
    free(ours);
    CHECK(made == 1 && freed == 1, "control: an allocation is counted");
    counts();
    printf("making a signer: each of its %lu allocations has failed once\n", starve_new());
    starve_batch();
    growth(calls);
    kayako_signer_free(signer);
    return report();
}
