<?php

/**
 * Prints credentials for one request. The keys come from the environment, the salt, if it is not to be a fresh one,
 * from the command line.
 */

declare(strict_types=1);

use Kayako\Sign\Signer;

require getenv('AUTOLOAD') ?: 'vendor/autoload.php';

$signer = Signer::fromEnv();
echo $signer->query($argv[1] ?? null), "\n";
