<?php

/**
 * Stage 1, the web server: which URLs reach index.php, and how they are rewritten.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Returns the request if it reaches index.php, and answers as Apache does if it does not. */
function passWebServer(string $path, string $query): Request
{
    $segments = explode('/', $path);
    if (in_array('staffapi', $segments, true) || str_contains("$path/", '/api/v1/')) {
        // The stand-in is neither the Staff API nor hosted Kayako.
        answerPage('web', 404, 'Not Found');
    }
    $script = array_search('index.php', $segments, true);
    $rest = $script === false ? [] : array_slice($segments, $script + 1);
    if ($rest === [] && in_array(end($segments), ['', 'index.php'], true)) {
        return new Request(null, $query);
    }
    // Apache refuses an encoded slash in a path.
    if (stripos($path, '%2F') !== false) {
        answerPage('web', 404, 'Not Found');
    }
    if ($rest !== []) {
        return new Request('/' . rawurldecode(implode('/', $rest)), $query);
    }
    return match (setting('WEB') ?? 'plain') {
        'plain' => answerNoFile(),
        'rewrite' => rewritten($segments),
    };
}

/** Answers to a URL whose path names no file. */
function answerNoFile(): never
{
    match ($_SERVER['REQUEST_METHOD']) {
        'PUT', 'DELETE', 'PATCH' => answerPage('web', 405, 'Method Not Allowed'),
        'OPTIONS' => answerText('web', 200, ''),
        default => answerPage('web', 404, 'Not Found'),
    };
}

/** Applies the vendor's rewrite rule: the path becomes the query, and the URL's own query is lost. */
function rewritten(array $segments): Request
{
    $api = array_keys($segments, 'api', true);
    $text = rawurldecode(implode('/', array_slice($segments, 1 + (end($api) ?: 0))));
    if (preg_match('/[\x00-\x20\x7f]/', $text) === 1) {
        answerPage('web', 403, 'Forbidden');
    }
    return new Request(null, "/$text");
}
