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
        /** Whether it goes into the body, and not into the address. */
        public readonly bool $inBody,
        public readonly int $offset,
        #[\SensitiveParameter] public readonly string $text,
    ) {
    }

    /** The address or body with the text in its place. */
    public function into(string $whole): string
    {
        return substr_replace($whole, $this->text, $this->offset, 0);
    }

    /** A text that may quote the signed request, with the credentials taken out. */
    public function outOf(string $text): string
    {
        return str_replace(trim($this->text, '?&'), '', $text);
    }

    /** Whether a text shows the credentials: URL-encoding, however often, leaves a salt as it is. */
    public function isIn(string $text): bool
    {
        preg_match('/salt[^0-9a-f]+([0-9a-f]{32})/', $this->text, $match);
        return str_contains($text, $match[1]);
    }
}
