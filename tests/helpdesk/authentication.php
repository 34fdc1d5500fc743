<?php

/**
 * Stage 5, authentication: checks the credentials.
 *
 * Like the server, this file has no strict types: PHP turns a number into text before it is signed.
 */

namespace Kayako\StandIn;

const CREDENTIALS = ['apikey' => true, 'salt' => true, 'signature' => true];

/** Returns if the credentials are those of this helpdesk, and answers with a refusal if they are not. */
function authenticate(array $parameters): void
{
    if (setting('API') === 'off') {
        answerText('authentication', 403, '');
    }
    // empty() is also true for the salt "0".
    if (empty($parameters['salt'])) {
        answerText('authentication', 401, 'NO SALT PROVIDED!');
    }
    $secretKey = getenv('KAYAKO_SECRET_KEY') ?: 'secretkey';
    try {
        $expected = base64_encode(hash_hmac('sha256', $parameters['salt'], $secretKey, true));
        // A `+` that was sent unencoded arrives as a space. It is restored before the trimming, so a space at the end
        // also becomes a `+`.
        $signature = trim(str_replace(' ', '+', $parameters['signature'] ?? ''));
        $apiKey = trim($parameters['apikey'] ?? '');
    } catch (\TypeError $error) {
        // One of the three is an array. The helpdesk shows PHP's error message to the client.
        answerText('authentication', 200, $error->getMessage());
    }
    if (!hash_equals(getenv('KAYAKO_API_KEY') ?: 'apikey', $apiKey) || !hash_equals($expected, $signature)) {
        answerText('authentication', 401, 'FAILED TO AUTHENTICATE');
    }
}
