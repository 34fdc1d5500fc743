<?php

/**
 * The program that Origin starts: it takes one connection after the other, with one request each.
 */

declare(strict_types=1);

// A program declares functions and also calls them.
// phpcs:disable PSR1.Files.SideEffects

/** The number of bytes of a body that are kept. */
const KEPT = 8 << 20;

$folder = $argv[1];
$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";
while (true) {
    $connection = @stream_socket_accept($server, -1);
    if ($connection !== false) {
        stream_set_timeout($connection, 10);
        answerOne($connection, $folder);
    }
}

/** @param resource $connection */
function answerOne($connection, string $folder): void
{
    $first = trim((string) fgets($connection));
    if ($first === '') {
        return;
    }
    [$method, $target] = explode(' ', $first);
    $headers = [];
    while (($line = trim((string) fgets($connection))) !== '') {
        [$name, $value] = explode(':', $line, 2);
        $headers[strtolower($name)] = trim($value);
    }
    if (isset($headers['expect'])) {
        fwrite($connection, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    [$body, $isWhole] = readBody($connection, $headers);
    $request = (object) compact('method', 'target', 'headers', 'body', 'isWhole');
    file_put_contents("$folder/received", base64_encode(serialize($request)) . "\n", FILE_APPEND | LOCK_EX);
    $answers = json_decode(file_get_contents("$folder/answers.json"), true);
    $answer = $answers[0] ?? [];
    if (count($answers) > 1) {
        file_put_contents("$folder/answers.json", json_encode(array_slice($answers, 1)));
    }
    if ($answer['reset'] ?? false) {
        $socket = socket_import_stream($connection);
        socket_set_option($socket, SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
        socket_close($socket);
        return;
    }
    fwrite($connection, answerText($answer, $target));
    fclose($connection);
}

/** @return array{string, bool} the body, and whether it came to its end */
function readBody($connection, array $headers): array
{
    if (($headers['transfer-encoding'] ?? '') === 'chunked') {
        $body = '';
        while (($line = fgets($connection)) !== false && ($size = hexdec(trim($line))) > 0) {
            $body .= stream_get_contents($connection, $size);
            fgets($connection);
        }
        return [$body, $line !== false];
    }
    $left = (int) ($headers['content-length'] ?? 0);
    $body = '';
    while ($left > 0 && ($piece = (string) fread($connection, min($left, 1 << 16))) !== '') {
        $left -= strlen($piece);
        $body .= strlen($body) < KEPT ? $piece : '';
    }
    return [$body, $left === 0];
}

function answerText(array $answer, string $target): string
{
    $filled = static fn (string $text): string => strtr($text, [
        '{target}' => $target,
        '{encoded}' => rawurlencode($target),
        '{twice}' => rawurlencode(rawurlencode($target)),
    ]);
    $body = $filled($answer['body'] ?? '{}');
    $lines = ['HTTP/1.1 ' . ($answer['status'] ?? 200) . ' Told', 'Connection: close'];
    array_push($lines, 'Content-Type: application/json', 'Content-Length: ' . strlen($body));
    if (isset($answer['location'])) {
        $lines[] = 'Location: ' . $filled($answer['location']);
    }
    return implode("\r\n", $lines) . "\r\n\r\n$body";
}
