<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\Handler\MockHandler;
use Kayako\Sign\Exception;
use Kayako\Sign\GuzzleMiddleware;
use Kayako\Sign\Signer;
use PHPUnit\Framework\TestCase;

/**
 * Makes Guzzle clients that sign, and records the requests that they send.
 */
abstract class GuzzleTestCase extends TestCase
{
    protected const HELPDESK = 'https://help.example.com/api/index.php';

    protected static StandIn $standIn;
    protected static Origin $origin;
    protected static Origin $other;

    protected Signer $signer;
    protected Recorder $recorder;

    public static function setUpBeforeClass(): void
    {
        self::$standIn = new StandIn();
        self::$origin = new Origin();
        self::$other = new Origin();
    }

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
        $this->recorder = new Recorder();
    }

    /** Returns a client of the stand-in helpdesk. */
    protected function client(): Client
    {
        $stack = GuzzleMiddleware::stack($this->signer, self::$standIn->url, $this->recorder);
        return new Client(['base_uri' => self::$standIn->url . '/api/index.php', 'handler' => $stack]);
    }

    /**
     * Returns a client of a helpdesk that gives these answers.
     *
     * @param list<mixed> $answers
     */
    protected function mocked(array $answers, string $helpdesk = self::HELPDESK): Client
    {
        $this->recorder = new Recorder(new MockHandler($answers));
        $stack = GuzzleMiddleware::stack($this->signer, $helpdesk, $this->recorder);
        return new Client(['base_uri' => self::HELPDESK, 'handler' => $stack]);
    }

    /** @return list<bool> for each request that was sent, whether it has credentials */
    protected function signed(): array
    {
        return array_map(fn ($salt) => $salt !== '', $this->recorder->salts());
    }

    protected function assertFreshSalts(int $count): void
    {
        $this->assertCount($count, array_unique(array_filter($this->recorder->salts())));
    }

    protected function assertShowsNoSalt(string $shown): void
    {
        $this->assertDoesNotMatchRegularExpression('/[0-9a-f]{32}/', $shown);
    }

    /** Returns the message of the refusal. */
    protected function assertRefused(int $code, callable $call): string
    {
        try {
            $call();
        } catch (Exception $e) {
            $this->assertSame($code, $e->getCode(), $e->getMessage());
            $this->assertShowsNoSalt($e->getMessage());
            return $e->getMessage();
        }
        $this->fail("not refused with $code");
    }
}
