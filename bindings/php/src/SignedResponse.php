<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Symfony\Component\HttpClient\Chunk\ErrorChunk;
use Symfony\Component\HttpClient\Exception\ClientException;
use Symfony\Component\HttpClient\Exception\RedirectionException;
use Symfony\Component\HttpClient\Exception\ServerException;
use Symfony\Component\HttpClient\Response\AsyncResponse;
use Symfony\Component\HttpClient\Response\StreamableInterface;
use Symfony\Component\HttpClient\Response\StreamWrapper;
use Symfony\Contracts\HttpClient\ChunkInterface;
use Symfony\Contracts\HttpClient\Exception\HttpExceptionInterface;
use Symfony\Contracts\HttpClient\ResponseInterface;

/**
 * The response to a request of SigningHttpClient. It shows the request without credentials.
 *
 * @internal
 */
final class SignedResponse implements ResponseInterface, StreamableInterface
{
    public function __construct(
        private readonly SigningHttpClient $client,
        private readonly AsyncResponse $response,
        private readonly Redaction $redaction,
    ) {
    }

    /** Waits for the answer, if nobody has: an error status must not go unnoticed. */
    public function __destruct()
    {
        try {
            $this->response->__destruct();
        } catch (HttpExceptionInterface) {
            $this->requireSuccess();
        } catch (\Throwable $e) {
            throw $this->redaction->error($e);
        }
    }

    public function getStatusCode(): int
    {
        return $this->clean(fn () => $this->response->getStatusCode());
    }

    public function getHeaders(bool $throw = true): array
    {
        $headers = $this->clean(fn () => $this->response->getHeaders(false));
        if ($throw) {
            $this->requireSuccess();
        }
        return $this->redaction->value($headers);
    }

    public function getContent(bool $throw = true): string
    {
        $content = $this->clean(fn () => $this->response->getContent(false));
        if ($throw) {
            $this->requireSuccess();
        }
        return $content;
    }

    public function toArray(bool $throw = true): array
    {
        if ($throw) {
            $this->requireSuccess();
        }
        return $this->clean(fn () => $this->response->toArray(false));
    }

    public function cancel(): void
    {
        $this->response->cancel();
    }

    public function getInfo(?string $type = null): mixed
    {
        $info = $this->response->getInfo($type);
        return $type === null ? $this->redaction->info($info) : $this->redaction->info([$type => $info])[$type];
    }

    /** @return resource */
    public function toStream(bool $throw = true)
    {
        if ($throw) {
            $this->getHeaders(true);
        }
        return StreamWrapper::createResource($this, $this->client);
    }

    /**
     * @param iterable<self> $responses
     * @return \Generator<self, ChunkInterface>
     */
    public static function stream(iterable $responses, ?float $timeout): \Generator
    {
        $own = new \SplObjectStorage();
        $others = [];
        foreach ($responses as $response) {
            if (!$response instanceof self) {
                throw new \TypeError('responses: must be those of a SigningHttpClient');
            }
            $own[$response->response] = $response;
            $others[] = $response->response;
        }
        foreach (AsyncResponse::stream($others, $timeout) as $other => $chunk) {
            yield $own[$other] => $own[$other]->cleanChunk($chunk);
        }
    }

    /** Shows nothing, because the response inside holds the signed request. */
    public function __debugInfo(): array
    {
        return [];
    }

    /** @return never */
    public function __serialize(): array
    {
        throw new Exception('a response cannot be serialized: that would write credentials out');
    }

    /** Returns the chunk without credentials. A timeout stays a timeout, after which the caller may wait again. */
    private function cleanChunk(ChunkInterface $chunk): ChunkInterface
    {
        if ($chunk->getError() === null) {
            return $chunk;
        }
        try {
            $chunk->isTimeout();
            $error = $this->redaction->text($chunk->getError());
        } catch (\Throwable $e) {
            $error = $this->redaction->error($e);
        }
        return new ErrorChunk($chunk->getOffset(), $error);
    }

    private function clean(\Closure $call): mixed
    {
        try {
            return $call();
        } catch (\Throwable $e) {
            throw $this->redaction->error($e);
        }
    }

    private function requireSuccess(): void
    {
        $kind = intdiv($this->getStatusCode(), 100);
        if ($kind >= 3) {
            throw match ($kind) {
                3 => new RedirectionException($this),
                4 => new ClientException($this),
                default => new ServerException($this),
            };
        }
    }
}
