/*
 * The shared requests, through the C ABI: what is signed, and where, and what is refused. The path of the table is the
 * argument; its head explains the columns.
 */
#include "buffer.h"
#include "names.h"
#include "table.h"

enum { COLUMNS = 8, MARGIN = 64 };

struct request {
    struct bytes method, content_type, url, body;
};

static kayako_signer *signer;
static int by_url, by_form;

/* ---- The calls ---- */

/* What a call tells beside the text. */
static int32_t target;
static size_t offset;

typedef kayako_status writer(const struct request *, char *, size_t, size_t *);

static kayako_status sign_request(const struct request *request, char *out, size_t cap, size_t *len) {
    return kayako_signer_sign_request(signer, request->method.start, request->method.len, request->content_type.start,
                                      request->content_type.len, request->url.start, request->url.len,
                                      request->body.start, request->body.len, &target, &offset, out, cap, len);
}

static kayako_status sign_url(const struct request *request, char *out, size_t cap, size_t *len) {
    return kayako_signer_sign_url(signer, request->url.start, request->url.len, out, cap, len);
}

static kayako_status sign_form(const struct request *request, char *out, size_t cap, size_t *len) {
    return kayako_signer_sign_form(signer, request->body.start, request->body.len, out, cap, len);
}

static const char *diagnosis_of(const struct request *request) {
    int32_t diagnosis = -1;
    kayako_status status = kayako_signer_diagnose_request(
        signer, request->method.start, request->method.len, request->content_type.start, request->content_type.len,
        request->url.start, request->url.len, request->body.start, request->body.len, &diagnosis);
    return status == KAYAKO_OK ? diagnosis_name(diagnosis) : status_name(status);
}

/* ---- What holds for each call ---- */

/* A call with `cap` bytes of room, behind which there is a margin. Returns its status. */
static kayako_status attempt(const char *name, writer *write, const struct request *request, char *buffer, size_t cap,
                             size_t *len) {
    memset(buffer, FILL, cap + MARGIN);
    *len = offset = UNSET;
    target = -1;
    kayako_status status = write(request, buffer, cap, len);
    bool ok = status == KAYAKO_OK;
    CHECK(!ok || (*len < cap && buffer[*len] == '\0'), "%s: %zu bytes hold the text, and NUL behind it", name, cap);
    size_t written = ok && *len < cap ? *len + 1 : 0;
    CHECK(untouched(buffer + written, buffer + cap + MARGIN), "%s: nothing else is written", name);
    CHECK(ok || (target == -1 && offset == UNSET), "%s: target and offset come with KAYAKO_OK alone", name);
    CHECK(ok || status == KAYAKO_BUFFER_TOO_SMALL || *len == UNSET, "%s: *out_len is left alone", name);
    return status;
}

/* Whether a text could be as long as `longest`, had each character of its signature been one to escape. */
static bool is_longest(size_t longest, struct bytes text) {
    const char *signature = strstr(text.start, "&signature=");
    size_t len = signature == NULL ? 0 : strcspn(signature + strlen("&signature="), "&#");
    size_t slack = len == 0 ? 0 : KAYAKO_SIGNATURE_URLENCODED_MAX - len;
    /* For JSON the room suffices for any API key of this length: one may need escapes. */
    return text.start[0] == '"' ? text.len <= longest : text.len + slack == longest;
}

/*
 * The text that a call writes, for the caller to free, or NULL where it refuses the request as it should. It needs the
 * room of the longest such text, however long it comes out, and never more than the `most` of the header.
 */
static struct bytes text_of(const char *name, writer *write, const struct request *request, const char *expected,
                            size_t most) {
    struct bytes text = room_for(most + 1 + MARGIN);
    size_t longest = UNSET;
    kayako_status asked = write(request, NULL, 0, &longest);
    bool signs = asked == KAYAKO_BUFFER_TOO_SMALL && longest <= most;
    CHECK(signs == same(expected, "KAYAKO_OK"), "%s: the length is told if the request is signed, within bounds", name);
    size_t told = signs ? longest : most;
    const size_t rooms[] = {0, told / 2, told, told + 1, most + 1};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        kayako_status status = attempt(name, write, request, text.start, rooms[i], &text.len);
        bool fits = !signs || rooms[i] > longest;
        CHECK(same(status_name(status), fits ? expected : "KAYAKO_BUFFER_TOO_SMALL"), "%s: %zu bytes of room give %s",
              name, rooms[i], fits ? expected : "KAYAKO_BUFFER_TOO_SMALL");
        CHECK(fits || text.len == longest, "%s: the length that is told is always the same", name);
        CHECK(status != KAYAKO_OK || is_longest(longest, text), "%s: the length that is told is the longest", name);
    }
    if (!signs) {
        free(text.start);
        text.start = NULL;
    }
    return text;
}

/* ---- What holds for each row ---- */

/* `text` with `more` in it; memory of just that size. */
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

/* Whether `whole` is `text` with something in it at `at`. */
static bool holds(struct bytes whole, struct bytes text, size_t at) {
    size_t more = whole.len - text.len;
    return text.len == 0 || (memcmp(whole.start, text.start, at) == 0 &&
                             memcmp(whole.start + at + more, text.start + at, text.len - at) == 0);
}

/* `sent` is the request with `whole` in it, in place of the address or the body. */
static void check_sent(const char *name, const struct request *sent, struct bytes whole, struct bytes text, size_t at) {
    CHECK(whole.len > text.len && at <= text.len && holds(whole, text, at),
          "%s: without the insertion all is what it was, byte for byte", name);
    CHECK(same(diagnosis_of(sent), "KAYAKO_DIAGNOSIS_GOOD"), "%s: what is signed is good", name);
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
}

/* The calls for the two common cases give what sign_request gives, and whole. */
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

/* Whether it is for its form alone that a request is signed or refused. */
static bool is_of_form(const struct request *request) {
    struct request without = *request;
    without.body = (struct bytes){NULL, 0};
    size_t len;
    return is(request->content_type, "application/x-www-form-urlencoded") &&
           (is(request->method, "POST") || (is(request->method, "PUT") && request->body.len > 0)) &&
           sign_request(&without, NULL, 0, &len) == KAYAKO_BUFFER_TOO_SMALL;
}

static void take(char **column) {
    struct request request = {unescaped(column[1]), unescaped(column[3]), unescaped(column[2]), unescaped(column[4])};
    size_t at = strtoul(column[7], NULL, 10);
    check_request(column[0], &request, column[5], column[6], at);
    bool reads_query = (is(request.method, "GET") || is(request.method, "DELETE")) && request.content_type.len == 0;
    if (reads_query || same(column[6], "url")) {
        check_url(column[0], &request, column[5], at);
    }
    if (is_of_form(&request)) {
        check_form(column[0], &request, column[5]);
    }
    free(request.method.start);
    free(request.content_type.start);
    free(request.url.start);
    free(request.body.start);
}

/* The tables are text, so this is not in them. */
static void refuse_what_is_not_utf8(void) {
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
        CHECK(sign_request(&cases[i].request, NULL, 0, &len) == cases[i].status, "signing tells %s", expected);
        CHECK(same(diagnosis_of(&cases[i].request), expected), "diagnosing tells %s", expected);
    }
    size_t len;
    CHECK(sign_url(&cases[2].request, NULL, 0, &len) == KAYAKO_URL_CHARACTER, "signing the address alone tells it, too");
}

int main(int argc, char **argv) {
    need(argc == 2, "the table of requests");
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    int rows = each_row(argv[1], COLUMNS, take);
    CHECK(rows > by_url && by_url > 0 && by_form > 0, "each call has rows");
    refuse_what_is_not_utf8();
    kayako_signer_free(signer);
    printf("%d requests, of which %d are signed or refused by their address alone, and %d by their form alone\n", rows,
           by_url, by_form);
    return report();
}
