<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * A request of Symfony's client, with its full URL and with its body as it is sent.
 *
 * @internal
 */
final class SymfonyRequest
{
    private const FORM = 'application/x-www-form-urlencoded';
    private const REDIRECTS = 20;

    /** The options that are in the URL, the headers and the body already. */
    private const USED = ['query', 'base_uri', 'headers', 'normalized_headers', 'body', 'json', 'max_redirects'];

    /**
     * @param list<string> $headers as lines
     * @param string|resource|\Closure(int): string|SymfonyUpload $body
     * @param array<string, mixed> $options the caller's
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        private readonly array $headers,
        private readonly mixed $body,
        private readonly array $options,
    ) {
    }

    public function maxRedirects(): int
    {
        return $this->options['max_redirects'] ?? self::REDIRECTS;
    }

    /** Returns the options for the other client. It follows no redirects, which would take the credentials along. */
    public function options(Redaction $redaction): array
    {
        $upload = $this->body instanceof SymfonyUpload ? $this->body : null;
        $options = ['headers' => $this->headers, 'max_redirects' => 0];
        $options['body'] = $upload === null ? $this->body : $upload->read(...);
        $options += array_diff_key($this->options, array_flip(self::USED));
        $onProgress = $options['on_progress'] ?? null;
        if ($onProgress !== null || $upload !== null) {
            $progress = [$onProgress, $upload, $redaction];
            $options['on_progress'] = static function (int $now, int $size, array $info) use ($progress): void {
                [$onProgress, $upload, $redaction] = $progress;
                $upload?->requireAccepted();
                $onProgress === null || $onProgress($now, $size, $redaction->info($info));
            };
        }
        return $options;
    }

    /** Returns the request, signed with a fresh salt where the server looks for credentials. */
    public function signed(Signer $signer, Redaction $redaction): self
    {
        // Symfony's clients send a body with this type. If there is none, the credentials may become the body.
        $contentType = $this->header('Content-Type') ?? self::FORM;
        $hasBody = $this->body !== '';
        $head = [$this->method, $this->url, $contentType];
        if (!$signer->signsBody(...$head, ...[$hasBody])) {
            $insertion = $signer->insertion(...$head, ...['']);
            $redaction->add($insertion);
            return $this->with($insertion->applyTo($this->url), $this->body, $hasBody ? $contentType : null);
        }
        if (is_string($this->body)) {
            $insertion = $signer->insertion(...$head, ...[$this->body]);
            $redaction->add($insertion);
            return $this->with($this->url, $insertion->applyTo($this->body), $contentType);
        }
        $upload = $signer->upload(...$head);
        $redaction->add(new Insertion(true, 0, $upload->text));
        $size = $this->header('Content-Length');
        $body = new SymfonyUpload($upload, $this->body, $size === null ? null : (int) $size);
        return $this->with($this->url, $body, $contentType, strlen($upload->text));
    }

    /** Returns the request after a redirect, as curl and browsers send it. */
    public function redirected(int $status, string $url): self
    {
        $toGet = $status === 303 || ($this->method === 'POST' && in_array($status, [301, 302], true));
        $body = $toGet ? '' : $this->body;
        if ($body instanceof \Closure || (is_resource($body) && !stream_get_meta_data($body)['seekable'])) {
            throw new Exception('redirect: not followed, because the body cannot be read again');
        }
        if (is_resource($body)) {
            rewind($body);
        }
        $dropped = $toGet ? ['Content-Type', 'Content-Length', 'Transfer-Encoding'] : [];
        if (!(new Helpdesk($this->url))->has($url)) {
            array_push($dropped, 'Host', 'Authorization', 'Cookie');
        }
        $options = in_array('Host', $dropped, true) ? ['auth_basic' => 0, 'auth_bearer' => 0] : [];
        return new self(
            $toGet && $this->method !== 'HEAD' ? 'GET' : $this->method,
            $url,
            $this->headersWithout(...$dropped),
            $body,
            array_diff_key($this->options, $options)
        );
    }

    /** @param ?string $contentType null for a request without a body */
    private function with(string $url, mixed $body, ?string $contentType, int $more = 0): self
    {
        $headers = $this->headers;
        if ($contentType !== null) {
            $length = $this->header('Content-Length');
            $headers = [...$this->headersWithout('Content-Type', 'Content-Length'), "Content-Type: $contentType"];
            if ($length !== null && !is_string($body)) {
                $headers[] = 'Content-Length: ' . ((int) $length + $more);
            }
        }
        return new self($this->method, $url, $headers, $body, $this->options);
    }

    private function header(string $name): ?string
    {
        $lines = preg_grep("/^$name:/i", $this->headers);
        return $lines === [] ? null : trim(substr(current($lines), strlen($name) + 1));
    }

    /** @return list<string> */
    private function headersWithout(string ...$names): array
    {
        return $names === []
            ? $this->headers
            : array_values(preg_grep('/^(' . implode('|', $names) . '):/i', $this->headers, PREG_GREP_INVERT));
    }
}
