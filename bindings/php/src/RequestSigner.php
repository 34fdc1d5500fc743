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

    public function __construct(private readonly Signer $signer)
    {
    }

    /**
     * The request with credentials, and a fresh salt, where the server looks for them: in the address or in the body.
     * Content-Length then fits, and a body that consists of them alone has its Content-Type.
     *
     * Sign right before sending, and anew each time: a request that is signed is refused here.
     *
     * @throws Exception as Signer::signRequest() does, and with the code 0 where a body cannot be read twice or a part
     *     of the request would not be sent as it was signed
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        return $this->insert($request, $this->insertion($request));
    }

    /**
     * What makes this request a signed one.
     *
     * @internal
     */
    public function insertion(RequestInterface $request): Insertion
    {
        $body = self::contents($request->getBody());
        $contentType = $request->getHeaderLine('Content-Type');
        if ($contentType === '' && $body === '') {
            // Where the server reads the body of such a request, the credentials alone are it.
            $contentType = self::FORM;
        }
        return $this->signer->insertion($request->getMethod(), (string) $request->getUri(), $contentType, $body);
    }

    /**
     * The request with that in it.
     *
     * @internal
     */
    public function insert(RequestInterface $request, Insertion $insertion): RequestInterface
    {
        return $insertion->inBody
            ? self::insertIntoBody($request, $insertion)
            : self::insertIntoUrl($request, $insertion);
    }

    private static function insertIntoUrl(RequestInterface $request, Insertion $insertion): RequestInterface
    {
        $url = $insertion->into((string) $request->getUri());
        $query = explode('?', explode('#', $url, 2)[0], 2)[1];
        $signed = $request->withUri($request->getUri()->withQuery($query), true);
        if ((string) $signed->getUri() !== $url) {
            throw new Exception('URI: its class ' . $request->getUri()::class . ' changes the query that was signed');
        }
        if (!str_ends_with($signed->getRequestTarget(), "?$query")) {
            throw new Exception('request target: must be that of the URI, because the credentials are in its query');
        }
        return $signed;
    }

    private static function insertIntoBody(RequestInterface $request, Insertion $insertion): RequestInterface
    {
        $body = new SignedBody($request->getBody(), $insertion);
        $signed = $request->withBody($body);
        if ($signed->getHeaderLine('Content-Type') === '') {
            $signed = $signed->withHeader('Content-Type', self::FORM);
        }
        return $signed->hasHeader('Transfer-Encoding')
            ? $signed->withoutHeader('Content-Length')
            : $signed->withHeader('Content-Length', (string) $body->getSize());
    }

    /** All of a body, which is left where it stood. */
    private static function contents(StreamInterface $body): string
    {
        $size = $body->getSize();
        if ($size === null) {
            throw new Exception('body: must be a stream that knows its size; read it into a string or a file first');
        }
        // A pipe or socket says that its size is 0, so this is asked of what seems empty too.
        if (!$body->isReadable() || !$body->isSeekable()) {
            throw new Exception('body: must be a stream that can be read and rewound, because it is read to be signed'
                . ' and again to be sent; read it into a string or a file first');
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
