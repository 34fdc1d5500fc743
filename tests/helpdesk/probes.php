<?php

/**
 * Two URLs that no helpdesk has: /echo shows how PHP reads a request, /redirect sends a client elsewhere. Both may end
 * in a slash, so that a URL with a route can be signed: /echo/?/Base/User, /redirect/?/Base/User&to=/echo.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Answers to those two. Every other path is the helpdesk's, which may live under any. */
function answerProbe(string $path): void
{
    match ($path) {
        '/echo', '/echo/' => answerEcho(),
        '/redirect', '/redirect/' => answerRedirect(),
        default => null,
    };
}

/** Shows how PHP itself reads names and values. */
function answerEcho(): never
{
    answerJson('echo', [
        'get' => (object) $_GET,
        'post' => (object) $_POST,
        'files' => array_keys($_FILES),
        'raw_length' => strlen((string) file_get_contents('php://input')),
    ]);
}

/** Sends the client elsewhere, to see whether it takes its credentials along. */
function answerRedirect(): never
{
    $to = $_GET['to'] ?? '';
    if (!is_string($to) || $to === '') {
        answerText('redirect', 400, 'NOWHERE TO GO!');
    }
    header("Location: $to");
    answerText('redirect', ($_GET['code'] ?? '') === '307' ? 307 : 302, '');
}
