<?php

/**
 * Stages 2 and 3, the route and the method: what is asked for, before anybody asks who asks.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/**
 * Returns the route, where it was found, and the query with what the route brings along; or answers that there is none.
 *
 * @return array{source: string, text: string, app: string, controller: string, arguments: list<string>, get: array}
 */
function findRoute(Request $request): array
{
    [$source, $found] = foundRoute($request);
    [$text, $tail] = explode('&', $found, 2) + [1 => ''];
    $pieces = array_map(trim(...), explode('/', str_replace('%252', '/', $text)));
    $pieces = array_values(array_filter($pieces, fn ($piece) => $piece !== ''));
    // The vendor's apps have no controller of their own to fall back on.
    [$app, $controller] = $pieces + ['', ''];
    $controllers = (require __DIR__ . '/controllers.php')[strtolower($app)] ?? [];
    if (!in_array($controller, $controllers, true)) {
        answerPage('route', 404, 'Page Not Found');
    }
    $arguments = array_slice($pieces, 2);
    if (preg_grep('/^[a-zA-Z0-9\s,~%.:=_-]+$/D', $arguments, PREG_GREP_INVERT) !== []) {
        answerPage('route', 400, 'Bad Request');
    }
    return [
        'source' => $source,
        'text' => str_starts_with($text, '/') ? $text : "/$text",
        'app' => $app,
        'controller' => $controller,
        'arguments' => $arguments,
        // What is in the query already is not replaced.
        'get' => $request->get + formFields($tail),
    ];
}

/** Returns the first place that holds a route, and all of what it holds. */
function foundRoute(Request $request): array
{
    // The body's `e` beats the query's, be it a route or not.
    $e = $request->fields()['e'] ?? $request->get['e'] ?? '';
    // PHP has decoded it once already.
    $decoded = is_string($e) ? urldecode($e) : '';

    return match (true) {
        str_starts_with($decoded, '/') => ['e', $decoded],
        $request->pathInfo !== null => ['path-info', $request->pathInfo],
        // Not taken from $_GET, where PHP would have decoded it and made `_` of dots and spaces.
        default => ['query', $request->query],
    };
}

/** Stage 3. The helpdesk complains of other methods, under a status that says all is well. */
function checkMethod(Request $request): void
{
    if (!in_array($request->method, ['GET', 'POST', 'PUT', 'DELETE'], true)) {
        answerText('method', 200, "Uncaught Exception: there is no method $request->method");
    }
}
