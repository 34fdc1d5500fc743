<?php

/**
 * Times the PHP binding and the lines that a user would write without it.
 *
 * Prints a line for each thing measured: its name, and the nanoseconds that one takes in each round. A round measures
 * everything in turn, so that a ratio compares times of the same moment.
 */

declare(strict_types=1);

use Kayako\Sign\Signer;

require __DIR__ . '/../../bindings/php/autoload.php';

$apiKey = 'f0e1d2c3-a5b4-4697-8879-6a5b4c3d2e1f';
$k = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo3ODkwYWJjZGVm';
$s = '1234567890';
$signer = new Signer($apiKey, $k);
if ($signer->sign($s) !== base64_encode(hash_hmac('sha256', $s, $k, true))) {
    exit('bench: the signatures differ');
}

// Each function takes the number of calls, and loops itself, because calling a closure takes as long as some of these.
$measured = [
    'php_sign' => [3000, function (int $calls) use ($signer, $s): void {
        for ($call = 0; $call < $calls; $call++) {
            $signer->sign($s);
        }
    }],
    'php_line' => [3000, function (int $calls) use ($k, $s): void {
        for ($call = 0; $call < $calls; $call++) {
            base64_encode(hash_hmac('sha256', $s, $k, true));
        }
    }],
    'php_batch' => [1, function () use ($signer): void {
        $signer->credentialsBatch(1000);
    }],
    'php_batch_line' => [1, function () use ($apiKey, $k): void {
        $batch = [];
        for ($made = 0; $made < 1000; $made++) {
            $s = bin2hex(random_bytes(16));
            $signature = base64_encode(hash_hmac('sha256', $s, $k, true));
            $batch[] = ['apikey' => $apiKey, 'salt' => $s, 'signature' => $signature];
        }
    }],
];

$times = [];
for ($round = 0; $round < 60; $round++) {
    foreach ($measured as $name => [$calls, $run]) {
        $start = hrtime(true);
        $run($calls);
        $times[$name][] = round((hrtime(true) - $start) / $calls, 1);
    }
}
echo "peer\tPHP ", PHP_VERSION, "\n";
foreach ($times as $name => $measured) {
    echo $name, "\t", implode(' ', $measured), "\n";
}
