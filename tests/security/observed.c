/*
 * Makes a signer from a secret, calls everything with it and frees it. It stops after each call, so that residue.c,
 * which starts it, can search its memory and registers before anything else runs.
 */
#include "observed.h"

#include <kayako_sign.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Stops with the name of the step in a register. Nothing is called before that, because a call could hide a trace. */
#define STOP(step) __asm__ volatile("int3" : : "a"(step) : "memory")

/* Makes a call, stops, and checks the status. The first word of a step says whether the signer is alive or freed. */
#define STEP(name, call, status) do { \
        kayako_status answer = (call); \
        if (stops) { STOP("alive: " name); } \
        good = good && answer == (status); \
    } while (0)

enum { THREADS = 3, STACK = 256 * 1024, BATCH = 1000 };

static struct input *input;
static kayako_signer *signer;
static char batch[BATCH * 512];
static volatile bool good = true;

/* The first call of a function goes through the loader, which saves the registers on the stack. So each thread calls
   all functions. */
static void sign(bool stops) {
    char text[1024];
    size_t len;
    STEP("sign", kayako_signer_sign(signer, SALT, 10, text, sizeof text, &len), KAYAKO_OK);
    STEP("sign_urlencoded", kayako_signer_sign_urlencoded(signer, SALT, 10, text, sizeof text, &len), KAYAKO_OK);
    STEP("credentials", kayako_signer_credentials(signer, text, sizeof text, &len), KAYAKO_OK);
    STEP("credentials_with_salt",
         kayako_signer_credentials_with_salt(signer, SALT, 10, text, sizeof text, &len), KAYAKO_OK);
    STEP("a buffer that is too small", kayako_signer_sign(signer, SALT, 10, text, 5, &len), KAYAKO_BUFFER_TOO_SMALL);
    STEP("an empty salt", kayako_signer_sign(signer, "", 0, text, sizeof text, &len), KAYAKO_EMPTY_SALT);
    char longer[300];
    memset(longer, 's', sizeof longer);
    STEP("a salt of five blocks",
         kayako_signer_sign(signer, longer, sizeof longer, text, sizeof text, &len), KAYAKO_OK);
    STEP("insertion_max", kayako_signer_insertion_max(signer) > 0 ? KAYAKO_OK : KAYAKO_PANIC, KAYAKO_OK);
}

static void verify(bool stops) {
    char right[64];
    size_t len;
    STEP("sign", kayako_signer_sign(signer, SALT, 10, right, sizeof right, &len), KAYAKO_OK);
    STEP("verify a right one", kayako_signer_verify(signer, SALT, 10, right, len), KAYAKO_OK);
    STEP("verify a short one", kayako_signer_verify(signer, SALT, 10, right, len - 1), KAYAKO_REFUSED);
    right[0] = right[0] == 'A' ? 'B' : 'A';
    STEP("verify a wrong one", kayako_signer_verify(signer, SALT, 10, right, len), KAYAKO_REFUSED);
    STEP("verify none", kayako_signer_verify(signer, SALT, 10, NULL, 0), KAYAKO_REFUSED);
}

static const struct {
    const char *method, *type, *url, *body;
} requests[] = {
    {"GET", "", "https://help.example.com/api/index.php?/Base/User/1&a=1", ""},
    {"POST", "application/x-www-form-urlencoded", "https://help.example.com/api/index.php?/Base/User", "a=1&b=2"},
    {"POST", "application/json", "https://help.example.com/api/index.php?/Base/User", " {\"a\":\"\\u00e9\\n1\"}"},
    {"POST", "multipart/form-data; boundary=X", "https://help.example.com/api/index.php?/Base/User",
     "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n"},
};

static void request(bool stops) {
    char text[1024];
    size_t len, offset;
    int32_t target, diagnosis;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const char *method = requests[i].method, *type = requests[i].type;
        const char *url = requests[i].url, *body = requests[i].body;
        STEP("sign_request",
             kayako_signer_sign_request(signer, method, strlen(method), type, strlen(type), url, strlen(url), body,
                                        strlen(body), &target, &offset, text, sizeof text, &len), KAYAKO_OK);
        const char *into = target == KAYAKO_TARGET_URL ? url : body;
        char whole[2048] = "";
        strncat(whole, into, offset);
        strncat(whole, text, len);
        strcat(whole, into + offset);
        if (target == KAYAKO_TARGET_URL) {
            url = whole;
        } else {
            body = whole;
        }
        STEP("diagnose_request",
             kayako_signer_diagnose_request(signer, method, strlen(method), type, strlen(type), url, strlen(url), body,
                                            strlen(body), &diagnosis), KAYAKO_OK);
        good = good && kayako_diagnosis_is_accepted(diagnosis);
    }
    const char *url = requests[0].url;
    STEP("sign_url", kayako_signer_sign_url(signer, url, strlen(url), text, sizeof text, &len), KAYAKO_OK);
    STEP("sign_form", kayako_signer_sign_form(signer, "a=1", 3, text, sizeof text, &len), KAYAKO_OK);
    STEP("sign_url_with_salt",
         kayako_signer_sign_url_with_salt(signer, url, strlen(url), SALT, 10, text, sizeof text, &len), KAYAKO_OK);
    STEP("sign_form_with_salt",
         kayako_signer_sign_form_with_salt(signer, "a=1", 3, SALT, 10, text, sizeof text, &len), KAYAKO_OK);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const char *method = requests[i].method, *type = requests[i].type, *body = requests[i].body;
        STEP("sign_request_with_salt",
             kayako_signer_sign_request_with_salt(signer, method, strlen(method), type, strlen(type), requests[i].url,
                                                  strlen(requests[i].url), body, strlen(body), SALT, 10, &target,
                                                  &offset, text, sizeof text, &len), KAYAKO_OK);
    }
    STEP("sign_request of a PATCH",
         kayako_signer_sign_request(signer, "PATCH", 5, "", 0, url, strlen(url), "", 0, &target, &offset, text,
                                    sizeof text, &len), KAYAKO_METHOD_UNSUPPORTED);
}

static void upload(bool stops) {
    char text[1024];
    size_t len;
    const int with_body[] = {1, 3}; /* the form and multipart */
    for (int i = 0; i < 2; i++) {
        const char *type = requests[with_body[i]].type;
        const char *url = requests[with_body[i]].url, *body = requests[with_body[i]].body;
        kayako_upload *upload = NULL;
        STEP("upload_new",
             kayako_upload_new(signer, "POST", 4, type, strlen(type), url, strlen(url), text, sizeof text, &len,
                               &upload), KAYAKO_OK);
        STEP("upload_check", kayako_upload_check(upload, body, strlen(body)), KAYAKO_OK);
        STEP("upload_end", kayako_upload_end(upload), KAYAKO_OK);
        kayako_upload_free(upload);
    }
}

static void diagnose(bool stops) {
    int32_t diagnosis;
    for (uint32_t i = 0; i < input->wrong_count; i++) {
        STEP("diagnose",
             kayako_signer_diagnose(signer, SALT, 10, input->wrong[i].text, input->wrong[i].len, &diagnosis),
             KAYAKO_OK);
        good = good && diagnosis >= KAYAKO_DIAGNOSIS_URL_ENCODED && diagnosis != KAYAKO_DIAGNOSIS_NOT_A_SIGNATURE;
    }
    STEP("diagnose what is no signature", kayako_signer_diagnose(signer, SALT, 10, "x", 1, &diagnosis), KAYAKO_OK);
    STEP("diagnose_request with swapped keys",
         kayako_signer_diagnose_request(signer, "GET", 3, NULL, 0, input->swapped, input->swapped_len, NULL, 0,
                                        &diagnosis), KAYAKO_OK);
    good = good && diagnosis == KAYAKO_DIAGNOSIS_KEYS_SWAPPED;
    STEP("diagnose_request with swapped keys in JSON",
         kayako_signer_diagnose_request(signer, "POST", 4, "application/json", 16, input->swapped, 25,
                                        input->swapped_json, input->swapped_json_len, &diagnosis), KAYAKO_OK);
    good = good && diagnosis == KAYAKO_DIAGNOSIS_KEYS_SWAPPED;
}

static void everything(bool stops) {
    size_t len;
    sign(stops);
    verify(stops);
    request(stops);
    upload(stops);
    diagnose(stops);
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&one_at_a_time);
    STEP("credentials_batch", kayako_signer_credentials_batch(signer, BATCH, batch, sizeof batch, &len), KAYAKO_OK);
    pthread_mutex_unlock(&one_at_a_time);
}

static void *thread(void *unused) {
    everything(false);
    STOP("alive: in a thread");
    return unused;
}

static void in_threads(void) {
    pthread_t threads[THREADS];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    for (int i = 0; i < THREADS; i++) {
        good = pthread_create(&threads[i], &attributes, thread, NULL) == 0 && good;
    }
    /* residue.c searches when all threads have stopped, this one too. */
    thread(NULL);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    STOP("alive: after the threads have ended");
}

/* ---- The controls, which leave a piece behind ---- */

__attribute__((noinline)) static void leave_on_stack(void) {
    char dead[4096];
    memcpy(dead, input->leaked, sizeof input->leaked);
    __asm__ volatile("" : : "r"(dead) : "memory");
}

static void *leave_on_thread_stack(void *unused) {
    leave_on_stack();
    return unused;
}

static void leak(void) {
    pthread_t ending;
    char *heap;
    switch ((enum leak)input->leak) {
    case LEAK_HEAP:
        heap = malloc(256);
        memcpy(heap + 128, input->leaked, sizeof input->leaked);
        __asm__ volatile("" : : "r"(heap) : "memory");
        free(heap);
        break;
    case LEAK_STACK:
        leave_on_stack();
        break;
    case LEAK_THREAD:
        pthread_create(&ending, NULL, leave_on_thread_stack, NULL);
        pthread_join(ending, NULL);
        break;
    case LEAK_GENERAL:
        __asm__ volatile("movq %1, %%r11; int3"
                         : : "a"("freed: a leak on purpose"), "m"(*input->leaked) : "r11", "memory");
        break;
    case LEAK_VECTOR:
        __asm__ volatile("movdqu %1, %%xmm13; int3"
                         : : "a"("freed: a leak on purpose"), "m"(*input->leaked) : "xmm13", "memory");
        break;
    case LEAK_HIGH_VECTOR:
        __asm__ volatile("vmovdqu64 %1, %%xmm29; int3"
                         : : "a"("freed: a leak on purpose"), "m"(*input->leaked) : "memory");
        break;
    case LEAK_NOTHING:
    case LEAKS:
        break;
    }
}

int main(void) {
    input = mmap(INPUT_AT, sizeof *input, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (input != INPUT_AT || read(INPUT_FD, input, sizeof *input) != (ssize_t)sizeof *input) {
        return 2;
    }
    if (input->leak == LEAK_NOTHING) {
        const bool stops = true;
        STEP("new",
             kayako_signer_new(API_KEY, sizeof API_KEY - 1, input->secret, input->secret_len, &signer), KAYAKO_OK);
        kayako_signer_free(signer);
        STOP("freed: before it has signed");
        /* The first call asks for the processor's features, which overwrites much of the stack, so this is repeated. */
        STEP("new again",
             kayako_signer_new(API_KEY, sizeof API_KEY - 1, input->secret, input->secret_len, &signer), KAYAKO_OK);
        everything(stops);
        in_threads();
        kayako_signer_free(signer);
    } else {
        leak();
    }
    STOP("freed: the secret's page is not wiped yet");
    explicit_bzero(input, sizeof *input);
    STOP(LAST_STEP);
    return good ? 0 : 1;
}
