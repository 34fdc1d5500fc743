<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * A signed request as options for curl_setopt_array().
 *
 * @internal
 */
final class CurlOptions
{
    private const FORM = 'application/x-www-form-urlencoded';
    private const MULTIPART = 'multipart/form-data';
    private const ROUTE_MAX = 4096;

    /**
     * Returns the options for a body of text, as it is sent.
     *
     * @return array<int, mixed>
     */
    public static function ofText(
        Signer $signer,
        string $method,
        #[\SensitiveParameter] string $url,
        #[\SensitiveParameter] string $body,
        ?string $contentType,
    ): array {
        if ($contentType === null && ($body !== '' || $method === 'POST')) {
            // What curl sends with it, and with credentials where there is no body.
            $contentType = self::FORM;
        }
        [$url, $body] = $signer->signRequest($method, $url, $contentType, $body);
        return self::options($method, $url, $body === '' ? null : $body, $contentType);
    }

    /**
     * Returns the options for fields, which curl sends as multipart form data. Credentials are fields like these.
     *
     * @param array<mixed> $fields
     * @return array<int, mixed>
     */
    public static function ofFields(
        Signer $signer,
        string $method,
        #[\SensitiveParameter] string $url,
        #[\SensitiveParameter] array $fields,
        ?string $contentType,
    ): array {
        if ($method === 'PUT' && $contentType === null) {
            // The helpdesk reads no fields in a PUT of another type.
            $contentType = self::FORM;
        }
        if ($contentType === self::FORM) {
            return self::ofText($signer, $method, $url, Form::encoded($fields), $contentType);
        }
        if ($method !== 'POST') {
            throw new Exception("fields: a helpdesk reads none in the body of a $method of this type; a form of POST or"
                . ' PUT carries fields, and the URL of a GET parameters');
        }
        if ($contentType !== null && $contentType !== self::MULTIPART) {
            throw new Exception('fields: an array is sent as multipart form data or as a form; give the text for'
                . ' another content type, and leave the boundary to curl');
        }
        // The same as a form, without files, tells whether all of it can be signed.
        $signer->signRequest($method, $url, self::FORM, self::form($fields));
        $fields = iterator_to_array(Form::flat($fields));
        return self::options($method, $url, $signer->credentials() + $fields, null);
    }

    /** Returns a form with all names, and of each value as much as may be a route. */
    private static function form(#[\SensitiveParameter] array $fields): string
    {
        $pairs = [];
        foreach (Form::flat($fields) as $name => $value) {
            if (preg_match('/[\x00-\x1f\x7f"\\\\]/', $name) === 1) {
                throw new Exception('field name: must have no control character, quote or backslash, which versions of'
                    . ' curl write in different ways');
            }
            $value = is_string($value) ? substr($value, 0, self::ROUTE_MAX) : '';
            $pairs[] = urlencode($name) . '=' . urlencode($value);
        }
        return implode('&', $pairs);
    }

    /**
     * Returns options that leave nothing of an earlier request of the handle in force.
     *
     * @param array<string, mixed>|string|null $body
     * @return array<int, mixed>
     */
    private static function options(
        string $method,
        #[\SensitiveParameter] string $url,
        #[\SensitiveParameter] array|string|null $body,
        ?string $contentType,
    ): array {
        $options = [
            CURLOPT_URL => $url,
            // Takes an earlier body away, and comes before the next one.
            CURLOPT_HTTPGET => true,
            CURLOPT_CUSTOMREQUEST => $method,
            // Never by curl: it may take the credentials to another host.
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_HTTPHEADER => $contentType === null ? [] : ["Content-Type: $contentType"],
        ];
        return $body === null ? $options : $options + [CURLOPT_POSTFIELDS => $body];
    }
}
