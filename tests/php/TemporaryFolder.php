<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A folder for one test, which is removed with the object.
 */
final class TemporaryFolder
{
    public readonly string $path;

    public function __construct()
    {
        $this->path = sys_get_temp_dir() . '/kayako-sign-' . bin2hex(random_bytes(8));
        mkdir($this->path, 0700);
    }

    public function __destruct()
    {
        Process::run(['rm', '-rf', $this->path]);
    }

    /** Copies this repository's package into a folder in this one, and returns its path. */
    public function copyPackage(string $name): string
    {
        $source = __DIR__ . '/../../bindings/php';
        $copy = "$this->path/$name";
        mkdir($copy);
        $parts = ['composer.json', 'autoload.php', 'preload.php', 'bin', 'src', 'LICENSE-MIT', 'LICENSE-APACHE'];
        $parts[] = 'LICENSE-THIRD-PARTY';
        Process::run(['cp', '-rL', ...array_map(fn ($part) => "$source/$part", $parts), $copy]);
        return $copy;
    }
}
