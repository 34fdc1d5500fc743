<?php

/**
 * Prints credentials for one request. The keys come from the environment. The argument is the salt; without one it is a
 * fresh one.
 */

declare(strict_types=1);

use Kayako\Sign\Signer;

require getenv('AUTOLOAD') ?: 'vendor/autoload.php';

$signer = Signer::fromEnv();
echo $signer->query($argv[1] ?? null), "\n";
