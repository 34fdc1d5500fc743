<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * The codes of an Exception, which kayako_sign.h explains under kayako_status.
 *
 * Their values never change, and newer libraries add more.
 */
final class Status
{
    // Constants from here, by `make header`.
    public const OK = 0;
    public const REFUSED = 1;
    public const BUFFER_TOO_SMALL = 2;
    public const PANIC = 3;
    public const OUT_OF_MEMORY = 4;
    public const NO_RANDOMNESS = 5;

    public const EMPTY_API_KEY = 10;
    public const API_KEY_TOO_LONG = 11;
    public const API_KEY_NOT_UTF8 = 12;
    public const EMPTY_SECRET_KEY = 13;
    public const SECRET_KEY_TOO_LONG = 14;
    public const EMPTY_SALT = 15;
    public const ZERO_SALT = 16;
    public const SALT_TOO_LONG = 17;
    public const SALT_NOT_UTF8 = 18;
    public const BATCH_TOO_LARGE = 19;

    public const URL_TOO_LONG = 30;
    public const URL_NOT_ABSOLUTE = 31;
    public const URL_CHARACTER = 32;
    public const METHOD_UNSUPPORTED = 33;
    public const CONTENT_TYPE_UNSUPPORTED = 34;
    public const API_KEY_PARAMETER = 35;
    public const SALT_PARAMETER = 36;
    public const SIGNATURE_PARAMETER = 37;
    public const ROUTE_PARAMETER = 38;
    public const JSON_WITHOUT_BODY = 39;
    public const JSON_NOT_OBJECT = 40;
    public const JSON_INVALID = 41;
    public const MULTIPART_BOUNDARY = 42;
    public const MULTIPART_NOT_PLAIN = 43;
    public const BODY_TOO_LONG = 44;
    public const ROUTE_MISSING = 45;
    public const ROUTE_ENCODED = 46;
    public const ROUTE_SLASH = 47;
    public const ROUTE_QUESTION_MARK = 48;
    public const ROUTE_CHARACTER = 49;
    public const PATH_URL = 50;
    public const HOSTED_KAYAKO = 51;
    public const STAFF_API = 52;
    public const TOO_MANY_PARAMETERS = 53;
    public const UPLOAD_UNSUPPORTED = 54;

    public const NULL_SIGNER = 100;
    public const NULL_API_KEY = 101;
    public const NULL_SECRET_KEY = 102;
    public const NULL_SALT = 103;
    public const NULL_SIGNATURE = 104;
    public const NULL_OUT = 105;
    public const NULL_OUT_LEN = 106;
    public const NULL_METHOD = 107;
    public const NULL_CONTENT_TYPE = 108;
    public const NULL_URL = 109;
    public const NULL_BODY = 110;
    public const NULL_FORM = 111;
    public const NULL_TARGET = 112;
    public const NULL_OFFSET = 113;
    public const NULL_DIAGNOSIS = 114;
    public const NULL_UPLOAD = 115;
    public const NULL_PIECE = 116;
    // Constants to here.
}
