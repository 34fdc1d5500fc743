/*
 * Prints the credentials for one request, as a query string or a form has them.
 *
 *     cc sign.c -lkayako_sign -o sign
 *     KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... ./sign [SALT]
 */
#include <kayako_sign.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(const char *why) {
    fprintf(stderr, "sign: %s\n", why);
    return EXIT_FAILURE;
}

int main(int argc, char **argv) {
    const char *api_key = getenv("KAYAKO_API_KEY");
    const char *secret_key = getenv("KAYAKO_SECRET_KEY");
    if (api_key == NULL || secret_key == NULL) {
        return failed("set KAYAKO_API_KEY and KAYAKO_SECRET_KEY");
    }
    kayako_signer *signer;
    kayako_status status = kayako_signer_new(api_key, strlen(api_key), secret_key, strlen(secret_key), &signer);
    if (status != KAYAKO_OK) {
        return failed(kayako_status_message(status));
    }

    const char *salt = argc > 1 ? argv[1] : NULL;
    /* Each byte of a given salt may need an escape of three characters. */
    size_t size = kayako_signer_insertion_max(signer) + (salt == NULL ? 0 : 3 * strlen(salt)) + 1;
    char *query = malloc(size);
    size_t len;
    if (query == NULL) {
        status = KAYAKO_OUT_OF_MEMORY;
    } else if (salt == NULL) {
        status = kayako_signer_credentials(signer, query, size, &len);
    } else {
        status = kayako_signer_credentials_with_salt(signer, salt, strlen(salt), query, size, &len);
    }
    if (status == KAYAKO_OK) {
        puts(query);
    }
    free(query);
    kayako_signer_free(signer);
    return status == KAYAKO_OK ? EXIT_SUCCESS : failed(kayako_status_message(status));
}
