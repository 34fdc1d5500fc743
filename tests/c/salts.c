/*
 * No fresh salt repeats: in each call that takes one, and in a parent and its children after fork().
 */
#include "check.h"
#include "credentials.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The parent takes one set before it forks and one after. COUNT is a multiple of BATCH. */
enum { CHILDREN = 8, SETS = CHILDREN + 2, COUNT = 500, BATCH = 20, TEXT = 512 };

static const char URL[] = "https://help.example.com/api/index.php?/Base/User";

typedef char salt_text[KAYAKO_SALT_LEN];

/* The functions by_...() write one or more fresh salts to `salts`, and return their number, or 0 if a call failed. */
static int by_salt_generate(const kayako_signer *signer, salt_text *salts) {
    (void)signer;
    char out[KAYAKO_SALT_LEN + 1];
    size_t len = 0;
    if (kayako_salt_generate(out, sizeof out, &len) != KAYAKO_OK || len != KAYAKO_SALT_LEN ||
        strspn(out, "0123456789abcdef") != KAYAKO_SALT_LEN) {
        return 0;
    }
    memcpy(salts[0], out, KAYAKO_SALT_LEN);
    return 1;
}

/* Writes the salt of the credentials at the end of a text. Returns 1, or 0 if they are wrong. */
static int salt_of(const kayako_signer *signer, kayako_status status, const char *text, size_t len, salt_text *salts) {
    const char *query = strstr(text, "apikey=");
    if (status != KAYAKO_OK || len != strlen(text) || query == NULL || !credentials_are_right(signer, query)) {
        return 0;
    }
    memcpy(salts[0], salt_in(query), KAYAKO_SALT_LEN);
    return 1;
}

static int by_credentials(const kayako_signer *signer, salt_text *salts) {
    char out[TEXT] = "";
    size_t len = 0;
    kayako_status status = kayako_signer_credentials(signer, out, sizeof out, &len);
    return salt_of(signer, status, out, len, salts);
}

static int by_sign_url(const kayako_signer *signer, salt_text *salts) {
    char out[TEXT] = "";
    size_t len = 0;
    kayako_status status = kayako_signer_sign_url(signer, URL, strlen(URL), out, sizeof out, &len);
    return salt_of(signer, status, out, len, salts);
}

static int by_sign_form(const kayako_signer *signer, salt_text *salts) {
    char out[TEXT] = "";
    size_t len = 0;
    kayako_status status = kayako_signer_sign_form(signer, NULL, 0, out, sizeof out, &len);
    return salt_of(signer, status, out, len, salts);
}

static int by_sign_request(const kayako_signer *signer, salt_text *salts) {
    char out[TEXT] = "";
    size_t len = 0, offset;
    int32_t target;
    kayako_status status = kayako_signer_sign_request(signer, "GET", 3, NULL, 0, URL, strlen(URL), NULL, 0, &target,
                                                      &offset, out, sizeof out, &len);
    return salt_of(signer, status, out, len, salts);
}

static int by_batch(const kayako_signer *signer, salt_text *salts) {
    char out[BATCH * TEXT];
    size_t len = 0;
    if (kayako_signer_credentials_batch(signer, BATCH, out, sizeof out, &len) != KAYAKO_OK || len != strlen(out)) {
        return 0;
    }
    int lines = 0;
    for (char *line = out, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (lines == BATCH || !credentials_are_right(signer, line)) {
            return 0;
        }
        memcpy(salts[lines++], salt_in(line), KAYAKO_SALT_LEN);
    }
    return lines == BATCH ? BATCH : 0;
}

static const struct {
    const char *name;
    int (*take)(const kayako_signer *, salt_text *);
} sources[] = {
    {"kayako_salt_generate", by_salt_generate},
    {"kayako_signer_credentials", by_credentials},
    {"kayako_signer_credentials_batch", by_batch},
    {"kayako_signer_sign_url", by_sign_url},
    {"kayako_signer_sign_form", by_sign_form},
    {"kayako_signer_sign_request", by_sign_request},
};

enum { SOURCES = sizeof sources / sizeof sources[0], SET = SOURCES * COUNT, ALL = SETS * SET };

/* Takes one set: COUNT salts of each source. */
static bool take_set(const kayako_signer *signer, salt_text *salts) {
    for (int source = 0; source < SOURCES; source++) {
        for (int taken = 0; taken < COUNT;) {
            int more = sources[source].take(signer, salts + taken);
            if (more == 0) {
                fprintf(stderr, "%s failed, or wrote no right text with a fresh salt\n", sources[source].name);
                return false;
            }
            taken += more;
        }
        salts += COUNT;
    }
    return true;
}

static int compare(const void *one, const void *other) {
    return memcmp(one, other, KAYAKO_SALT_LEN);
}

int main(void) {
    kayako_signer *signer = NULL;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    salt_text *salts = mmap(NULL, ALL * sizeof *salts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(salts != MAP_FAILED, "memory");
    salt_text *set = salts;
    CHECK(take_set(signer, set), "the parent takes salts before fork()");

    pid_t children[CHILDREN];
    for (int child = 0; child < CHILDREN; child++) {
        children[child] = fork();
        need(children[child] >= 0, "fork");
        set += SET;
        if (children[child] == 0) {
            _exit(take_set(signer, set) ? EXIT_SUCCESS : EXIT_FAILURE);
        }
    }
    CHECK(take_set(signer, set + SET), "the parent takes salts after fork()");
    for (int child = 0; child < CHILDREN; child++) {
        int status = 0;
        CHECK(waitpid(children[child], &status, 0) == children[child] && WIFEXITED(status) && WEXITSTATUS(status) == 0,
              "child %d takes its salts", child);
    }

    qsort(salts, ALL, sizeof *salts, compare);
    int repeats = 0;
    for (int salt = 1; salt < ALL; salt++) {
        repeats += compare(salts[salt - 1], salts[salt]) == 0;
    }
    CHECK(repeats == 0, "no salt repeats: %d do", repeats);
    printf("%d salts from a parent and %d children\n", ALL, CHILDREN);
    kayako_signer_free(signer);
    return report();
}
