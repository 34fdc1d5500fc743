<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * The text that signs a request, with the credentials in it, and where in the URL or body it goes.
 *
 * @internal
 */
final class Insertion
{
    public function __construct(
        /** Whether the text goes into the body; if not, it goes into the URL. */
        public readonly bool $inBody,
        /** In bytes from the start of the URL or body. */
        public readonly int $offset,
        #[\SensitiveParameter] public readonly string $text,
    ) {
    }

    /** Returns the URL or body with the text inserted. */
    public function applyTo(#[\SensitiveParameter] string $whole): string
    {
        return substr_replace($whole, $this->text, $this->offset, 0);
    }

    /** Shows nothing, because PHP's stack traces dump what a closure holds. */
    public function __debugInfo(): array
    {
        return [];
    }
}
