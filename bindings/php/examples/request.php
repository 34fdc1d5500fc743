<?php

/**
 * Asks a helpdesk for what an address names, and prints its answer. The keys come from the environment, the address,
 * such as https://help.example.com/api/index.php?/Base/User/1, from the command line.
 */

declare(strict_types=1);

use Kayako\Sign\Signer;

require getenv('AUTOLOAD') ?: 'vendor/autoload.php';

$signer = Signer::fromEnv();
$options = ['ignore_errors' => true, 'follow_location' => 0];
$answer = file_get_contents($signer->signUrl($argv[1]), false, stream_context_create(['http' => $options]));
echo $http_response_header[0], "\n", $answer;
