/* Takes credentials apart, for tests of calls that draw their own salt. */
#ifndef CREDENTIALS_H
#define CREDENTIALS_H

#include <kayako_sign.h>

#include <stdbool.h>
#include <string.h>

/* The salt within `apikey=...&salt=...&signature=...`, or NULL where it has not KAYAKO_SALT_LEN characters. */
static inline const char *salt_in(const char *query) {
    const char *salt = strstr(query, "&salt=");
    if (salt == NULL || strspn(salt + 6, "0123456789abcdef") != KAYAKO_SALT_LEN) {
        return NULL;
    }
    return salt + 6;
}

/* Whether `query` holds a drawn salt, and is what the call with a given salt makes of that one. */
static inline bool is_right(const kayako_signer *signer, const char *query) {
    char again[512];
    size_t len = 0;
    const char *salt = salt_in(query);
    return salt != NULL &&
           kayako_signer_credentials_with_salt(signer, salt, KAYAKO_SALT_LEN, again, sizeof again, &len) == KAYAKO_OK &&
           strcmp(query, again) == 0;
}

#endif
