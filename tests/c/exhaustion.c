/*
 * Where the operating system has no random bytes or no memory to give, a call says so, and has written nothing. What
 * takes no memory gives the right answer where there is none. The arguments are the tables of requests, diagnoses and
 * signatures; their heads explain the columns.
 *
 * The functions that the library asks are found in this program first, if it is linked with -rdynamic.
 */
#include "calls.h"
#include "table.h"

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
    CHECK(status == KAYAKO_OK, "%s: the call reports too little memory, or succeeds", current);
    return times - 1;
}

/* ---- The tables, without any memory ---- */

static int32_t said(kayako_status status) {
    memory_left = PLENTY;
    return status == KAYAKO_OK ? diagnosis : -1;
}

static void take_request(char **column) {
    struct request request = request_of(column);
    char out[WINDOW];
    memory_left = 0;
    kayako_status status = kayako_signer_sign_request(
        signer, request.method.start, request.method.len, request.content_type.start, request.content_type.len,
        request.url.start, request.url.len, request.body.start, request.body.len, &target, &offset, out, sizeof out,
        &len);
    memory_left = PLENTY;
    CHECK(same(status_name(status), column[5]), "%s: signing gives %s without memory", column[0], column[5]);
    free_request(&request);
}

static void take_diagnosis(char **column) {
    struct request request = request_of(column);
    memory_left = 0;
    int32_t found = said(kayako_signer_diagnose_request(
        signer, request.method.start, request.method.len, request.content_type.start, request.content_type.len,
        request.url.start, request.url.len, request.body.start, request.body.len, &diagnosis));
    CHECK(same(diagnosis_name(found), column[5]), "%s: is %s without memory", column[0], column[5]);
    free_request(&request);
}

static void take_signature(char **column) {
    struct bytes salt = value(column[1]), signature = value(column[2]);
    memory_left = 0;
    int32_t found =
        said(kayako_signer_diagnose(signer, salt.start, salt.len, signature.start, signature.len, &diagnosis));
    CHECK(same(diagnosis_name(found), column[3]), "%s: is %s without memory", column[0], column[3]);
    free(salt.start);
    free(signature.start);
}

int main(int argc, char **argv) {
    static char window[WINDOW];
    need(argc == 4, "the three tables");
    begin_calls(window + WINDOW);

    const int drawing[] = {CREDENTIALS, BATCH, SIGN_URL, SIGN_FORM, SIGN_REQUEST, UPLOAD_NEW, SALT_GENERATE};
    for (size_t i = 0; i < sizeof drawing / sizeof drawing[0]; i++) {
        no_randomness(&exports[drawing[i]]);
        no_waste(&exports[drawing[i]]);
    }
    for (const struct export *export = exports; export < exports + EXPORTS; export++) {
        bool takes_memory = export == &exports[NEW] || export == &exports[BATCH] || export == &exports[UPLOAD_NEW];
        int asked = no_memory(export);
        CHECK((asked > 0) == takes_memory, "%s: takes memory if the header says so, and asks this program for it",
              export->name);
        if (asked > 0) {
            printf("%s asks for memory %d times; each of them failed once\n", export->name, asked);
        }
    }
    int rows = each_row(argv[1], 8, take_request) + each_row(argv[2], 6, take_diagnosis) +
               each_row(argv[3], 4, take_signature);
    end_calls();
    printf("%lu calls, and %d rows without memory\n", calls, rows);
    return report();
}
