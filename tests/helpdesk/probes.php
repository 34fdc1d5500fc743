<?php

/**
 * Two URLs that a real helpdesk does not have: /echo shows how PHP reads a request, and /redirect redirects the client.
 * Both may end in a slash, so that a URL with a route can be signed: /echo/?/Base/User, /redirect/?/Base/User&to=/echo.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Answers to these two URLs. Any other path may be the helpdesk's. */
function answerProbe(string $path): void
{
    match ($path) {
        '/echo', '/echo/' => answerEcho(),
        '/redirect', '/redirect/' => answerRedirect(),
        default => null,
    };
}

/** Answers with the names and values that PHP itself reads. */
function answerEcho(): never
{
    answerJson('echo', [
        'get' => (object) $_GET,
        'post' => (object) $_POST,
        'files' => array_keys($_FILES),
        'raw_length' => strlen((string) file_get_contents('php://input')),
    ]);
}

/** Redirects the client, so that a test can see whether its credentials go along. */
function answerRedirect(): never
{
    $to = $_GET['to'] ?? '';
    if (!is_string($to) || $to === '') {
        answerText('redirect', 400, 'NOWHERE TO GO!');
    }
    header("Location: $to");
    answerText('redirect', ($_GET['code'] ?? '') === '307' ? 307 : 302, '');
}
