<?php

declare(strict_types=1);

namespace Kayako\Sign;

use FFI;
use FFI\CData;
use WeakMap;

use function array_pop;
use function explode;
use function rawurldecode;
use function strlen;
use function strpos;
use function substr;

/**
 * Signs with an API key and a secret key.
 *
 * Make one signer and keep it, because making it prepares the secret key. It cannot be copied or serialized, and no
 * dump of it shows a key. For the same reason only === tells two signers apart: == holds for any two.
 *
 * Stack traces do not show requests, because some of them are signed already.
 */
final class Signer implements SignerInterface
{
    /** @var WeakMap<self, CData>|null the C signers, kept here because a dump or a cast shows properties */
    private static ?WeakMap $handles = null;

    /**
     * Makes a signer of the two keys, exactly as the helpdesk shows them in its admin panel, under REST API, API
     * Information. The secret key looks like base64, but must not be decoded.
     *
     * Stack traces show neither key, because people swap them.
     *
     * @throws Exception if a key is empty or too long (API key: 1024 bytes, secret key: 65536), the API key is not
     *     UTF-8, or the library cannot be loaded
     */
    public function __construct(
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] string $secretKey,
    ) {
        $handles = self::$handles ??= new WeakMap();
        if (isset($handles[$this])) {
            throw new Exception('a signer never changes: make another one for other keys');
        }
        $handles[$this] = Library::get()->signer($apiKey, $secretKey);
    }

    /**
     * Makes a signer of the keys in the environment variables KAYAKO_API_KEY and KAYAKO_SECRET_KEY.
     *
     * @throws Exception as the constructor does, and if a variable is not set
     */
    public static function fromEnv(): self
    {
        return new self(...Keys::fromEnv());
    }

    /**
     * Makes a signer of the keys in two files. One newline at the end of a file is dropped. Others must not be able to
     * read the secret key's file: run `chmod 600` on it.
     *
     * @throws Exception as the constructor does, and if a file cannot be read, begins with a byte order mark, or is
     *     open to others
     */
    public static function fromFiles(string $apiKeyFile, string $secretKeyFile): self
    {
        return new self(...Keys::fromFiles($apiKeyFile, $secretKeyFile));
    }

    public function __destruct()
    {
        $handles = self::$handles;
        $handle = $handles[$this] ?? null;
        if ($handle !== null) {
            unset($handles[$this]);
            Library::get()->call('kayako_signer_free', $handle);
        }
    }

    public function sign(string|int $salt): string
    {
        return Library::signature(self::$handles[$this] ?? null, (string) $salt);
    }

    public function signUrlencoded(string|int $salt): string
    {
        return $this->textWithSalt('kayako_signer_sign_urlencoded', $salt);
    }

    public function credentials(string|int|null $salt = null): array
    {
        return self::parse($this->query($salt));
    }

    public function query(string|int|null $salt = null): string
    {
        return $salt === null
            ? Library::get()->text('kayako_signer_credentials', $this->handle())
            : $this->textWithSalt('kayako_signer_credentials_with_salt', $salt);
    }

    /**
     * Returns credentials for many requests, each with a fresh salt. This is faster than one call for each.
     *
     * @param int $count 0 to 1000000
     * @return list<array{apikey: string, salt: string, signature: string}>
     * @throws Exception if the count is out of range, or there is no randomness for fresh salts
     */
    public function credentialsBatch(int $count): array
    {
        if ($count < 0) {
            throw new Exception('count: must not be negative', Status::BATCH_TOO_LARGE);
        }
        $text = Library::get()->text('kayako_signer_credentials_batch', $this->handle(), $count);
        if ($text === '') {
            return [];
        }
        // Parsing each line would take longer than signing. But all lines begin alike, and then have a salt of 32
        // digits, `&signature=` and an encoded signature.
        $start = strpos($text, '&salt=') + 6;
        $apiKey = rawurldecode(substr($text, 7, $start - 13));
        $signature = $start + 43;
        $lines = explode("\n", $text);
        // Nothing follows the last newline. Cutting that off first would copy the whole text.
        array_pop($lines);
        $batch = [];
        foreach ($lines as $line) {
            $batch[] = [
                'apikey' => $apiKey,
                'salt' => substr($line, $start, 32),
                'signature' => rawurldecode(substr($line, $signature)),
            ];
        }
        return $batch;
    }

    /**
     * Returns the URL of a GET or DELETE request, signed with a fresh salt. Everything else in it stays as it is.
     *
     * @param string $url absolute, of http or https
     * @throws Exception if the server would not read the credentials, or something in the URL would replace one
     */
    public function signUrl(#[\SensitiveParameter] string $url): string
    {
        return Library::get()->text('kayako_signer_sign_url', $this->handle(), $url, strlen($url));
    }

    /**
     * Returns the body of a POST or PUT of the type application/x-www-form-urlencoded, signed with a fresh salt.
     *
     * Send it with that Content-Type.
     *
     * @param array<mixed>|string $fields strings, numbers and bools, and arrays of these; or an encoded form
     * @throws Exception if a field would replace a credential or the route, or is of another type, for example null, a
     *     file or an object that is not Stringable
     */
    public function signForm(#[\SensitiveParameter] array|string $fields): string
    {
        $form = Form::encoded($fields);
        return Library::get()->text('kayako_signer_sign_form', $this->handle(), $form, strlen($form));
    }

    /**
     * Returns a request, signed with a fresh salt where the server looks for credentials: in the URL or in the body.
     * Everything else stays as it is.
     *
     * @param string $method in capitals
     * @param string $url absolute, of http or https
     * @param ?string $contentType the header's value, which decides where the server looks
     * @return array{0: string, 1: string} the URL and the body to send
     * @throws Exception if the server would not read the credentials, or something in the request would replace one
     */
    public function signRequest(
        string $method,
        #[\SensitiveParameter] string $url,
        ?string $contentType = null,
        #[\SensitiveParameter] string $body = '',
    ): array {
        $insertion = $this->insertion($method, $url, $contentType, $body);
        return $insertion->inBody ? [$url, $insertion->applyTo($body)] : [$insertion->applyTo($url), $body];
    }

    /**
     * Returns a request, signed with a fresh salt, as options for curl_setopt_array(). The options also reset what an
     * earlier request has set on the handle. Use them once, because each request needs its own signature.
     *
     * Add your own headers to theirs: `$options[CURLOPT_HTTPHEADER][] = 'Accept: application/json'`.
     *
     * @param string $method in capitals
     * @param string $url absolute, of http or https
     * @param array<mixed>|string|null $fields as CURLOPT_POSTFIELDS takes them: an array, which may hold curl's files,
     *     is sent as multipart form data, and in a PUT as a form, because the server reads no other fields of a PUT
     * @param ?string $contentType the header's value; null means that of a form, if there is a string to send
     * @return array<int, mixed>
     * @throws Exception as signRequest() and signForm() do
     */
    public function curlOptions(
        string $method,
        #[\SensitiveParameter] string $url,
        #[\SensitiveParameter] array|string|null $fields = null,
        ?string $contentType = null,
    ): array {
        return is_array($fields)
            ? CurlOptions::ofFields($this, $method, $url, $fields, $contentType)
            : CurlOptions::ofText($this, $method, $url, (string) $fields, $contentType);
    }

    /**
     * Returns the insertion that signs this request, with a fresh salt.
     *
     * @internal
     * @throws Exception as signRequest() does
     */
    public function insertion(
        string $method,
        #[\SensitiveParameter] string $url,
        ?string $contentType,
        #[\SensitiveParameter] string $body,
    ): Insertion {
        return Library::get()->insertion($this->handle(), ...self::request($method, $url, $contentType, $body));
    }

    /**
     * Returns whether the credentials of such a request go into its body; if not, they go into its URL.
     *
     * @internal
     * @throws Exception as signRequest() does
     */
    public function signsBody(
        string $method,
        #[\SensitiveParameter] string $url,
        ?string $contentType,
        bool $hasBody,
    ): bool {
        $inputs = array_slice(self::request($method, $url, $contentType, ''), 0, 6);
        return Library::get()->goesIntoBody(...$inputs, ...[(int) $hasBody]);
    }

    /**
     * Begins a large form or multipart body that is signed as it is sent.
     *
     * @internal
     * @throws Exception as signRequest() does
     */
    public function upload(string $method, #[\SensitiveParameter] string $url, ?string $contentType): Upload
    {
        $inputs = array_slice(self::request($method, $url, $contentType, ''), 0, 6);
        return Library::get()->upload($this->handle(), ...$inputs);
    }

    public function verify(string|int $salt, #[\SensitiveParameter] string $signature): bool
    {
        $salt = (string) $salt;
        $inputs = [$salt, strlen($salt), $signature, strlen($signature)];
        return Library::get()->call('kayako_signer_verify', $this->handle(), ...$inputs) === Status::OK;
    }

    /**
     * Diagnoses a signature of a salt. Give both as they arrive at the server, decoded once.
     *
     * @throws Exception if the salt is longer than 65536 bytes
     */
    public function diagnose(string|int $salt, #[\SensitiveParameter] string $signature): Diagnosis
    {
        $salt = (string) $salt;
        $inputs = [$salt, strlen($salt), $signature, strlen($signature)];
        return Library::get()->diagnosis('kayako_signer_diagnose', $this->handle(), ...$inputs);
    }

    /**
     * Returns what the server would answer to a request as it was sent, and why.
     *
     * @param string $url absolute, or the path and query alone
     * @throws Exception if an argument is too long, or one other than the body is not UTF-8 text
     */
    public function diagnoseRequest(
        string $method,
        #[\SensitiveParameter] string $url,
        ?string $contentType = null,
        #[\SensitiveParameter] string $body = '',
    ): Diagnosis {
        $inputs = self::request($method, $url, $contentType, $body);
        return Library::get()->diagnosis('kayako_signer_diagnose_request', $this->handle(), ...$inputs);
    }

    /**
     * Returns a fresh salt: 32 lower-case hexadecimal digits, straight from the operating system.
     *
     * @throws Exception if the operating system gives no randomness, or the library cannot be loaded
     */
    public static function generateSalt(): string
    {
        return Library::get()->text('kayako_salt_generate');
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

    private function handle(): ?CData
    {
        return self::$handles[$this] ?? null;
    }

    private function textWithSalt(string $function, string|int $salt): string
    {
        $salt = (string) $salt;
        return Library::get()->text($function, $this->handle(), $salt, strlen($salt));
    }

    /**
     * Returns a request as arguments for the library: each part with its length.
     *
     * @return list<string|int|null>
     */
    private static function request(
        string $method,
        #[\SensitiveParameter] string $url,
        ?string $contentType,
        #[\SensitiveParameter] string $body,
    ): array {
        return [
            $method, strlen($method),
            $contentType, strlen($contentType ?? ''),
            $url, strlen($url),
            $body, strlen($body),
        ];
    }

    /**
     * Parses a result of query(). PHP's own parse_str() obeys the host's settings and filters.
     *
     * @return array{apikey: string, salt: string, signature: string}
     */
    private static function parse(#[\SensitiveParameter] string $query): array
    {
        $credentials = [];
        foreach (explode('&', $query) as $parameter) {
            [$name, $value] = explode('=', $parameter, 2);
            $credentials[$name] = rawurldecode($value);
        }
        return $credentials;
    }
}
