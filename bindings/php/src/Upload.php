<?php

declare(strict_types=1);

namespace Kayako\Sign;

use FFI\CData;

use function strlen;

/**
 * A body that is signed as it is sent: the credentials that go before it, and a check of each piece.
 *
 * @internal
 */
final class Upload
{
    public function __construct(private readonly CData $handle, #[\SensitiveParameter] public readonly string $text)
    {
    }

    public function __destruct()
    {
        Library::get()->call('kayako_upload_free', $this->handle);
    }

    /** Throws an Exception if the body cannot be signed with this piece. */
    public function check(#[\SensitiveParameter] string $piece): void
    {
        $library = Library::get();
        $library->check($library->call('kayako_upload_check', $this->handle, $piece, strlen($piece)));
    }

    /** Throws an Exception if the body must not end here. */
    public function end(): void
    {
        $library = Library::get();
        $library->check($library->call('kayako_upload_end', $this->handle));
    }

    private function __clone()
    {
    }

    /** Shows nothing, because PHP's stack traces dump what an argument holds. */
    public function __debugInfo(): array
    {
        return [];
    }
}
