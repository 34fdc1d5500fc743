/* The names of the statuses. */
#ifndef STATUS_H
#define STATUS_H

#include <kayako_sign.h>

#include <stddef.h>

/* NULL for a number that is no status. There is no default, so the compiler tells when the header has one more. */
static inline const char *status_name(kayako_status status) {
    switch (status) {
#define NAME(status) case status: return #status
        NAME(KAYAKO_OK);
        NAME(KAYAKO_REFUSED);
        NAME(KAYAKO_BUFFER_TOO_SMALL);
        NAME(KAYAKO_PANIC);
        NAME(KAYAKO_OUT_OF_MEMORY);
        NAME(KAYAKO_NO_RANDOMNESS);
        NAME(KAYAKO_EMPTY_API_KEY);
        NAME(KAYAKO_API_KEY_TOO_LONG);
        NAME(KAYAKO_API_KEY_NOT_UTF8);
        NAME(KAYAKO_EMPTY_SECRET_KEY);
        NAME(KAYAKO_SECRET_KEY_TOO_LONG);
        NAME(KAYAKO_EMPTY_SALT);
        NAME(KAYAKO_ZERO_SALT);
        NAME(KAYAKO_SALT_TOO_LONG);
        NAME(KAYAKO_SALT_NOT_UTF8);
        NAME(KAYAKO_BATCH_TOO_LARGE);
        NAME(KAYAKO_NULL_SIGNER);
        NAME(KAYAKO_NULL_API_KEY);
        NAME(KAYAKO_NULL_SECRET_KEY);
        NAME(KAYAKO_NULL_SALT);
        NAME(KAYAKO_NULL_SIGNATURE);
        NAME(KAYAKO_NULL_OUT);
        NAME(KAYAKO_NULL_OUT_LEN);
#undef NAME
    }
    return NULL;
}

#endif
