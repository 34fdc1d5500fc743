/* Checks credentials with a fresh salt, which a test cannot predict. */
#ifndef CREDENTIALS_H
#define CREDENTIALS_H

#include <kayako_sign.h>

#include <stdbool.h>
#include <string.h>

/* Returns the salt in `apikey=...&salt=...&signature=...`, or NULL if it is not KAYAKO_SALT_LEN hexadecimal digits. */
static inline const char *salt_in(const char *query) {
    const char *salt = strstr(query, "&salt=");
    if (salt == NULL || strspn(salt + 6, "0123456789abcdef") != KAYAKO_SALT_LEN) {
        return NULL;
    }
    return salt + 6;
}

/* Returns whether `query` holds a fresh salt, and is what the library writes if that salt is given. */
static inline bool credentials_are_right(const kayako_signer *signer, const char *query) {
    char again[512];
    size_t len = 0;
    const char *salt = salt_in(query);
    return salt != NULL &&
           kayako_signer_credentials_with_salt(signer, salt, KAYAKO_SALT_LEN, again, sizeof again, &len) == KAYAKO_OK &&
           strcmp(query, again) == 0;
}

#endif
