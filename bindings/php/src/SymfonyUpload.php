<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * A body of Symfony's client that is signed as it is sent: credentials, then its pieces, each looked at.
 *
 * A body of known size that is refused ends there, and the server waits for the rest in vain. One of no known size must
 * neither end, for curl would send what it has as the whole, nor throw, which is an end to curl: curl gets more bytes
 * until on_progress, to whose exceptions it listens, breaks the request off.
 *
 * @internal
 */
final class SymfonyUpload
{
    /** A client that holds a body before it sends it asks on and on. It gets the exception then. */
    private const MORE = 1000;

    private int $position = -1;
    private int $more = 0;
    private ?Exception $refusal = null;

    /**
     * @param resource|\Closure(int): string $body
     * @param ?int $size of the body, where it is known
     */
    public function __construct(
        private readonly Upload $upload,
        private readonly mixed $body,
        private readonly ?int $size,
    ) {
    }

    /** Returns the next piece, and an empty string at the end. */
    public function read(int $length): string
    {
        if ($this->position < 0) {
            $this->position = 0;
            return $this->upload->text;
        }
        try {
            $this->requireAccepted();
            $body = $this->body;
            return $this->checked($body instanceof \Closure ? $body($length) : fread($body, $length));
        } catch (Exception $e) {
            $this->refusal = $e;
            return $this->size === null && $this->more++ < self::MORE ? ' ' : throw $e;
        }
    }

    /** Throws if the body was refused. */
    public function requireAccepted(): void
    {
        if ($this->refusal !== null) {
            throw $this->refusal;
        }
    }

    private function checked(#[\SensitiveParameter] string|false $piece): string
    {
        $piece = (string) $piece;
        $this->position += strlen($piece);
        $this->upload->check($piece);
        if ($piece === '' || $this->position === $this->size) {
            // Before the last piece is handed out, so that nobody gets the whole of what is refused.
            $this->upload->end();
        }
        return $piece;
    }
}
