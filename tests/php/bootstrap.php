<?php

/**
 * Loads the binding and what several tests share.
 */

declare(strict_types=1);

require __DIR__ . '/../../bindings/php/autoload.php';
require __DIR__ . '/Process.php';
require __DIR__ . '/TemporaryFolder.php';
require __DIR__ . '/Vector.php';
