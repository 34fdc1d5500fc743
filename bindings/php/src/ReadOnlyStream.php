<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * The methods that are the same in every stream that reads from another one, `$body`, and cannot be written.
 *
 * Results have types and parameters have none, so that the class implements both versions of the interface.
 *
 * @internal
 */
trait ReadOnlyStream
{
    public function getContents(): string
    {
        $contents = '';
        while (($bytes = $this->read(1 << 20)) !== '') {
            $contents .= $bytes;
        }
        return $contents;
    }

    public function isReadable(): bool
    {
        return true;
    }

    public function isSeekable(): bool
    {
        return $this->body->isSeekable();
    }

    public function isWritable(): bool
    {
        return false;
    }

    public function write($string): int
    {
        throw new \RuntimeException('this stream can only be read');
    }

    public function close(): void
    {
        $this->body->close();
    }

    /** Closes the stream and returns no resource: reading the one below would skip the credentials and the checks. */
    public function detach()
    {
        $this->close();
        return null;
    }

    public function getMetadata($key = null)
    {
        return $key === null ? [] : null;
    }
}
