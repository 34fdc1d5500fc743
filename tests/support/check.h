/* Counts what holds, and says what does not. No values are shown: keys and signatures stay out of logs. */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long checks_passed, checks_failed;

/* CHECK(condition, statement, ...): the statement says what must hold, with what printf may fill in. */
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

/* What a test prints last, and its exit status. A test that checked nothing has failed. */
static inline int report(void) {
    printf("%lu passed, %lu failed\n", checks_passed, checks_failed);
    return checks_failed == 0 && checks_passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* For what a test cannot go on without, such as memory or a file: no statement about the library. */
static inline void need(bool holds, const char *what) {
    if (!holds) {
        perror(what);
        exit(2);
    }
}

#endif
