<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\PlainSigner;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

/**
 * The vectors that all languages share, and random ones against PHP's own HMAC.
 */
final class ConformanceTest extends TestCase
{
    /** @dataProvider vectors */
    public function testVectorHolds(Vector $vector): void
    {
        foreach ([Signer::class, PlainSigner::class] as $class) {
            // Compared here, because an assertion would print a signature.
            $holds = self::outcome($vector, $class) === self::expected($vector);
            $this->assertTrue($holds, "$vector->title: not as in vectors.tsv with $class");
        }
    }

    /** @dataProvider vectors */
    public function testBothSignersRefuseAVectorInTheSameWords(Vector $vector): void
    {
        [$signer, $plain] = [self::message($vector, Signer::class), self::message($vector, PlainSigner::class)];
        $this->assertSame($signer, $plain);
    }

    /** @return iterable<string, array{Vector}> */
    public function vectors(): iterable
    {
        foreach (Vector::all() as $vector) {
            yield $vector->title => [$vector];
        }
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

    /** @return list<mixed> the status, and what came out */
    private static function outcome(Vector $vector, string $class): array
    {
        try {
            $signer = new $class($vector->apiKey, $vector->secretKey);
            return match ($vector->operation) {
                'signer' => [Status::OK, ''],
                'sign' => [Status::OK, $signer->sign($vector->salt)],
                'sign_urlencoded' => [Status::OK, $signer->signUrlencoded($vector->salt)],
                'query' => [Status::OK, $signer->query($vector->salt)],
                'credentials' => [Status::OK, $signer->credentials($vector->salt)],
                'verify' => [$signer->verify($vector->salt, $vector->signature) ? Status::OK : Status::REFUSED, ''],
            };
        } catch (Exception $e) {
            return [$e->getCode(), ''];
        }
    }

    private static function message(Vector $vector, string $class): ?string
    {
        try {
            (new $class($vector->apiKey, $vector->secretKey))->query($vector->salt);
            return null;
        } catch (Exception $e) {
            return $e->getMessage();
        }
    }

    /** @return list<mixed> */
    private static function expected(Vector $vector): array
    {
        $status = constant(Status::class . '::' . substr($vector->status, strlen('KAYAKO_')));
        $succeeds = $vector->operation === 'credentials' && $status === Status::OK;
        return [$status, $succeeds ? json_decode($vector->output, true) : $vector->output];
    }
}
