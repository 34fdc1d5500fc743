<?php

/**
 * A request as the web server hands it to the helpdesk.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** What the client and the environment say of it; the rest is PHP's own reading. */
final class Request
{
    public readonly string $method;
    public readonly string $contentType;

    /** The raw body. PHP leaves nothing of it where it has read a multipart POST. */
    public readonly string $body;

    /** The query as PHP reads it. This is what $_GET holds where nothing is rewritten. */
    public readonly array $get;

    /**
     * @param ?string $pathInfo what follows index.php in the path, decoded; null where nothing does
     * @param string $query the raw query string
     */
    public function __construct(public readonly ?string $pathInfo, public readonly string $query)
    {
        $this->get = formFields($query);
        $this->method = $_SERVER['REQUEST_METHOD'];
        $this->contentType = $_SERVER['CONTENT_TYPE'] ?? '';
        $this->body = (string) file_get_contents('php://input');
    }

    /** Tells whether the content type holds this one, in just these letters. */
    public function isOfType(string $contentType): bool
    {
        return str_contains($this->contentType, $contentType);
    }

    /** Returns the fields of the body: those of a POST as PHP fills $_POST, and those of a PUT of form type. */
    public function fields(): array
    {
        return match ($this->method) {
            'POST' => $_POST,
            // PHP reads no body but a POST's, so the helpdesk does.
            'PUT' => $this->isOfType('application/x-www-form-urlencoded') ? formFields($this->body) : [],
            default => [],
        };
    }
}

/** Returns the fields of a form as PHP reads them, with all that it does to their names. */
function formFields(string $text): array
{
    parse_str($text, $fields);

    return $fields;
}

/**
 * Returns the path and the query of the URL as they were sent. PHP's own web server decodes the path everywhere else,
 * and takes a second question mark away where it stands beside the first.
 *
 * @return array{string, string}
 */
function partsOfUrl(): array
{
    return explode('?', $_SERVER['REQUEST_URI'], 2) + [1 => ''];
}

/** Returns a setting from the header of this request, or else from the environment. */
function setting(string $name): ?string
{
    return $_SERVER["HTTP_STAND_IN_$name"] ?? (getenv("KAYAKO_$name") ?: null);
}
