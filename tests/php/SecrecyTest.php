<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\PlainSigner;
use Kayako\Sign\Signer;
use Kayako\Sign\SignerInterface;
use PHPUnit\Framework\TestCase;

/**
 * Tests that a signer cannot be copied or serialized, and that nothing that PHP prints shows its keys.
 */
final class SecrecyTest extends TestCase
{
    private const API_KEY = 'the-api-key';
    private const SECRET_KEY = 'the-secret-key';

    private Signer $signer;

    protected function setUp(): void
    {
        $this->signer = new Signer(self::API_KEY, self::SECRET_KEY);
    }

    /** @return iterable<string, array{SignerInterface}> */
    public function signers(): iterable
    {
        yield 'Signer' => [new Signer(self::API_KEY, self::SECRET_KEY)];
        yield 'PlainSigner' => [new PlainSigner(self::API_KEY, self::SECRET_KEY)];
    }

    /** @dataProvider signers */
    public function testASignerCannotBeCloned(SignerInterface $signer): void
    {
        $this->assertFalse((new \ReflectionClass($signer))->isCloneable());
        $this->expectException(\Error::class);
        clone $signer;
    }

    /** @dataProvider signers */
    public function testASignerCannotBeSerialized(SignerInterface $signer): void
    {
        $this->expectException(Exception::class);
        $this->expectExceptionMessage('cannot be serialized');
        serialize([$signer]);
    }

    /** @dataProvider signers */
    public function testASignerCannotBeUnserialized(SignerInterface $signer): void
    {
        $this->expectException(Exception::class);
        $this->expectExceptionMessage('cannot be unserialized');
        unserialize(sprintf('O:%d:"%s":0:{}', strlen($signer::class), $signer::class));
    }

    /** @dataProvider signers */
    public function testADumpOfASignerShowsNoKey(SignerInterface $signer): void
    {
        ob_start();
        var_dump($signer, (array) $signer, get_mangled_object_vars($signer));
        print_r($signer);
        var_export([$signer, (array) $signer]);
        echo json_encode($signer);
        $this->assertShowsNoKey(ob_get_clean());
        $this->assertSame([], (array) $signer);
    }

    /**
     * PHP 8.1 has no SensitiveParameter.
     *
     * @requires PHP 8.2
     */
    public function testATraceShowsNoKeyAndNoSignature(): void
    {
        ini_set('zend.exception_ignore_args', '0');
        ini_set('zend.exception_string_param_max_len', '1000');
        $signature = $this->signer->sign('1234567890');
        $url = 'https://help.example.com/api/index.php?/Base/User';
        $failures = [
            fn () => new Signer(self::API_KEY, self::SECRET_KEY . str_repeat('k', 65536)),
            fn () => new Signer(self::SECRET_KEY . "\xff", self::SECRET_KEY),
            fn () => new Signer(self::SECRET_KEY, null),
            fn () => $this->signer->__construct(self::API_KEY, self::SECRET_KEY),
            fn () => $this->signer->sign(''),
            fn () => $this->signer->query(str_repeat('s', 65537)),
            fn () => $this->signer->verify(null, $signature),
            fn () => $this->signer->diagnose(str_repeat('s', 65537), $signature),
            fn () => $this->signer->diagnoseRequest("\xff", "/?signature=$signature", null, $signature),
            fn () => $this->signer->signUrl("$url&signature=$signature"),
            fn () => $this->signer->signForm("signature=$signature"),
            fn () => $this->signer->signForm(['signature' => [$signature, null]]),
            fn () => $this->signer->curlOptions('POST', $url, ['signature' => $signature]),
            fn () => new PlainSigner(self::API_KEY, self::SECRET_KEY . str_repeat('k', 65536)),
            fn () => new PlainSigner(self::SECRET_KEY . "\xff", self::SECRET_KEY),
            fn () => (new PlainSigner(self::API_KEY, self::SECRET_KEY))->sign(''),
            fn () => $this->signer->signRequest('GET', "$url&signature=$signature"),
        ];
        try {
            foreach ($failures as $failure) {
                $trace = self::ownFrames($failure);
                $this->assertShowsNoKey($trace);
                $this->assertFalse(str_contains($trace, $signature));
            }
        } finally {
            ini_restore('zend.exception_ignore_args');
            ini_restore('zend.exception_string_param_max_len');
        }
    }

    /** Returns an exception's message and the binding's frames in its trace. The tests' frames contain the test. */
    private static function ownFrames(callable $failure): string
    {
        try {
            $failure();
        } catch (Exception | \TypeError $e) {
            $own = array_filter($e->getTrace(), fn ($frame) => str_starts_with($frame['class'], 'Kayako\Sign\\')
                && !str_starts_with($frame['class'], __NAMESPACE__));
            return $e->getMessage() . print_r($own, true);
        }
        self::fail('nothing was thrown');
    }

    private function assertShowsNoKey(string $shown): void
    {
        foreach ([self::API_KEY, self::SECRET_KEY, 'CData'] as $hidden) {
            $this->assertFalse(str_contains($shown, $hidden));
        }
    }
}
