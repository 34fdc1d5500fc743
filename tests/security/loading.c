/*
 * Loads, uses and closes the library again and again, also while threads use it, and loads two copies into one process.
 *
 *     loading LIBRARY COPY
 */
#include "check.h"

#include <kayako_sign.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { TIMES = 1000, THREADS = 4 };

/* The functions of one copy of the library. */
struct library {
    void *handle;
    __typeof__(kayako_signer_new) *make;
    __typeof__(kayako_signer_free) *drop;
    __typeof__(kayako_signer_sign) *sign;
    __typeof__(kayako_signer_credentials) *credentials;
};

static bool load(struct library *library, const char *path) {
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library->handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return false;
    }
    /* POSIX allows a function's address in a void pointer, C does not. */
    *(void **)&library->make = dlsym(library->handle, "kayako_signer_new");
    *(void **)&library->drop = dlsym(library->handle, "kayako_signer_free");
    *(void **)&library->sign = dlsym(library->handle, "kayako_signer_sign");
    *(void **)&library->credentials = dlsym(library->handle, "kayako_signer_credentials");
    return library->make != NULL && library->drop != NULL && library->sign != NULL && library->credentials != NULL;
}

static bool signs(const struct library *library, const kayako_signer *signer) {
    char out[512];
    size_t len;
    return library->sign(signer, "1234567890", 10, out, sizeof out, &len) == KAYAKO_OK &&
           strcmp(out, "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=") == 0 &&
           library->credentials(signer, out, sizeof out, &len) == KAYAKO_OK;
}

static bool is_good(const struct library *library) {
    kayako_signer *signer = NULL;
    bool good = library->make("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK && signs(library, signer);
    library->drop(signer);
    return good;
}

static bool load_use_close(const char *path) {
    struct library library;
    return load(&library, path) && is_good(&library) && dlclose(library.handle) == 0;
}

static unsigned long maps(void) {
    FILE *file = fopen("/proc/self/maps", "r");
    need(file != NULL, "/proc/self/maps");
    unsigned long lines = 0;
    for (int byte; (byte = fgetc(file)) != EOF;) {
        lines += byte == '\n';
    }
    fclose(file);
    return lines;
}

/* ---- Threads that stay in the library while it is closed ---- */

static struct library used;
static kayako_signer *shared;
static atomic_bool over;
static atomic_ulong signatures;

static void *work(void *wrong) {
    while (!atomic_load(&over)) {
        *(unsigned long *)wrong += !signs(&used, shared);
        atomic_fetch_add(&signatures, 1);
    }
    return NULL;
}

int main(int argc, char **argv) {
    need(argc == 3, "usage: loading LIBRARY COPY");
    const char *path = argv[1], *copy = argv[2];
    int good = 0;
    CHECK(load_use_close(path), "the library is loaded, used and closed");
    unsigned long before = maps();
    for (int i = 0; i < TIMES; i++) {
        good += load_use_close(path);
    }
    CHECK(good == TIMES, "it is loaded, used and closed %d times: %d times it succeeds", TIMES, good);
    CHECK(maps() <= before + 1, "no mapping is left behind: %lu before, %lu after", before, maps());

    unsigned long wrong[THREADS] = {0};
    pthread_t threads[THREADS];
    need(load(&used, path) && used.make("apikey", 6, "secretkey", 9, &shared) == KAYAKO_OK, "a signer");
    for (int i = 0; i < THREADS; i++) {
        need(pthread_create(&threads[i], NULL, work, &wrong[i]) == 0, "a thread");
    }
    /* The first round closes the last handle, and the code must stay. */
    dlclose(used.handle);
    good = 0;
    for (int i = 0; i < TIMES; i++) {
        good += load_use_close(path);
    }
    while (atomic_load(&signatures) < TIMES) {
        usleep(1000);
    }
    atomic_store(&over, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(wrong[i] == 0, "thread %d: every signature is right while the library is closed", i);
    }
    CHECK(good == TIMES, "it is loaded and closed %d times while threads use it: %d times it succeeds", TIMES, good);
    used.drop(shared);

    struct library other, first;
    need(load(&first, path), "the library");
    CHECK(load(&other, copy) && other.make != first.make, "a second copy is loaded");
    CHECK(is_good(&first) && is_good(&other), "both copies sign");
    kayako_signer *signer = NULL;
    CHECK(first.make("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK && signs(&other, signer),
          "a signer of one copy signs in the other");
    other.drop(signer);
    printf("%d times, and again while %d threads made %lu signatures\n", TIMES, THREADS, atomic_load(&signatures));
    return report();
}
