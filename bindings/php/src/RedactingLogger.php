<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Log\AbstractLogger;
use Psr\Log\LoggerInterface;

/**
 * Passes records on without credentials, because Symfony's clients log the URL of each request.
 *
 * @internal
 */
final class RedactingLogger extends AbstractLogger
{
    public function __construct(private readonly LoggerInterface $logger)
    {
    }

    /** The parameters have no types, so that the class implements all versions of the interface. */
    public function log($level, $message, array $context = []): void
    {
        $clean = static fn (mixed $value) => is_string($value) || $value instanceof \Stringable
            ? preg_replace('/\b(apikey|salt|signature)=[^&\s"]*/', '$1=…', (string) $value)
            : $value;
        $this->logger->log($level, $clean($message), array_map($clean, $context));
    }
}
