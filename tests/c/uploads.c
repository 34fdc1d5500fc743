/*
 * Compares bodies that are checked piece by piece with the same bodies signed whole. The argument is the path of the
 * table of requests, whose head explains the columns.
 *
 * The result does not depend on where a body is cut, a refused upload stays refused, and the server accepts a body that
 * was not refused, with the credentials before it.
 */
#include "buffer.h"
#include "names.h"
#include "table.h"

enum { COLUMNS = 8, ROOM = 2048, MOST_CUTS = 4096 };

static kayako_signer *signer;
static int checked, refused_at_once;

/* Returns the status of signing the whole request. */
static kayako_status sign_whole(const struct request *request) {
    char out[ROOM];
    size_t offset, len;
    int32_t target;
    return kayako_signer_sign_request(signer, PARTS_OF(request), &target, &offset, out, sizeof out, &len);
}

static kayako_status begin(const struct request *request, char *out, size_t *len, kayako_upload **upload) {
    return kayako_upload_new(signer, HEAD_OF(request), out, ROOM, len, upload);
}

static int32_t diagnosis_of(const struct request *request) {
    int32_t diagnosis = -1;
    kayako_status status = kayako_signer_diagnose_request(signer, PARTS_OF(request), &diagnosis);
    return status == KAYAKO_OK ? diagnosis : -1;
}

/* ---- Pieces ---- */

/* Gives an upload a piece in memory of just its size. */
static kayako_status check_piece(kayako_upload *upload, const char *start, size_t len) {
    struct bytes piece = room_for(len);
    if (len > 0) {
        memcpy(piece.start, start, len);
    }
    kayako_status status = kayako_upload_check(upload, piece.start, piece.len);
    free(piece.start);
    return status;
}

/* Gives a body to an upload, the first `first` bytes and then pieces of `size` bytes. Returns the last status. */
static kayako_status in_pieces(const char *name, const struct request *request, size_t first, size_t size) {
    char out[ROOM];
    size_t len;
    kayako_upload *upload;
    kayako_status status = begin(request, out, &len, &upload);
    if (status != KAYAKO_OK) {
        return status;
    }
    status = check_piece(upload, request->body.start, first);
    for (size_t at = first; at < request->body.len && status == KAYAKO_OK; at += size) {
        size_t left = request->body.len - at;
        status = check_piece(upload, request->body.start + at, size < left ? size : left);
    }
    status = status == KAYAKO_OK ? kayako_upload_end(upload) : status;
    if (status != KAYAKO_OK) {
        CHECK(kayako_upload_check(upload, NULL, 0) == status && kayako_upload_check(upload, "&a=1", 4) == status &&
                  kayako_upload_end(upload) == status,
              "%s: a refused upload stays refused", name);
    }
    kayako_upload_free(upload);
    return status;
}

/* ---- Checks of each row ---- */

/* The server accepts the request with the credentials before its body. */
static void check_sent(const char *name, const struct request *request) {
    char out[ROOM];
    size_t len = 0;
    kayako_upload *upload = NULL;
    CHECK(begin(request, out, &len, &upload) == KAYAKO_OK && len < ROOM && out[len] == '\0',
          "%s: an upload is begun", name);
    CHECK(len <= kayako_signer_insertion_max(signer), "%s: the credentials are as long as the header says", name);
    struct request sent = *request;
    sent.body = room_for(len + request->body.len);
    memcpy(sent.body.start, out, len);
    memcpy(sent.body.start + len, request->body.start, request->body.len);
    CHECK(kayako_diagnosis_is_accepted(diagnosis_of(&sent)) == 1, "%s: the server accepts it", name);
    free(sent.body.start);
    kayako_upload_free(upload);
}

static void check_row(const char *name, const struct request *request) {
    kayako_status expected = sign_whole(request);
    kayako_status all = in_pieces(name, request, request->body.len, 1);
    if (all == KAYAKO_UPLOAD_UNSUPPORTED) {
        refused_at_once++;
        return;
    }
    checked++;
    CHECK(all == expected, "%s: in one piece it is %s, not %s", name, status_name(expected), status_name(all));
    CHECK(in_pieces(name, request, 1, 1) == expected, "%s: byte by byte it is %s", name, status_name(expected));
    for (size_t at = 0; at <= request->body.len && at < MOST_CUTS; at++) {
        CHECK(in_pieces(name, request, at, request->body.len) == expected, "%s: cut at %zu it is %s", name, at,
              status_name(expected));
    }
    if (expected == KAYAKO_OK) {
        check_sent(name, request);
    }
}

static void take(char **column) {
    struct request request = request_of(column);
    if (request.body.len > 0) {
        check_row(column[0], &request);
    }
    free_request(&request);
}

/* ---- Cases that are in no table ---- */

static const struct request form = {
    {"POST", 4}, {"application/x-www-form-urlencoded", 33}, {"https://h/?/Base/User", 21}, {NULL, 0}};

/* If the form is empty, only the credentials are sent. */
static void empty_body(void) {
    CHECK(in_pieces("an empty form", &form, 0, 1) == KAYAKO_OK, "an empty form is good");
    struct request multipart = form;
    multipart.content_type = (struct bytes){"multipart/form-data; boundary=X", 31};
    CHECK(in_pieces("an empty multipart body", &multipart, 0, 1) == KAYAKO_MULTIPART_NOT_PLAIN,
          "an empty multipart body ends too early");
}

/* The route may be in the body, so only the end of the body shows that it is missing. */
static void route_in_body(void) {
    struct request request = form;
    request.url = (struct bytes){"https://h/", 10};
    request.body = (struct bytes){"a=1", 3};
    CHECK(in_pieces("no route", &request, 1, 1) == KAYAKO_ROUTE_MISSING, "a request without a route is refused");
    request.body = (struct bytes){"a=1&e=/Base/User", 16};
    CHECK(in_pieces("a route", &request, 1, 1) == KAYAKO_OK, "a route may be in the form");
    request.body = (struct bytes){"a=1&e=Base/User", 15};
    CHECK(in_pieces("no slash", &request, 1, 1) == KAYAKO_ROUTE_SLASH, "a route in the form begins with a slash");
    request.url = form.url;
    request.body = (struct bytes){"e=/Base/User", 12};
    CHECK(in_pieces("two routes", &request, 1, 1) == KAYAKO_ROUTE_PARAMETER, "a second route in the form is refused");
}

/* An upload may outlive its signer. */
static void after_the_signer_is_freed(void) {
    kayako_signer *other = NULL, *kept = signer;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &other) == KAYAKO_OK, "another signer is made");
    char out[ROOM];
    size_t len;
    kayako_upload *upload = NULL;
    signer = other;
    CHECK(begin(&form, out, &len, &upload) == KAYAKO_OK, "an upload is begun");
    signer = kept;
    kayako_signer_free(other);
    CHECK(kayako_upload_check(upload, "a=1&sa", 6) == KAYAKO_OK, "a piece is checked after the signer is freed");
    CHECK(kayako_upload_check(upload, "lt=1", 4) == KAYAKO_SALT_PARAMETER, "and so is one that must be refused");
    kayako_upload_free(upload);
}

static void null_pieces_and_uploads(void) {
    char out[ROOM];
    size_t len;
    kayako_upload *upload = NULL;
    CHECK(begin(&form, out, &len, &upload) == KAYAKO_OK, "an upload is begun");
    CHECK(kayako_upload_check(upload, NULL, 0) == KAYAKO_OK, "an empty piece at NULL is accepted");
    CHECK(kayako_upload_check(upload, NULL, 1) == KAYAKO_NULL_PIECE, "a piece at NULL is refused");
    CHECK(kayako_upload_end(upload) == KAYAKO_OK, "a piece at NULL does not change the upload");
    CHECK(kayako_upload_check(NULL, "a", 1) == KAYAKO_NULL_UPLOAD, "checking a piece with a NULL upload is refused");
    CHECK(kayako_upload_end(NULL) == KAYAKO_NULL_UPLOAD, "ending a NULL upload is refused");
    kayako_upload_free(upload);
    kayako_upload_free(NULL);
}

int main(int argc, char **argv) {
    need(argc == 2, "the table of requests");
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    each_row(argv[1], COLUMNS, take);
    CHECK(checked > 0 && refused_at_once > 0, "some bodies are checked in pieces, and some are refused at once");
    empty_body();
    route_in_body();
    after_the_signer_is_freed();
    null_pieces_and_uploads();
    kayako_signer_free(signer);
    printf("%d bodies in pieces; the credentials of %d others do not go before their body\n", checked, refused_at_once);
    return report();
}
