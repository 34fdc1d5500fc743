<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * A body of Symfony's client that is signed as it is sent: first the credentials, then its pieces, each one checked.
 *
 * If a piece is refused, the server must not get a whole body. A body of known size may throw, because it is then too
 * short. If the size is unknown, curl takes an exception for the end and sends what it has as the whole. So curl gets
 * spaces until on_progress, whose exceptions Symfony obeys, aborts the request.
 *
 * @internal
 */
final class SymfonyUpload
{
    /** read() throws after so many: a client that reads the whole body before it sends any never calls on_progress. */
    private const MAX_SPACES = 1000;

    private int $position = -1;
    private int $spaces = 0;
    private ?Exception $refusal = null;

    /**
     * @param resource|\Closure(int): string $body
     * @param ?int $size of the body in bytes; null if it is not known
     */
    public function __construct(
        private readonly Upload $upload,
        private readonly mixed $body,
        private readonly ?int $size,
    ) {
    }

    /** Returns the next piece; an empty string at the end. */
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
            return $this->size === null && $this->spaces++ < self::MAX_SPACES ? ' ' : throw $e;
        }
    }

    /** Throws the Exception with which the body was refused, if it was. */
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
            // Before the last piece is returned, so that nobody gets the whole of a refused body.
            $this->upload->end();
        }
        return $piece;
    }
}
