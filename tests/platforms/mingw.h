/* A function that the tests use and that mingw's C library does not have. */
#ifndef MINGW_H
#define MINGW_H

#include <string.h>

static inline char *strsep(char **rest, const char *separators) {
    char *start = *rest;
    char *end = start == NULL ? NULL : strpbrk(start, separators);
    *rest = end == NULL ? NULL : end + 1;
    return end == NULL ? start : (*end = '\0', start);
}

#endif
