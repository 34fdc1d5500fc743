<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * Writes a body of multipart form data as browsers do.
 */
final class Multipart
{
    private const BOUNDARY = 'ZpX3a9Lq';

    public const CONTENT_TYPE = 'multipart/form-data; boundary=' . self::BOUNDARY;

    /** @param list<string> $parts */
    public static function body(array $parts): string
    {
        return implode('', $parts) . '--' . self::BOUNDARY . "--\r\n";
    }

    public static function field(string $name, string $value): string
    {
        return self::part("name=\"$name\"", $value);
    }

    public static function file(string $name, string $fileName, string $contents): string
    {
        $type = "\r\nContent-Type: application/octet-stream";
        return self::part("name=\"$name\"; filename=\"$fileName\"$type", $contents);
    }

    private static function part(string $head, string $contents): string
    {
        return '--' . self::BOUNDARY . "\r\nContent-Disposition: form-data; $head\r\n\r\n$contents\r\n";
    }
}
