"""The names of the library's statuses, in a separate file, because an enum is slow to make and few programs need it."""

from enum import IntEnum


class Status(IntEnum):
    """The values of `KayakoSignError.status`, which kayako_sign.h explains under `kayako_status`."""

    __module__ = "kayako_sign"

    # Constants from here, by `make header`.
    OK = 0
    REFUSED = 1
    BUFFER_TOO_SMALL = 2
    PANIC = 3
    OUT_OF_MEMORY = 4
    NO_RANDOMNESS = 5

    EMPTY_API_KEY = 10
    API_KEY_TOO_LONG = 11
    API_KEY_NOT_UTF8 = 12
    EMPTY_SECRET_KEY = 13
    SECRET_KEY_TOO_LONG = 14
    EMPTY_SALT = 15
    ZERO_SALT = 16
    SALT_TOO_LONG = 17
    SALT_NOT_UTF8 = 18
    BATCH_TOO_LARGE = 19

    URL_TOO_LONG = 30
    URL_NOT_ABSOLUTE = 31
    URL_CHARACTER = 32
    METHOD_UNSUPPORTED = 33
    CONTENT_TYPE_UNSUPPORTED = 34
    API_KEY_PARAMETER = 35
    SALT_PARAMETER = 36
    SIGNATURE_PARAMETER = 37
    ROUTE_PARAMETER = 38
    JSON_WITHOUT_BODY = 39
    JSON_NOT_OBJECT = 40
    JSON_INVALID = 41
    MULTIPART_BOUNDARY = 42
    MULTIPART_NOT_PLAIN = 43
    BODY_TOO_LONG = 44
    ROUTE_MISSING = 45
    ROUTE_ENCODED = 46
    ROUTE_SLASH = 47
    ROUTE_QUESTION_MARK = 48
    ROUTE_CHARACTER = 49
    PATH_URL = 50
    HOSTED_KAYAKO = 51
    STAFF_API = 52
    TOO_MANY_PARAMETERS = 53
    UPLOAD_UNSUPPORTED = 54

    NULL_SIGNER = 100
    NULL_API_KEY = 101
    NULL_SECRET_KEY = 102
    NULL_SALT = 103
    NULL_SIGNATURE = 104
    NULL_OUT = 105
    NULL_OUT_LEN = 106
    NULL_METHOD = 107
    NULL_CONTENT_TYPE = 108
    NULL_URL = 109
    NULL_BODY = 110
    NULL_FORM = 111
    NULL_TARGET = 112
    NULL_OFFSET = 113
    NULL_DIAGNOSIS = 114
    NULL_UPLOAD = 115
    NULL_PIECE = 116
    # Constants to here.
