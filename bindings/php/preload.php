<?php

/**
 * Loads this package when PHP starts, as the setting opcache.preload: only what is loaded so may use FFI in a server
 * whose ffi.enable is preload.
 */

declare(strict_types=1);

// Not what builds on a client's classes: it uses no FFI, and they need not be there.
$classes = [
    'SignerInterface', 'Exception', 'Status', 'Library', 'Insertion', 'Upload', 'Diagnosis', 'Form', 'CurlOptions',
    'Keys', 'Signer',
];
foreach ($classes as $class) {
    require_once __DIR__ . "/src/$class.php";
}
