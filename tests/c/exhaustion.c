/*
 * If the operating system gives no random bytes or no memory, a call returns a status that says so, and writes nothing.
 * A call that needs no memory is right without any. The arguments are the tables of requests, diagnoses and signatures,
 * whose heads explain the columns.
 *
 * This program is linked with -rdynamic, so that the library calls the functions below instead of libc's.
 */
#include "calls.h"
#include "table.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- An operating system that refuses on demand ---- */

static const size_t PLENTY = SIZE_MAX;

/* How many random bytes are left, and how many allocations still succeed. */
static size_t random_left = PLENTY, memory_left = PLENTY;

/* Gives at most 16 bytes at a time, because the system may do so too. */
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

/* Other names of glibc's own functions. */
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

/* A salt takes 16 random bytes, and the batch has two salts. With any smaller number of bytes, the call fails. */
static void no_randomness(const struct export *export) {
    const size_t needed = export == &exports[BATCH] ? 32 : 16;
    struct call call = good_call();
    for (size_t n = 0; n <= needed; n++) {
        random_left = n;
        expect(n < needed ? KAYAKO_NO_RANDOMNESS : KAYAKO_OK, export, &call, "too little", "randomness");
        CHECK(random_left == 0, "%s: each random byte is taken, and none of them twice", current);
    }
    random_left = PLENTY;
    expect(KAYAKO_OK, export, &call, "enough", "randomness again");
}

/* A call that writes no text takes no random bytes. */
static void no_randomness_without_room(const struct export *export) {
    struct call call = good_call();
    call.out_cap = 0;
    random_left = 0;
    expect(KAYAKO_BUFFER_TOO_SMALL, export, &call, "no room, and no", "randomness");
    random_left = PLENTY;
}

/* Lets each allocation of a call fail in turn: the call reports it every time. Returns how often the call allocates. */
static int no_memory(const struct export *export) {
    struct call call = good_call();
    int times = 0;
    kayako_status status = KAYAKO_OUT_OF_MEMORY;
    while (status == KAYAKO_OUT_OF_MEMORY && times < 100) {
        memory_left = (size_t)times++;
        status = attempt(export, &call, "too little", "memory");
        memory_left = PLENTY;
    }
    CHECK(status == KAYAKO_OK, "%s: the call reports too little memory, or succeeds", current);
    return times - 1;
}

/* ---- The tables, without any memory ---- */

/* Gives memory again. Returns the diagnosis, or -1 if the call failed. */
static int32_t diagnosis_after(kayako_status status) {
    memory_left = PLENTY;
    return status == KAYAKO_OK ? diagnosis : -1;
}

static void take_request(char **column) {
    struct request request = request_of(column);
    char out[WINDOW];
    memory_left = 0;
    kayako_status status =
        kayako_signer_sign_request(signer, PARTS_OF(&request), &target, &offset, out, sizeof out, &len);
    memory_left = PLENTY;
    CHECK(same(status_name(status), column[5]), "%s: signing returns %s without memory", column[0], column[5]);
    free_request(&request);
}

static void take_diagnosis(char **column) {
    struct request request = request_of(column);
    memory_left = 0;
    int32_t found = diagnosis_after(kayako_signer_diagnose_request(signer, PARTS_OF(&request), &diagnosis));
    CHECK(same(diagnosis_name(found), column[5]), "%s: is %s without memory", column[0], column[5]);
    free_request(&request);
}

static void take_signature(char **column) {
    struct bytes salt = value(column[1]), signature = value(column[2]);
    memory_left = 0;
    int32_t found = diagnosis_after(
        kayako_signer_diagnose(signer, salt.start, salt.len, signature.start, signature.len, &diagnosis));
    CHECK(same(diagnosis_name(found), column[3]), "%s: is %s without memory", column[0], column[3]);
    free(salt.start);
    free(signature.start);
}

int main(int argc, char **argv) {
    static char window[WINDOW];
    need(argc == 4, "the three tables");
    begin_calls(window + WINDOW);

    const int fresh[] = {CREDENTIALS, BATCH, SIGN_URL, SIGN_FORM, SIGN_REQUEST, UPLOAD_NEW, SALT_GENERATE};
    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i++) {
        no_randomness(&exports[fresh[i]]);
        no_randomness_without_room(&exports[fresh[i]]);
    }
    for (const struct export *export = exports; export < exports + EXPORTS; export++) {
        bool takes_memory = export == &exports[NEW] || export == &exports[BATCH] || export == &exports[UPLOAD_NEW];
        int allocations = no_memory(export);
        CHECK((allocations > 0) == takes_memory, "%s: allocates if the header says so, with this program's malloc()",
              export->name);
        if (allocations > 0) {
            printf("%s allocates %d times; each allocation has failed once\n", export->name, allocations);
        }
    }
    int rows = each_row(argv[1], 8, take_request) + each_row(argv[2], 6, take_diagnosis) +
               each_row(argv[3], 4, take_signature);
    end_calls();
    printf("%lu calls, and %d rows without memory\n", calls, rows);
    return report();
}
