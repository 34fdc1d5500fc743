<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Client\RequestExceptionInterface;
use Psr\Http\Message\RequestInterface;

/**
 * What SigningClient throws, because a client of PSR-18 throws nothing but exceptions of PSR-18.
 */
final class RequestException extends Exception implements RequestExceptionInterface
{
    /** @internal */
    public function __construct(private readonly RequestInterface $request, \Throwable $cause)
    {
        $code = $cause instanceof Exception ? $cause->getCode() : self::NO_STATUS;
        parent::__construct($cause->getMessage(), $code, $cause instanceof Exception ? $cause : null);
    }

    /** The request as it was given, without credentials. */
    public function getRequest(): RequestInterface
    {
        return $this->request;
    }
}
