<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Exception\RequestException;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Handler\CurlHandler;
use GuzzleHttp\Handler\CurlMultiHandler;
use GuzzleHttp\Handler\MockHandler;
use GuzzleHttp\Handler\StreamHandler;
use GuzzleHttp\Middleware;
use GuzzleHttp\Pool;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use GuzzleHttp\Psr7\Utils;
use Kayako\Sign\Exception;
use Kayako\Sign\GuzzleMiddleware;
use Kayako\Sign\Status;
use Psr\Http\Message\RequestInterface;

final class GuzzleMiddlewareTest extends GuzzleTestCase
{
    public function testTheHelpdeskReadsTheFieldsOfEachOptionOfGuzzle(): void
    {
        $fields = ['subject' => "& = + % # é\n", 'list' => ['x', ['y' => 'z']]];
        $file = ['name' => 'file', 'contents' => fopen(__FILE__, 'r')];
        $multipart = ['name' => 'subject', 'contents' => $fields['subject']];
        $client = $this->client();
        $answers = [
            [$fields, $client->get('', ['query' => ['e' => '/Base/User'] + $fields])],
            [['a' => '1'], $client->delete('?/Base/User/1&a=1')],
            [$fields, $client->post('?/Base/User', ['form_params' => $fields])],
            [$fields, $client->put('?/Base/User', ['form_params' => $fields])],
            [$fields, $client->post('?/Base/User', ['json' => $fields])],
            [['subject' => $fields['subject']], $client->post('?/Base/User', ['multipart' => [$multipart, $file]])],
            [[], $client->post('?/Base/User')],
        ];
        foreach ($answers as [$expected, $response]) {
            $answer = json_decode((string) $response->getBody(), true);
            $this->assertSame($expected, $answer['parameters'], $answer['container']);
        }
        $files = json_decode((string) $answers[5][1]->getBody(), true)['files'];
        $this->assertSame(hash_file('sha256', __FILE__), $files['file']['sha256']);
    }

    public function testParallelRequestsHaveDifferentSalts(): void
    {
        $request = new Request('POST', self::$standIn->api('/Base/User'), ['Content-Type' => 'application/json'], '{}');
        $answered = 0;
        $pool = new Pool($this->client(), array_fill(0, 20, $request), [
            'concurrency' => 5,
            'fulfilled' => function () use (&$answered): void {
                $answered++;
            },
        ]);
        $pool->promise()->wait();
        $this->assertSame(20, $answered);
        $this->assertFreshSalts(20);
    }

    public function testARetryIsSignedAgainIfRetryingIsPushedBeforeOrAfterSigning(): void
    {
        $retry = fn () => Middleware::retry(fn (int $retries) => $retries < 3, fn () => 0);
        $answers = fn () => new MockHandler([new Response(503), new Response(503), new Response(503), new Response()]);

        $this->recorder = new Recorder($answers());
        $stack = GuzzleMiddleware::stack($this->signer, self::HELPDESK, $this->recorder);
        $stack->push($retry());
        (new Client(['handler' => $stack]))->post(self::HELPDESK . '?/Base/User', ['json' => ['a' => 1]]);
        $this->assertFreshSalts(4);

        $this->recorder = new Recorder($answers());
        $stack = HandlerStack::create($this->recorder);
        $stack->push($retry());
        $stack->push(new GuzzleMiddleware($this->signer, self::HELPDESK), 'kayako_sign');
        (new Client(['handler' => $stack]))->post(self::HELPDESK . '?/Base/User', ['form_params' => ['a' => 1]]);
        $this->assertFreshSalts(4);
    }

    public function testARetryAfterAnErrorIsSignedAgain(): void
    {
        $error = fn (RequestInterface $request) => new ConnectException("to {$request->getUri()}", $request);
        $this->recorder = new Recorder(new MockHandler([$error, $error, new Response()]));
        $stack = GuzzleMiddleware::stack($this->signer, self::HELPDESK, $this->recorder);
        $stack->push(Middleware::retry(fn ($retries, $request, $response) => $response === null, fn () => 0));
        (new Client(['handler' => $stack]))->get(self::HELPDESK . '?/Base/User');
        $this->assertFreshSalts(3);
    }

    public function testARequestToAnotherOriginIsRefused(): void
    {
        $client = $this->mocked([new Response(), new Response()], 'https://help.example.com/anything?x');
        $other = 'https://user:password@other.example.com/?/Base/User';
        $this->assertSame(
            'URL: must be of https://help.example.com:443, which alone gets these credentials, not of'
            . ' https://other.example.com:443',
            $this->assertRefused(Exception::NO_STATUS, fn () => $client->get($other))
        );
        $this->assertSame([], $this->recorder->sent);
        $client->get('?/Base/User');
        $this->assertSame([true], $this->signed());
    }

    public function testAHelpdeskMustBeAnAbsoluteUrl(): void
    {
        $wrong = [
            '', 'help.example.com', '//help.example.com', '/api/index.php', 'http:help.example.com', 'http://:80',
            'ftp://help.example.com',
        ];
        foreach ($wrong as $helpdesk) {
            $make = fn () => new GuzzleMiddleware($this->signer, $helpdesk);
            $message = $this->assertRefused(Exception::NO_STATUS, $make);
            $this->assertStringStartsWith('helpdesk: ', $message);
        }
    }

    public function testARequestThatCannotBeSignedIsNotSent(): void
    {
        $client = $this->mocked([]);
        $refusals = [
            Status::API_KEY_PARAMETER => fn () => $client->get('?/Base/User&apikey=1'),
            Status::JSON_NOT_OBJECT => fn () => $client->post('?/Base/User', ['json' => [1, 2]]),
            Status::CONTENT_TYPE_UNSUPPORTED => fn () => $client->post('?/Base/User', ['body' => 'text']),
            Status::METHOD_UNSUPPORTED => fn () => $client->patch('?/Base/User', ['form_params' => ['a' => 1]]),
            Status::ROUTE_MISSING => fn () => $client->get('', ['query' => ['a' => 1]]),
        ];
        foreach ($refusals as $status => $call) {
            $this->assertNotSame('', $this->assertRefused($status, $call));
        }
        $this->assertSame([], $this->recorder->sent);
    }

    public function testABodyThatCannotBeRewoundIsSignedAsItIsSent(): void
    {
        // Guzzle's StreamHandler sends no body whose size it does not know.
        foreach ([new CurlHandler(), new CurlMultiHandler()] as $handler) {
            $client = new Client(['handler' => GuzzleMiddleware::stack($this->signer, self::$origin->url, $handler)]);
            self::$origin->answer([]);
            $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
            $body = Utils::streamFor(new \ArrayIterator(['a=1', '&b=2']));
            $client->post(self::$origin->api(), ['headers' => $headers, 'body' => $body]);
            [$request] = self::$origin->received();
            $this->assertStringEndsWith('&a=1&b=2', $request->body);
            $type = $request->headers['content-type'];
            $diagnosis = $this->signer->diagnoseRequest('POST', self::$origin->api(), $type, $request->body);
            $this->assertTrue($diagnosis->accepted, $diagnosis->message);
            $again = fn () => $client->post(self::$origin->api(), ['headers' => $headers, 'body' => $body]);
            $this->assertStringStartsWith('body: was read already', $this->assertRefused(Exception::NO_STATUS, $again));
        }
    }

    public function testSendingABodyOfUnknownSizeStopsWhenAFieldIsRefused(): void
    {
        foreach ([new CurlHandler(), new CurlMultiHandler(), new StreamHandler()] as $handler) {
            $client = new Client(['handler' => GuzzleMiddleware::stack($this->signer, self::$origin->url, $handler)]);
            self::$origin->answer([]);
            $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
            $body = Utils::streamFor(new \ArrayIterator(['a=' . str_repeat('x', 1 << 20), '&salt=1', '&b=2']));
            $post = fn () => $client->post(self::$origin->api(), ['headers' => $headers, 'body' => $body]);
            $this->assertRefused(Status::SALT_PARAMETER, $post);
            usleep(50_000);
            $whole = array_filter(self::$origin->received(), static fn ($request) => $request->isWhole);
            $this->assertSame([], $whole);
        }
    }

    public function testAnErrorQuotesNoCredentials(): void
    {
        foreach ([new CurlHandler(), new StreamHandler()] as $handler) {
            $client = new Client(['handler' => GuzzleMiddleware::stack($this->signer, 'http://127.0.0.1:1', $handler)]);
            foreach (['query' => 'GET', 'form_params' => 'POST'] as $option => $method) {
                try {
                    // Nothing listens on this port.
                    $fields = [$option => ['e' => '/Base/User']];
                    $client->request($method, 'http://127.0.0.1:1/api/index.php', $fields);
                    $this->fail('it was answered');
                } catch (ConnectException $e) {
                    $this->assertShowsNoSalt($e . print_r($e->getHandlerContext(), true));
                    $this->assertShowsNoSalt($e->getRequest()->getUri() . $e->getRequest()->getBody());
                    $this->assertStringContainsString('127.0.0.1', $e->getMessage());
                }
            }
        }
    }

    public function testAnErrorKeepsItsClassItsAnswerAndItsCause(): void
    {
        $cause = new \LogicException('the cause');
        $errors = [
            fn ($request) => new RequestException("to {$request->getUri()}", $request, new Response(500), $cause),
            fn () => $cause,
        ];
        $client = $this->mocked($errors);
        foreach ([RequestException::class, \LogicException::class] as $class) {
            try {
                $client->get('?/Base/User');
                $this->fail('nothing was thrown');
            } catch (\Exception $e) {
                $this->assertSame($class, $e::class);
                $this->assertSame($cause, $e->getPrevious() ?? $e);
                $this->assertShowsNoSalt((string) $e);
                $this->assertTrue(!$e instanceof RequestException || $e->getResponse()->getStatusCode() === 500);
            }
        }
        $refused = fn ($request) => new Response(401, [], 'FAILED TO AUTHENTICATE');
        try {
            $this->mocked([$refused])->get('?/Base/User');
            $this->fail('nothing was thrown');
        } catch (RequestException $e) {
            $this->assertShowsNoSalt((string) $e);
        }
    }
}
