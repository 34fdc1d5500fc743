/*
 * Checks the shared vectors through the C ABI. The argument is the path of the table, whose head explains the columns.
 */
#include "buffer.h"
#include "names.h"
#include "table.h"

struct row {
    const char *name;
    const char *operation;
    struct bytes api_key, secret_key, salt, signature;
    const char *status;
    struct bytes output;
};

enum { COLUMNS = 8, MARGIN = 64 };

static int skipped;

typedef kayako_status writer(const kayako_signer *, const void *, size_t, char *, size_t, size_t *);

/* A request signed with a given salt holds the credentials of the query, with some text before and after them. */
static const char URL[] = "https://help.example.com/api/index.php?/Base/User/1&a=1", FORM[] = "a=1&b=2";
enum { ROUTE_END = sizeof "https://help.example.com/api/index.php?/Base/User/1" - 1 };

static kayako_status in_url(const kayako_signer *signer, const void *salt, size_t salt_len, char *out, size_t out_cap,
                            size_t *out_len) {
    return kayako_signer_sign_url_with_salt(signer, URL, sizeof URL - 1, salt, salt_len, out, out_cap, out_len);
}

static kayako_status in_form(const kayako_signer *signer, const void *salt, size_t salt_len, char *out, size_t out_cap,
                             size_t *out_len) {
    return kayako_signer_sign_form_with_salt(signer, FORM, sizeof FORM - 1, salt, salt_len, out, out_cap, out_len);
}

static kayako_status in_empty_form(const kayako_signer *signer, const void *salt, size_t salt_len, char *out,
                                   size_t out_cap, size_t *out_len) {
    return kayako_signer_sign_form_with_salt(signer, NULL, 0, salt, salt_len, out, out_cap, out_len);
}

static kayako_status in_request(const kayako_signer *signer, const void *salt, size_t salt_len, char *out,
                                size_t out_cap, size_t *out_len) {
    int32_t target = -1;
    size_t offset = 0;
    kayako_status status =
        kayako_signer_sign_request_with_salt(signer, "GET", 3, NULL, 0, URL, sizeof URL - 1, NULL, 0, salt, salt_len,
                                             &target, &offset, out, out_cap, out_len);
    CHECK(status != KAYAKO_OK || (target == KAYAKO_TARGET_URL && offset == ROUTE_END),
          "the credentials of a request with a given salt go after the route");
    return status;
}

static const struct {
    writer *write;
    const char *before, *after;
} requests[] = {
    {in_url, "https://help.example.com/api/index.php?/Base/User/1&", "&a=1"},
    {in_form, "", "&a=1&b=2"},
    {in_empty_form, "", ""},
    {in_request, "&", ""},
};

/* The operations that take a salt and write a text. */
static const struct {
    const char *operation;
    writer *write;
} writers[] = {
    {"sign", kayako_signer_sign},
    {"sign_urlencoded", kayako_signer_sign_urlencoded},
    {"query", kayako_signer_credentials_with_salt},
};

/* Makes one call with `cap` bytes of room. `out` is NULL, or a buffer of that size and a margin after it. */
static void check_call(const struct row *row, const kayako_signer *signer, writer *write, char *out, size_t cap) {
    size_t filled = out == NULL ? 0 : cap + MARGIN;
    if (filled > 0) {
        memset(out, FILL, filled);
    }
    size_t len = UNSET;
    kayako_status status = write(signer, row->salt.start, row->salt.len, out, cap, &len);

    bool refused = !same(row->status, "KAYAKO_OK");
    bool fits = cap > row->output.len;
    const char *expected = refused || fits ? row->status : "KAYAKO_BUFFER_TOO_SMALL";
    size_t written = refused || !fits ? 0 : row->output.len + 1;
    CHECK(same(status_name(status), expected), "%s, %s: the status is %s with %zu bytes of room", row->name,
          row->operation, expected, cap);
    CHECK(len == (refused ? UNSET : row->output.len), "%s, %s: *out_len is right with %zu bytes of room", row->name,
          row->operation, cap);
    CHECK(filled == 0 || untouched(out + written, out + filled), "%s, %s: of %zu bytes of room only %zu are written",
          row->name, row->operation, cap, written);
    if (written > 0) {
        CHECK(memcmp(out, row->output.start, row->output.len) == 0 && out[row->output.len] == '\0',
              "%s, %s: the text is right, and a NUL follows it", row->name, row->operation);
    }
}

/* Makes the call with more room than the text needs, just enough, too little, and none. */
static void check_text(const struct row *row, const kayako_signer *signer, writer *write) {
    size_t len = row->output.len;
    const size_t rooms[] = {len + 100, len + 1, len, len / 2, 0};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        char *buffer = malloc(rooms[i] + MARGIN);
        need(buffer != NULL, "memory");
        check_call(row, signer, write, buffer, rooms[i]);
        free(buffer);
    }
    check_call(row, signer, write, NULL, 0);
}

static struct bytes between(const char *before, struct bytes text, const char *after) {
    size_t before_len = strlen(before), after_len = strlen(after);
    struct bytes whole = room_for(before_len + text.len + after_len + 1);
    memcpy(whole.start, before, before_len);
    if (text.len > 0) {
        memcpy(whole.start + before_len, text.start, text.len);
    }
    memcpy(whole.start + before_len + text.len, after, after_len);
    whole.len--;
    return whole;
}

static void check_requests(const struct row *row, const kayako_signer *signer) {
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct row request = *row;
        request.output = between(requests[i].before, row->output, requests[i].after);
        check_text(&request, signer, requests[i].write);
        free(request.output.start);
    }
}

static void check_operation(const struct row *row, const kayako_signer *signer) {
    if (same(row->operation, "verify")) {
        kayako_status status = kayako_signer_verify(signer, row->salt.start, row->salt.len, row->signature.start,
                                                    row->signature.len);
        CHECK(same(status_name(status), row->status), "%s, verify: returns %s", row->name, row->status);
        return;
    }
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        if (same(row->operation, writers[i].operation)) {
            check_text(row, signer, writers[i].write);
            if (writers[i].write == kayako_signer_credentials_with_salt) {
                check_requests(row, signer);
            }
            return;
        }
    }
    CHECK(false, "%s: %s is an operation", row->name, row->operation);
}

static void check_row(const struct row *row) {
    kayako_signer *const none = (kayako_signer *)&checks_passed;
    kayako_signer *signer = none;
    kayako_status status = kayako_signer_new(row->api_key.start, row->api_key.len, row->secret_key.start,
                                             row->secret_key.len, &signer);
    const char *expected = same(row->operation, "signer") ? row->status : "KAYAKO_OK";
    CHECK(same(status_name(status), expected), "%s: making the signer returns %s", row->name, expected);
    CHECK((signer == none) == (status != KAYAKO_OK), "%s: the signer is written only on success", row->name);
    if (status == KAYAKO_OK) {
        if (!same(row->operation, "signer")) {
            check_operation(row, signer);
        }
        kayako_signer_free(signer);
    }
}

static void take(char **column) {
    /* The C ABI writes no JSON. */
    if (same(column[1], "credentials")) {
        skipped++;
        return;
    }
    struct row row = {column[0], column[1], value(column[2]), value(column[3]), value(column[4]), value(column[5]),
                      column[6], value(column[7])};
    check_row(&row);
    free(row.api_key.start);
    free(row.secret_key.start);
    free(row.salt.start);
    free(row.signature.start);
    free(row.output.start);
}

int main(int argc, char **argv) {
    need(argc == 2, "the table of vectors");
    int rows = each_row(argv[1], COLUMNS, take);
    printf("%d rows, %d of them left out because they are about JSON, which the C ABI does not write\n", rows, skipped);
    return report();
}
