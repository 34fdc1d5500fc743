<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\Psr7\Request as GuzzleRequest;
use Kayako\Sign\Exception;
use Kayako\Sign\RequestException;
use Kayako\Sign\Signer;
use Kayako\Sign\SigningClient;
use Kayako\Sign\Status;
use Nyholm\Psr7\Request;
use Nyholm\Psr7\Response;
use PHPUnit\Framework\TestCase;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Symfony\Component\HttpClient\Psr18Client;

/**
 * Tests what is special about PSR-18: its exceptions, and messages of any library.
 */
final class SigningClientTest extends TestCase
{
    private const HELPDESK = 'https://help.example.com';
    private const URL = 'https://help.example.com/api/index.php?/Base/User/1';

    private Signer $signer;

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
    }

    public function testMessagesOfAnyLibraryAreSigned(): void
    {
        $type = ['Content-Type' => 'application/x-www-form-urlencoded'];
        foreach ([Request::class, GuzzleRequest::class] as $class) {
            foreach ([new $class('GET', self::URL), new $class('POST', self::URL, $type, 'a=1')] as $request) {
                $sent = $this->sent($request);
                $this->assertSame($class, $sent::class);
                $diagnosis = $this->signer->diagnoseRequest(
                    $sent->getMethod(),
                    (string) $sent->getUri(),
                    $sent->getHeaderLine('Content-Type'),
                    (string) $sent->getBody()
                );
                $this->assertTrue($diagnosis->accepted, $diagnosis->message);
            }
        }
    }

    public function testEveryRefusalIsAnExceptionOfPsr18WithTheOriginalRequest(): void
    {
        $client = new SigningClient(new Client(), $this->signer, self::HELPDESK);
        $refused = [
            [Exception::NO_STATUS, new Request('GET', 'https://other.example.com/?/Base/User')],
            [Status::METHOD_UNSUPPORTED, new Request('PATCH', self::URL)],
            [Status::SALT_PARAMETER, new Request('GET', self::URL . '&salt=1')],
        ];
        foreach ($refused as [$code, $request]) {
            try {
                $client->sendRequest($request);
                $this->fail("not refused with $code");
            } catch (ClientExceptionInterface $e) {
                $this->assertInstanceOf(RequestException::class, $e);
                $this->assertInstanceOf(Exception::class, $e);
                $this->assertSame([$code, $request], [$e->getCode(), $e->getRequest()]);
            }
        }
    }

    public function testAnErrorOfTheInnerClientKeepsItsClassButLosesTheCredentials(): void
    {
        $request = new Request('GET', self::URL);
        $error = $this->failure($request, static function (RequestInterface $signed): \Throwable {
            return new class ($signed) extends \RuntimeException implements ClientExceptionInterface {
                public function __construct(private RequestInterface $request)
                {
                    $url = (string) $request->getUri();
                    parent::__construct("to $url or " . urlencode($url), 7, new \LogicException("cause: $url"));
                }

                public function getRequest(): RequestInterface
                {
                    return $this->request;
                }
            };
        });
        $this->assertSame('to ' . self::URL . ' or ' . urlencode(self::URL), $error->getMessage());
        $this->assertSame('cause: ' . self::URL, $error->getPrevious()->getMessage());
        $this->assertSame([7, $request], [$error->getCode(), $error->getRequest()]);
    }

    public function testAnErrorThatCannotBeChangedBecomesOneOfOurs(): void
    {
        $request = new Request('GET', self::URL);
        $error = $this->failure($request, static function (RequestInterface $signed): \Throwable {
            return new class ($signed) extends \RuntimeException implements ClientExceptionInterface {
                public function __construct(public readonly RequestInterface $request)
                {
                    parent::__construct("to {$request->getUri()}");
                }
            };
        });
        $this->assertInstanceOf(RequestException::class, $error);
        $this->assertSame($request, $error->getRequest());
        $this->assertStringEndsWith('to ' . self::URL, $error->getMessage());
        $this->assertDoesNotMatchRegularExpression('/[0-9a-f]{32}/', $error . print_r($error->getPrevious(), true));
    }

    public function testAClientThatFollowsRedirectsIsRefused(): void
    {
        $this->expectException(Exception::class);
        $this->expectExceptionMessage('client: must not follow redirects');
        new SigningClient(new Psr18Client(), $this->signer, self::HELPDESK);
    }

    public function testAHelpdeskMustBeAnAbsoluteUrl(): void
    {
        $this->expectException(Exception::class);
        $this->expectExceptionMessage('helpdesk: must be an absolute URL');
        new SigningClient(new Client(), $this->signer, 'help.example.com');
    }

    /** Returns the request that the inner client gets. */
    private function sent(RequestInterface $request): RequestInterface
    {
        $client = new class implements ClientInterface {
            public RequestInterface $sent;

            public function sendRequest(RequestInterface $request): ResponseInterface
            {
                $this->sent = $request;
                return new Response();
            }
        };
        (new SigningClient($client, $this->signer, self::HELPDESK))->sendRequest($request);
        return $client->sent;
    }

    /** @param callable(RequestInterface): \Throwable $error what the inner client throws */
    private function failure(RequestInterface $request, callable $error): \Throwable
    {
        $client = new class ($error) implements ClientInterface {
            public function __construct(private readonly mixed $error)
            {
            }

            public function sendRequest(RequestInterface $request): ResponseInterface
            {
                throw ($this->error)($request);
            }
        };
        try {
            (new SigningClient($client, $this->signer, self::HELPDESK))->sendRequest($request);
        } catch (\Throwable $e) {
            return $e;
        }
        $this->fail('nothing was thrown');
    }
}
