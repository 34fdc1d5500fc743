<?php

declare(strict_types=1);

namespace Kayako\Sign;

use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Exception\RequestException;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Promise\Create;
use GuzzleHttp\Promise\PromiseInterface;
use GuzzleHttp\Psr7\Uri;
use GuzzleHttp\Utils;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\UriInterface;

/**
 * Signs whatever a Guzzle client sends, each time with a fresh salt, redirects and retries too.
 *
 *     $client = new Client(['handler' => GuzzleMiddleware::stack($signer, 'https://help.example.com')]);
 *
 * Credentials go to one origin alone, that is scheme, host and port: the helpdesk's, or else that of the first request.
 * A redirect to another one is followed without them; any other request to it is refused.
 */
final class GuzzleMiddleware
{
    private readonly RequestSigner $signer;
    private ?string $origin;

    /**
     * For a stack of your own: push it last. What is pushed behind it sends what was signed before: a retry the same
     * salt. Behind it redirects are refused.
     *
     * @param ?string $helpdesk any address of the helpdesk
     * @throws Exception if that is not absolute
     */
    public function __construct(Signer $signer, ?string $helpdesk = null)
    {
        $this->signer = new RequestSigner($signer);
        $this->origin = $helpdesk === null ? null : self::originOfHelpdesk($helpdesk);
    }

    /**
     * Guzzle's default stack, with signing around the handler itself: whatever is pushed later stands outside of it.
     *
     * @param ?string $helpdesk any address of the helpdesk
     * @param ?callable $handler what sends requests, if not Guzzle's own choice
     * @throws Exception if the address is not absolute
     */
    public static function stack(Signer $signer, ?string $helpdesk = null, ?callable $handler = null): HandlerStack
    {
        return HandlerStack::create((new self($signer, $helpdesk))($handler ?? Utils::chooseHandler()));
    }

    public function __invoke(callable $handler): callable
    {
        return function (RequestInterface $request, array $options) use ($handler): PromiseInterface {
            $isRedirected = isset($options['__redirect_count']);
            if ($this->isElsewhere($request->getUri(), $isRedirected)) {
                return $handler($request, $options);
            }
            if ($isRedirected && $request->getBody()->getSize() === 0) {
                // Guzzle takes a body away and leaves its type, by which the server would look for the body.
                $request = $request->withoutHeader('Content-Type');
            }
            $insertion = $this->signer->insertion($request);
            $this->origin ??= self::origin($request->getUri());
            $promise = $handler($this->signer->insert($request, $insertion), self::withoutRedirects($options));
            return $promise->then(
                static fn (ResponseInterface $response) => empty($options['allow_redirects'])
                    ? $response
                    : self::withoutEcho($response, $insertion),
                static fn (mixed $reason) => Create::rejectionFor(self::withoutQuote($reason, $request, $insertion)),
            );
        };
    }

    /** Whether a redirect leads to another origin. No other request may go there. */
    private function isElsewhere(UriInterface $uri, bool $isRedirected): bool
    {
        $origin = self::origin($uri);
        if ($this->origin === $origin || ($this->origin === null && !$isRedirected)) {
            return false;
        }
        if (!$isRedirected) {
            throw new Exception("URI: must be of $this->origin, which alone gets these credentials, not of $origin");
        }
        return true;
    }

    /** Options with which nothing behind this middleware follows a redirect: it would take the credentials along. */
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

    /** A redirect to an address that repeats the request's own is as if that had not been signed. */
    private static function withoutEcho(ResponseInterface $response, Insertion $insertion): ResponseInterface
    {
        $location = $response->getHeaderLine('Location');
        if (intdiv($response->getStatusCode(), 100) !== 3 || !$insertion->isIn($location)) {
            return $response;
        }
        $location = $insertion->outOf($location);
        if ($insertion->isIn($location)) {
            throw new Exception('redirect: not followed, because its address shows the credentials of this request');
        }
        return $response->withHeader('Location', $location);
    }

    /** An error of the handler quotes the address. It may be logged, and a signature is good for ever. */
    private static function withoutQuote(mixed $e, RequestInterface $request, Insertion $insertion): mixed
    {
        if (!$e instanceof ConnectException && !$e instanceof RequestException) {
            return $e;
        }
        $message = $insertion->outOf($e->getMessage());
        $previous = $e->getPrevious();
        $previous = $insertion->isIn((string) $previous) ? null : $previous;
        $context = $e->getHandlerContext();
        array_walk_recursive($context, static function (mixed &$value) use ($insertion): void {
            $value = is_string($value) ? $insertion->outOf($value) : $value;
        });
        return $e instanceof ConnectException
            ? new ($e::class)($message, $request, $previous, $context)
            : new ($e::class)($message, $request, $e->getResponse(), $previous, $context);
    }

    private static function originOfHelpdesk(string $address): string
    {
        try {
            $uri = new Uri($address);
        } catch (\InvalidArgumentException) {
            $uri = new Uri();
        }
        if (!in_array($uri->getScheme(), ['http', 'https'], true) || $uri->getHost() === '') {
            throw new Exception('helpdesk: must be an absolute address, such as https://help.example.com');
        }
        return self::origin($uri);
    }

    private static function origin(UriInterface $uri): string
    {
        $scheme = strtolower($uri->getScheme());
        $port = $uri->getPort() ?? ['http' => 80, 'https' => 443][$scheme] ?? 0;
        return strtolower("$scheme://{$uri->getHost()}:$port");
    }
}
