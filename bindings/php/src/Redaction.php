<?php

declare(strict_types=1);

namespace Kayako\Sign;

use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/**
 * Removes the credentials of sent requests from answers and errors, because a signature never expires and errors are
 * logged.
 *
 * @internal
 */
final class Redaction
{
    /** A text that was URL-encoded up to this many times is still found. */
    private const DEPTH = 3;

    /** @var array<string, string> the texts to replace, each with its replacement */
    private array $replacements = [];

    /** @var list<string> the texts that were inserted, also without the separators around them */
    private array $runs = [];

    /** @var list<string> the salts, which no encoding changes */
    private array $salts = [];

    public function __construct(?Insertion $insertion = null)
    {
        if ($insertion !== null) {
            $this->add($insertion);
        }
    }

    /** Adds the credentials of one more request, for example after a redirect. */
    public function add(Insertion $insertion): void
    {
        preg_match('/salt[^0-9a-f]+([0-9a-f]{32})/', $insertion->text, $salt);
        preg_match('~signature[^\w+/%]+((?:[\w+/]|%2[BF])+(?:=|%3D))~', $insertion->text, $signature);
        $runs = [$insertion->text, trim($insertion->text, '?&')];
        $texts = array_fill_keys($runs, '') + [$salt[1] => '…', rawurldecode($signature[1] ?? '') => '…'];
        unset($texts['']);
        foreach ($texts as $text => $replacement) {
            for ($depth = 0; $depth <= self::DEPTH; $depth++, $text = rawurlencode($text)) {
                $this->replacements[$text] = $replacement;
            }
        }
        array_push($this->runs, ...$runs);
        $this->salts[] = $salt[1];
    }

    /** Returns a text without the credentials. */
    public function text(#[\SensitiveParameter] string $text): string
    {
        // strtr() replaces the longest text first.
        return strtr($text, $this->replacements);
    }

    /**
     * Returns the Location of a redirect without the credentials.
     *
     * @throws Exception if it shows them in another form than they were sent
     */
    public function location(#[\SensitiveParameter] string $location): string
    {
        $location = str_replace($this->runs, '', $location);
        foreach ($this->salts as $salt) {
            if (str_contains($location, $salt)) {
                $message = 'redirect: not followed, because its URL shows the credentials of this request';
                // The stack trace holds the answer, which shows them.
                throw $this->error(new Exception($message));
            }
        }
        return $location;
    }

    /** Returns the answer without credentials in its Location. */
    public function response(#[\SensitiveParameter] ResponseInterface $response): ResponseInterface
    {
        if (!$response->hasHeader('Location')) {
            return $response;
        }
        $location = $response->getHeaderLine('Location');
        $isRedirect = intdiv($response->getStatusCode(), 100) === 3;
        return $response->withHeader('Location', $isRedirect ? $this->location($location) : $this->text($location));
    }

    /** Returns a value without the credentials: a string, an array, or the caller's request for the signed one. */
    public function value(#[\SensitiveParameter] mixed $value, ?RequestInterface $request = null): mixed
    {
        return match (true) {
            is_string($value) => $this->text($value),
            is_array($value) => array_map(fn ($item) => $this->value($item, $request), $value),
            $value instanceof RequestInterface => $request ?? $value,
            default => $value,
        };
    }

    /** Returns the info of one of Symfony's responses without the credentials. */
    public function info(#[\SensitiveParameter] array $info): array
    {
        if (isset($info['pause_handler'])) {
            // A dump of the closure would show everything that its client is sending.
            $info['pause_handler'] = self::sealed($info['pause_handler']);
        }
        if (isset($info['previous_info'])) {
            $info['previous_info'] = array_map($this->info(...), $info['previous_info']);
        }
        return $this->value($info);
    }

    /**
     * Removes the credentials from an error and its causes, and returns the same object. There are two exceptions: if
     * a cause is an Exception of this package, it is returned; and an error that cannot be changed becomes such an
     * Exception.
     */
    public function error(#[\SensitiveParameter] \Throwable $error, ?RequestInterface $request = null): \Throwable
    {
        try {
            for ($cause = $error; $cause !== null; $cause = $cause->getPrevious()) {
                $this->clean($cause, $request);
                if ($cause instanceof Exception) {
                    return $cause;
                }
            }
            return $error;
        } catch (\Error) {
            return new Exception($error::class . ': ' . $this->text($error->getMessage()));
        }
    }

    /** Returns a closure that does the same, and of which a dump shows nothing. */
    private static function sealed(\Closure $function): \Closure
    {
        $seal = new class ($function) {
            public function __construct(private readonly \Closure $function)
            {
            }

            public function __invoke(mixed ...$arguments): mixed
            {
                return ($this->function)(...$arguments);
            }

            public function __debugInfo(): array
            {
                return [];
            }
        };
        return $seal->__invoke(...);
    }

    private function clean(#[\SensitiveParameter] \Throwable $error, ?RequestInterface $request): void
    {
        for ($class = new \ReflectionClass($error); $class !== false; $class = $class->getParentClass()) {
            foreach ($class->getProperties() as $property) {
                if ($property->isStatic() || !$property->isInitialized($error)) {
                    continue;
                }
                $value = $property->getValue($error);
                $clean = $property->name === 'trace' && is_array($value)
                    ? array_map(static fn ($frame) => array_diff_key((array) $frame, ['args' => 0]), $value)
                    : $this->value($value, $request);
                if ($clean !== $value) {
                    $property->setValue($error, $clean);
                }
            }
        }
    }

    /** Shows nothing, because PHP's stack traces dump what a closure holds. */
    public function __debugInfo(): array
    {
        return [];
    }
}
