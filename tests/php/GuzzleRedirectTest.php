<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Handler\MockHandler;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use Kayako\Sign\GuzzleMiddleware;
use Psr\Http\Message\RequestInterface;

/**
 * Credentials go to one origin alone, wherever a redirect leads.
 */
final class GuzzleRedirectTest extends GuzzleTestCase
{
    private static StandIn $other;

    public static function setUpBeforeClass(): void
    {
        parent::setUpBeforeClass();
        self::$other = new StandIn();
    }

    /** @dataProvider redirectedRequests */
    public function testARedirectWithinTheHelpdeskIsSignedAnew(string $method, int $code, array $options): void
    {
        $url = $this->redirect(self::$standIn->api('/Base/User'), $code);
        $this->assertSame(200, $this->client()->request($method, $url, $options)->getStatusCode());
        $this->assertFreshSalts(2);
    }

    /** @dataProvider redirectedRequests */
    public function testARedirectToAnotherPortCarriesNoCredentials(string $method, int $code, array $options): void
    {
        $url = $this->redirect(self::$other->url . '/echo', $code);
        $answer = json_decode((string) $this->client()->request($method, $url, $options)->getBody(), true);
        $this->assertSame([], $answer['get']);
        $this->assertContains($answer['post'], [[], ['a' => '1']]);
        $this->assertSame([true, false], $this->signed());
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

    public function testARedirectToAnotherOriginCarriesNoCredentialsWhateverItsStatusAndWhateverDiffers(): void
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

    public function testAnotherSpellingOfTheOriginIsTheSame(): void
    {
        foreach (['HTTPS://HELP.example.com:443/', '//help.example.com/', '/x', 'x'] as $url) {
            $this->mocked([new Response(302, ['Location' => $url]), new Response()])->get('?/Base/User');
            $this->assertSame([true, true], $this->signed(), $url);
        }
    }

    public function testARedirectBackIsSignedAgain(): void
    {
        $this->mocked([
            new Response(307, ['Location' => 'https://other.example.com/']),
            new Response(307, ['Location' => self::HELPDESK . '?/Base/User']),
            new Response(),
        ])->post('?/Base/User', ['form_params' => ['a' => '1']]);
        $this->assertSame([true, false, true], $this->signed());
    }

    public function testARedirectNamesNoOrigin(): void
    {
        $this->recorder = new Recorder(new MockHandler([new Response()]));
        $send = (new GuzzleMiddleware($this->signer))($this->recorder);
        $send(new Request('GET', self::HELPDESK), ['__redirect_count' => 1])->wait();
        $this->assertSame([false], $this->signed());
    }

    public function testARedirectThatRepeatsTheAddressIsFollowedWithoutTheOldCredentials(): void
    {
        $origins = ['https://help.example.com' => true, '' => true, 'https://other.example.com' => false];
        foreach ($origins as $origin => $signed) {
            foreach (['?/Base/User/1&a=1', '?/Base/User/1', ''] as $query) {
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
            $message = $this->assertRefused(0, fn () => $client->get('?/Base/User'));
            $this->assertStringStartsWith('redirect: not followed', $message);
            $this->assertCount(1, $this->recorder->sent);
        }
    }

    public function testAnAnswerThatIsNotToBeFollowedIsLeftAlone(): void
    {
        foreach ([302 => ['allow_redirects' => false], 201 => []] as $status => $options) {
            $repeat = fn (RequestInterface $request) => new Response($status, [
                'Location' => '/?' . rawurlencode((string) $request->getUri()),
            ]);
            $location = $this->mocked([$repeat])->get('?/Base/User', $options)->getHeaderLine('Location');
            $this->assertTrue($location === '/?' . rawurlencode((string) $this->recorder->sent[0]->getUri()));
        }
    }

    public function testOutsideOfRedirectingItFollowsNoRedirect(): void
    {
        foreach ([self::HELPDESK, 'https://other.example.com/'] as $to) {
            foreach ([true, ['max' => 3]] as $setting) {
                $this->recorder = new Recorder(new MockHandler([new Response(307, ['Location' => $to])]));
                $stack = HandlerStack::create($this->recorder);
                $stack->unshift(new GuzzleMiddleware($this->signer));
                $client = new Client(['handler' => $stack, 'allow_redirects' => $setting]);
                $call = fn () => $client->post(self::HELPDESK . '?/Base/User', ['form_params' => ['a' => '1']]);
                $this->assertStringContainsString('must be pushed last', $this->assertRefused(0, $call));
                $this->assertCount(1, $this->recorder->sent);
            }
        }
    }

    public function testRedirectsByTheHandlerItselfAreRefused(): void
    {
        $options = [
            ['curl' => [CURLOPT_FOLLOWLOCATION => true]],
            ['stream_context' => ['http' => ['follow_location' => 1]]],
        ];
        foreach ($options as $option) {
            $message = $this->assertRefused(0, fn () => $this->mocked([new Response()])->get('?/Base/User', $option));
            $this->assertStringStartsWith('options: must leave redirects to Guzzle', $message);
            $this->assertSame([], $this->recorder->sent);
        }
    }

    private function redirect(string $to, int $code): string
    {
        return self::$standIn->url . '/redirect?' . http_build_query(['to' => $to, 'code' => $code]);
    }
}
