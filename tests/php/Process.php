<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A program that has ended: its exit code, and everything that it printed.
 */
final class Process
{
    private function __construct(public readonly int $exitCode, public readonly string $output)
    {
    }

    /**
     * @param list<string> $command
     * @param array<string, ?string> $environment added to this process's own; null removes a variable
     */
    public static function run(array $command, array $environment = [], ?string $folder = null): self
    {
        $environment = array_filter($environment + getenv(), is_string(...));
        $streams = [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]];
        $process = proc_open($command, $streams, $pipes, $folder, $environment);
        $output = stream_get_contents($pipes[1]);
        return new self(proc_close($process), $output);
    }

    /**
     * Runs PHP code in its own process, with the binding loaded.
     *
     * @param list<string> $options of PHP's command line
     * @param array<string, ?string> $environment
     */
    public static function php(
        string $code,
        array $options = [],
        array $environment = [],
        string $package = __DIR__ . '/../../bindings/php',
    ): self {
        $head = 'require ' . var_export("$package/autoload.php", true) . '; use Kayako\Sign\{Exception, Signer};';
        return self::run([PHP_BINARY, ...$options, '-r', $head . $code], $environment);
    }
}
