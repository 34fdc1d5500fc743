<?php

/**
 * A stand-in for a Kayako Classic helpdesk: it checks who signed a request, and tells what arrived.
 *
 * For tests and demonstrations alone; it keeps no tickets and no state. Never put it on a public address.
 *
 *     php -d display_errors=0 -d upload_max_filesize=20M -d post_max_size=24M -S 127.0.0.1:8080 index.php
 *
 * It runs without the settings too. But then PHP drops files above 2 MB and POST bodies above 8 MB, and, where it has
 * no php.ini, prints its complaint about such a body before this script can set a status.
 * The keys come from KAYAKO_API_KEY and KAYAKO_SECRET_KEY, or else are those of the vendor's sample.
 */

declare(strict_types=1);

// PHP's web server wants one script, so functions and their use share a file.
// phpcs:disable PSR1.Files.SideEffects

const CREDENTIALS = ['apikey' => true, 'salt' => true, 'signature' => true];

// A warning amid an answer would spoil it.
ini_set('display_errors', '0');

match (path()) {
    '/echo' => answerEcho(),
    '/redirect' => answerRedirect(),
    default => answerApi(),
};

/** Every other address is the API's, as a helpdesk may live under any path. */
function answerApi(): void
{
    [$container, $parameters] = container();
    header("X-Stand-In-Container: $container");

    // Who asks comes before what is asked: a stranger learns nothing about routes.
    $refusal = refusal($parameters);
    if ($refusal !== null) {
        answerText(401, $refusal);
        return;
    }
    [$route, $carrier] = route();
    if (trim($route, '/') === '') {
        answerText(400, 'NO ROUTE PROVIDED!');
        return;
    }
    $query = array_diff_key($_GET, CREDENTIALS, $carrier);
    $isQuery = $container === 'query';
    answerJson([
        'route' => $route,
        'method' => $_SERVER['REQUEST_METHOD'],
        'container' => $container,
        'parameters' => (object) ($isQuery ? $query : array_diff_key($parameters, CREDENTIALS)),
        'files' => (object) array_map(fileReport(...), $_FILES),
        'query' => (object) ($isQuery ? [] : $query),
    ]);
}

/** The one place that parameters are read from: its name, and what it holds. */
function container(): array
{
    [$container, $parameters] = expectedContainer();

    return $parameters === [] ? ['raw', formFields(body())] : [$container, $parameters];
}

/** The container that the method and the content type ask for, be it empty or not. */
function expectedContainer(): array
{
    $method = $_SERVER['REQUEST_METHOD'];
    $type = $_SERVER['CONTENT_TYPE'] ?? '';

    if (str_contains($type, 'application/json')) {
        $json = json_decode(body());
        return ['json', $json instanceof stdClass ? (array) $json : []];
    }
    // PHP reads the fields of a POST alone. Those of a PUT are left to us.
    if ($method === 'PUT' && str_contains($type, 'application/x-www-form-urlencoded') && body() !== '') {
        return ['form', formFields(body())];
    }
    return match ($method) {
        // The helpdesk takes `e` out as the route. A route without a name stays, and so the query is not empty.
        'GET', 'DELETE', 'PUT' => ['query', array_diff_key($_GET, ['e' => true])],
        // PHP has read this body already, whatever the capitals in its content type.
        'POST' => [stripos($type, 'multipart/form-data') === 0 ? 'multipart' : 'form', $_POST],
        default => ['raw', []],
    };
}

/** Why the helpdesk turns a request away, in its own words; null where it lets it in. */
function refusal(array $parameters): ?string
{
    // The salt "0" is empty too, in PHP's eyes.
    if (empty($parameters['salt'])) {
        return 'NO SALT PROVIDED!';
    }
    // `salt[]=` makes an array, which nobody can have signed.
    $given = array_filter(array_intersect_key($parameters, CREDENTIALS), is_scalar(...));
    if (count($given) < count(CREDENTIALS)) {
        return 'FAILED TO AUTHENTICATE';
    }
    $apiKey = getenv('KAYAKO_API_KEY') ?: 'apikey';
    $secretKey = getenv('KAYAKO_SECRET_KEY') ?: 'secretkey';
    $signature = base64_encode(hash_hmac('sha256', (string) $given['salt'], $secretKey, true));

    // A `+` sent without encoding arrives as a space. Only then comes the trimming, so a space behind becomes a `+`.
    $givenSignature = trim(str_replace(' ', '+', (string) $given['signature']));
    $givenApiKey = trim((string) $given['apikey']);

    return hash_equals($apiKey, $givenApiKey) && hash_equals($signature, $givenSignature)
        ? null
        : 'FAILED TO AUTHENTICATE';
}

/** The route, empty where there is none, and the query parameters that carried it. */
function route(): array
{
    if (isset($_GET['e'])) {
        // PHP has decoded it once. The helpdesk does so again, and forgives no missing slash here.
        $route = is_string($_GET['e']) ? urldecode($_GET['e']) : '';
        return [str_starts_with($route, '/') ? $route : '', ['e' => true]];
    }
    if (preg_match('~/index\.php(/.+)~s', rawurldecode(path()), $match) === 1) {
        return [$match[1], []];
    }
    // Not taken from $_GET, where PHP would have made `_` of every dot and space.
    $piece = explode('&', $_SERVER['QUERY_STRING'] ?? '')[0];
    $route = urldecode($piece);
    if (str_starts_with($route, '/')) {
        return [$route, formFields($piece)];
    }
    // The missing slash is forgiven, but a name with a value is a parameter.
    return str_contains($piece, '=') ? ['', []] : ["/$route", formFields($piece)];
}

/** The path of the address, as it was sent. */
function path(): string
{
    return explode('?', $_SERVER['REQUEST_URI'])[0];
}

/** The raw body. PHP leaves nothing of it where it has read a multipart POST. */
function body(): string
{
    return (string) file_get_contents('php://input');
}

/** Fields as PHP reads them, with all it does to their names. */
function formFields(string $text): array
{
    parse_str($text, $fields);

    return $fields;
}

/** What came of one field of files. For `file[]`, PHP keeps a list of names, a list of sizes, and so on. */
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

/** Shows how PHP itself reads names and values. */
function answerEcho(): void
{
    answerJson([
        'get' => (object) $_GET,
        'post' => (object) $_POST,
        'files' => array_keys($_FILES),
        'raw_length' => strlen(body()),
    ]);
}

/** Sends the client elsewhere, to see whether it takes its credentials along. */
function answerRedirect(): void
{
    $to = $_GET['to'] ?? '';
    if (!is_string($to) || $to === '') {
        answerText(400, 'NOWHERE TO GO!');
        return;
    }
    header("Location: $to", true, ($_GET['code'] ?? '') === '307' ? 307 : 302);
}

function answerText(int $status, string $text): void
{
    http_response_code($status);
    header('Content-Type: text/plain');
    echo $text;
}

function answerJson(array $document): void
{
    header('Content-Type: application/json');
    // Whatever arrived, an answer goes out: what JSON cannot hold is replaced.
    echo json_encode(
        $document,
        JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR
    ), "\n";
}
