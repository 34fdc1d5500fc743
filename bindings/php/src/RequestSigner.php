<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamInterface;

/**
 * Signs requests of PSR-7.
 */
final class RequestSigner
{
    private const FORM = 'application/x-www-form-urlencoded';

    /** Up to this size in bytes a body is read before it is sent, so that it is refused before anything is sent. */
    private const IN_MEMORY = 1 << 20;

    public function __construct(private readonly Signer $signer)
    {
    }

    /**
     * Returns the request with credentials, and a fresh salt, where the server looks for them: in the URL or in the
     * body. Content-Length then fits, and a body that consists of them alone has its Content-Type.
     *
     * A body that the server reads is read here to be signed, and again to be sent. So it must be a stream that can be
     * rewound. A form or multipart body above 1 MiB is not held in memory.
     *
     * Sign right before sending, and again each time: a request that is signed is refused here.
     *
     * @throws Exception as Signer::signRequest() does, and with a code that is no status where a part of the request
     *     would not be sent as it was signed
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        return $this->signed($request)[0];
    }

    /**
     * Returns the signed request, and what was inserted.
     *
     * A body that is refused as it is sent ends there, and to most clients that is its end: they send what they have as
     * the whole. So it is read before, unless the caller can break the request off.
     *
     * @internal
     * @return array{RequestInterface, Insertion}
     */
    public function signed(RequestInterface $request, bool $canBreakOff = false): array
    {
        $body = $request->getBody();
        $url = (string) $request->getUri();
        $contentType = $request->getHeaderLine('Content-Type');
        // A pipe says that its size is 0.
        $hasBody = $body->getSize() !== 0 || !$body->isSeekable();
        if ($contentType === '' && !$hasBody) {
            // Where the server reads the body of such a request, the credentials alone are it.
            $contentType = self::FORM;
        }
        $head = [$request->getMethod(), $url, $contentType];
        if (!$this->signer->signsBody(...$head, ...[$hasBody])) {
            $insertion = $this->signer->insertion(...$head, ...['']);
            return [self::insertIntoUrl($request, $insertion), $insertion];
        }
        $upload = self::isStreamed($body) ? $this->upload($head) : null;
        if ($upload === null) {
            $insertion = $this->signer->insertion(...$head, ...[self::contents($body)]);
        } else {
            $insertion = new Insertion(true, 0, $upload->text);
            $body = new CheckedBody($body, $upload, fn () => $this->signer->upload(...$head));
            if (!$canBreakOff) {
                self::readToItsEnd($body);
            }
        }
        return [self::insertIntoBody($request, $body, $insertion), $insertion];
    }

    /**
     * What a body needs to be signed as it is sent; null where credentials do not go before it, as with JSON.
     *
     * @param array{string, string, string} $head
     */
    private function upload(#[\SensitiveParameter] array $head): ?Upload
    {
        try {
            return $this->signer->upload(...$head);
        } catch (Exception $e) {
            return $e->getCode() === Status::UPLOAD_UNSUPPORTED ? null : throw $e;
        }
    }

    private static function readToItsEnd(CheckedBody $body): void
    {
        if (!$body->isSeekable()) {
            throw new Exception('body: must be a stream that can be rewound, because it is read to be signed and again'
                . ' to be sent; read it into a string or a file first');
        }
        while (!$body->eof()) {
            $body->read(1 << 16);
        }
        $body->rewind();
    }

    private static function isStreamed(StreamInterface $body): bool
    {
        return !$body->isSeekable() || $body->getSize() === null || $body->getSize() > self::IN_MEMORY;
    }

    private static function insertIntoUrl(RequestInterface $request, Insertion $insertion): RequestInterface
    {
        $url = $insertion->into((string) $request->getUri());
        $query = explode('?', explode('#', $url, 2)[0], 2)[1];
        $signed = $request->withUri($request->getUri()->withQuery($query), true);
        if ((string) $signed->getUri() !== $url) {
            throw new Exception('URL: its class ' . $request->getUri()::class . ' changes the query that was signed');
        }
        if (!str_ends_with($signed->getRequestTarget(), "?$query")) {
            throw new Exception('request target: must be that of the URL, because the credentials are in its query');
        }
        return $signed;
    }

    private static function insertIntoBody(
        RequestInterface $request,
        StreamInterface $body,
        Insertion $insertion,
    ): RequestInterface {
        $length = $request->getHeaderLine('Content-Length');
        $body = new SignedBody($body, $insertion);
        $signed = $request->withBody($body);
        if ($signed->getHeaderLine('Content-Type') === '') {
            $signed = $signed->withHeader('Content-Type', self::FORM);
        }
        if ($signed->hasHeader('Transfer-Encoding')) {
            return $signed->withoutHeader('Content-Length');
        }
        $length = $body->getSize() ?? (ctype_digit($length) ? (int) $length + strlen($insertion->text) : null);
        return $length === null ? $signed : $signed->withHeader('Content-Length', (string) $length);
    }

    /** Returns all of a body, which is left where it stood. */
    private static function contents(StreamInterface $body): string
    {
        $size = $body->getSize();
        if (!$body->isReadable() || !$body->isSeekable() || $size === null) {
            throw new Exception('body: must be a stream that can be rewound and knows its size, because JSON is read as'
                . ' a whole to be signed; read it into a string first');
        }
        $position = $body->tell();
        $body->rewind();
        $contents = $body->getContents();
        $body->seek($position);
        if (strlen($contents) !== $size) {
            throw new Exception('body: must be a stream of the size that it says it has');
        }
        return $contents;
    }
}
