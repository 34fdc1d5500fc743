<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Psr7\FnStream;
use GuzzleHttp\Psr7\MultipartStream;
use GuzzleHttp\Psr7\NoSeekStream;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Uri;
use GuzzleHttp\Psr7\Utils;
use Kayako\Sign\Exception;
use Kayako\Sign\RequestSigner;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamInterface;
use Psr\Http\Message\UriInterface;

/**
 * Tests signing PSR-7 requests.
 */
final class RequestSignerTest extends TestCase
{
    private const URL = 'https://help.example.com/api/index.php?/Base/User';
    private const FORM = 'application/x-www-form-urlencoded';

    private Signer $signer;
    private RequestSigner $requestSigner;

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
        $this->requestSigner = new RequestSigner($this->signer);
    }

    public function testASignedRequestIsAcceptedAndHasTheRightLength(): void
    {
        $multipart = new MultipartStream([['name' => 'a', 'contents' => '1']]);
        $multipartType = 'multipart/form-data; boundary=' . $multipart->getBoundary();
        $requests = [
            new Request('GET', self::URL),
            new Request('DELETE', self::URL),
            new Request('PUT', self::URL, ['Content-Type' => $multipartType], $multipart),
            new Request('POST', self::URL, ['content-type' => self::FORM, 'content-length' => '3'], 'a=1'),
            new Request('POST', self::URL, ['Content-Type' => $multipartType], $multipart),
            new Request('PUT', self::URL, ['Content-Type' => 'application/json'], '{"a":1}'),
        ];
        foreach ($requests as $request) {
            $before = self::text($request);
            $signed = $this->requestSigner->sign($request);
            $this->assertTrue($before === self::text($request), 'the request itself changed');
            $this->assertAccepted($signed);
            $this->assertLength($signed);
        }
    }

    public function testABodyOfOnlyCredentialsGetsTheFormType(): void
    {
        $signed = $this->requestSigner->sign(new Request('POST', self::URL));
        $this->assertSame(self::FORM, $signed->getHeaderLine('Content-Type'));
        $this->assertAccepted($signed);
        $this->assertLength($signed);
    }

    public function testARequestWithoutABodyStaysWithoutOne(): void
    {
        foreach (['GET', 'DELETE', 'PUT'] as $method) {
            $signed = $this->requestSigner->sign(new Request($method, self::URL));
            $this->assertSame(0, $signed->getBody()->getSize());
            $this->assertSame(['Host'], array_keys($signed->getHeaders()));
        }
    }

    public function testAChunkedBodyGetsNoContentLength(): void
    {
        $headers = ['Content-Type' => self::FORM, 'Transfer-Encoding' => 'chunked'];
        $signed = $this->requestSigner->sign(new Request('POST', self::URL, $headers, 'a=1'));
        $this->assertFalse($signed->hasHeader('Content-Length'));
    }

    public function testEachSigningHasAFreshSalt(): void
    {
        $request = new Request('GET', self::URL);
        $sign = fn () => (string) $this->requestSigner->sign($request)->getUri();
        $this->assertCount(100, array_unique(array_map($sign, range(1, 100))));
    }

    public function testSigningOnlyAddsTheCredentialsToTheUrl(): void
    {
        $urls = [
            'http://user:p%40ss@help.example.com:8080/a%2fb//c/index.php?/Base/User/1&a=%e9&b&=c&d=+&a=2#x?y',
            'https://help.example.com/api/index.php?e=%2fBase%2fUser&a[]=1&b={c}',
            'https://help.example.com/api/index.php/Base/User',
            'https://help.example.com?/Base/User',
            'https://[::1]/index.php?/Base/User&a=1',
        ];
        foreach ($urls as $url) {
            $uri = new Uri($url);
            $signed = $this->requestSigner->sign(new Request('GET', $uri, ['Host' => 'another.example.com']));
            $signedUrl = $this->signer->signUrl((string) $uri);
            $this->assertSame(self::withoutSalt($signedUrl), self::withoutSalt((string) $signed->getUri()));
            $this->assertSame('another.example.com', $signed->getHeaderLine('Host'));
            $this->assertAccepted($signed);
        }
    }

    public function testAUrlThatWouldNotBeSentAsItWasSignedIsRefused(): void
    {
        $uri = new class (self::URL) extends Uri {
            public function withQuery($query): UriInterface
            {
                return parent::withQuery(strtoupper($query));
            }
        };
        $this->assertRefused('URL: its class ', new Request('GET', $uri));
        $request = (new Request('GET', self::URL))->withRequestTarget('/api/index.php?/Base/User/1');
        $this->assertRefused('request target: ', $request);
    }

    public function testASignedRequestIsNotSignedAgain(): void
    {
        $requests = [
            new Request('GET', self::URL),
            new Request('POST', self::URL, ['Content-Type' => self::FORM], 'a=1'),
            new Request('POST', self::URL, ['Content-Type' => 'application/json'], '{}'),
        ];
        foreach ($requests as $request) {
            $signed = $this->requestSigner->sign($request);
            $message = $this->assertRefused('parameter apikey: ', $signed, Status::API_KEY_PARAMETER);
            $this->assertFalse(str_contains($message, 'signature='));
        }
    }

    public function testJsonThatCannotBeReadTwiceIsRefusedWithTheReason(): void
    {
        $closed = Utils::streamFor('{"a":1}');
        $closed->close();
        $bodies = [
            Utils::streamFor(new \ArrayIterator(['{"a":', '1}'])),
            $closed,
            new NoSeekStream(Utils::streamFor('{"a":1}')),
            Utils::streamFor(stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)[0]),
        ];
        foreach ($bodies as $body) {
            $request = new Request('POST', self::URL, ['Content-Type' => 'application/json'], $body);
            $this->assertRefused('body: must be a stream that can be rewound and knows its size, ', $request);
        }
        $body = Utils::streamFor(fopen('data:,{"a":1}', 'r'), ['size' => 9]);
        $request = new Request('POST', self::URL, ['Content-Type' => 'application/json'], $body);
        $this->assertRefused('body: must be a stream of the size that it says it has', $request);
    }

    public function testALargeFormOrMultipartBodyIsSignedAndCanBeReadAgain(): void
    {
        $multipart = new MultipartStream([['name' => 'a', 'contents' => str_repeat('x', 3 << 20)]]);
        $bodies = [
            self::FORM => Utils::streamFor('a=' . str_repeat('x', 3 << 20)),
            'multipart/form-data; boundary=' . $multipart->getBoundary() => $multipart,
        ];
        foreach ($bodies as $type => $stream) {
            $request = new Request('POST', self::URL, ['Content-Type' => $type], $stream);
            $signed = $this->requestSigner->sign($request);
            $this->assertLength($signed);
            $this->assertAccepted($signed);
            $again = (string) $signed->getBody();
            $this->assertTrue($again === (string) $signed->getBody(), 'the body differs when it is read again');
            $this->assertTrue(str_ends_with($again, (string) $stream), 'the body itself changed');
        }
    }

    public function testALargeBodyThatCannotBeSignedIsRefusedBeforeAnythingIsSent(): void
    {
        $text = 'a=' . str_repeat('x', 2 << 20) . '&salt=1&b=2';
        $request = new Request('POST', self::URL, ['Content-Type' => self::FORM], $text);
        $this->assertRefused('parameter salt: ', $request, Status::SALT_PARAMETER);
    }

    public function testABodyThatCannotBeRewoundIsRefusedWithTheReason(): void
    {
        foreach ([new NoSeekStream(Utils::streamFor('a=1')), Utils::streamFor(new \ArrayIterator(['a=1']))] as $body) {
            $request = new Request('POST', self::URL, ['Content-Type' => self::FORM], $body);
            $this->assertRefused('body: must be a stream that can be rewound', $request);
        }
    }

    public function testABodyIsNotReadIfTheCredentialsGoIntoTheUrl(): void
    {
        $body = FnStream::decorate(Utils::streamFor(new \ArrayIterator(['x'])), [
            'read' => fn () => $this->fail('it was read'),
            'getContents' => fn () => $this->fail('it was read'),
        ]);
        $headers = ['Content-Type' => 'application/octet-stream'];
        $signed = $this->requestSigner->sign(new Request('PUT', self::URL, $headers, $body));
        $this->assertSame($body, $signed->getBody());
        $this->assertStringContainsString('signature=', $signed->getUri()->getQuery());
    }

    public function testABodyKeepsItsPosition(): void
    {
        $body = Utils::streamFor('a=1&b=2');
        $body->seek(3);
        $this->requestSigner->sign(new Request('POST', self::URL, ['Content-Type' => self::FORM], $body));
        $this->assertSame(3, $body->tell());
    }

    public function testASignedBodyIsReadInPiecesOfAnySize(): void
    {
        $texts = ['application/json' => ' {"a":"' . str_repeat('x', 100) . '"}', self::FORM => 'a=1'];
        foreach ($texts as $type => $text) {
            $body = $this->signedBody($text, $type);
            $whole = (string) $body;
            $this->assertSame(strlen($whole), $body->getSize());
            foreach ([1, 2, 7, 50, 1000] as $length) {
                $body->rewind();
                $read = '';
                while (!$body->eof()) {
                    $read .= $body->read($length);
                }
                $this->assertTrue($read === $whole, "in pieces of $length");
            }
        }
    }

    public function testASignedBodyIsASeekableStream(): void
    {
        $body = $this->signedBody('a=1&b=2', self::FORM);
        $whole = (string) $body;
        $body->seek(3);
        $this->assertSame(3, $body->tell());
        $body->seek(2, SEEK_CUR);
        $this->assertSame(5, $body->tell());
        $body->seek(-7, SEEK_END);
        $this->assertSame(strlen($whole) - 7, $body->tell());
        $this->assertSame('a=1&b=2', $body->getContents());
        $this->assertSame('', $body->read(10));
        $this->assertSame([true, true, false], [$body->isReadable(), $body->isSeekable(), $body->isWritable()]);
        $this->assertSame([[], null], [$body->getMetadata(), $body->getMetadata('uri')]);
        foreach ([fn () => $body->write('x'), fn () => $body->seek(-1)] as $call) {
            try {
                $call();
                $this->fail('it was not refused');
            } catch (\RuntimeException) {
                $this->assertSame(strlen($whole), $body->tell());
            }
        }
        $this->assertNull($body->detach());
    }

    public function testASignedBodyIsWholeEvenIfTheOriginalIsRewoundMeanwhile(): void
    {
        $original = Utils::streamFor('a=1&b=2');
        $request = new Request('POST', self::URL, ['Content-Type' => self::FORM], $original);
        $body = $this->requestSigner->sign($request)->getBody();
        $body->seek(-5, SEEK_END);
        $this->assertSame('1', $body->read(1));
        $original->rewind();
        $this->assertSame('&b=2', $body->getContents());
    }

    /** Some streams start again from the beginning at each seek, which would make sending quadratic. */
    public function testASignedBodyIsReadWithoutSeekingInTheOriginal(): void
    {
        $stream = Utils::streamFor('a=' . str_repeat('x', 4000));
        $seeks = 0;
        $original = FnStream::decorate($stream, ['seek' => function (int $offset) use ($stream, &$seeks): void {
            $seeks++;
            $stream->seek($offset);
        }]);
        $request = new Request('POST', self::URL, ['Content-Type' => self::FORM], $original);
        $body = $this->requestSigner->sign($request)->getBody();
        $before = $seeks;
        while (!$body->eof()) {
            $body->read(10);
        }
        $this->assertSame($before, $seeks);
    }

    private function signedBody(string $body, string $type): StreamInterface
    {
        return $this->requestSigner->sign(new Request('POST', self::URL, ['Content-Type' => $type], $body))->getBody();
    }

    private function assertAccepted(RequestInterface $request): void
    {
        $diagnosis = $this->signer->diagnoseRequest(
            $request->getMethod(),
            (string) $request->getUri(),
            $request->getHeaderLine('Content-Type'),
            (string) $request->getBody()
        );
        $this->assertTrue($diagnosis->accepted, "{$request->getMethod()}: $diagnosis->message");
        $this->assertTrue(str_ends_with($request->getRequestTarget(), $request->getUri()->getQuery()));
    }

    /** Checks the size of the body, and Content-Length if the credentials are in the body. */
    private function assertLength(RequestInterface $request): void
    {
        $body = (string) $request->getBody();
        if (str_contains($body, 'apikey')) {
            $this->assertSame([(string) strlen($body)], $request->getHeader('Content-Length'));
        }
        $this->assertSame(strlen($body), $request->getBody()->getSize());
    }

    private function assertRefused(string $start, RequestInterface $request, int $code = Exception::NO_STATUS): string
    {
        try {
            $this->requestSigner->sign($request);
        } catch (Exception $e) {
            $this->assertStringStartsWith($start, $e->getMessage());
            $this->assertSame($code, $e->getCode());
            return $e->getMessage();
        }
        $this->fail("not refused: $start");
    }

    private static function withoutSalt(string $url): string
    {
        return preg_replace('/salt=\w+&signature=[\w%]+/', '', $url);
    }

    private static function text(RequestInterface $request): string
    {
        return $request->getUri() . json_encode($request->getHeaders()) . $request->getBody();
    }
}
