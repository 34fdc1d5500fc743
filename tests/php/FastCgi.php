<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A FastCGI client of PHP-FPM, like a web server. It keeps its connection.
 */
final class FastCgi
{
    private const VERSION = 1;
    private const REQUEST = 1;
    private const BEGIN = 1;
    private const END = 3;
    private const PARAMETERS = 4;
    private const INPUT = 5;
    private const OUTPUT = 6;
    private const RESPONDER = 1;
    private const KEEP = 1;

    /** @param resource $socket */
    public function __construct(private $socket)
    {
    }

    /**
     * Requests a page, and returns its output below the headers.
     *
     * @param array<string, string> $environment more variables for the page
     */
    public function get(string $file, array $environment = []): string
    {
        $parameters = $environment + [
            'GATEWAY_INTERFACE' => 'CGI/1.1',
            'SERVER_PROTOCOL' => 'HTTP/1.1',
            'REQUEST_METHOD' => 'GET',
            'SCRIPT_FILENAME' => $file,
            'SCRIPT_NAME' => '/' . basename($file),
        ];
        $pairs = '';
        foreach ($parameters as $name => $value) {
            $pairs .= pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
        }
        fwrite($this->socket, implode('', [
            $this->record(self::BEGIN, pack('nCx5', self::RESPONDER, self::KEEP)),
            $this->record(self::PARAMETERS, $pairs),
            $this->record(self::PARAMETERS, ''),
            $this->record(self::INPUT, ''),
        ]));
        return explode("\r\n\r\n", $this->answer(), 2)[1] ?? '';
    }

    private function record(int $type, string $content): string
    {
        return pack('CCnnxx', self::VERSION, $type, self::REQUEST, strlen($content)) . $content;
    }

    private function answer(): string
    {
        $output = '';
        do {
            $head = unpack('Cversion/Ctype/nrequest/nlength/Cpadding', $this->read(8));
            $content = $this->read($head['length'] + $head['padding']);
            if ($head['type'] === self::OUTPUT) {
                $output .= substr($content, 0, $head['length']);
            }
        } while ($head['type'] !== self::END);
        return $output;
    }

    private function read(int $length): string
    {
        $data = $length === 0 ? '' : stream_get_contents($this->socket, $length);
        if (strlen((string) $data) < $length) {
            throw new \RuntimeException('php-fpm closed the connection');
        }
        return $data;
    }
}
