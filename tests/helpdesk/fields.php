<?php

/**
 * Stage 6, the fields. The helpdesk would run a controller here. The stand-in answers with the fields that the
 * controller would find.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Answers with everything that was read from the request. */
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

/** Returns the fields that a controller finds in $_POST: those of the body, or the parameters of a PUT's raw body. */
function readFields(Request $request, string $container, array $parameters): array
{
    return $request->method === 'PUT' && $container === 'raw' ? $parameters : $request->fields();
}

/** Returns the parameters that PHP reads from the route and from no other part of the query. */
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

/**
 * Returns the name, size and SHA-256 of each file in a field. For `file[]`, PHP keeps a list of names, a list of sizes,
 * and so on.
 */
function fileReport(array $file): array
{
    if (!is_array($file['name'])) {
        return [
            'name' => $file['name'],
            'size' => $file['size'],
            // Null if the upload failed, usually because the file is too large.
            'sha256' => $file['error'] === UPLOAD_ERR_OK ? hash_file('sha256', $file['tmp_name']) : null,
        ];
    }
    $reports = [];
    foreach (array_keys($file['name']) as $key) {
        $reports[$key] = fileReport(array_combine(array_keys($file), array_column($file, $key)));
    }
    return $reports;
}
