<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

/**
 * Tests each plug-in with two servers that keep what they receive: a helpdesk, and another one that must never get
 * credentials.
 */
final class PluginTest extends TestCase
{
    private const FORM = 'application/x-www-form-urlencoded';

    private static Origin $helpdesk;
    private static Origin $other;

    private Signer $signer;

    public static function setUpBeforeClass(): void
    {
        self::$helpdesk = new Origin();
        self::$other = new Origin();
    }

    protected function setUp(): void
    {
        $this->signer = new Signer('the-api-key', 'secretkey');
        self::$helpdesk->answer([]);
        self::$other->answer([]);
    }

    /** @dataProvider requests */
    public function testARequestIsSignedAndAccepted(string $plugin, string $method, array $body): void
    {
        $this->assertSame(200, $this->send($plugin, $method, $body));
        $this->assertAccepted(1);
    }

    /** @dataProvider redirects */
    public function testARedirectWithinTheHelpdeskIsSignedAgain(
        string $plugin,
        int $status,
        string $method,
        array $body,
    ): void {
        foreach ([self::$helpdesk->api('/Base/User/2'), '/api/index.php?/Base/User/2', '?/Base/User/2'] as $location) {
            self::$helpdesk->answer(['status' => $status, 'location' => $location], []);
            $this->assertSame(200, $this->send($plugin, $method, $body));
            $this->assertAccepted(2);
            $this->assertStringContainsString('/Base/User/2', self::$helpdesk->received()[1]->target);
        }
    }

    /** @dataProvider redirects */
    public function testARedirectToAnotherOriginCarriesNoCredentials(
        string $plugin,
        int $status,
        string $method,
        array $body,
    ): void {
        self::$helpdesk->answer(['status' => $status, 'location' => self::$other->api('/Base/User/2')]);
        $this->assertSame(200, $this->send($plugin, $method, $body));
        $this->assertAccepted(1);
        [$request] = self::$other->received();
        $this->assertSame('/api/index.php?/Base/User/2', $request->target);
        $kept = $status >= 307 || ($method !== 'POST' && $status < 303 && str_contains($plugin, 'symfony'));
        $this->assertTrue($request->body === ($kept ? $body[1] : ''), 'the body is not the given one');
    }

    /** @dataProvider following */
    public function testALocationThatRepeatsTheUrlIsFollowedWithFreshCredentials(string $plugin): void
    {
        foreach (['', self::$other->url] as $origin) {
            self::$other->answer([]);
            self::$helpdesk->answer(['status' => 302, 'location' => "$origin{target}&lang=en"], []);
            $this->assertSame(200, $this->send($plugin, 'GET', [null, '']));
            $this->assertAccepted($origin === '' ? 2 : 1);
        }
        $this->assertSame('/api/index.php?/Base/User/1&lang=en', self::$other->received()[0]->target);
    }

    /** @dataProvider following */
    public function testALocationThatHidesTheUrlInAParameterIsNotFollowed(string $plugin): void
    {
        foreach (['encoded', 'twice'] as $how) {
            self::$helpdesk->answer(['status' => 302, 'location' => self::$other->url . "/login?back={{$how}}"]);
            try {
                $this->send($plugin, 'GET', [null, '']);
                $this->fail('it was followed');
            } catch (\Exception $e) {
                $this->assertStringContainsString('redirect: not followed', $e->getMessage());
                $this->assertShowsNoCredentials($e);
            }
            $this->assertSame([], self::$other->received());
        }
    }

    /** @dataProvider notFollowing */
    public function testARedirectThatTheCallerGetsShowsNoCredentials(string $plugin): void
    {
        foreach ([301, 302, 303, 307, 308] as $status) {
            self::$helpdesk->answer(['status' => $status, 'location' => self::$other->url . '{target}']);
            $this->assertSame($status, $this->send($plugin, 'POST', [self::FORM, 'a=1']));
            $this->assertSame([], self::$other->received());
        }
    }

    /** @dataProvider following */
    public function testEachAttemptHasAFreshSalt(string $plugin): void
    {
        foreach ([['GET', [null, '']], ['PUT', [self::FORM, 'a=1']]] as [$method, $body]) {
            self::$helpdesk->answer(['status' => 503], ['status' => 503], []);
            $this->assertSame(200, $this->send($plugin, $method, $body));
            $this->assertAccepted(3);
        }
    }

    /** @dataProvider plugins */
    public function testAConnectionThatIsResetIsAnErrorWithoutCredentials(string $plugin): void
    {
        foreach ([['GET', [null, '']], ['POST', [self::FORM, 'a=1']]] as [$method, $body]) {
            self::$helpdesk->answer(['reset' => true]);
            try {
                $this->send($plugin, $method, $body);
                $this->fail('it was answered');
            } catch (\Exception $e) {
                $this->assertNotInstanceOf(Exception::class, $e, 'not the class of the plain client');
                $this->assertShowsNoCredentials($e);
            }
        }
    }

    /** @dataProvider plugins */
    public function testAProxyIsGivenTheSignedRequest(string $plugin): void
    {
        $url = 'http://help.example.com/api/index.php?/Base/User/1';
        // PHP's streams need tcp as the proxy's scheme, and send a path as the target.
        $isStream = $plugin === 'guzzle-streams';
        $proxy = $isStream ? str_replace('http:', 'tcp:', self::$helpdesk->url) : self::$helpdesk->url;
        $this->assertSame(200, (new Plugins($this->signer, $url, $proxy))->send($plugin, 'GET', $url));
        $this->assertAccepted(1);
        [$request] = self::$helpdesk->received();
        $this->assertStringStartsWith($isStream ? '/api/index.php?/Base/User/1' : $url, $request->target);
        $this->assertSame('help.example.com', $request->headers['host']);
    }

    /** @dataProvider plugins */
    public function testARequestToAnotherOriginIsRefused(string $plugin): void
    {
        $plugins = new Plugins($this->signer, self::$helpdesk->url);
        try {
            $plugins->send($plugin, 'GET', self::$other->api());
            $this->fail('it was sent');
        } catch (Exception $e) {
            $this->assertSame(Exception::NO_STATUS, $e->getCode());
            $this->assertStringStartsWith('URL: must be of ', $e->getMessage());
        }
        $this->assertSame([], self::$other->received());
    }

    /** @dataProvider plugins */
    public function testSendingALargeBodyThatCannotBeSignedStopsBeforeTheHelpdeskHasAllOfIt(string $plugin): void
    {
        $parts = [Multipart::file('a', 'a.bin', str_repeat('x', 3 << 20)), Multipart::field('salt', '1')];
        try {
            $this->send($plugin, 'POST', [Multipart::CONTENT_TYPE, Multipart::body($parts)]);
            $this->fail('it was sent');
        } catch (Exception $e) {
            $this->assertSame(Status::SALT_PARAMETER, $e->getCode());
            $this->assertShowsNoCredentials($e);
        }
        usleep(50_000);
        $whole = array_filter(self::$helpdesk->received(), static fn ($request) => $request->isWhole);
        $this->assertSame([], $whole);
        self::$helpdesk->answer([]);
        $this->assertSame(200, $this->send($plugin, 'GET', [null, '']), 'the next request');
    }

    /** @return iterable<string, array{string}> */
    public function plugins(): iterable
    {
        foreach ([...Plugins::FOLLOW_REDIRECTS, ...Plugins::DO_NOT_FOLLOW] as $plugin) {
            yield $plugin => [$plugin];
        }
    }

    /** @return iterable<string, array{string}> */
    public function following(): iterable
    {
        foreach (Plugins::FOLLOW_REDIRECTS as $plugin) {
            yield $plugin => [$plugin];
        }
    }

    /** @return iterable<string, array{string}> */
    public function notFollowing(): iterable
    {
        foreach (Plugins::DO_NOT_FOLLOW as $plugin) {
            yield $plugin => [$plugin];
        }
    }

    /** @return iterable<string, array{string, string, array{?string, string}}> */
    public function requests(): iterable
    {
        foreach ($this->plugins() as [$plugin]) {
            foreach (self::bodies() as $title => [$method, $body]) {
                yield "$plugin, $title" => [$plugin, $method, $body];
            }
        }
    }

    /** @return iterable<string, array{string, int, string, array{?string, string}}> */
    public function redirects(): iterable
    {
        foreach (Plugins::FOLLOW_REDIRECTS as $plugin) {
            foreach (self::bodies() as $title => [$method, $body]) {
                foreach ([301, 302, 303, 307, 308] as $status) {
                    yield "$plugin, $title, $status" => [$plugin, $status, $method, $body];
                }
            }
        }
    }

    /** @return array<string, array{string, array{?string, string}}> the method, the type and the body */
    private static function bodies(): array
    {
        return [
            'GET' => ['GET', [null, '']],
            'POST of a form' => ['POST', [self::FORM, 'a=1']],
            'PUT of a form' => ['PUT', [self::FORM, 'a=1']],
            'POST of multipart' => ['POST', [Multipart::CONTENT_TYPE, Multipart::body([Multipart::field('a', '1')])]],
            'POST of JSON' => ['POST', ['application/json', '{"a":1}']],
        ];
    }

    /** @param array{?string, string} $body */
    private function send(string $plugin, string $method, array $body): int
    {
        $plugins = new Plugins($this->signer, self::$helpdesk->url);
        return $plugins->send($plugin, $method, self::$helpdesk->api(), ...$body);
    }

    /** Checks that the helpdesk got this many requests, would accept all of them, and got no salt twice. */
    private function assertAccepted(int $count): void
    {
        foreach (self::$helpdesk->received() as $request) {
            $type = $request->headers['content-type'] ?? '';
            $url = str_starts_with($request->target, '/') ? self::$helpdesk->url . $request->target : $request->target;
            $diagnosis = $this->signer->diagnoseRequest($request->method, $url, $type, $request->body);
            $this->assertTrue($diagnosis->accepted, $diagnosis->message);
        }
        $this->assertCount($count, array_unique(array_filter(self::$helpdesk->salts())));
        $this->assertCount($count, self::$helpdesk->received());
        foreach (self::$other->received() as $request) {
            $this->assertSame(0, preg_match('/apikey|the-api-key|signature/', $request->target . $request->body));
        }
    }

    /** Checks that an error shows no credentials, without printing it. */
    private function assertShowsNoCredentials(\Throwable $error): void
    {
        $shown = '';
        for (; $error !== null; $error = $error->getPrevious()) {
            $shown .= $error . serialize(self::texts((array) $error));
        }
        foreach ([...array_filter(self::$helpdesk->salts()), 'the-api-key', 'signature='] as $hidden) {
            $this->assertFalse(str_contains($shown, $hidden), 'an error shows credentials');
        }
    }

    /** Returns the texts in an error: its properties, and the arguments in its trace. */
    private static function texts(array $values): array
    {
        array_walk_recursive($values, static function (mixed &$value): void {
            $value = $value instanceof \Psr\Http\Message\RequestInterface
                ? $value->getUri() . $value->getBody()
                : (is_scalar($value) ? $value : null);
        });
        return $values;
    }
}
