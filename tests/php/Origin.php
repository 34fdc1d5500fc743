<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A web server on a free port of this machine. It keeps the requests that it receives, byte for byte, and gives the
 * answers that are set. It is also a proxy, because it answers to any URL. It ends with the object.
 */
final class Origin
{
    private const SECONDS = 10;

    /** Its URL, for example http://127.0.0.1:8080. */
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

    /** Returns the API's URL with this query. */
    public function api(string $query = '/Base/User/1'): string
    {
        return "$this->url/api/index.php?$query";
    }

    /**
     * Sets the answers to the next requests, one after the other. The last one answers all further requests. Forgets
     * the requests that were received.
     *
     * An answer has a status, and may have a location and a body. In these two, {target} is replaced by the target of
     * the request, as it arrived. An answer with reset resets the connection.
     *
     * @param array{status?: int, location?: string, body?: string, reset?: bool} ...$answers
     */
    public function answer(array ...$answers): void
    {
        file_put_contents("{$this->folder->path}/answers.json", json_encode($answers));
        file_put_contents("{$this->folder->path}/received", '');
    }

    /**
     * Returns the requests that were received: of a body its first 8 MiB, and whether it came to its end.
     *
     * @return list<object{method: string, target: string, headers: array<string, string>, body: string, isWhole: bool}>
     */
    public function received(): array
    {
        // The server may still be writing.
        $file = fopen("{$this->folder->path}/received", 'r');
        flock($file, LOCK_SH);
        $lines = explode("\n", rtrim(stream_get_contents($file)));
        return array_map(static fn (string $line) => unserialize(base64_decode($line)), array_filter($lines));
    }

    /** @return list<string> the salt of each request, empty if it has none */
    public function salts(): array
    {
        return array_map(static function (object $request): string {
            preg_match('/salt\W+([0-9a-f]{32})/', $request->target . $request->body, $match);
            return $match[1] ?? '';
        }, $this->received());
    }
}
