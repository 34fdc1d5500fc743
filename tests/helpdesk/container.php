<?php

/**
 * Stage 4, the container: the one part of a request from which the parameters are read.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/**
 * Returns the name of the container and its parameters without `e`.
 *
 * @param array $get the query, with the parameters that the route brought along
 * @return array{string, array}
 */
function readContainer(Request $request, array $get): array
{
    if ($request->isOfType('application/json')) {
        $json = json_decode($request->body);
        return ['json', withoutRoute($json instanceof \stdClass ? (array) $json : [])];
    }
    $query = withoutRoute($get);
    $fields = withoutRoute($request->fields());
    [$name, $parameters] = match ($request->method) {
        'GET', 'DELETE' => ['query', $query],
        'PUT' => $fields === [] ? ['query', $query] : ['form', $fields],
        'POST' => [isMultipart($request) ? 'multipart' : 'form', $fields],
    };
    return $parameters === [] ? ['raw', withoutRoute(formFields($request->body))] : [$name, $parameters];
}

function withoutRoute(array $parameters): array
{
    return array_diff_key($parameters, ['e' => true]);
}

/** Returns whether PHP reads the body of a POST as multipart. */
function isMultipart(Request $request): bool
{
    $type = $request->contentType;

    return strtolower(substr($type, 0, strcspn($type, ';, '))) === 'multipart/form-data';
}
