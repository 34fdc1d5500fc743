<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * What makes a request a signed one: a text with credentials, and where it goes.
 *
 * @internal
 */
final class Insertion
{
    public function __construct(
        /** Whether it goes into the body, and not into the URL. */
        public readonly bool $inBody,
        public readonly int $offset,
        #[\SensitiveParameter] public readonly string $text,
    ) {
    }

    /** Returns the URL or body with the text in its place. */
    public function into(#[\SensitiveParameter] string $whole): string
    {
        return substr_replace($whole, $this->text, $this->offset, 0);
    }

    /** Shows nothing: a trace of PHP dumps whatever a closure holds. */
    public function __debugInfo(): array
    {
        return [];
    }
}
