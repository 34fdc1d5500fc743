<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * Says whether the server accepts a signature or a request, and what to change if it does not.
 *
 * The code is one of the constants, which kayako_sign.h explains under kayako_diagnosis. Their values never change, and
 * newer libraries add more.
 */
final class Diagnosis
{
    // Constants from here, by `make header`.
    public const GOOD = 0;
    public const PLUS_LOST = 1;
    public const WHITESPACE_AROUND = 2;
    public const PATH_URL = 3;
    public const FIELDS_NOT_READ = 4;

    public const URL_ENCODED = 10;
    public const URL_SAFE_ALPHABET = 11;
    public const PADDING_MISSING = 12;
    public const SPACE_AROUND = 13;
    public const BASE64_OF_HEX = 14;
    public const HEX_DIGEST = 15;
    public const PLAIN_HASH = 16;
    public const SECRET_DECODED = 17;
    public const NEWLINE_BEHIND_SECRET = 18;
    public const KEYS_SWAPPED = 19;
    public const SALT_AS_KEY = 20;
    public const NOT_A_SIGNATURE = 21;
    public const ANOTHER_SIGNATURE = 22;
    public const ANOTHER_HASH = 23;
    public const BYTE_ORDER_MARK_BEFORE_SECRET = 24;

    public const CREDENTIALS_MISSING = 30;
    public const CREDENTIALS_IN_QUERY = 31;
    public const CREDENTIALS_IN_BODY = 32;
    public const CREDENTIALS_IN_OTHER_TYPE = 33;
    public const CREDENTIALS_IN_PATH = 34;
    public const CREDENTIALS_IN_FRAGMENT = 35;
    public const JSON_WITHOUT_BODY = 36;
    public const JSON_UNREADABLE = 37;
    public const TOO_MANY_PARAMETERS = 38;
    public const AMPERSAND_ESCAPED = 39;
    public const API_KEY_MISSING = 40;
    public const API_KEY_EMPTY = 41;
    public const API_KEY_ARRAY = 42;
    public const API_KEY_REPEATED = 43;
    public const ANOTHER_API_KEY = 44;

    public const SALT_MISSING = 50;
    public const SALT_EMPTY = 51;
    public const SALT_ARRAY = 52;
    public const SALT_REPEATED = 53;
    public const SALT_ZERO = 54;

    public const SIGNATURE_MISSING = 60;
    public const SIGNATURE_EMPTY = 61;
    public const SIGNATURE_ARRAY = 62;
    public const SIGNATURE_REPEATED = 63;

    public const ROUTE_MISSING = 70;
    public const ROUTE_ENCODED = 71;
    public const ROUTE_SLASH = 72;
    public const ROUTE_QUESTION_MARK = 73;
    public const ROUTE_CHARACTER = 74;
    public const PATH_URL_QUERY = 75;
    public const PATH_ESCAPE = 76;
    public const PATH_CONTROL = 77;
    public const HOSTED_KAYAKO = 78;
    public const STAFF_API = 79;
    public const METHOD_UNKNOWN = 80;
    // Constants to here.

    /** The cause, and what to change. It quotes no key, salt or signature. */
    public readonly string $message;

    /** Whether the server accepts it, because it is good or forgiven. */
    public readonly bool $accepted;

    /** The HTTP status of the server's answer, for example 401. */
    public readonly int $answerStatus;

    /** @throws Exception if the library cannot be loaded */
    public function __construct(public readonly int $code)
    {
        $library = Library::get();
        $this->message = $library->call('kayako_diagnosis_message', $code);
        $this->accepted = $library->call('kayako_diagnosis_is_accepted', $code) === 1;
        $this->answerStatus = $library->call('kayako_diagnosis_answer_status', $code);
    }
}
