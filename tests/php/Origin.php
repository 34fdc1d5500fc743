<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A web server on a free port of this machine that keeps what it receives, byte for byte, and answers as it is told;
 * gone with the object. It is a proxy too: it answers to whatever it is asked for.
 */
final class Origin
{
    private const SECONDS = 10;

    /** Where it is, such as http://127.0.0.1:8080. */
    public readonly string $url;

    private readonly TemporaryFolder $folder;

    /** @var resource */
    private $process;

    public function __construct()
    {
        $this->folder = new TemporaryFolder();
        $this->answer([]);
        $command = [PHP_BINARY, __DIR__ . '/origin-server.php', $this->folder->path];
        $null = ['file', '/dev/null', 'r+'];
        $this->process = proc_open($command, [$null, ['pipe', 'w'], $null], $pipes);
        $this->url = 'http://' . trim((string) fgets($pipes[1]));
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    /** The API's URL with this query. */
    public function api(string $query = '/Base/User/1'): string
    {
        return "$this->url/api/index.php?$query";
    }

    /**
     * Answers with these from now on, one after the other and then with the last, and forgets what was received.
     *
     * An answer has a status, and maybe a location and a body; in both {target} stands for what was asked for, as it
     * arrived. An answer with reset breaks the connection off.
     *
     * @param array{status?: int, location?: string, body?: string, reset?: bool} ...$answers
     */
    public function answer(array ...$answers): void
    {
        file_put_contents("{$this->folder->path}/answers.json", json_encode($answers));
        file_put_contents("{$this->folder->path}/received", '');
    }

    /**
     * What was received: of a body its first 8 MiB, and whether it came to its end.
     *
     * @return list<object{method: string, target: string, headers: array<string, string>, body: string, isWhole: bool}>
     */
    public function received(): array
    {
        $lines = file("{$this->folder->path}/received", FILE_IGNORE_NEW_LINES);
        return array_map(static fn (string $line) => unserialize(base64_decode($line)), $lines);
    }

    /** @return list<string> the salt of each request, empty where it has none */
    public function salts(): array
    {
        return array_map(static function (object $request): string {
            preg_match('/salt\W+([0-9a-f]{32})/', $request->target . $request->body, $match);
            return $match[1] ?? '';
        }, $this->received());
    }
}
