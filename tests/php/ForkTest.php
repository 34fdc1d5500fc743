<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

final class ForkTest extends TestCase
{
    /** Each child starts with the same memory of its parent as the child before it. */
    public function testSaltsOfAParentAndItsChildrenAllDiffer(): void
    {
        $code = <<<'CODE'
            $signer = new Signer('apikey', 'secretkey');
            $printSalts = static function () use ($signer): void {
                for ($i = 0; $i < 50; $i++) {
                    echo Signer::generateSalt(), "\n", $signer->credentials()['salt'], "\n";
                }
                echo implode("\n", array_column($signer->credentialsBatch(50), 'salt')), "\n";
            };
            $printSalts();
            for ($i = 0; $i < 8; $i++) {
                if (pcntl_fork() === 0) {
                    $printSalts();
                    exit;
                }
                pcntl_wait($status);
            }
            $printSalts();
            CODE;
        $salts = explode("\n", rtrim(Process::php($code)->output));
        $this->assertCount(10 * 150, array_unique($salts));
        $this->assertSame([], preg_grep('/^[0-9a-f]{32}$/D', $salts, PREG_GREP_INVERT));
    }
}
