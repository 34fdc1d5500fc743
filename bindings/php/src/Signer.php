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
 * An API key and a prepared secret key: what signs.
 *
 * Make one and keep it: the secret key is prepared once. It cannot be copied or serialized, and nothing that shows its
 * contents shows a key. For the same reason two signers are told apart by ===, not by ==.
 *
 * Requests are left out of traces, because people sign those that are signed already.
 */
final class Signer implements SignerInterface
{
    /** @var WeakMap<self, CData>|null the C signers, kept here because a dump or a cast reaches a property */
    private static ?WeakMap $handles = null;

    /**
     * Takes the keys as the helpdesk shows them in its admin panel, under REST API, API Information. The secret key
     * looks like base64, but is not to be decoded.
     *
     * Both are left out of traces, because people swap them.
     *
     * @throws Exception if a key is empty or too long, the API key is not UTF-8, or the library cannot be loaded
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
     * Makes a signer with the keys in the environment variables KAYAKO_API_KEY and KAYAKO_SECRET_KEY.
     *
     * @throws Exception as the constructor does, and if a variable is not set
     */
    public static function fromEnv(): self
    {
        return new self(...Keys::fromEnv());
    }

    /**
     * Makes a signer with the keys in two files. One newline at the end of a file is left out. The secret key's must be
     * closed to others, as after `chmod 600`.
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
     * Credentials for many requests, each with a fresh salt, and faster than one by one.
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
        // Parsing each line would cost more than signing. But all begin alike, and then come a salt of 32 digits,
        // `&signature=` and an encoded signature.
        $start = strpos($text, '&salt=') + 6;
        $apiKey = rawurldecode(substr($text, 7, $start - 13));
        $signature = $start + 43;
        $lines = explode("\n", $text);
        // Behind the last newline is nothing. To cut that off before would copy the whole text.
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
     * The address of a GET or DELETE request, signed with a fresh salt. All else in it stays as it is.
     *
     * @param string $url absolute, of http or https
     * @throws Exception if the server would not read the credentials, or something in the address would replace one
     */
    public function signUrl(#[\SensitiveParameter] string $url): string
    {
        return Library::get()->text('kayako_signer_sign_url', $this->handle(), $url, strlen($url));
    }

    /**
     * The body of a POST or PUT request of the type application/x-www-form-urlencoded, signed with a fresh salt.
     *
     * Send it with that Content-Type.
     *
     * @param array<mixed>|string $fields text, numbers and bools, and arrays of these; or the form as it is sent
     * @throws Exception if a field would replace a credential or the route, or is of another kind, such as null, an
     *     object that is no text, or a file
     */
    public function signForm(#[\SensitiveParameter] array|string $fields): string
    {
        $form = Form::encoded($fields);
        return Library::get()->text('kayako_signer_sign_form', $this->handle(), $form, strlen($form));
    }

    /**
     * Any request, signed with a fresh salt where the server looks for credentials: in the address or in the body. The
     * other of the two, and all else in the one, stays as it is.
     *
     * @param string $method in capitals
     * @param string $url absolute, of http or https
     * @param ?string $contentType the header's value, which decides where the server looks
     * @return array{0: string, 1: string} the address and the body to send
     * @throws Exception if the server would not read the credentials, or something in the request would replace one
     */
    public function signRequest(
        string $method,
        #[\SensitiveParameter] string $url,
        ?string $contentType = null,
        #[\SensitiveParameter] string $body = '',
    ): array {
        $insertion = $this->insertion($method, $url, $contentType, $body);
        return $insertion->inBody ? [$url, $insertion->into($body)] : [$insertion->into($url), $body];
    }

    /**
     * Returns a request, signed with a fresh salt, as options for curl_setopt_array(). They leave nothing of an earlier
     * request of the handle in force, and are good for one: a signature is for one request.
     *
     * Headers of yours go behind theirs: `$options[CURLOPT_HTTPHEADER][] = 'Accept: application/json'`.
     *
     * @param string $method in capitals
     * @param string $url absolute, of http or https
     * @param array<mixed>|string|null $fields as CURLOPT_POSTFIELDS takes them: an array, with files of curl's in it,
     *     goes as multipart form data, and that of a PUT as a form, because no other of a PUT is read
     * @param ?string $contentType the header's value; a form where there is a text and none is given
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
     * What makes this request a signed one.
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
     * Whether credentials go into the body of such a request, and not into its URL.
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
     * What a large body of form or multipart type needs.
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
     * What the server thinks of a signature of the salt as it arrives there, decoded once, and so why it refuses it.
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
     * What the server would answer to a request as it was sent, and why.
     *
     * @param string $url absolute, or the path and query alone
     * @throws Exception if an argument is too long, or one but the body is not UTF-8 text
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
     * A fresh salt: 32 lower-case hexadecimal digits, straight from the operating system.
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
     * A request as the library takes it.
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
     * Reads what query() writes. PHP's own parse_str() obeys settings and filters of the host.
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
