<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * The fields of a form, each by the name that PHP reads: `list[0]`, `map[key]`.
 *
 * @internal
 */
final class Form
{
    /** Returns the form as it is sent. A string is one already. */
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
     * Yields each value with its whole name: a text, or a file of curl's.
     *
     * @return \Generator<string, string|\CURLFile|\CURLStringFile>
     * @throws Exception if PHP would drop a value or make something else of it
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
            // The text of a file object is its path.
            $value instanceof \Stringable && !$value instanceof \SplFileInfo => (string) $value,
            default => throw new Exception(
                "field $name: must be text, a number, a bool, an object that is a text or an array of these, not "
                . get_debug_type($value)
            ),
        };
    }
}
