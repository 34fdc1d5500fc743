<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\Handler\CurlHandler;
use GuzzleHttp\Handler\CurlMultiHandler;
use GuzzleHttp\Handler\StreamHandler;
use GuzzleHttp\Middleware;
use GuzzleHttp\Psr7\Request;
use Kayako\Sign\GuzzleMiddleware;
use Kayako\Sign\Signer;
use Kayako\Sign\SigningClient;
use Kayako\Sign\SigningHttpClient;
use Symfony\Component\HttpClient\CurlHttpClient;
use Symfony\Component\HttpClient\NativeHttpClient;
use Symfony\Component\HttpClient\Psr18Client;
use Symfony\Component\HttpClient\Retry\GenericRetryStrategy;
use Symfony\Component\HttpClient\RetryableHttpClient;
use Symfony\Contracts\HttpClient\HttpClientInterface;

/**
 * The plug-ins, each in a client that retries after a 503 and may use a proxy.
 */
final class Plugins
{
    public const FOLLOW_REDIRECTS = [
        'guzzle-curl', 'guzzle-multi', 'guzzle-streams', 'symfony-curl', 'symfony-native', 'psr18-symfony',
    ];
    public const DO_NOT_FOLLOW = ['psr18-guzzle'];

    public function __construct(
        private readonly Signer $signer,
        private readonly string $helpdesk,
        private readonly ?string $proxy = null,
    ) {
    }

    /** Sends a request, and returns the status of the answer. */
    public function send(string $plugin, string $method, string $url, ?string $type = null, string $body = ''): int
    {
        $headers = $type === null ? [] : ['Content-Type' => $type];
        [$kind, $name] = explode('-', $plugin);
        if ($kind === 'guzzle') {
            return $this->guzzle($name)->send(new Request($method, $url, $headers, $body))->getStatusCode();
        }
        if ($kind === 'symfony') {
            return $this->symfony($name)->request($method, $url, compact('headers', 'body'))->getStatusCode();
        }
        return $this->psr18($name)->sendRequest(new Request($method, $url, $headers, $body))->getStatusCode();
    }

    private function guzzle(string $name): Client
    {
        $handler = match ($name) {
            'curl' => new CurlHandler(),
            'multi' => new CurlMultiHandler(),
            'streams' => new StreamHandler(),
        };
        $stack = GuzzleMiddleware::stack($this->signer, $this->helpdesk, $handler);
        $again = static fn (int $count, $request, $response) => $count < 3 && $response?->getStatusCode() === 503;
        $stack->push(Middleware::retry($again, static fn () => 0));
        return new Client(['handler' => $stack, 'http_errors' => false, 'expect' => false] + $this->proxy());
    }

    private function symfony(string $name): HttpClientInterface
    {
        $client = $name === 'native' ? new NativeHttpClient($this->proxy()) : new CurlHttpClient($this->proxy());
        $client = new SigningHttpClient($client, $this->signer, $this->helpdesk);
        return new RetryableHttpClient($client, new GenericRetryStrategy([503], 1));
    }

    private function psr18(string $name): \Psr\Http\Client\ClientInterface
    {
        if ($name === 'guzzle') {
            return new SigningClient(new Client(['expect' => false] + $this->proxy()), $this->signer, $this->helpdesk);
        }
        return new Psr18Client($this->symfony('curl'));
    }

    private function proxy(): array
    {
        return $this->proxy === null ? [] : ['proxy' => $this->proxy];
    }
}
