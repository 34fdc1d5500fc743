/* The names of the header's statuses and diagnoses. header_lists.sh writes the lists: a line of NAME(name) for each. */
#ifndef NAMES_H
#define NAMES_H

#include <kayako_sign.h>

#include <stddef.h>

#define NAME(name) case name: return #name;

/* Returns NULL for a number that is no status. */
static inline const char *status_name(int32_t number) {
    switch (number) {
#include "statuses.inc"
    }
    return NULL;
}

/* Returns NULL for a number that is no diagnosis. */
static inline const char *diagnosis_name(int32_t number) {
    switch (number) {
#include "diagnoses.inc"
    }
    return NULL;
}

#undef NAME

#endif
