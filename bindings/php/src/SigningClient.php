<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/**
 * A PSR-18 client that signs each request with a fresh salt and sends it by another client.
 *
 *     $client = new SigningClient(new GuzzleHttp\Client(), $signer, 'https://help.example.com');
 *
 * Only the helpdesk's origin (scheme, host and port) gets credentials; a request to another origin is refused. The
 * other client must follow no redirects and must not retry, because it would send the same credentials again.
 */
final class SigningClient implements ClientInterface
{
    /** Clients that follow redirects to any origin and take the body along. */
    private const FOLLOWING = [
        'Symfony\Component\HttpClient\Psr18Client', 'Symfony\Component\HttpClient\HttplugClient',
    ];

    private readonly RequestSigner $signer;
    private readonly Helpdesk $helpdesk;

    /**
     * @param string $helpdesk any URL of the helpdesk
     * @throws Exception if the URL is not absolute, or the client follows redirects
     */
    public function __construct(private readonly ClientInterface $client, Signer $signer, string $helpdesk)
    {
        foreach (self::FOLLOWING as $class) {
            if (is_a($client, $class)) {
                throw new Exception("client: must not follow redirects, as $class does; give it a SigningHttpClient");
            }
        }
        $this->signer = new RequestSigner($signer);
        $this->helpdesk = new Helpdesk($helpdesk);
    }

    /** @throws RequestException if the request cannot be signed, or its answer shows its credentials */
    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        try {
            $this->helpdesk->require((string) $request->getUri());
            [$signed, $insertion] = $this->signer->signed($request);
        } catch (Exception $e) {
            throw new RequestException($request, $e);
        }
        return $this->send($request, $signed, new Redaction($insertion));
    }

    private function send(
        RequestInterface $request,
        #[\SensitiveParameter] RequestInterface $signed,
        Redaction $redaction,
    ): ResponseInterface {
        try {
            return $redaction->response($this->client->sendRequest($signed));
        } catch (\Throwable $e) {
            $error = $redaction->error($e, $request);
            throw $error instanceof Exception ? new RequestException($request, $error) : $error;
        }
    }
}
