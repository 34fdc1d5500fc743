"""The names of the library's diagnoses, in a separate file for the same reason as the statuses."""

from enum import IntEnum


class DiagnosisCode(IntEnum):
    """The values of `Diagnosis.code`, which kayako_sign.h explains under `kayako_diagnosis`."""

    __module__ = "kayako_sign"

    # Constants from here, by `make header`.
    GOOD = 0
    PLUS_LOST = 1
    WHITESPACE_AROUND = 2
    PATH_URL = 3
    FIELDS_NOT_READ = 4

    URL_ENCODED = 10
    URL_SAFE_ALPHABET = 11
    PADDING_MISSING = 12
    SPACE_AROUND = 13
    BASE64_OF_HEX = 14
    HEX_DIGEST = 15
    PLAIN_HASH = 16
    SECRET_DECODED = 17
    NEWLINE_BEHIND_SECRET = 18
    KEYS_SWAPPED = 19
    SALT_AS_KEY = 20
    NOT_A_SIGNATURE = 21
    ANOTHER_SIGNATURE = 22
    ANOTHER_HASH = 23
    BYTE_ORDER_MARK_BEFORE_SECRET = 24

    CREDENTIALS_MISSING = 30
    CREDENTIALS_IN_QUERY = 31
    CREDENTIALS_IN_BODY = 32
    CREDENTIALS_IN_OTHER_TYPE = 33
    CREDENTIALS_IN_PATH = 34
    CREDENTIALS_IN_FRAGMENT = 35
    JSON_WITHOUT_BODY = 36
    JSON_UNREADABLE = 37
    TOO_MANY_PARAMETERS = 38
    AMPERSAND_ESCAPED = 39
    API_KEY_MISSING = 40
    API_KEY_EMPTY = 41
    API_KEY_ARRAY = 42
    API_KEY_REPEATED = 43
    ANOTHER_API_KEY = 44

    SALT_MISSING = 50
    SALT_EMPTY = 51
    SALT_ARRAY = 52
    SALT_REPEATED = 53
    SALT_ZERO = 54

    SIGNATURE_MISSING = 60
    SIGNATURE_EMPTY = 61
    SIGNATURE_ARRAY = 62
    SIGNATURE_REPEATED = 63

    ROUTE_MISSING = 70
    ROUTE_ENCODED = 71
    ROUTE_SLASH = 72
    ROUTE_QUESTION_MARK = 73
    ROUTE_CHARACTER = 74
    PATH_URL_QUERY = 75
    PATH_ESCAPE = 76
    PATH_CONTROL = 77
    HOSTED_KAYAKO = 78
    STAFF_API = 79
    METHOD_UNKNOWN = 80
    # Constants to here.
