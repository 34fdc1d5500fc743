/*
 * Checks the shared requests through the C ABI: each is signed at the right place, or refused. The argument is the path
 * of the table, whose head explains the columns.
 */
#include "buffer.h"
#include "names.h"
#include "table.h"

enum { COLUMNS = 8, MARGIN = 64 };

static kayako_signer *signer;
static int by_url, by_form;

/* ---- The calls ---- */

/* The outputs of a call beside the text. */
static int32_t target;
static size_t offset;

typedef kayako_status writer(const struct request *, char *, size_t, size_t *);

static kayako_status sign_request(const struct request *request, char *out, size_t cap, size_t *len) {
    return kayako_signer_sign_request(signer, PARTS_OF(request), &target, &offset, out, cap, len);
}

/* The given salt. */
static const char SALT[] = "1234567890";

static kayako_status sign_with_salt(const struct request *request, const void *salt, size_t salt_len, char *out,
                                    size_t cap, size_t *len) {
    return kayako_signer_sign_request_with_salt(signer, PARTS_OF(request), salt, salt_len, &target, &offset, out, cap,
                                                len);
}

static kayako_status request_target(const struct request *request, int32_t *returned) {
    return kayako_request_target(HEAD_OF(request), request->body.len > 0, returned);
}

static kayako_status sign_url(const struct request *request, char *out, size_t cap, size_t *len) {
    return kayako_signer_sign_url(signer, request->url.start, request->url.len, out, cap, len);
}

static kayako_status sign_form(const struct request *request, char *out, size_t cap, size_t *len) {
    return kayako_signer_sign_form(signer, request->body.start, request->body.len, out, cap, len);
}

static const char *diagnosis_of(const struct request *request) {
    int32_t diagnosis = -1;
    kayako_status status = kayako_signer_diagnose_request(signer, PARTS_OF(request), &diagnosis);
    return status == KAYAKO_OK ? diagnosis_name(diagnosis) : status_name(status);
}

/* ---- Checks of each call ---- */

/* Makes a call with `cap` bytes of room and a margin after them. Returns its status. */
static kayako_status attempt(const char *name, writer *write, const struct request *request, char *buffer, size_t cap,
                             size_t *len) {
    memset(buffer, FILL, cap + MARGIN);
    *len = offset = UNSET;
    target = -1;
    kayako_status status = write(request, buffer, cap, len);
    bool ok = status == KAYAKO_OK;
    CHECK(!ok || (*len < cap && buffer[*len] == '\0'), "%s: %zu bytes hold the text and the NUL after it", name, cap);
    size_t written = ok && *len < cap ? *len + 1 : 0;
    CHECK(untouched(buffer + written, buffer + cap + MARGIN), "%s: nothing else is written", name);
    CHECK(ok || (target == -1 && offset == UNSET), "%s: target and offset are written only with KAYAKO_OK", name);
    CHECK(ok || status == KAYAKO_BUFFER_TOO_SMALL || *len == UNSET, "%s: *out_len is not written", name);
    return status;
}

/* Returns whether a text would have the length `longest` if all of its signature were escaped. */
static bool is_longest(size_t longest, struct bytes text) {
    const char *signature = strstr(text.start, "&signature=");
    size_t len = signature == NULL ? 0 : strcspn(signature + strlen("&signature="), "&#");
    size_t slack = len == 0 ? 0 : KAYAKO_SIGNATURE_URLENCODED_MAX - len;
    /* For JSON, `longest` allows for an API key of the same length that needs escapes. */
    return text.start[0] == '"' ? text.len <= longest : text.len + slack == longest;
}

/*
 * Returns the text that a call writes, for the caller to free, or NULL if it rightly refuses the request. The call
 * always needs room for the longest such text, and never more than `most`, the bound in the header.
 */
static struct bytes text_of(const char *name, writer *write, const struct request *request, const char *expected,
                            size_t most) {
    struct bytes text = room_for(most + 1 + MARGIN);
    size_t longest = UNSET;
    kayako_status asked = write(request, NULL, 0, &longest);
    bool signs = asked == KAYAKO_BUFFER_TOO_SMALL && longest <= most;
    CHECK(signs == same(expected, "KAYAKO_OK"), "%s: the length is returned if the request is signed, within bounds",
          name);
    size_t needed = signs ? longest : most;
    const size_t rooms[] = {0, needed / 2, needed, needed + 1, most + 1};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        kayako_status status = attempt(name, write, request, text.start, rooms[i], &text.len);
        bool fits = !signs || rooms[i] > longest;
        const char *right = fits ? expected : "KAYAKO_BUFFER_TOO_SMALL";
        CHECK(same(status_name(status), right), "%s: with %zu bytes of room it is %s", name, rooms[i], right);
        CHECK(fits || text.len == longest, "%s: the length that is returned is always the same", name);
        CHECK(status != KAYAKO_OK || is_longest(longest, text), "%s: the length that is returned is the longest", name);
    }
    if (!signs) {
        free(text.start);
        text.start = NULL;
    }
    return text;
}

/* ---- Checks of each row ---- */

/* Returns `text` with `more` in it, in memory of just that size. */
static struct bytes inserted(struct bytes text, size_t at, struct bytes more) {
    struct bytes whole = room_for(text.len + more.len);
    if (at > 0) {
        memcpy(whole.start, text.start, at);
    }
    memcpy(whole.start + at, more.start, more.len);
    if (at < text.len) {
        memcpy(whole.start + at + more.len, text.start + at, text.len - at);
    }
    return whole;
}

/* Returns whether `whole` is `text` with something inserted at `at`. */
static bool holds(struct bytes whole, struct bytes text, size_t at) {
    size_t more = whole.len - text.len;
    return text.len == 0 || (memcmp(whole.start, text.start, at) == 0 &&
                             memcmp(whole.start + at + more, text.start + at, text.len - at) == 0);
}

/* `whole` is the signed URL or body, `text` the one before, and `sent` the request with `whole` in its place. */
static void check_sent(const char *name, const struct request *sent, struct bytes whole, struct bytes text, size_t at) {
    CHECK(whole.len > text.len && at <= text.len && holds(whole, text, at),
          "%s: everything but the insertion is unchanged", name);
    const char *diagnosis = diagnosis_of(sent);
    CHECK(same(diagnosis, "KAYAKO_DIAGNOSIS_GOOD") || same(diagnosis, "KAYAKO_DIAGNOSIS_FIELDS_NOT_READ"),
          "%s: the signed request is good, or only its fields are not read; it is %s", name, diagnosis);
}

/* With a given salt, the credentials go to the same place, and need no more room than the header says. */
static void check_given_salt(const char *name, const struct request *request, const char *expected) {
    const int32_t same_target = target;
    const size_t same_offset = offset;
    size_t len = UNSET, most = kayako_signer_insertion_max(signer) + 6 * strlen(SALT);
    struct bytes text = room_for(most + 1);
    kayako_status status = sign_with_salt(request, SALT, strlen(SALT), text.start, most + 1, &len);
    CHECK(same(status_name(status), expected), "%s: with a given salt it is %s, too", name, expected);
    if (status == KAYAKO_OK) {
        CHECK(target == same_target && offset == same_offset, "%s: with a given salt the place is the same", name);
        CHECK(strstr(text.start, SALT) != NULL, "%s: the text holds the given salt", name);
        struct request sent = *request;
        struct bytes *whole = target == KAYAKO_TARGET_URL ? &sent.url : &sent.body, before = *whole;
        text.len = len;
        *whole = inserted(before, offset <= before.len ? offset : 0, text);
        check_sent(name, &sent, *whole, before, offset);
        free(whole->start);
        kayako_status needed = sign_with_salt(request, SALT, strlen(SALT), NULL, 0, &len);
        CHECK(needed == KAYAKO_BUFFER_TOO_SMALL && len == text.len, "%s: with a given salt the length is exact", name);
    }
    free(text.start);
}

/* kayako_request_target(), which sees no body, returns the same as signing, unless signing refuses the body. */
static void check_target(const char *name, const struct request *request, const char *status, const char *into) {
    int32_t returned = -1;
    kayako_status answer = request_target(request, &returned);
    bool of_body = returned == KAYAKO_TARGET_BODY && !same(status, "KAYAKO_OK");
    CHECK(of_body || same(status_name(answer), status), "%s: the target is returned, or the reason why there is none",
          name);
    CHECK((returned == -1) == (answer != KAYAKO_OK), "%s: the target is written only with KAYAKO_OK", name);
    CHECK(!same(status, "KAYAKO_OK") || same(into, returned == KAYAKO_TARGET_URL ? "url" : "body"),
          "%s: the target is the same as when signing", name);
}

static void check_request(const char *name, const struct request *request, const char *status, const char *into,
                          size_t at) {
    struct bytes text = text_of(name, sign_request, request, status, kayako_signer_insertion_max(signer));
    if (text.start != NULL) {
        bool in_url = target == KAYAKO_TARGET_URL;
        CHECK(same(into, in_url ? "url" : "body") && offset == at, "%s: the credentials go where the table says", name);
        struct request sent = *request;
        struct bytes *whole = in_url ? &sent.url : &sent.body;
        struct bytes before = *whole;
        *whole = inserted(before, offset <= before.len ? offset : 0, text);
        check_sent(name, &sent, *whole, before, offset);
        free(whole->start);
    }
    free(text.start);
    check_given_salt(name, request, status);
    check_target(name, request, status, into);
}

/* kayako_signer_sign_url() and _sign_form() write the whole URL or form, with the same insertion as _sign_request(). */
static void check_url(const char *name, const struct request *request, const char *status, size_t at) {
    struct bytes url = text_of(name, sign_url, request, status,
                               request->url.len + kayako_signer_insertion_max(signer));
    if (url.start != NULL) {
        struct request sent = *request;
        sent.url = url;
        check_sent(name, &sent, url, request->url, at);
    }
    free(url.start);
    by_url++;
}

static void check_form(const char *name, const struct request *request, const char *status) {
    struct bytes form = text_of(name, sign_form, request, status,
                                request->body.len + kayako_signer_insertion_max(signer));
    if (form.start != NULL) {
        struct request sent = *request;
        sent.body = form;
        check_sent(name, &sent, form, request->body, 0);
    }
    free(form.start);
    by_form++;
}

static bool is(struct bytes bytes, const char *text) {
    return bytes.len == strlen(text) && (bytes.len == 0 || memcmp(bytes.start, text, bytes.len) == 0);
}

/* Returns whether only the form decides if a request is signed. A second route is refused because of the URL, too. */
static bool is_of_form(const struct request *request, const char *status) {
    struct request without = *request;
    without.body = (struct bytes){NULL, 0};
    size_t len;
    return is(request->content_type, "application/x-www-form-urlencoded") && !same(status, "KAYAKO_ROUTE_PARAMETER") &&
           (is(request->method, "POST") || (is(request->method, "PUT") && request->body.len > 0)) &&
           sign_request(&without, NULL, 0, &len) == KAYAKO_BUFFER_TOO_SMALL;
}

static void take(char **column) {
    struct request request = request_of(column);
    size_t at = strtoul(column[7], NULL, 10);
    check_request(column[0], &request, column[5], column[6], at);
    bool reads_query = (is(request.method, "GET") || is(request.method, "DELETE")) && request.content_type.len == 0;
    if (reads_query || same(column[6], "url")) {
        check_url(column[0], &request, column[5], at);
    }
    if (is_of_form(&request, column[5])) {
        check_form(column[0], &request, column[5]);
    }
    free_request(&request);
}

/* Most languages take a method, a content type and a URL as text, so the tables have no such requests. */
static void requests_that_are_not_utf8(void) {
    const struct bytes method = {"POST", 4}, type = {"application/json", 16}, url = {"https://h/?/Base/User", 21};
    const struct bytes body = {"{}", 2}, wrong = {"POST\xff", 5};
    const struct {
        struct request request;
        kayako_status status;
    } cases[] = {
        {{wrong, type, url, body}, KAYAKO_METHOD_UNSUPPORTED},
        {{method, wrong, url, body}, KAYAKO_CONTENT_TYPE_UNSUPPORTED},
        {{method, type, wrong, body}, KAYAKO_URL_CHARACTER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *expected = status_name((int32_t)cases[i].status);
        size_t len;
        CHECK(sign_request(&cases[i].request, NULL, 0, &len) == cases[i].status, "signing returns %s", expected);
        CHECK(same(diagnosis_of(&cases[i].request), expected), "diagnosing returns %s", expected);
    }
    size_t len;
    CHECK(sign_url(&cases[2].request, NULL, 0, &len) == KAYAKO_URL_CHARACTER, "signing the URL alone returns it, too");
}

/* A form may hold the route once, and the route must then be a good one. */
static void forms_with_a_route(void) {
    static const struct {
        const char *form;
        kayako_status status;
    } cases[] = {
        {"e=/Base/User&a=1", KAYAKO_OK},
        {"a=1&e=%2FBase%2FUser", KAYAKO_OK},
        {"e=Base/User", KAYAKO_ROUTE_SLASH},
        {"e=/Base", KAYAKO_ROUTE_MISSING},
        {"e=/Base/User?1", KAYAKO_ROUTE_QUESTION_MARK},
        {"e=/Base/UserSearch/ada@example.com", KAYAKO_ROUTE_CHARACTER},
        {"e=/Base/User&e=/Base/User", KAYAKO_ROUTE_PARAMETER},
        {"e[]=/Base/User", KAYAKO_ROUTE_PARAMETER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[1024];
        size_t len;
        kayako_status status =
            kayako_signer_sign_form(signer, cases[i].form, strlen(cases[i].form), out, sizeof out, &len);
        CHECK(status == cases[i].status, "%s: is %s, not %s", cases[i].form, status_name(cases[i].status),
              status_name(status));
    }
}

/* JSON and multipart must be UTF-8, and no multipart value may hold the boundary. A form may hold any bytes. */
static void salts_that_some_bodies_cannot_hold(void) {
    static const char not_utf8[] = "\xff", boundary[] = "a--kayako";
    const struct bytes post = {"POST", 4}, url = {"https://h/?/Base/User", 21};
    const struct bytes multipart = {"multipart/form-data; boundary=kayako", 36}, json = {"application/json", 16};
    const struct bytes form = {"application/x-www-form-urlencoded", 33};
    const struct bytes part = {"--kayako\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--kayako--\r\n", 69};
    const struct {
        struct request request;
        const char *salt;
        kayako_status status;
    } cases[] = {
        {{post, form, url, {"a=1", 3}}, not_utf8, KAYAKO_OK},
        {{post, json, url, {"{}", 2}}, not_utf8, KAYAKO_SALT_NOT_UTF8},
        {{post, multipart, url, part}, not_utf8, KAYAKO_SALT_NOT_UTF8},
        {{post, json, url, {"{}", 2}}, boundary, KAYAKO_OK},
        {{post, multipart, url, part}, boundary, KAYAKO_MULTIPART_NOT_PLAIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[1024];
        size_t len;
        kayako_status status =
            sign_with_salt(&cases[i].request, cases[i].salt, strlen(cases[i].salt), out, sizeof out, &len);
        CHECK(status == cases[i].status, "salt %zu: signing returns %s", i + 1, status_name(cases[i].status));
    }
}

int main(int argc, char **argv) {
    need(argc == 2, "the table of requests");
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    int rows = each_row(argv[1], COLUMNS, take);
    CHECK(rows > by_url && by_url > 0 && by_form > 0, "each call has rows");
    requests_that_are_not_utf8();
    salts_that_some_bodies_cannot_hold();
    forms_with_a_route();
    kayako_signer_free(signer);
    printf("%d requests, of which %d are signed or refused by their URL alone, and %d by their form alone\n", rows,
           by_url, by_form);
    return report();
}
