<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use PHPUnit\Framework\TestCase;

/**
 * Tests every client with every method and every kind of body, and writes the results into a table.
 */
final class MatrixTest extends TestCase
{
    private const TABLE = __DIR__ . '/../../target/test/matrix-php.txt';
    private const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

    /** For each of the methods, the container that the helpdesk reads or the start of the refusal's message. */
    private const EXPECTED = [
        'no body' => ['query', 'form', 'query', 'query', 'method:'],
        'form' => ['query', 'form', 'form', 'query', 'method:'],
        'multipart' => ['query', 'multipart', 'query', 'query', 'method:'],
        'JSON' => ['json', 'json', 'json', 'json', 'method:'],
        'text' => ['query', 'content type:', 'query', 'query', 'method:'],
        'JSON list' => ['body:', 'body:', 'body:', 'body:', 'method:'],
        'empty JSON' => ['body:', 'body:', 'body:', 'body:', 'method:'],
    ];

    private const FIELDS = 'sign=%26+%3D+%2B+%25+%23+%C3%A9%0Aline&map%5Bk%5D%5Bdeep%5D=x%26y'
        . '&list[]=1&list[]=2&same=1&same=2';

    private static StandIn $standIn;
    private static Origin $origin;
    private static string $file;

    /** @var list<string> */
    private static array $table = [];

    public static function setUpBeforeClass(): void
    {
        self::$standIn = new StandIn();
        self::$origin = new Origin();
        self::$file = random_bytes(3 << 20);
    }

    public static function tearDownAfterClass(): void
    {
        @mkdir(dirname(self::TABLE), recursive: true);
        file_put_contents(self::TABLE, implode("\n", self::$table) . "\n");
    }

    /** @dataProvider combinations */
    public function testTheHelpdeskReadsASignedRequestAndARefusedOneIsNotSent(
        string $client,
        string $method,
        string $body,
        string $expected,
    ): void {
        $send = (new Clients(new Signer('apikey', 'secretkey')))->all()[$client];
        [$type, $bytes] = self::body($body);
        if (str_ends_with($expected, ':')) {
            $result = 'refused: ' . $this->assertRefused($expected, fn ($url) => $send($method, $url, $type, $bytes));
        } else {
            $this->assertRead($expected, $method, fn ($url) => $send($method, $url, $type, $bytes), $bytes);
            $result = 'accepted';
        }
        self::$table[] = sprintf('%-15s %-6s %-15s -> %s', $client, $method, $body, $result);
    }

    /** @return iterable<string, array{string, string, string, string}> */
    public function combinations(): iterable
    {
        foreach ((new Clients(new Signer('apikey', 'secretkey')))->all() as $client => $_) {
            foreach (self::EXPECTED as $body => $row) {
                foreach (array_combine(self::METHODS, $row) as $method => $expected) {
                    yield "$client, $method, $body" => [$client, $method, $body, $expected];
                }
            }
        }
    }

    /** @param callable(string): array{int, string} $send */
    private function assertRead(string $container, string $method, callable $send, string $body): void
    {
        [$status, $text] = $send(self::$standIn->api('/Base/User/1&' . self::FIELDS));
        $this->assertSame(200, $status, $text);
        $answer = json_decode($text, true);
        parse_str(self::FIELDS, $fields);
        $read = $container === 'query' || $body !== '' ? $fields : [];
        $this->assertSame([$method, $container], [$answer['method'], $answer['container']]);
        $this->assertEquals($read, $answer['parameters']);
        $this->assertEquals($container === 'query' ? [] : $fields, $answer['query']);
        // A JSON body carries the credentials, and no field.
        $this->assertEquals(in_array($container, ['form', 'multipart'], true) ? $read : [], $answer['fields']);
        if ($container === 'multipart') {
            $this->assertSame(hash('sha256', self::$file), $answer['files']['file']['sha256']);
        }
        if ($container === 'query') {
            // The body is not read for parameters, but it arrives unchanged.
            self::$origin->answer([]);
            $send(self::$origin->api());
            $this->assertTrue(self::$origin->received()[0]->body === $body, 'another body arrived');
        }
    }

    /**
     * Checks that a request is refused before it is sent: nothing listens on this port.
     *
     * @param callable(string): array{int, string} $send
     */
    private function assertRefused(string $start, callable $send): string
    {
        try {
            $send('http://127.0.0.1:1/api/index.php?/Base/User/1');
        } catch (Exception $e) {
            $this->assertStringStartsWith($start, $e->getMessage());
            return $e->getMessage();
        }
        $this->fail("not refused with $start");
    }

    /** @return array{?string, string} its type, and the body */
    private static function body(string $kind): array
    {
        parse_str(self::FIELDS, $fields);
        return match ($kind) {
            'no body' => [null, ''],
            'form' => ['application/x-www-form-urlencoded', self::FIELDS],
            'multipart' => [Multipart::CONTENT_TYPE, self::multipart()],
            'JSON' => ['application/json', '{"same":1,' . substr(json_encode($fields), 1)],
            'text' => ['text/plain', 'a=1'],
            'JSON list' => ['application/json', '[{"a":1}]'],
            'empty JSON' => ['application/json', ''],
        };
    }

    private static function multipart(): string
    {
        $parts = [Multipart::file('file', 'é file.bin', self::$file)];
        foreach (explode('&', self::FIELDS) as $field) {
            $parts[] = Multipart::field(...array_map(urldecode(...), explode('=', $field)));
        }
        return Multipart::body($parts);
    }
}
