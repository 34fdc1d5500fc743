/*
 * What is allocated: by each call, when memory runs out at each allocation in turn, and over many calls.
 *
 *     allocations CALLS
 *
 * The functions below stand before those of libc, because the program is linked with -rdynamic.
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

/* The allocation that fails, counted from the start of a call; 0 for none. */
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

/* Counted as one more of each, for it may move. */
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
    struct place place = good_place(signer, out);
    for (int i = 0; i < EXPORTS; i++) {
        exports[i].call(&place); /* The first call may ask the system for what the process then keeps. */
        begin(0);
        kayako_status status = exports[i].call(&place);
        unsigned long allocated = made, released = freed;
        CHECK(status == KAYAKO_OK, "%s is well", exports[i].name);
        CHECK(allocated == released, "%s gives back what it takes: %lu and %lu", exports[i].name, allocated, released);
        CHECK(exports[i].allocates || allocated == 0, "%s allocates nothing: %lu", exports[i].name, allocated);
        if (exports[i].call == call_batch) {
            CHECK(allocated == 1, "a batch allocates once: %lu", allocated);
        }
        printf("%-40s %lu\n", exports[i].name, allocated);
    }
}

/* The same call again and again, each time with another of its allocations failing, until none does. */
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
        CHECK(status == KAYAKO_OUT_OF_MEMORY, "allocation %lu fails: KAYAKO_OUT_OF_MEMORY", fail_at);
        CHECK(new == unmade, "allocation %lu fails: the place for the signer is untouched", fail_at);
        CHECK(released == allocated - 1, "allocation %lu fails: what was taken before is given back", fail_at);
    }
}

static void starve_batch(void) {
    size_t len;
    memset(out, 'x', sizeof out);
    begin(1);
    kayako_status status = kayako_signer_credentials_batch(signer, EXPORT_BATCH, out, sizeof out, &len);
    failing = 0;
    CHECK(status == KAYAKO_OUT_OF_MEMORY && out[0] == 'x', "a batch without memory: KAYAKO_OUT_OF_MEMORY");
}

static void growth(unsigned long calls) {
    struct place place = good_place(signer, out);
    bool good = true;
    struct mallinfo2 before = mallinfo2();
    begin(0);
    for (unsigned long done = 0; done < calls; done += EXPORTS) {
        for (int i = 0; i < EXPORTS; i++) {
            good = exports[i].call(&place) == KAYAKO_OK && good;
        }
    }
    unsigned long left = made - freed;
    struct mallinfo2 after = mallinfo2();
    CHECK(good, "%lu calls are well", calls);
    CHECK(left == 0, "after %lu calls nothing is left: %lu allocations are", calls, left);
    CHECK(after.arena == before.arena, "the heap is as large as before");
    printf("%lu calls: the heap has grown by %zu bytes\n", calls, after.arena - before.arena);
}

int main(int count, char **arguments) {
    unsigned long calls = count > 1 ? strtoul(arguments[1], NULL, 10) : 100000;
    setvbuf(stdout, NULL, _IONBF, 0);
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    begin(0);
    void *volatile ours = malloc(1);
    need(ours != NULL, "memory");
    free(ours);
    CHECK(made == 1 && freed == 1, "control: an allocation is counted");
    counts();
    printf("making a signer: each of its %lu allocations has failed in turn\n", starve_new());
    starve_batch();
    growth(calls);
    kayako_signer_free(signer);
    return report();
}
