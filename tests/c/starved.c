/*
 * Where the operating system has no random bytes or no memory to give, a call says so, and has written nothing.
 *
 * The functions that the library asks are found in this program first, if it is linked with -rdynamic.
 */
#include "calls.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- An operating system that can be made to refuse ---- */

static const size_t PLENTY = SIZE_MAX;

/* How many random bytes there are, and how many more times there is memory. */
static size_t random_left = PLENTY, memory_left = PLENTY;

/* Gives a few at a time, as the system may. */
ssize_t getrandom(void *start, size_t len, unsigned flags) {
    const size_t few = 16;
    if (random_left == PLENTY) {
        return syscall(SYS_getrandom, start, len, flags);
    }
    if (random_left == 0 && len > 0) {
        errno = EIO;
        return -1;
    }
    size_t given = len < few ? len : few;
    given = given < random_left ? given : random_left;
    random_left -= given;
    return syscall(SYS_getrandom, start, given, flags);
}

static bool refuses_memory(void) {
    if (memory_left == 0) {
        return true;
    }
    memory_left -= memory_left != PLENTY;
    return false;
}

/* What glibc's own are called beside their names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *start, size_t size);

void *malloc(size_t size) {
    return refuses_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return refuses_memory() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *start, size_t size) {
    return refuses_memory() ? NULL : __libc_realloc(start, size);
}

/* ---- The cases ---- */

/* 16 bytes make a salt. A batch of two of them lacks the second half of its randomness, too. */
static void no_randomness(const struct export *export) {
    const size_t needed = export == &exports[BATCH] ? 32 : 16;
    struct call call = well();
    for (size_t n = 0; n <= needed; n++) {
        random_left = n;
        expect(n < needed ? KAYAKO_NO_RANDOMNESS : KAYAKO_OK, export, &call, "too little", "randomness");
        CHECK(random_left == 0, "%s: what there is of it is used, once", current);
    }
    random_left = PLENTY;
    expect(KAYAKO_OK, export, &call, "enough", "randomness again");
}

/* A salt is drawn for a text that will be written, and for no other. */
static void no_waste(const struct export *export) {
    struct call call = well();
    call.out_cap = 0;
    random_left = 0;
    expect(KAYAKO_BUFFER_TOO_SMALL, export, &call, "no room, and no", "randomness");
    random_left = PLENTY;
}

/* With less memory than a call asks for, it says so wherever it is that it asks. Returns how often it asks. */
static int no_memory(const struct export *export) {
    struct call call = well();
    int times = 0;
    kayako_status status = KAYAKO_OUT_OF_MEMORY;
    while (status == KAYAKO_OUT_OF_MEMORY && times < 100) {
        memory_left = (size_t)times++;
        status = attempt(export, &call, "too little", "memory");
        memory_left = PLENTY;
    }
    CHECK(status == KAYAKO_OK, "%s: is told, or else the call succeeds", current);
    return times - 1;
}

int main(void) {
    static char window[WINDOW];
    fence = window + WINDOW;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");

    const int drawing[] = {CREDENTIALS, BATCH, SIGN_URL, SIGN_FORM, SIGN_REQUEST, SALT_GENERATE};
    for (size_t i = 0; i < sizeof drawing / sizeof drawing[0]; i++) {
        no_randomness(&exports[drawing[i]]);
        no_waste(&exports[drawing[i]]);
    }
    const int frugal[] = {SIGN, SIGN_URLENCODED, CREDENTIALS, WITH_SALT, VERIFY, SIGN_URL, SIGN_FORM, SIGN_REQUEST,
                          SALT_GENERATE};
    for (size_t i = 0; i < sizeof frugal / sizeof frugal[0]; i++) {
        CHECK(no_memory(&exports[frugal[i]]) == 0, "%s: takes no memory at all", exports[frugal[i]].name);
    }
    CHECK(no_memory(&exports[NEW]) > 0 && no_memory(&exports[BATCH]) > 0, "what takes memory asks this program for it");
    kayako_signer_free(signer);
    printf("%lu calls\n", calls);
    return report();
}
