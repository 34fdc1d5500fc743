<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Message\StreamInterface;

/**
 * A stream that reads a body with credentials inserted. The body itself is not copied.
 *
 * @internal
 */
final class SignedBody implements StreamInterface
{
    use ReadOnlyStream;

    private int $position = 0;

    public function __construct(private readonly StreamInterface $body, private readonly Insertion $insertion)
    {
    }

    /** Returns whether the body is checked as it is read. */
    public function isChecked(): bool
    {
        return $this->body instanceof CheckedBody;
    }

    /** Returns the error with which read() refused the body; null if it did not, or the body was checked before. */
    public function refusal(): ?Exception
    {
        return $this->body instanceof CheckedBody ? $this->body->refusal() : null;
    }

    public function read($length): string
    {
        $text = $this->insertion->text;
        $inText = $this->position - $this->insertion->offset;
        if ($inText < 0) {
            $bytes = $this->readBody($this->position, min($length, -$inText));
        } elseif ($inText < strlen($text)) {
            $bytes = substr($text, $inText, $length);
        } else {
            $bytes = $this->readBody($this->position - strlen($text), $length);
        }
        $this->position += strlen($bytes);
        return $bytes;
    }

    /** Seeks only if others have read the body meanwhile, because some streams start again at each seek. */
    private function readBody(int $position, int $length): string
    {
        if ($this->body->tell() !== $position) {
            $this->body->seek($position);
        }
        return $this->body->read($length);
    }

    public function __toString(): string
    {
        if ($this->isSeekable()) {
            $this->rewind();
        }
        return $this->getContents();
    }

    public function getSize(): ?int
    {
        $size = $this->body->getSize();
        return $size === null ? null : $size + strlen($this->insertion->text);
    }

    public function tell(): int
    {
        return $this->position;
    }

    public function eof(): bool
    {
        $size = $this->getSize();
        return $size === null ? $this->body->eof() : $this->position >= $size;
    }

    public function seek($offset, $whence = SEEK_SET): void
    {
        $position = $offset + match ($whence) {
            SEEK_SET => 0,
            SEEK_CUR => $this->position,
            SEEK_END => $this->getSize() ?? throw new \RuntimeException('a stream of unknown size has no known end'),
        };
        if (!$this->isSeekable() && $position !== $this->position) {
            throw new \RuntimeException('this stream cannot be rewound');
        }
        if ($position < 0) {
            throw new \RuntimeException('a stream cannot be read before its start');
        }
        $this->position = $position;
    }

    public function rewind(): void
    {
        $this->seek(0);
    }

    /** Shows nothing, because PHP's stack traces dump what an argument holds. */
    public function __debugInfo(): array
    {
        return [];
    }
}
