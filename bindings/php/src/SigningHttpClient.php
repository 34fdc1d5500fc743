<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Log\LoggerAwareInterface;
use Psr\Log\LoggerInterface;
use Symfony\Component\HttpClient\HttpClientTrait;
use Symfony\Component\HttpClient\Response\AsyncContext;
use Symfony\Component\HttpClient\Response\AsyncResponse;
use Symfony\Component\HttpClient\Response\ResponseStream;
use Symfony\Contracts\HttpClient\ChunkInterface;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Symfony\Contracts\HttpClient\ResponseInterface;
use Symfony\Contracts\HttpClient\ResponseStreamInterface;
use Symfony\Contracts\Service\ResetInterface;

/**
 * A client of Symfony's contracts that signs each request, redirects too, with a fresh salt and sends it by another
 * client.
 *
 *     $client = new SigningHttpClient(HttpClient::create(), $signer, 'https://help.example.com/api/index.php');
 *
 * Relative URLs start from the helpdesk's URL, unless the option base_uri names another. Only the helpdesk's origin
 * (scheme, host and port) gets credentials. A redirect to another origin is followed without them; any other request to
 * another origin is refused. Put a client that retries around this one, so that each attempt is signed.
 */
final class SigningHttpClient implements HttpClientInterface, LoggerAwareInterface, ResetInterface
{
    use HttpClientTrait;

    private readonly Helpdesk $origin;
    private array $defaultOptions = [];

    /**
     * @param string $helpdesk any URL of the helpdesk
     * @throws Exception if the URL is not absolute
     */
    public function __construct(
        private readonly HttpClientInterface $client,
        private readonly Signer $signer,
        private readonly string $helpdesk,
    ) {
        $this->origin = new Helpdesk($helpdesk);
    }

    /** @throws Exception if the request cannot be signed */
    public function request(string $method, string $url, array $options = []): ResponseInterface
    {
        $request = $this->prepared($method, $url, $options);
        $this->origin->require($request->url);
        $redaction = new Redaction();
        $first = $request->signed($this->signer, $redaction);
        try {
            $response = new AsyncResponse(
                $this->client,
                $first->method,
                $first->url,
                $first->options($redaction),
                $this->follow($request, $redaction)
            );
        } catch (\Throwable $e) {
            throw $redaction->error($e);
        }
        return new SignedResponse($this, $response, $redaction);
    }

    /** @param ResponseInterface|iterable<ResponseInterface> $responses */
    public function stream($responses, ?float $timeout = null): ResponseStreamInterface
    {
        $responses = is_iterable($responses) ? $responses : [$responses];
        return new ResponseStream(SignedResponse::stream($responses, $timeout));
    }

    public function withOptions(array $options): static
    {
        $clone = clone $this;
        $clone->defaultOptions = self::mergeDefaultOptions($options, $this->defaultOptions, true);
        return $clone;
    }

    /** Gives the other client a logger that removes credentials. */
    public function setLogger(LoggerInterface $logger): void
    {
        if ($this->client instanceof LoggerAwareInterface) {
            $this->client->setLogger(new RedactingLogger($logger));
        }
    }

    public function reset(): void
    {
        if ($this->client instanceof ResetInterface) {
            $this->client->reset();
        }
    }

    /** Returns the request with its full URL, and its body as it is sent. */
    private function prepared(string $method, string $url, array $options): SymfonyRequest
    {
        $options = self::mergeDefaultOptions($options, $this->defaultOptions, true);
        $options = array_filter($options, static fn ($value) => $value !== null);
        $defaults = ['base_uri' => $this->helpdesk, 'query' => $this->defaultOptions['query'] ?? []];
        [$parts, $prepared] = self::prepareRequest($method, $url, $options, $defaults + self::OPTIONS_DEFAULTS, true);
        $given = self::mergeDefaultOptions($options, [], true)['normalized_headers'];
        // Not the headers that prepareRequest() adds: the other client may have its own defaults.
        $headers = array_intersect_key($prepared['normalized_headers'], $given + ['content-type' => 0]);
        $url = implode('', ['fragment' => ''] + $parts);
        return new SymfonyRequest($method, $url, array_merge(...array_values($headers)), $prepared['body'], $options);
    }

    /** Returns a closure that follows redirects instead of the other client, and signs each request to the helpdesk. */
    private function follow(SymfonyRequest $request, Redaction $redaction): ?\Closure
    {
        $count = 0;
        if ($request->maxRedirects() <= 0) {
            return null;
        }
        return function (ChunkInterface $chunk, AsyncContext $context) use (&$request, &$count, $redaction) {
            if ($chunk->getError() !== null || $chunk->isTimeout() || !$chunk->isFirst()) {
                yield $chunk;
                return;
            }
            $status = $context->getStatusCode();
            $location = $context->getHeaders()['location'][0] ?? null;
            if (intdiv($status, 100) !== 3 || $location === null) {
                $context->passthru();
                yield $chunk;
                return;
            }
            $url = self::resolveUrl(self::parseUrl($redaction->location($location)), self::parseUrl($request->url));
            $request = $request->redirected($status, implode('', ['fragment' => ''] + $url));
            $next = $this->origin->has($request->url) ? $request->signed($this->signer, $redaction) : $request;
            $context->setInfo('redirect_count', ++$count);
            $context->replaceRequest($next->method, $next->url, $next->options($redaction));
            if ($count >= $request->maxRedirects()) {
                $context->passthru();
            }
        };
    }
}
