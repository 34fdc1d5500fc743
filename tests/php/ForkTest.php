<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

final class ForkTest extends TestCase
{
    /** Each child starts from the parent's memory as it was when the one before started. */
    public function testSaltsOfAParentAndItsChildrenAllDiffer(): void
    {
        $code = <<<'CODE'
            $signer = new Signer('apikey', 'secretkey');
            $draw = static function () use ($signer): void {
                for ($i = 0; $i < 50; $i++) {
                    echo Signer::generateSalt(), "\n", $signer->credentials()['salt'], "\n";
                }
                echo implode("\n", array_column($signer->credentialsBatch(50), 'salt')), "\n";
            };
            $draw();
            for ($i = 0; $i < 8; $i++) {
                if (pcntl_fork() === 0) {
                    $draw();
                    exit;
                }
                pcntl_wait($status);
            }
            $draw();
            CODE;
        $salts = explode("\n", rtrim(Process::php($code)->output));
        $this->assertCount(10 * 150, array_unique($salts));
        $this->assertSame([], preg_grep('/^[0-9a-f]{32}$/D', $salts, PREG_GREP_INVERT));
    }
}
