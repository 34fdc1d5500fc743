<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A row of vectors.tsv, whose head says what the columns mean.
 *
 * An object, because PHPUnit prints strings and arrays of a failing data set.
 */
final class Vector
{
    private const FILE = __DIR__ . '/../vectors.tsv';

    private function __construct(
        public readonly string $title,
        public readonly string $operation,
        public readonly string $apiKey,
        public readonly string $secretKey,
        public readonly string $salt,
        public readonly string $signature,
        public readonly string $status,
        public readonly string $output,
    ) {
    }

    /** @return list<self> */
    public static function all(): array
    {
        $rows = preg_grep('/^#/', file(self::FILE, FILE_IGNORE_NEW_LINES), PREG_GREP_INVERT);
        return array_values(array_map(self::read(...), $rows));
    }

    private static function read(string $line): self
    {
        $columns = explode("\t", $line);
        if (count($columns) !== 8) {
            throw new \UnexpectedValueException('vectors.tsv: a row without 8 columns: ' . substr($line, 0, 60));
        }
        [$name, $operation, $apiKey, $secretKey, $salt, $signature, $status, $output] = $columns;
        $values = array_map(self::value(...), [$apiKey, $secretKey, $salt, $signature]);
        return new self("$name, $operation", $operation, ...$values, ...[$status, $output]);
    }

    private static function value(string $text): string
    {
        if (str_starts_with($text, 'hex:')) {
            return hex2bin(substr($text, 4));
        }
        if (preg_match('/^(.+)\*(\d+)$/', $text, $match)) {
            return str_repeat($match[1], (int) $match[2]);
        }
        return $text;
    }
}
