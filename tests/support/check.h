/* Counts the checks that pass, and prints those that fail. It prints no values, because some are keys or signatures. */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long checks_passed, checks_failed;

/* CHECK(condition, statement, ...): the statement says what must hold. It is a format of printf, with its values. */
#define CHECK(condition, ...) check((condition), __FILE__, __LINE__, __VA_ARGS__)

#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static inline void check(bool holds, const char *file, int line, const char *statement, ...) {
    if (holds) {
        checks_passed++;
        return;
    }
    checks_failed++;
    va_list values;
    va_start(values, statement);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, statement, values);
    fputc('\n', stderr);
    va_end(values);
}

/* Prints the counts, and returns the exit status of the test. A test without a check has failed. */
static inline int report(void) {
    printf("%lu passed, %lu failed\n", checks_passed, checks_failed);
    return checks_failed == 0 && checks_passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Ends the test if something is missing that it needs, for example memory or a file. */
static inline void need(bool holds, const char *what) {
    if (!holds) {
        perror(what);
        exit(2);
    }
}

#endif
