<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * Reads the tables in tests/tables, whose heads explain them.
 */
final class Table
{
    private const ESCAPES = ['\\' => '\\', 'r' => "\r", 'n' => "\n", 't' => "\t"];

    /**
     * Yields the rows. Each is an object with the values of its columns, because PHPUnit prints the strings and arrays
     * of a failing data set.
     *
     * @return iterable<string, array{object}>
     */
    public static function rows(string $file): iterable
    {
        $lines = preg_grep('/^#/', file(__DIR__ . "/../tables/$file", FILE_IGNORE_NEW_LINES), PREG_GREP_INVERT);
        $columns = explode("\t", array_shift($lines));
        foreach ($lines as $line) {
            $values = array_map(self::bytes(...), explode("\t", $line));
            if (count($values) !== count($columns)) {
                throw new \UnexpectedValueException("$file: not as many columns as in its first row: $values[0]");
            }
            $row = (object) array_combine($columns, $values);
            $title = isset($row->operation) ? "$row->name, $row->operation" : $row->name;
            yield "$file: $title" => [$row];
        }
    }

    /** Returns the bytes of a value. */
    private static function bytes(string $value): string
    {
        $bytes = '';
        preg_match_all('/([^\\\\]+)|\\\\x([0-9A-F]{2})|\\\\\{(\d+)\}|\\\\(.)/s', $value, $pieces, PREG_SET_ORDER);
        foreach ($pieces as $piece) {
            [, $text, $digits, $times, $letter] = $piece + array_fill(0, 5, '');
            $bytes .= match (true) {
                $text !== '' => $text,
                $digits !== '' => hex2bin($digits),
                $times !== '' => str_repeat($bytes[-1], (int) $times - 1),
                default => self::ESCAPES[$letter],
            };
        }
        return $bytes;
    }
}
