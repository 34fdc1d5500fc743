<?php

/**
 * Stage 6, the fields: tells what a controller would find, where the helpdesk would run one.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Answers with all that was read. */
function answerFields(Request $request, array $route, string $container, array $parameters): never
{
    $query = withoutCredentials(array_diff_key($route['get'], routeInQuery($request, $route)));
    $isQuery = $container === 'query';
    answerJson('fields', [
        'route' => $route['text'],
        'method' => $request->method,
        'container' => $container,
        'parameters' => (object) ($isQuery ? $query : withoutCredentials($parameters)),
        'files' => (object) array_map(fileReport(...), $_FILES),
        'query' => (object) ($isQuery ? [] : $query),
        'source' => $route['source'],
        'app' => $route['app'],
        'controller' => $route['controller'],
        'arguments' => $route['arguments'],
        'fields' => (object) withoutCredentials(readFields($request, $container, $parameters)),
    ]);
}

/** Returns what a controller finds in $_POST: the fields of the body, and of a PUT whatever its raw body brings. */
function readFields(Request $request, string $container, array $parameters): array
{
    return $request->method === 'PUT' && $container === 'raw' ? $parameters : $request->fields();
}

/** Returns the names in PHP's reading of the query that are the route, or what the route stood in. */
function routeInQuery(Request $request, array $route): array
{
    if ($route['source'] !== 'query') {
        return [];
    }
    [$text, $tail] = explode('&', $request->query, 2) + [1 => ''];

    return array_diff_key(formFields($text), formFields($tail));
}

function withoutCredentials(array $parameters): array
{
    return withoutRoute(array_diff_key($parameters, CREDENTIALS));
}

/** Returns what came of one field of files. For `file[]`, PHP keeps a list of names, a list of sizes, and so on. */
function fileReport(array $file): array
{
    if (!is_array($file['name'])) {
        return [
            'name' => $file['name'],
            'size' => $file['size'],
            // Null where the file did not come through, mostly for being too large.
            'sha256' => $file['error'] === UPLOAD_ERR_OK ? hash_file('sha256', $file['tmp_name']) : null,
        ];
    }
    $reports = [];
    foreach (array_keys($file['name']) as $key) {
        $reports[$key] = fileReport(array_combine(array_keys($file), array_column($file, $key)));
    }
    return $reports;
}
