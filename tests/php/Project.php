<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A project with the package and the library in it, for PHP-FPM with the settings that the README gives.
 */
final class Project
{
    private const README = __DIR__ . '/../../bindings/php/README.md';

    private readonly TemporaryFolder $folder;
    public readonly string $path;
    public readonly string $package;

    public function __construct()
    {
        $this->folder = new TemporaryFolder();
        // The worker runs as another user.
        chmod($this->folder->path, 0755);
        $this->path = "{$this->folder->path}/project";
        mkdir("$this->path/vendor/kayako", recursive: true);
        $this->package = $this->folder->copyPackage('project/vendor/kayako/sign');
        mkdir("$this->package/lib");
        copy((string) getenv('KAYAKO_SIGN_LIBRARY'), "$this->package/lib/libkayako_sign.so.0");
    }

    public function fpm(string $settings): Fpm
    {
        return new Fpm($this->folder->path, $settings);
    }

    /** Returns the path of its settings. */
    public function ini(): string
    {
        return "{$this->folder->path}/php.ini";
    }

    /** Writes a page, and returns its path. */
    public function page(string $code): string
    {
        $file = "$this->path/" . md5($code) . '.php';
        file_put_contents($file, $code);
        return $file;
    }

    /** Returns the settings that the README shows, for this project. First runs the command that it shows with them. */
    public function settingsOfTheReadme(): string
    {
        if (preg_match('/^```ini\n(.*?)^```$/ms', file_get_contents(self::README), $match) !== 1) {
            throw new \RuntimeException('the README shows no block of settings');
        }
        $header = Process::run([PHP_BINARY, "$this->package/bin/kayako-sign-preload"], ['KAYAKO_SIGN_LIBRARY' => null]);
        if ($header->exitCode !== 0) {
            throw new \RuntimeException($header->output);
        }
        file_put_contents("$this->path/kayako_sign-preload.h", $header->output);
        return str_replace('/var/www/project', $this->path, $match[1]);
    }
}
