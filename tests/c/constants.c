/*
 * Each macro of the header has a function of the same value, and each function that the header declares is there.
 *
 * constants.inc and functions.inc are made from the header: a line of CONSTANT(macro, function) or FUNCTION(function)
 * for each.
 */
#include "check.h"

#include <kayako_sign.h>

#define CONSTANT(macro, function) {#macro, macro, function},
#define FUNCTION(function) (void (*)(void))function,

static const struct {
    const char *name;
    size_t macro;
    size_t (*function)(void);
} constants[] = {
#include "constants.inc"
};

/* Naming them is what matters: with one missing, this program does not link. */
static void (*const volatile functions[])(void) = {
#include "functions.inc"
};

int main(void) {
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
        CHECK(constants[i].macro == constants[i].function(), "%s is what its function gives", constants[i].name);
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        CHECK(functions[i] != NULL, "function %zu of the header is in the library", i + 1);
    }
    CHECK(kayako_version()[0] >= '0' && kayako_version()[0] <= '9', "kayako_version() is a number");
    return report();
}
