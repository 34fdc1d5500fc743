/*
 * Shares one signer between several threads, each of which makes credentials for its own requests.
 *
 *     cc -pthread threads.c -lkayako_sign -o threads
 *     KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... ./threads
 */
#include <kayako_sign.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, REQUESTS = 3 };

/* Makes credentials. The shared signer needs no lock; a buffer is one thread's own. Returns NULL on failure. */
static void *work(void *signer) {
    size_t size = kayako_signer_insertion_max(signer) + 1;
    char *query = malloc(size);
    kayako_status status = query == NULL ? KAYAKO_OUT_OF_MEMORY : KAYAKO_OK;
    for (int request = 0; status == KAYAKO_OK && request < REQUESTS; request++) {
        size_t len;
        status = kayako_signer_credentials(signer, query, size, &len);
        if (status == KAYAKO_OK) {
            puts(query);
        }
    }
    if (status != KAYAKO_OK) {
        fprintf(stderr, "threads: %s\n", kayako_status_message(status));
    }
    free(query);
    return status == KAYAKO_OK ? signer : NULL;
}

int main(void) {
    const char *api_key = getenv("KAYAKO_API_KEY");
    const char *secret_key = getenv("KAYAKO_SECRET_KEY");
    if (api_key == NULL || secret_key == NULL) {
        fputs("threads: set KAYAKO_API_KEY and KAYAKO_SECRET_KEY\n", stderr);
        return EXIT_FAILURE;
    }
    kayako_signer *signer;
    kayako_status status = kayako_signer_new(api_key, strlen(api_key), secret_key, strlen(secret_key), &signer);
    if (status != KAYAKO_OK) {
        fprintf(stderr, "threads: %s\n", kayako_status_message(status));
        return EXIT_FAILURE;
    }

    pthread_t threads[THREADS];
    int started = 0;
    int done = 0;
    while (started < THREADS && pthread_create(&threads[started], NULL, work, signer) == 0) {
        started++;
    }
    for (int thread = 0; thread < started; thread++) {
        void *result;
        pthread_join(threads[thread], &result);
        done += result != NULL;
    }
    /* All calls have returned, so the signer may be freed. */
    kayako_signer_free(signer);
    return done == THREADS ? EXIT_SUCCESS : EXIT_FAILURE;
}
