/*
 * Signs a request, sends it with libcurl, and prints the answer.
 *
 *     cc request.c -lkayako_sign -lcurl -o request
 *     KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... ./request METHOD URL [CONTENT_TYPE FILE]
 *
 * FILE holds the body.
 */
#include <kayako_sign.h>

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char *start;
    size_t len;
};

struct request {
    const char *method, *content_type;
    struct text url, body;
};

static bool failed(const char *what, const char *why) {
    fprintf(stderr, "request: %s%s\n", what, why);
    return false;
}

static bool insert(struct text *into, size_t offset, const char *text, size_t len) {
    char *longer = realloc(into->start, into->len + len + 1);
    if (longer == NULL) {
        return failed("", "not enough memory");
    }
    memmove(longer + offset + len, longer + offset, into->len - offset);
    memcpy(longer + offset, text, len);
    into->start = longer;
    into->len += len;
    into->start[into->len] = '\0';
    return true;
}

static bool read_body(const char *path, struct text *body) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return failed("the file: ", strerror(errno));
    }
    char piece[65536];
    size_t len;
    bool done = true;
    while (done && (len = fread(piece, 1, sizeof piece, file)) > 0) {
        done = insert(body, body->len, piece, len);
    }
    if (done && ferror(file)) {
        done = failed("the file: ", strerror(errno));
    }
    fclose(file);
    return done;
}

/* Inserts credentials into the URL or the body. They are good for one request. */
static bool sign(const kayako_signer *signer, struct request *request) {
    size_t size = kayako_signer_insertion_max(signer) + 1;
    char *text = malloc(size);
    if (text == NULL) {
        return failed("", "not enough memory");
    }
    int32_t target;
    size_t offset, len;
    kayako_status status = kayako_signer_sign_request(
        signer, request->method, strlen(request->method), request->content_type, strlen(request->content_type),
        request->url.start, request->url.len, request->body.start, request->body.len, &target, &offset, text, size,
        &len);
    bool done = status == KAYAKO_OK
                    ? insert(target == KAYAKO_TARGET_URL ? &request->url : &request->body, offset, text, len)
                    : failed("", kayako_status_message(status));
    free(text);
    return done;
}

/* Sends the request and prints the answer. libcurl must follow no redirects: one could take the credentials along. */
static bool send_with(CURL *curl, const struct request *request) {
    struct text header = {NULL, 0};
    bool done = insert(&header, 0, "Content-Type: ", 14) &&
                insert(&header, header.len, request->content_type, strlen(request->content_type));
    struct curl_slist *headers = done ? curl_slist_append(NULL, header.start) : NULL;
    curl_easy_setopt(curl, CURLOPT_URL, request->url.start);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (request->body.len > 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.start);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    /* Wait 100 ms at most for the "100 Continue" before a large body, which not every server sends. */
    curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, 100L);
    CURLcode code = headers == NULL ? CURLE_OUT_OF_MEMORY : curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    free(header.start);
    if (code != CURLE_OK) {
        return failed("", curl_easy_strerror(code));
    }
    char number[32];
    snprintf(number, sizeof number, "%ld", status);
    return status / 100 == 2 || failed("the helpdesk answered ", number);
}

static bool send_request(const struct request *request) {
    CURL *curl = curl_easy_init();
    bool done = curl == NULL ? failed("", "libcurl cannot start") : send_with(curl, request);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return done;
}

int main(int argc, char **argv) {
    const char *api_key = getenv("KAYAKO_API_KEY");
    const char *secret_key = getenv("KAYAKO_SECRET_KEY");
    if (argc != 3 && argc != 5) {
        fputs("usage: request METHOD URL [CONTENT_TYPE FILE]\n", stderr);
        return EXIT_FAILURE;
    }
    if (api_key == NULL || secret_key == NULL) {
        failed("", "set KAYAKO_API_KEY and KAYAKO_SECRET_KEY");
        return EXIT_FAILURE;
    }
    kayako_signer *signer;
    kayako_status status = kayako_signer_new(api_key, strlen(api_key), secret_key, strlen(secret_key), &signer);
    if (status != KAYAKO_OK) {
        failed("", kayako_status_message(status));
        return EXIT_FAILURE;
    }

    struct request request = {argv[1], argc == 5 ? argv[3] : "", {NULL, 0}, {NULL, 0}};
    bool done = insert(&request.url, 0, argv[2], strlen(argv[2])) && (argc == 3 || read_body(argv[4], &request.body)) &&
                sign(signer, &request) && send_request(&request);
    free(request.url.start);
    free(request.body.start);
    kayako_signer_free(signer);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
