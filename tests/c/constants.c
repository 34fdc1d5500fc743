/*
 * Each macro of the header has a function of the same value, the library has each function of the header, and both have
 * the same version.
 *
 * header_lists.sh writes constants.inc and functions.inc from the header: a line of CONSTANT(macro, function) or of
 * FUNCTION(function) for each.
 */
#include "check.h"

#include <kayako_sign.h>

#include <string.h>

#define CONSTANT(macro, function) {#macro, macro, function},
#define FUNCTION(function) (void (*)(void))function,

static const struct {
    const char *name;
    size_t macro;
    size_t (*function)(void);
} constants[] = {
#include "constants.inc"
};

/* If the library lacks one of these functions, this program does not link. */
static void (*const volatile functions[])(void) = {
#include "functions.inc"
};

int main(void) {
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
        CHECK(constants[i].macro == constants[i].function(), "%s is what its function returns", constants[i].name);
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        CHECK(functions[i] != NULL, "function %zu of the header is in the library", i + 1);
    }
    char numbers[32];
    snprintf(numbers, sizeof numbers, "%d.%d.%d", KAYAKO_SIGN_VERSION_MAJOR, KAYAKO_SIGN_VERSION_MINOR,
             KAYAKO_SIGN_VERSION_PATCH);
    CHECK(strcmp(kayako_version(), KAYAKO_SIGN_VERSION) == 0, "library and header have the same version");
    CHECK(strcmp(numbers, KAYAKO_SIGN_VERSION) == 0, "the version's numbers are those in its text");
    return report();
}
