<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * Builds the options with which curl_setopt_array() sends a signed request.
 *
 * @internal
 */
final class CurlOptions
{
    private const FORM = 'application/x-www-form-urlencoded';
    private const MULTIPART = 'multipart/form-data';
    private const ROUTE_MAX = 4096;

    /**
     * Returns the options for a body that is a string.
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
            // curl sends a body with this type. A POST without a body gets one: the credentials.
            $contentType = self::FORM;
        }
        [$url, $body] = $signer->signRequest($method, $url, $contentType, $body);
        return self::options($method, $url, $body === '' ? null : $body, $contentType);
    }

    /**
     * Returns the options for an array of fields, which curl sends as multipart form data, the credentials among them.
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
            // In a PUT of another type the helpdesk reads no fields.
            $contentType = self::FORM;
        }
        if ($contentType === self::FORM) {
            return self::ofText($signer, $method, $url, Form::encoded($fields), $contentType);
        }
        if ($method !== 'POST') {
            throw new Exception("fields: must be null for a $method of this type, because the helpdesk reads none in"
                . ' its body; send them as a form by POST or PUT, or as parameters in the URL of a GET');
        }
        if ($contentType !== null && $contentType !== self::MULTIPART) {
            throw new Exception('fields: an array is sent as multipart form data or as a form; give the body as a'
                . ' string for another content type, and leave the boundary to curl');
        }
        // Sign the same fields as a form, without the files: that refuses fields that must not be sent.
        $signer->signRequest($method, $url, self::FORM, self::form($fields));
        $fields = iterator_to_array(Form::flat($fields));
        return self::options($method, $url, $signer->credentials() + $fields, null);
    }

    /** Returns a form with all names, and only the start of each value: no route is longer. */
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
     * Returns options that also reset what an earlier request has set on the handle.
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
            // Removes the body of an earlier request, so it must come before the options of this one's body.
            CURLOPT_HTTPGET => true,
            CURLOPT_CUSTOMREQUEST => $method,
            // curl must follow no redirects: it could send the credentials to another host.
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_HTTPHEADER => $contentType === null ? [] : ["Content-Type: $contentType"],
        ];
        return $body === null ? $options : $options + [CURLOPT_POSTFIELDS => $body];
    }
}
