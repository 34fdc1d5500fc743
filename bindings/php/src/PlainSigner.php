<?php

declare(strict_types=1);

namespace Kayako\Sign;

use WeakMap;

/**
 * Signs in PHP alone, for hosts without FFI.
 *
 * It makes signatures and credentials. It signs no requests, because it does not know where the server looks for
 * credentials and which parameters would replace them; and it makes no diagnoses. PHP keeps the secret key in memory as
 * long as this object lives.
 */
final class PlainSigner implements SignerInterface
{
    private const API_KEY_MAX = 1024;
    private const LENGTH_MAX = 65536;

    /** @var WeakMap<self, array{string, string}>|null the keys, kept here because a dump or a cast shows properties */
    private static ?WeakMap $keys = null;

    /**
     * Makes a signer of the two keys, exactly as the helpdesk shows them.
     *
     * @throws Exception if a key is empty or too long (API key: 1024 bytes, secret key: 65536), or the API key is not
     *     UTF-8
     */
    public function __construct(
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] string $secretKey,
    ) {
        $keys = self::$keys ??= new WeakMap();
        if (isset($keys[$this])) {
            throw new Exception('a signer never changes: make another one for other keys');
        }
        self::refuse($apiKey === '', Status::EMPTY_API_KEY, 'API key: must not be empty');
        self::refuse(
            strlen($apiKey) > self::API_KEY_MAX,
            Status::API_KEY_TOO_LONG,
            'API key: must not be longer than 1024 bytes'
        );
        self::refuse(preg_match('//u', $apiKey) !== 1, Status::API_KEY_NOT_UTF8, 'API key: must be UTF-8 text');
        self::refuse($secretKey === '', Status::EMPTY_SECRET_KEY, 'secret key: must not be empty');
        self::refuse(
            strlen($secretKey) > self::LENGTH_MAX,
            Status::SECRET_KEY_TOO_LONG,
            'secret key: must not be longer than 65536 bytes'
        );
        $keys[$this] = [$apiKey, $secretKey];
    }

    public function sign(string|int $salt): string
    {
        $salt = (string) $salt;
        self::refuse(
            $salt === '',
            Status::EMPTY_SALT,
            'salt: must not be empty, because the server takes that for a missing salt'
        );
        self::refuse(
            $salt === '0',
            Status::ZERO_SALT,
            'salt: must not be 0, because the server takes that for a missing salt'
        );
        self::refuse(
            strlen($salt) > self::LENGTH_MAX,
            Status::SALT_TOO_LONG,
            'salt: must not be longer than 65536 bytes'
        );
        return base64_encode(hash_hmac('sha256', $salt, $this->keys()[1], true));
    }

    public function signUrlencoded(string|int $salt): string
    {
        return rawurlencode($this->sign($salt));
    }

    public function credentials(string|int|null $salt = null): array
    {
        $salt = $salt === null ? self::freshSalt() : (string) $salt;
        return ['apikey' => $this->keys()[0], 'salt' => $salt, 'signature' => $this->sign($salt)];
    }

    public function query(string|int|null $salt = null): string
    {
        return http_build_query($this->credentials($salt), '', '&', PHP_QUERY_RFC3986);
    }

    public function verify(string|int $salt, #[\SensitiveParameter] string $signature): bool
    {
        try {
            return hash_equals($this->sign($salt), $signature);
        } catch (Exception) {
            return false;
        }
    }

    private function __clone()
    {
    }

    /** @return never */
    public function __serialize(): array
    {
        throw new Exception('a signer cannot be serialized: that would write its secret key out');
    }

    /** @param array<mixed> $data */
    public function __unserialize(array $data): void
    {
        throw new Exception('a signer cannot be unserialized: make one from its keys');
    }

    /** @return array{string, string} */
    private function keys(): array
    {
        return self::$keys[$this] ?? throw new Exception('signer: was never made', Status::NULL_SIGNER);
    }

    private static function freshSalt(): string
    {
        try {
            return bin2hex(random_bytes(16));
        } catch (\Exception $e) {
            throw new Exception(
                'salt: the operating system gave no random bytes for a fresh one',
                Status::NO_RANDOMNESS,
                $e
            );
        }
    }

    private static function refuse(bool $isBroken, int $status, string $rule): void
    {
        if ($isBroken) {
            throw new Exception($rule, $status);
        }
    }
}
