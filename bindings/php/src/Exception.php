<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * All that this package throws. The message names the argument and the rule it broke; it quotes no key, salt or
 * signature.
 *
 * The code is the library's status, one of Status. It is 0 where the library was not asked: it could not be loaded, or
 * a signer was to be serialized.
 */
final class Exception extends \RuntimeException
{
}
