/* Shows which bytes of a buffer a call has written. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILL = 0xa5 };

/* The value of a size before a call writes it. No call returns it. */
static const size_t UNSET = SIZE_MAX / 3;

/* Returns whether every byte from `start` up to `end` is still FILL. */
static inline bool untouched(const char *start, const char *end) {
    while (start < end && (unsigned char)*start == FILL) {
        start++;
    }
    return start == end;
}

#endif
