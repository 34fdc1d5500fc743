/*
 * Fresh salts come from the operating system, or the call fails. The cases: it gives no random bytes, gives them in
 * pieces, or is interrupted, and the process has forked.
 *
 * Each case runs in a process of its own. In some, a seccomp filter makes the kernel refuse. In others, the library
 * calls the functions below instead of libc's, because this program is linked with -rdynamic.
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

/* ---- Functions that replace libc's ---- */

enum { PATTERN = 0xab, NEVER = -1 };

static struct {
    int fail;        /* the errno that getrandom sets, or 0 */
    int interrupted; /* how often a read is interrupted before it gives bytes */
    size_t piece;    /* the most bytes that one call gives, or 0 to ask the kernel */
    bool no_device;  /* whether /dev/urandom and /dev/random are missing */
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

/* Makes the kernel answer one system call with an error from now on. */
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

/* ---- The calls that take fresh salts ---- */

enum { BATCH = 100, ROOM = BATCH * 512, FILL = 0x5a, SALTS = 1000 };

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
        return kayako_signer_sign_request(signer, "GET", 3, NULL, 0, url, sizeof url - 1, NULL, 0, &target, &offset,
                                          out, sizeof out, &len);
    }
}

enum { CALLS = 7 };

/* Returns whether every call fails for lack of randomness, and writes nothing. */
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

static bool take_salts(char (*salts)[KAYAKO_SALT_LEN], size_t count) {
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
    static char salts[SALTS][KAYAKO_SALT_LEN];
    bool good = take_salts(salts, SALTS) && distinct(salts, SALTS);
    for (int which = 0; which < CALLS; which++) {
        good = good && call(which) == KAYAKO_OK;
    }
    return good;
}

/* Returns whether every salt consists of bytes that the functions above gave. */
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
    {"if getrandom is forbidden (EPERM), they come from the device", kernel_forbids_getrandom},
    {"without getrandom and descriptors, each call fails", no_getrandom_and_no_descriptors},
    {"if getrandom is forbidden and there are no descriptors, each call fails", forbidden_and_no_descriptors},
    {"without getrandom and /dev/urandom, each call fails", no_getrandom_and_no_device},
    {"if getrandom and the device are forbidden, each call fails", no_getrandom_and_device_forbidden},
    {"without descriptors, but with getrandom, salts are fresh", no_descriptors_alone},
    {"if getrandom is forbidden after its first use, each call fails", forbidden_after_it_was_used},
    {"while getrandom fails with EIO, each call fails", fails_otherwise},
    {"if getrandom gives bytes in pieces, each byte comes from it", in_pieces},
    {"if getrandom gives pieces and is interrupted, each byte comes from it", interrupted},
    {"if the device gives pieces and is interrupted, each byte comes from it", device_in_pieces},
};

/* ---- Forks ---- */

enum { CHILDREN = 12 };

static bool children_differ(bool (*fill)(char (*)[KAYAKO_SALT_LEN], size_t)) {
    const size_t all = (CHILDREN + 1) * SALTS;
    char(*salts)[KAYAKO_SALT_LEN] =
        mmap(NULL, all * sizeof *salts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(salts != MAP_FAILED, "memory");
    /* The parent takes salts first. A generator in memory would be seeded then, and its copies would repeat. */
    bool good = fill(salts, SALTS);
    pid_t children[CHILDREN];
    for (int child = 0; child < CHILDREN; child++) {
        children[child] = fork();
        need(children[child] >= 0, "fork");
        if (children[child] == 0) {
            _exit(fill(salts + (size_t)(child + 1) * SALTS, SALTS) ? 0 : 1);
        }
    }
    for (int child = 0; child < CHILDREN; child++) {
        int status;
        good = waitpid(children[child], &status, 0) == children[child] && status == 0 && good;
    }
    need(good, "salts");
    bool differ = distinct(salts, all);
    munmap(salts, all * sizeof *salts);
    return differ;
}

/* The control: a generator that is seeded once and kept in memory. */
static bool salts_of_a_generator_in_memory(char (*salts)[KAYAKO_SALT_LEN], size_t count) {
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
    CHECK(children_differ(take_salts), "%d forked children and their parent take %d salts each, all different",
          CHILDREN, SALTS);
    bool found = !children_differ(salts_of_a_generator_in_memory);
    CHECK(found, "control: a generator in memory repeats in forked children");
    printf("%d children with %d salts each; control: a generator in memory %s\n", CHILDREN, SALTS,
           found ? "repeats" : "does not repeat");
    kayako_signer_free(signer);
    return report();
}
