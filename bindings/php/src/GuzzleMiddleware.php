<?php

declare(strict_types=1);

namespace Kayako\Sign;

use GuzzleHttp\HandlerStack;
use GuzzleHttp\Promise\Create;
use GuzzleHttp\Promise\PromiseInterface;
use GuzzleHttp\TransferStats;
use GuzzleHttp\Utils;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamInterface;

/**
 * Signs whatever a Guzzle client sends, each time with a fresh salt, redirects and retries too.
 *
 *     $client = new Client(['handler' => GuzzleMiddleware::stack($signer, 'https://help.example.com')]);
 *
 * Credentials go to the helpdesk's origin alone, that is scheme, host and port. A redirect to another one is followed
 * without them; any other request to it is refused.
 */
final class GuzzleMiddleware
{
    /** What a function that curl reads a body from returns to break the request off. PHP has no name for it. */
    private const ABORT = 0x10000000;

    private readonly RequestSigner $signer;
    private readonly Helpdesk $helpdesk;

    /**
     * For a stack of your own: push it last. What is pushed after it sends what was signed before: a retry the same
     * salt. If redirects are followed below it, they are refused.
     *
     * @param string $helpdesk any URL of the helpdesk
     * @throws Exception if that is not absolute
     */
    public function __construct(Signer $signer, string $helpdesk)
    {
        $this->signer = new RequestSigner($signer);
        $this->helpdesk = new Helpdesk($helpdesk);
    }

    /**
     * Returns Guzzle's default stack, with signing around the handler itself: whatever is pushed later is above it.
     *
     * @param string $helpdesk any URL of the helpdesk
     * @param ?callable $handler what sends requests, if not Guzzle's own choice
     * @throws Exception if the URL is not absolute
     */
    public static function stack(Signer $signer, string $helpdesk, ?callable $handler = null): HandlerStack
    {
        return HandlerStack::create((new self($signer, $helpdesk))($handler ?? Utils::chooseHandler()));
    }

    public function __invoke(callable $handler): callable
    {
        return function (RequestInterface $request, array $options) use ($handler): PromiseInterface {
            $url = (string) $request->getUri();
            if (isset($options['__redirect_count'])) {
                if (!$this->helpdesk->has($url)) {
                    return $handler($request, $options);
                }
                if ($request->getBody()->getSize() === 0) {
                    // Guzzle takes a body away and leaves its type, by which the server would look for the body.
                    $request = $request->withoutHeader('Content-Type');
                }
            }
            $this->helpdesk->require($url);
            return $this->send($handler, $request, $options);
        };
    }

    private function send(callable $handler, RequestInterface $request, array $options): PromiseInterface
    {
        $options = self::withoutRedirects($options);
        [$signed, $insertion] = $this->signer->signed($request, true);
        $redaction = new Redaction($insertion);
        $body = $signed->getBody();
        $options = self::withBreakingOff(self::withoutStats($options, $request, $redaction), $body);
        try {
            $promise = $handler($signed, $options);
        } catch (\Throwable $e) {
            throw $redaction->error($e, $request);
        }
        $clean = static fn (#[\SensitiveParameter] mixed $reason) => match (true) {
            $body instanceof SignedBody && $body->refusal() !== null => $body->refusal(),
            $reason instanceof \Throwable => $redaction->error($reason, $request),
            default => $reason,
        };
        return $promise->then(
            static fn (ResponseInterface $response) => $redaction->response($response),
            static fn (#[\SensitiveParameter] mixed $reason) => Create::rejectionFor($clean($reason)),
        );
    }

    /** Options with which curl breaks off a request whose body is refused. To an exception it would not listen. */
    private static function withBreakingOff(array $options, StreamInterface $body): array
    {
        if ($body instanceof SignedBody && $body->isChecked() && defined('CURLOPT_READFUNCTION')) {
            $options['curl'][CURLOPT_READFUNCTION] = static function ($curl, $file, int $length) use ($body) {
                try {
                    return $body->read($length);
                } catch (Exception) {
                    return self::ABORT;
                }
            };
        }
        return $options;
    }

    /** Options with which nothing below this middleware follows a redirect: it would take the credentials along. */
    private static function withoutRedirects(array $options): array
    {
        $byCurl = defined('CURLOPT_FOLLOWLOCATION') && !empty($options['curl'][CURLOPT_FOLLOWLOCATION]);
        if ($byCurl || !empty($options['stream_context']['http']['follow_location'])) {
            throw new Exception('options: must leave redirects to Guzzle, because others take the credentials along');
        }
        if (!empty($options['allow_redirects'])) {
            $options['allow_redirects'] = ['on_redirect' => static fn () => throw new Exception(
                'redirect: not followed, because GuzzleMiddleware must be pushed last onto the stack'
            )];
        }
        return $options;
    }

    /** Options with which on_stats is told of the caller's request: Laravel asks it for the URL. */
    private static function withoutStats(array $options, RequestInterface $request, Redaction $redaction): array
    {
        $onStats = $options['on_stats'] ?? null;
        if ($onStats !== null) {
            $options['on_stats'] = static function (TransferStats $stats) use ($onStats, $request, $redaction): void {
                $error = $stats->getHandlerErrorData();
                $onStats(new TransferStats(
                    $request,
                    $stats->getResponse(),
                    $stats->getTransferTime(),
                    $error instanceof \Throwable ? $redaction->error($error, $request) : $redaction->value($error),
                    $redaction->value($stats->getHandlerStats())
                ));
            };
        }
        return $options;
    }
}
