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
 * Signs every request that a Guzzle client sends, redirects and retries too, each with a fresh salt.
 *
 *     $client = new Client(['handler' => GuzzleMiddleware::stack($signer, 'https://help.example.com')]);
 *
 * Only the helpdesk's origin (scheme, host and port) gets credentials. A redirect to another origin is followed without
 * them; any other request to another origin is refused.
 */
final class GuzzleMiddleware
{
    /** Curl's CURL_READFUNC_ABORT: a read function returns it to abort the request. PHP has no constant for it. */
    private const ABORT = 0x10000000;

    private readonly RequestSigner $signer;
    private readonly Helpdesk $helpdesk;

    /**
     * Makes a middleware for a stack of your own: push it last. Middleware that is pushed after it sends the signed
     * request, so a retry there repeats the salt. Redirects that such middleware would follow are refused.
     *
     * @param string $helpdesk any URL of the helpdesk
     * @throws Exception if the URL is not absolute
     */
    public function __construct(Signer $signer, string $helpdesk)
    {
        $this->signer = new RequestSigner($signer);
        $this->helpdesk = new Helpdesk($helpdesk);
    }

    /**
     * Returns Guzzle's default stack, whose handler itself signs, so that later middleware is above the signing.
     *
     * @param string $helpdesk any URL of the helpdesk
     * @param ?callable $handler the handler that sends requests; null for the one that Guzzle chooses
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
                    // Guzzle drops the body but keeps its Content-Type, so the server would look for a body.
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
        $options = self::withAbort(self::withCleanStats($options, $request, $redaction), $body);
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

    /** Returns options with which curl aborts a request whose body is refused. Curl ignores exceptions. */
    private static function withAbort(array $options, StreamInterface $body): array
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

    /** Returns options that keep everything below from following redirects, which would take the credentials along. */
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

    /** Returns options whose on_stats gets the caller's request, not the signed one: Laravel reads its URL. */
    private static function withCleanStats(array $options, RequestInterface $request, Redaction $redaction): array
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
