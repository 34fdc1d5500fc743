<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Promise\PromiseInterface;
use GuzzleHttp\Utils;
use Psr\Http\Message\RequestInterface;

/**
 * A Guzzle handler that keeps the requests that it sends.
 */
final class Recorder
{
    /** @var list<RequestInterface> */
    public array $sent = [];

    /** @var callable */
    private $handler;

    public function __construct(?callable $handler = null)
    {
        $this->handler = $handler ?? Utils::chooseHandler();
    }

    public function __invoke(RequestInterface $request, array $options): PromiseInterface
    {
        $this->sent[] = $request;
        return ($this->handler)($request, $options);
    }

    /** @return list<string> the salt of each request, empty if it has none */
    public function salts(): array
    {
        return array_map(static function (RequestInterface $request): string {
            preg_match('/salt\W+([0-9a-f]{32})/', $request->getUri() . $request->getBody(), $match);
            return $match[1] ?? '';
        }, $this->sent);
    }
}
