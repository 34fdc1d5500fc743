<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * Encodes the fields of a form, nested ones by the names that PHP reads: `list[0]`, `map[key]`.
 *
 * @internal
 */
final class Form
{
    /** Returns the fields URL-encoded. A string is a form already and stays as it is. */
    public static function encoded(#[\SensitiveParameter] array|string $fields): string
    {
        if (is_string($fields)) {
            return $fields;
        }
        $pairs = [];
        foreach (self::flat($fields) as $name => $value) {
            if (!is_string($value)) {
                throw new Exception(
                    "field $name: must not be a file, which a form cannot carry; send it as two fields, its name and"
                    . ' its base64 contents'
                );
            }
            $pairs[] = urlencode($name) . '=' . urlencode($value);
        }
        return implode('&', $pairs);
    }

    /**
     * Yields each value by its full name: a string, or one of curl's files.
     *
     * @return \Generator<string, string|\CURLFile|\CURLStringFile>
     * @throws Exception if PHP would drop or change a value
     */
    public static function flat(#[\SensitiveParameter] array $fields, ?string $parent = null): \Generator
    {
        foreach ($fields as $key => $value) {
            $name = $parent === null ? (string) $key : "{$parent}[$key]";
            if (is_array($value)) {
                yield from self::flat($value, $name);
            } else {
                yield $name => self::value($name, $value);
            }
        }
    }

    private static function value(string $name, #[\SensitiveParameter] mixed $value): string|\CURLFile|\CURLStringFile
    {
        return match (true) {
            is_string($value), $value instanceof \CURLFile, $value instanceof \CURLStringFile => $value,
            // As http_build_query() writes them.
            is_bool($value) => $value ? '1' : '0',
            is_int($value), is_float($value) && is_finite($value) => (string) $value,
            // A file object's text is its path, not its contents.
            $value instanceof \Stringable && !$value instanceof \SplFileInfo => (string) $value,
            default => throw new Exception(
                "field $name: must be a string, a number, a bool, a Stringable object or an array of these, not "
                . get_debug_type($value)
            ),
        };
    }
}
