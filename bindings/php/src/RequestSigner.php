<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamInterface;

/**
 * Signs PSR-7 requests.
 */
final class RequestSigner
{
    private const FORM = 'application/x-www-form-urlencoded';

    /** A body of at most this many bytes is read before it is sent, so that it is refused before anything is sent. */
    private const IN_MEMORY = 1 << 20;

    public function __construct(private readonly Signer $signer)
    {
    }

    /**
     * Returns the request, signed with a fresh salt where the server looks for credentials: in the URL or in the body.
     * Content-Length is updated, and a body that consists of the credentials alone gets its Content-Type.
     *
     * A body that gets credentials is read here to be signed, and again to be sent. So it must be a stream that can be
     * rewound. A form or multipart body above 1 MiB is not held in memory.
     *
     * Sign right before sending, and sign each attempt from the unsigned request: a signed one is refused here.
     *
     * @throws Exception as Signer::signRequest() does, and with the code NO_STATUS if a part of the request would not
     *     be sent as it was signed
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        return $this->signed($request)[0];
    }

    /**
     * Returns the signed request and the insertion.
     *
     * If a body is refused as it is sent, most clients take that for its end and send what they have as the whole. So
     * it is read before it is sent, unless the caller can abort the request.
     *
     * @internal
     * @return array{RequestInterface, Insertion}
     */
    public function signed(RequestInterface $request, bool $canAbort = false): array
    {
        $body = $request->getBody();
        $url = (string) $request->getUri();
        $contentType = $request->getHeaderLine('Content-Type');
        // A pipe reports a size of 0 bytes.
        $hasBody = $body->getSize() !== 0 || !$body->isSeekable();
        if ($contentType === '' && !$hasBody) {
            // If the server reads the body of such a request, it consists of the credentials alone.
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
            if (!$canAbort) {
                self::readToEnd($body);
            }
        }
        return [self::insertIntoBody($request, $body, $insertion), $insertion];
    }

    /**
     * Begins a body that is signed as it is sent. Returns null if credentials do not go before it, as with JSON.
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

    private static function readToEnd(CheckedBody $body): void
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
        $url = $insertion->applyTo((string) $request->getUri());
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

    /** Returns the whole body, and leaves its position as it was. */
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
