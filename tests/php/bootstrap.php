<?php

/**
 * Loads the binding and the code that several tests share.
 */

declare(strict_types=1);

// Debian's packages put these onto PHP's include_path.
require 'GuzzleHttp/autoload.php';
require 'Nyholm/Psr7/autoload.php';
require 'Psr/Http/Client/autoload.php';
require 'Symfony/Component/HttpClient/autoload.php';
require __DIR__ . '/../../bindings/php/autoload.php';
require __DIR__ . '/Clients.php';
require __DIR__ . '/FastCgi.php';
require __DIR__ . '/Fpm.php';
require __DIR__ . '/GuzzleTestCase.php';
require __DIR__ . '/Multipart.php';
require __DIR__ . '/Origin.php';
require __DIR__ . '/Plugins.php';
require __DIR__ . '/Process.php';
require __DIR__ . '/Project.php';
require __DIR__ . '/Recorder.php';
require __DIR__ . '/StandIn.php';
require __DIR__ . '/Table.php';
require __DIR__ . '/TemporaryFolder.php';
