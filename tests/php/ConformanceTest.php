<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\PlainSigner;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

/**
 * Tests the vectors that all languages share, and random pairs against PHP's own HMAC.
 */
final class ConformanceTest extends TestCase
{
    /** @dataProvider vectors */
    public function testVectorHolds(object $row): void
    {
        foreach ([Signer::class, PlainSigner::class] as $class) {
            // Compared here, because an assertion would print a signature.
            $holds = self::outcome($row, $class) === self::expected($row);
            $this->assertTrue($holds, "$row->name, $row->operation: not as in vectors.tsv with $class");
        }
    }

    /** @dataProvider vectors */
    public function testBothSignersRefuseAVectorWithTheSameMessage(object $row): void
    {
        [$signer, $plain] = [self::message($row, Signer::class), self::message($row, PlainSigner::class)];
        $this->assertSame($signer, $plain);
    }

    /** @return iterable<string, array{object}> */
    public function vectors(): iterable
    {
        return Table::rows('vectors.tsv');
    }

    public function testTenThousandRandomPairsAreSignedAsHashHmacSignsThem(): void
    {
        for ($i = 0; $i < 10_000; $i++) {
            // Two bytes at least, so never the salt 0.
            $secretKey = random_bytes(random_int(2, 200));
            $salt = random_bytes(random_int(2, 200));
            $expected = base64_encode(hash_hmac('sha256', $salt, $secretKey, true));
            $signer = new Signer('apikey', $secretKey);
            $plain = new PlainSigner('apikey', $secretKey);
            $sizes = strlen($secretKey) . ' bytes of secret key, ' . strlen($salt) . ' of salt';
            $this->assertTrue($signer->sign($salt) === $expected, "sign with $sizes");
            $this->assertTrue($signer->query($salt) === $plain->query($salt), "query with $sizes");
            $this->assertTrue($signer->verify($salt, $expected), "verify with $sizes");
        }
    }

    /** @return list<mixed> the status and the result */
    private static function outcome(object $row, string $class): array
    {
        try {
            $signer = new $class($row->api_key, $row->secret_key);
            return match ($row->operation) {
                'signer' => [Status::OK, ''],
                'sign' => [Status::OK, $signer->sign($row->salt)],
                'sign_urlencoded' => [Status::OK, $signer->signUrlencoded($row->salt)],
                'query' => [Status::OK, $signer->query($row->salt)],
                'credentials' => [Status::OK, $signer->credentials($row->salt)],
                'verify' => [$signer->verify($row->salt, $row->signature) ? Status::OK : Status::REFUSED, ''],
            };
        } catch (Exception $e) {
            return [$e->getCode(), ''];
        }
    }

    private static function message(object $row, string $class): ?string
    {
        try {
            (new $class($row->api_key, $row->secret_key))->query($row->salt);
            return null;
        } catch (Exception $e) {
            return $e->getMessage();
        }
    }

    /** @return list<mixed> */
    private static function expected(object $row): array
    {
        $status = constant(Status::class . '::' . substr($row->status, strlen('KAYAKO_')));
        $succeeds = $row->operation === 'credentials' && $status === Status::OK;
        return [$status, $succeeds ? json_decode($row->output, true) : $row->output];
    }
}
