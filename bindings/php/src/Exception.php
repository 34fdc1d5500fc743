<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * All that this package throws. The message names the argument and the rule it broke; it quotes no key, salt or
 * signature.
 *
 * The code is the library's status, one of Status. It is NO_STATUS or below where the error is not the library's.
 */
class Exception extends \RuntimeException
{
    /** What this package refuses by itself. */
    public const NO_STATUS = -1;

    /** PHP has no extension ffi. */
    public const FFI_MISSING = -2;

    /** The setting ffi.enable forbids FFI here. */
    public const FFI_FORBIDDEN = -3;

    /** No library could be loaded. */
    public const LIBRARY_MISSING = -4;

    /** The library, or the header of ffi.preload, is of another version than this package. */
    public const LIBRARY_OTHER = -5;

    public function __construct(string $message, int $code = self::NO_STATUS, ?\Throwable $previous = null)
    {
        parent::__construct($message, $code, $previous);
    }
}
