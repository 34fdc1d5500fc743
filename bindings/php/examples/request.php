<?php

/**
 * Sends a signed GET request to a helpdesk and prints the answer. The keys come from the environment. The argument is
 * the URL, for example https://help.example.com/api/index.php?/Base/User/1.
 */

declare(strict_types=1);

use Kayako\Sign\Signer;

require getenv('AUTOLOAD') ?: 'vendor/autoload.php';

$signer = Signer::fromEnv();
$options = ['ignore_errors' => true, 'follow_location' => 0];
$answer = file_get_contents($signer->signUrl($argv[1]), false, stream_context_create(['http' => $options]));
echo $http_response_header[0], "\n", $answer;
