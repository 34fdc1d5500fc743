/* Reads the tables that the tests of every language share: a row on each line, its columns separated by one tab. */
#ifndef TABLE_H
#define TABLE_H

#include "check.h"

#include <string.h>

/* Bytes in memory of just their size, so that Valgrind finds a read beyond them. NULL if there are none. */
struct bytes {
    char *start;
    size_t len;
};

static inline struct bytes room_for(size_t len) {
    struct bytes bytes = {len > 0 ? malloc(len) : NULL, len};
    need(len == 0 || bytes.start != NULL, "memory");
    return bytes;
}

/* Returns whether two texts are the same. NULL is not a text. */
static inline bool same(const char *one, const char *other) {
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* Calls `take` with the columns of each row. Returns the number of rows. */
static inline int each_row(const char *path, int columns, void (*take)(char **column)) {
    static char line[1 << 20];
    char *column[16];
    int rows = -1; /* The first row names the columns, and does not count. */
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
        if (rows == 0) {
            CHECK(same(column[0], "name"), "%s: the first row names the columns", path);
        } else if (whole) {
            take(column);
        }
    }
    fclose(table);
    return rows;
}

/* Returns the byte of an escape of one letter, or 0 if there is no such escape. */
static inline char escaped(char letter) {
    switch (letter) {
    case '\\': return '\\';
    case 'r': return '\r';
    case 'n': return '\n';
    case 't': return '\t';
    default: return 0;
    }
}

/* Returns the bytes of a value. The head of each table explains the escapes. */
static inline struct bytes value(const char *text) {
    static char decoded[1 << 20];
    size_t len = 0;
    while (*text != '\0') {
        unsigned byte = 0;
        size_t times = 0;
        int used = 0;
        if (*text != '\\') {
            decoded[len++] = *text++;
        } else if (escaped(text[1]) != 0) {
            decoded[len++] = escaped(text[1]);
            text += 2;
        } else if (sscanf(text, "\\{%zu}%n", &times, &used) == 1 && used > 0) {
            need(len > 0 && times > 0 && times < sizeof decoded - len, "a byte to repeat, and room for it");
            memset(decoded + len, decoded[len - 1], times - 1);
            len += times - 1;
            text += used;
        } else {
            CHECK(sscanf(text, "\\x%2x%n", &byte, &used) == 1 && used == 4, "%s: is a known escape", text);
            decoded[len++] = (char)byte;
            text += used == 4 ? 4 : 1;
        }
    }
    struct bytes bytes = room_for(len);
    if (len > 0) {
        memcpy(bytes.start, decoded, len);
    }
    return bytes;
}

struct request {
    struct bytes method, content_type, url, body;
};

/* The parts of a request as arguments of a call: method, content type and URL, and with PARTS_OF the body, too. */
#define HEAD_OF(request)                                                                                               \
    (request)->method.start, (request)->method.len, (request)->content_type.start, (request)->content_type.len,        \
        (request)->url.start, (request)->url.len
#define PARTS_OF(request) HEAD_OF(request), (request)->body.start, (request)->body.len

/* Returns the request in a row of requests.tsv or diagnoses.tsv. */
static inline struct request request_of(char **column) {
    return (struct request){.method = value(column[1]),
                            .url = value(column[2]),
                            .content_type = value(column[3]),
                            .body = value(column[4])};
}

static inline void free_request(const struct request *request) {
    free(request->method.start);
    free(request->content_type.start);
    free(request->url.start);
    free(request->body.start);
}

#endif
