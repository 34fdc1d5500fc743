<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * What is the same for every stream that hands out the bytes of another one, `$body`, and cannot be written.
 *
 * Parameters have no types, and results have, so that both versions of the interface are met.
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
        throw new \RuntimeException('a body that is sent can only be read');
    }

    public function close(): void
    {
        $this->body->close();
    }

    /** Gives no resource: the one beneath has no credentials, and what is read from it is not looked at. */
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
