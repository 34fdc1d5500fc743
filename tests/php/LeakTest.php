<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

/**
 * Tests that nothing that a plug-in returns to its caller shows credentials when it is dumped, even if traces show the
 * arguments of all calls. Each case runs in its own process, because traces in the test's process contain the test.
 */
final class LeakTest extends TestCase
{
    private const HEAD = <<<'CODE'
        use GuzzleHttp\{Client, HandlerStack, TransferStats};
        use GuzzleHttp\Exception\{ConnectException, RequestException};
        use GuzzleHttp\Handler\{CurlHandler, CurlMultiHandler, StreamHandler};
        use GuzzleHttp\Psr7\Request;
        use Kayako\Sign\{GuzzleMiddleware, SigningClient, SigningHttpClient};
        use Symfony\Component\HttpClient\{CurlHttpClient, NativeHttpClient, TraceableHttpClient};
        require 'GuzzleHttp/autoload.php';
        require 'Psr/Http/Client/autoload.php';
        require 'Symfony/Component/HttpClient/autoload.php';
        $signer = new Signer('the-api-key', 'secretkey');
        function dump(mixed ...$values): void
        {
            foreach ($values as $value) {
                print_r($value);
                var_dump($value);
                if ($value instanceof Throwable) {
                    echo $value;
                    print_r($value->getTrace());
                }
                try {
                    echo serialize($value);
                } catch (Throwable) {
                    echo 'cannot be serialized';
                }
            }
        }
        function failure(callable $call): Throwable
        {
            try {
                $call();
            } catch (Throwable $e) {
                return $e;
            }
            exit('nothing was thrown');
        }
        CODE;

    /** @dataProvider cases */
    public function testNoOutputShowsCredentials(array $answer, string $code, string $expected): void
    {
        $origin = new Origin();
        $origin->answer($answer);
        $settings = ['zend.exception_ignore_args=0', 'zend.exception_string_param_max_len=9999', 'memory_limit=1G'];
        $options = array_merge(...array_map(fn ($setting) => ['-d', $setting], $settings));
        $url = '$url = ' . var_export($origin->api(), true) . ';';
        $shown = Process::php(self::HEAD . $url . $code, $options)->output;
        $this->assertTrue(str_contains($shown, $expected), "it does not show $expected: " . substr($shown, 0, 500));
        $salts = array_filter($origin->salts());
        $this->assertNotSame([], $salts);
        $hidden = implode('|', [...$salts, 'signature(=|%3D)(?!…)', 'apikey(=|%3D)the-api-key']);
        preg_match("/$hidden/", $shown, $found, PREG_OFFSET_CAPTURE);
        // Shows the text before the credentials, and not the credentials.
        $at = $found[0][1] ?? 0;
        $this->assertTrue($found === [], 'it shows credentials: ' . substr($shown, max(0, $at - 300), min($at, 300)));
    }

    /** @return iterable<string, array{array<string, mixed>, string, string}> */
    public function cases(): iterable
    {
        $refused = ['status' => 401, 'body' => 'FAILED TO AUTHENTICATE'];
        $form = "['form_params' => ['a' => '1']]";
        foreach (['CurlHandler', 'CurlMultiHandler', 'StreamHandler'] as $handler) {
            $client = "\$client = new Client(['handler' => GuzzleMiddleware::stack(\$signer, \$url, new $handler())]);";
            yield "Guzzle's $handler, 401" => [
                $refused,
                "$client dump(failure(fn () => \$client->get(\$url)), failure(fn () => \$client->post(\$url, $form)));",
                'GuzzleHttp\Exception\ClientException',
            ];
            yield "Guzzle's $handler, reset" => [
                ['reset' => true],
                "$client \$e = failure(fn () => \$client->get(\$url));
                dump(\$e, \$e->getHandlerContext(), \$e->getRequest());
                dump(failure(fn () => \$client->post(\$url, $form)));",
                '/Base/User/1',
            ];
            yield "Guzzle's $handler, endless redirects" => [
                ['status' => 302, 'location' => '{target}'],
                "$client dump(failure(fn () => \$client->get(\$url)));",
                'TooManyRedirectsException',
            ];
            yield "Guzzle's $handler, a Location that hides the URL" => [
                ['status' => 302, 'location' => '/?back={encoded}'],
                "$client dump(failure(fn () => \$client->get(\$url)));",
                'Kayako\Sign\Exception',
            ];
            yield "Guzzle's $handler, statistics" => [
                [],
                "$client \$client->get(\$url, ['on_stats' => function (TransferStats \$stats) {
                    dump(\$stats, \$stats->getEffectiveUri(), \$stats->getHandlerStats(), \$stats->getRequest());
                }]);",
                'TransferStats',
            ];
            yield "Guzzle's $handler, a promise" => [
                ['reset' => true],
                "$client \$promise = \$client->getAsync(\$url);
                failure(fn () => \$promise->wait());
                dump(\$promise);",
                'GuzzleHttp\Promise\\',
            ];
        }
        yield 'PSR-18, reset' => [
            ['reset' => true],
            '$client = new SigningClient(new Client(), $signer, $url);
            $e = failure(fn () => $client->sendRequest(new Request("GET", $url)));
            dump($e, $e->getRequest(), $client);',
            'GuzzleHttp\Exception\RequestException',
        ];
        yield 'PSR-18, a Location that hides the URL' => [
            ['status' => 302, 'location' => '/?back={encoded}'],
            '$client = new SigningClient(new Client(), $signer, $url);
            $e = failure(fn () => $client->sendRequest(new Request("GET", $url)));
            dump($e, $e->getRequest());',
            'Kayako\Sign\RequestException',
        ];
        foreach (['CurlHttpClient', 'NativeHttpClient'] as $name) {
            $client = "\$client = new SigningHttpClient(new $name(), \$signer, \$url);";
            yield "Symfony's $name, 401" => [
                $refused,
                "$client foreach ([['GET', []], ['POST', ['body' => ['a' => '1']]]] as [\$method, \$options]) {
                    \$response = \$client->request(\$method, \$url, \$options);
                    \$e = failure(fn () => \$response->getContent());
                    dump(\$e, \$response, \$response->getInfo(), \$e->getResponse()->getInfo());
                    dump(failure(fn () => \$response->toArray()));
                }",
                'Symfony\Component\HttpClient\Exception\ClientException',
            ];
            yield "Symfony's $name, an answer that is not read" => [
                $refused,
                "$client dump(failure(function () use (\$client, \$url) { \$client->request('GET', \$url); }));",
                'Symfony\Component\HttpClient\Exception\ClientException',
            ];
            yield "Symfony's $name, reset" => [
                ['reset' => true],
                "$client \$response = \$client->request('GET', \$url);
                dump(\$response->getInfo(), failure(fn () => \$response->getStatusCode()));
                dump(\$response->getInfo('debug'));",
                'Symfony\Component\HttpClient\Exception\TransportException',
            ];
            yield "Symfony's $name, a stream that breaks off" => [
                ['reset' => true],
                "$client foreach (\$client->stream(\$client->request('GET', \$url)) as \$response => \$chunk) {
                    dump(\$chunk->getError(), failure(fn () => \$chunk->isLast()), \$response->getInfo());
                }",
                'Symfony\Component\HttpClient\Exception\TransportException',
            ];
            yield "Symfony's $name, a Location that hides the URL" => [
                ['status' => 302, 'location' => '/?back={encoded}'],
                "$client dump(failure(fn () => \$client->request('GET', \$url)->getContent()));",
                'Kayako\Sign\Exception',
            ];
            yield "Symfony's $name, a body that is not JSON" => [
                ['body' => 'text'],
                "$client dump(failure(fn () => \$client->request('GET', \$url)->toArray()));",
                'Symfony\Component\HttpClient\Exception\JsonException',
            ];
            yield "Symfony's $name, progress, a log and endless redirects" => [
                ['status' => 302, 'location' => '{target}'],
                "$client \$client->setLogger(new class extends Psr\Log\AbstractLogger {
                    public function log(\$level, \$message, array \$context = []): void
                    {
                        dump(\$message, \$context);
                    }
                });
                \$show = fn (\$now, \$size, \$info) => dump(\$info);
                \$response = \$client->request('GET', \$url, ['on_progress' => \$show, 'max_redirects' => 3]);
                dump(failure(fn () => \$response->getHeaders()));
                dump(\$response->getHeaders(false), \$response->getInfo());",
                'Request: "GET http',
            ];
            yield "Symfony's $name, traced" => [
                $refused,
                "$client \$client = new TraceableHttpClient(\$client);
                \$response = \$client->request('GET', \$url);
                dump(failure(fn () => \$response->getContent()), \$client->getTracedRequests(), \$response);",
                'Symfony\Component\HttpClient\Exception\ClientException',
            ];
        }
    }
}
