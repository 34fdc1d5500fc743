<?php

/**
 * A request as the web server hands it to the helpdesk.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Its raw parts, and its parameters as PHP reads them. */
final class Request
{
    public readonly string $method;
    public readonly string $contentType;

    /** The raw body. It is empty if PHP has read a multipart POST. */
    public readonly string $body;

    /** The query as PHP reads it. $_GET is the same unless the URL was rewritten. */
    public readonly array $get;

    /**
     * @param ?string $pathInfo the decoded path after index.php; null if there is none
     * @param string $query the raw query string
     */
    public function __construct(public readonly ?string $pathInfo, public readonly string $query)
    {
        $this->get = formFields($query);
        $this->method = $_SERVER['REQUEST_METHOD'];
        $this->contentType = $_SERVER['CONTENT_TYPE'] ?? '';
        $this->body = (string) file_get_contents('php://input');
    }

    /** Returns whether the content type contains this one, in the same case. */
    public function isOfType(string $contentType): bool
    {
        return str_contains($this->contentType, $contentType);
    }

    /** Returns the fields of the body: those of a POST from $_POST, and those of a PUT of form type. */
    public function fields(): array
    {
        return match ($this->method) {
            'POST' => $_POST,
            // PHP reads only the body of a POST. The helpdesk reads that of a PUT itself.
            'PUT' => $this->isOfType('application/x-www-form-urlencoded') ? formFields($this->body) : [],
            default => [],
        };
    }
}

/** Returns the fields of a form as PHP reads them, with all its changes to their names. */
function formFields(string $text): array
{
    parse_str($text, $fields);

    return $fields;
}

/**
 * Returns the path and the query of the URL as they were sent. Everywhere else, PHP's own web server decodes the path
 * and drops a second question mark directly after the first.
 *
 * @return array{string, string}
 */
function partsOfUrl(): array
{
    return explode('?', $_SERVER['REQUEST_URI'], 2) + [1 => ''];
}

/** Returns a setting from this request's header or, without one, from the environment. */
function setting(string $name): ?string
{
    return $_SERVER["HTTP_STAND_IN_$name"] ?? (getenv("KAYAKO_$name") ?: null);
}
