<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use Kayako\Sign\Signer;
use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

/**
 * Tests keys from the environment and from files, which follow the rules of the command.
 */
final class KeysTest extends TestCase
{
    private TemporaryFolder $folder;
    private string $right;

    protected function setUp(): void
    {
        $this->folder = new TemporaryFolder();
        $this->right = (new Signer('apikey', 'secretkey'))->query('1234567890');
    }

    protected function tearDown(): void
    {
        putenv('KAYAKO_API_KEY');
        putenv('KAYAKO_SECRET_KEY');
        unset($_ENV['KAYAKO_API_KEY'], $_ENV['KAYAKO_SECRET_KEY']);
    }

    public function testTheEnvironmentGivesBothKeys(): void
    {
        putenv('KAYAKO_API_KEY=apikey');
        putenv('KAYAKO_SECRET_KEY=secretkey');
        $this->assertTrue(Signer::fromEnv()->query('1234567890') === $this->right);
    }

    public function testTheKeysMayBeInTheVariableEnvOfPhp(): void
    {
        $_ENV['KAYAKO_API_KEY'] = 'apikey';
        $_ENV['KAYAKO_SECRET_KEY'] = 'secretkey';
        $this->assertTrue(Signer::fromEnv()->query('1234567890') === $this->right);
    }

    public function testAVariableThatIsMissingIsNamed(): void
    {
        $this->assertSame(
            'no API key. Set KAYAKO_API_KEY in the environment.',
            $this->refusal(Exception::NO_STATUS, fn () => Signer::fromEnv())
        );
        putenv('KAYAKO_API_KEY=apikey');
        $this->assertSame(
            'no secret key. Set KAYAKO_SECRET_KEY in the environment.',
            $this->refusal(Exception::NO_STATUS, fn () => Signer::fromEnv())
        );
        putenv('KAYAKO_SECRET_KEY=');
        $this->refusal(Status::EMPTY_SECRET_KEY, fn () => Signer::fromEnv());
    }

    public function testOneNewlineAtTheEndOfAFileIsDropped(): void
    {
        foreach (['', "\n", "\r\n"] as $end) {
            $signer = $this->fromFiles("apikey$end", "secretkey$end");
            $this->assertTrue($signer->query('1234567890') === $this->right);
        }
        $two = $this->fromFiles('apikey', "secretkey\n\n")->sign('1');
        $this->assertTrue($two === (new Signer('apikey', "secretkey\n"))->sign('1'));
    }

    public function testAByteOrderMarkIsRefused(): void
    {
        $marked = ["\xef\xbb\xbfsecretkey" => 'UTF-8', "\xff\xfes\0" => 'UTF-16', "\xfe\xff\0s" => 'UTF-16'];
        foreach ($marked as $text => $encoding) {
            $message = $this->refusal(Exception::NO_STATUS, fn () => $this->fromFiles('apikey', $text));
            $this->assertStringContainsString("byte order mark of $encoding", $message);
            $this->assertStringStartsWith("cannot read the secret key from {$this->folder->path}/secret: ", $message);
            $message = $this->refusal(Exception::NO_STATUS, fn () => $this->fromFiles($text, 'secretkey'));
            $this->assertStringStartsWith("cannot read the API key from {$this->folder->path}/api: ", $message);
        }
    }

    public function testASecretKeyThatOthersMayReadIsRefusedWithTheCommandThatFixesIt(): void
    {
        $own = posix_geteuid() === 0 ? ['640'] : [];
        foreach (['600', '400', ...$own] as $mode) {
            $this->assertTrue($this->fromFiles('apikey', 'secretkey', $mode)->query('1234567890') === $this->right);
        }
        $path = "{$this->folder->path}/secret";
        foreach (['644', '604', '660', '777'] as $mode) {
            $message = $this->refusal(Exception::NO_STATUS, fn () => $this->fromFiles('apikey', 'secretkey', $mode));
            $start = "the secret key in $path is open to others (mode $mode). Run: chmod 6";
            $this->assertStringStartsWith($start, $message);
        }
    }

    public function testAPathThatIsNotAFileIsRefused(): void
    {
        foreach ([$this->folder->path, '/dev/null', "{$this->folder->path}/none", ''] as $path) {
            $message = $this->refusal(Exception::NO_STATUS, fn () => Signer::fromFiles($path, $path));
            $this->assertStringStartsWith("cannot read the API key from $path: ", $message);
        }
    }

    public function testAPipeMayGiveAKey(): void
    {
        $pipe = "{$this->folder->path}/pipe";
        posix_mkfifo($pipe, 0600);
        $writer = proc_open(['sh', '-c', 'echo secretkey >"$1"', 'sh', $pipe], [], $pipes);
        file_put_contents("{$this->folder->path}/api", 'apikey');
        $signer = Signer::fromFiles("{$this->folder->path}/api", $pipe);
        proc_close($writer);
        $this->assertTrue($signer->query('1234567890') === $this->right);
    }

    public function testAKeyThatIsTooLongIsRefused(): void
    {
        $this->refusal(Status::SECRET_KEY_TOO_LONG, fn () => $this->fromFiles('apikey', str_repeat('k', 1 << 20)));
        $longest = str_repeat('k', 65536);
        $signature = $this->fromFiles('apikey', "$longest\r\n")->sign('1');
        $this->assertTrue($signature === (new Signer('apikey', $longest))->sign('1'));
    }

    private function fromFiles(string $apiKey, string $secretKey, string $mode = '600'): Signer
    {
        [$api, $secret] = ["{$this->folder->path}/api", "{$this->folder->path}/secret"];
        file_put_contents($api, $apiKey);
        @chmod($secret, 0600);
        file_put_contents($secret, $secretKey);
        chmod($secret, octdec($mode));
        return Signer::fromFiles($api, $secret);
    }

    private function refusal(int $code, callable $call): string
    {
        try {
            $call();
        } catch (Exception $e) {
            $this->assertSame($code, $e->getCode(), $e->getMessage());
            $this->assertStringNotContainsString('secretkey', $e->getMessage());
            return $e->getMessage();
        }
        $this->fail('not refused');
    }
}
