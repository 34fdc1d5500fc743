<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\Handler\CurlHandler;
use GuzzleHttp\Handler\StreamHandler;
use GuzzleHttp\Psr7\Request;
use Kayako\Sign\GuzzleMiddleware;
use Kayako\Sign\Signer;
use Kayako\Sign\SigningClient;
use Kayako\Sign\SigningHttpClient;
use Symfony\Component\HttpClient\CurlHttpClient;
use Symfony\Component\HttpClient\NativeHttpClient;
use Symfony\Contracts\HttpClient\HttpClientInterface;

/**
 * The ways in which PHP sends a request, each signed as its users would do it.
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
            'curl-options' => $this->curlOptions(...),
            'streams' => $this->streams(...),
            'guzzle-curl' => fn (...$request) => $this->guzzle(new CurlHandler(), ...$request),
            'guzzle-streams' => fn (...$request) => $this->guzzle(new StreamHandler(), ...$request),
            'psr-18' => $this->psr18(...),
            'symfony-curl' => fn (...$request) => $this->symfony(new CurlHttpClient(), ...$request),
            'symfony-native' => fn (...$request) => $this->symfony(new NativeHttpClient(), ...$request),
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

    private function curlOptions(string $method, string $url, ?string $type, string $body): array
    {
        $options = $this->signer->curlOptions($method, $url, $body === '' ? null : $body, $type);
        $options[CURLOPT_HTTPHEADER][] = 'Expect:';
        $handle = curl_init();
        curl_setopt_array($handle, $options + [CURLOPT_RETURNTRANSFER => true]);
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
        $response = $client->send(new Request($method, $url, self::headers($type), $body), ['http_errors' => false]);
        return [$response->getStatusCode(), (string) $response->getBody()];
    }

    private function psr18(string $method, string $url, ?string $type, string $body): array
    {
        $client = new SigningClient(new Client(['expect' => false]), $this->signer, $url);
        $response = $client->sendRequest(new Request($method, $url, self::headers($type), $body));
        return [$response->getStatusCode(), (string) $response->getBody()];
    }

    private function symfony(
        HttpClientInterface $client,
        string $method,
        string $url,
        ?string $type,
        string $body,
    ): array {
        $client = new SigningHttpClient($client, $this->signer, $url);
        $response = $client->request($method, $url, ['headers' => self::headers($type), 'body' => $body]);
        return [$response->getStatusCode(), $response->getContent(false)];
    }

    /** Returns the type that curl and streams send with an empty POST. */
    private static function defaultType(string $method): ?string
    {
        return $method === 'POST' ? 'application/x-www-form-urlencoded' : null;
    }

    /** @return array<string, string> */
    private static function headers(?string $type): array
    {
        return $type === null ? [] : ['Content-Type' => $type];
    }

    /** @return list<string> */
    private static function header(?string $type): array
    {
        return $type === null ? [] : ["Content-Type: $type"];
    }
}
