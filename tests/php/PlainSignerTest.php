<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\PlainSigner;
use Kayako\Sign\Signer;
use Kayako\Sign\SignerInterface;
use PHPUnit\Framework\TestCase;

/**
 * Tests signing in PHP alone. ConformanceTest runs the vectors.
 */
final class PlainSignerTest extends TestCase
{
    public function testItSignsWithoutFfiAndWithoutTheLibrary(): void
    {
        $code = <<<'CODE'
            $signer = new Kayako\Sign\PlainSigner('apikey', 'secretkey');
            $right = base64_encode(hash_hmac('sha256', '1234567890', 'secretkey', true));
            parse_str($signer->query(), $query);
            $fresh = $signer->verify($query['salt'], $query['signature']);
            echo $signer->sign('1234567890') === $right && $fresh ? 'signed' : 'wrong';
            CODE;
        $none = ['KAYAKO_SIGN_LIBRARY' => '/nonexistent'];
        foreach ([['-n'], ['-d', 'ffi.enable=0']] as $options) {
            $this->assertSame('signed', Process::php($code, $options, $none)->output);
        }
    }

    public function testFreshCredentialsAreAcceptedBySignerAndDiffer(): void
    {
        $plain = new PlainSigner('apikey', 'secretkey');
        $signer = new Signer('apikey', 'secretkey');
        $salts = [];
        for ($i = 0; $i < 1000; $i++) {
            ['apikey' => $apiKey, 'salt' => $salts[], 'signature' => $signature] = $plain->credentials();
            $this->assertSame('apikey', $apiKey);
            $this->assertTrue($signer->verify(end($salts), $signature));
        }
        $this->assertCount(1000, array_unique($salts));
        $this->assertSame([], preg_grep('/^[0-9a-f]{32}$/D', $salts, PREG_GREP_INVERT));
    }

    public function testAnIntSaltIsSignedAsItsDigits(): void
    {
        $plain = new PlainSigner('apikey', 'secretkey');
        $this->assertTrue($plain->sign(-5) === $plain->sign('-5'));
        $this->assertTrue($plain->verify(-5, $plain->sign('-5')));
        $this->assertFalse($plain->verify(0, $plain->sign('-5')));
    }

    public function testPhpsSettingsForQueriesDoNotChangeAQuery(): void
    {
        $code = 'echo (new Kayako\Sign\PlainSigner("api key", "secretkey"))->query("a&b");';
        $output = Process::php($code, ['-d', 'arg_separator.output=;'])->output;
        $this->assertStringStartsWith('apikey=api%20key&salt=a%26b&signature=', $output);
    }

    public function testASignerCannotBeConstructedAgain(): void
    {
        $plain = new PlainSigner('apikey', 'secretkey');
        $this->expectException(Exception::class);
        $plain->__construct('apikey', 'another');
    }

    public function testCodeForTheInterfaceWorksWithBothSignersAndAStub(): void
    {
        $own = $this->createStub(SignerInterface::class);
        $own->method('query')->willReturn('apikey=a&salt=s&signature=x');
        $use = static fn (SignerInterface $signer): string => $signer->query('1');
        $this->assertSame('apikey=a&salt=s&signature=x', $use($own));
        $this->assertTrue($use(new Signer('a', 'b')) === $use(new PlainSigner('a', 'b')));
    }
}
