/*
 * Checks the shared diagnoses through the C ABI: of requests as they were sent, and of signatures as they arrived. The
 * arguments are the paths of the two tables, whose heads explain the columns.
 */
#include "names.h"
#include "table.h"

static kayako_signer *signer;

/* Returns the name of the diagnosis, or of the status if the call failed. */
static const char *result_name(kayako_status status, int32_t diagnosis) {
    const char *name = status == KAYAKO_OK ? diagnosis_name(diagnosis) : status_name(status);
    return name == NULL ? "a number without a name" : name;
}

/* Returns the server's status for a diagnosis. It depends on the stage at which the request fails. For a warning of PHP
   it is 200. */
static int expected_answer(int32_t diagnosis) {
    switch (diagnosis) {
    case KAYAKO_DIAGNOSIS_CREDENTIALS_IN_PATH:
    case KAYAKO_DIAGNOSIS_ROUTE_MISSING:
    case KAYAKO_DIAGNOSIS_ROUTE_ENCODED:
    case KAYAKO_DIAGNOSIS_ROUTE_SLASH:
    case KAYAKO_DIAGNOSIS_ROUTE_QUESTION_MARK:
    case KAYAKO_DIAGNOSIS_PATH_ESCAPE:
    case KAYAKO_DIAGNOSIS_HOSTED_KAYAKO:
    case KAYAKO_DIAGNOSIS_STAFF_API: return 404;
    case KAYAKO_DIAGNOSIS_ROUTE_CHARACTER: return 400;
    case KAYAKO_DIAGNOSIS_PATH_CONTROL: return 403;
    case KAYAKO_DIAGNOSIS_METHOD_UNKNOWN:
    case KAYAKO_DIAGNOSIS_API_KEY_ARRAY:
    case KAYAKO_DIAGNOSIS_SALT_ARRAY:
    case KAYAKO_DIAGNOSIS_SIGNATURE_ARRAY: return 200;
    default: return kayako_diagnosis_is_accepted(diagnosis) ? 200 : 401;
    }
}

static void check_answer(const char *name, int32_t diagnosis) {
    int answer = kayako_diagnosis_answer_status(diagnosis);
    int expected = expected_answer(diagnosis);
    CHECK(answer == expected, "%s: the server answers %d, not %d", name, expected, answer);
}

static void take_request(char **column) {
    struct request request = request_of(column);
    int32_t diagnosis = -1;
    kayako_status status = kayako_signer_diagnose_request(signer, PARTS_OF(&request), &diagnosis);
    const char *name = result_name(status, diagnosis);
    CHECK(same(name, column[5]), "%s: is %s, not %s", column[0], column[5], name);
    check_answer(column[0], diagnosis);
    free_request(&request);
}

static void take_signature(char **column) {
    struct bytes salt = value(column[1]), signature = value(column[2]);
    int32_t diagnosis = -1;
    kayako_status status =
        kayako_signer_diagnose(signer, salt.start, salt.len, signature.start, signature.len, &diagnosis);
    const char *name = result_name(status, diagnosis);
    CHECK(same(name, column[3]), "%s: is %s, not %s", column[0], column[3], name);
    kayako_status verified = kayako_signer_verify(signer, salt.start, salt.len, signature.start, signature.len);
    CHECK((verified == KAYAKO_OK) == (diagnosis == KAYAKO_DIAGNOSIS_GOOD),
          "%s: verify() accepts it if the diagnosis is good, and only then", column[0]);
    free(salt.start);
    free(signature.start);
}

int main(int argc, char **argv) {
    need(argc == 3, "the tables of requests and signatures");
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    int requests = each_row(argv[1], 6, take_request);
    int signatures = each_row(argv[2], 4, take_signature);
    CHECK(requests > 0 && signatures > 0, "both tables have rows");
    kayako_signer_free(signer);
    printf("%d requests and %d signatures\n", requests, signatures);
    return report();
}
