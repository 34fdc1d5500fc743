<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Message\StreamInterface;

/**
 * A body that is checked as it is read, from its start to its end. A piece that must not be signed is not returned, so
 * nobody gets the whole body.
 *
 * @internal
 */
final class CheckedBody implements StreamInterface
{
    use ReadOnlyStream;

    private int $position = 0;
    private bool $hasEnded = false;
    private ?Exception $refusal = null;

    /** @param \Closure(): Upload $restart */
    public function __construct(
        private readonly StreamInterface $body,
        private Upload $upload,
        private readonly \Closure $restart,
    ) {
        if (!$body->isReadable()) {
            throw new Exception('body: must be a stream that can be read');
        }
        if (!$body->isSeekable() && ($body->eof() || self::position($body) > 0)) {
            throw new Exception('body: was read already and cannot be rewound, so it cannot be sent again');
        }
    }

    public function read($length): string
    {
        if ($this->body->isSeekable() && $this->body->tell() !== $this->position) {
            $this->body->seek($this->position);
        }
        $piece = $this->body->read($length);
        $this->position += strlen($piece);
        try {
            $this->check($piece);
        } catch (Exception $e) {
            throw $this->refusal = $e;
        }
        return $piece;
    }

    /** Returns the error with which read() refused the body; null if it did not. */
    public function refusal(): ?Exception
    {
        return $this->refusal;
    }

    private function check(#[\SensitiveParameter] string $piece): void
    {
        if ($piece !== '') {
            $this->upload->check($piece);
        }
        if (!$this->hasEnded && ($this->position === $this->getSize() || $this->body->eof())) {
            $this->upload->end();
            $this->hasEnded = true;
        }
    }

    public function seek($offset, $whence = SEEK_SET): void
    {
        if ($whence !== SEEK_SET || !in_array($offset, [0, $this->position], true) || !$this->isSeekable()) {
            throw new \RuntimeException('a body that is checked as it is sent is read from its start to its end');
        }
        if ($offset === 0 && $this->position > 0) {
            $this->body->rewind();
            $this->upload = ($this->restart)();
            [$this->position, $this->hasEnded] = [0, false];
        }
    }

    public function rewind(): void
    {
        $this->seek(0);
    }

    public function tell(): int
    {
        return $this->position;
    }

    public function eof(): bool
    {
        return $this->hasEnded;
    }

    public function getSize(): ?int
    {
        return $this->body->isSeekable() ? $this->body->getSize() : null;
    }

    public function __toString(): string
    {
        $this->rewind();
        return $this->getContents();
    }

    /** Returns the position of a stream in bytes; 0 if the stream does not know it. */
    private static function position(StreamInterface $body): int
    {
        try {
            return $body->tell();
        } catch (\RuntimeException) {
            return 0;
        }
    }
}
