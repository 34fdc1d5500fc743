<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * The tables of requests, diagnoses and signatures that all languages share.
 */
final class Table
{
    /**
     * The rows, each an object with the columns that the table's head names, because PHPUnit prints strings and arrays
     * of a failing data set.
     *
     * @return iterable<string, array{object}>
     */
    public static function rows(string $file): iterable
    {
        $lines = file(__DIR__ . "/../$file", FILE_IGNORE_NEW_LINES);
        $head = current(preg_grep('/^# {3}name /', $lines));
        $columns = preg_split('/ {2,}/', ltrim($head, '# '));
        foreach (preg_grep('/^#/', $lines, PREG_GREP_INVERT) as $line) {
            $values = array_map(stripcslashes(...), explode("\t", $line));
            if (count($values) !== count($columns)) {
                throw new \UnexpectedValueException("$file: not as many columns as in its head: $values[0]");
            }
            yield "$file: $values[0]" => [(object) array_combine($columns, $values)];
        }
    }
}
