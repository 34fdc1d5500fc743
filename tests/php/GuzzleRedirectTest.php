<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Handler\MockHandler;
use GuzzleHttp\Psr7\Response;
use Kayako\Sign\Exception;
use Kayako\Sign\GuzzleMiddleware;
use Psr\Http\Message\RequestInterface;

/**
 * Tests that credentials go only to the helpdesk's origin, even after redirects.
 */
final class GuzzleRedirectTest extends GuzzleTestCase
{
    /** @dataProvider redirectedRequests */
    public function testARedirectWithinTheHelpdeskIsSignedAgain(string $method, int $code, array $options): void
    {
        self::$origin->answer(['status' => $code, 'location' => self::$origin->api('/Base/User')], []);
        $this->assertSame(200, $this->redirected()->request($method, '?/Base/User', $options)->getStatusCode());
        $this->assertCount(2, array_unique(array_filter(self::$origin->salts())));
    }

    /** @dataProvider redirectedRequests */
    public function testARedirectToAnotherPortCarriesNoCredentials(string $method, int $code, array $options): void
    {
        self::$origin->answer(['status' => $code, 'location' => self::$other->api('/Base/User')]);
        self::$other->answer([]);
        $this->redirected()->request($method, '?/Base/User', $options);
        $this->assertSame(['/api/index.php?/Base/User'], array_column(self::$other->received(), 'target'));
        $body = self::$other->received()[0]->body;
        $this->assertSame($code === 307 && $method === 'POST', $body !== '', 'whether the body is sent along');
        $this->assertStringNotContainsString('apikey', $body);
    }

    private function redirected(): Client
    {
        $helpdesk = self::$origin->api();
        return new Client(['base_uri' => $helpdesk, 'handler' => GuzzleMiddleware::stack($this->signer, $helpdesk)]);
    }

    /** @return iterable<string, array{string, int, array<mixed>}> */
    public function redirectedRequests(): iterable
    {
        $bodies = [
            'no body' => ['GET', []],
            'a form' => ['POST', ['form_params' => ['a' => '1']]],
            'JSON' => ['POST', ['json' => ['a' => '1']]],
            'multipart' => ['POST', ['multipart' => [['name' => 'a', 'contents' => '1']]]],
        ];
        foreach ($bodies as $title => [$method, $options]) {
            foreach ([302, 307] as $code) {
                yield "$title, $code" => [$method, $code, $options];
            }
        }
    }

    public function testARedirectOfAnyStatusToAnyOtherOriginCarriesNoCredentials(): void
    {
        $elsewhere = [
            'https://other.example.com/', '//other.example.com/', 'https://help.example.com:444/',
            'http://help.example.com/', 'https://sub.help.example.com/', 'https://help.example.com.example.org/',
            'https://help.example.com@example.org/',
        ];
        foreach ($elsewhere as $url) {
            foreach ([301, 302, 303, 307, 308] as $status) {
                $client = $this->mocked([new Response($status, ['Location' => $url]), new Response()]);
                $client->post('?/Base/User', ['form_params' => ['a' => '1']]);
                $this->assertSame([true, false], $this->signed(), "$status to $url");
                $body = (string) $this->recorder->sent[1]->getBody();
                $this->assertSame($status >= 307 ? 'a=1' : '', $body, "$status to $url");
            }
        }
    }

    public function testAnotherSpellingOfTheOriginIsTheSameOrigin(): void
    {
        $urls = [
            'HTTPS://HELP.example.com:443/?/Base/User', '//help.example.com/?/Base/User', '/x/?/Base/User',
            'index.php?/Base/User',
        ];
        foreach ($urls as $url) {
            $this->mocked([new Response(302, ['Location' => $url]), new Response()])->get('?/Base/User');
            $this->assertSame([true, true], $this->signed(), $url);
        }
    }

    public function testARedirectBackToTheHelpdeskIsSignedAgain(): void
    {
        $this->mocked([
            new Response(307, ['Location' => 'https://other.example.com/']),
            new Response(307, ['Location' => self::HELPDESK . '?/Base/User']),
            new Response(),
        ])->post('?/Base/User', ['form_params' => ['a' => '1']]);
        $this->assertSame([true, false, true], $this->signed());
    }

    public function testARedirectThatRepeatsTheUrlIsFollowedWithoutTheOldCredentials(): void
    {
        $origins = ['https://help.example.com' => true, '' => true, 'https://other.example.com' => false];
        foreach ($origins as $origin => $signed) {
            foreach (['?/Base/User/1&a=1', '?/Base/User/1', '?e=/Base/User'] as $query) {
                $repeat = fn (RequestInterface $request) => new Response(301, [
                    'Location' => $origin . $request->getRequestTarget() . '&lang=en',
                ]);
                $this->mocked([$repeat, new Response()])->get($query);
                $this->assertSame([true, $signed], $this->signed(), "to $origin");
                $this->assertFreshSalts($signed ? 2 : 1);
                parse_str($this->recorder->sent[1]->getUri()->getQuery(), $parameters);
                $this->assertSame('en', $parameters['lang']);
                $this->assertSame(str_contains($query, 'a=1'), isset($parameters['a']));
            }
        }
    }

    public function testARedirectThatHidesTheCredentialsInAParameterIsNotFollowed(): void
    {
        foreach ([1, 2, 3] as $times) {
            $repeat = function (RequestInterface $request) use ($times): Response {
                $back = (string) $request->getUri();
                for ($i = 0; $i < $times; $i++) {
                    $back = rawurlencode($back);
                }
                return new Response(302, ['Location' => "https://login.example.com/?back=$back"]);
            };
            $client = $this->mocked([$repeat, new Response()]);
            $message = $this->assertRefused(Exception::NO_STATUS, fn () => $client->get('?/Base/User'));
            $this->assertStringStartsWith('redirect: not followed', $message);
            $this->assertCount(1, $this->recorder->sent);
        }
    }

    public function testALocationThatIsNotFollowedShowsNoCredentials(): void
    {
        $echo = fn (RequestInterface $request) => '/api/index.php?' . $request->getUri()->getQuery();
        $hidden = fn (RequestInterface $request) => '/?back=' . rawurlencode((string) $request->getUri());
        $answer = fn (int $status, callable $location) => fn (RequestInterface $request) => new Response($status, [
            'Location' => $location($request),
        ]);
        foreach ([[302, $echo], [201, $echo], [201, $hidden]] as [$status, $location]) {
            $client = $this->mocked([$answer($status, $location)]);
            $shown = $client->get('?/Base/User', ['allow_redirects' => false])->getHeaderLine('Location');
            $this->assertStringContainsString('Base', $shown);
            $this->assertShowsNoSalt($shown);
        }
        $client = $this->mocked([$answer(302, $hidden)]);
        $get = fn () => $client->get('?/Base/User', ['allow_redirects' => false]);
        $this->assertRefused(Exception::NO_STATUS, $get);
    }

    public function testMiddlewareOutsideGuzzlesRedirectsRefusesARedirect(): void
    {
        foreach ([self::HELPDESK, 'https://other.example.com/'] as $to) {
            foreach ([true, ['max' => 3]] as $setting) {
                $this->recorder = new Recorder(new MockHandler([new Response(307, ['Location' => $to])]));
                $stack = HandlerStack::create($this->recorder);
                $stack->unshift(new GuzzleMiddleware($this->signer, self::HELPDESK));
                $client = new Client(['handler' => $stack, 'allow_redirects' => $setting]);
                $call = fn () => $client->post(self::HELPDESK . '?/Base/User', ['form_params' => ['a' => '1']]);
                $message = $this->assertRefused(Exception::NO_STATUS, $call);
                $this->assertStringContainsString('must be pushed last', $message);
                $this->assertCount(1, $this->recorder->sent);
            }
        }
    }

    public function testAnOptionThatMakesTheHandlerFollowRedirectsIsRefused(): void
    {
        $options = [
            ['curl' => [CURLOPT_FOLLOWLOCATION => true]],
            ['stream_context' => ['http' => ['follow_location' => 1]]],
        ];
        foreach ($options as $option) {
            $get = fn () => $this->mocked([new Response()])->get('?/Base/User', $option);
            $message = $this->assertRefused(Exception::NO_STATUS, $get);
            $this->assertStringStartsWith('options: must leave redirects to Guzzle', $message);
            $this->assertSame([], $this->recorder->sent);
        }
    }
}
