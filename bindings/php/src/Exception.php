<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * The class of every exception that this package throws. The message names the argument and the rule that it broke; it
 * quotes no key, salt or signature.
 *
 * The code is the library's status, one of the constants of Status. If the error is not the library's, the code is one
 * of the constants here, all below 0.
 */
class Exception extends \RuntimeException
{
    /** The package itself has refused an argument. */
    public const NO_STATUS = -1;

    /** PHP's extension ffi is not loaded. */
    public const FFI_MISSING = -2;

    /** The setting ffi.enable forbids FFI here. */
    public const FFI_FORBIDDEN = -3;

    /** No library could be loaded. */
    public const LIBRARY_MISSING = -4;

    /** The library, or the header that ffi.preload names, has another version than this package. */
    public const LIBRARY_OTHER = -5;

    public function __construct(string $message, int $code = self::NO_STATUS, ?\Throwable $previous = null)
    {
        parent::__construct($message, $code, $previous);
    }
}
