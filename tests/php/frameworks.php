<?php

/**
 * The parts of Laravel and WordPress that the README's examples call, over the clients that both use. They add the same
 * to a request as the two do.
 */

declare(strict_types=1);

// These are loaded together, so they are in one file.
// phpcs:disable PSR1

namespace Illuminate\Support\Facades {
    use GuzzleHttp\Client;
    use GuzzleHttp\HandlerStack;
    use Psr\Http\Message\ResponseInterface;

    final class Http
    {
        private string $format = 'json';

        private function __construct(private readonly \Closure $handler)
        {
        }

        public static function setHandler(callable $handler): self
        {
            return new self($handler(...));
        }

        public function asForm(): self
        {
            $this->format = 'form_params';
            return $this;
        }

        public function get(string $url): object
        {
            return $this->send('GET', $url, []);
        }

        public function post(string $url, array $data): object
        {
            return $this->send('POST', $url, [$this->format => $data]);
        }

        private function send(string $method, string $url, array $options): object
        {
            $client = new Client(['handler' => HandlerStack::create($this->handler), 'cookies' => true]);
            $options += ['http_errors' => false, 'on_stats' => static fn () => null];
            $response = $client->request($method, $url, $options);
            return new class ($response) {
                public function __construct(private readonly ResponseInterface $response)
                {
                }

                public function status(): int
                {
                    return $this->response->getStatusCode();
                }
            };
        }
    }
}

namespace {
    function wp_remote_get(string $url, array $arguments = []): array
    {
        return wp_remote_request($url, ['method' => 'GET'] + $arguments);
    }

    function wp_remote_post(string $url, array $arguments = []): array
    {
        return wp_remote_request($url, ['method' => 'POST'] + $arguments);
    }

    function wp_remote_request(string $url, array $arguments): array
    {
        $headers = [];
        foreach ($arguments['headers'] ?? [] as $name => $value) {
            $headers[] = "$name: $value";
        }
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $arguments['method'],
            CURLOPT_FOLLOWLOCATION => $arguments['redirection'] > 0,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
        ] + (isset($arguments['body']) ? [CURLOPT_POSTFIELDS => $arguments['body']] : []));
        $body = curl_exec($curl);
        return ['body' => $body, 'response' => ['code' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE)]];
    }

    function wp_remote_retrieve_response_code(array $response): int
    {
        return $response['response']['code'];
    }
}
