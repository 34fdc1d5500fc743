<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

/**
 * Tests whole requests, signed or refused, by what PHP itself reads in them.
 */
final class RequestTest extends TestCase
{
    private const URL = 'https://help.example.com/api/index.php?/Base/User/1';
    private const FORM = 'application/x-www-form-urlencoded';
    private const CREDENTIALS = ['apikey' => 0, 'salt' => 0, 'signature' => 0];

    /** Names, and characters that change a name when PHP reads it. */
    private const PIECES = [
        'apikey', 'salt', 'signature', 'e', 'a', '_', '.', '+', '%20', '%00', '[', ']', '%5B', '%5d',
        '%73alt', '%', '%2', '0', '=', '&', '%26', '%C3%A9', ';',
    ];

    private static StandIn $standIn;
    private Signer $signer;

    public static function setUpBeforeClass(): void
    {
        self::$standIn = new StandIn();
    }

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
    }

    /** @dataProvider requests */
    public function testARequestIsSignedOrRefusedAsTheTableSays(object $row): void
    {
        $expected = constant(Status::class . '::' . substr($row->status, strlen('KAYAKO_')));
        try {
            $signed = $this->sign($row);
        } catch (Exception $e) {
            $this->assertSame($expected, $e->getCode(), $e->getMessage());
            return;
        }
        $this->assertSame(Status::OK, $expected, 'it should be refused');
        $this->assertInserted($row, $signed);
        [$url, $body] = $signed;
        $diagnosis = $this->signer->diagnoseRequest($row->method, $url, $row->content_type, $body);
        $this->assertTrue($diagnosis->accepted, $diagnosis->message);
    }

    /** @dataProvider signedRequests */
    public function testTheHelpdeskAcceptsASignedRequest(object $row): void
    {
        [$url, $body] = $this->sign($row);
        [$status, $stage] = self::$standIn->exchange($row->method, $url, $row->content_type, $body);
        $this->assertSame([200, 'fields'], [$status, $stage]);
    }

    /** @return iterable<string, array{object}> */
    public function requests(): iterable
    {
        return Table::rows('requests.tsv');
    }

    /** @return iterable<string, array{object}> */
    public function signedRequests(): iterable
    {
        foreach ($this->requests() as $title => [$row]) {
            if ($row->status === 'KAYAKO_OK') {
                yield $title => [$row];
            }
        }
    }

    public function testAFormIsRefusedExactlyIfAFieldWouldReplaceACredentialOrTheRoute(): void
    {
        for ($i = 0; $i < 5_000; $i++) {
            $form = self::randomPieces();
            parse_str($form, $fields);
            $signed = self::signedOrNull(fn () => $this->signer->signForm($form));
            if (array_intersect_key($fields, self::CREDENTIALS + ['e' => 0]) !== []) {
                $this->assertTrue($signed === null, "signed: $form");
                continue;
            }
            $this->assertNotNull($signed, "refused: $form");
            $this->assertReadWithCredentials($fields, $signed, $form);
        }
    }

    public function testAUrlIsRefusedExactlyIfAParameterWouldReplaceACredentialOrTheRoute(): void
    {
        for ($i = 0; $i < 5_000; $i++) {
            $url = self::URL . '&' . self::randomPieces();
            parse_str(parse_url($url, PHP_URL_QUERY), $parameters);
            $signed = self::signedOrNull(fn () => $this->signer->signUrl($url));
            if (array_intersect_key($parameters, self::CREDENTIALS + ['e' => 0]) !== []) {
                $this->assertTrue($signed === null, "signed: $url");
                continue;
            }
            $this->assertNotNull($signed, "refused: $url");
            $this->assertReadWithCredentials($parameters, parse_url($signed, PHP_URL_QUERY), $url);
        }
    }

    /** PHP reads a multipart body only if it gets it from a web server. */
    public function testAMultipartBodyIsRefusedIfAPartWouldReplaceACredentialOrTheRoute(): void
    {
        for ($i = 0; $i < 300; $i++) {
            $name = urldecode(self::randomPieces());
            $field = Multipart::field($name, 'x');
            ['post' => $fields] = $this->read(Multipart::body([$field]));
            $signed = self::signedOrNull(fn () => $this->signMultipart(Multipart::body([$field])));
            if (array_intersect_key($fields, self::CREDENTIALS + ['e' => 0]) !== []) {
                $this->assertTrue($signed === null, 'signed: ' . rawurlencode($name));
            } elseif ($signed === null) {
                // Servers read such a name in different ways.
                $this->assertMatchesRegularExpression('/[\0\n]/', $name, 'refused: ' . rawurlencode($name));
            } else {
                ['post' => $read] = $this->read($signed);
                $this->assertTrue($this->signer->verify($read['salt'], $read['signature']));
                $this->assertEquals($fields, array_diff_key($read, self::CREDENTIALS));
            }
        }
    }

    public function testPhpFindsEveryFieldAndFileOfASignedMultipartBody(): void
    {
        $body = $this->signMultipart(Multipart::body([
            Multipart::field('a[b][]', "1\n2"),
            Multipart::file('salt', 'a file may be called so.bin', random_bytes(1000)),
            Multipart::field('é', '& = + % #'),
            Multipart::file('file', 'empty.bin', ''),
        ]));
        ['post' => $fields, 'files' => $files] = $this->read($body);
        $this->assertTrue($this->signer->verify($fields['salt'], $fields['signature']));
        $fields = array_diff_key($fields, self::CREDENTIALS);
        $this->assertEquals(['a' => ['b' => ["1\n2"]], 'é' => '& = + % #'], $fields);
        $this->assertSame(['salt', 'file'], $files);
    }

    public function testFieldsArriveAsHttpBuildQueryWritesThem(): void
    {
        $fields = ['a' => "& = + % # é\n", 'list' => ['x', ['y' => 'z']], 'yes' => true, 'no' => false, 'n' => 1.5];
        parse_str(http_build_query($fields), $expected);
        $this->assertReadWithCredentials($expected, $this->signer->signForm($fields), 'fields');
        $this->assertReadWithCredentials([], $this->signer->signForm([]), 'no fields');
        $this->assertReadWithCredentials([], $this->signer->signForm(''), 'an empty form');
    }

    public function testAnObjectWithAStringFormIsSentAsThatString(): void
    {
        $text = new class {
            public string $a = 'no field';

            public function __toString(): string
            {
                return 'a text';
            }
        };
        $this->assertReadWithCredentials(['a' => 'a text'], $this->signer->signForm(['a' => $text]), 'a text');
    }

    public function testAFieldThatPhpWouldDropOrMangleIsRefusedByName(): void
    {
        $values = [
            null, new \stdClass(), new \ArrayObject(['x']), new \DateTime(), fopen('php://memory', 'r'), NAN, INF,
            new \CURLFile(__FILE__), new \CURLStringFile('x', 'x.txt'), new \SplFileInfo(__FILE__),
        ];
        foreach ($values as $value) {
            try {
                $this->signer->signForm(['a' => ['b' => $value]]);
                $this->fail('signed: ' . get_debug_type($value));
            } catch (Exception $e) {
                $this->assertStringStartsWith('field a[b]: must ', $e->getMessage());
                $this->assertSame(Exception::NO_STATUS, $e->getCode());
            }
        }
    }

    public function testPhpsSettingsForQueriesDoNotChangeAForm(): void
    {
        $code = 'echo strstr((new Signer("apikey", "secretkey"))->signForm(["a" => 1, "b" => "x y"]), "&a=");';
        $settings = ['-d', 'arg_separator.output=;'];
        $this->assertSame('&a=1&b=x+y', Process::php($code, $settings)->output);
    }

    public function testEachRequestGetsAFreshSalt(): void
    {
        $sign = [
            fn () => $this->signer->signUrl(self::URL),
            fn () => $this->signer->signForm('a=1'),
            fn () => $this->signer->signRequest('PUT', self::URL, 'application/json', '{}')[1],
        ];
        $signed = array_merge(...array_map(fn ($call) => array_map($call, range(1, 100)), $sign));
        preg_match_all('/salt\W+([0-9a-f]{32})/', implode("\n", $signed), $matches);
        $this->assertCount(300, array_unique($matches[1]));
    }

    public function testALargeBodyIsSignedInPlace(): void
    {
        $form = 'a=' . str_repeat('x', 10 << 20);
        [$url, $body] = $this->signer->signRequest('POST', self::URL, self::FORM, $form);
        $this->assertTrue($url === self::URL);
        $this->assertTrue(str_ends_with($body, "%3D&$form"));
        $this->assertTrue(str_ends_with($this->signer->signForm($form), "%3D&$form"));
    }

    public function testTheExampleGetsAnAnswer(): void
    {
        $package = __DIR__ . '/../../bindings/php';
        $url = self::$standIn->api('/Base/User/1');
        $process = Process::run([PHP_BINARY, "$package/examples/request.php", $url], [
            'AUTOLOAD' => "$package/autoload.php",
            'KAYAKO_API_KEY' => 'apikey',
            'KAYAKO_SECRET_KEY' => 'secretkey',
        ]);
        $this->assertMatchesRegularExpression('~^HTTP/1.1 200 OK\n\{"route":"/Base/User/1"~', $process->output);
    }

    public function testARefusalNamesTheArgumentAndTheRule(): void
    {
        try {
            $this->signer->signRequest('PATCH', self::URL);
            $this->fail('not refused');
        } catch (Exception $e) {
            $this->assertStringStartsWith('method: must be GET, POST, PUT or DELETE', $e->getMessage());
        }
    }

    /** @return array{string, string} */
    private function sign(object $row): array
    {
        return $this->signer->signRequest($row->method, $row->url, $row->content_type, $row->body);
    }

    private function signMultipart(string $body): string
    {
        return $this->signer->signRequest('POST', self::URL, Multipart::CONTENT_TYPE, $body)[1];
    }

    /** Returns what PHP reads in a multipart body. */
    private function read(string $body): array
    {
        return self::$standIn->send('POST', 'http://localhost/echo', Multipart::CONTENT_TYPE, $body)[1];
    }

    /** @param array{string, string} $signed */
    private function assertInserted(object $row, array $signed): void
    {
        $before = ['url' => $row->url, 'body' => $row->body];
        $after = array_combine(['url', 'body'], $signed);
        $other = $row->target === 'url' ? 'body' : 'url';
        $this->assertTrue($before[$other] === $after[$other], "the $other has changed");

        $length = strlen($after[$row->target]) - strlen($before[$row->target]);
        $without = substr_replace($after[$row->target], '', (int) $row->offset, $length);
        $this->assertTrue($before[$row->target] === $without, "the $row->target differs without the insertion");
    }

    /** Checks the fields and the credentials, without printing a signature. */
    private function assertReadWithCredentials(array $fields, string $signed, string $title): void
    {
        parse_str($signed, $read);
        $this->assertSame('apikey', $read['apikey'], $title);
        $this->assertTrue($this->signer->verify($read['salt'], $read['signature']), $title);
        $this->assertEquals($fields, array_diff_key($read, self::CREDENTIALS), $title);
    }

    /** Returns what is signed, or null if a name in it is refused. */
    private static function signedOrNull(callable $sign): ?string
    {
        $refusals = [
            Status::API_KEY_PARAMETER, Status::SALT_PARAMETER, Status::SIGNATURE_PARAMETER, Status::ROUTE_PARAMETER,
            Status::ROUTE_SLASH, Status::MULTIPART_NOT_PLAIN,
        ];
        try {
            return $sign();
        } catch (Exception $e) {
            return in_array($e->getCode(), $refusals, true) ? null : throw $e;
        }
    }

    private static function randomPieces(): string
    {
        $pieces = '';
        for ($i = random_int(1, 8); $i > 0; $i--) {
            $pieces .= self::PIECES[array_rand(self::PIECES)];
        }
        return $pieces;
    }
}
