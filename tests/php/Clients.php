<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\Handler\CurlHandler;
use GuzzleHttp\Handler\StreamHandler;
use GuzzleHttp\Psr7\Request;
use Kayako\Sign\GuzzleMiddleware;
use Kayako\Sign\Signer;

/**
 * The ways in which PHP sends a request, each with signing as its users would do it.
 */
final class Clients
{
    public function __construct(private readonly Signer $signer)
    {
    }

    /** @return array<string, callable(string, string, ?string, string): array{int, string}> status and answer */
    public function all(): array
    {
        return [
            'curl' => $this->curl(...),
            'streams' => $this->streams(...),
            'guzzle-curl' => fn (...$request) => $this->guzzle(new CurlHandler(), ...$request),
            'guzzle-streams' => fn (...$request) => $this->guzzle(new StreamHandler(), ...$request),
        ];
    }

    private function curl(string $method, string $url, ?string $type, string $body): array
    {
        $type ??= self::defaultType($method);
        [$url, $body] = $this->signer->signRequest($method, $url, $type, $body);
        $handle = curl_init($url);
        curl_setopt_array($handle, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => [...self::header($type), 'Expect:'],
            CURLOPT_RETURNTRANSFER => true,
        ]);
        if ($body !== '') {
            curl_setopt($handle, CURLOPT_POSTFIELDS, $body);
        }
        $answer = curl_exec($handle);
        return [curl_getinfo($handle, CURLINFO_RESPONSE_CODE), (string) $answer];
    }

    private function streams(string $method, string $url, ?string $type, string $body): array
    {
        $type ??= self::defaultType($method);
        [$url, $body] = $this->signer->signRequest($method, $url, $type, $body);
        $answer = file_get_contents($url, false, stream_context_create(['http' => [
            'method' => $method,
            'header' => self::header($type),
            'content' => $body,
            'follow_location' => 0,
            'ignore_errors' => true,
        ]]));
        return [(int) explode(' ', $http_response_header[0])[1], $answer];
    }

    private function guzzle(callable $handler, string $method, string $url, ?string $type, string $body): array
    {
        $client = new Client(['handler' => GuzzleMiddleware::stack($this->signer, $url, $handler), 'expect' => false]);
        $headers = $type === null ? [] : ['Content-Type' => $type];
        $response = $client->send(new Request($method, $url, $headers, $body), ['http_errors' => false]);
        return [$response->getStatusCode(), (string) $response->getBody()];
    }

    /** What curl and streams send with an empty POST. */
    private static function defaultType(string $method): ?string
    {
        return $method === 'POST' ? 'application/x-www-form-urlencoded' : null;
    }

    /** @return list<string> */
    private static function header(?string $type): array
    {
        return $type === null ? [] : ["Content-Type: $type"];
    }
}
