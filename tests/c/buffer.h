/* Buffers that show where they were written to. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILL = 0xa5 };

/* What stands in a place for a size until a call writes there. */
static const size_t UNSET = SIZE_MAX / 3;

/* Whether all is still FILL from `start` up to `end`. */
static inline bool untouched(const char *start, const char *end) {
    while (start < end && (unsigned char)*start == FILL) {
        start++;
    }
    return start == end;
}

#endif
