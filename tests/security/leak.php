<?php

/**
 * A million signers leave no memory behind, and PHP ends cleanly while a static property, a cycle and a shutdown
 * function still hold signers.
 *
 *     php leak.php COUNT
 */

declare(strict_types=1);

// phpcs:disable PSR1.Files.SideEffects -- one script is easier to run.

namespace Kayako\Sign\Tests;

use Kayako\Sign\Signer;

require __DIR__ . '/../../bindings/php/autoload.php';

const LIMIT = 1024; // KiB; a leak of one byte each shows in a million.

/** Returns by how many KiB the process grows when `count` signers are made, used and dropped. */
function growth(int $count, ?\SplObjectStorage $keep = null): int
{
    for ($i = 0; $i < 1000; $i++) {
        (new Signer('apikey', 'secretkey'))->sign('1234567890');
    }
    $before = getrusage()['ru_maxrss'];
    for ($i = 0; $i < $count; $i++) {
        $signer = new Signer('apikey', 'secretkey');
        $signer->sign('1234567890');
        $keep?->attach((object) []);
    }
    return getrusage()['ru_maxrss'] - $before;
}

/** Holds a signer in a cycle until PHP ends. */
final class Cycle
{
    public static ?Signer $kept = null;
    private Cycle $itself;

    public function __construct(private Signer $signer)
    {
        $this->itself = $this;
    }

    public function __destruct()
    {
        $this->signer->sign('1234567890');
    }
}

Cycle::$kept = new Signer('apikey', 'secretkey');
$cycle = new Cycle(new Signer('apikey', 'secretkey'));
register_shutdown_function(static fn () => Cycle::$kept->sign('1234567890'));

$count = (int) $argv[1];
$grown = growth($count);
$control = growth(50_000, new \SplObjectStorage());
echo "PHP: $count signers, grown by $grown KiB; control: an object kept for each of 50,000, $control KiB\n";
$passed = (int) ($grown < LIMIT) + (int) ($control > LIMIT);
printf("%d passed, %d failed\n", $passed, 2 - $passed);
exit($passed === 2 ? 0 : 1);
