/*
 * The header compiles by itself, may be included twice, and works in every standard of C and C++. No compiler flag
 * changes the size of a type that it declares.
 */
#include <kayako_sign.h>
#include <kayako_sign.h>

#include "check.h"

/* A wrong size makes an array of negative length, which does not compile. */
typedef char status_has_32_bits[sizeof(kayako_status) == 4 ? 1 : -1];
typedef char diagnosis_has_32_bits[sizeof(kayako_diagnosis) == 4 ? 1 : -1];
typedef char target_has_32_bits[sizeof(kayako_target) == 4 ? 1 : -1];

int main(void) {
    kayako_signer *signer = NULL;
    char out[KAYAKO_SIGNATURE_LEN + 1];
    size_t len = 0;
    CHECK(kayako_signer_new("apikey", 6, "secretkey", 9, &signer) == KAYAKO_OK, "a signer is made");
    CHECK(kayako_signer_sign(signer, "1234567890", 10, out, sizeof out, &len) == KAYAKO_OK, "it signs");
    CHECK(kayako_signer_verify(signer, "1234567890", 10, out, len) == KAYAKO_OK, "it accepts its own signature");
    const char url[] = "https://help.example.com/api/index.php?/Base/User";
    char text[512];
    int32_t target = -1, diagnosis = -1;
    size_t offset = 0;
    CHECK(kayako_signer_sign_request(signer, "GET", 3, NULL, 0, url, sizeof url - 1, NULL, 0, &target, &offset, text,
                                     sizeof text, &len) == KAYAKO_OK,
          "it signs a request");
    CHECK(target == KAYAKO_TARGET_URL && offset == sizeof url - 1, "the credentials go after the URL");
    CHECK(kayako_signer_diagnose_request(signer, "GET", 3, NULL, 0, url, sizeof url - 1, NULL, 0, &diagnosis) ==
              KAYAKO_OK,
          "it diagnoses a request");
    CHECK(diagnosis == KAYAKO_DIAGNOSIS_CREDENTIALS_MISSING && !kayako_diagnosis_is_accepted(diagnosis),
          "a request without credentials is refused");
    CHECK(kayako_status_message(KAYAKO_OK)[0] != '\0', "a status has a message");
    kayako_status status = KAYAKO_OK;
    kayako_diagnosis *diagnosis_output = &diagnosis;
    kayako_target *target_output = &target;
    CHECK(status == 0 && diagnosis_output == &diagnosis && target_output == &target, "outputs are int32_t");
    CHECK(KAYAKO_SIGN_VERSION_MAJOR >= 0 && sizeof KAYAKO_SIGN_VERSION > 5, "the header has a version");
    kayako_signer_free(signer);
    return report();
}
