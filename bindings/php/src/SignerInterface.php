<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * Signs salts. Signer and PlainSigner implement it; so can a stand-in in your own tests.
 *
 * A salt is a string of any bytes, or an int, of which the decimal digits are used. Each request needs a fresh one.
 */
interface SignerInterface
{
    /**
     * Returns the signature as base64: for JSON, and for HTTP libraries that encode parameters themselves.
     *
     * @throws Exception if the salt is empty, 0 or longer than 65536 bytes
     */
    public function sign(string|int $salt): string;

    /**
     * Returns the signature URL-encoded: for a URL or a form that is sent as it is, after `signature=`.
     *
     * @throws Exception if the salt is empty, 0 or longer than 65536 bytes
     */
    public function signUrlencoded(string|int $salt): string;

    /**
     * Returns the three parameters of a request, not encoded, with a fresh salt unless one is given.
     *
     * @return array{apikey: string, salt: string, signature: string}
     * @throws Exception if the salt is empty, 0 or longer than 65536 bytes, or there is no randomness for a fresh one
     */
    public function credentials(string|int|null $salt = null): array;

    /**
     * Returns the parameters of a request as a query string: `apikey=…&salt=…&signature=…`. The salt is as for
     * credentials().
     *
     * @throws Exception if the salt is empty, 0 or longer than 65536 bytes, or there is no randomness for a fresh one
     */
    public function query(string|int|null $salt = null): string;

    /**
     * Returns whether this is the base64 signature of the salt, in constant time. Strict: 44 characters of the standard
     * alphabet, padded and canonical, not URL-encoded. Returns false for a salt that has no signature.
     */
    public function verify(string|int $salt, #[\SensitiveParameter] string $signature): bool;
}
