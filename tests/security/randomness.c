/*
 * Salts come from the operating system or not at all: what happens where it gives no randomness, gives it in pieces or is
 * interrupted, and where the process has forked.
 *
 * Each case runs in a process of its own. In some the kernel refuses, by a seccomp filter; in others the functions below
 * stand before those of libc, because the program is linked with -rdynamic.
 */
#include "check.h"

#include <kayako_sign.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

/* ---- What stands before libc ---- */

enum { PATTERN = 0xab, NEVER = -1 };

static struct {
    int fail;        /* errno of getrandom, or 0 */
    int interrupted; /* how often a read is interrupted before it gives something */
    size_t piece;    /* the most that one call gives; 0 where libc is to answer */
    bool no_device;  /* /dev/urandom and /dev/random are missing */
} fake;

static int interruptions;
static unsigned long calls;

static ssize_t give(void *bytes, size_t len) {
    calls++;
    if (interruptions++ < fake.interrupted) {
        errno = EINTR;
        return -1;
    }
    interruptions = 0;
    len = len < fake.piece ? len : fake.piece;
    memset(bytes, PATTERN, len);
    return (ssize_t)len;
}

ssize_t getrandom(void *bytes, size_t len, unsigned flags) {
    if (fake.fail != 0) {
        errno = fake.fail;
        return -1;
    }
    return fake.piece != 0 && len > 0 ? give(bytes, len) : syscall(SYS_getrandom, bytes, len, flags);
}

ssize_t read(int file, void *bytes, size_t len) {
    return fake.piece != 0 ? give(bytes, len) : syscall(SYS_read, file, bytes, len);
}

static int open_file(const char *path, int flags) {
    if (fake.no_device && strncmp(path, "/dev/", 5) == 0) {
        errno = ENOENT;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

int open(const char *path, int flags, ...) {
    return open_file(path, flags);
}

int open64(const char *path, int flags, ...) {
    return open_file(path, flags);
}

/* The kernel answers one call with an error from now on. */
static bool refuse(int number, int error) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool no_descriptors(void) {
    return setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0}) == 0;
}

/* ---- What the calls answer ---- */

enum { BATCH = 100, ROOM = BATCH * 512, FILL = 0x5a, DRAWN = 1000 };

static kayako_signer *signer;
static char out[ROOM];

static kayako_status begin_upload(const char *url, size_t url_len) {
    static const char form[] = "application/x-www-form-urlencoded";
    size_t len;
    kayako_upload *upload = NULL;
    kayako_status status = kayako_upload_new(signer, "POST", 4, form, sizeof form - 1, url, url_len, out, sizeof out,
                                             &len, &upload);
    kayako_upload_free(upload);
    return status;
}

static kayako_status call(int which) {
    static const char url[] = "https://help.example.com/api/index.php?/Base/User/1";
    size_t len, offset;
    int32_t target;
    switch (which) {
    case 0:
        return kayako_salt_generate(out, sizeof out, &len);
    case 1:
        return kayako_signer_credentials(signer, out, sizeof out, &len);
    case 2:
        return kayako_signer_credentials_batch(signer, BATCH, out, sizeof out, &len);
    case 3:
        return kayako_signer_sign_url(signer, url, sizeof url - 1, out, sizeof out, &len);
    case 4:
        return kayako_signer_sign_form(signer, "a=1", 3, out, sizeof out, &len);
    case 5:
        return begin_upload(url, sizeof url - 1);
    default:
        return kayako_signer_sign_request(signer, "GET", 3, NULL, 0, url, sizeof url - 1, NULL, 0, &target, &offset, out,
                                          sizeof out, &len);
    }
}

enum { CALLS = 7 };

/* An error, and a buffer that nothing was written into. */
static bool all_fail(void) {
    for (int which = 0; which < CALLS; which++) {
        memset(out, FILL, sizeof out);
        if (call(which) != KAYAKO_NO_RANDOMNESS) {
            return false;
        }
        for (size_t i = 0; i < sizeof out; i++) {
            if (out[i] != FILL) {
                return false;
            }
        }
    }
    return true;
}

static int compare(const void *one, const void *other) {
    return memcmp(one, other, KAYAKO_SALT_LEN);
}

static bool distinct(char (*salts)[KAYAKO_SALT_LEN], size_t count) {
    qsort(salts, count, sizeof *salts, compare);
    for (size_t i = 1; i < count; i++) {
        if (compare(salts[i - 1], salts[i]) == 0) {
            return false;
        }
    }
    return true;
}

static bool draw(char (*salts)[KAYAKO_SALT_LEN], size_t count) {
    char text[KAYAKO_SALT_LEN + 1];
    size_t len;
    for (size_t i = 0; i < count; i++) {
        if (kayako_salt_generate(text, sizeof text, &len) != KAYAKO_OK) {
            return false;
        }
        memcpy(salts[i], text, KAYAKO_SALT_LEN);
    }
    return true;
}

static bool all_fresh(void) {
    static char salts[DRAWN][KAYAKO_SALT_LEN];
    bool good = draw(salts, DRAWN) && distinct(salts, DRAWN);
    for (int which = 0; which < CALLS; which++) {
        good = good && call(which) == KAYAKO_OK;
    }
    return good;
}

/* Every byte of a salt is one that the source gave. */
static bool all_from_source(void) {
    static const char salt[] = "abababababababababababababababab";
    size_t found = 0;
    for (int which = 0; which < CALLS; which++) {
        if (call(which) != KAYAKO_OK) {
            return false;
        }
        for (const char *at = out; (at = strstr(at, salt)) != NULL; at++) {
            found++;
        }
    }
    return found == CALLS - 1 + BATCH;
}

/* ---- The cases ---- */

static bool as_usual(void) {
    return all_fresh();
}

static bool kernel_without_getrandom(void) {
    return refuse(SYS_getrandom, ENOSYS) && all_fresh();
}

static bool kernel_forbids_getrandom(void) {
    return refuse(SYS_getrandom, EPERM) && all_fresh();
}

static bool no_getrandom_and_no_descriptors(void) {
    return refuse(SYS_getrandom, ENOSYS) && no_descriptors() && all_fail();
}

static bool forbidden_and_no_descriptors(void) {
    return refuse(SYS_getrandom, EPERM) && no_descriptors() && all_fail();
}

static bool no_getrandom_and_no_device(void) {
    fake.no_device = true;
    return refuse(SYS_getrandom, ENOSYS) && all_fail();
}

static bool no_getrandom_and_device_forbidden(void) {
    return refuse(SYS_getrandom, EPERM) && refuse(SYS_openat, EACCES) && refuse(SYS_open, EACCES) && all_fail();
}

static bool no_descriptors_alone(void) {
    return no_descriptors() && all_fresh();
}

static bool forbidden_after_it_was_used(void) {
    return all_fresh() && refuse(SYS_getrandom, EPERM) && all_fail();
}

static bool fails_otherwise(void) {
    if (!all_fresh()) {
        return false;
    }
    fake.fail = EIO;
    bool failed = all_fail();
    fake.fail = 0;
    return failed && all_fresh();
}

static bool in_pieces(void) {
    for (fake.piece = 1; fake.piece <= 17; fake.piece++) {
        if (!all_from_source()) {
            return false;
        }
    }
    return calls > 17;
}

static bool interrupted(void) {
    fake.piece = 5;
    fake.interrupted = 3;
    return all_from_source();
}

static bool device_in_pieces(void) {
    fake.fail = ENOSYS;
    fake.piece = 3;
    fake.interrupted = 2;
    return all_from_source();
}

static const struct {
    const char *what;
    bool (*holds)(void);
} cases[] = {
    {"as usual, salts are fresh", as_usual},
    {"without getrandom (ENOSYS), they come from the device", kernel_without_getrandom},
    {"where getrandom is forbidden (EPERM), they come from the device", kernel_forbids_getrandom},
    {"without getrandom and descriptors, each call fails", no_getrandom_and_no_descriptors},
    {"where getrandom is forbidden and there are no descriptors, each call fails", forbidden_and_no_descriptors},
    {"without getrandom and /dev/urandom, each call fails", no_getrandom_and_no_device},
    {"where getrandom and the device are forbidden, each call fails", no_getrandom_and_device_forbidden},
    {"without descriptors alone, salts are fresh", no_descriptors_alone},
    {"where getrandom is forbidden after it was used, each call fails", forbidden_after_it_was_used},
    {"while getrandom fails otherwise (EIO), each call fails", fails_otherwise},
    {"from getrandom in pieces, each byte comes from it", in_pieces},
    {"from getrandom in pieces and interrupted, each byte comes from it", interrupted},
    {"from the device in pieces and interrupted, each byte comes from it", device_in_pieces},
};

/* ---- Forks ---- */

enum { CHILDREN = 12 };

static bool children_differ(bool (*fill)(char (*)[KAYAKO_SALT_LEN], size_t)) {
    const size_t all = (CHILDREN + 1) * DRAWN;
    char(*salts)[KAYAKO_SALT_LEN] =
        mmap(NULL, all * sizeof *salts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(salts != MAP_FAILED, "memory");
    /* The parent draws first, so that a generator in memory would have been filled. */
    bool good = fill(salts, DRAWN);
    pid_t children[CHILDREN];
    for (int child = 0; child < CHILDREN; child++) {
        children[child] = fork();
        need(children[child] >= 0, "fork");
        if (children[child] == 0) {
            _exit(fill(salts + (size_t)(child + 1) * DRAWN, DRAWN) ? 0 : 1);
        }
    }
    for (int child = 0; child < CHILDREN; child++) {
        int status;
        good = waitpid(children[child], &status, 0) == children[child] && status == 0 && good;
    }
    need(good, "drawing");
    bool differ = distinct(salts, all);
    munmap(salts, all * sizeof *salts);
    return differ;
}

/* A generator as it should not be: seeded once, and kept in memory. */
static bool draw_from_memory(char (*salts)[KAYAKO_SALT_LEN], size_t count) {
    for (size_t i = 0; i < count; i++) {
        char text[64];
        snprintf(text, sizeof text, "%08lx%08lx%08lx%08lx", random(), random(), random(), random());
        memcpy(salts[i], text, KAYAKO_SALT_LEN);
    }
    return true;
}

int main(void) {
    need(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pid_t child = fork();
        need(child >= 0, "fork");
        if (child == 0) {
            _exit(cases[i].holds() ? 0 : 1);
        }
        int status;
        need(waitpid(child, &status, 0) == child, "waitpid");
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s", cases[i].what);
    }
    CHECK(children_differ(draw), "%d forked children and their parent draw %d salts each, all different", CHILDREN, DRAWN);
    bool found = !children_differ(draw_from_memory);
    CHECK(found, "control: a generator in memory repeats in forked children");
    printf("%d children with %d salts each; control: a generator in memory %s\n", CHILDREN, DRAWN,
           found ? "repeats" : "does not repeat");
    kayako_signer_free(signer);
    return report();
}
