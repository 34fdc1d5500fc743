<?php

/**
 * Stage 5, authentication: who asks.
 *
 * Without strict types, as on the server: a number is signed as PHP writes it.
 */

namespace Kayako\StandIn;

const CREDENTIALS = ['apikey' => true, 'salt' => true, 'signature' => true];

/** Lets a request on whose credentials are those of this helpdesk. */
function authenticate(array $parameters): void
{
    if (setting('API') === 'off') {
        answerText('authentication', 403, '');
    }
    // The salt "0" is empty too, in PHP's eyes.
    if (empty($parameters['salt'])) {
        answerText('authentication', 401, 'NO SALT PROVIDED!');
    }
    $secretKey = getenv('KAYAKO_SECRET_KEY') ?: 'secretkey';
    try {
        $expected = base64_encode(hash_hmac('sha256', $parameters['salt'], $secretKey, true));
        // A `+` sent without encoding arrives as a space. Then comes the trimming, so that a space at the end is a `+`.
        $signature = trim(str_replace(' ', '+', $parameters['signature'] ?? ''));
        $apiKey = trim($parameters['apikey'] ?? '');
    } catch (\TypeError $complaint) {
        // An array: PHP complains, and the helpdesk hands that on.
        answerText('authentication', 200, $complaint->getMessage());
    }
    if (!hash_equals(getenv('KAYAKO_API_KEY') ?: 'apikey', $apiKey) || !hash_equals($expected, $signature)) {
        answerText('authentication', 401, 'FAILED TO AUTHENTICATE');
    }
}
