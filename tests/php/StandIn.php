<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * The stand-in helpdesk on a free port of this machine, for the keys apikey and secretkey. It ends
 * with the object.
 */
final class StandIn
{
    private const SERVE = __DIR__ . '/../helpdesk/serve.sh';
    private const SECONDS = 10;

    /** Its URL, for example http://127.0.0.1:8080. */
    public readonly string $url;

    /** @var resource */
    private $process;

    /** @param array<string, string> $environment */
    public function __construct(array $environment = [])
    {
        $address = self::freeAddress();
        $this->url = "http://$address";
        $null = ['file', '/dev/null', 'r+'];
        $keys = ['KAYAKO_API_KEY' => 'apikey', 'KAYAKO_SECRET_KEY' => 'secretkey'];
        $environment += $keys + getenv();
        $this->process = proc_open([self::SERVE, $address], [$null, $null, $null], $pipes, null, $environment);
        $this->awaitAnswer($address);
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    /** Returns the API's URL with this query. */
    public function api(string $query): string
    {
        return "$this->url/api/index.php?$query";
    }

    /**
     * Sends a request to this helpdesk, even if the URL names another host.
     *
     * @return array{int, mixed} the status, and the answer: decoded if it is JSON, and text if not
     */
    public function send(string $method, string $url, string $contentType, string $body): array
    {
        [$status, , $answer] = $this->exchange($method, $url, $contentType, $body);
        return [$status, json_decode($answer, true) ?? $answer];
    }

    /**
     * Sends a request, and returns the status, the stage that answered, and the text.
     *
     * @param list<string> $headers
     * @return array{int, string, string}
     */
    public function exchange(string $method, string $url, string $contentType, string $body, array $headers = []): array
    {
        // PHP's own client is not used, because it adds a type to a body that has none.
        $target = preg_replace(['~^https?://[^/?#]*~i', '~#.*~s', '~^(?!/)~'], ['', '', '/'], $url);
        $headers = ["$method $target HTTP/1.1", 'Host: localhost', 'Connection: close', ...$headers];
        if ($contentType !== '') {
            $headers[] = "Content-Type: $contentType";
        }
        $headers[] = 'Content-Length: ' . strlen($body);
        $socket = stream_socket_client(str_replace('http:', 'tcp:', $this->url));
        fwrite($socket, implode("\r\n", $headers) . "\r\n\r\n$body");
        [$head, $text] = explode("\r\n\r\n", stream_get_contents($socket), 2);
        preg_match('~^X-Stand-In-Stage: (\w+)~m', $head, $stage);
        return [(int) explode(' ', $head)[1], $stage[1] ?? '', $text];
    }

    private static function freeAddress(): string
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($socket, false);
        fclose($socket);
        return $address;
    }

    private function awaitAnswer(string $address): void
    {
        $end = microtime(true) + self::SECONDS;
        while (($socket = @stream_socket_client("tcp://$address")) === false) {
            if (microtime(true) > $end || !proc_get_status($this->process)['running']) {
                throw new \RuntimeException('the stand-in helpdesk does not start');
            }
            usleep(10_000);
        }
        fclose($socket);
    }
}
