<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

final class SignerTest extends TestCase
{
    private Signer $signer;

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
    }

    public function testAnIntSaltIsSignedAsItsDigits(): void
    {
        foreach ([1234567890, -1, PHP_INT_MAX, PHP_INT_MIN] as $salt) {
            $digits = (string) $salt;
            $this->assertTrue($this->signer->sign($salt) === $this->signer->sign($digits));
            $this->assertTrue($this->signer->signUrlencoded($salt) === $this->signer->signUrlencoded($digits));
            $this->assertTrue($this->signer->query($salt) === $this->signer->query($digits));
            $this->assertTrue($this->signer->credentials($salt) === $this->signer->credentials($digits));
            $this->assertTrue($this->signer->verify($salt, $this->signer->sign($digits)));
        }
        $this->assertThrows(Status::ZERO_SALT, fn () => $this->signer->sign(0));
    }

    public function testAnySaltComesBackFromCredentialsAsItWasGiven(): void
    {
        $everyByte = implode('', array_map(chr(...), range(0, 255)));
        foreach ([$everyByte, "a&b=c+d%20e\n", str_repeat("\xff", 65536)] as $salt) {
            $credentials = $this->signer->credentials($salt);
            $this->assertSame(['apikey', 'salt', 'signature'], array_keys($credentials));
            $this->assertTrue($credentials['salt'] === $salt);
            $this->assertTrue($this->signer->verify($salt, $credentials['signature']));
        }
    }

    public function testPhpsSettingsForQueriesDoNotChangeCredentials(): void
    {
        $code = '$credentials = (new Signer("api key", "secretkey"))->credentials("a&b");'
            . 'echo implode(" | ", array_slice($credentials, 0, 2));';
        $settings = ['-d', 'arg_separator.input=;', '-d', 'filter.default=number_int', '-d', 'max_input_vars=1'];
        $this->assertSame('api key | a&b', Process::php($code, $settings)->output);
    }

    public function testFreshCredentialsVerifyAndDiffer(): void
    {
        $this->assertValidAndDistinct(array_map(fn () => $this->signer->credentials(), range(1, 100)));
        $queries = array_map(fn () => $this->signer->query(), range(1, 100));
        $this->assertCount(100, array_unique($queries));
        $this->assertMatchesRegularExpression('/^apikey=apikey&salt=[0-9a-f]{32}&signature=[\w%]+3D$/', $queries[0]);
    }

    public function testABatchHasTheRequestedNumberOfCredentialsThatVerifyAndDiffer(): void
    {
        foreach ([0, 1, 2, 1000] as $count) {
            $batch = $this->signer->credentialsBatch($count);
            $this->assertCount($count, $batch);
            $this->assertValidAndDistinct($batch);
        }
    }

    public function testACountOutOfRangeIsRefusedByName(): void
    {
        foreach ([-1, PHP_INT_MIN, 1_000_001, PHP_INT_MAX] as $count) {
            $message = $this->assertThrows(Status::BATCH_TOO_LARGE, fn () => $this->signer->credentialsBatch($count));
            $this->assertStringStartsWith('count: must not be ', $message);
        }
    }

    public function testAGeneratedSaltIs32HexDigitsAndNeverComesTwice(): void
    {
        $salts = array_map(fn () => Signer::generateSalt(), range(1, 10_000));
        $this->assertCount(10_000, array_unique($salts));
        $this->assertSame([], preg_grep('/^[0-9a-f]{32}$/D', $salts, PREG_GREP_INVERT));
    }

    public function testVerifyRefusesASaltThatHasNoSignature(): void
    {
        $signature = $this->signer->sign('1234567890');
        $this->assertTrue($this->signer->verify('1234567890', $signature));
        foreach (['', '0', 0, str_repeat('s', 65537)] as $salt) {
            $this->assertFalse($this->signer->verify($salt, $signature));
        }
    }

    public function testAnErrorIsOfOneClassAndNamesTheArgumentAndTheRule(): void
    {
        $messages = [
            'API key: must not be empty' => fn () => new Signer('', 'secretkey'),
            'API key: must be UTF-8 text' => fn () => new Signer("\xff", 'secretkey'),
            'secret key: must not be empty' => fn () => new Signer('apikey', ''),
            'secret key: must not be longer than 65536 bytes' => fn () => new Signer('apikey', str_repeat('k', 65537)),
            'salt: must not be longer than 65536 bytes' => fn () => $this->signer->query(str_repeat('s', 65537)),
            'count: must not be negative' => fn () => $this->signer->credentialsBatch(-1),
        ];
        foreach ($messages as $message => $call) {
            try {
                $call();
                $this->fail("not refused: $message");
            } catch (Exception $e) {
                $this->assertSame($message, $e->getMessage());
                $this->assertNotSame(Status::OK, $e->getCode());
            }
        }
    }

    public function testAWrongTypeIsATypeErrorThatNamesTheArgument(): void
    {
        $calls = [
            '$apiKey' => fn () => new Signer(1, 'secretkey'),
            '$secretKey' => fn () => new Signer('apikey', 1),
            '$signature' => fn () => $this->signer->verify('1234567890', null),
            '$count' => fn () => $this->signer->credentialsBatch('3'),
        ];
        foreach ([null, true, 1.5, [], new \stdClass()] as $salt) {
            $calls['$salt'] = fn () => $this->signer->sign($salt);
            foreach ($calls as $argument => $call) {
                try {
                    $call();
                    $this->fail("$argument: a wrong type was accepted");
                } catch (\TypeError $e) {
                    $this->assertStringContainsString("($argument)", $e->getMessage());
                }
            }
        }
    }

    public function testASignerThatWasNotConstructedOrIsDestroyedIsRefused(): void
    {
        $unmade = (new \ReflectionClass(Signer::class))->newInstanceWithoutConstructor();
        $gone = new Signer('apikey', 'secretkey');
        $gone->__destruct();
        foreach ([$unmade, $gone] as $signer) {
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->sign('1234567890'));
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->query());
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->credentialsBatch(3));
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->signUrl('https://help.example.com/?/Base/User'));
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->signForm('a=1'));
            $get = ['GET', 'https://help.example.com/?/Base/User'];
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->signRequest(...$get));
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->diagnose('1234567890', 'signature'));
            $this->assertThrows(Status::NULL_SIGNER, fn () => $signer->diagnoseRequest('GET', '/'));
            $this->assertFalse($signer->verify('1234567890', $this->signer->sign('1234567890')));
        }
    }

    public function testASignerCannotBeConstructedAgain(): void
    {
        $before = $this->signer->sign('1234567890');
        $this->assertThrows(Exception::NO_STATUS, fn () => $this->signer->__construct('apikey', 'another'));
        $this->assertTrue($this->signer->sign('1234567890') === $before);
    }

    public function testManySignersLeaveNoMemoryBehind(): void
    {
        $secretKey = str_repeat('k', 4096);
        $sign = static fn () => (new Signer('apikey', $secretKey))->credentials();
        array_map($sign, range(1, 100));
        $php = memory_get_usage();
        $peak = getrusage()['ru_maxrss'];
        for ($i = 0; $i < 20_000; $i++) {
            $sign();
        }
        // A tenth of what 20,000 secret keys would take.
        $this->assertLessThan(8192, getrusage()['ru_maxrss'] - $peak, 'KiB that the process grew by');
        $this->assertLessThan(8192, memory_get_usage() - $php, 'bytes that PHP counts');
    }

    /** @param list<array{apikey: string, salt: string, signature: string}> $all */
    private function assertValidAndDistinct(array $all): void
    {
        foreach ($all as $credentials) {
            $this->assertSame(['apikey', 'salt', 'signature'], array_keys($credentials));
            $this->assertSame('apikey', $credentials['apikey']);
            $this->assertTrue($this->signer->verify($credentials['salt'], $credentials['signature']));
        }
        $this->assertCount(count($all), array_unique(array_column($all, 'salt')));
    }

    /** Returns the message of the exception. */
    private function assertThrows(int $status, callable $call): string
    {
        try {
            $call();
        } catch (Exception $e) {
            $this->assertSame($status, $e->getCode());
            return $e->getMessage();
        }
        $this->fail("no exception with status $status");
    }
}
