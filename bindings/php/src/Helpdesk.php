<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * The helpdesk's origin (scheme, host and port), the only one that gets credentials.
 *
 * @internal
 */
final class Helpdesk
{
    private const PORTS = ['http' => 80, 'https' => 443];

    private readonly string $origin;

    /** @param string $url any URL of the helpdesk */
    public function __construct(string $url)
    {
        $this->origin = self::origin($url)
            ?? throw new Exception('helpdesk: must be an absolute URL, for example https://help.example.com');
    }

    public function has(string $url): bool
    {
        return self::origin($url) === $this->origin;
    }

    /** Throws an Exception if the URL is of another origin. */
    public function require(#[\SensitiveParameter] string $url): void
    {
        if (!$this->has($url)) {
            $origin = self::origin($url) ?? 'another';
            throw new Exception("URL: must be of $this->origin, which alone gets these credentials, not of $origin");
        }
    }

    private static function origin(#[\SensitiveParameter] string $url): ?string
    {
        $parts = parse_url($url) ?: [];
        $scheme = strtolower($parts['scheme'] ?? '');
        $host = strtolower($parts['host'] ?? '');
        if (!isset(self::PORTS[$scheme]) || $host === '' || preg_match('/[\s\\\\@]/', $host) === 1) {
            return null;
        }
        return "$scheme://$host:" . ($parts['port'] ?? self::PORTS[$scheme]);
    }
}
