<?php

/**
 * A million signers leave no memory behind, and PHP ends with signers left in every corner.
 *
 *     php leak.php COUNT
 */

declare(strict_types=1);

// phpcs:disable PSR1.Files.SideEffects -- one script is easier to run.

namespace Kayako\Sign\Tests;

use Kayako\Sign\Signer;

require __DIR__ . '/../../bindings/php/autoload.php';

const LIMIT = 1024; // KiB; a leak of one byte each shows in a million.

/** By how many KiB `count` signers, used and dropped, make the process grow. */
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

final class Corner
{
    public static ?Signer $kept = null;
    private Corner $itself;

    public function __construct(private Signer $signer)
    {
        $this->itself = $this;
    }

    public function __destruct()
    {
        $this->signer->sign('1234567890');
    }
}

Corner::$kept = new Signer('apikey', 'secretkey');
$corner = new Corner(new Signer('apikey', 'secretkey'));
register_shutdown_function(static fn () => Corner::$kept->sign('1234567890'));

$count = (int) $argv[1];
$grown = growth($count);
$control = growth(50_000, new \SplObjectStorage());
echo "PHP: $count signers, grown by $grown KiB; control: an object kept of each of 50,000, $control KiB\n";
$passed = (int) ($grown < LIMIT) + (int) ($control > LIMIT);
printf("%d passed, %d failed\n", $passed, 2 - $passed);
exit($passed === 2 ? 0 : 1);
