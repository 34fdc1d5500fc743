<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use Kayako\Sign\SigningHttpClient;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpClient\CurlHttpClient;
use Symfony\Component\HttpClient\Exception\TransportException;
use Symfony\Component\HttpClient\NativeHttpClient;
use Symfony\Contracts\HttpClient\HttpClientInterface;

/**
 * Tests what is special about Symfony: its options, bodies and streams.
 */
final class SigningHttpClientTest extends TestCase
{
    private const FORM = 'Content-Type: application/x-www-form-urlencoded';

    private static Origin $origin;
    private static StandIn $standIn;

    private Signer $signer;

    public static function setUpBeforeClass(): void
    {
        self::$origin = new Origin();
        self::$standIn = new StandIn();
    }

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
        self::$origin->answer([]);
    }

    public function testTheHelpdeskReadsTheFieldsOfEachOptionOfSymfony(): void
    {
        $fields = ['subject' => "& = + % # é\n", 'list' => ['x', ['y' => 'z']]];
        foreach ($this->clients(self::$standIn->api('')) as $client) {
            $answers = [
                [$fields, $client->request('GET', '?/Base/User/1', ['query' => $fields])],
                [[], $client->request('DELETE', '?/Base/User/1')],
                [$fields, $client->request('POST', '?/Base/User', ['body' => $fields])],
                [$fields, $client->request('PUT', '?/Base/User/1', ['body' => $fields])],
                [$fields, $client->request('POST', '?/Base/User', ['json' => $fields])],
                [[], $client->request('POST', '?/Base/User')],
            ];
            foreach ($answers as [$expected, $response]) {
                $answer = $response->toArray();
                $this->assertEquals($expected, $answer['parameters'], $answer['container']);
            }
        }
    }

    public function testTheDefaultOptionsOfBothClientsApply(): void
    {
        $inner = new CurlHttpClient(['headers' => ['X-Inner' => '1', 'Accept' => 'text/plain']]);
        $client = new SigningHttpClient($inner, $this->signer, self::$origin->url);
        $client = $client->withOptions(['headers' => ['X-Outer' => '2'], 'auth_basic' => ['user', 'password']]);
        $client->request('GET', self::$origin->api())->getContent();
        $headers = self::$origin->received()[0]->headers;
        $this->assertSame(
            ['1', '2', 'text/plain', 'Basic ' . base64_encode('user:password')],
            [$headers['x-inner'], $headers['x-outer'], $headers['accept'], $headers['authorization']]
        );
    }

    public function testABodyOfPiecesIsSignedAsItIsSent(): void
    {
        $file = fopen('php://temp', 'w+');
        fwrite($file, 'a=1&b=2');
        foreach (['closure', 'generator', 'file'] as $kind) {
            foreach ([[self::FORM], [self::FORM, 'Content-Length: 7']] as $headers) {
                foreach ($this->clients(self::$origin->url) as $client) {
                    self::$origin->answer([]);
                    rewind($file);
                    $pieces = ['a=1', '&b=2', ''];
                    $body = match ($kind) {
                        'closure' => static function (int $length) use (&$pieces): string {
                            return array_shift($pieces) ?? '';
                        },
                        'generator' => (static fn () => yield from ['a=1', '&b=2'])(),
                        'file' => $file,
                    };
                    $client->request('POST', self::$origin->api(), compact('headers', 'body'))->getContent();
                    [$request] = self::$origin->received();
                    $this->assertStringEndsWith('&a=1&b=2', $request->body, $kind);
                    $type = $request->headers['content-type'];
                    $diagnosis = $this->signer->diagnoseRequest('POST', self::$origin->api(), $type, $request->body);
                    $this->assertTrue($diagnosis->accepted, $diagnosis->message);
                }
            }
        }
    }

    public function testSendingABodyOfPiecesStopsWhenAFieldIsRefused(): void
    {
        foreach ([[self::FORM], [self::FORM, 'Content-Length: 1048589']] as $headers) {
            foreach ($this->clients(self::$origin->url) as $client) {
                self::$origin->answer([]);
                $body = (static fn () => yield from ['a=' . str_repeat('x', 1 << 20), '&salt=1', '&b=2'])();
                try {
                    $client->request('POST', self::$origin->api(), compact('headers', 'body'))->getContent();
                    $this->fail('it was sent');
                } catch (Exception $e) {
                    $this->assertSame(Status::SALT_PARAMETER, $e->getCode());
                }
                usleep(50_000);
                $whole = array_filter(self::$origin->received(), static fn ($request) => $request->isWhole);
                $this->assertSame([], $whole);
            }
        }
    }

    public function testAResponseCanBeStreamedAndHasTheTextOfTheAnswer(): void
    {
        self::$origin->answer(['body' => str_repeat('x', 100_000)]);
        foreach ($this->clients(self::$origin->url) as $client) {
            $content = '';
            foreach ($client->stream($client->request('GET', self::$origin->api(), ['buffer' => false])) as $chunk) {
                $content .= $chunk->getContent();
            }
            $this->assertSame(100_000, strlen($content));
            $response = $client->request('GET', self::$origin->api());
            $this->assertSame(100_000, strlen(stream_get_contents($response->toStream())));
            $this->assertSame(self::$origin->api(), $response->getInfo('url'));
        }
    }

    public function testParallelRequestsHaveDifferentSalts(): void
    {
        $client = $this->clients(self::$origin->url)[0];
        $responses = array_map(fn () => $client->request('GET', self::$origin->api()), range(1, 10));
        $last = 0;
        foreach ($client->stream($responses) as $chunk) {
            $last += $chunk->isLast() ? 1 : 0;
        }
        $this->assertSame(10, $last);
        $this->assertCount(10, array_unique(self::$origin->salts()));
    }

    public function testAResponseThatTimedOutCanBeReadAgainAndShowsNoCredentials(): void
    {
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        $url = 'http://' . stream_socket_get_name($silent, false) . '/?/Base/User';
        $client = $this->clients($url)[0];
        $response = $client->request('GET', $url);
        for ($i = 0; $i < 2; $i++) {
            foreach ($client->stream($response, 0.05) as $chunk) {
                $this->assertTrue($chunk->isTimeout());
                $this->assertDoesNotMatchRegularExpression('/[0-9a-f]{32}/', $chunk->getError());
            }
        }
        $response->cancel();
        try {
            $client->request('GET', $url, ['timeout' => 0.05])->getStatusCode();
            $this->fail('it was answered');
        } catch (TransportException $e) {
            $this->assertDoesNotMatchRegularExpression('/[0-9a-f]{32}/', (string) $e);
        }
    }

    public function testAResponseCanBeCancelledButNotSerialized(): void
    {
        $response = $this->clients(self::$origin->url)[0]->request('GET', self::$origin->api());
        $response->cancel();
        $this->assertTrue($response->getInfo('canceled'));
        $this->expectException(Exception::class);
        serialize($response);
    }

    public function testARequestThatCannotBeSignedIsNotSent(): void
    {
        $client = $this->clients(self::$origin->url)[0];
        $refusals = [
            Status::API_KEY_PARAMETER => ['GET', '/api/index.php?/Base/User&apikey=1', []],
            Status::JSON_NOT_OBJECT => ['POST', '/api/index.php?/Base/User', ['json' => [1, 2]]],
            Status::METHOD_UNSUPPORTED => ['PATCH', '/api/index.php?/Base/User', []],
            Status::ROUTE_MISSING => ['GET', '/api/index.php', []],
        ];
        foreach ($refusals as $status => $request) {
            try {
                $client->request(...$request);
                $this->fail("not refused with $status");
            } catch (Exception $e) {
                $this->assertSame($status, $e->getCode());
            }
        }
        $this->assertSame([], self::$origin->received());
    }

    /** @return list<HttpClientInterface> */
    private function clients(string $helpdesk): array
    {
        return [
            new SigningHttpClient(new CurlHttpClient(), $this->signer, $helpdesk),
            new SigningHttpClient(new NativeHttpClient(), $this->signer, $helpdesk),
        ];
    }
}
