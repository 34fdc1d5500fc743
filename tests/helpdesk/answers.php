<?php

/**
 * The helpdesk's answers. Each ends the request and names its stage.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

/** Answers with a text, which may be empty. */
function answerText(string $stage, int $status, string $text): never
{
    answer($stage, $status, 'text/plain', $text);
}

/** Answers with an HTML page, as web servers and the helpdesk's front end do. */
function answerPage(string $stage, int $status, string $title): never
{
    $page = "<!DOCTYPE html>\n<html><head><title>$status $title</title></head><body><h1>$title</h1></body></html>\n";
    answer($stage, $status, 'text/html', $page);
}

function answerJson(string $stage, array $document): never
{
    // Every request gets an answer: text that JSON cannot hold is replaced.
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
        | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;
    answer($stage, 200, 'application/json', json_encode($document, $flags) . "\n");
}

function answer(string $stage, int $status, string $contentType, string $body): never
{
    http_response_code($status);
    header("X-Stand-In-Stage: $stage");
    header("Content-Type: $contentType");
    echo $body;
    exit;
}
