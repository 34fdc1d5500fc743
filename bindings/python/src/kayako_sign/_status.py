"""The statuses of the library by name. In a file of its own, because an enum is slow to make and few programs ask."""

from enum import IntEnum


class Status(IntEnum):
    """What `KayakoSignError.status` can be: the values of `kayako_status` in kayako_sign.h."""

    __module__ = "kayako_sign"

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

    NULL_SIGNER = 100
    NULL_API_KEY = 101
    NULL_SECRET_KEY = 102
    NULL_SALT = 103
    NULL_SIGNATURE = 104
    NULL_OUT = 105
    NULL_OUT_LEN = 106
