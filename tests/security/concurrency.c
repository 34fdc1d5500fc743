/*
 * Calls every export with one signer in four threads at once, under Valgrind's helgrind and drd, which look for data
 * races, and under memcheck and AddressSanitizer.
 *
 *     concurrency [race|leak|overrun]
 *
 * The arguments are the controls: faults that these tools must find.
 */
#include "check.h"
#include "exports.h"

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 20 };

static kayako_signer *signer;
static bool racing;
static volatile unsigned long unprotected;

static void *work(void *number) {
    char out[EXPORT_ROOM];
    struct arguments arguments = good_arguments(signer, out);
    size_t right = 0, first = (size_t)number;
    for (int round = 0; round < ROUNDS; round++) {
        /* Each thread begins with another call, so that different calls run at the same time. */
        for (size_t i = 0; i < EXPORTS; i++) {
            right += exports[(first + i) % EXPORTS].call(&arguments) == KAYAKO_OK;
        }
        if (racing) {
            unprotected = unprotected + 1;
        }
    }
    return (void *)right;
}

int main(int argc, char **argv) {
    const char *control = argc > 1 ? argv[1] : "";
    racing = strcmp(control, "race") == 0;
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    /* The library finds out once in a process what the processor can do, and how the system gives random bytes. It
       keeps both in atomics, which look like a race to Valgrind. So each export is called before there are threads. */
    char out[EXPORT_ROOM];
    struct arguments arguments = good_arguments(signer, out);
    for (int i = 0; i < EXPORTS; i++) {
        CHECK(exports[i].call(&arguments) == KAYAKO_OK, "%s succeeds", exports[i].name);
    }
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        need(pthread_create(&threads[i], NULL, work, (void *)(i * EXPORTS / THREADS)) == 0, "a thread");
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *right = NULL;
        pthread_join(threads[i], &right);
        CHECK((size_t)right == ROUNDS * EXPORTS, "thread %zu: every call succeeds", i);
    }
    if (strcmp(control, "leak") == 0) {
        kayako_signer *forgotten;
        CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &forgotten) == KAYAKO_OK, "a signer that is never freed");
        forgotten = NULL;
    }
    if (strcmp(control, "overrun") == 0) {
        size_t len;
        char *short_salt = malloc(8);
        memset(short_salt, 's', 8);
        CHECK(kayako_signer_sign(signer, short_salt, 9, out, sizeof out, &len) == KAYAKO_OK,
              "a salt that is read beyond its end");
        free(short_salt);
    }
    kayako_signer_free(signer);
    return report();
}
