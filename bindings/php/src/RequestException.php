<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Client\RequestExceptionInterface;
use Psr\Http\Message\RequestInterface;

/**
 * The exception of SigningClient, because a PSR-18 client may throw only PSR-18 exceptions.
 */
final class RequestException extends Exception implements RequestExceptionInterface
{
    /** @internal */
    public function __construct(private readonly RequestInterface $request, \Throwable $cause)
    {
        $code = $cause instanceof Exception ? $cause->getCode() : self::NO_STATUS;
        parent::__construct($cause->getMessage(), $code, $cause instanceof Exception ? $cause : null);
    }

    /** Returns the caller's request, without credentials. */
    public function getRequest(): RequestInterface
    {
        return $this->request;
    }
}
