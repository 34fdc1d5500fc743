/* Reads the tables that the tests of every language share: a row on each line, its columns separated by one tab. */
#ifndef TABLE_H
#define TABLE_H

#include "check.h"

#include <string.h>

/* Bytes in memory of just their size, so that Valgrind sees a read beyond them. NULL where there are none. */
struct bytes {
    char *start;
    size_t len;
};

static inline struct bytes room_for(size_t len) {
    struct bytes bytes = {len > 0 ? malloc(len) : NULL, len};
    need(len == 0 || bytes.start != NULL, "memory");
    return bytes;
}

/* Whether two texts are the same. NULL is none. */
static inline bool same(const char *one, const char *other) {
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* Gives the columns of each row to `take`, and says how many rows there are. */
static inline int each_row(const char *path, int columns, void (*take)(char **column)) {
    static char line[1 << 20];
    char *column[16];
    int rows = 0;
    FILE *table = fopen(path, "r");
    need(table != NULL, path);
    while (fgets(line, sizeof line, table) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') {
            continue;
        }
        rows++;
        int found = 0;
        char *rest = line;
        while (rest != NULL && found < columns) {
            column[found++] = strsep(&rest, "\t");
        }
        bool whole = found == columns && rest == NULL;
        CHECK(whole, "%s, %s: the row has %d columns", path, line, columns);
        if (whole) {
            take(column);
        }
    }
    fclose(table);
    return rows;
}

/* The byte that an escape of one letter stands for. 0 for a letter that has none. */
static inline char escaped(char letter) {
    switch (letter) {
    case '\\': return '\\';
    case 'r': return '\r';
    case 'n': return '\n';
    case 't': return '\t';
    default: return 0;
    }
}

/* What a value with the escapes \\ \r \n \t and \xHH stands for. */
static inline struct bytes unescaped(const char *value) {
    static char text[1 << 20];
    size_t len = 0;
    while (*value != '\0') {
        unsigned byte = 0;
        int used = 0;
        if (*value != '\\') {
            text[len++] = *value++;
        } else if (escaped(value[1]) != 0) {
            text[len++] = escaped(value[1]);
            value += 2;
        } else {
            CHECK(sscanf(value, "\\x%2x%n", &byte, &used) == 1 && used == 4, "%s: is a known escape", value);
            text[len++] = (char)byte;
            value += used == 4 ? 4 : 1;
        }
    }
    struct bytes bytes = room_for(len);
    if (len > 0) {
        memcpy(bytes.start, text, len);
    }
    return bytes;
}

#endif
