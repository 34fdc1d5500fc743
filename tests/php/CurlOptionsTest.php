<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

/**
 * Tests requests that curl sends with signed options, by what the helpdesk reads in them.
 */
final class CurlOptionsTest extends TestCase
{
    private const FIELDS = ['subject' => "& = + % # é\n", 'map' => ['k' => ['deep' => 'x']], 'list' => ['1', '2']];

    private static StandIn $standIn;
    private static Origin $origin;
    private static Origin $other;

    private Signer $signer;
    private \CurlHandle $curl;

    public static function setUpBeforeClass(): void
    {
        self::$standIn = new StandIn();
        self::$origin = new Origin();
        self::$other = new Origin();
    }

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
        $this->curl = curl_init();
    }

    public function testAnArrayIsReadInAPostAndInAPut(): void
    {
        foreach (['POST' => 'multipart', 'PUT' => 'form'] as $method => $container) {
            $answer = $this->ask($method, self::FIELDS);
            $this->assertSame([$container, self::FIELDS], [$answer['container'], $answer['fields']]);
        }
        $answer = $this->ask('POST', self::FIELDS, 'application/x-www-form-urlencoded');
        $this->assertSame(['form', self::FIELDS], [$answer['container'], $answer['fields']]);
    }

    public function testFilesAreSentInAPost(): void
    {
        $files = ['a' => new \CURLFile(__FILE__), 'b' => new \CURLStringFile('contents', 'b.txt')];
        $answer = $this->ask('POST', ['subject' => 'x', 'deep' => $files] + $files);
        $this->assertSame(['subject' => 'x'], $answer['fields']);
        $this->assertSame(hash_file('sha256', __FILE__), $answer['files']['a']['sha256']);
        $this->assertSame(hash_file('sha256', __FILE__), $answer['files']['deep']['a']['sha256']);
        $this->assertSame(hash('sha256', 'contents'), $answer['files']['deep']['b']['sha256']);
    }

    public function testATextIsAFormUnlessItsTypeIsGiven(): void
    {
        foreach (['POST', 'PUT'] as $method) {
            $this->assertSame(['a' => '1'], $this->ask($method, 'a=1')['fields']);
            $this->assertSame('json', $this->ask($method, '{"a": 1}', 'application/json')['container']);
        }
    }

    public function testARequestWithoutFieldsIsAccepted(): void
    {
        foreach (['GET' => 'query', 'DELETE' => 'query', 'POST' => 'form', 'PUT' => 'query'] as $method => $container) {
            $this->assertSame($container, $this->ask($method, null)['container'], $method);
        }
        $this->assertSame('form', $this->ask('POST', [], 'application/x-www-form-urlencoded')['container']);
        $this->assertSame('multipart', $this->ask('POST', [])['container']);
    }

    public function testAHandleMayBeUsedAgainForAnyKindOfRequest(): void
    {
        $requests = [
            ['GET', null, null], ['POST', self::FIELDS, null], ['DELETE', null, null], ['PUT', 'a=1', null],
            ['POST', '{"a": 1}', 'application/json'], ['PUT', null, null], ['POST', null, null],
        ];
        foreach ($requests as $first) {
            foreach ($requests as $second) {
                $this->curl = curl_init();
                $this->ask(...$first);
                [$method, $fields] = $second;
                $answer = $this->ask(...$second);
                $this->assertSame($method, $answer['method']);
                $expected = is_array($fields) ? $fields : ($fields === 'a=1' ? ['a' => '1'] : []);
                $this->assertSame($expected, $answer['fields']);
                // Also if the caller has set other options since.
                curl_setopt_array($this->curl, [CURLOPT_NOBODY => true, CURLOPT_FOLLOWLOCATION => true]);
                $this->assertSame($method, $this->ask(...$second)['method']);
            }
        }
    }

    public function testTheRouteMayBeAmongTheFields(): void
    {
        $url = self::$standIn->url . '/api/index.php';
        $options = $this->signer->curlOptions('POST', $url, ['e' => '/Base/User', 'a' => '1']);
        curl_setopt_array($this->curl, $options + [CURLOPT_RETURNTRANSFER => true]);
        $answer = json_decode(curl_exec($this->curl), true);
        $this->assertSame(['/Base/User', ['a' => '1']], [$answer['route'], $answer['fields']]);
    }

    public function testRedirectsAreNotFollowed(): void
    {
        foreach ([302, 307] as $status) {
            self::$origin->answer(['status' => $status, 'location' => self::$other->api()]);
            self::$other->answer([]);
            curl_setopt($this->curl, CURLOPT_FOLLOWLOCATION, true);
            curl_setopt_array($this->curl, $this->signer->curlOptions('POST', self::$origin->api(), ['a' => '1']));
            curl_setopt($this->curl, CURLOPT_RETURNTRANSFER, true);
            curl_exec($this->curl);
            $this->assertSame($status, curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE));
            $this->assertSame([], self::$other->received());
        }
    }

    public function testTheCallerMayAddHeaders(): void
    {
        $options = $this->signer->curlOptions('POST', self::$origin->api(), '{}', 'application/json');
        $options[CURLOPT_HTTPHEADER][] = 'X-Own: 1';
        self::$origin->answer([]);
        curl_setopt_array($this->curl, $options + [CURLOPT_RETURNTRANSFER => true]);
        curl_exec($this->curl);
        $headers = self::$origin->received()[0]->headers;
        $this->assertSame(['application/json', '1'], [$headers['content-type'], $headers['x-own']]);
    }

    public function testEachCallHasAFreshSalt(): void
    {
        $options = fn () => serialize($this->signer->curlOptions('POST', self::$origin->api(), ['a' => '1']));
        preg_match_all('/"salt";s:32:"(\w+)"/', implode(array_map($options, range(1, 100))), $salts);
        $this->assertCount(100, array_unique($salts[1]));
    }

    public function testAFieldThatWouldReplaceACredentialOrTheRouteIsRefused(): void
    {
        $fields = [
            Status::API_KEY_PARAMETER => ['apikey' => '1'],
            Status::SALT_PARAMETER => ['salt' => ['x' => '1']],
            Status::SIGNATURE_PARAMETER => [' signature' => '1'],
            Status::ROUTE_PARAMETER => ['e' => '/Base/User'],
        ];
        foreach (['POST', 'PUT'] as $method) {
            foreach ($fields as $status => $refused) {
                $this->assertRefused($status, $method, $refused, null);
            }
        }
        $this->assertRefused(Status::SALT_PARAMETER, 'POST', ['salt' => new \CURLFile(__FILE__)], null);
    }

    public function testAFieldThatPhpOrCurlWouldMangleIsRefused(): void
    {
        $file = new \CURLFile(__FILE__);
        $refused = [
            ['PUT', ['a' => $file], null], ['POST', ['a' => $file], 'application/x-www-form-urlencoded'],
            ['POST', ['a' => null], null], ['POST', ['a' => new \stdClass()], null],
            ['POST', ["a\r\n" => '1'], null], ['POST', ['a"' => '1'], null], ['POST', ["a\0b" => '1'], null],
            ['POST', ['a' => '1'], 'application/json'], ['POST', ['a' => '1'], 'multipart/form-data; boundary=x'],
            ['GET', ['a' => '1'], null], ['DELETE', ['a' => '1'], null],
        ];
        foreach ($refused as [$method, $fields, $type]) {
            $this->assertRefused(Exception::NO_STATUS, $method, $fields, $type);
        }
    }

    /** @return array<string, mixed> what the helpdesk read */
    private function ask(string $method, array|string|null $fields, ?string $type = null): array
    {
        $options = $this->signer->curlOptions($method, self::$standIn->api('/Base/User/1'), $fields, $type);
        curl_setopt_array($this->curl, $options + [CURLOPT_RETURNTRANSFER => true]);
        $answer = curl_exec($this->curl);
        $this->assertSame(200, curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE), (string) $answer);
        return json_decode($answer, true);
    }

    private function assertRefused(int $status, string $method, array $fields, ?string $type): void
    {
        try {
            $this->signer->curlOptions($method, self::$origin->api(), $fields, $type);
            $this->fail("not refused: $method " . array_key_first($fields));
        } catch (Exception $e) {
            $this->assertSame($status, $e->getCode(), $e->getMessage());
        }
    }
}
