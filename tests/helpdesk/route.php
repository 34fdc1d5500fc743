<?php

/**
 * Stages 2 and 3, the route and the method. Both are checked before the credentials.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/**
 * Returns the route, its source, and the query with the parameters that the route brings along. Answers with an error
 * page if there is no route.
 *
 * @return array{source: string, text: string, app: string, controller: string, arguments: list<string>, get: array}
 */
function findRoute(Request $request): array
{
    [$source, $found] = foundRoute($request);
    [$text, $tail] = explode('&', $found, 2) + [1 => ''];
    $pieces = array_map(trim(...), explode('/', str_replace('%252', '/', $text)));
    $pieces = array_values(array_filter($pieces, fn ($piece) => $piece !== ''));
    // Both are needed, because the vendor's apps have no default controller.
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
        // A parameter that is already in the query keeps its value.
        'get' => $request->get + formFields($tail),
    ];
}

/** Returns the first source that has a route, and its whole text. */
function foundRoute(Request $request): array
{
    // The body's `e` wins over the query's, even if it is no route.
    $e = $request->fields()['e'] ?? $request->get['e'] ?? '';
    // PHP has already decoded it once.
    $decoded = is_string($e) ? urldecode($e) : '';

    return match (true) {
        str_starts_with($decoded, '/') => ['e', $decoded],
        $request->pathInfo !== null => ['path-info', $request->pathInfo],
        // Not from $_GET, because PHP decodes the names there and turns dots and spaces into `_`.
        default => ['query', $request->query],
    };
}

/** Checks the method, which is stage 3. The helpdesk answers other methods with an error message and status 200. */
function checkMethod(Request $request): void
{
    if (!in_array($request->method, ['GET', 'POST', 'PUT', 'DELETE'], true)) {
        answerText('method', 200, "Uncaught Exception: there is no method $request->method");
    }
}
